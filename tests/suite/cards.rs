//! What two devices share of themselves when they pair: chosen, shown before and after, and
//! nothing else.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keyglance_core::identifiers::IdentifierKind;
use keyglance_core::pairing::{Card, CardItem};
use keyglance_core::test_util::device;
use serde_json::Value;

use crate::program::{Home, Running, pair_and_compare, pair_through_pipes, result};

const KEY: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAIPEFfiKnhtP/Tj7K7gjHKS/8BWCJ4nk2urt6zBCWGn8r ana@laptop\n";
const OTHER_KEY: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAILXR2ExlrKRnR7O46nUbqI3w+OTBBRbBMT1UEAGgOx68 ana@laptop\n";
const FINGERPRINT: &str = "SHA256:z3BBjhAjoYW7Ae0rL191CyurlLOVuGAHzNs1qoQIYhg";
/// What a CONFIRM or DONE without a card has as text: 32 bytes in base64url.
const SHORTEST: usize = "kg1:".len() + 43;

fn kinds(identifiers: &Value) -> Vec<&str> {
    let identifiers = identifiers.as_array().unwrap();
    identifiers.iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

fn ana_who_shares() -> Home {
    let ana = Home::new();
    ana.write("host.pub", KEY);
    ana.run(["card", "--set", "ssh-host=host.pub", "--set", "host-name=ana.local"]).ended(0);
    ana
}

#[test]
fn nothing_is_shared_by_default_nor_against_none() {
    let none = ["--share", "none"];
    for (ana, args) in [(Home::new(), &[][..]), (ana_who_shares(), &none[..])] {
        let bo = Home::new();
        for (run, lines) in pair_through_pipes([&ana, &bo], [args, &[]]) {
            assert!(run.err.contains("You share: nothing\n"), "{run:?}");
            let told = result(&run);
            assert!(
                kinds(&told["you_shared"]).is_empty() && kinds(&told["they_shared"]).is_empty()
            );
            assert_eq!(lines.last().unwrap().len(), SHORTEST, "{lines:?}");
        }
    }
}

#[test]
fn what_is_chosen_is_said_before_travels_and_is_said_after() {
    let (ana, bo) = (ana_who_shares(), Home::new());
    bo.write("bo.pub", OTHER_KEY);
    bo.run(["card", "--set", "ssh-user=bo.pub"]).ended(0);
    let [(of_ana, lines), (of_bo, _)] = pair_and_compare([&ana, &bo], [&[], &[]]);
    assert!(of_ana.err.contains("You share: SSH host key, host name ana.local\n"), "{of_ana:?}");
    assert!(lines.last().unwrap().len() > SHORTEST);
    let (a, b) = (result(&of_ana), result(&of_bo));
    assert_eq!(a["you_shared"], b["they_shared"]);
    assert_eq!(kinds(&b["they_shared"]), ["ssh-host", "host-name"]);
    assert_eq!(b["they_shared"][0]["value"], FINGERPRINT);
    assert_eq!(kinds(&a["they_shared"]), ["ssh-user"]);
}

#[test]
fn it_is_said_before_the_first_code() {
    let ana = ana_who_shares();
    let program = env!("CARGO_BIN_EXE_keyglance");
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("'{program}' --profile \"$0\" pair --stdin 2>&1"));
    command.arg(ana.profile()).stdin(Stdio::null());
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let [share, reaches, code] = ["You share: SSH", "also before you have compared", "kg1:"]
        .map(|text| said.find(text).unwrap_or_else(|| panic!("{text}: {said}")));
    assert!(share < reaches && reaches < code, "{said}");
}

#[test]
fn share_is_for_one_pairing_and_names_what_is_shared() {
    let (ana, bo) = (ana_who_shares(), Home::new());
    ana.write("user.pub", OTHER_KEY);
    let [(of_ana, _), _] = pair_through_pipes([&ana, &bo], [&["--share", "host-name"], &[]]);
    assert_eq!(kinds(&result(&of_ana)["you_shared"]), ["host-name"]);
    let card = ana.run(["card", "--json"]).ended(0).json();
    let shared = card["card"].as_array().unwrap().iter().filter(|row| row["shared"] == true);
    assert_eq!(shared.count(), 2, "as it was");
    // What cannot be shared is said before anything is shown.
    for (kinds, code, said) in [
        ("minisign", 1, "minisign public key is not known yet"),
        ("ssh", 2, "the kinds are ssh-host, ssh-user"),
        ("none,ssh-host", 2, "the kinds are"),
    ] {
        let run = ana.run(["pair", "--stdin", "--share", kinds]).ended(code);
        assert!(run.err.contains(said) && run.out.is_empty(), "{run:?}");
    }
}

#[test]
fn a_changed_key_is_not_shared_and_said() {
    let (ana, bo) = (ana_who_shares(), Home::new());
    ana.write("host.pub", OTHER_KEY);
    let named = ana.run(["pair", "--stdin", "--share", "ssh-host"]).ended(1);
    assert!(named.err.contains("has changed since") && named.out.is_empty(), "{named:?}");
    let [(of_ana, _), _] = pair_through_pipes([&ana, &bo], [&[], &[]]);
    assert!(of_ana.err.contains("Your SSH host key has changed since"), "{of_ana:?}");
    assert!(of_ana.err.contains("keyglance card --set ssh-host"), "{of_ana:?}");
    assert_eq!(kinds(&result(&of_ana)["you_shared"]), ["host-name"]);
    let card = ana.run(["card"]).ended(0).text();
    assert!(card.contains("[ ] ssh-host") && card.contains("[x] host-name"), "{card}");
}

#[test]
fn a_private_key_is_refused_loudly_and_changes_nothing() {
    let ana = ana_who_shares();
    ana.write("id", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n");
    let before = ana.run(["card", "--json"]).ended(0).json();
    for choice in ["ssh-user=id", "syncthing=id", "minisign=id"] {
        // Neither is the other choice stored then.
        let run = ana.run(["card", "--set", "host-name=other", "--set", choice]).ended(1);
        assert!(run.err.contains("STOP: ") && run.err.contains("PRIVATE key"), "{run:?}");
    }
    let wireguard = "wireguard=yLrlvJ+lDdTh9NTtYYMvaIUHTCY6hzs64fMZDkFPCWM=";
    let run = ana.run(["card", "--set", wireguard]).ended(1);
    assert!(run.err.contains("looks like a PRIVATE key") && run.err.contains("--yes"), "{run:?}");
    assert_eq!(ana.run(["card", "--json"]).ended(0).json(), before);
    ana.run(["card", "--set", wireguard, "--yes"]).ended(0);
    // As `umask 077; wg genkey > wg.key` leaves it: no word of the user makes it public.
    let path = ana.write("wg.key", &wireguard["wireguard=".len()..]);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let run = ana.run(["card", "--set", "wireguard=wg.key", "--yes"]).ended(1);
    assert!(run.err.contains("wg pubkey < FILE"), "{run:?}");
}

#[test]
fn several_keys_of_gpg_are_told_as_commands_to_choose_by() {
    let ana = Home::new();
    let bin = ana.path("bin");
    std::fs::create_dir(&bin).unwrap();
    let gpg = ana.write(
        "bin/gpg",
        "#!/bin/sh\nfor n in 1 2; do printf 'sec:u::::::::::scESC:\\nfpr:::::::::000000000000000000\
         000000000000000000000%s:\\nuid:u::::::::Ana %s:\\n' $n $n; done\n",
    );
    std::fs::set_permissions(&gpg, std::fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let run = Running::start(ana.command(["card", "--set", "openpgp"]).env("PATH", &path)).end();
    let told = run.ended(2).err;
    let command = told.lines().find(|line| line.contains("Ana 2")).unwrap();
    let choice = command.split_whitespace().nth(3).unwrap();
    let card = ana.run(["card", "--set", choice]).ended(0).text();
    assert!(card.contains("[x] openpgp    0000 0000 0000 0000 0000  0000 0000 0000 0000 0002"));
}

#[test]
fn a_card_that_breaks_the_rules_is_told_and_the_key_is_kept() {
    let home = Home::new();
    let kind = IdentifierKind::SshHost.on_card();
    let broken = Card::unchecked(vec![CardItem { kind, value: vec![9; 31] }]);
    let mut hostile = device(5).with_card(broken);
    let began = Instant::now();
    let mut program =
        Running::start(&mut home.command(["pair", "--stdin", "--json", "--skip-check"]));
    program.write(format!("{}\n", hostile.text().unwrap()));
    while let Some(line) = program.line() {
        assert!(began.elapsed() < Duration::from_secs(60));
        hostile.handle(began.elapsed(), &line);
        program.write(format!("{}\n", hostile.text().unwrap()));
    }
    let run = program.end().ended(3);
    let told = result(&run);
    assert_eq!(
        (&told["card_refused"], &told["they_shared"]),
        (&true.into(), &Value::Array(vec![]))
    );
    assert!(run.err.contains("tells of itself breaks the rules"), "{run:?}");
}
