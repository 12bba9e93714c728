//! The hosts that kinds know, and hosts that only look like one of them.

use std::sync::LazyLock;

use keyglance_core::intake::percent_decoded;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use crate::read::url::Link;

/// Every host that a kind asks for by name.
pub(crate) const KNOWN: &[&str] = &[
    "i.delta.chat",
    "signal.me",
    "signal.group",
    "signal.link",
    "signal.art",
    "signal.tube",
    "wa.me",
    "api.whatsapp.com",
    "chat.whatsapp.com",
    "support.google.com",
    "line.me",
    "discord.com",
    "t.me",
    "telegram.me",
    "s.team",
    "login.weixin.qq.com",
    "u.wechat.com",
    "threema.id",
    "account.wire.com",
    "simplex.chat",
    "matrix.to",
    "call.element.io",
    "invitation.olvid.io",
    "berty.tech",
    "accounts.firefox.com",
    "quickshare.google",
    "meshtastic.org",
    "www.meshtastic.org",
    "web.tresorit.com",
    "mega.nz",
    "www.mega.nz",
    "mega.co.nz",
    "mega.app",
    "www.mega.app",
    "drive.proton.me",
    "pass.proton.me",
    "send.bitwarden.com",
    "send.bitwarden.eu",
    "vault.bitwarden.com",
    "vault.bitwarden.eu",
    "share.1password.com",
    "share.1password.eu",
    "share.1password.ca",
    "excalidraw.com",
    "send.vis.ee",
    "wormhole.app",
    "albums.ente.io",
    "albums.ente.com",
    "app.filen.io",
    "drive.filen.io",
    "filen.io",
    "yopass.se",
    "dropbox.com",
    "www.dropbox.com",
    "drive.google.com",
    "docs.google.com",
    "1drv.ms",
    "onedrive.live.com",
    "we.tl",
    "onetimesecret.com",
    "us.onetimesecret.com",
    "eu.onetimesecret.com",
    "ca.onetimesecret.com",
    "nz.onetimesecret.com",
    "getcroc.com",
    "zoom.us",
    "teams.microsoft.com",
    "teams.live.com",
    "meet.jit.si",
];

/// The known host that a link's host looks like without being it, if any: by its letters
/// (UTS 39, section 4), as a mere subdomain of another, or before an `@`.
pub(crate) fn resembled(link: &Link) -> Option<&'static str> {
    let host = link.host.as_str();
    let user = link.user.as_deref().and_then(|user| percent_decoded(user));
    if let Some(user) = user {
        let user = user.split([':', '/']).next().unwrap_or("").to_lowercase();
        if let Some(known) = KNOWN.iter().find(|known| user == **known) {
            return Some(known);
        }
    }
    // No name is longer (RFC 1035).
    if is_known(host) || host.is_empty() || host.len() > 253 {
        return None;
    }
    let look = look(host);
    KNOWN.iter().zip(LOOKS.iter()).find_map(|(known, known_look)| {
        let below = host.match_indices(known).any(|(at, _)| {
            let starts = at == 0 || host.get(..at).is_some_and(|before| before.ends_with('.'));
            starts && host.get(at + known.len()..).is_some_and(|rest| rest.starts_with('.'))
        });
        let looks = ends_with_labels(&look, known_look) && !ends_with_labels(host, known);
        (below || looks).then_some(*known)
    })
}

/// Whether a host is `end`, or below it.
fn ends_with_labels(host: &str, end: &str) -> bool {
    host.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// What the known hosts look like.
static LOOKS: LazyLock<Vec<String>> =
    LazyLock::new(|| KNOWN.iter().map(|known| look(known)).collect());

pub(crate) fn is_known(host: &str) -> bool {
    KNOWN.contains(&host) || host.ends_with(".zoom.us")
}

/// What a host looks like: letters that look alike are one, in every script.
fn look(host: &str) -> String {
    let shown: Vec<String> = host
        .split('.')
        .map(|label| {
            label.strip_prefix("xn--").and_then(punycode).unwrap_or_else(|| label.to_owned())
        })
        .collect();
    let small: String = shown.join(".").nfkc().flat_map(char::to_lowercase).collect();
    let folded = skeleton(&small).map(fold).collect::<String>();
    // The skeleton of m is rn.
    folded.replace("rn", "m")
}

/// Digits and letters that are taken for each other.
const fn fold(c: char) -> char {
    match c {
        '0' | 'O' => 'o',
        '1' | 'i' | 'I' | '|' => 'l',
        other => other,
    }
}

/// The label that `xn--` stands before (RFC 3492).
fn punycode(text: &str) -> Option<String> {
    let (basic, extended) = text.rsplit_once('-').unwrap_or(("", text));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut letters = extended.bytes().peekable();
    while letters.peek().is_some() {
        let (before, mut weight, mut k) = (i, 1_u32, 36_u32);
        loop {
            let digit = match letters.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                letter @ b'0'..=b'9' => u32::from(letter - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k = k.checked_add(36)?;
        }
        let length = u32::try_from(output.len()).ok()?.checked_add(1)?;
        bias = adapt(i - before, length, before == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i = i.checked_add(1)?;
    }
    Some(output.into_iter().collect())
}

fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resembles(url: &str) -> Option<&'static str> {
        resembled(&Link::parse(url).unwrap())
    }

    #[test]
    fn punycode_of_the_rfc() {
        assert_eq!(punycode("bcher-kva").as_deref(), Some("bücher"));
        assert_eq!(punycode("ihqwcrb4cv8a8dqg056pqjye").as_deref(), Some("他们为什么不说中文"));
        assert_eq!(punycode("-99999999999999"), None);
    }

    #[test]
    fn hosts_that_only_look_known() {
        for (url, known) in [
            ("https://signa1.group/", "signal.group"),
            ("https://s1gnal.me/", "signal.me"),
            ("https://mеga.nz/", "mega.nz"),
            ("https://xn--mga-rdd.nz/", "mega.nz"),
            ("https://send.bitwarden.com.example.org/", "send.bitwarden.com"),
            ("https://i.delta.chat@example.org/", "i.delta.chat"),
            ("https://g00gle.example@mega.nz/", ""),
            ("https://rnega.nz/", "mega.nz"),
            ("https://drive.g00gle.com/", "drive.google.com"),
            ("https://us02web.z00m.us/", "zoom.us"),
            ("https://us02web.zoom.us.example.org/", "zoom.us"),
            ("https://www.rnega.nz/", "mega.nz"),
        ] {
            assert_eq!(resembles(url).unwrap_or(""), known, "{url}");
        }
    }

    #[test]
    fn known_and_other_hosts_resemble_nothing() {
        for url in [
            "https://mega.nz/",
            "https://example.org/",
            "https://omega.nz/",
            "https://us02web.zoom.us/",
            "https://ada.t.me/",
            "https://notzoom.us/",
            "https://me.ga.nz/",
        ] {
            assert_eq!(resembles(url), None, "{url}");
        }
    }
}
