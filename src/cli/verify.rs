//! `keyglance verify`.

use jiff::Timestamp;
use serde_json::json;

use super::args::VerifyArgs;
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::source::Source;
use super::{Context, identity};
use crate::messages;
use keyglance_core::contacts::Contact;
use keyglance_core::crypto::{
    Comparison, Fingerprint, FingerprintCode, FingerprintCodeError, SafetyNumber,
};
use keyglance_core::trust::Trust;
use keyglance_core::trust::{Method, Verified};
use keyglance_profile::Profile;

/// Groups of five digits in a row that is read aloud.
const ROW: usize = 3;

pub fn run(context: &Context, args: &VerifyArgs) -> Result<(), Failure> {
    let digits = args.compare.as_deref().map(parse).transpose()?;
    let profile = context.open_profile()?;
    let contact = profile.contact(&args.name)?;
    let own = identity::own(context, &profile, args.identity_passphrase_file.as_deref())?;
    let own = Fingerprint::of(own.key.public());
    let number = SafetyNumber::new(&own, contact.fingerprint());
    if let Some(digits) = digits {
        let method = (digits == number).then_some(Method::SafetyNumber);
        return settle(context, &profile, &contact, method);
    }
    if let Some(source) = &args.scan {
        let ours = FingerprintCode::new(&own, contact.fingerprint());
        let matched = scan(context, source, &ours)?;
        return settle(context, &profile, &contact, matched.then_some(Method::FingerprintCode));
    }
    context.output.result(
        || {
            format!(
                "{}\nThe same on both devices, and you are talking to {}.\nThen: keyglance verify \
                 {:?} --compare DIGITS, or --scan camera\n",
                rows(&number),
                contact.name,
                contact.name
            )
        },
        &json!({
            "contact": contact.name,
            "safety_number": number.digits(),
            "trust": super::contacts::name_of(contact.trust()),
        }),
    )
}

fn parse(text: &str) -> Result<SafetyNumber, Failure> {
    SafetyNumber::parse(text).ok_or_else(|| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        Failure::usage(format!("a safety number has 60 digits, and these are {digits}"))
            .advise("Nothing was compared. Give all twelve groups.")
    })
}

/// Whether their code, once one of theirs is seen, matches.
fn scan(context: &Context, source: &str, ours: &FingerprintCode) -> Result<bool, Failure> {
    let mut source = Source::named(source)?;
    let mut told = None;
    let matched = source.until(|text| {
        let compared = FingerprintCode::from_text(text).and_then(|code| ours.compare(&code));
        let hint = match compared {
            Ok(Comparison::Match) => return Ok(Some(true)),
            Ok(Comparison::Mismatch) => return Ok(Some(false)),
            Ok(Comparison::OwnCode) => "that is our own code",
            Err(FingerprintCodeError::NotOurs) => "that is a code, but not a fingerprint code",
            Err(FingerprintCodeError::Damaged) => "the fingerprint code is damaged",
            Err(FingerprintCodeError::Version) => {
                "the fingerprint code is of another version of Keyglance"
            }
        };
        if told.replace(hint) != Some(hint) {
            context.output.tell(format!("Still looking: {hint}."));
        }
        Ok(None)
    })?;
    matched.ok_or_else(|| {
        Failure::new(NOTHING_SCANNED, told.unwrap_or("no code was found")).advise(
            "Nothing was changed. Scan the code that the other device shows for this one: \
             keyglance code --fingerprint NAME, or Show mine in the window.",
        )
    })
}

/// What the comparison gave: a method where it matched.
fn settle(
    context: &Context,
    profile: &Profile,
    contact: &Contact,
    matched: Option<Method>,
) -> Result<(), Failure> {
    let at = Timestamp::now();
    let Some(method) = matched else {
        profile.set_trust(&contact.name, Trust::Broken, at)?;
        let what = messages::DIFFER.trim_end_matches('.').to_lowercase();
        return Err(Failure::new(MISMATCH, what).advise(messages::DIFFER_STEPS));
    };
    profile.set_trust(&contact.name, Trust::Verified(Verified { method, at }), at)?;
    context.output.result(
        || format!("✔ {} is verified by {}.\n", contact.name, messages::method(method)),
        &json!({ "contact": contact.name, "trust": "verified", "method": method.as_str() }),
    )
}

fn rows(number: &SafetyNumber) -> String {
    let text = number.to_string();
    let groups: Vec<&str> = text.split(' ').collect();
    groups.chunks(ROW).map(|row| format!("  {}\n", row.join(" "))).collect()
}
