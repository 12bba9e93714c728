//! What is pointed out, and when.

use keyglance_inspect::jiff::{SignedDuration, Timestamp};
use keyglance_inspect::{Confidence, Role, inspect};

use crate::samples::now;

fn codes_at(payload: &[u8], now: Timestamp) -> Vec<&'static str> {
    inspect(payload, now).warnings.iter().map(|warning| warning.code.word()).collect()
}

fn codes(payload: &str) -> Vec<&'static str> {
    codes_at(payload.as_bytes(), now())
}

#[test]
fn what_ended_is_told_with_its_time() {
    let key = "00020406080a0c0e10121416181a1c1e20222426282a2c2e30323436383a3c3e";
    let contact = format!("3mid:ABCD1234,{key},1766599200");
    let end = Timestamp::from_second(1_766_599_200).unwrap();
    assert!(codes_at(contact.as_bytes(), end).is_empty());
    let later = end + SignedDuration::from_secs(1);
    assert_eq!(codes_at(contact.as_bytes(), later), ["expired"]);
    let verdict = inspect(contact.as_bytes(), later);
    assert_eq!(verdict.to_json(false)["expires"], "2025-12-24T18:00:00Z");
    assert!(verdict.warnings[0].text.contains("2025-12-24"));
}

#[test]
fn keys_that_everybody_knows() {
    for payload in [
        "https://meshtastic.org/e/#CgMSAQESBggBQANIAQ",
        "meshcore://channel/add?name=Public&secret=8b3387e9c5cdea6ac9e5edbaa115cd72",
        "legal winner thank year wave sausage worth useful legal winner thank yellow",
        "000000000000000000000000000000000000000000000003",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "[Interface]\nPrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ] {
        assert!(codes(payload).contains(&"public-key-known"), "{payload}");
    }
    for payload in [
        "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5",
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
        "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
        r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    ] {
        assert_eq!(codes(payload), ["public-key-known"], "{payload}");
    }
    let own = "meshcore://channel/add?name=Valley&secret=e4d18d3bf1f373d16f9a995ebbc995ca";
    assert!(codes(own).is_empty());
}

#[test]
fn weak_secrets() {
    for (payload, strong) in [
        ("WIFI:T:WPA;S:Home;P:elevenchars;;", "WIFI:T:WPA;S:Home;P:twelve-chars;;"),
        ("https://getcroc.com/?code=1234-one-two", ""),
        (
            r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0O"}"#,
            r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}"#,
        ),
        (
            "otpauth://totp/x?secret=MFRGGZDF",
            "otpauth://totp/x?secret=GIMTOC4ORO47VE23TOH6G7GJDFSLG44X",
        ),
    ] {
        assert!(codes(payload).contains(&"weak"), "{payload}");
        assert!(!codes(strong).contains(&"weak"), "{strong}");
    }
}

#[test]
fn connections_without_encryption() {
    for (payload, warned) in [
        (
            "http://203.0.113.9/books?public_key=b156540b929ff028a5316033d0126bc524705fbb050f19e0b080a144db58e646",
            true,
        ),
        ("http://example.org/", true),
        ("https://example.org/", false),
        ("http://3sj5flxtgcumpba65bybneta6pfrpkk7uhljmxv5l6wmey65pcjqreqd.onion/", false),
        ("WIFI:T:WEP;S:Old;P:abcde;;", true),
        ("WIFI:S:Cafe;T:nopass;;", true),
        ("WIFI:T:WPA;S:Home;P:correct horse battery;;", false),
        ("socks5://ada:s3cret-pw@proxy.example.org:1080", true),
        ("socks5://proxy.example.org:1080", false),
    ] {
        assert_eq!(codes(payload).contains(&"insecure-transport"), warned, "{payload}");
    }
}

#[test]
fn secrets_in_the_part_of_a_link_that_is_sent() {
    for (payload, warned) in [
        ("https://getcroc.com/?code=1234-poker-hedge-floss", true),
        ("https://albums.ente.io/?t=WZQUCN3GCR#3JrnxAgh6CFdPckqA7kgrTqwa7Zm9ii8dvcHyYUQFw69", true),
        ("https://example.net/x?t=YMK33gEa68as8NUNA46aFwRSfh8VObxf", true),
        ("https://share.example.org/f/812#zAfEybWe9vXTsjJsITKRyE4nToySLasQYzuDNhO7KWw", false),
        // No server sees what an app opens.
        ("tg://login?token=Y3JtzZwErOBf2vbaNbJiGAoG8hAHR97ZvB8Fmz-c8Vs", false),
    ] {
        assert_eq!(codes(payload).contains(&"in-query"), warned, "{payload}");
    }
}

#[test]
fn hosts_that_only_look_like_an_apps() {
    let tail = "/file/AbCdEfGh#7uRfJ-M7sYPcomMCWNNOmUy4nlxVAric5LVyLKmx_w4";
    for host in
        ["mеga.nz", "xn--mga-rdd.nz", "rnega.nz", "mega.nz.example.org", "mega.nz@example.org"]
    {
        let verdict = inspect(format!("https://{host}{tail}").as_bytes(), now());
        assert_eq!((verdict.id, verdict.confidence), ("mega.file", Confidence::Damaged), "{host}");
        let codes: Vec<_> = verdict.warnings.iter().map(|warning| warning.code.word()).collect();
        assert_eq!(codes, ["damaged", "look-alike-host"], "{host}");
        let told = &verdict.warnings[1].text;
        assert!(told.contains("mega.nz") && told.contains("MEGA"), "{told}");
    }
    for (host, how) in [
        ("rnega.nz", "which only looks like mega.nz"),
        ("mega.nz.example.org", "which only begins like mega.nz"),
        ("mega.nz@example.org", "mega.nz only stands before the @ sign"),
    ] {
        let verdict = inspect(format!("https://{host}{tail}").as_bytes(), now());
        assert!(verdict.warnings[1].text.contains(how), "{}", verdict.warnings[1].text);
    }
    // Another host with another path is just another page.
    assert_eq!(inspect(b"https://rnega.nz/about", now()).confidence, Confidence::None);
}

#[test]
fn hidden_characters_are_named_and_never_raw() {
    let payload = "https://t.me/socks?server=a\u{202e}b.example&port=1&user=\u{1b}[31m";
    let verdict = inspect(payload.as_bytes(), now());
    assert!(verdict.warnings.iter().any(|warning| warning.code.word() == "hidden-characters"));
    let json = verdict.to_json(true).to_string();
    assert!(!json.contains('\u{202e}') && !json.contains("\\u001b"), "{json}");
    // In a list of details.
    let file = b"age-encryption.org/v1\n-> \x1b[31m x\n--- AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n0123456789abcdef0123456789abcdef";
    let json = inspect(file, now()).to_json(true).to_string();
    assert!(json.contains("age.file") && json.contains("⟨U+001B⟩"), "{json}");
    // Percent-encoded ones too.
    let payload = "https://t.me/socks?server=a.example&port=1&user=%E2%80%AE%1B";
    let json = inspect(payload.as_bytes(), now()).to_json(true).to_string();
    assert!(json.contains("⟨U+202E⟩⟨U+001B⟩"), "{json}");
}

#[test]
fn newer_versions_are_not_damaged() {
    for payload in [
        "LPA:2$smdp.example.org$ABC",
        "KG2:BB8",
        "did:key:zUC7K4ndUaGZgV7Cp2yJy6JtMoUHY6u7tkcSYUvPrEidqBmLCTLmi6d5WvwnUqejscAkERJ3bfjEiSYtdPkRSE8kSa11hFBr4sTgnbZ95SJj19PN2jdvJjyzpSZgxkyyxNnBNnY",
        "https://s.team/q/2/1",
    ] {
        let verdict = inspect(payload.as_bytes(), now());
        assert_eq!(verdict.confidence, Confidence::CouldBe, "{payload:?}");
        assert_eq!(codes(payload), ["newer"], "{payload:?}");
    }
}

#[test]
fn a_signature_is_checked() {
    let bad = "bitchat://verify?v=1&noise=7ed3c945488254c5bc4fc84613fa5eba35198d4731010a66833df44db264fa59&sign=ea16bbf21d6d98ca559f8d393151cdf6ecfe5fd07ca0fb22cdb3ed2c3f219824&nick=Bob&ts=1767225600&nonce=wA4Rma3W98l0Xkn4LYfQiA&sig=832afe446d27a7d086a29e6b6eb646231bfac8ee2e7964d5aa03a1f02f4d9e03449f882a55d84879895686bc7a9ba552c19cf4d6408b7c8d0afdaf8d0819ea53";
    assert_eq!(codes(bad), ["signature-bad"]);
}

/// A key that was left out is told as that: nothing is proved.
#[test]
fn links_without_their_key() {
    for payload in [
        "https://mega.nz/file/AbCdEfGh",
        "https://mega.nz/#F!AbCdEfGh",
        "https://drive.proton.me/urls/ABCDEFGH12",
        "https://yopass.se/#/s/12345678-1234-4234-8234-1234567890ab",
    ] {
        let verdict = inspect(payload.as_bytes(), now());
        assert_eq!(verdict.confidence, Confidence::Exact, "{payload}");
        assert_eq!(
            verdict.parts.iter().map(|part| part.role()).collect::<Vec<_>>(),
            [Role::Address]
        );
        assert!(verdict.proves.contains("The key was left out, on purpose or by mistake"));
    }
}

/// Details are told to everybody: a secret at the wrong place is not repeated in them.
#[test]
fn details_repeat_no_secret() {
    use keyglance_inspect::serde_json::Value;
    let secret = "zAfEybWe9vXTsjJsITKRyE4nToySLasQYzuDNhO7KWw";
    let base64 = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let token = format!("{}.{}.AAAA", base64(&format!(r#"{{"alg":"{secret}"}}"#)), base64("{}"));
    let proxy = base64(&format!("{secret}:password"));
    let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
    for payload in [
        format!("otpauth://hotp/x?secret=JBSWY3DPEHPK3PXQ&counter={secret}&digits={secret}"),
        format!("otpauth://totp/x?secret=JBSWY3DPEHPK3PXQ&period={secret}&algorithm={secret}"),
        format!("otpauth://totp/x?secret=JBSWY3DPEHPK3PXQ&issuer={secret}"),
        token,
        format!("ss://{proxy}@proxy.example.org:8388"),
        format!("WIFI:T:{secret};S:Home;P:a password;;"),
        format!("{ssh} {secret}"),
        format!("{ssh} AGE-SECRET-KEY-{secret}"),
    ] {
        let verdict = inspect(payload.as_bytes(), now());
        assert_eq!(verdict.confidence, Confidence::Exact, "{payload}");
        let json: Value = verdict.to_json(false);
        let told = json.to_string().to_lowercase();
        assert!(!told.contains(&secret.to_lowercase()), "{payload}: {json}");
    }
    // What is as it should be is told.
    let plain =
        "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXQ&counter=7&algorithm=sha256&issuer=Ana%20Bank";
    let details = inspect(plain.as_bytes(), now()).details;
    assert_eq!((&details["counter"], &details["algorithm"]), (&"7".into(), &"SHA256".into()));
    assert_eq!(details["issuer"], "Ana Bank");
    let network = inspect(b"WIFI:T:wpa;S:Home;P:twelve-chars;;", now());
    assert_eq!(network.details["security"], "WPA");
    let key = inspect(format!("{ssh} bo@laptop").as_bytes(), now());
    assert!(key.parts.iter().any(|part| part.value() == Some("bo@laptop")));
}

/// What a sentence says of `#` is said only of links that have one.
#[test]
fn a_link_for_the_app_alone_has_no_fragment() {
    let (id, key) = ("57406f21acdd2747d26d4a5722ac0bca", "b7".repeat(32));
    let app = format!("sgnl://addstickers?pack_id={id}&pack_key={key}");
    let page = format!("https://signal.art/addstickers#pack_id={id}&pack_key={key}");
    let told = |payload: &str| inspect(payload.as_bytes(), now());
    assert_eq!(told(&app).id, "signal.stickers");
    assert!(!told(&app).proves.contains('#') && !told(&app).unproved.contains("page"));
    assert!(told(&page).proves.contains("after #"));
}

/// Who holds a bearer token is let in.
#[test]
fn a_token_lets_somebody_in() {
    let token = inspect(b"eyJhbGciOiJIUzI1NiJ9.e30.AAAA", now());
    assert_eq!((token.id, token.evidence.word()), ("jwt.token", "none"));
    assert!(token.proves.ends_with("Whoever holds it is let in."), "{}", token.proves);
    assert!(!token.unproved.contains("number"), "{}", token.unproved);
}

/// User information before an app's own host, or a port after it, takes no code out of sight.
#[test]
fn a_dressed_link_is_still_told() {
    let mut count = 0;
    for sample in crate::samples::samples() {
        let plain = inspect(&sample.payload, now());
        let Ok(text) = str::from_utf8(&sample.payload) else { continue };
        let Some(rest) = text.strip_prefix("https://") else { continue };
        if plain.confidence != Confidence::Exact || text.contains(char::is_whitespace) {
            continue;
        }
        let (host, after) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        for link in [format!("https://x@{rest}"), format!("https://{host}:8443{after}")] {
            let told = inspect(link.as_bytes(), now());
            assert_ne!(told.confidence, Confidence::None, "{link}");
            let json = told.to_json(false).to_string();
            for part in plain.parts.iter().filter(|part| part.role() == Role::Secret) {
                assert!(!json.contains(part.reveal()), "{link}: {json}");
            }
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
    let told = inspect(
        b"https://x@mega.nz/file/AbCdEfGh#7uRfJ-M7sYPcomMCWNNOmUy4nlxVAric5LVyLKmx_w4",
        now(),
    );
    assert_eq!((told.id, told.confidence), ("mega.file", Confidence::Damaged));
    assert!(told.warnings.iter().any(|it| it.text.contains("before the @ sign")));
}

/// Files of keys, whole: the secret is found and masked.
#[test]
fn wrapped_secrets_are_masked() {
    for line in crate::kinds::lines().iter().filter(|line| {
        ["age.identity", "pem.private-key", "ssh.private-key", "jwk.private", "bip39.words"]
            .contains(&line.id.as_str())
            && matches!(line.expect.as_str(), "exact" | "could-be")
    }) {
        let verdict = inspect(&line.payload, now());
        let secrets: Vec<_> = verdict.parts.iter().filter(|it| it.role() == Role::Secret).collect();
        assert!(!secrets.is_empty() && verdict.has_masked(), "{}", line.id);
        let json = verdict.to_json(false).to_string();
        assert!(secrets.iter().all(|it| !json.contains(it.reveal())), "{json}");
    }
}
