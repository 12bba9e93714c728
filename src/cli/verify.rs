//! `keyglance verify`.

use jiff::Timestamp;
use serde_json::json;

use super::args::VerifyArgs;
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::source::{Source, SourceArg};
use super::{Context, identity};
use crate::messages;
use keyglance_core::contacts::Contact;
use keyglance_core::crypto::{Fingerprint, FingerprintCode, SafetyNumber};
use keyglance_core::trust::Method;
use keyglance_profile::{Profile, VerificationResult, compare_fingerprint_code, shell_quoted};

/// Groups of five digits in a row that is read aloud.
const ROW: usize = 3;

pub fn run(context: &Context, args: &VerifyArgs) -> Result<(), Failure> {
    let digits = args.compare.as_deref().map(parse).transpose()?;
    let profile = context.open_profile()?;
    let contact = profile.find_contact(&args.name)?;
    let own = identity::own(context, &profile, args.identity_passphrase_file.as_deref())?;
    let own = Fingerprint::of(own.key.public());
    let number = SafetyNumber::new(&own, contact.fingerprint());
    if let Some(digits) = digits {
        let result = match digits == number {
            true => VerificationResult::Match(Method::SafetyNumber),
            false => VerificationResult::Mismatch,
        };
        return record(context, &profile, &contact, result);
    }
    if let Some(source) = &args.scan {
        let ours = FingerprintCode::new(&own, contact.fingerprint());
        let result = scan(context, source, &ours)?;
        return record(context, &profile, &contact, result);
    }
    context.output.result(
        || {
            format!(
                "{}\nThe same on both devices, and you are talking to {}.\nThen: keyglance verify \
                 {} --compare DIGITS, or --scan camera\n",
                rows(&number),
                contact.name,
                shell_quoted(&contact.name)
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

/// Scans until a fingerprint code decides.
fn scan(
    context: &Context,
    source: &SourceArg,
    ours: &FingerprintCode,
) -> Result<VerificationResult, Failure> {
    let mut source = Source::open(source.clone())?;
    let mut told = None;
    let result = source.until(|text| match compare_fingerprint_code(ours, text) {
        Ok(result) => Ok(Some(result)),
        Err(hint) => {
            if told.replace(hint) != Some(hint) {
                context.output.tell(messages::fingerprint_scan_hint(hint));
            }
            Ok(None)
        }
    })?;
    result.ok_or_else(|| {
        let what = told.map_or("no code was found", messages::fingerprint_scan_hint);
        Failure::new(NOTHING_SCANNED, messages::terminal::clause(what)).advise(
            "Nothing was changed. Scan the code that the other device shows for this one: \
             keyglance code --fingerprint NAME, or Show mine in the window.",
        )
    })
}

/// Records the result of the comparison and reports it.
fn record(
    context: &Context,
    profile: &Profile,
    contact: &Contact,
    result: VerificationResult,
) -> Result<(), Failure> {
    profile.record_verification(contact.id(), result, Timestamp::now())?;
    match result {
        VerificationResult::Mismatch => {
            Err(Failure::new(MISMATCH, messages::terminal::clause(messages::DIFFER))
                .advise(messages::DIFFER_STEPS))
        }
        VerificationResult::Match(method) => context.output.result(
            || format!("✔ {} is verified by {}.\n", contact.name, messages::method(method)),
            &json!({ "contact": contact.name, "trust": "verified", "method": method.as_str() }),
        ),
    }
}

fn rows(number: &SafetyNumber) -> String {
    let text = number.to_string();
    let groups: Vec<&str> = text.split(' ').collect();
    groups.chunks(ROW).map(|row| format!("  {}\n", row.join(" "))).collect()
}
