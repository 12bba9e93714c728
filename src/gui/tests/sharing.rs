//! What this device shares with who pairs: nothing by itself, said before and after.

use std::fs;
use std::path::PathBuf;

use super::harness::press;
use super::{TestHarness, peer};
use crate::gui::effect::FileDialog;
use crate::gui::message::Message;
use crate::gui::report::Report;
use crate::gui::route::Route;
use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::pairing::{Card, CardItem};

const KEY: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAIPEFfiKnhtP/Tj7K7gjHKS/8BWCJ4nk2urt6zBCWGn8r ana@laptop\n";
const OTHER_KEY: &str = "ssh-ed25519 \
    AAAAC3NzaC1lZDI1NTE5AAAAILXR2ExlrKRnR7O46nUbqI3w+OTBBRbBMT1UEAGgOx68 ana@laptop\n";
const FINGERPRINT: &str = "SHA256:z3BBjhAjoYW7Ae0rL191CyurlLOVuGAHzNs1qoQIYhg";
const PRIVATE_OF_WIREGUARD: &str = "yLrlvJ+lDdTh9NTtYYMvaIUHTCY6hzs64fMZDkFPCWM=";

/// What another device shares.
pub fn card() -> Card {
    let read = |kind: IdentifierKind, text: &str| kind.parse(text).unwrap();
    Card::of(&[
        read(IdentifierKind::SshHost, KEY),
        read(IdentifierKind::Syncthing, CERTIFICATE),
        read(IdentifierKind::HostName, "bo-laptop.local"),
    ])
    .unwrap()
}

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

fn write(bench: &TestHarness, path: &str, text: &str) -> PathBuf {
    let path = bench.folder().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

fn ana_with_keys() -> TestHarness {
    let bench = TestHarness::ana();
    write(&bench, "etc/ssh/ssh_host_ed25519_key.pub", KEY);
    write(&bench, ".ssh/id_ed25519.pub", OTHER_KEY);
    bench
}

fn open_settings(bench: &mut TestHarness) {
    bench.window().update(Message::Go(Route::Share { for_pairing: false }));
    bench.settle();
}

fn shared(bench: &TestHarness) -> Vec<IdentifierKind> {
    let card = bench.profile().own_card().unwrap();
    card.shared().iter().map(Identifier::kind).collect()
}

#[test]
fn nothing_is_shared_until_it_is_ticked() {
    let mut bench = ana_with_keys();
    open_settings(&mut bench);
    assert!(!bench.sees("SHA256:"), "nothing is read either");
    press(&mut bench, "Done");
    bench.window().update(Message::Go(Route::Pair));
    bench.settle();
    assert!(bench.sees("You share: nothing"));
    let mut bo = peer("Bo", 1, 1);
    bench.face(&mut bo, 12);
    assert!(bo.pairing().unwrap().peer_card.is_empty());
    bench.compare_later();
    assert!(!bench.sees("They shared"));
}

#[test]
fn what_is_ticked_is_shared_and_said_before_and_after() {
    let mut bench = ana_with_keys();
    bench.click("Pair a device");
    assert!(bench.sees("You share: nothing"));
    bench.click("Change what you share");
    press(&mut bench, "SSH host key");
    assert!(bench.sees(FINGERPRINT) && bench.sees("ssh_host_ed25519_key.pub, read"));
    assert_eq!(shared(&bench), [IdentifierKind::SshHost]);
    press(&mut bench, "Done");
    // Back to a pairing that shares it.
    assert!(bench.sees("You share: SSH host key"));
    let mut bo = peer("Bo", 1, 1).with_card(card());
    bench.face(&mut bo, 12);
    let theirs = bo.pairing().unwrap().peer_card.clone();
    assert_eq!(theirs, Card::of(&[IdentifierKind::SshHost.parse(KEY).unwrap()]).unwrap());
    bench.compare_later();
    // Whoever is at the other end said so, and nobody has compared.
    assert!(bench.sees("They shared") && bench.sees("Use it after comparing"));
    assert!(bench.sees("bo-laptop.local") && bench.sees(FINGERPRINT));
    press(&mut bench, "Copy the SSH host key");
    let line = KEY.rsplit_once(' ').unwrap().0;
    assert!(bench.done().contains(&format!("Copy({line:?})")), "as ssh takes it");
    press(&mut bench, "Compare…");
    let digits = bo.check_code().unwrap().to_string();
    bench.write("Six digits of the other screen", &digits);
    bench.click("Check");
    assert!(bench.sees("They shared") && !bench.sees("Use it after comparing"));
}

#[test]
fn what_has_changed_is_not_shared_and_told_before_the_pairing() {
    let mut bench = ana_with_keys();
    open_settings(&mut bench);
    press(&mut bench, "SSH key");
    assert_eq!(shared(&bench), [IdentifierKind::SshUser]);
    write(&bench, ".ssh/id_ed25519.pub", KEY);
    bench.window().update(Message::Go(Route::Pair));
    bench.settle();
    assert!(bench.sees("Your SSH key has changed since you chose to share it."));
    assert!(bench.sees("You share: nothing"));
    assert!(shared(&bench).is_empty());
    let mut bo = peer("Bo", 1, 1);
    bench.face(&mut bo, 12);
    assert!(bo.pairing().unwrap().peer_card.is_empty());
}

#[test]
fn a_private_key_is_refused_and_one_that_looks_so_is_a_question() {
    let mut bench = ana_with_keys();
    open_settings(&mut bench);
    press(&mut bench, "WireGuard public key");
    let path = write(&bench, "id", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    press(&mut bench, "Choose…");
    bench.report(Report::FilesChosen(FileDialog::Open, Some(vec![path])));
    assert!(bench.sees("holds a PRIVATE key"), "said loudly");
    bench.write("The public key, or the path of its file", PRIVATE_OF_WIREGUARD);
    press(&mut bench, "Share this");
    assert!(bench.sees("looks like a PRIVATE key of WireGuard"));
    assert!(shared(&bench).is_empty());
    press(&mut bench, "It is the public key");
    assert_eq!(shared(&bench), [IdentifierKind::WireGuard]);
    press(&mut bench, "WireGuard public key");
    assert!(shared(&bench).is_empty(), "and off again");
}

#[test]
fn a_host_name_is_chosen_and_gpg_is_asked_by_a_press_only() {
    let mut bench = ana_with_keys();
    open_settings(&mut bench);
    press(&mut bench, "Host name");
    press(&mut bench, "ana-laptop.local");
    assert_eq!(shared(&bench), [IdentifierKind::HostName]);
    press(&mut bench, "OpenPGP fingerprint");
    assert!(!bench.sees("gpg is not installed") && !bench.sees("Gpg is not installed"));
    press(&mut bench, "Ask gpg");
    assert!(bench.sees("Gpg is not installed."));
    assert_eq!(shared(&bench), [IdentifierKind::HostName]);
}

#[test]
fn a_card_that_breaks_the_rules_is_told_with_the_result() {
    let mut bench = TestHarness::ana();
    let kind = IdentifierKind::SshHost.on_card();
    let broken = Card::unchecked(vec![CardItem { kind, value: vec![9; 31] }]);
    let mut bo = peer("Bo", 1, 1).with_card(broken);
    bench.pair(&mut bo);
    bench.compare(&bo);
    assert!(bench.sees("What the other device tells of itself breaks the rules"));
    assert!(!bench.sees("They shared"));
}
