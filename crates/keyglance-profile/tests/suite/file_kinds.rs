//! What a file or a code is, told by its content whatever it is called.

use std::fs;

use keyglance_core::crypto::Purpose;
use keyglance_core::exports::Target;
use keyglance_core::keyfile::{KeyFile, encrypt_with_passphrase};
use keyglance_core::test_util::{CHEAP, device, paired, pairing, passphrase, time};
use keyglance_profile::{
    CodeKind, FileKind, FileKindError, OpenKeyError, Profile, Protected, Require, code_kind,
    file_kind, kind_of, open_protected, read_key,
};
use keyglance_qr::{Code, render_png};
use tempfile::tempdir;

use crate::store::{NOW, identity, keep};

#[test]
fn each_kind_of_file_is_told_by_its_content() {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    profile.create_identity(&identity(9)).unwrap();
    keep(&profile, 2, "Ana", 20).unwrap();
    let key = profile.find_key("Ana").unwrap().file.to_json();
    let mut sealed = Vec::new();
    let sealer = profile.sealer("Ana", Purpose::none(), Require::Usable).unwrap();
    sealer.seal(&b"hello"[..], &mut sealed, |_| ()).unwrap();
    let picture = render_png(&Code::new("hello").unwrap(), 4).unwrap();
    let word = passphrase("correct horse");
    let protect = |bytes: &[u8]| encrypt_with_passphrase(bytes, &word, CHEAP).unwrap();
    for (bytes, kind) in [
        (&key[..], FileKind::Key),
        (&[b"\xef\xbb\xbf\n".as_slice(), &key].concat(), FileKind::Key),
        (&protect(&key), FileKind::Protected),
        (&sealed, FileKind::Sealed),
        (&picture, FileKind::Picture),
        (b"II*\0 a scan", FileKind::Picture),
        ("hello, wörld".as_bytes(), FileKind::Text),
        (b"{\"format\":\"keyglance-identity\",\"version\":1}", FileKind::Device),
        (b"\x7fELF\0\0", FileKind::Other),
        (b"\xff\xfe\x00", FileKind::Other),
    ] {
        assert_eq!(kind_of(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        let path = folder.path().join("file");
        fs::write(&path, bytes).unwrap();
        assert_eq!(file_kind(&path).unwrap(), kind);
    }
    // What is looked at may end within a letter.
    assert_eq!(kind_of("ö".repeat(33_000).get(..65_536).unwrap().as_bytes()), FileKind::Text);
    let odd = [b"a".as_slice(), "ö".repeat(33_000).as_bytes()].concat();
    assert_eq!(kind_of(&odd[..65_536]), FileKind::Text);
}

#[test]
fn what_is_under_a_passphrase_is_told_once_it_is_open() {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    let own = identity(9);
    profile.create_identity(&own).unwrap();
    keep(&profile, 2, "Ana", 20).unwrap();
    let key = profile.find_key("Ana").unwrap().file;
    let word = passphrase("correct horse");
    let path = folder.path().join("file");
    let put = |bytes: &[u8]| {
        fs::write(&path, encrypt_with_passphrase(bytes, &word, CHEAP).unwrap()).unwrap();
    };
    put(&key.to_json());
    let wrong = open_protected(&path, &passphrase("wrong")).unwrap_err();
    assert!(matches!(wrong, OpenKeyError::Passphrase(_)), "{wrong}");
    let Protected::Key(opened) = open_protected(&path, &word).unwrap() else { panic!() };
    assert_eq!(opened.key_id(), key.key_id());
    let age = Target::find("age").unwrap().export(&key, &Purpose::none()).unwrap();
    put(age.file.expose());
    assert!(matches!(open_protected(&path, &word).unwrap(), Protected::Other));
    fs::write(&path, own.seal(&word, CHEAP).unwrap()).unwrap();
    assert!(matches!(open_protected(&path, &word).unwrap(), Protected::Device));
    fs::remove_file(&path).unwrap();
    profile.back_up(&path, &own, &word, CHEAP, time(NOW)).unwrap();
    assert!(matches!(open_protected(&path, &word).unwrap(), Protected::Backup));

    fs::write(&path, &key.to_json()[..]).unwrap();
    assert_eq!(read_key(&path).unwrap().key_id(), key.key_id());
    fs::write(&path, &key.to_json()[..300]).unwrap();
    assert_eq!(file_kind(&path).unwrap(), FileKind::Key, "cut off, and still told");
    assert!(matches!(read_key(&path).unwrap_err(), OpenKeyError::Key(_)));
}

#[test]
fn what_cannot_be_looked_at_is_said_plainly() {
    let folder = tempdir().unwrap();
    let gone = folder.path().join("gone");
    assert_eq!(file_kind(&gone).unwrap_err(), FileKindError::Missing(gone));
    let there = folder.path().to_owned();
    assert_eq!(file_kind(&there).unwrap_err(), FileKindError::Folder(there));
    let empty = folder.path().join("empty");
    fs::write(&empty, "").unwrap();
    assert_eq!(file_kind(&empty).unwrap_err(), FileKindError::Empty(empty));
    #[cfg(target_os = "linux")]
    assert!(matches!(file_kind("/dev/zero".as_ref()).unwrap_err(), FileKindError::NotAFile(_)));
}

#[test]
fn our_own_codes_are_told_from_others() {
    let ana = device(1);
    let hello = ana.text().unwrap().to_owned();
    let session = paired(ana, device(2));
    let ours = pairing(&session);
    let key = KeyFile::from_pairing(ours, time(NOW));
    for (code, kind) in [
        (hello.clone(), CodeKind::Pairing),
        (hello.replace("KG1", "KG2"), CodeKind::Pairing),
        (ours.local.identity.to_string(), CodeKind::PublicKey),
        (String::from_utf8(key.to_json().to_vec()).unwrap(), CodeKind::Key),
        ("WIFI:T:WPA;S:x;P:y;;".to_owned(), CodeKind::Secret),
        ("https://keyglance.example".to_owned(), CodeKind::Other),
        (String::new(), CodeKind::Other),
    ] {
        assert_eq!(code_kind(code.as_bytes()), kind, "{code}");
    }
    assert_eq!(code_kind(b"\xff\x00"), CodeKind::Other);
}
