//! Published vectors, and the whole pairing of an independent implementation.

use std::time::Duration;

use keyglance_core::crypto::hazmat::{EphemeralKey, noise};
use keyglance_core::crypto::{
    Comparison, Exporter, Fingerprint, FingerprintCode, FingerprintCodeError, PublicKey, Purpose,
    SafetyNumber,
};
use keyglance_core::pairing::{Card, CheckEntry, Frame, Phase, Role, Session, Suite, Suites};
use zeroize::Zeroizing;

use keyglance_core::test_util::{Scripted, hex, hex32, identity, name, seeded};

/// The pairings that an independent implementation made: of two devices that offer
/// suite 1, of two that offer both, and of one of each.
pub fn vectors() -> Vec<serde_json::Value> {
    let cases = |file: &str| -> Vec<serde_json::Value> {
        let file: serde_json::Value = serde_json::from_str(file).unwrap();
        file["cases"].as_array().unwrap().clone()
    };
    let classic = cases(include_str!("../vectors/pairing.json"));
    let hybrid = cases(include_str!("../vectors/pairing-suite2.json"));
    let mixed = cases(include_str!("../vectors/mixed.json"));
    assert_eq!((classic.len(), hybrid.len(), mixed.len()), (2, 1, 2));
    classic.into_iter().chain(hybrid).chain(mixed).collect()
}

/// A device of a vector: its RNG gives the ephemeral key, then what ML-KEM draws.
pub fn side(vector: &serde_json::Value, own: &str) -> Session<Scripted> {
    let party = &vector[own];
    let secret = |member: &str| hex32(party[member].as_str().unwrap());
    let mut random = secret("ephemeral_secret").to_vec();
    let kem: &[&str] = if own == "initiator" { &["d", "z"] } else { &["encapsulation_m"] };
    for drawn in kem.iter().filter_map(|member| vector["ml_kem"][member].as_str()) {
        random.extend(hex(drawn));
    }
    let suites = u8::try_from(party["suites"].as_u64().unwrap()).unwrap();
    let card = Card::from_bytes(&hex(party["card"].as_str().unwrap())).unwrap();
    Session::new(
        identity(secret("static_secret")),
        name(party["name"].as_str().unwrap()),
        Scripted::new(random),
        Duration::ZERO,
    )
    .with_suites(Suites::from_bits(suites))
    .with_card(card)
}

/// Plays each device of every vector against the other one's recorded frames.
#[test]
fn whole_pairings_to_the_last_byte() {
    let mut played = 0;
    for vector in vectors() {
        for (own, other, role) in [
            ("initiator", "responder", Role::Initiator),
            ("responder", "initiator", Role::Responder),
        ] {
            for whole in [true, false] {
                played += 1;
                play(&vector, own, other, role, whole);
            }
        }
    }
    assert_eq!(played, 20);
}

fn play(vector: &serde_json::Value, own: &str, other: &str, role: Role, whole: bool) {
    let (shown, read): (&[&str], &[&str]) = match role {
        Role::Initiator => (&["HELLO_I", "M1", "M3", "DONE"], &["HELLO_R", "M2", "CONFIRM"]),
        // A responder's HELLO stays until message 1.
        Role::Responder => {
            (&["HELLO_R", "HELLO_R", "M2", "CONFIRM", "CONFIRM"], &["HELLO_I", "M1", "M3", "DONE"])
        }
    };
    let text = |form: &str, frame: &str| vector[form][frame].as_str().unwrap().to_owned();
    let now = Duration::from_millis(1);
    let mut session = side(vector, own);
    for (i, frame) in shown.iter().enumerate() {
        assert_eq!(session.code().unwrap(), text("codes", frame), "{frame}");
        assert_eq!(session.text().unwrap(), text("texts", frame), "{frame}");
        let parts = |frame: &str| -> Option<Vec<String>> {
            let codes = vector["fragments"][frame]["codes"].as_array()?;
            Some(codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
        };
        if let Some(codes) = parts(frame) {
            // Chunks of at most 66 bytes, in codes of version 5, and of at most 144.
            let version = &vector["fragments"][frame]["qr_version"];
            let characters = if *version == 5 { 122 } else { 238 };
            assert_eq!(session.codes(characters), codes, "{frame}");
        }
        if let Some(next) = read.get(i) {
            if let Some(codes) = parts(next).filter(|_| !whole) {
                for code in codes.iter().rev() {
                    session.handle(now, code);
                }
                continue;
            }
            // Each form in turn.
            session.handle(now, &text(if i % 2 == 0 { "codes" } else { "texts" }, next));
        }
    }
    assert_eq!(session.phase(), Phase::Finished);
    let pairing = session.pairing().unwrap();
    assert_eq!(pairing.role, role);
    assert_eq!(u64::from(pairing.suite.bit()), vector["suite"]);
    assert!(pairing.is_acknowledged());
    let exporter = pairing.exporter().unwrap();
    assert_eq!(exporter.secret_bytes()[..], hex(vector["exporter"].as_str().unwrap()));
    assert_eq!(pairing.peer.name.as_str(), vector[other]["name"].as_str().unwrap());
    assert_eq!(pairing.peer_card.to_bytes(), hex(vector[other]["card"].as_str().unwrap()));
    assert_eq!(pairing.safety_number().digits(), vector["safety_number"].as_str().unwrap());
    let code = FingerprintCode::new(
        &Fingerprint::of(&pairing.local.identity),
        &Fingerprint::of(&pairing.peer.identity),
    );
    let shows = &vector["fingerprint_code"][format!("{own}_shows")];
    assert_eq!(code.to_bytes(), hex(shows["bytes"].as_str().unwrap()));
    assert_eq!(code.to_code(), shows["code"].as_str().unwrap());
    assert_eq!(code.to_text(), shows["text"].as_str().unwrap());
    for form in ["code", "text"] {
        assert_eq!(FingerprintCode::from_text(shows[form].as_str().unwrap()).unwrap(), code);
    }
    exports(vector, exporter);

    let digits = |who: &str| vector["check_code"][format!("{who}_shows")].as_str().unwrap();
    assert_eq!(session.check_code().unwrap().digits(), digits(own));
    assert_eq!(session.enter_check_code(digits(own)), Some(CheckEntry::OwnDigits));
    assert_eq!(session.enter_check_code(digits(other)), Some(CheckEntry::Match));
}

fn exports(vector: &serde_json::Value, exporter: &Exporter) {
    for export in vector["exports"].as_array().unwrap() {
        let text = |member: &str| export[member].as_str().unwrap();
        let mut output = vec![0; usize::try_from(export["length"].as_u64().unwrap()).unwrap()];
        exporter
            .derive(text("label"), &Purpose::new(text("context")).unwrap(), &mut output)
            .unwrap();
        assert_eq!(output, hex(text("output")), "{}", text("label"));
        if text("label") == "key-id" {
            assert_eq!(exporter.key_id().to_string(), text("output"));
        }
    }
}

#[test]
fn frames_codes_and_texts_hold_the_same_bytes() {
    for vector in vectors() {
        for (frame, bytes) in vector["frames"].as_object().unwrap() {
            let bytes = hex(bytes.as_str().unwrap());
            let [code, text] = ["codes", "texts"].map(|form| vector[form][frame].as_str().unwrap());
            let read = Frame::from_text(text).unwrap();
            assert_eq!(Frame::from_text(code).unwrap(), read, "{frame}");
            assert_eq!(read.to_bytes(), bytes, "{frame}");
            assert_eq!(read.to_code(), code, "{frame}");
            assert_eq!(read.to_text(), text, "{frame}");
            assert_eq!(Frame::from_bytes(&bytes).unwrap(), read, "{frame}");
        }
    }
}

#[test]
fn a_purpose_is_the_same_however_it_is_typed() {
    let exporter = Exporter::from_secret_bytes(Zeroizing::new([7; 32]));
    let key = |text: &str| exporter.derive32("raw", &Purpose::new(text).unwrap()).unwrap();
    assert_eq!(key("caf\u{e9}"), key("cafe\u{301}"));
    assert_ne!(key("cafe"), key("caf\u{e9}"));
    for refused in [" office", "office ", "off\nice", "\u{7f}", &"x".repeat(1025)] {
        assert!(Purpose::new(refused).is_err(), "{refused:?}");
    }
}

/// libsignal's fingerprint vectors (rust/protocol/src/fingerprint.rs), the
/// keys without their type byte.
const ALICE: (&str, &[u8]) =
    ("06863bc66d02b40d27b8d49ca7c09e9239236f9d7d25d6fcca5ce13c7064d868", b"+14152222222");
const BOB: (&str, &[u8]) =
    ("f781b6fb32fed9ba1cf2de978d4d5da28dc34046ae814402b5c0dbd96fda907b", b"+14153333333");

fn libsignal((key, identifier): (&str, &[u8])) -> Fingerprint {
    Fingerprint::with_identifier(&PublicKey::from_bytes(hex32(key)), identifier)
}

#[test]
fn libsignals_fingerprints() {
    let (alice, bob) = (libsignal(ALICE), libsignal(BOB));
    let digits = "300354477692869396892869876765458257569162576843440918079131";
    assert_eq!(SafetyNumber::new(&alice, &bob).digits(), digits);
    assert_eq!(SafetyNumber::new(&bob, &alice).digits(), digits);
    assert_eq!(
        SafetyNumber::new(&alice, &bob).to_string(),
        "30035 44776 92869 39689 28698 76765 45825 75691 62576 84344 09180 79131"
    );

    let version_1 = "080112220a201e301a0353dce3dbe7684cb8336e85136cdc0ee96219494ada305d62a7bd61df\
                     1a220a20d62cbf73a11592015b6b9f1682ac306fea3aaf3885b84d12bca631e9d4fb3a4d";
    let scanned = FingerprintCode::from_bytes(&hex(version_1)).unwrap();
    assert_eq!(scanned.to_bytes(), hex(version_1));
    let ours = FingerprintCode::new(&alice, &bob);
    assert_eq!(ours.to_bytes(), hex(&version_1.replacen("0801", "0802", 1)));
    let theirs = FingerprintCode::new(&bob, &alice);
    assert_eq!(ours.compare(&theirs), Ok(Comparison::Match));
    assert_eq!(theirs.compare(&ours), Ok(Comparison::Match));
    assert_eq!(ours.compare(&ours), Ok(Comparison::OwnCode));
    assert_eq!(ours.compare(&scanned), Err(FingerprintCodeError::Version));
}

#[test]
fn libsignals_negative() {
    let (alice, bob) = (libsignal(ALICE), libsignal(BOB));
    let wrong = libsignal((ALICE.0, b"+141512222222"));
    assert_ne!(SafetyNumber::new(&wrong, &bob), SafetyNumber::new(&alice, &bob));
    let theirs = FingerprintCode::new(&bob, &wrong);
    assert_eq!(FingerprintCode::new(&alice, &bob).compare(&theirs), Ok(Comparison::Mismatch));
}

#[test]
fn a_fingerprint_code_is_read_strictly() {
    let code = FingerprintCode::new(&libsignal(ALICE), &libsignal(BOB));
    let bytes = code.to_bytes();
    for length in 0..bytes.len() {
        assert!(FingerprintCode::from_bytes(&bytes[..length]).is_err(), "{length}");
    }
    assert!(FingerprintCode::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    for (text, error) in [
        ("KG1:AA", FingerprintCodeError::NotOurs),
        ("kg1:AA", FingerprintCodeError::NotOurs),
        ("kf2:AA", FingerprintCodeError::Version),
        ("", FingerprintCodeError::NotOurs),
        ("KF1:", FingerprintCodeError::Damaged),
        ("KF1:!!", FingerprintCodeError::Damaged),
        ("kf1:!!", FingerprintCodeError::Damaged),
    ] {
        assert_eq!(FingerprintCode::from_text(text), Err(error), "{text}");
    }
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok(read) = FingerprintCode::from_bytes(&flipped) {
            assert_ne!(code.compare(&read), Ok(Comparison::OwnCode), "bit {bit}");
        }
    }
}

/// cacophony's and snow's vectors for our pattern: both sides, each message,
/// the handshake hash and the transport messages.
#[test]
fn noise_vectors_of_cacophony_and_snow() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../vectors/noise_xx.json")).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let bytes = |member: &str| hex(vector[member].as_str().unwrap());
        let key = |member: &str| hex32(vector[member].as_str().unwrap());
        let ephemeral = |member| EphemeralKey::generate(&mut Scripted::new(key(member)));
        let messages = vector["messages"].as_array().unwrap();
        let payload = |i: usize| hex(messages[i]["payload"].as_str().unwrap());
        let ciphertext = |i: usize| hex(messages[i]["ciphertext"].as_str().unwrap());

        let (initiator, m1) = noise::initiate(
            &bytes("init_prologue"),
            ephemeral("init_ephemeral"),
            None,
            &payload(0),
        );
        assert_eq!(m1, ciphertext(0));
        let (responder, m2) = noise::respond(
            Suite::Xx,
            &bytes("resp_prologue"),
            &identity(key("resp_static")),
            ephemeral("resp_ephemeral"),
            &mut seeded(0),
            &m1,
            &payload(1),
        )
        .unwrap();
        assert_eq!(m2, ciphertext(1));
        let finishing = initiator.read(&m2).unwrap();
        assert_eq!(finishing.payload(), payload(1));
        let (i_finished, m3) = finishing.write(&identity(key("init_static")), &payload(2)).unwrap();
        assert_eq!(m3, ciphertext(2));
        let (r_finished, i_static, read) = responder.read(&m3).unwrap();
        assert_eq!(read, payload(2));
        assert_eq!(i_static, *identity(key("init_static")).public());
        assert_eq!(i_finished.handshake_hash(), r_finished.handshake_hash());
        if let Some(hash) = vector["handshake_hash"].as_str() {
            assert_eq!(i_finished.handshake_hash()[..], hex(hash));
        }

        // Transport messages go on alternating: the responder's is next.
        let ((mut i_out, mut i_in), (mut r_in, mut r_out)) =
            (i_finished.split(), r_finished.split());
        for i in 3..messages.len() {
            let (out, into) =
                if i % 2 == 1 { (&mut r_out, &mut i_in) } else { (&mut i_out, &mut r_in) };
            assert_eq!(out.encrypt(&[], &payload(i)), ciphertext(i), "message {i}");
            assert_eq!(into.decrypt(&[], &ciphertext(i)).unwrap(), payload(i), "message {i}");
        }
    }
}
