//! Two codes, and a code and a pasted value.

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER};
use keyglance_inspect::{Confidence, Evidence, Outcome, Role, Verdict, compare, expect, inspect};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

use crate::samples::{now, samples};

fn told(payload: &str) -> Verdict {
    inspect(payload.as_bytes(), now())
}

fn sample_of(id: &str) -> Verdict {
    let sample = samples().into_iter().find(|sample| sample.id == id).unwrap();
    inspect(&sample.payload, now())
}

fn outcome(one: &Verdict, other: &Verdict) -> Outcome {
    let forth = compare(one, other);
    assert_eq!(forth.outcome, compare(other, one).outcome, "either way: {}", forth.text);
    forth.outcome
}

fn expected(verdict: &Verdict, pasted: &str) -> Outcome {
    expect(verdict, pasted).outcome
}

/// libsignal's vector: what Bob's telephone shows has the halves exchanged.
#[test]
fn safety_numbers_mirror_each_other() {
    let sample =
        samples().into_iter().find(|sample| sample.id == "signal.safety-number-1").unwrap();
    let alice = inspect(&sample.payload, now());
    let mirrored = |version: u8| {
        let (mut bytes, ours) = (sample.payload.clone(), &sample.payload);
        bytes[1] = version;
        bytes[6..38].copy_from_slice(&ours[42..74]);
        bytes[42..74].copy_from_slice(&ours[6..38]);
        bytes
    };
    let bob = inspect(&mirrored(1), now());
    assert_eq!(outcome(&alice, &bob), Outcome::Match);
    assert_eq!(outcome(&alice, &inspect(&mirrored(2), now())), Outcome::Match);
    // The digits are libsignal's.
    let digits = "300354477692869396892869876765458257569162576843440918079131";
    let shown = alice.details["digits"].as_str().unwrap().replace(' ', "");
    assert_eq!(shown, digits);
    assert_eq!(alice.details["digits"], bob.details["digits"]);

    let same = compare(&alice, &alice);
    assert_eq!(same.outcome, Outcome::SameScreen);
    assert_eq!(same.text, "This is the same screen twice, not the other's.");

    // Somebody in between: one half is of another key.
    let mut attacked = mirrored(1);
    attacked[50] ^= 1;
    assert_eq!(outcome(&alice, &inspect(&attacked, now())), Outcome::Mismatch);
    // Only one half mirrored.
    let mut half = sample.payload.clone();
    half[6..38].copy_from_slice(&sample.payload[42..74]);
    assert_eq!(outcome(&alice, &inspect(&half, now())), Outcome::Mismatch);

    // Typed digits, however grouped, the halves in either order.
    assert_eq!(expected(&alice, digits), Outcome::Match);
    let swapped = format!("{} {}", &digits[30..], &digits[..30]);
    assert_eq!(expected(&alice, &swapped), Outcome::Match);
    assert_eq!(expected(&alice, &digits.replace("30035", "30036")), Outcome::Mismatch);
    assert_eq!(expected(&told("tel:+15555550100"), digits), Outcome::DifferentKinds);
    // Signal's are not ours.
    assert_eq!(outcome(&alice, &sample_of("keyglance.fingerprint-1")), Outcome::DifferentKinds);
}

#[test]
fn openpgp_fingerprints_in_every_notation() {
    let block = sample_of("openpgp.public-block-1");
    let fingerprint = block.details["fingerprint"].as_str().unwrap().to_owned();
    let code = told(&format!("OPENPGP4FPR:{fingerprint}"));
    let invite = told(&format!("https://i.delta.chat/#{fingerprint}&a=a%40example.org&s=abc"));
    assert_eq!(outcome(&block, &code), Outcome::Match);
    assert_eq!(outcome(&invite, &code), Outcome::Match);
    assert_eq!(outcome(&sample_of("openpgp.public-block-2"), &code), Outcome::Mismatch);
    let grouped: Vec<String> = fingerprint
        .as_bytes()
        .chunks(4)
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .collect();
    for pasted in
        [&fingerprint, &fingerprint.to_lowercase(), &grouped.join(" "), &grouped.join(":")]
    {
        assert_eq!(expected(&code, pasted), Outcome::Match, "{pasted}");
        assert_eq!(expected(&block, pasted), Outcome::Match, "{pasted}");
    }
    // Endings are refused, not compared.
    for ending in [&fingerprint[24..], &fingerprint[32..]] {
        let comparison = expect(&code, ending);
        assert_eq!(comparison.outcome, Outcome::NothingToCompare);
        assert!(comparison.text.contains("Too short"), "{}", comparison.text);
    }
    assert_eq!(expected(&code, &fingerprint.replace(&fingerprint[..2], "00")), Outcome::Mismatch);
}

/// RFC 8032's first key in six notations.
#[test]
fn an_ed25519_key_in_every_notation() {
    let hex = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let notations = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea bo@laptop",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----",
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
    ];
    let verdicts: Vec<Verdict> = notations.iter().map(|notation| told(notation)).collect();
    for one in &verdicts {
        for other in &verdicts {
            assert_eq!(outcome(one, other), Outcome::Match, "{} {}", one.id, other.id);
        }
        for pasted in [
            hex,
            "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        ] {
            assert_eq!(expected(one, pasted), Outcome::Match, "{} {pasted}", one.id);
        }
        assert_eq!(expected(one, &hex.replace("d7", "d8")), Outcome::Mismatch, "{}", one.id);
        for other in ["did.key-1", "ssh.public-key-2", "pem.public-key-2"] {
            assert_ne!(outcome(one, &sample_of(other)), Outcome::Match, "{other}");
        }
    }
    // The same bytes as a key of another curve are another key.
    let x25519 =
        told(r#"{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#);
    assert_eq!(outcome(&x25519, &verdicts[2]), Outcome::DifferentKinds);
}

#[test]
fn ssh_keys_and_fingerprints() {
    let key = sample_of("ssh.public-key-2");
    let fingerprint = key.details["fingerprint"].as_str().unwrap().to_owned();
    assert_eq!(expected(&key, &fingerprint), Outcome::Match);
    assert_eq!(outcome(&key, &told(&fingerprint)), Outcome::Match);
    assert_eq!(outcome(&key, &sample_of("ssh.fingerprint-1")), Outcome::Mismatch);
    assert_eq!(outcome(&key, &sample_of("ssh.public-key-3")), Outcome::Mismatch);
}

#[test]
fn a_wireguard_configuration_says_whose_key_it_is() {
    let config = sample_of("wireguard.config-2");
    let own = config.details["public_key"].as_str().unwrap().to_owned();
    let mine = expect(&config, &own);
    assert_eq!(mine.outcome, Outcome::Match);
    assert!(mine.text.contains("the interface's own key"), "{}", mine.text);
    let peer = expect(&config, "5vr+Jgg48Tkt5uOcfL/6Ik2GC5XRVldOwkydiJaqh3Q=");
    assert_eq!(peer.outcome, Outcome::Match);
    assert!(peer.text.contains("one of its peers"), "{}", peer.text);
    assert_eq!(
        expected(&config, "MkXfrjx5R5ZBfIfjmPMbd7o1AQcMdZ8RD1AA14dRBoY="),
        Outcome::Mismatch
    );
}

/// rage's and age's own test key.
#[test]
fn an_age_identity_has_its_recipient() {
    let identity =
        told("AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33");
    let recipient = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
    assert_eq!(outcome(&identity, &told(recipient)), Outcome::Match);
    assert_eq!(expected(&identity, recipient), Outcome::Match);
    assert_eq!(outcome(&identity, &sample_of("age.recipient-1")), Outcome::Mismatch);
}

#[test]
fn messengers_codes_and_their_keys() {
    for (code, key) in [
        ("threema.contact-1", "00020406080a0c0e10121416181a1c1e20222426282a2c2e30323436383a3c3e"),
        ("threema.contact-1", "AAIEBggKDA4QEhQWGBocHiAiJCYoKiwuMDI0Njg6PD4="),
        ("session.id-1", "0514cc64da357f674a8b95d9b7a6e617b7f6e4412dc7c9b141cfacbee08e7ff00f"),
        ("session.id-1", "14cc64da357f674a8b95d9b7a6e617b7f6e4412dc7c9b141cfacbee08e7ff00f"),
        ("jami.contact-2", "79CD15165D00E676B49336809049B7E49908780B"),
        ("syncthing.id-1", "AIR6LPZ7K4PTTVUXQSMUUCPQ5YWHOEDFIIQJUG777G2YQXXR5YD6AWQR"),
        ("xmpp.omemo-1", "d813f38f 91e6aa02 55290104 74177977 eed6db3c 60e994ab 49a10a1e 4a20b45b"),
        ("meshcore.contact-2", "d8a4aae4e910427e0daeb36489962e67cbc9a394a68fee2497e6de12395c18f8"),
        ("minisign.public-2", "RWRmlVubgldOMLu8R3K0RVY8hAnX4AdfzEJcYP0noukEQhNTwDLeSpLz"),
        ("tor.onion-2", "3sj5flxtgcumpba65bybneta6pfrpkk7uhljmxv5l6wmey65pcjqreqd"),
        ("nostr.npub-3", "npub1wxghtrm6pmvd2nm6798z8fnpjq8nv92ms7kdez29908jy9usx8tqs3xaw8"),
    ] {
        let comparison = expect(&sample_of(code), key);
        assert_eq!(comparison.outcome, Outcome::Match, "{code}: {}", comparison.text);
    }
    let omemo = expect(
        &sample_of("xmpp.omemo-1"),
        "d813f38f91e6aa025529010474177977eed6db3c60e994ab49a10a1e4a20b45b",
    );
    assert!(omemo.text.contains("It is device 868104676."), "{}", omemo.text);
    assert_eq!(expected(&sample_of("threema.contact-1"), &"ab".repeat(32)), Outcome::Mismatch);
    assert_eq!(
        expected(&sample_of("threema.contact-1"), &"ab".repeat(20)),
        Outcome::DifferentKinds
    );
    // A safety number is of two keys; a community's key is a server's.
    assert_eq!(
        expected(&sample_of("signal.safety-number-1"), &"ab".repeat(32)),
        Outcome::DifferentKinds
    );
    assert_eq!(
        outcome(&sample_of("session.id-1"), &sample_of("session.community-1")),
        Outcome::DifferentKinds
    );
    // A key for one session is no person's.
    assert_eq!(
        outcome(&sample_of("threema.contact-1"), &sample_of("threema.web-1")),
        Outcome::DifferentKinds
    );
    assert_eq!(
        outcome(&sample_of("nostr.npub-2"), &sample_of("nostr.bunker-1")),
        Outcome::DifferentKinds
    );
    // Two messengers' keys are of one curve, and still of different kinds.
    assert_eq!(
        outcome(&sample_of("threema.contact-1"), &sample_of("session.id-1")),
        Outcome::DifferentKinds
    );
}

/// Made with the checksum that TokTok's specification gives.
#[test]
fn a_tox_key_with_another_number_against_spam_is_the_same_key() {
    let key = "D2D2300C10AD6776F3EA3668D8FF37FE413DF2715D241F6A0748ACB681427669";
    let with = |nospam: &str| {
        let digits = format!("{key}{nospam}");
        let bytes: Vec<u8> = (0..72)
            .step_by(2)
            .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap())
            .collect();
        let (even, odd) =
            bytes.chunks(2).fold((0, 0), |(even, odd), pair| (even ^ pair[0], odd ^ pair[1]));
        told(&format!("{digits}{even:02X}{odd:02X}"))
    };
    let comparison = compare(&with("28AAC29E"), &with("00000001"));
    assert_eq!(comparison.outcome, Outcome::Match);
    assert!(comparison.text.contains("number against spam"), "{}", comparison.text);
    assert!(!compare(&with("28AAC29E"), &with("28AAC29E")).text.contains("spam"));
}

/// The key is never in the text.
#[test]
fn keys_of_one_channel() {
    let valley = "meshcore://channel/add?name=Valley&secret=e4d18d3bf1f373d16f9a995ebbc995ca";
    let renamed = "meshcore://channel/add?name=Other&secret=E4D18D3BF1F373D16F9A995EBBC995CA";
    let same = compare(&told(valley), &told(renamed));
    assert_eq!(
        (same.outcome, same.text.as_str()),
        (Outcome::Match, "They agree: the same channel key.")
    );
    assert_eq!(outcome(&told(valley), &sample_of("meshcore.channel-1")), Outcome::Mismatch);
    let home = |password: &str| told(&format!("WIFI:T:WPA;S:Home;P:{password};;"));
    assert_eq!(
        outcome(&home("correct horse"), &told("WIFI:S:Home;P:correct horse;T:SAE;;")),
        Outcome::Match
    );
    assert_eq!(outcome(&home("correct horse"), &home("correct house")), Outcome::Mismatch);
    assert_eq!(
        outcome(&home("correct horse"), &told("WIFI:T:WPA;S:Work;P:correct horse;;")),
        Outcome::Mismatch
    );
}

#[test]
fn what_has_no_key_or_another_kind() {
    let link = told("https://example.org/");
    let contact = sample_of("threema.contact-1");
    assert_eq!(outcome(&link, &contact), Outcome::NothingToCompare);
    assert_eq!(outcome(&sample_of("damaged-1"), &contact), Outcome::NothingToCompare);
    let different = compare(&contact, &sample_of("nostr.npub-2"));
    assert_eq!(different.outcome, Outcome::DifferentKinds);
    assert!(
        different.text.contains("Threema: contact") && different.text.contains("Nostr: public key")
    );
    assert_eq!(expected(&contact, "hello"), Outcome::NothingToCompare);
    assert_eq!(expected(&contact, ""), Outcome::NothingToCompare);
}

/// Every kind with a key is the same as itself, and no two samples of a kind are.
#[test]
fn every_key_is_its_own() {
    for sample in samples().iter().filter(|it| it.text("evidence") == "key") {
        let verdict = inspect(&sample.payload, now());
        let itself = compare(&verdict, &verdict);
        assert_eq!(itself.outcome, Outcome::Match, "{}: {}", sample.id, itself.text);
    }
}

/// Each half is somebody's key: who scans their own screen has not compared anything.
#[test]
fn a_safety_number_of_equal_halves_is_one_screen() {
    let sample =
        samples().into_iter().find(|sample| sample.id == "signal.safety-number-1").unwrap();
    let mut bytes = sample.payload.clone();
    bytes[42..74].copy_from_slice(&sample.payload[6..38]);
    let verdict = inspect(&bytes, now());
    assert_eq!(outcome(&verdict, &verdict), Outcome::SameScreen);
}

/// Those of apps whose code is not published: as text, typed or scanned.
#[test]
fn sixty_digits_of_any_app() {
    let digits = "003545444776928693968928698767654582575691625768434409180791";
    let (read, other) = (told(digits), told(&digits.replace("0035", "0036")));
    let grouped: Vec<&str> = (0..12).map(|i| &digits[i * 5..i * 5 + 5]).collect();
    assert_eq!(outcome(&read, &told(&grouped.join(" "))), Outcome::Match);
    assert_eq!(expected(&read, &grouped.join("\n")), Outcome::Match);
    assert_eq!(outcome(&read, &other), Outcome::Mismatch);
    assert_eq!(outcome(&read, &sample_of("signal.safety-number-1")), Outcome::Mismatch);
    // Other numbers are none, and a one-time password's settings have "digits" too.
    assert_eq!(outcome(&told(&digits[1..]), &read), Outcome::NothingToCompare);
    for setting in ["6", digits] {
        let password = format!("otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP&digits={setting}");
        assert_eq!(expected(&told(&password), digits), Outcome::DifferentKinds);
    }
}

#[test]
fn what_programs_print_is_understood() {
    let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
    let (key, blob) = (told(line), &line[12..]);
    let fingerprint = key.details["fingerprint"].as_str().unwrap();
    for pasted in [
        format!("{line} bo@laptop"),
        format!("no-pty,no-port-forwarding {line}"),
        format!("host.example.org,192.0.2.1 {line}"),
        blob.to_owned(),
        format!("256 {fingerprint} bo@laptop (ED25519)"),
        fingerprint[7..].to_owned(),
    ] {
        let comparison = expect(&key, &pasted);
        assert_eq!(comparison.outcome, Outcome::Match, "{pasted}: {}", comparison.text);
    }
    let md5 = expect(&key, "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48");
    assert_eq!(md5.outcome, Outcome::NothingToCompare);
    assert!(md5.text.contains("SHA256"), "{}", md5.text);
    let openpgp = told("OPENPGP4FPR:D1A66E1A23B182C9980F788CFBFCC82A015E7330");
    assert_eq!(expected(&openpgp, "0xD1A66E1A23B182C9980F788CFBFCC82A015E7330"), Outcome::Match);
    assert_eq!(expected(&openpgp, "0x015E7330"), Outcome::NothingToCompare);
}

/// RFC 7517's P-256 key, its point written in full and short. A key whose y is the other is
/// another.
#[test]
fn a_p256_key_in_every_notation() {
    let jwk = told(
        r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#,
    );
    let x = "30a0424cd21c2944838a2d75c92b37e76ea20d9f00893a3b4eee8a3c0aafec3e";
    let y = "e04b65e92456d9888b52b379bdfbd51ee869ef1f0fc65b6659695b6cce081723";
    let der = format!("3059301306072a8648ce3d020106082a8648ce3d03010703420004{x}{y}");
    let encode = |hex: &str| BASE64.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap());
    let pem =
        told(&format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", encode(&der)));
    let blob = format!(
        "0000001365636473612d736861322d6e69737470323536000000086e69737470323536{}04{x}{y}",
        "00000041"
    );
    let ssh = told(&format!("ecdsa-sha2-nistp256 {}", encode(&blob)));
    for (one, other) in [(&jwk, &pem), (&jwk, &ssh), (&pem, &ssh)] {
        assert_eq!(outcome(one, other), Outcome::Match, "{} {}", one.id, other.id);
    }
    for pasted in [format!("04{x}{y}"), format!("03{x}"), format!("{x}{y}"), x.to_owned()] {
        assert_eq!(expected(&pem, &pasted), Outcome::Match, "{pasted}");
    }
    assert_eq!(expected(&pem, &format!("02{x}")), Outcome::Mismatch);
    assert_eq!(expected(&pem, &x.replace("30", "31")), Outcome::Mismatch);
}

/// RFC 7517's key: the same modulus, whatever its form.
#[test]
fn an_rsa_key_in_every_notation() {
    let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
    let jwk = told(&format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB"}}"#));
    let modulus = BASE64URL_NOPAD.decode(n.as_bytes()).unwrap();
    let ssh = |modulus: &[u8]| {
        let mut blob = Vec::new();
        for field in [&b"ssh-rsa"[..], &[1, 0, 1], &[&[0][..], modulus].concat()] {
            blob.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
            blob.extend(field);
        }
        told(&format!("ssh-rsa {}", BASE64.encode(&blob)))
    };
    let pem = |modulus: &[u8]| {
        let number = [&[0x02, 0x82, 0x01, 0x01, 0][..], modulus, &[2, 3, 1, 0, 1]].concat();
        let key = [&[0x30, 0x82, 0x01, 0x0a][..], &number].concat();
        let body = BASE64.encode(&key);
        told(&format!("-----BEGIN RSA PUBLIC KEY-----\n{body}\n-----END RSA PUBLIC KEY-----"))
    };
    let mut other = modulus.clone();
    other[200] ^= 4;
    for (one, same, different) in [
        (&jwk, ssh(&modulus), ssh(&other)),
        (&jwk, pem(&modulus), pem(&other)),
        (&ssh(&modulus), pem(&modulus), pem(&other)),
    ] {
        assert_eq!(outcome(one, &same), Outcome::Match, "{} {}", one.id, same.id);
        assert_eq!(outcome(one, &different), Outcome::Mismatch, "{}", one.id);
    }
}

/// One of two keys is another: somebody changed it.
#[test]
fn of_several_keys_all_must_agree() {
    let code = |sign: &str| {
        let noise = "ab".repeat(32);
        told(&format!(
            "bitchat://verify?v=1&noise={noise}&sign={sign}&nick=ana&ts=1767225600&nonce={}&sig={}",
            BASE64URL_NOPAD.encode(&[7; 16]),
            "cd".repeat(64)
        ))
    };
    let (one, other) = (code(&"01".repeat(32)), code(&"02".repeat(32)));
    assert_eq!(one.id, "bitchat.verify");
    assert_eq!(outcome(&one, &one), Outcome::Match);
    let comparison = compare(&one, &other);
    assert_eq!(comparison.outcome, Outcome::Mismatch);
    assert!(
        comparison.text.contains("In common: the noise key. Different: the signing key."),
        "{}",
        comparison.text
    );
}

/// Another code of the same screen has other keys: that is no attack. The same verification
/// has both sides' keys, and one that agrees is not all.
#[test]
fn keys_of_one_connection_raise_no_alarm() {
    let whatsapp = |noise: u8| {
        let key = |byte: u8| BASE64.encode(&[byte; 32]);
        told(&format!("2@AbCdEfGhIjKl,{},{},{},0", key(noise), key(2), key(3)))
    };
    let comparison = compare(&whatsapp(1), &whatsapp(9));
    assert_eq!(comparison.outcome, Outcome::NothingToCompare, "{}", comparison.text);
    assert!(comparison.text.contains("proves nothing"), "{}", comparison.text);
    assert_eq!(outcome(&whatsapp(1), &whatsapp(1)), Outcome::Match);

    let matrix = |first: u8, second: u8| {
        let id = b"$flow";
        let mut bytes = b"MATRIX\x02\x00\x00\x05".to_vec();
        bytes.extend(id);
        bytes.extend([first; 32].iter().chain(&[second; 32]).chain(&[7; 16]));
        inspect(&bytes, now())
    };
    assert_eq!(matrix(1, 2).id, "matrix.verification");
    assert_ne!(outcome(&matrix(1, 2), &matrix(1, 3)), Outcome::Match);
}

/// A Syncthing device is the hash of its certificate.
#[test]
fn a_syncthing_device_and_its_certificate() {
    let certificate = sample_of("pem.certificate-1");
    let hash = certificate.details["sha256"].as_str().unwrap().to_owned();
    let colons: Vec<&str> = (0..32).map(|i| &hash[i * 2..i * 2 + 2]).collect();
    let comparison = expect(&certificate, &colons.join(":"));
    assert_eq!(comparison.outcome, Outcome::Match);
    assert!(comparison.text.contains("the whole certificate"), "{}", comparison.text);
    let device = sample_of("syncthing.id-1");
    assert_eq!(outcome(&certificate, &device), Outcome::Mismatch);
}

#[test]
fn an_omemo_device_is_named() {
    let (one, two) = ("a1".repeat(32), "b2".repeat(32));
    let both = told(&format!("xmpp:ana@example.org?omemo-sid-31415={one};omemo-sid-27182={two}"));
    let second = told(&format!("xmpp:ana@example.org?omemo-sid-27182={two}"));
    let comparison = compare(&both, &second);
    assert_eq!(comparison.outcome, Outcome::Match);
    assert!(comparison.text.contains("It is device 27182."), "{}", comparison.text);
    let other = told(&format!("xmpp:ana@example.org?omemo-sid-31415={}", "c3".repeat(32)));
    assert_eq!(outcome(&both, &other), Outcome::Mismatch);
    // A key that somebody tells not to trust agrees with nothing.
    let distrust = told(&format!(
        "xmpp:ana@example.org?trust-message;encryption=urn:xmpp:omemo:2;distrust={two}"
    ));
    assert_ne!(outcome(&both, &distrust), Outcome::Match);
}

/// What is compared is public, or stays unsaid.
#[test]
fn no_comparison_shows_a_secret() {
    let verdicts: Vec<_> = samples().iter().map(|sample| inspect(&sample.payload, now())).collect();
    for one in &verdicts {
        for other in &verdicts {
            let text = compare(one, other).text;
            for part in one.parts.iter().chain(&other.parts).filter(|it| it.role().is_masked()) {
                let secret = part.reveal();
                let named = [one.kind, other.kind].iter().any(|kind| kind.contains(secret));
                assert!(secret.len() < 8 || named || !text.contains(secret), "{text}");
            }
        }
    }
}

/// No code agrees with another sample's of another app by chance, and a comparison is the
/// same either way.
#[test]
fn comparing_is_the_same_either_way() {
    let verdicts: Vec<_> =
        samples().into_iter().map(|it| (inspect(&it.payload, now()), it.id)).collect();
    for (one, id) in &verdicts {
        for (other, other_id) in &verdicts {
            let (forth, back) = (compare(one, other), compare(other, one));
            assert_eq!(forth.outcome, back.outcome, "{id} {other_id}");
            // Whole sentences; both kinds are named where they differ.
            let text = &forth.text;
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
            assert!(!text.contains("  ") && !text.contains("unknown: none"), "{text}");
            if forth.outcome == Outcome::DifferentKinds {
                assert!(text.contains(one.kind) && text.contains(other.kind), "{text}");
            }
        }
    }
}

/// What we show of a public key can be pasted again; with one character changed it agrees
/// with nothing.
#[test]
fn what_is_shown_can_be_expected() {
    let mut count = 0;
    for sample in samples() {
        let verdict = inspect(&sample.payload, now());
        // One that is a token, too, is not shown.
        let keys = verdict.parts.iter().filter(|part| part.role() == Role::PublicKey);
        let keys = keys.filter(|part| !part.is_masked());
        if matches!(verdict.confidence, Confidence::Damaged | Confidence::None)
            || verdict.evidence == Evidence::Compare
        {
            continue;
        }
        for key in keys {
            // Discord's is masked, since it is the token too.
            let shown = key.reveal();
            let comparison = expect(&verdict, shown);
            let wanted =
                if key.label() == "distrusted" { Outcome::Mismatch } else { Outcome::Match };
            assert_eq!(comparison.outcome, wanted, "{} {}: {shown}", sample.id, key.label());
            count += 1;
            // A number of the key's stands before it, and is no part of it.
            if verdict.id == "minisign.public" {
                continue;
            }
            // Not the last: its lowest bits may be padding.
            let places: Vec<usize> = shown.char_indices().map(|it| it.0).collect();
            for place in places.iter().take(places.len().saturating_sub(2)).step_by(3) {
                let mut changed = shown.to_owned();
                let other = if changed[*place..].starts_with('2') { "3" } else { "2" };
                if !changed[*place..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
                    continue;
                }
                changed.replace_range(*place..=*place, other);
                let comparison = expect(&verdict, &changed);
                assert_ne!(
                    comparison.outcome,
                    Outcome::Match,
                    "{} {}: {changed}",
                    sample.id,
                    key.label()
                );
            }
        }
    }
    assert!(count > 90, "{count}");
}

/// As people copy them from a screen or a label.
#[test]
fn capitals_and_separators_do_not_matter() {
    let client = sample_of("tor.client-public-1");
    let key = client.parts[0].value().unwrap().to_lowercase();
    assert_eq!(expected(&client, &key), Outcome::Match);
    let lamp = sample_of("zwave.smartstart-1");
    let groups = lamp.parts[0].value().unwrap().to_owned();
    assert_eq!(expected(&lamp, &groups.replace('-', " ")), Outcome::Match);
    assert_eq!(expected(&lamp, &groups.replace('-', "")), Outcome::Match);
}

/// Whatever somebody pastes: no panic, and no agreement by chance.
#[test]
fn chance_agrees_with_nothing() {
    let mut random = ChaCha20Rng::seed_from_u64(18);
    let verdicts: Vec<_> = samples().iter().map(|it| inspect(&it.payload, now())).collect();
    for round in 0..800_usize {
        let mut bytes = vec![0; [4, 8, 16, 20, 32, 33, 64, 74][round % 8]];
        random.fill_bytes(&mut bytes);
        let pasted = match round % 5 {
            0 => HEXLOWER.encode(&bytes),
            1 => BASE64.encode(&bytes),
            2 => BASE32_NOPAD.encode(&bytes),
            3 => bytes.iter().map(|byte| char::from(b'0' + byte % 10)).take(60).collect(),
            _ => String::from_utf8_lossy(&bytes).into_owned(),
        };
        for verdict in verdicts.iter().skip(round % 7).step_by(7) {
            let comparison = expect(verdict, &pasted);
            assert_ne!(comparison.outcome, Outcome::Match, "{}: {pasted:?}", verdict.id);
        }
    }
}

/// Not only the parity of y: another y of a P-256 key is another key.
#[test]
fn a_p256_key_is_its_whole_point() {
    let jwk = |y: &[u8; 32]| {
        let (x, y) = (BASE64URL_NOPAD.encode(&[7; 32]), BASE64URL_NOPAD.encode(y));
        told(&format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#))
    };
    assert_eq!(outcome(&jwk(&[9; 32]), &jwk(&[9; 32])), Outcome::Match);
    assert_eq!(outcome(&jwk(&[9; 32]), &jwk(&[11; 32])), Outcome::Mismatch);
    // The short form says the parity only.
    let short = |sign: u8| HEXLOWER.encode(&[&[sign][..], &[7; 32]].concat());
    assert_eq!(expected(&jwk(&[9; 32]), &short(3)), Outcome::Match);
    assert_eq!(expected(&jwk(&[9; 32]), &short(2)), Outcome::Mismatch);
}

#[test]
fn a_key_under_another_address_or_identity() {
    let key = "a1".repeat(32);
    let omemo = |jid: &str| told(&format!("xmpp:{jid}?omemo-sid-31415={key}"));
    let comparison = compare(&omemo("ana@example.org"), &omemo("eve@example.net"));
    assert_eq!(comparison.outcome, Outcome::Mismatch);
    assert!(comparison.text.contains("addresses differ"), "{}", comparison.text);
    assert_eq!(outcome(&omemo("ana@example.org"), &omemo("Ana@example.org")), Outcome::Match);
    let trust = told(&format!("xmpp:eve@example.net?trust-message;encryption=x;trust={key}"));
    assert_eq!(outcome(&omemo("ana@example.org"), &trust), Outcome::Mismatch);

    let threema = |id: &str| told(&format!("3mid:{id},{key}"));
    let comparison = compare(&threema("AAAAAAAA"), &threema("BBBBBBBB"));
    assert_eq!(comparison.outcome, Outcome::Match);
    assert!(comparison.text.ends_with("The identity is another."), "{}", comparison.text);
    let same = compare(&threema("AAAAAAAA"), &threema("AAAAAAAA"));
    assert!(!same.text.contains("identity"), "{}", same.text);
}

/// Which of several is meant nobody can tell: the first would do for whoever puts it there.
#[test]
fn several_pasted_keys_are_refused() {
    let key = sample_of("ssh.public-key-2");
    let mine = key.details["fingerprint"].as_str().unwrap();
    let other = format!("SHA256:{}", data_encoding::BASE64_NOPAD.encode(&[5; 32]));
    for pasted in [
        format!("{mine} {other}"),
        format!("{other} {mine}"),
        format!("256 {mine} a (ED25519)\n256 {other} b (ED25519)"),
        format!("Key fingerprint = {mine}\nKey fingerprint = {other}"),
    ] {
        let comparison = expect(&key, &pasted);
        assert_eq!(comparison.outcome, Outcome::NothingToCompare, "{pasted}: {}", comparison.text);
    }
    assert_eq!(expected(&key, &format!("{mine} {mine}")), Outcome::Match);
    let line = |byte: u8| {
        let blob = [&[0, 0, 0, 11][..], b"ssh-ed25519", &[0, 0, 0, 32], &[byte; 32]].concat();
        format!("ssh-ed25519 {} x", data_encoding::BASE64.encode(&blob))
    };
    let one = told(&line(1));
    assert_eq!(expected(&one, &line(1)), Outcome::Match);
    for glue in [" ", "\n"] {
        let both = format!("{}{glue}{}", line(1), line(2));
        assert_eq!(expected(&one, &both), Outcome::NothingToCompare, "{both}");
    }
}

/// As gpg, ssh and openssl print them.
#[test]
fn labels_before_fingerprints_are_left_out() {
    let block = sample_of("openpgp.public-block-1");
    let fingerprint = block.details["fingerprint"].as_str().unwrap();
    for label in
        ["      Key fingerprint = ", "Fingerprint: ", "fingerprint=", "Primary key fingerprint: "]
    {
        let pasted = format!("{label}{fingerprint}");
        assert_eq!(expected(&block, &pasted), Outcome::Match, "{pasted}");
    }
    let within =
        format!("pub   ed25519 2026-01-01 [SC]\n      Key fingerprint = {fingerprint}\nuid  Ana");
    assert_eq!(expected(&block, &within), Outcome::Match);
    let key = sample_of("ssh.public-key-2");
    let shown = key.details["fingerprint"].as_str().unwrap();
    for label in
        ["ED25519 key fingerprint is ", "The key fingerprint is:\n", "The key fingerprint is: "]
    {
        assert_eq!(expected(&key, &format!("{label}{shown}")), Outcome::Match, "{label}");
    }
}

#[test]
fn the_key_is_named_once() {
    let key = sample_of("ssh.public-key-2");
    let raw = key.parts[0].value().unwrap().to_owned();
    for pasted in [raw.as_str(), key.details["fingerprint"].as_str().unwrap()] {
        let text = expect(&key, pasted).text;
        assert_eq!(text, "They agree: it is the same key.", "{pasted}");
    }
}
