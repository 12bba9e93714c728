//! Writes the corpora anew: `cargo run --example seeds -- PROFILE`, with a profile
//! that has an identity, a contact and a key. What the fuzzer found stays.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use keyglance_core::contacts::{Contact, Name, PeerIdentity};
use keyglance_core::crypto::{PublicKey, Purpose};
use keyglance_core::jiff::Timestamp;
use keyglance_core::keyfile::{
    KeyFile, Passphrase, WorkFactor, encrypt_stream, encrypt_with_passphrase,
};
use keyglance_core::test_util::hex;
use keyglance_core::trust::{Method, Trust, Verified};
use keyglance_core::zeroize::Zeroizing;
use keyglance_qr::image::{DynamicImage, GrayImage, ImageFormat};
use keyglance_qr::{Code, render_grayscale};
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let vectors: Value = serde_json::from_slice(&fs::read(crates("pairing.json"))?)?;
    let case = &vectors["cases"][1];
    frames(case)?;
    sessions()?;
    key_files()?;
    passphrase_files()?;
    sealed_files()?;
    contacts(case)?;
    if let Some(folder) = std::env::args_os().nth(1) {
        profiles(Path::new(&folder))?;
    }
    texts(case)?;
    inspected()?;
    pictures()?;
    bit_streams()?;
    for (kind, name) in ["short", "code", "long", "text"].into_iter().enumerate() {
        seed("symbol", name, [kind as u8, 0])?;
        seed("symbol", &format!("{name}-damaged"), [kind as u8, 1, 200, 0, 40, 1, 100, 1])?;
    }
    seed("symbol", "noise", [vec![4, 32], (0..=255).cycle().take(1024).collect()].concat())
}

/// Of the samples of `keyglance-inspect` as many as a corpus holds, one a family.
fn inspected() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/keyglance-inspect");
    let samples = fs::read_to_string(root.join("tests/vectors/inspector.jsonl"))?;
    for line in samples.lines() {
        let sample: Value = serde_json::from_str(line)?;
        let name = text(&sample["id"]);
        if INSPECTED.contains(&name) {
            let bytes = match sample["payload"].as_str() {
                Some(payload) => payload.as_bytes().to_vec(),
                None => data_encoding::BASE64.decode(text(&sample["payload_base64"]).as_bytes())?,
            };
            seed("inspect", name, bytes)?;
        }
    }
    Ok(())
}

const INSPECTED: [&str; 20] = [
    "deltachat.group-2",
    "signal.safety-number-1",
    "signal.group-2",
    "whatsapp.link-1",
    "threema.web-1",
    "simplex.address-2",
    "matrix.verification-1",
    "olvid.identity-1",
    "nostr.nprofile-2",
    "age.file-2",
    "ssh.private-key-1",
    "pem.certificate-1",
    "wireguard.config-2",
    "ur.part-1",
    "fido.hybrid-2",
    "wifi.dpp-1",
    "zwave.smartstart-1",
    "meshtastic.channel-3",
    "shlink-1",
    "hc1-1",
];

/// A version, then codewords.
fn bit_streams() -> Result<()> {
    let streams: [(&str, u8, &[u8]); 9] = [
        ("byte", 0, &[0x40, 0x26, 0x86, 0x90]),
        ("eci", 0, &[0x71, 0xA4, 0x02, 0xC3, 0xA9, 0x00]),
        ("kanji", 0, &[0x80, 0x1A, 0x35, 0x00]),
        ("latin-1", 0, &[0x40, 0x47, 0x3F, 0xC7, 0x37, 0x30]),
        ("part", 0, &[0x30, 0x16, 0x04, 0x01, 0x41, 0x00, 0x31, 0x16, 0x04, 0x01, 0x21, 0x00]),
        ("fnc1", 0, &[0x52, 0x02, 0x3A, 0xC6, 0x00]),
        ("large", 39, &[0x40, 0x00, 0x26, 0x86, 0x90]),
        ("micro", 40, &[0xA3, 0xDA, 0xD0]),
        ("rectangular", 44 + 8, &[0x22, 0x86, 0x00, 0x00]),
    ];
    for (name, version, codewords) in streams {
        seed("bitstream", name, [&[version][..], codewords].concat())?;
    }
    Ok(())
}

fn crates(vectors: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/keyglance-core");
    root.join("tests/vectors").join(vectors)
}

fn seed(target: &str, name: &str, content: impl AsRef<[u8]>) -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), content)?)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn frames(case: &Value) -> Result<()> {
    for (name, frame) in case["frames"].as_object().into_iter().flatten() {
        let bytes = hex(text(frame));
        // A target adds the checksum itself.
        seed("frame", &format!("{name}.body"), &bytes[..bytes.len() - 4])?;
        seed("frame", &format!("{name}.txt"), text(&case["texts"][name]))?;
    }
    let part = hex(text(&case_with_parts()?["fragments"]["M2"]["frames"][0]));
    seed("frame", "FRAG.body", &part[..part.len() - 4])?;
    seed("frame", "hello.bin", hex(text(&case["frames"]["HELLO_I"])))?;
    for name in ["HELLO_I", "M2", "DONE"] {
        seed("frame", &format!("{name}.code"), text(&case["codes"][name]))?;
    }
    Ok(())
}

/// The acts of the target's script: what is even happens to the initiator.
fn sessions() -> Result<()> {
    let honest = [0, 1].repeat(5);
    seed("session", "honest", [&[0][..], &honest].concat())?;
    seed("session", "honest-in-suite-2", [&[128][..], &honest].concat())?;
    // Both HELLOs, then each message in its parts, one of them twice.
    let parts = [16, 32, 48, 32, 64, 17, 33, 49, 33, 65].repeat(4);
    seed("session", "in-parts", [&[0, 0, 1][..], &parts].concat())?;
    for step in 0..=6 {
        // Changes what the other one shows, then goes on.
        let changed = [step, 4, 2, 12, 1, 40, 255, 5, 1, 20, 1];
        seed("session", &format!("changed-at-{step}"), [&changed[..], &honest].concat())?;
    }
    for kind in 0..=5 {
        // A frame of this type with the other one's session id, three times: a try.
        let frame = [7, 4, 1, kind, 1, 0, 7, 7, 11];
        seed(
            "session",
            &format!("forged-type-{kind}"),
            [&[2 + kind % 3][..], &frame.repeat(3)].concat(),
        )?;
    }
    seed(
        "session",
        "digits",
        [&[6, 12, 0, 13, 0][..], &[12, 6], b"000000", &[12, 7], b"000 001"].concat(),
    )?;
    seed(
        "session",
        "time-and-acts",
        [3, 10, 130, 11, 130, 14, 2, 15, 2, 0, 1, 0, 1, 14, 3, 15, 0],
    )?;
    seed("session", "mirror", [0, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3])
}

/// The case that has its message 2 in fragments.
fn case_with_parts() -> Result<Value> {
    let mut vectors: Value = serde_json::from_slice(&fs::read(crates("pairing.json"))?)?;
    Ok(vectors["cases"][0].take())
}

fn key() -> Result<Value> {
    Ok(serde_json::from_slice(&fs::read(crates("example.keyglance"))?)?)
}

/// The key file of the other device.
fn other_side(mut key: Value) -> Value {
    let (local, peer) = (key["local"].take(), key["peer"].take());
    key["role"] = if key["role"] == "initiator" { "responder" } else { "initiator" }.into();
    (key["local"], key["peer"]) = (peer, local);
    key
}

fn key_files() -> Result<()> {
    let key = key()?;
    seed("key_file", "example", fs::read(crates("example.keyglance"))?)?;
    seed("key_file", "other-side", other_side(key.clone()).to_string())?;
    let mut later = key.clone();
    later["later"] = serde_json::json!({"a": [1, 2.5, null, "\u{fc}"]});
    later["local"]["later"] = true.into();
    seed("key_file", "unknown-members", later.to_string())?;
    let mut card = key.clone();
    card["card"] = "BwJibw".into();
    card["acknowledged"] = false.into();
    seed("key_file", "card", card.to_string())?;
    let mut verified = key;
    verified["verified"] =
        serde_json::json!({"method": "check-code", "at": "2026-01-01T00:00:00Z"});
    seed("key_file", "verified", verified.to_string())
}

fn passphrase_files() -> Result<()> {
    let passphrase = Passphrase::new(Zeroizing::new("right".to_owned()))?;
    // The least work: the fuzzer opens it thousands of times.
    let armored =
        encrypt_with_passphrase(b"for two devices only", &passphrase, WorkFactor::Log2(1))?;
    seed("passphrase_file", "armored", &armored)?;
    let wrong = Passphrase::new(Zeroizing::new("wrong".to_owned()))?;
    let wrong = encrypt_with_passphrase(b"for two devices only", &wrong, WorkFactor::Log2(1))?;
    seed("passphrase_file", "wrong", wrong)?;
    let crlf = String::from_utf8(armored)?.replace('\n', "\r\n");
    seed("passphrase_file", "crlf", format!("\r\n{crlf}"))
}

fn sealed_files() -> Result<()> {
    let key = key()?;
    for (name, key) in [("from-initiator", key.clone()), ("from-responder", other_side(key))] {
        let key = KeyFile::from_json(key.to_string().as_bytes())?;
        let mut sealed = Vec::new();
        encrypt_stream(&key, &Purpose::none(), &b"Noon."[..], &mut sealed, |_| ())?;
        seed("sealed_file", name, sealed)?;
    }
    seed("sealed_file", "from-0.1", fs::read(crates("sealed-by-0.1.age"))?)?;
    let body = format!("-> junk a b\n{}\nAAAA\n", "A".repeat(64));
    seed(
        "sealed_file",
        "junk",
        format!("age-encryption.org/v1\n{body}{body}--- {}\nx", "A".repeat(43)),
    )
}

fn contacts(case: &Value) -> Result<()> {
    let at: Timestamp = "2026-11-23T04:00:00Z".parse()?;
    let key: [u8; 32] =
        hex(text(&case["responder"]["static_public"])).try_into().unwrap_or_default();
    let contact = || -> Result<Contact> {
        let identity = PeerIdentity::of(PublicKey::from_bytes(key));
        Ok(Contact::from_public_key("B\u{f6}b".parse::<Name>()?, identity, at))
    };
    seed("contact", "added", contact()?.to_json())?;
    let verified = Trust::Verified(Verified { method: Method::SafetyNumber, at });
    for (name, trust) in
        [("verified", verified), ("camera", Trust::SeenByCamera), ("broken", Trust::Broken)]
    {
        let mut contact = contact()?;
        contact.set_trust(trust, at);
        seed("contact", name, contact.to_json())?;
    }
    Ok(())
}

fn profiles(folder: &Path) -> Result<()> {
    let first = |part: &str| -> Result<Vec<u8>> {
        let entry = fs::read_dir(folder.join(part))?.next().ok_or("an empty profile")?;
        Ok(fs::read(entry?.path())?)
    };
    let whole = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
    for (at, (name, content)) in [
        ("identity", whole("identity.json")),
        ("identity-age", whole("identity.json.age")),
        ("settings", whole("settings.json")),
        ("profile", whole("profile.json")),
        ("contact", first("contacts")?),
        ("key", first("keys")?),
    ]
    .into_iter()
    .enumerate()
    {
        seed("profile", name, [&[at as u8][..], &content].concat())?;
    }
    Ok(())
}

fn texts(case: &Value) -> Result<()> {
    let code = &case["fingerprint_code"]["initiator_shows"];
    seed("texts", "fingerprint.bin", hex(text(&code["bytes"])))?;
    seed("texts", "fingerprint.code", text(&code["code"]))?;
    seed("texts", "fingerprint.txt", text(&code["text"]))?;
    seed("texts", "safety-number", text(&case["safety_number"]))?;
    let key: [u8; 32] =
        hex(text(&case["initiator"]["static_public"])).try_into().unwrap_or_default();
    seed("texts", "public-key", PublicKey::from_bytes(key).to_base64url())?;
    seed("texts", "card", hex(text(&case["initiator"]["card"])))?;
    seed("texts", "name", text(&case["responder"]["name"]))?;
    seed("texts", "decomposed", "Rene\u{301} \u{ff22}ob \u{410}")?;
    seed("texts", "purpose", "B\u{fc}ro 2")
}

/// Pictures that our tests have, of formats that we do not write.
const KINDS: [&str; 12] = [
    "cmyk.jpg",
    "grey-progressive.jpg",
    "holes-in-white-lossy.webp",
    "in-two-steps.gif",
    "in-two-steps.png",
    "interlaced.gif",
    "lossless.webp",
    "lossy.webp",
    "palette.bmp",
    "same-brightness.png",
    "two-codes.gif",
    "two-codes.webp",
];

fn pictures() -> Result<()> {
    let code: GrayImage = render_grayscale(&Code::new("hello")?, 2)?;
    let code = DynamicImage::ImageLuma8(code);
    let as_file = |picture: &DynamicImage, format| -> Result<Vec<u8>> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format)?;
        Ok(file.into_inner())
    };
    let small = code.crop_imm(8, 8, 16, 16);
    for (name, picture) in [
        ("l8", small.clone()),
        ("l16", small.to_luma16().into()),
        ("la8", small.to_luma_alpha8().into()),
        ("rgb8", small.to_rgb8().into()),
        ("rgba16", small.to_rgba16().into()),
    ] {
        seed("picture", &format!("{name}.png"), as_file(&picture, ImageFormat::Png)?)?;
    }
    seed("picture", "code.png", as_file(&code, ImageFormat::Png)?)?;
    seed("picture", "grey.jpg", as_file(&small, ImageFormat::Jpeg)?)?;
    seed("picture", "colour.jpg", as_file(&small.to_rgb8().into(), ImageFormat::Jpeg)?)?;
    // Of other programs.
    for name in KINDS {
        let file = format!("../crates/keyglance-qr/tests/files/kinds/{name}");
        seed("picture", name, std::fs::read(file)?)?;
    }
    Ok(())
}
