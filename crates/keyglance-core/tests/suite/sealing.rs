//! Sealed files: who opens them, who is named, and what is refused.

use std::io::{self, Read, Write};

use base64::Engine as _;
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::Target;
use keyglance_core::keyfile::{
    KeyFile, PassphraseError, SealedBy, StreamError, UnknownSealer, decrypt_stream,
    decrypt_with_passphrase, encrypt_stream,
};
use keyglance_core::pairing::Role;
use keyglance_core::test_util::{device, paired, pairing, passphrase, time, unacknowledged};

/// The format's chunks, without and with their authentication.
const CHUNK: usize = 64 * 1024;
const SEALED_CHUNK: usize = CHUNK + 16;

fn key(own: u64, peer: u64) -> KeyFile {
    let session = paired(device(own), device(peer));
    KeyFile::from_pairing(pairing(&session), time("2026-11-23T04:00:00Z"))
}

/// The key files of both devices of one pairing.
fn both_sides() -> [KeyFile; 2] {
    [key(1, 2), key(2, 1)]
}

fn seal(key: &KeyFile, content: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::new();
    let read = encrypt_stream(key, &Purpose::none(), content, &mut sealed, |_| ()).unwrap();
    assert_eq!(read, content.len() as u64);
    sealed
}

fn open(key: &KeyFile, sealed: &[u8]) -> Result<(SealedBy, Vec<u8>), StreamError> {
    let mut content = Vec::new();
    let keys = [(key, &Purpose::none())];
    let opened = decrypt_stream(&keys, sealed, &mut content, |_| ())?;
    assert_eq!((opened.key, opened.bytes), (0, content.len() as u64));
    Ok((opened.sealed_by, content))
}

/// The identities in an export for age: of `age` one, of `sealed-files` the
/// initiator's and the responder's.
fn identities(key: &KeyFile, target: &str) -> Vec<age::x25519::Identity> {
    let export = Target::find(target).unwrap().export(key, &Purpose::none()).unwrap();
    let text = std::str::from_utf8(export.file.expose()).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.parse().unwrap()).collect()
}

/// A file that another program sealed to these.
fn sealed_to(identities: &[&age::x25519::Identity]) -> Vec<u8> {
    let recipients: Vec<_> = identities.iter().map(|identity| identity.to_public()).collect();
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let mut sealed = Vec::new();
    let encryptor = age::Encryptor::with_recipients(recipients).unwrap();
    let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
    writer.write_all(b"Noon.").unwrap();
    writer.finish().unwrap();
    sealed
}

/// The types of the recipients in a header.
fn recipients(sealed: &[u8]) -> Vec<String> {
    let end = sealed.windows(5).position(|bytes| bytes == b"\n--- ").unwrap();
    let header = std::str::from_utf8(&sealed[..end]).unwrap();
    let stanzas = header.lines().filter_map(|line| line.strip_prefix("-> "));
    stanzas.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn a_file_tells_which_of_the_two_sealed_it() {
    let keys = both_sides();
    for (own, peer) in [(&keys[0], &keys[1]), (&keys[1], &keys[0])] {
        let sealed = seal(own, b"Noon.");
        assert_eq!(open(own, &sealed).unwrap(), (SealedBy::Local, b"Noon.".to_vec()));
        assert_eq!(open(peer, &sealed).unwrap(), (SealedBy::Peer, b"Noon.".to_vec()));

        // To one recipient, that of the sealer's role.
        let mut recipients = recipients(&sealed);
        recipients.retain(|kind| !kind.ends_with("-grease"));
        assert_eq!(recipients, ["X25519"]);
        let seal = identities(own, "sealed-files");
        let [from_initiator, from_responder] = &seal[..] else { panic!("{}", seal.len()) };
        let (right, wrong) = match own.role {
            Role::Initiator => (from_initiator, from_responder),
            Role::Responder => (from_responder, from_initiator),
        };
        assert_eq!(age::decrypt(right, &sealed).unwrap(), b"Noon.");
        // Not with the other's, and not with what a public recipient belongs to.
        for other in [wrong, &identities(own, "age")[0]] {
            let refused = age::decrypt(other, &sealed);
            assert!(matches!(refused, Err(age::DecryptError::NoMatchingKeys)), "{refused:?}");
        }
    }
    let other = seal(&key(3, 4), b"Noon.");
    assert!(matches!(open(&keys[0], &other), Err(StreamError::NoKey)));
    let sealed = seal(&keys[0], b"Noon.");
    for purpose in ["", "office"] {
        let purpose = Purpose::new(purpose).unwrap();
        let opened = decrypt_stream(&[(&keys[1], &purpose)], &sealed[..], io::sink(), |_| ());
        assert_eq!(opened.is_ok(), purpose.as_str().is_empty());
    }
}

#[test]
fn whoever_knows_the_secret_recipients_is_named_and_nobody_else() {
    let [ana, bo] = both_sides();
    let (initiator, responder) = match ana.role {
        Role::Initiator => (&ana, &bo),
        Role::Responder => (&bo, &ana),
    };
    let seal = identities(&ana, "sealed-files");
    let public = &identities(&ana, "age")[0];
    let eve = age::x25519::Identity::generate();
    let unknown = |why| [SealedBy::Unknown(why), SealedBy::Unknown(why)];
    for (to, expected) in [
        (&[&seal[0]][..], [SealedBy::Local, SealedBy::Peer]),
        (&[&seal[1]], [SealedBy::Peer, SealedBy::Local]),
        // Anybody who was given the .pub file.
        (&[public], unknown(UnknownSealer::PublicRecipient)),
        (&[public, &eve], unknown(UnknownSealer::PublicRecipient)),
        // Each of several recipients can rewrite the file for the others.
        (&[&seal[0], &eve], unknown(UnknownSealer::OtherRecipients)),
        (&[&eve, &seal[1]], unknown(UnknownSealer::OtherRecipients)),
        (&[&seal[0], public], unknown(UnknownSealer::OtherRecipients)),
        (&[public, &seal[0]], unknown(UnknownSealer::OtherRecipients)),
        (&[&seal[0], &seal[1]], unknown(UnknownSealer::OtherRecipients)),
        (&[&seal[0], &seal[0]], unknown(UnknownSealer::OtherRecipients)),
    ] {
        let sealed = sealed_to(to);
        let told = [initiator, responder].map(|key| open(key, &sealed).unwrap().0);
        assert_eq!(told, expected, "{:?}", recipients(&sealed));
    }
}

/// Sealed by the program of version 0.1, to the recipient of the `age` export.
#[test]
fn a_file_of_an_earlier_build_opens_and_names_nobody() {
    let key = KeyFile::from_json(include_bytes!("../vectors/example.keyglance")).unwrap();
    let opened = open(&key, include_bytes!("../vectors/sealed-by-0.1.age")).unwrap();
    let expected = SealedBy::Unknown(UnknownSealer::PublicRecipient);
    assert_eq!(opened, (expected, b"Noon.".to_vec()));
}

#[test]
fn the_key_that_fits_is_told_however_many_there_are() {
    let keys = [key(1, 2), key(3, 4), key(5, 6)];
    let (none, office) = (Purpose::none(), Purpose::new("office").unwrap());
    let tries: Vec<_> =
        keys.iter().flat_map(|key| [&none, &office].map(|purpose| (key, purpose))).collect();
    for (place, (key, purpose)) in tries.iter().enumerate() {
        let mut sealed = Vec::new();
        encrypt_stream(key, purpose, &b"x"[..], &mut sealed, |_| ()).unwrap();
        let opened = decrypt_stream(&tries, &sealed[..], io::sink(), |_| ()).unwrap();
        assert_eq!((opened.key, opened.sealed_by), (place, SealedBy::Local));
    }
    assert!(matches!(
        decrypt_stream(&[], &seal(&keys[0], b"x")[..], io::sink(), |_| ()),
        Err(StreamError::NoKey)
    ));
}

/// What the other one sealed can be read; what only this one could read is not made.
#[test]
fn a_key_that_only_this_device_may_hold_opens_and_does_not_seal() {
    let [ana, bo] = both_sides();
    let sealed = seal(&ana, b"Noon.");
    let bo = unacknowledged(&bo);
    assert_eq!(open(&bo, &sealed).unwrap().0, SealedBy::Peer);
    let mut nothing = Vec::new();
    let refused = encrypt_stream(&bo, &Purpose::none(), &b"x"[..], &mut nothing, |_| ());
    assert!(matches!(refused, Err(StreamError::NotAcknowledged(_))) && nothing.is_empty());
}

/// Counts what is read of it.
struct Counted<'a> {
    bytes: &'a [u8],
    read: usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        self.read += read;
        Ok(read)
    }
}

const VERSION: &str = "age-encryption.org/v1\n";
/// 43 characters of base64: 32 bytes.
const BASE64: &str = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA";

fn stanzas(count: usize) -> String {
    format!("-> X25519 {BASE64}\n{BASE64}\n").repeat(count)
}

#[test]
fn a_header_without_an_end_is_refused_before_it_costs_anything() {
    let key = key(1, 2);
    let line = format!("{}\n", "A".repeat(64));
    let tail = format!("--- {BASE64}\n");
    type Expected = fn(&StreamError) -> bool;
    let cases: [(String, Expected); 12] = [
        // A recipient's body, of 40 kB and cut off there.
        (format!("-> junk x\n{}", line.repeat(600)), |e| matches!(e, StreamError::Damaged)),
        (format!("-> junk x\n{}", line.repeat(1_600)), |e| {
            matches!(e, StreamError::HeaderTooLarge)
        }),
        (format!("-> junk x\n{}", line.repeat(16_000)), |e| {
            matches!(e, StreamError::HeaderTooLarge)
        }),
        // One line.
        (format!("-> junk {}", "x".repeat(40_000)), |e| matches!(e, StreamError::Damaged)),
        (format!("-> junk {}", "x".repeat(1_000_000)), |e| {
            matches!(e, StreamError::HeaderTooLarge)
        }),
        (stanzas(2_000) + &tail, |e| matches!(e, StreamError::TooManyRecipients)),
        (stanzas(65) + &tail, |e| matches!(e, StreamError::TooManyRecipients)),
        // Recipients that fit nobody, as many as are allowed.
        (stanzas(64) + &tail + &"x".repeat(64), |e| matches!(e, StreamError::NoKey)),
        (stanzas(64), |e| matches!(e, StreamError::Damaged)),
        (tail.clone(), |e| matches!(e, StreamError::Damaged)),
        ("\n".repeat(1_000_000), |e| matches!(e, StreamError::Damaged)),
        (String::new(), |e| matches!(e, StreamError::Damaged)),
    ];
    for (header, expected) in cases {
        let file = format!("{VERSION}{header}").into_bytes();
        let mut from = Counted { bytes: &file, read: 0 };
        let error =
            decrypt_stream(&[(&key, &Purpose::none())], &mut from, io::sink(), |_| ()).unwrap_err();
        assert!(expected(&error), "{error:?} of {:?}", &header[..header.len().min(40)]);
        // The limit, and what the buffer holds beyond it.
        assert!(from.read <= 64 * 1024 + 8 * 1024, "{} bytes were read", from.read);
    }
}

/// A key file or an identity under a passphrase has the same kind of header.
#[test]
fn a_passphrase_file_has_the_same_limits() {
    let any = passphrase("any");
    let line = format!("{}\n", "A".repeat(64));
    let tail = format!("--- {BASE64}\n");
    for (header, expected) in [
        (format!("-> junk x\n{}", line.repeat(600)), PassphraseError::Damaged),
        (format!("-> junk x\n{}", line.repeat(1_600)), PassphraseError::HeaderTooLarge),
        (format!("-> junk x\n{}", line.repeat(16_000)), PassphraseError::HeaderTooLarge),
        (stanzas(64) + &tail, PassphraseError::Damaged),
        (stanzas(64) + &tail + &"x".repeat(64), PassphraseError::NotByPassphrase),
        (stanzas(2_000) + &tail, PassphraseError::NotByPassphrase),
    ] {
        let binary = format!("{VERSION}{header}");
        let digits = base64::engine::general_purpose::STANDARD.encode(&binary);
        let lines: Vec<_> = digits.as_bytes().chunks(64).collect();
        let armored = format!(
            "-----BEGIN AGE ENCRYPTED FILE-----\n{}\n-----END AGE ENCRYPTED FILE-----\n",
            String::from_utf8(lines.join(&b'\n')).unwrap()
        );
        for file in [&binary, &armored] {
            assert_eq!(decrypt_with_passphrase(file.as_bytes(), &any), Err(expected));
        }
    }
}

#[test]
fn what_is_no_header_of_the_format_is_told_as_what_it_is() {
    let key = key(1, 2);
    let whole = seal(&key, b"Noon.");
    let end = whole.windows(5).position(|bytes| bytes == b"\n--- ").unwrap() + 5 + 44;
    for length in 0..end {
        let error = open(&key, &whole[..length]).unwrap_err();
        let expected = if length < "age-encryption.org/".len() {
            matches!(error, StreamError::NotAgeFile)
        } else {
            matches!(error, StreamError::Damaged)
        };
        assert!(expected, "{length}: {error:?}");
    }
    for (text, not_age, newer) in [
        ("", true, false),
        ("PK\u{3}\u{4}", true, false),
        ("age-encryption.org\n", true, false),
        ("age-encryption.org/v2\n-> X25519 a\n", false, true),
        ("age-encryption.org/v1\r\n", false, true),
        (&format!("age-encryption.org/{}", "v".repeat(1_000_000)), false, false),
    ] {
        let error = open(&key, text.as_bytes()).unwrap_err();
        assert_eq!(matches!(error, StreamError::NotAgeFile), not_age, "{error:?}");
        assert_eq!(matches!(error, StreamError::UnknownVersion), newer, "{error:?}");
    }
    let tail = format!("--- {BASE64}\n{}", "x".repeat(64));
    let full = "A".repeat(64);
    for broken in [
        "->  X25519\n\n",
        "-> X25519 \n\n",
        "->\n\n",
        "-> a\u{7f}\n\n",
        "-> \u{fc}\n\n",
        "-> a\nAA=\n",
        "-> a\nA A\n",
        "-> a\r\n\r\n",
        &format!("-> a\n{full}A\n"),
        // A body ends with a line that is not full.
        &format!("-> a\n{full}\n"),
        "-> a\n",
    ] {
        let error = open(&key, format!("{VERSION}{broken}{tail}").as_bytes()).unwrap_err();
        assert!(matches!(error, StreamError::Damaged), "{broken:?}: {error:?}");
    }
    let scrypt = format!("{VERSION}-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n{BASE64}\n{tail}");
    assert!(matches!(open(&key, scrypt.as_bytes()), Err(StreamError::ByPassphrase)));
}

/// A changed byte of the header is noticed, wherever it is: also in a recipient
/// that is nobody's.
#[test]
fn a_header_with_a_changed_byte_opens_nothing() {
    let key = key(1, 2);
    let whole = seal(&key, b"Noon.");
    let end = whole.len() - 5 - 16;
    for at in 0..end {
        for bit in [1, 0x20] {
            let mut changed = whole.clone();
            changed[at] ^= bit;
            assert!(open(&key, &changed).is_err(), "{at} {bit}");
        }
    }
}

#[test]
fn a_file_cut_off_at_any_chunk_gives_what_was_whole_and_an_error() {
    let key = key(1, 2);
    for length in [0, 5, CHUNK, 3 * CHUNK, 3 * CHUNK + 10] {
        let content: Vec<u8> = (0..length).map(|at| (at / 7) as u8).collect();
        let whole = seal(&key, &content);
        assert_eq!(open(&key, &whole).unwrap().1, content);
        let chunks = length.div_ceil(CHUNK).max(1);
        let header = whole.len() - length - 16 * chunks;
        for chunk in 0..=chunks {
            let boundary = header + chunk * SEALED_CHUNK;
            for cut in [boundary.saturating_sub(1), boundary, boundary + 1, boundary + 17] {
                if cut >= whole.len() {
                    continue;
                }
                let mut part = Vec::new();
                let keys = [(&key, &Purpose::none())];
                let error = decrypt_stream(&keys, &whole[..cut], &mut part, |_| ()).unwrap_err();
                assert!(matches!(error, StreamError::Damaged), "{length} {cut}: {error:?}");
                // Only chunks that were authenticated.
                assert!(content.starts_with(&part) && part.len() % CHUNK == 0, "{length} {cut}");
                assert!(part.len() <= cut.saturating_sub(header));
            }
        }
        // More than all of it is not it either; nor are its chunks in another order.
        let more = [&whole[..], b"x"].concat();
        assert!(matches!(open(&key, &more), Err(StreamError::Damaged)));
        if chunks > 1 {
            let mut turned = whole.clone();
            turned[header..header + 2 * SEALED_CHUNK].rotate_left(SEALED_CHUNK);
            let mut nothing = Vec::new();
            let keys = [(&key, &Purpose::none())];
            decrypt_stream(&keys, &turned[..], &mut nothing, |_| ()).unwrap_err();
            assert_eq!(nothing, b"", "the first chunk was not genuine");
        }
    }
}

/// Fails as the system does, once so many bytes went through.
struct Failing<S> {
    stream: S,
    left: usize,
    error: i32,
}

impl<S> Failing<S> {
    fn next(&mut self, wanted: usize) -> io::Result<usize> {
        if self.left == 0 && wanted > 0 {
            return Err(io::Error::from_raw_os_error(self.error));
        }
        let now = wanted.min(self.left);
        self.left -= now;
        Ok(now)
    }
}

impl<S: Read> Read for Failing<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let now = self.next(buffer.len())?;
        self.stream.read(&mut buffer[..now])
    }
}

impl<S: Write> Write for Failing<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let now = self.next(bytes.len())?;
        self.stream.write(&bytes[..now])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A full disk is no damage to the file, and a disk that cannot be read is none
/// either, wherever it happens.
#[cfg(unix)]
#[test]
fn what_the_system_said_is_kept() {
    // Of Linux, macOS and the BSDs.
    const EIO: i32 = 5;
    const ENOSPC: i32 = 28;
    let key = key(1, 2);
    let none = Purpose::none();
    let content = vec![7; 2 * CHUNK + 100];
    let whole = seal(&key, &content);
    let said = |error: StreamError| match error {
        StreamError::Read(error) => ("read", error.raw_os_error()),
        StreamError::Write(error) => ("write", error.raw_os_error()),
        other => panic!("{other:?}"),
    };
    for left in [0, 1, 30, 150, CHUNK, CHUNK + 1000, whole.len() - 2000, content.len() - 1] {
        let to = Failing { stream: io::sink(), left, error: ENOSPC };
        let error = encrypt_stream(&key, &none, &content[..], to, |_| ()).unwrap_err();
        assert_eq!(said(error), ("write", Some(ENOSPC)), "{left}");
        let from = Failing { stream: &content[..], left, error: EIO };
        let error = encrypt_stream(&key, &none, from, io::sink(), |_| ()).unwrap_err();
        assert_eq!(said(error), ("read", Some(EIO)), "{left}");

        let to = Failing { stream: io::sink(), left, error: ENOSPC };
        let error = decrypt_stream(&[(&key, &none)], &whole[..], to, |_| ()).unwrap_err();
        assert_eq!(said(error), ("write", Some(ENOSPC)), "{left}");
        let from = Failing { stream: &whole[..], left, error: EIO };
        let error = decrypt_stream(&[(&key, &none)], from, io::sink(), |_| ()).unwrap_err();
        assert_eq!(said(error), ("read", Some(EIO)), "{left}");
    }
    let full = StreamError::Write(io::Error::from_raw_os_error(ENOSPC)).to_string();
    assert!(full.contains("No space left"), "{full}");
}
