//! The page for phones: what is installed, where it is written, and its address.

use std::fs;
use std::path::{Path, PathBuf};

use keyglance_profile::{
    PHONE_PAGE_FILES, PageAddress, PhonePage, PhonePageError, Profile, Settings, WriteError,
};
use sha2::{Digest as _, Sha256};
use tempfile::{TempDir, tempdir};

/// A new profile, in a folder that goes with it.
fn profile() -> (TempDir, Profile) {
    let folder = tempdir().unwrap();
    let profile = Profile::open(&folder.path().join("profile")).unwrap();
    (folder, profile)
}

/// A page as the build leaves it, with the SHA-256 of its `index.html`.
fn page(folder: &Path) -> String {
    fs::create_dir_all(folder).unwrap();
    let (mut sums, mut index) = ("# compiler: rustc 1.95\n".to_owned(), String::new());
    for name in PHONE_PAGE_FILES.into_iter().filter(|name| *name != "SHA256SUMS") {
        let bytes = format!("this is {name}\n");
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        sums.push_str(&format!("{sum}  {name}\n"));
        if name == "index.html" {
            index = sum;
        }
        fs::write(folder.join(name), bytes).unwrap();
    }
    fs::write(folder.join("SHA256SUMS"), sums).unwrap();
    index
}

#[test]
fn the_page_is_found_where_it_was_installed_with_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    let find = |program: &str| {
        let program = at(program);
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, "").unwrap();
        PhonePage::of_program(&program)
    };
    assert_eq!(find("usr/bin/keyglance"), Err(PhonePageError::NotInstalled));
    let sha256 = page(&at("usr/share/keyglance/phone"));
    let found = find("usr/bin/keyglance").unwrap();
    assert_eq!(found.sha256(), sha256);
    assert!(found.folder().ends_with("usr/share/keyglance/phone"), "{found:?}");
    // Where it is built, which Cargo marks; any other folder called `phone` is somebody's.
    page(&at("target/phone"));
    assert_eq!(find("target/release/keyglance"), Err(PhonePageError::NotInstalled));
    fs::write(at("target/CACHEDIR.TAG"), "").unwrap();
    assert!(find("target/release/keyglance").is_ok());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at("usr/bin/keyglance"), at("kg")).unwrap();
        assert!(PhonePage::of_program(&at("kg")).is_ok(), "by a link");
    }
}

#[test]
fn a_page_that_is_not_the_one_that_was_built_is_not_given_out() {
    for name in PHONE_PAGE_FILES {
        let folder = tempfile::tempdir().unwrap();
        page(folder.path());
        assert!(PhonePage::in_folder(folder.path()).is_ok());
        let file = folder.path().join(name);
        let mut bytes = fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&file, bytes).unwrap();
        // Of a spoiled list the last file is not proved any more.
        let spoiled = if name == "SHA256SUMS" { "icon-512.png" } else { name };
        let damaged = PhonePageError::Damaged(folder.path().join(spoiled));
        assert_eq!(PhonePage::in_folder(folder.path()), Err(damaged), "{name}");
        fs::remove_file(&file).unwrap();
        assert_eq!(PhonePage::in_folder(folder.path()), Err(PhonePageError::Damaged(file)));
    }
}

#[test]
fn the_page_is_written_whole_and_replaces_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("installed");
    page(&source);
    let installed = PhonePage::in_folder(&source).unwrap();
    let out = folder.path().join("www/phone");
    let written = installed.write_to(&out).unwrap();
    let names: Vec<PathBuf> = PHONE_PAGE_FILES.iter().map(|name| out.join(name)).collect();
    assert_eq!(written, names);
    for name in PHONE_PAGE_FILES {
        assert_eq!(fs::read(out.join(name)).unwrap(), fs::read(source.join(name)).unwrap());
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), PHONE_PAGE_FILES.len());
    assert_eq!(installed.write_to(&out).unwrap(), names, "the same is there");

    // Whichever is another's: nothing beside it is written either.
    for name in PHONE_PAGE_FILES {
        let out = folder.path().join(format!("of-{name}"));
        fs::create_dir(&out).unwrap();
        fs::write(out.join(name), "mine").unwrap();
        let exists = PhonePageError::Write(WriteError::Exists(out.join(name)));
        assert_eq!(installed.write_to(&out), Err(exists));
        assert_eq!(fs::read_to_string(out.join(name)).unwrap(), "mine");
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "{name}");
    }
    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    assert_eq!(installed.write_to(&file), Err(PhonePageError::NotAFolder(file)));
}

#[test]
fn the_address_is_none_until_it_is_set_and_other_settings_leave_it() {
    let (_folder, profile) = profile();
    assert_eq!(profile.phone_page().unwrap(), None);
    // A window that was opened before, and knows no address.
    let mut window: Settings = profile.settings().unwrap();
    let address: PageAddress = "https://keys.example/".parse().unwrap();
    profile.set_phone_page(Some(address.clone())).unwrap();
    window.sounds = false;
    profile.store_settings(&window).unwrap();
    assert_eq!(profile.phone_page().unwrap(), Some(address));
    assert!(!profile.settings().unwrap().sounds);
    profile.set_phone_page(None).unwrap();
    assert_eq!(profile.phone_page().unwrap(), None);
    assert!(!profile.settings().unwrap().sounds);
}

#[test]
fn an_address_that_is_none_in_the_settings_costs_nothing_else() {
    let (_folder, profile) = profile();
    let file = profile.folder().join("settings.json");
    for wrong in [r#""http://keys.example/""#, r#""https://a@b""#, "7", "null", "{}"] {
        fs::write(&file, format!(r#"{{"version":1,"camera":"Front","phone_page":{wrong}}}"#))
            .unwrap();
        assert_eq!(profile.phone_page().unwrap(), None, "{wrong}");
        assert_eq!(profile.settings().unwrap().camera.as_deref(), Some("Front"), "{wrong}");
    }
}
