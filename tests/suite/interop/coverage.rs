//! That nothing was forgotten: each command that is told is run by a test here, and the
//! programs are as many as are claimed.

use keyglance_core::exports::{TARGETS, is_sentence};

/// All tests of this module.
const SOURCES: [&str; 11] = [
    include_str!("backups.rs"),
    include_str!("cards.rs"),
    include_str!("disks.rs"),
    include_str!("files.rs"),
    include_str!("home_automation.rs"),
    include_str!("network.rs"),
    include_str!("passwords.rs"),
    include_str!("python.rs"),
    include_str!("radios.rs"),
    include_str!("syncthing.rs"),
    include_str!("vpn.rs"),
];

/// What tests say that passed: programs and libraries, each on both sides.
pub const PROGRAMS: &[&str] = &[
    "age",
    "rage",
    "age (post-quantum)",
    "age (sealed files)",
    "rage (sealed files)",
    "age-encryption",
    "restic",
    "borg",
    "duplicity",
    "rclone",
    "gocryptfs",
    "cryfs",
    "cryptsetup",
    "cryptsetup (typed words)",
    "openssl enc",
    "openssl pkeyutl",
    "gpg",
    "ansible-vault",
    "jose",
    "git-crypt",
    "xxd",
    "base64",
    "keyglance",
    "age (of a card)",
    "gpg (of a card)",
    "minisign",
    "ssh",
    "ssh-keygen",
    "zbarimg",
    "ZXingReader",
    "zxing-cpp",
    "sqlcipher",
    "oathtool",
    "pyotp",
    "keepassxc-cli",
    "keepassxc-cli (typed words)",
    "pykeepass",
    "7z",
    "mnemonic",
    "bip39",
    "jwcrypto",
    "tink",
    "pyseto",
    "wg",
    "wg-quick",
    "wireguard-go",
    "openvpn",
    "swanctl",
    "charon-systemd",
    "stunnel",
    "mosquitto",
    "tor",
    "esphome",
    "aioesphomeapi",
    "syncthing",
    "meshtastic",
    "meshcore",
    "minisign",
];

/// Their commands are run between two computers (`namespaces.rs`), found by their words.
const BETWEEN_COMPUTERS: [&str; 3] = ["ssh", "ssh-login", "syncthing"];

#[test]
fn every_told_command_is_run() {
    let mut commands = std::collections::BTreeSet::new();
    let mut sentences = 0;
    for target in TARGETS.iter().filter(|target| !BETWEEN_COMPUTERS.contains(&target.name)) {
        for line in target.usage.iter().chain(target.undo) {
            if is_sentence(line) {
                sentences += 1;
                continue;
            }
            let literal = format!("{line:?}");
            let is_run = SOURCES.iter().any(|source| source.contains(&literal));
            assert!(is_run, "{}: no test runs {line}", target.name);
            commands.insert(line);
        }
    }
    println!("{} told commands are run, {sentences} sentences are not", commands.len());
    assert!(commands.len() > 50);
}

#[test]
fn the_programs_are_at_least_35_and_each_has_a_test() {
    let sources =
        [&SOURCES[..], &[include_str!("node.rs"), include_str!("namespaces.rs")]].concat();
    for program in PROGRAMS {
        let said = [
            format!("passed(\"{program}\")"),
            // Of two that take the same arguments, one test.
            format!("[\"age\", \"{program}\"]"),
            format!("round_trip(\n        \"{program}\""),
            format!("round_trip(\"{program}\""),
        ];
        let of_both = ["age", "age (sealed files)", "rage (sealed files)"].contains(program);
        let is_said = said.iter().any(|said| sources.iter().any(|source| source.contains(said)));
        assert!(is_said || of_both, "no test says that {program} passed");
    }
    let mut own: Vec<_> = PROGRAMS.iter().map(|name| name.split(' ').next().unwrap()).collect();
    own.dedup();
    assert!(own.len() >= 35, "{}", own.len());
}
