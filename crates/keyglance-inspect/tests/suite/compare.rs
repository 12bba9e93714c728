//! Two codes, and a code and a pasted value.

use keyglance_inspect::{Outcome, Verdict, compare, expect, inspect};

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
    assert!(omemo.text.contains("one of its devices"), "{}", omemo.text);
    assert_eq!(expected(&sample_of("threema.contact-1"), &"ab".repeat(32)), Outcome::Mismatch);
    assert_eq!(
        expected(&sample_of("threema.contact-1"), &"ab".repeat(20)),
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
