//! Programs whose public identifiers came with a pairing: what was signed or encrypted by
//! the other side's own key, with nothing typed.

use keyglance_core::identifiers::IdentifierKind;
use keyglance_core::pairing::Card;

use super::{LETTER, Pair, contains, failed, finish, need, passed, shown, succeeded, text};
use crate::program::{Home, pair_and_compare};
use crate::they_shared::shared;

/// Ana, and Bo who shares this of himself.
fn pair_with(shared: &str, what: &[u8]) -> Pair {
    let homes = [Home::new(), Home::new()];
    homes[1].write("public", what);
    homes[1].run(["card", "--set", &format!("{shared}=public")]).ended(0);
    let names: [&[&str]; 2] = [&["--name", "Ana"], &["--name", "Bo"]];
    for (run, _) in pair_and_compare([&homes[0], &homes[1]], names) {
        run.ended(3);
    }
    Pair::of(homes)
}

/// A file for the programs of both before there is a pair.
fn made(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new("timeout");
    command.args(["60", "sh", "-c", script]).current_dir(folder.path()).env("HOME", folder.path());
    let piped = std::process::Stdio::piped;
    command.stdin(piped()).stdout(piped()).stderr(piped());
    succeeded(script, finish(&mut command, b""));
    folder
}

const REMOVE: &str = "rm {file}";

#[test]
fn age_to_the_recipient_of_a_card() {
    need!("age", "age-keygen");
    let bo = made("age-keygen -o bo.key && age-keygen -y bo.key > public && age-keygen -o cy.key");
    let pair = pair_with("age", text(&bo.path().join("public")).as_bytes());
    pair.write("letter", LETTER);
    let told = pair.told(0, "age-recipient", "my dir", &[]);
    let seal = "age -R {file} -o SECRET.age SECRET";
    told.ok(seal, &[("SECRET", "letter")]);
    let open = |key: &str| {
        let key = bo.path().join(key);
        pair.run("age", &["-d", "-i", super::shown(&key), "letter.age"], b"")
    };
    assert_eq!(succeeded("age", open("bo.key")), LETTER);
    failed("age", &open("cy.key"));
    // One letter changed, it is nobody's.
    let mut changed = told.text().into_bytes();
    let last = changed.len() - 3;
    changed[last] = if changed[last] == b'q' { b'p' } else { b'q' };
    std::fs::write(told.path(), changed).unwrap();
    told.fails(seal, &[("SECRET", "letter")]);
    told.ok(REMOVE, &[]);
    assert!(!told.path().exists());
    passed("age (of a card)");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn minisign() {
    need!("minisign");
    let sign = "printf 'Dinner at eight' > download && minisign -G -W -p public -s bo.sec && \
        minisign -S -s bo.sec -m download && minisign -G -W -p cy.pub -s cy.sec";
    let bo = made(sign);
    let pair = pair_with("minisign", &std::fs::read(bo.path().join("public")).unwrap());
    let fetch = |name: &str| {
        std::fs::copy(bo.path().join(name), pair.path(name)).unwrap();
    };
    ["download", "download.minisig"].into_iter().for_each(fetch);
    let told = pair.told(0, "minisign", "it's", &[]);
    let check = "minisign -V -p {file} -m DOWNLOAD";
    let here = &[("DOWNLOAD", "download")];
    assert!(contains(&told.ok(check, here), b"Signature and comment signature verified"));
    pair.write("download", "Dinner at nine");
    told.fails(check, here);
    fetch("download");
    // Another signer's key, in the same place.
    std::fs::copy(bo.path().join("cy.pub"), told.path()).unwrap();
    told.fails(check, here);
    told.ok(REMOVE, &[]);
    passed("minisign");
}

#[test]
#[ignore = "slow: make interop runs it"]
fn openpgp() {
    need!("gpg");
    let key = |name: &str| {
        format!(
            "gpg --batch --passphrase '' --quick-generate-key '{name} <{name}@example.org>' ed25519 sign never 2>/dev/null"
        )
    };
    let make = format!(
        "mkdir -m 700 .gnupg && {} && {} && gpg --armor --export bo@example.org > theirs.asc && \
         gpg --armor --export 'cy@example.org' > cy.asc && \
         gpg --with-colons --fingerprint bo@example.org | sed -n 's/^fpr:*\\([0-9A-F]*\\):$/\\1/p' | head -1 > public && \
         gpgconf --kill all",
        key("bo"),
        key("cy")
    );
    let bo = made(&make);
    let pair = pair_with("openpgp", &std::fs::read(bo.path().join("public")).unwrap());
    for name in ["theirs.asc", "cy.asc"] {
        std::fs::copy(bo.path().join(name), pair.path(name)).unwrap();
    }
    pair.make_folder(".gnupg");
    pair.ok("chmod", &["700", ".gnupg"], b"");
    pair.ok("sh", &["-c", &key("ana")], b"");
    let told = pair.told(0, "openpgp", "a$HOME", &[]);
    let show = "gpg --fingerprint {fpr}";
    told.fails(show, &[]);
    told.ok("gpg --import THEIRS.asc", &[("THEIRS", "cy")]);
    // Another's key under the same import is not that of the card.
    told.fails(show, &[]);
    told.ok("gpg --import THEIRS.asc", &[("THEIRS", "theirs")]);
    assert!(contains(&told.ok(show, &[]), b"bo@example.org"));
    let validity = || {
        let list = ["--with-colons", "--list-keys", "bo@example.org"];
        let out = String::from_utf8(pair.ok("gpg", &list, b"")).unwrap();
        out.lines()
            .find(|line| line.starts_with("uid:"))
            .unwrap()
            .split(':')
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert!(!["f", "u"].contains(&validity().as_str()));
    told.ok("gpg --quick-lsign-key {fpr}", &[]);
    assert!(["f", "u"].contains(&validity().as_str()), "{}", validity());
    told.ok("gpg --quick-revoke-sig {fpr} OWN", &[("OWN", "ana@example.org")]);
    let list = ["--with-colons", "--list-sigs", "bo@example.org"];
    let signatures = String::from_utf8(pair.ok("gpg", &list, b"")).unwrap();
    assert!(signatures.lines().any(|line| line.starts_with("rev:")), "{signatures}");
    pair.run("gpgconf", &["--kill", "all"], b"");
    passed("gpg (of a card)");
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
    // The same of its configuration, a line of which holds all of it.
    let (_, config) = told.line("In ~/.ssh/config, for good: Host {name}, HostName ADDRESS, HostKeyAlias {host}, UserKnownHostsFile {known_hosts_file}, StrictHostKeyChecking yes").split_once(": ").unwrap();
    let name = config.split([' ', ',']).nth(1).unwrap();
    let config = pair.write("config", config.replace(", ", "\n").replace("ADDRESS", "192.0.2.2"));
    let settings = pair.ok("ssh", &["-G", "-F", shown(&config), name], b"");
    let settings = String::from_utf8(settings).unwrap();
    assert!(settings.contains("hostname 192.0.2.2\n"), "{settings}");
    assert!(settings.contains(&format!("{}\n", shown(&told.path()))), "{settings}");
    // ssh-keygen finds the list by the home of the user that runs it: -f names it here.
    let undo = told.line("ssh-keygen -R {host}").to_owned();
    assert_eq!(undo, "ssh-keygen -R bo-laptop");
    pair.ok("sh", &["-c", &format!("{undo} -f ~/.ssh/known_hosts")], b"");
    assert!(find("bo-laptop").stdout.is_empty());
    passed("ssh-keygen");
}
