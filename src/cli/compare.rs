//! `keyglance compare`.

use jiff::Timestamp;
use serde_json::json;

use super::args::CompareArgs;
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::source::{Source, SourceArg};
use super::{Context, identity, output};
use crate::messages;
use keyglance_core::contacts::Contact;
use keyglance_core::crypto::{Fingerprint, FingerprintCode, KeyId, SafetyNumber};
use keyglance_core::intake;
use keyglance_core::pairing::{CheckEntry, PairingError};
use keyglance_core::trust::Method;
use keyglance_profile::{
    FingerprintScan, Profile, StoredKey, VerificationResult, compare_fingerprint_code, printable,
    shell_argument, shown_by,
};

/// Groups of five digits in a row that is read aloud.
const ROW: usize = 3;
/// What a person is asked for after a pairing.
pub const QUESTION: &str = "Digits on the other screen:";

pub fn run(context: &Context, args: &CompareArgs) -> Result<(), Failure> {
    let digits = args.safety_number.as_deref().map(parse).transpose()?;
    let profile = context.open_profile()?;
    if let Some(typed) = &args.check_code {
        let key = profile.key_to_compare(&args.name)?;
        let entry = profile.enter_check_code(key.file.key_id(), typed, Timestamp::now())?;
        let left = messages::shared::left_behind_lines(&key.left_behind());
        return match entry {
            CheckEntry::Match => matched(context, &profile, &key),
            CheckEntry::Mismatch => {
                Err(Failure::from(PairingError::CheckCodeDiffers).and_advise(left))
            }
            CheckEntry::Wrong { .. } => Err(Failure::new(MISMATCH, messages::check_entry(entry).0)
                .advise(messages::check_entry(entry).1)),
            CheckEntry::OwnDigits | CheckEntry::NotSixDigits => {
                Err(Failure::usage(messages::check_entry(entry).0)
                    .advise(messages::check_entry(entry).1))
            }
        };
    }
    if args.says_no {
        let key = profile.key_to_compare(&args.name)?;
        profile.reject_check_code(key.file.key_id())?;
        let left = messages::shared::left_behind_lines(&key.left_behind());
        return Err(Failure::from(PairingError::CheckCodeDiffers).and_advise(left));
    }
    let contact = profile.find_contact_or_key(&args.name)?;
    if args.differs {
        return record(context, &profile, &contact, VerificationResult::Mismatch);
    }
    let own = identity::own(context, &profile, args.identity_passphrase.file())?;
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
        return match scan(context, source, &ours)? {
            FingerprintScan::Match => {
                let result = VerificationResult::Match(Method::FingerprintCode);
                record(context, &profile, &contact, result)
            }
            FingerprintScan::Other(code) => other_code(context, &profile, &contact, &code),
        };
    }
    show(context, &profile, args, &contact, &number)
}

/// Another code than this contact's was in view. It counts only once a person says
/// that it was the contact's screen.
fn other_code(
    context: &Context,
    profile: &Profile,
    contact: &Contact,
    code: &FingerprintCode,
) -> Result<(), Failure> {
    let (contacts, _) = profile.contacts()?;
    let owner = shown_by(code, &contacts).map(|owner| owner.name.as_str());
    let what = messages::other_fingerprint_code(&contact.name, owner);
    if output::can_ask() {
        context.output.tell(&what);
        let question = format!("Was it the screen of {} that you scanned?", contact.name);
        if output::ask_yes_no(&question) == Some(true) {
            return record(context, profile, contact, VerificationResult::Mismatch);
        }
    }
    Err(Failure::new(MISMATCH, what).advise(format!(
        "Nothing was changed. If it was the screen of {}: keyglance compare --differs {}",
        printable(&contact.name),
        shell_argument(&contact.name)
    )))
}

/// Shows what can be compared, and takes the check code where somebody can type it.
fn show(
    context: &Context,
    profile: &Profile,
    args: &CompareArgs,
    contact: &Contact,
    number: &SafetyNumber,
) -> Result<(), Failure> {
    let pending = profile.key_to_compare(&args.name).ok();
    let check = pending.as_ref().and_then(|key| key.comparison);
    let name = shell_argument(&args.name);
    context.output.result(
        || {
            let mut text = String::new();
            if let Some(check) = check {
                text.push_str(&format!(
                    "This screen  {}\nType it on the other device, and its digits here: keyglance \
                     compare --check-code DIGITS {name}\n\n",
                    check.codes().shown
                ));
            }
            text.push_str(&format!(
                "{}\nThe same on both devices, and you are talking to {}.\nThen: keyglance compare \
                 --safety-number DIGITS {name}, or --scan camera {name}\n",
                rows(number),
                contact.name,
            ));
            text
        },
        &json!({
            "contact": contact.name,
            "check_code": check.map(|check| check.codes().shown.digits()),
            "entries_left": check.map(|check| check.entries_left()),
            "safety_number": number.digits(),
            "trust": super::contacts::name_of(contact.trust()),
        }),
    )?;
    match pending {
        Some(key) if output::can_ask() && !context.output.json => {
            let id = key.file.key_id();
            let tell = |text: &str| context.output.tell(text);
            match enter(profile, id, || Ok(output::ask(QUESTION)), tell)? {
                Entered::Matches => matched(context, profile, &key),
                Entered::Left => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// What became of the digits that were typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// They were the other screen's.
    Matches,
    /// None came that decide: it can be done later.
    Left,
}

/// Takes digits of the other screen from `next` until they decide, or no more come, and
/// gives to `tell` what to say of those that do not. An empty line leaves it for later.
pub fn enter(
    profile: &Profile,
    key: KeyId,
    mut next: impl FnMut() -> Result<Option<String>, Failure>,
    mut tell: impl FnMut(&str),
) -> Result<Entered, Failure> {
    while let Some(text) = next()?.filter(|text| !text.trim().is_empty()) {
        match take_entry(profile, key, &text)? {
            Ok(decided) => return Ok(decided),
            Err(what) => tell(&what),
        }
    }
    Ok(Entered::Left)
}

/// Takes digits of the other screen: what they decide, or else what to say of them.
///
/// # Errors
/// [`Failure`] if the devices do not agree: the key is wiped.
pub fn take_entry(
    profile: &Profile,
    key: KeyId,
    text: &str,
) -> Result<Result<Entered, String>, Failure> {
    // Asked for before the key may be wiped.
    let left = profile.key(key)?.left_behind();
    Ok(match profile.enter_check_code(key, text, Timestamp::now())? {
        CheckEntry::Match => Ok(Entered::Matches),
        CheckEntry::Mismatch => {
            let left = messages::shared::left_behind_lines(&left);
            return Err(Failure::from(PairingError::CheckCodeDiffers).and_advise(left));
        }
        entry => {
            let (what, then) = messages::check_entry(entry);
            Err(format!("{what} {then}"))
        }
    })
}

fn matched(context: &Context, profile: &Profile, key: &StoredKey) -> Result<(), Failure> {
    let contact = profile.contact_of(key)?;
    report_match(context, &contact, Method::CheckCode)
}

fn report_match(context: &Context, contact: &Contact, method: Method) -> Result<(), Failure> {
    context.output.result(
        || format!("✔ Compared with {}, by {}.\n", contact.name, messages::method(method)),
        &json!({ "contact": contact.name, "trust": "verified", "method": method.as_str() }),
    )
}

fn parse(text: &str) -> Result<SafetyNumber, Failure> {
    SafetyNumber::parse(text).ok_or_else(|| {
        let what = match intake::digits(text) {
            Some(digits) => {
                format!("A safety number has 60 digits, and these are {}.", digits.len())
            }
            None => "A safety number has 60 digits and nothing else.".to_owned(),
        };
        Failure::usage(what).advise("Nothing was compared. Give all twelve groups.")
    })
}

/// Scans until a fingerprint code decides.
fn scan(
    context: &Context,
    source: &SourceArg,
    ours: &FingerprintCode,
) -> Result<FingerprintScan, Failure> {
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
        let what = told.map_or("No code was found.", messages::fingerprint_scan_hint);
        Failure::new(NOTHING_SCANNED, what).advise(
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
            let left = profile.left_behind(contact.id())?;
            let left = messages::shared::left_behind_lines(&left);
            let failure = Failure::new(MISMATCH, messages::DIFFER);
            Err(failure.advise(messages::DIFFER_STEPS).and_advise(left))
        }
        VerificationResult::Match(method) => report_match(context, contact, method),
    }
}

fn rows(number: &SafetyNumber) -> String {
    let text = number.to_string();
    let groups: Vec<&str> = text.split(' ').collect();
    groups.chunks(ROW).map(|row| format!("  {}\n", row.join(" "))).collect()
}
