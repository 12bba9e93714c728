//! Inputs as long as any that is looked at, of the forms that a reader might take long over.
//! Measured once: none of them takes more than 10 ms on one busy core, where 50 are allowed.

use keyglance_inspect::{MAX_PAYLOAD, compare, expect, inspect};

use crate::samples::{now, samples};

/// What is repeated until the limit.
const UNITS: &[&str] = &[
    "1",
    "z",
    "a-",
    "a.",
    "0",
    "A",
    "é",
    "\u{202e}",
    "[",
    "{\"a\":",
    "a=b&",
    "%41",
    "/",
    "a/",
    "&a=%20%20",
    "abandon ",
    "zoo\n",
    "#",
    "?",
    "=",
    ";",
    "a;",
    "\\",
    ",",
    "🦊",
    "a1B-",
    "00020406",
];

/// What stands before it.
const HEADS: &[&str] = &[
    "",
    "https://",
    "https://mega.nz/",
    "https://a.example/?",
    "https://a.example/#",
    "https://a.example/#/2/pad/edit/",
    "https://xn--",
    "https://zoom.us.",
    "ur:seed/",
    "ur:crypto-psbt/1-2/",
    "HC1:",
    "shc:/",
    "shlink:/",
    "MT:",
    "FIDO:/",
    "WIFI:S:",
    "DPP:K:",
    "xmpp:a@b.example?",
    "otpauth://totp/a?secret=",
    "otpauth-migration://offline?data=",
    "-----BEGIN PUBLIC KEY-----\n",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
    "[Interface]\nPrivateKey = a\n",
    "{\"kty\":\"",
    "did:key:z",
    "sdns://",
    "simplex:/invitation#/?smp=",
    "age1",
    "lnbc",
    "npub1",
    "Es",
    "<KeyFile>",
    "LW:D0:",
    "vmess://",
    "ss://",
    "meshcore://channel/add?name=",
    "OPENPGP4FPR:",
    "DCLOGIN:a@b.c?",
    "KG1:",
    "MATRIX\u{2}",
];

fn filled(head: &str, unit: &str) -> String {
    let count = (MAX_PAYLOAD - head.len()) / unit.len();
    format!("{head}{}", unit.repeat(count))
}

#[test]
fn long_inputs_are_told() {
    for head in HEADS {
        for unit in UNITS {
            let text = filled(head, unit);
            assert!(text.len() <= MAX_PAYLOAD);
            assert!(inspect(text.as_bytes(), now()).to_json(true).is_object());
        }
    }
    for byte in 0..=255 {
        assert!(inspect(&[byte; MAX_PAYLOAD], now()).to_json(true).is_object());
    }
}

/// Every text of the samples pasted beside every code.
#[test]
fn anything_may_be_compared_with_anything() {
    let samples = samples();
    let verdicts: Vec<_> = samples.iter().map(|it| inspect(&it.payload, now())).collect();
    for (sample, one) in samples.iter().zip(&verdicts) {
        for other in verdicts.iter().step_by(7) {
            assert_eq!(compare(one, other).outcome, compare(other, one).outcome, "{}", sample.id);
        }
        if let Ok(pasted) = str::from_utf8(&sample.payload) {
            for other in verdicts.iter().step_by(31) {
                let said = expect(other, pasted).text;
                assert!(said.ends_with('.'), "{said}");
                // What is compared is never told.
                for part in other.parts.iter().filter(|part| part.role().is_masked()) {
                    assert!(part.reveal().len() < 12 || !said.contains(part.reveal()), "{said}");
                }
            }
        }
    }
}
