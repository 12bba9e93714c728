//! One rule for both faces: the gate, exports, codes in files, the identity.

use std::fs;

use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{OptionValues, Program, Target};
use keyglance_core::keyfile::KeyFile;
use keyglance_core::test_util::{
    CHEAP, device, device_again, paired, pairing, passphrase, seeded, time, unacknowledged,
};
use keyglance_core::trust::{Method, Provenance, Trust, Verified};
use keyglance_profile::{
    CodeFileError, ExportFailure, Exported, IdentityBackup, IdentityChangeError, IdentityState,
    PreparedExport, PreparedIdentity, Profile, Protection, Refusal, Require, StoreError,
    WriteError, refusal, replace_code, shell_quoted, write_new_code, write_secret_codes,
};
use keyglance_qr::{Code, LabelledCode};
use tempfile::{TempDir, tempdir};

use crate::store::{NOW, id_of, identity, keep};

fn profile() -> (TempDir, Profile) {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    (folder, profile)
}

fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) -> Refusal {
    match result.unwrap_err() {
        StoreError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    }
}

// The gate.

#[test]
fn the_gate_refuses_what_nobody_can_vouch_for() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "Ana", 20).unwrap();
    let id = profile.find_key("Ana").unwrap().file.key_id();
    let ask = || profile.usable_key(id, Require::Usable);
    ask().unwrap();

    profile.retire_key(id, Some(time(NOW))).unwrap();
    assert_eq!(refused(ask()), Refusal::Retired("Ana".to_owned()));
    profile.retire_key(id, None).unwrap();

    profile.set_trust(id_of(&profile, "Ana"), Trust::Broken, time(NOW)).unwrap();
    assert_eq!(refused(ask()), Refusal::Mismatch("Ana".to_owned()));
    profile.set_trust(id_of(&profile, "Ana"), Trust::Unverified, time(NOW)).unwrap();
    ask().unwrap();

    // A contact that is gone, damaged or newer says nothing: that is no yes.
    let [file] = fs::read_dir(profile.folder().join("contacts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let whole = fs::read_to_string(&file).unwrap();
    for other in
        [None, Some("{}".to_owned()), Some(whole.replace("\"version\": 1", "\"version\": 9"))]
    {
        match &other {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        assert_eq!(refused(ask()), Refusal::ContactUnreadable("Ana".to_owned()), "{other:?}");
        assert!(profile.find_usable_key("Ana", Require::Usable).is_err());
    }
    fs::write(&file, whole).unwrap();
    ask().unwrap();
}

#[test]
fn an_unacknowledged_key_does_not_pass_the_gate() {
    let (_folder, profile) = profile();
    let session = paired(device(1), device_again(2, "Ana", 20));
    let whole = KeyFile::from_pairing(pairing(&session), time(NOW));
    let saved = profile
        .save_pairing(unacknowledged(&whole), None, Provenance::PairedByCamera, None)
        .unwrap();
    let refusal = Refusal::NotAcknowledged("Ana".to_owned());
    assert_eq!(refused(profile.usable_key(saved.key_id, Require::Usable)), refusal);
    assert_eq!(refused(profile.sealer("Ana", Purpose::none(), Require::Usable)), refusal);
    profile.acknowledge(saved.key_id).unwrap();
    profile.usable_key(saved.key_id, Require::Usable).unwrap();
    profile.sealer("Ana", Purpose::none(), Require::Usable).unwrap();
}

/// What a face greys out is what the gate refuses.
#[test]
fn a_face_is_told_the_same_as_the_gate_says() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "Ana", 20).unwrap();
    keep(&profile, 3, "Bo", 30).unwrap();
    keep(&profile, 2, "Ana", 21).unwrap();
    profile.set_trust(id_of(&profile, "Bo"), Trust::Broken, time(NOW)).unwrap();
    profile
        .retire_key(profile.find_key("Ana · key 2").unwrap().file.key_id(), Some(time(NOW)))
        .unwrap();
    let (keys, contacts) = (profile.keys().unwrap().0, profile.contacts().unwrap().0);
    assert_eq!(keys.len(), 3);
    for key in keys {
        let gate = profile.usable_key(key.file.key_id(), Require::Usable);
        let said = gate.map(|_| ()).map_err(|error| error.to_string());
        let shown = refusal(&key, &contacts, Require::Usable);
        assert_eq!(said, shown.map_or(Ok(()), |refusal| Err(refusal.to_string())), "{}", key.name);
    }
}

/// Before, the terminal took the newest key that was not retired, and the window
/// the last by name, retired or not.
#[test]
fn which_key_is_meant_for_a_contact_is_one_rule() {
    let (_folder, profile) = profile();
    let at = |second: u8| time(&format!("2026-11-23T04:00:{second:02}Z"));
    let store = |fresh: u64, second: u8, called: &str| {
        let session = paired(device(1), device_again(2, "Ana", fresh));
        let file = KeyFile::from_pairing(pairing(&session), at(second));
        profile.save_pairing(file, Some(called), Provenance::PairedByCamera, None).unwrap().key_id
    };
    let meant =
        || profile.usable_key_of(id_of(&profile, "Ana"), Require::Usable).unwrap().file.key_id();
    let first = store(20, 1, "Ana");
    assert_eq!(meant(), first);
    // The newest, though another one comes last by name.
    let second = store(21, 2, "A");
    assert_eq!(meant(), second);
    // A retired one never, however new, and nor by the contact's name.
    profile.retire_key(second, Some(at(3))).unwrap();
    assert_eq!(meant(), first);
    assert_eq!(
        profile.sealer("Ana", Purpose::none(), Require::Usable).unwrap().key().file.key_id(),
        first
    );
    profile.retire_key(second, None).unwrap();
    // Where none is usable, the refusal says why.
    for id in [first, second] {
        profile.retire_key(id, Some(at(4))).unwrap();
    }
    assert!(matches!(
        refused(profile.usable_key_of(id_of(&profile, "Ana"), Require::Usable)),
        Refusal::Retired(_)
    ));
}

/// A date inside a file that came from outside decides nothing.
#[test]
fn an_imported_key_is_not_preferred_however_new_it_claims_to_be() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "Ana", 20).unwrap();
    let session = paired(device(1), device_again(2, "Ana", 21));
    let mut file = KeyFile::from_pairing(pairing(&session), time("2099-01-01T00:00:00Z"));
    file.verified = None;
    profile.import(file, Some("newer"), time(NOW)).unwrap();
    assert_eq!(profile.usable_key_of(id_of(&profile, "Ana"), Require::Usable).unwrap().name, "Ana");
    // And one that a person verified comes before one that nobody did.
    let session = paired(device(1), device_again(2, "Ana", 22));
    let file = KeyFile::from_pairing(pairing(&session), time("2026-11-24T00:00:00Z"));
    profile.save_pairing(file, Some("later"), Provenance::PairedByCamera, None).unwrap();
    assert_eq!(
        profile.usable_key_of(id_of(&profile, "Ana"), Require::Usable).unwrap().name,
        "Ana · key 3"
    );
    let id = profile.find_key("Ana").unwrap().file.key_id();
    profile.verify(id, Verified { method: Method::CheckCode, at: time(NOW) }).unwrap();
    assert_eq!(profile.usable_key_of(id_of(&profile, "Ana"), Require::Usable).unwrap().name, "Ana");
}

#[test]
fn retiring_the_other_keys_of_a_contact_leaves_everybody_elses() {
    let (_folder, profile) = profile();
    let keep_id = keep(&profile, 2, "Ana", 20).unwrap().key_id;
    keep(&profile, 2, "Ana", 21).unwrap();
    keep(&profile, 3, "Bo", 30).unwrap();
    profile.retire_other_keys(keep_id, time(NOW)).unwrap();
    let retired = |name: &str| profile.find_key(name).unwrap().retired_at.is_some();
    assert_eq!(["Ana", "Ana · key 2", "Bo"].map(retired), [false, true, false]);
}

#[test]
fn who_asks_for_what_is_not_there_is_told_what_is_near() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "Ana", 20).unwrap();
    for (asked, said) in [
        ("An", "Nothing is called \"An\". Close: \"Ana\"."),
        ("Bartholomew", "Nothing is called \"Bartholomew\"."),
        ("A\u{1b}", "Nothing is called \"A\\u{1b}\"."),
    ] {
        for error in [
            profile.find_usable_key(asked, Require::Usable).map(drop),
            profile.sealer(asked, Purpose::none(), Require::Usable).map(drop),
            profile.find_key(asked).map(drop),
            profile.find_contact(asked).map(drop),
            profile.find_contact_or_key(asked).map(drop),
        ] {
            assert_eq!(error.unwrap_err().to_string(), said);
        }
    }
}

// Exports.

#[test]
fn an_export_is_written_recorded_and_its_commands_are_safe_to_paste() {
    let (folder, profile) = profile();
    keep(&profile, 2, "Ana", 20).unwrap();
    let prepare = |target: &str| {
        let key = profile.find_usable_key("Ana", Require::Usable).unwrap();
        let target = Target::find(target).unwrap();
        profile.prepare_export(key, target, Purpose::none(), &OptionValues::default()).unwrap()
    };
    let path = folder.path().join("$(touch owned) it's.txt");
    let export = prepare("age").protect(&passphrase("word"), CHEAP).unwrap();
    let files = export.write_file(&path, time(NOW)).unwrap();
    assert!(files.protected);
    let quoted = shell_quoted(&path.to_string_lossy());
    assert!(quoted.starts_with('\'') && quoted.contains(r"it'\''s"), "{quoted}");
    assert_eq!(files.open_command, None, "age asks for the passphrase itself");
    assert!(files.usage.iter().any(|line| line.contains(&quoted)), "{:?}", files.usage);
    for line in &files.usage {
        assert!(!line.replace(&quoted, "").contains("touch owned"), "{line}");
    }
    assert!(files.public.as_ref().is_some_and(|public| public.exists()));

    // What is opened first is used under the name that it then has, which is no other
    // file's.
    let restic = Program::find("restic").unwrap();
    let export = prepare("passphrase").told_for(restic).protect(&passphrase("word"), CHEAP);
    let export = export.unwrap();
    assert_eq!(export.default_file_name(), "Ana.restic.age");
    let sealed = folder.path().join("it's.restic.age");
    let told = export.write_file(&sealed, time(NOW)).unwrap();
    let opened = shell_quoted(&folder.path().join("it's.restic").to_string_lossy());
    let quoted = shell_quoted(&sealed.to_string_lossy());
    assert_eq!(told.open_command, Some(format!("age -d -o {opened} {quoted}")));
    assert_eq!(told.usage.len(), 3, "{:?}", told.usage);
    assert!(told.usage.iter().all(|line| line.starts_with("restic ") && line.contains(&opened)));
    // The same key as the target's, under another name.
    let secret = |export: PreparedExport<'_>| {
        let mut out = Vec::new();
        export.write_to(&mut out, "", time(NOW)).unwrap();
        out
    };
    assert_eq!(secret(prepare("passphrase").told_for(restic)), secret(prepare("passphrase")));
    assert_eq!(prepare("age").told_for(restic).default_file_name(), "Ana.age.txt");

    let again = prepare("age").write_file(&path, time(NOW)).unwrap_err();
    let ExportFailure::Write(WriteError::Exists(there)) = &again else { panic!("{again}") };
    assert!(there.starts_with(folder.path()));
    let mut out = Vec::new();
    prepare("hex").write_to(&mut out, "standard output", time(NOW)).unwrap();
    assert_eq!(out.len(), 65);
    assert!(prepare("raw").is_binary());

    assert!(matches!(
        prepare("tls-psk").show_codes(time(NOW)),
        Err(ExportFailure::NotScanned("tls-psk"))
    ));
    assert!(matches!(
        prepare("wireguard").show_codes(time(NOW)),
        Err(ExportFailure::Incomplete(_))
    ));
    let [code] = &prepare("wifi").show_codes(time(NOW)).unwrap()[..] else { panic!("one code") };
    assert!(code.text.starts_with(b"WIFI:"));
    let to: Vec<String> =
        profile.find_key("Ana").unwrap().exports.into_iter().map(|export| export.to).collect();
    let full = path.to_string_lossy().into_owned();
    let sealed = sealed.to_string_lossy().into_owned();
    let streams = ["", "", "standard output", "shown as a code"].map(str::to_owned);
    assert_eq!(to, [&[full, sealed][..], &streams].concat());
}

/// A job that asks every hour makes one entry a program and purpose, and writes the
/// profile once a day.
#[test]
fn what_a_program_is_given_is_remembered_once_with_its_last_day() {
    let (_folder, profile) = profile();
    keep(&profile, 2, "Ana", 20).unwrap();
    let give = |program: &str, purpose: &str, at: &str| {
        let key = profile.find_usable_key("Ana", Require::Usable).unwrap();
        let (program, purpose) = (Program::find(program).unwrap(), Purpose::new(purpose).unwrap());
        let export = profile
            .prepare_export(key, program.target, purpose, &OptionValues::default())
            .unwrap()
            .told_for(program);
        let mut out = Vec::new();
        assert!(export.give_to(&mut out, time(at)).unwrap().is_none());
        assert_eq!(out.len(), 43);
    };
    let told = || -> Vec<(String, String, Option<String>)> {
        let exports = profile.find_key("Ana").unwrap().exports;
        let of = |made: Exported| {
            assert_eq!(made.to, "given to a program");
            let last = made.last.map(|last| last.to_string());
            (made.program.unwrap() + &made.purpose, made.at.to_string(), last)
        };
        exports.into_iter().map(of).collect()
    };
    let entry = |name: &str, at: &str, last: Option<&str>| {
        (name.to_owned(), at.to_owned(), last.map(str::to_owned))
    };
    let [first, later, next] =
        ["2026-11-23T04:00:00Z", "2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z"];
    give("restic", "", first);
    let unchanged = profile.change_token();
    give("restic", "", later);
    assert_eq!(profile.change_token(), unchanged, "nothing is written twice a day");
    assert_eq!(told(), [entry("restic", first, None)]);
    give("restic", " office".trim(), later);
    give("borg", "", later);
    give("restic", "", next);
    // The newest last, and no more than there are programs and purposes.
    let all = [
        entry("resticoffice", later, None),
        entry("borg", later, None),
        entry("restic", first, Some(next)),
    ];
    assert_eq!(told(), all);
    for day in 25..30 {
        give("restic", "", &format!("2026-11-{day}T04:00:00Z"));
    }
    assert_eq!(told().len(), 3);
    // A clock that went back is no reason to grow either.
    give("restic", "", "2020-01-01T00:00:00Z");
    assert_eq!(told().len(), 3);
}

// Codes in files.

#[test]
fn a_codes_file_is_what_its_name_says_and_replaces_nothing_unasked() {
    let folder = tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let code = Code::new("KG1:text").unwrap();
    let secret = |name: &str, n: usize| {
        let labelled =
            || LabelledCode { code: &code, lines: vec!["Ana".into()], warning: "secret" };
        let all: Vec<_> = (0..n).map(|_| labelled()).collect();
        write_secret_codes(&at(name), &all)
    };
    for (name, start) in [("a.png", &b"\x89PNG"[..]), ("a.SVG", b"<svg"), ("a.html", b"<!")] {
        secret(name, 1).unwrap();
        let bytes = fs::read(at(name)).unwrap();
        assert!(bytes.starts_with(start), "{name}: {:?}", &bytes[..8]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(at(name)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let again = secret(name, 1).unwrap_err();
        assert!(matches!(again, CodeFileError::Write(WriteError::Exists(_))), "{again}");
    }
    secret("two.html", 2).unwrap();
    assert!(matches!(secret("two.png", 2), Err(CodeFileError::Several)));
    assert!(matches!(secret("a.jpg", 1), Err(CodeFileError::Ending { .. })));
    assert!(matches!(write_new_code(&at("c.html"), "x"), Err(CodeFileError::Ending { .. })));
    assert!(!at("c.html").exists() && !at("two.png").exists() && !at("a.jpg").exists());

    write_new_code(&at("ours.png"), "KG1:one").unwrap();
    let one = fs::read(at("ours.png")).unwrap();
    assert!(write_new_code(&at("ours.png"), "KG1:two").is_err());
    assert_eq!(fs::read(at("ours.png")).unwrap(), one);
    replace_code(&at("ours.png"), "KG1:two").unwrap();
    assert_ne!(fs::read(at("ours.png")).unwrap(), one);
}

// The identity.

/// Before, the terminal and the window both wrote the new identity in the clear
/// where the old one had been under a passphrase.
#[test]
fn a_protected_identity_never_gives_way_to_an_unprotected_one() {
    let (_folder, profile) = profile();
    let word = passphrase("word");
    profile.create_identity(&identity(1)).unwrap();
    profile.store_identity(&identity(1), Some((&word, CHEAP))).unwrap();
    let at = time(NOW);

    let next = profile.successor_identity(&mut seeded(7), at).unwrap();
    assert!(profile.gives_up_identity(&next).unwrap());
    let plain = PreparedIdentity::new(next, &Protection::Plain).unwrap();
    let refused = profile.take_identity(&plain, at).unwrap_err();
    assert!(matches!(refused, IdentityChangeError::ProtectionLost), "{refused}");
    let still = profile.unlock_identity(Some(&word)).unwrap();
    assert_eq!(still.key.public(), identity(1).key.public());

    let protection = Protection::Passphrase(&word, CHEAP);
    let sealed = PreparedIdentity::new(plain.into_identity(), &protection).unwrap();
    profile.take_identity(&sealed, at).unwrap();
    assert!(matches!(profile.identity().unwrap(), IdentityState::Sealed(_)));
    let now = profile.unlock_identity(Some(&word)).unwrap();
    assert_eq!(now.key.public(), sealed.identity().key.public());
}

/// A rename begins with an unprotected identity, and another program protects it
/// before the new name is stored.
#[test]
fn a_rename_does_not_undo_a_protection_that_came_meanwhile() {
    let (_folder, profile) = profile();
    let word = passphrase("word");
    profile.create_identity(&identity(1)).unwrap();
    let renamed = PreparedIdentity::new(identity(1), &Protection::Plain).unwrap();
    profile.store_changed_identity(&renamed, false).unwrap();
    profile.store_identity(&identity(1), Some((&word, CHEAP))).unwrap();
    let refused = profile.store_changed_identity(&renamed, false);
    assert_eq!(refused, Err(StoreError::ProtectionLost));
    assert!(!profile.folder().join("identity.json").exists());
    assert!(matches!(profile.identity().unwrap(), IdentityState::Sealed(_)));
    // Who asks for it may do without a passphrase.
    profile.store_changed_identity(&renamed, true).unwrap();
    assert!(matches!(profile.identity().unwrap(), IdentityState::Plain(_)));
}

#[test]
fn a_backup_brings_the_same_identity_back_and_replaces_no_file() {
    let (folder, profile) = profile();
    profile.create_identity(&identity(1)).unwrap();
    let path = folder.path().join("identity.age");
    let word = passphrase("word");
    IdentityBackup::write(&path, &identity(1).seal(&word, CHEAP).unwrap()).unwrap();
    assert!(matches!(
        IdentityBackup::write(&path, b"other"),
        Err(IdentityChangeError::Write(WriteError::Exists(_)))
    ));
    let backup = IdentityBackup::read(&path).unwrap();
    assert!(backup.is_protected());
    assert!(backup.open(None).is_err());
    assert!(backup.open(Some(&passphrase("wrong"))).is_err());
    let restored = backup.open(Some(&word)).unwrap();
    assert!(!profile.gives_up_identity(&restored).unwrap(), "it is this very identity");
    assert!(matches!(
        IdentityBackup::read(&folder.path().join("none")),
        Err(IdentityChangeError::Read { .. })
    ));
}
