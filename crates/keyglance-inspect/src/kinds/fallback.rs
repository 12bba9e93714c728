//! What no kind fits, and what still looks like a key or a token: told as "could be".

use crate::finding::{Content, Finding, Miss, OTHER, Reading, form};
use crate::input::Input;
use crate::read::encoding::{base64, hex};
use crate::read::url::Link;
use crate::text::{is_random, random_bytes, random_run};

fn https<'i>(input: &'i Input<'_>) -> Result<&'i Link, Miss> {
    let link = input.link()?;
    form(link.is_web() && !link.host.is_empty())?;
    Ok(link)
}

/// A link whose fragment looks random. Browsers do not send it (RFC 3986, section 3.5).
pub(crate) fn fragment(input: &Input<'_>) -> Reading {
    let link = https(input)?;
    let fragment = link.fragment().ok_or(OTHER)?;
    form(!fragment.starts_with(":~:"))?;
    let run = random_run(fragment).ok_or(OTHER)?;
    Ok(Finding::could_be()
        .address("host", link.host_port())
        .secret("fragment", fragment)
        .detail("random_bytes", random_bytes(run)))
}

/// What well-known sites add to their links to follow who clicks where, and what only names a
/// page: nobody is let in by it.
const TRACKING: &[&str] = &[
    "si",
    "list",
    "v",
    "igsh",
    "igshid",
    "gclid",
    "gbraid",
    "wbraid",
    "dclid",
    "gclsrc",
    "_gl",
    "fbclid",
    "msclkid",
    "yclid",
    "ttclid",
    "twclid",
    "li_fat_id",
    "srsltid",
    "mc_cid",
    "mc_eid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "tmeid",
    "eid",
    "ved",
    "ei",
    "sca_esv",
    "sxsrf",
    "gs_lcrp",
    "oq",
    "ref",
    "ref_src",
    "sclient",
    "g_ep",
    "entry",
    "feature",
    "trk",
    "trackingId",
    "pd_rd_r",
    "pd_rd_w",
    "pd_rd_wg",
    "pf_rd_p",
    "pf_rd_r",
];

fn is_tracking(name: &str) -> bool {
    name.starts_with("utm_") || TRACKING.iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// A link with a random value in its query, or at the end of its path.
pub(crate) fn query(input: &Input<'_>) -> Reading {
    let link = https(input)?;
    let value = link.query().and_then(|query| {
        crate::read::url::pairs(query)
            .filter(|(name, _)| !is_tracking(name))
            .map(|(_, value)| value)
            .find(|value| random_run(value).is_some())
    });
    let last = link.segments().last().copied();
    let found = Finding::could_be().address("host", link.host_port());
    match (value, last) {
        (Some(value), _) => Ok(found.token("token", value)),
        (None, Some(last)) if is_random(last) => Ok(found.token("token", last)),
        _ => Err(OTHER),
    }
}

/// 32 bytes: a public key and a secret one look alike. Words and decimal numbers have the
/// letters of base64 and hexadecimal too, and not their mix.
pub(crate) fn key(input: &Input<'_>) -> Reading {
    let content = match input.line() {
        Ok(line) if line.len() == 64 => {
            let mixed =
                line.bytes().any(|b| b.is_ascii_alphabetic()) || line.bytes().all(|b| b == b'0');
            hex(line).filter(|_| mixed)
        }
        Ok(line) if matches!(line.len(), 43 | 44) => {
            let has = |test: fn(&u8) -> bool| line.as_bytes().iter().any(test);
            let mixed = has(u8::is_ascii_uppercase)
                && has(u8::is_ascii_lowercase)
                && has(|b| !b.is_ascii_alphabetic() && *b != b'=');
            base64(line).filter(|_| mixed)
        }
        Ok(_) => None,
        Err(_) => Some(Content::bytes(input.bytes)),
    };
    Ok(Finding::could_be().secret("key", content.and_then(|it| it.len(32)).ok_or(OTHER)?))
}

/// Bytes that are no text.
pub(crate) fn bytes(input: &Input<'_>) -> Reading {
    form(str::from_utf8(input.bytes).is_err())?;
    Ok(Finding::could_be()
        .format("binary")
        .detail("length", input.bytes.len())
        .detail("entropy_bits_per_byte", (entropy(input.bytes) * 100.0).round() / 100.0))
}

/// Shannon's entropy of the bytes' frequencies.
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let length = bytes.len() as f64;
    let bits = |count: &u32| {
        let share = f64::from(*count) / length;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(bits).sum()
}
