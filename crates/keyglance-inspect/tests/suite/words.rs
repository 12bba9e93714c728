//! What a verdict says is for people who know nothing of roles and encodings.

use std::collections::BTreeSet;

use keyglance_inspect::{Evidence, Role, Verdict, inspect, kinds};

use crate::kinds::lines as kind_lines;
use crate::samples::{now, samples};

fn sentences(verdict: &Verdict) -> Vec<String> {
    let mut sentences =
        vec![verdict.photographed.clone(), verdict.proves.clone(), verdict.unproved.clone()];
    sentences.extend(verdict.warnings.iter().map(|warning| warning.text.clone()));
    sentences
}

/// Whole sentences, without role letters, marks of a document or terms of programmers.
#[test]
fn sentences_are_plain() {
    let terms = [
        "spki",
        "der",
        "cbor",
        "protobuf",
        "nonce",
        "bdf",
        "tlv",
        "cose",
        "multicodec",
        "struct",
        "payload",
        "parse",
        "regex",
        "null",
        "utf",
        "crc",
        "luhn",
        "xor",
        "entropy",
        "varint",
        "oid",
        "**",
        "`",
        "{",
        "}",
        "  ",
        "..",
    ];
    let mut seen = BTreeSet::new();
    let other = kind_lines().into_iter().map(|line| line.payload);
    for sample in samples().into_iter().map(|sample| sample.payload).chain(other) {
        let verdict = inspect(&sample, now());
        assert!(verdict.photographed.starts_with("Who photographs this "));
        for sentence in sentences(&verdict) {
            if !seen.insert(sentence.clone()) || sentence.is_empty() {
                continue;
            }
            let small = sentence.to_lowercase();
            assert!(
                sentence.ends_with('.') && sentence.starts_with(char::is_uppercase),
                "{sentence}"
            );
            let words: Vec<&str> = small.split(|c: char| !c.is_alphanumeric()).collect();
            for term in terms {
                assert!(!words.contains(&term), "{term:?} in {sentence:?}");
            }
            for mark in ["**", "`", "{", "}", "  ", ".."] {
                assert!(!sentence.contains(mark), "{mark:?} in {sentence:?}");
            }
            for letter in ["P", "S", "T", "A"] {
                let alone =
                    sentence.split(|c: char| !c.is_alphanumeric()).any(|word| word == letter);
                let begins =
                    letter == "A" && sentence.starts_with("A ") || sentence.contains(". A ");
                assert!(!alone || begins, "{letter} in {sentence:?}");
            }
        }
    }
    assert!(seen.len() > 100);
}

/// The words of roles are words.
#[test]
fn roles_have_words() {
    let words = [Role::PublicKey, Role::Secret, Role::Token, Role::Address].map(Role::word);
    assert_eq!(words, ["public key", "secret", "token", "address"]);
}

/// A login is never said to prove anything, and a server that sees is named.
#[test]
fn tokens_and_addresses_prove_nothing() {
    for kind in kinds() {
        let sentence = kind.evidence.sentence();
        match kind.evidence {
            Evidence::None | Evidence::Login | Evidence::Secret => {
                assert!(sentence.starts_with("Nothing"), "{}", kind.id);
            }
            Evidence::ServerSees => assert!(sentence.contains("can read"), "{}", kind.id),
            _ => {}
        }
    }
    let telegram = inspect(b"tg://login?token=Y3JtzZwErOBf2vbaNbJiGAoG8hAHR97ZvB8Fmz-c8Vs", now());
    assert!(telegram.photographed.contains("never scan one that somebody sent you"));
    assert!(!telegram.photographed.contains("It has a secret"));
    let whatsapp = samples().into_iter().find(|sample| sample.id == "whatsapp.link-1").unwrap();
    let whatsapp = inspect(&whatsapp.payload, now());
    assert!(whatsapp.photographed.contains("can also read or forge the linking while it lives"));
}
