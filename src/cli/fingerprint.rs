//! `keyglance fingerprint` and `keyglance code`: what others verify us by.

use serde_json::json;

use super::args::{CodeArgs, FingerprintArgs};
use super::failure::Failure;
use super::output;
use super::{Context, identity, input};
use keyglance_core::crypto::labels::FINGERPRINT_IDENTIFIER;
use keyglance_core::crypto::{
    Fingerprint, FingerprintCode, PublicKey, PublicKeyError, SafetyNumber,
};
use keyglance_profile::{printable_path, replace_code};
use keyglance_qr::{self as qr, Code};

pub fn run(context: &Context, args: &FingerprintArgs) -> Result<(), Failure> {
    if args.id.len() > args.keys.len() {
        return Err(Failure::usage("There are more identifiers than keys."));
    }
    let mut fingerprints = Vec::new();
    for (place, key) in args.keys.iter().enumerate() {
        let identifier = args.id.get(place).map_or(FINGERPRINT_IDENTIFIER, |id| id.as_bytes());
        fingerprints.push(Fingerprint::with_identifier(&public_key(key)?, identifier));
    }
    let halves: Vec<String> = fingerprints.iter().map(Fingerprint::digits).collect();
    let both = match fingerprints.as_slice() {
        [one, other] => {
            let code = FingerprintCode::new(one, other);
            Some((SafetyNumber::new(one, other), code))
        }
        _ => None,
    };
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    context.output.result(
        || {
            let mut text = String::new();
            for half in &halves {
                text.push_str(&format!("Fingerprint    {}\n", identity::groups(half)));
            }
            if let Some((number, _)) = &both {
                text.push_str(&format!("Safety number  {number}\n"));
            }
            text
        },
        &json!({
            "fingerprints": halves,
            "safety_number": both.as_ref().map(|(number, _)| number.digits()),
            "code": both.as_ref().map(|(_, code)| code.to_text()),
            "scannable": both.as_ref().map(|(_, code)| hex(code.to_bytes())),
        }),
    )
}

/// Reads a public key in any of the usual forms.
fn public_key(text: &str) -> Result<PublicKey, Failure> {
    PublicKey::from_any_text(text).map_err(|error| match error {
        PublicKeyError::NotOurs => Failure::usage(format!("“{text}” is not a public key."))
            .advise("A key is keyglance1…, or 32 bytes as hex or base64."),
        error => error.into(),
    })
}

pub fn code(context: &Context, args: &CodeArgs) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let contact =
        args.verification.as_deref().map(|name| profile.find_contact_or_key(name)).transpose()?;
    let own = identity::own(context, &profile, args.identity_passphrase.file())?;
    let (symbol, text) = match &contact {
        Some(contact) => {
            let own = Fingerprint::of(own.key.public());
            let code = FingerprintCode::new(&own, contact.fingerprint());
            (code.to_code(), code.to_text())
        }
        None => (own.key.public().to_string(), own.key.public().to_string()),
    };
    let what = match &contact {
        Some(contact) => format!("Our verification code for {}. It holds no secret.", contact.name),
        None => "Our public key. It holds no secret.".to_owned(),
    };
    match args.out.as_deref() {
        Some(path) if input::is_stream(path) => context.output.text(&format!("{text}\n")),
        Some(path) => {
            replace_code(path, &symbol)?;
            context.output.result(
                || format!("Wrote {}\n{what}\n", printable_path(path)),
                &json!({ "text": text, "file": output::json_path(path) }),
            )
        }
        None if context.output.json => {
            context.output.result(String::new, &json!({ "text": text, "file": null }))
        }
        None if output::on_terminal() => {
            let (code, style) = (Code::new(&symbol)?, output::code_style(output::wants_colours()));
            output::check_room(&code, style)?;
            context.output.text(&format!("{what}\n{text}\n"))?;
            context.output.drawing(&qr::render_terminal(&code, style, 1))
        }
        None => context.output.text(&format!("{text}\n")),
    }
}
