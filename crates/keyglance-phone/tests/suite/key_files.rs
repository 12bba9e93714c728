use keyglance_core::keyfile::{Passphrase, decrypt_with_passphrase};
use keyglance_core::zeroize::Zeroizing;
use serde_json::Value;

use super::{Page, UNIX, code, compared, json, paired};

const PASSPHRASE: &[u8] = b"correct horse battery staple";

fn input(passphrase: &[u8], file: &[u8]) -> Vec<u8> {
    let length = u32::try_from(passphrase.len()).unwrap().to_le_bytes();
    [&length[..], passphrase, file].concat()
}

#[test]
fn a_key_file_goes_there_and_back() {
    for compare in [false, true] {
        let [mut ana, _] = if compare { compared(0, 71) } else { paired(0, 71).0 };
        ana.summary(UNIX).unwrap();
        let plain = ana.key_json().unwrap();
        let file = ana.key_file(PASSPHRASE, 8).unwrap();
        let passphrase = String::from_utf8(PASSPHRASE.to_vec()).unwrap();
        let passphrase = Passphrase::new(Zeroizing::new(passphrase)).unwrap();
        assert_eq!(decrypt_with_passphrase(&file, &passphrase).unwrap()[..], plain[..]);

        let mut again = Page::default();
        again.import(&input(PASSPHRASE, &file)).unwrap();
        let (before, after) = (ana.summary(UNIX).unwrap(), again.summary(UNIX).unwrap());
        let (before, after) = (json(&before), json(&after));
        for member in ["key_id", "safety_number", "peer", "role", "suite", "created"] {
            assert_eq!(before[member], after[member], "{member}");
        }
        // From elsewhere, a comparison is a claim; written again, it is kept.
        assert_eq!((&after["compared"], &after["imported"]), (&false.into(), &true.into()));
        assert_eq!(after["claimed"].is_string(), compare);
        assert_eq!(again.key_json().unwrap(), plain);
        assert_eq!(again.export(b"hex", UNIX).unwrap(), ana.export(b"hex", UNIX).unwrap());
        assert_eq!(code(again.compare(b"123456", UNIX)), -2);
    }
}

#[test]
fn what_is_no_key_file_is_refused_and_loses_nothing() {
    let [mut ana, _] = compared(0, 73);
    let id = json(&ana.summary(UNIX).unwrap())["key_id"].clone();
    let plain = ana.key_json().unwrap();
    let file = ana.key_file(PASSPHRASE, 8).unwrap();
    let mut changed: Value = serde_json::from_slice(&plain).unwrap();
    changed["key_id"] = "0000000000000000".into();
    let costly = file_with_work(&file, 40);
    let mut damaged = file.to_vec();
    let middle = damaged.len() / 2;
    damaged.truncate(middle);
    for (input, number) in [
        (Vec::new(), -1),
        (vec![1, 0], -1),
        (vec![9, 0, 0, 0, b'x'], -1),
        (vec![0xff; 64], -1),
        (input(b"\xff", &file), -1),
        (input(b"", b""), -7),
        (input(b"", b"{}"), -7),
        (input(b"", changed.to_string().as_bytes()), -7),
        (input(b"", &file), -6),
        (input(b"another", &file), -6),
        (input(b"\0", &file), -6),
        (input(PASSPHRASE, &plain), -7),
        (input(PASSPHRASE, &damaged), -7),
        (input(PASSPHRASE, &costly), -8),
    ] {
        assert_eq!(code(ana.import(&input)), number, "{input:?}");
        assert_eq!(json(&ana.summary(UNIX).unwrap())["key_id"], id);
    }
}

/// A passphrase file whose header asks for other work.
fn file_with_work(file: &[u8], log2: u8) -> Vec<u8> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let text = str::from_utf8(file).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let binary = STANDARD.decode(lines).unwrap();
    let end = binary.windows(3).position(|it| it == b" 8\n").unwrap();
    [&binary[..end], format!(" {log2}\n").as_bytes(), &binary[end + 3..]].concat()
}

#[test]
fn a_passphrase_must_be_one() {
    let [mut ana, _] = compared(1, 79);
    for (passphrase, number) in
        [(&b""[..], -6), (&[b'x'; 65 * 1024], -6), (b"a\0b", -6), (b"\xff", -1)]
    {
        assert_eq!(code(ana.passphrase_check(passphrase)), number);
        assert_eq!(code(ana.key_file(passphrase, 8)), number);
    }
    assert!(ana.passphrase_check(PASSPHRASE).unwrap().is_empty());
    for log2 in [0, 23, 64, 256 + 8, u32::MAX] {
        assert_eq!(code(ana.key_file(PASSPHRASE, log2)), -1);
    }
}

#[test]
fn a_key_without_a_date_is_written_once_it_has_one() {
    let (mut pages, _) = paired(1, 83);
    assert_eq!(code(pages[0].key_json()), -2);
    assert_eq!(code(pages[0].key_file(PASSPHRASE, 8)), -2);
    pages[0].summary(UNIX).unwrap();
    assert!(pages[0].key_json().is_ok() && pages[0].key_file(PASSPHRASE, 8).is_ok());
}
