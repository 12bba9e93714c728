//! What a device shared, in the programs that it is for: the told commands run as they
//! stand, and with one byte of the card changed they do not. SSH and WireGuard are tried
//! between two network namespaces.

use keyglance_core::identifiers::IdentifierKind;
use keyglance_core::pairing::Card;

use super::{LETTER, Pair, Told, need, passed, shown, text};
use crate::they_shared::shared;

/// Ana's file of what Bo shared, and of the same with one byte changed.
fn told<'a>(pair: &'a Pair, program: &str, kind: IdentifierKind, value: &str) -> [Told<'a>; 2] {
    let card = Card::of(&[kind.parse(value).unwrap()]).unwrap();
    shared(&pair.homes[0], &card);
    let right = pair.told(0, program, "it's my dir", &[]);
    let mut items = card.items().to_vec();
    // Not every change of a key is a key.
    let changed = (0..=255).find_map(|other| {
        *items[0].value.last_mut().unwrap() = other;
        let changed = Card::new(items.clone()).unwrap();
        (changed != card && changed.identifiers().all(|one| one.is_ok())).then_some(changed)
    });
    shared(&pair.homes[0], &changed.unwrap());
    [right, pair.told(0, program, "a$HOME", &[])]
}

#[test]
fn what_is_encrypted_to_a_card_is_opened_by_its_owner_alone() {
    need!("age", "age-keygen");
    let pair = Pair::new();
    pair.ok("age-keygen", &["-o", "bo.txt"], b"");
    let recipient = pair.ok("age-keygen", &["-y", "bo.txt"], b"");
    let recipient = String::from_utf8(recipient).unwrap();
    let [right, changed] = told(&pair, "age-recipient", IdentifierKind::Age, &recipient);
    pair.write("letter", LETTER);
    let line = "age -R {file} -o SECRET.age SECRET";
    right.ok(line, &[("SECRET", "letter")]);
    assert_eq!(pair.ok("age", &["-d", "-i", "bo.txt", "letter.age"], b""), LETTER);
    changed.ok(line, &[("SECRET", "letter")]);
    pair.fails("age", &["-d", "-i", "bo.txt", "letter.age"], b"");
    right.ok("rm {file}", &[]);
    assert!(!right.path().exists());
    passed("age (recipient of a card)");
}

#[test]
fn a_download_is_checked_by_the_key_of_a_card() {
    need!("minisign");
    let pair = Pair::new();
    pair.ok("minisign", &["-G", "-W", "-p", "bo.pub", "-s", "bo.key"], b"");
    pair.write("letter", LETTER);
    pair.ok("minisign", &["-S", "-s", "bo.key", "-m", "letter"], b"");
    let public = text(&pair.path("bo.pub"));
    let [right, changed] = told(&pair, "minisign", IdentifierKind::Minisign, &public);
    assert_eq!(right.text(), public, "minisign's own file");
    let line = "minisign -V -p {file} -m DOWNLOAD";
    right.ok(line, &[("DOWNLOAD", "letter")]);
    changed.fails(line, &[("DOWNLOAD", "letter")]);
    pair.write("letter", "Dinner at nine.");
    right.fails(line, &[("DOWNLOAD", "letter")]);
    right.ok("rm {file}", &[]);
    passed("minisign");
}

#[test]
fn a_signature_counts_once_the_fingerprint_of_a_card_is_certified() {
    need!("gpg");
    let pair = Pair::new();
    let new_key = |home: &str, name: &str| {
        let folder = pair.make_folder(home);
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        let of = ["--homedir", home, "--batch", "--passphrase", "", "--quick-gen-key", name];
        pair.ok("gpg", &[&of[..], &["ed25519", "sign", "never"]].concat(), b"");
        let list = ["--homedir", home, "--with-colons", "--list-secret-keys"];
        let list = String::from_utf8(pair.ok("gpg", &list, b"")).unwrap();
        let line = list.lines().find(|line| line.starts_with("fpr:")).unwrap();
        line.split(':').nth(9).unwrap().to_owned()
    };
    // Ana's own, where her gpg looks; Bo's, and that of somebody of the same name.
    let own = new_key(".gnupg", "Ana <ana@example.org>");
    let theirs = new_key("bo", "Bo <bo@example.org>");
    new_key("eve", "Bo <bo@example.org>");
    pair.write("letter", LETTER);
    for home in ["bo", "eve"] {
        let out = format!("{home}.asc");
        pair.ok("gpg", &["--homedir", home, "-a", "-o", &out, "--export"], b"");
        let out = format!("{home}.sig");
        pair.ok("gpg", &["--homedir", home, "--batch", "-b", "-o", &out, "letter"], b"");
    }
    let [right, changed] = told(&pair, "openpgp", IdentifierKind::OpenPgp, &theirs);
    assert_eq!(right.text().trim(), theirs);
    for file in ["bo.asc", "eve.asc"] {
        right.ok("gpg --import THEIRS.asc", &[("THEIRS", file.trim_end_matches(".asc"))]);
    }
    let seen = String::from_utf8(right.ok("gpg --fingerprint {fpr}", &[])).unwrap();
    let shown = IdentifierKind::OpenPgp.parse(&theirs).unwrap().to_string();
    assert!(seen.contains(&shown), "{shown}: {seen}");
    changed.fails("gpg --fingerprint {fpr}", &[]);
    let trust = |home: &str| {
        let sig = format!("{home}.sig");
        let out = pair.ok("gpg", &["--status-fd", "1", "--verify", &sig, "letter"], b"");
        String::from_utf8(out).unwrap()
    };
    assert!(!trust("bo").contains("TRUST_FULLY"));
    changed.fails("gpg --quick-lsign-key {fpr}", &[]);
    right.ok("gpg --quick-lsign-key {fpr}", &[]);
    assert!(trust("bo").contains("TRUST_FULLY") && !trust("eve").contains("TRUST_FULLY"));
    // gpg counts in seconds, and of two signatures the later one holds.
    let second = || std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let signed = second();
    while second() <= signed {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    right.ok("gpg --quick-revoke-sig {fpr} OWN", &[("OWN", &own)]);
    assert!(!trust("bo").contains("TRUST_FULLY"), "taken back");
    passed("gpg (fingerprint of a card)");
}

#[test]
fn an_ssh_that_was_given_a_card_knows_the_host_and_no_other() {
    need!("ssh-keygen");
    let pair = Pair::new();
    pair.ok("ssh-keygen", &["-q", "-t", "ed25519", "-N", "", "-f", "bo"], b"");
    let public = text(&pair.path("bo.pub"));
    let host = IdentifierKind::HostName.parse("bo-laptop").unwrap();
    let key = IdentifierKind::SshHost.parse(&public).unwrap();
    shared(&pair.homes[0], &Card::of(&[key, host]).unwrap());
    pair.make_folder(".ssh");
    let told = pair.told(0, "ssh", "say \"hi\" to it's", &[]);
    told.ok("cat {file} >> ~/.ssh/known_hosts", &[]);
    let list = pair.path(".ssh/known_hosts");
    let find = |host: &str| pair.run("ssh-keygen", &["-F", host, "-f", shown(&list)], b"");
    let found = String::from_utf8(find("bo-laptop").stdout).unwrap();
    assert!(found.contains(public.split(' ').nth(1).unwrap()), "{found}");
    for other in ["github.com", "bo", "bo-laptop.example.org", "[bo-laptop]:2222"] {
        assert!(find(other).stdout.is_empty(), "{other}");
    }
    // ssh reads the file by its path, whatever that is called; -G only prints the settings.
    let line = "ssh -o StrictHostKeyChecking=yes -o {known_hosts} -o HostKeyAlias={host} ADDRESS";
    let settings = told.ok(line, &[("ADDRESS", "-G 192.0.2.2")]);
    let settings = String::from_utf8(settings).unwrap();
    assert!(settings.contains("hostkeyalias bo-laptop\n"), "{settings}");
    assert!(settings.contains(told.file()), "{settings}");
    // ssh-keygen finds the list by the home of the user that runs it: -f names it here.
    let undo = told.line("ssh-keygen -R {host}").to_owned();
    assert_eq!(undo, "ssh-keygen -R bo-laptop");
    pair.ok("sh", &["-c", &format!("{undo} -f ~/.ssh/known_hosts")], b"");
    assert!(find("bo-laptop").stdout.is_empty());
    passed("ssh (known hosts)");
}
