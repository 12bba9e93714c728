//! Ordinary codes are told as no kind that they are not.

use keyglance_inspect::{Confidence, inspect};

use crate::samples::now;

#[test]
fn ordinary_formats_are_named_and_nothing_else() {
    let swiss = "SPC\n0200\n1\nCH4431999123000889012\nS\nMuster AG\nWeg\n1\n8000\nZug\nCH\n";
    for (text, format) in [
        (
            "BEGIN:VCARD\nVERSION:3.0\nN:Example;Ada\nTEL:+15555550100\nURL:https://example.org/a#b\nEND:VCARD\n",
            "vCard",
        ),
        ("begin:vcard\r\nversion:4.0\r\nfn:Bo\r\nend:vcard", "vCard"),
        ("MECARD:N:Example,Bo;TEL:+15555550112;;", "MeCard"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR", "calendar"),
        ("mailto:ada@example.org", "e-mail address"),
        ("MATMSG:TO:ada@example.org;SUB:Hi;BODY:x;;", "e-mail"),
        ("tel:+15555550113", "telephone number"),
        ("sms:+15555550113?body=x", "SMS"),
        ("geo:52.5,13.4?q=x", "place"),
        (
            "BCD\n002\n1\nSCT\nBFSWDE33BER\nExample\nDE89370400440532013000\nEUR1\n\n\nThanks\n",
            "EPC payment",
        ),
        (swiss, "Swiss payment"),
        ("upi://pay?pa=ada@bank&pn=Ada&am=1", "UPI payment"),
        ("market://details?id=org.example.app", "app store link"),
        ("https://play.google.com/store/apps/details?id=org.example.app", "URL"),
        ("M1EXAMPLE/ADA         EABC123 BERCDGXX 0042 334Y012A0025 100", "boarding pass"),
        ("4006381333931", "product number"),
        ("96385074", "product number"),
        ("4006381333932", "digits"),
        ("(01)09506000134352(10)ABC123", "GS1"),
        ("0109506000134352\u{1d}10ABC123", "GS1"),
        ("123e4567-e89b-42d3-a456-426614174000", "UUID"),
        ("3f786850e387550fdab836ed7e6dc881de23001b", "hex"),
        (r#"{"name":"Ada","tags":["a","b"]}"#, "JSON"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "URL"),
        ("https://example.org/docs/a-page-with-a-long-name-2024.html#section-3", "URL"),
        ("https://example.org/#/settings/profile", "URL"),
        ("https://example.org/file.rs#L10-L25", "URL"),
        ("https://example.org/a#:~:text=A%20quoted%20sentence", "URL"),
        ("https://id.gs1.org/01/09506000134352/10/ABC123", "URL"),
        ("ftp://example.org/file", "URL"),
        ("Meet me at eight. The key is under the mat.", "text"),
        ("Keine Panik! 42 Schlüssel für 3 Türen.", "text"),
        ("Donaudampfschifffahrtsgesellschaftskapitaen", "text"),
        ("1234567890123456789012345678901234567890123456789012345678901234", "digits"),
        ("MATRIX", "text"),
        ("KG", "text"),
        ("age1", "text"),
        ("WIFI", "text"),
        ("the quick brown fox jumps over the lazy dog and then it sleeps", "text"),
        ("", "empty"),
        (" \n", "text"),
    ] {
        let verdict = inspect(text.as_bytes(), now());
        let told = (verdict.id, verdict.confidence, verdict.format);
        assert_eq!(told, ("none", Confidence::None, format), "{text:?}");
        assert!(verdict.parts.is_empty() && verdict.details.is_empty(), "{text:?}");
    }
}

#[test]
fn what_programs_put_around_a_code_does_not_change_it() {
    let link = "https://mega.nz/folder/ByBQ6lVx#WQB5Jssr-JGIW9k9RihmIw";
    let broken = format!("{}\r\n{}", &link[..30], &link[30..]);
    for text in [format!("\u{feff}{link}"), format!("  {link}\r\n"), broken] {
        let verdict = inspect(text.as_bytes(), now());
        assert_eq!(
            (verdict.id, verdict.confidence),
            ("mega.folder", Confidence::Exact),
            "{text:?}"
        );
        assert_eq!(verdict.parts[1].reveal(), "WQB5Jssr-JGIW9k9RihmIw");
    }
    // Two links are not one.
    let two = format!("{link}\n{link}");
    assert_ne!(inspect(two.as_bytes(), now()).confidence, Confidence::Exact);
}

#[test]
fn long_payloads_are_only_measured() {
    let long = vec![b'a'; keyglance_inspect::MAX_PAYLOAD + 1];
    let verdict = inspect(&long, now());
    assert_eq!((verdict.id, verdict.format), ("none", "text"));
    assert_eq!(verdict.details["length"], long.len());
    assert_eq!(inspect(&[0xff; 9000], now()).format, "binary");
}

/// A file with both halves of a key is a secret, whichever comes first.
#[test]
fn of_several_blocks_the_secret_one_is_told() {
    let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAN25SpSm86onM2GpYO3Dtn3+7Ake2bu+8gBloEWVYyRA=\n-----END PUBLIC KEY-----\n";
    let secret = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIAT90N0lZDs6W/cvpBLbOlkaZtgXn7+M3Jye0GFjojvc\n-----END PRIVATE KEY-----\n";
    for text in [format!("{public}{secret}"), format!("{secret}Bag Attributes\n{public}")] {
        assert_eq!(inspect(text.as_bytes(), now()).id, "pem.private-key", "{text}");
    }
}
