//! Profiles in places that are not quite one's own.

use std::process::{Command, Stdio};

use crate::program::{Home, paired};

/// Runs the program with its profile on a read-only disk: in a name space of its
/// own, where the folder is mounted so.
fn read_only(home: &Home, args: &[&str]) -> Option<(Option<i32>, String, String)> {
    let script = "mount --bind profile profile && mount -o remount,ro,bind profile && exec \"$@\"";
    let run = Command::new("unshare")
        .args(["-m", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_keyglance")])
        .args(args)
        .current_dir(home.path(""))
        .env("KEYGLANCE_PROFILE", home.profile())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&run.stdout), text(&run.stderr));
    let refused = err.contains("unshare:") || err.contains("mount:");
    (!refused).then(|| (run.status.code(), out, err))
}

#[test]
fn a_profile_on_a_read_only_disk_is_used_and_not_changed() {
    let [ana, bo] = paired();
    bo.write("in", "Midnight.");
    bo.run(["seal", "in", "--for", "Ana"]).ended(0);
    std::fs::copy(bo.path("in.age"), ana.path("in.age")).unwrap();
    ana.write("letter", "Noon.");
    let Some((code, out, err)) = read_only(&ana, &["keys", "list"]) else {
        println!("skipped: a name space of one's own not found");
        return;
    };
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("Bo") && err.contains("read-only disk"), "{out}{err}");
    ana.write("word", "correct horse");
    let works: [&[&str]; 7] = [
        &["contacts", "list"],
        &["identity"],
        &["contacts", "show", "Bo"],
        &["open", "in.age", "--out", "opened"],
        &["seal", "letter", "--for", "Bo"],
        &["export", "Bo", "--for", "age", "--plain", "--out", "exported"],
        &["backup", "all.age", "--passphrase-file", "word"],
    ];
    for args in works {
        let (code, _, err) = read_only(&ana, args).unwrap();
        assert_eq!(code, Some(0), "{args:?}: {err}");
        assert!(err.contains("nothing can be changed or recorded in it"), "{args:?}: {err}");
    }
    assert_eq!(std::fs::read(ana.path("opened")).unwrap(), b"Midnight.");
    assert!(ana.path("exported").exists() && ana.path("letter.age").exists());
    let changes: [&[&str]; 4] = [
        &["contacts", "rename", "Bo", "Bob"],
        &["keys", "retire", "Bo"],
        &["identity", "--new", "--yes"],
        &["pair", "--stdin", "--json"],
    ];
    for args in changes {
        let (code, _, err) = read_only(&ana, args).unwrap();
        assert_eq!(code, Some(1), "{args:?}: {err}");
        let said: Vec<&str> = err.lines().filter(|l| l.starts_with("keyglance: ")).collect();
        assert!(
            matches!(said[..], [line] if line.contains("can be read, but not changed")),
            "{args:?}: {err}"
        );
    }
}

#[test]
fn how_to_mend_a_file_that_others_can_change_is_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let [ana, _bo] = paired();
    let contact = crate::program::files(&ana.profile().join("contacts")).remove(0);
    let open = |mode| std::fs::set_permissions(&contact, std::fs::Permissions::from_mode(mode));
    open(0o666).unwrap();
    let run = ana.run(["contacts", "list"]).ended(0);
    let mend = format!("chmod 600 {}", contact.display());
    assert!(run.err.contains("can be changed by other users"), "{run:?}");
    assert!(run.err.contains(&mend), "{run:?}");
    // Nothing is made of a key whose contact is not to be believed.
    ana.run(["export", "Bo", "--for", "hex", "--plain", "--out", "-"]).ended(1);
    open(0o600).unwrap();
    ana.run(["export", "Bo", "--for", "hex", "--plain", "--out", "-"]).ended(0);
}

/// The passphrase of an identity never goes without a word.
#[test]
fn a_protected_identity_stays_protected() {
    let home = Home::new();
    home.write("pass", "right\n");
    home.write("wrong", "wrong\n");
    home.run(["identity", "--protect", "--new-passphrase-file", "pass"]).ended(0);
    let sealed = home.profile().join("identity.json.age");
    let plain = home.profile().join("identity.json");
    let before = std::fs::read(&sealed).unwrap();
    home.run(["identity", "--new", "--yes"]).ended(2);
    home.run(["identity", "--new", "--yes", "--passphrase-file", "wrong"]).ended(1);
    assert_eq!(std::fs::read(&sealed).unwrap(), before);
    // Kept, with the passphrase that it had.
    home.run(["identity", "--new", "--yes", "--passphrase-file", "pass"]).ended(0);
    assert!(sealed.exists() && !plain.exists());
    assert_ne!(std::fs::read(&sealed).unwrap(), before);
    home.run(["identity", "--passphrase-file", "pass"]).ended(0);
}
