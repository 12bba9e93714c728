//! Files on their way from one device to another.

use crate::finding::{Finding, Miss, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::{base64url_of, is_alphanumeric, is_digits};
use crate::read::url::{decoded, param};
use crate::verdict::{Role, WarningCode};

/// Words of small letters after a hyphen each.
fn words(text: &str) -> Option<usize> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    text.split('-').all(is_word).then(|| text.split('-').count())
}

/// A transfer that waits for the other side; the code is good once. Source:
/// magic-wormhole.rs, src/uri.rs, 2026.
pub(crate) fn wormhole(input: &Input<'_>) -> Reading {
    let text = input.after("wormhole-transfer:")?;
    // Some write it as if a host followed.
    let text = text.strip_prefix("//").unwrap_or(text);
    let (code, query) = text.split_once('?').unwrap_or((text, ""));
    let code = decoded(code);
    let (number, rest) = code.split_once('-').ok_or("the code's words are missing")?;
    let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
    let fits = is_digits(number) && rest.split('-').all(is_word);
    check(fits, "the code is not a number and words")?;
    let role = param(query, "role");
    let known = role.as_ref().is_none_or(|role| matches!(role.as_str(), "leader" | "follower"));
    check(known, "its role is neither leader nor follower")?;
    let newer = param(query, "version").is_some_and(|v| v.parse::<u32>().is_ok_and(|v| v > 0));
    let found = Finding::exact()
        .secret("one-time code", code.as_str())
        .maybe(Role::Address, "rendezvous", param(query, "rendezvous"))
        .warn_if(newer, WarningCode::Newer, "Its version is newer than we know.")
        .warn_if(
            !rest.contains('-'),
            WarningCode::Weak,
            "The code has one word: one guess of 256 is right.",
        );
    Ok(match role {
        Some(role) => found.detail("role", role.as_str()),
        None => found,
    })
}

/// A transfer whose code the page's server sees. Source: croc, README, 2026.
pub(crate) fn croc_live(input: &Input<'_>) -> Reading {
    let link = input.page("getcroc.com")?;
    form(link.segments().is_empty())?;
    let code = link.param("code").ok_or(OTHER)?;
    let (number, rest) = code.split_once('-').ok_or("the code's words are missing")?;
    check(number.len() == 4 && is_digits(number), "the code does not begin with four digits")?;
    let count = words(rest).ok_or("the code's words are not of small letters")?;
    Ok(Finding::exact().secret("code", code).warn_if(
        count < 3,
        WarningCode::Weak,
        "The code has fewer than three words.",
    ))
}

/// A file that is stored, with its key after `#`. Source: croc, storecrypto.go, 2026.
pub(crate) fn croc_stored(input: &Input<'_>) -> Reading {
    let link = input.page("getcroc.com")?;
    let segments = link.segments();
    let ["s", id] = segments.as_slice() else { return Err(OTHER) };
    check(id.len() == 12 && is_alphanumeric(id), "the id does not have 12 letters and digits")?;
    let fragment = link.fragment().ok_or("the key after # is missing")?;
    let (version, key) = fragment.split_once('.').ok_or("the key's version is missing")?;
    let number = version.strip_prefix('v').and_then(|number| number.parse::<u32>().ok());
    match number {
        Some(1) => {}
        Some(2..) => return Err(Miss::Newer),
        _ => return Err("the key's version is not valid".into()),
    }
    let key = base64url_of(key, 32).ok_or("the key is not 32 bytes in base64url")?;
    Ok(Finding::exact().address("id", *id).secret("key", key))
}
