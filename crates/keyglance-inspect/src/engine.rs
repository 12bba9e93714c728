//! From bytes to a verdict.

use jiff::Timestamp;
use keyglance_core::crypto::SafetyNumber;

use crate::finding::{Finding, Miss};
use crate::guide;
use crate::hosts;
use crate::input::{Input, with_host};
use crate::known;
use crate::ordinary;
use crate::registry::{KINDS, Kind};
use crate::text::{has_hidden, visible};
use crate::verdict::{
    Confidence, Evidence, Part, Photographed, Role, Verdict, Warning, WarningCode,
};

/// The longest payload that is looked at, in bytes: more than any QR code holds.
pub const MAX_PAYLOAD: usize = 8 * 1024;

/// Says what `payload` is. Never fails: what is nothing else is an ordinary text or unknown
/// bytes.
#[must_use]
pub fn inspect(payload: &[u8], now: Timestamp) -> Verdict {
    if payload.len() > MAX_PAYLOAD {
        let format = if str::from_utf8(payload).is_ok() { "text" } else { "binary" };
        let finding = Finding::exact().format(format).detail("length", payload.len());
        return ordinary_verdict(finding);
    }
    let input = Input::new(payload, now);
    let told = look_alike(&input).or_else(|| best(&input));
    let mut verdict = match told {
        Some((kind, confidence, finding)) => verdict(&input, kind, confidence, finding),
        None => ordinary_verdict(ordinary(&input)),
    };
    general_warnings(&input, &mut verdict);
    verdict
}

/// What is nothing else. Sixty digits may be a safety number, which can be compared.
fn ordinary(input: &Input<'_>) -> Finding {
    match input.text().ok().and_then(SafetyNumber::parse) {
        Some(number) => Finding::exact().format("digits").detail("digits", number.to_string()),
        None => Finding::exact().format(ordinary::format(input)),
    }
}

type Told = (&'static Kind, Confidence, Finding);

/// The first kind of the highest confidence, in the registry's order.
fn best(input: &Input<'_>) -> Option<Told> {
    let mut best: Option<Told> = None;
    for kind in KINDS {
        let (confidence, finding) = match (kind.read)(input) {
            Err(Miss::Other) => continue,
            Ok(finding) if finding.could_be => (Confidence::CouldBe, finding),
            Ok(finding) => (Confidence::Exact, finding),
            Err(Miss::Newer) => {
                let text = "Its version is newer than we know: only its kind can be told.";
                (Confidence::CouldBe, Finding::could_be().warn(WarningCode::Newer, text))
            }
            Err(Miss::Damaged(reason)) => {
                let text = format!("Damaged: {reason}.");
                let finding = Finding::exact().warn(WarningCode::Damaged, visible(&text));
                (Confidence::Damaged, finding)
            }
        };
        if confidence == Confidence::Exact {
            return Some((kind, confidence, finding));
        }
        if best.as_ref().is_none_or(|(_, known, _)| confidence > *known) {
            best = Some((kind, confidence, finding));
        }
    }
    best
}

/// What a link would be if its host were the one that it looks like.
fn look_alike(input: &Input<'_>) -> Option<Told> {
    let link = input.link().ok().filter(|link| link.is_web())?;
    // The link's own host, with what no app's link has: user information, or a port where the
    // app has one host only.
    let usual_port = matches!(link.port.as_deref(), None | Some("443" | "80"));
    let own = hosts::is_known(&link.host);
    let resembled = if own { None } else { hosts::resembled(link) };
    let dressed = resembled.is_none() && (link.user.is_some() || own && !usual_port);
    // A form in which it has its place.
    if dressed && best(input).is_some_and(|it| it.1 == Confidence::Exact) {
        return None;
    }
    let own_host = if own { link.host.clone() } else { link.host_port() };
    let known = match resembled {
        Some(known) => known,
        None if dressed => own_host.as_str(),
        None => return None,
    };
    let meant = with_host(link, known);
    let (kind, confidence, mut finding) = best(&Input::new(meant.as_bytes(), input.now))?;
    // A form that any host may have says nothing of this one.
    if confidence < Confidence::Damaged || kind.any_host && !dressed {
        return None;
    }
    let how = match &link.user {
        _ if dressed => String::new(),
        Some(_) => format!("{known} only stands before the @ sign"),
        None if link.host.starts_with(known) => format!("which only begins like {known}"),
        None => format!("which only looks like {known}"),
    };
    let host = visible(&link.host);
    let (text, damaged) = if dressed {
        let (what, reason) = match &link.user {
            Some(_) => ("What stands before the @ sign", "something stands before the host"),
            None => ("A port of its own", "the host has a port"),
        };
        let text = format!("{what} is in no link of {}'s, though the host is {host}.", kind.app);
        (text, format!("Damaged: {reason}."))
    } else {
        let text = format!("The host is {host}, {how}: the link is not {}'s.", kind.app);
        (text, "Damaged: the host is not the app's.".to_owned())
    };
    let damaged = Warning::new(WarningCode::Damaged, damaged);
    finding.warnings.retain(|warning| warning.code != WarningCode::Damaged);
    finding.warnings.insert(0, damaged);
    finding.warnings.push(Warning::new(WarningCode::LookAlikeHost, text));
    finding.details.insert("host".to_owned(), visible(&link.host).into_owned().into());
    Some((kind, Confidence::Damaged, finding))
}

fn verdict(input: &Input<'_>, kind: &Kind, confidence: Confidence, found: Finding) -> Verdict {
    let mut parts = found.parts;
    hide_doubles(&mut parts);
    let mut details = found.details;
    if let Ok(link) = input.link()
        && link.is_web()
        && !details.contains_key("host")
        && !parts.iter().any(|part| part.label == "host" || part.label == "server")
    {
        details.insert("host".to_owned(), visible(&link.host_port()).into_owned().into());
    }
    let has_secret = parts.iter().any(|part| part.role == Role::Secret);
    let has_fragment = input.line().is_ok_and(|line| line.contains('#'));
    let is_page = kind.evidence != Evidence::Fragment || has_fragment;
    let (proves, who_can) = if found.keyless {
        (KEYLESS.0, KEYLESS.1.to_owned())
    } else {
        let proves = if is_page { kind.evidence.sentence() } else { FOR_THE_APP };
        (proves, photographed(kind.photographed, has_secret))
    };
    let mut proves = proves.to_owned();
    if let Some(note) = found.note {
        proves.push(' ');
        proves.push_str(note);
    }
    let written = || match (input.text(), input.link()) {
        (Err(_), _) => "binary",
        (_, Ok(link)) if link.is_web() || link.has_authority => "URL",
        _ => "text",
    };
    let parts_end = parts.iter().filter_map(|part| part.expires).min();
    let expires = match (found.expires, parts_end) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Verdict {
        id: kind.id,
        app: kind.app,
        kind: kind.kind,
        confidence,
        evidence: kind.evidence,
        parts,
        photographed: who_can,
        who: if found.keyless { Photographed::Nothing } else { kind.photographed },
        proves,
        unproved: unproved(kind, found.keyless || !is_page),
        warnings: found.warnings,
        expires,
        format: found.format.unwrap_or_else(written),
        details,
    }
}

/// What is the same as a secret or a token is hidden with it.
fn hide_doubles(parts: &mut [Part]) {
    let hidden: Vec<_> =
        parts.iter().filter(|part| part.masked).map(|part| part.value.clone()).collect();
    for part in parts {
        part.masked |= hidden.contains(&part.value);
    }
}

fn ordinary_verdict(finding: Finding) -> Verdict {
    Verdict {
        id: "none",
        app: "",
        kind: "none",
        confidence: Confidence::None,
        evidence: Evidence::None,
        parts: Vec::new(),
        photographed: photographed(Photographed::Nothing, false),
        who: Photographed::Nothing,
        proves: Evidence::None.sentence().to_owned(),
        unproved: String::new(),
        warnings: finding.warnings,
        expires: None,
        format: finding.format.unwrap_or("text"),
        details: finding.details,
    }
}

/// What a link proves whose key was left out, and what somebody can do who photographs it.
const KEYLESS: (&str, &str) = (
    "Nothing. The key was left out, on purpose or by mistake: with it, it would stand after #.",
    "Who photographs this can read nothing with it before they have the key too.",
);

/// What a link proves that carries its key and opens no page, only the app.
const FOR_THE_APP: &str = "The key is in the code and goes to the app that opens it: a server \
                           that only stores cannot read.";

fn photographed(who: Photographed, has_secret: bool) -> String {
    let also = if who == Photographed::Link && has_secret {
        ". It has a secret: who photographs it can also read or forge the linking while it lives"
    } else {
        ""
    };
    format!("Who photographs this {}{also}.", who.sentence())
}

fn unproved(kind: &Kind, keyless: bool) -> String {
    let key = match kind.evidence {
        Evidence::Key | Evidence::Compare | Evidence::Exchange | Evidence::Fragment => {
            "the app uses this key, that its program"
        }
        // There is none in it.
        _ => "the app's program",
    };
    let link = match kind.evidence {
        Evidence::Fragment if !keyless => {
            " The page's own program gets the key when the link is opened. Whoever carries the \
             link carries the key: send a password for it separately. Names and sizes may still be \
             visible."
        }
        _ => "",
    };
    let check = guide::how_to_check(kind.id, kind.app, kind.evidence, kind.photographed);
    let space = if check.is_empty() { "" } else { " " };
    format!(
        "No code can show that {key} is the published one, or that nobody has taken over the \
         other device.{link}{space}{check}"
    )
}

/// A secret that is none, unless the kind has pointed it out.
fn known_secret(verdict: &Verdict) -> Option<Warning> {
    if verdict.warnings.iter().any(|it| it.code == WarningCode::PublicKeyKnown) {
        return None;
    }
    let secrets = || verdict.parts.iter().filter(|part| part.role == Role::Secret);
    let is_zero = |raw: &[u8]| raw.len() >= 16 && raw.iter().all(|byte| *byte == 0);
    let text = if secrets().any(|part| is_zero(&part.raw)) {
        "All of the secret is zero: everybody knows it."
    } else if secrets().any(|part| known::is_known(&part.raw)) {
        "Everybody knows this secret: it is an example, or no secret at all."
    } else {
        return None;
    };
    Some(Warning::new(WarningCode::PublicKeyKnown, text))
}

/// What is pointed out whatever the kind.
fn general_warnings(input: &Input<'_>, verdict: &mut Verdict) {
    if let Some(ended) = verdict.expires.filter(|ended| *ended < input.now) {
        let text = format!("Expired since {}.", ended.strftime("%Y-%m-%d %H:%M UTC"));
        verdict.warnings.push(Warning::new(WarningCode::Expired, text));
    }
    verdict.warnings.extend(known_secret(verdict));
    if verdict.format != "binary" && input.text().is_ok_and(has_hidden) {
        let text = "Characters that nobody sees are in it; they are shown as ⟨U+…⟩.";
        verdict.warnings.push(Warning::new(WarningCode::HiddenCharacters, text));
    }
    let Ok(link) = input.link() else { return };
    let unencrypted = link.has_authority && matches!(link.scheme.as_str(), "http" | "ws");
    if unencrypted && !link.host.ends_with(".onion") && link.host != "localhost" {
        let text = "The connection is not encrypted: everybody on the way can read and change \
                    what goes through it.";
        verdict.warnings.push(Warning::new(WarningCode::InsecureTransport, text));
    }
    if link.is_web()
        && let Some(query) = link.query()
    {
        let in_query = crate::read::url::pairs(query).any(|(_, value)| {
            !value.is_empty()
                && verdict.parts.iter().any(|part| part.masked && *part.value == *value)
        });
        if in_query {
            let text = "The secret or token stands in the part of the link that is sent: the \
                        server and its logs see it.";
            verdict.warnings.push(Warning::new(WarningCode::InQuery, text));
        }
    }
}
