//! Programs that lock disks and folders.

use super::{LETTER, Pair, contains, failed, need, passed, succeeded};

#[test]
#[ignore = "slow: make interop runs it"]
fn gocryptfs() {
    need!("gocryptfs");
    let pair = Pair::new();
    let files = pair.files("gocryptfs");
    for folder in ["cipher", "plain"] {
        pair.make_folder(folder);
    }
    let here = &[("CIPHERFOLDER", "cipher"), ("FOLDER", "plain"), ("NEW", "new/key.gocryptfs")];
    let mount = "gocryptfs CIPHERFOLDER FOLDER < {file}";
    files.ana.ok("gocryptfs -init CIPHERFOLDER < {file}", here);
    for wrong in files.wrong_ones() {
        let run = wrong.run(mount, here, b"");
        failed("gocryptfs", &run);
        assert!(contains(&run.stderr, b"Password incorrect"), "{run:?}");
    }
    let unmount = || pair.ok("fusermount", &["-u", "plain"], b"");
    let mounted = files.ana.run(mount, here, b"");
    if mounted.status.success() {
        pair.write("plain/letter", LETTER);
        unmount();
        files.bo.ok(mount, here);
        let letter = std::fs::read(pair.path("plain/letter")).unwrap();
        unmount();
        assert_eq!(letter, LETTER);
    } else {
        println!("skipped: gocryptfs may not mount here, only its key is opened");
        pair.ok("gocryptfs", &["-q", "-fsck", "cipher"], files.bo.text().as_bytes());
    }
    let new = pair.new_file("gocryptfs");
    files.bo.ok(
        "printf '%s\\n%s\\n' \"$(cat {file})\" \"$(cat NEW)\" | gocryptfs -passwd CIPHERFOLDER",
        here,
    );
    let check = |text: String| pair.run("gocryptfs", &["-q", "-fsck", "cipher"], text.as_bytes());
    failed("gocryptfs", &check(files.ana.text()));
    succeeded("gocryptfs", check(new.text()));
    passed("gocryptfs");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn cryfs() {
    need!("cryfs", "fusermount");
    let pair = Pair::new();
    let files = pair.files("cryfs");
    for folder in ["cipher", "plain"] {
        pair.make_folder(folder);
    }
    let here = &[("CIPHERFOLDER", "cipher"), ("FOLDER", "plain")];
    let mount = "CRYFS_FRONTEND=noninteractive cryfs CIPHERFOLDER FOLDER < {file}";
    let first = files.ana.run(mount, here, b"");
    if !first.status.success() {
        let said = String::from_utf8_lossy(&first.stderr).into_owned();
        assert!(said.contains("fuse"), "{said}");
        println!("skipped: cryfs may not mount here");
        return;
    }
    let unmount = || pair.ok("fusermount", &["-u", "-z", "plain"], b"");
    pair.write("plain/letter", LETTER);
    unmount();
    for stored in crate::program::files(&pair.path("cipher")) {
        assert!(!contains(&std::fs::read(&stored).unwrap(), LETTER), "{stored:?}");
    }
    for wrong in files.wrong_ones() {
        wrong.fails(mount, here);
    }
    files.bo.ok(mount, here);
    let letter = std::fs::read(pair.path("plain/letter"));
    unmount();
    assert_eq!(letter.unwrap(), LETTER);
    passed("cryfs");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn cryptsetup() {
    need!("cryptsetup");
    let pair = Pair::new();
    let files = pair.files("luks");
    std::fs::File::create(pair.path("disk")).unwrap().set_len(20 << 20).unwrap();
    let name = format!("kg-{}", std::process::id());
    let here = &[("DEVICE", "disk"), ("NAME", name.as_str()), ("NEW", "new/key.key")];
    // A disk that is there, with a passphrase that somebody types.
    let format = ["luksFormat", "-q", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000"];
    pair.ok("cryptsetup", &[&format[..], &["disk"]].concat(), b"typed before\n");
    let add = "sudo cryptsetup luksAddKey DEVICE {file}";
    succeeded("cryptsetup", files.ana.run(add, here, b"typed before\n"));
    let open = "sudo cryptsetup open --key-file {file} DEVICE NAME";
    for wrong in files.wrong_ones() {
        let run = wrong.run(open, here, b"");
        failed("cryptsetup", &run);
    }
    let check = |file: &str| {
        let args = ["open", "--test-passphrase", "--key-file", file, "disk"];
        pair.run("cryptsetup", &args, b"")
    };
    let opened = files.bo.run(open, here, b"");
    if opened.status.success() {
        pair.ok("cryptsetup", &["close", &name], b"");
    } else {
        let said = String::from_utf8_lossy(&opened.stderr).into_owned();
        assert!(said.contains("device-mapper") || said.contains("loop"), "{said}");
        println!("skipped: device-mapper not found, only the key is opened");
    }
    succeeded("cryptsetup", check(&files.bo.shown()));
    for wrong in files.wrong_ones() {
        failed("cryptsetup", &check(&wrong.shown()));
    }
    let new = pair.new_file("luks");
    files.bo.ok("sudo cryptsetup luksAddKey --key-file {file} DEVICE NEW", here);
    files.bo.ok("sudo cryptsetup luksRemoveKey DEVICE {file}", here);
    failed("cryptsetup", &check(&files.ana.shown()));
    succeeded("cryptsetup", check(&new.shown()));
    passed("cryptsetup");
}
