//! What the other device shared: on the contact's page, and with the programs that take it.

use super::exports::{SEARCH, options, set_file, use_key};
use super::harness::{clear, press};
use super::{TestHarness, peer};
use crate::gui::screens::export;
use eframe::egui::Key;
use egui_kittest::kittest::Queryable as _;
use keyglance_core::exports::{PROGRAMS, Program};
use keyglance_core::test_util::{identifiers, shared_card};
use keyglance_profile::{Require, VerificationResult};

use crate::gui::message::Message;

const GO_ON: &str = "Go on, not compared";

/// Ana, paired with a Bo who shares one of each.
fn with_card(host: &str, compared: bool) -> TestHarness {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 1).with_card(shared_card(host));
    bench.pair(&mut bo);
    if compared {
        bench.compare(&bo);
    } else {
        bench.compare_later();
    }
    bench.click("Done");
    bench
}

/// The page of the contact.
fn contact(bench: &mut TestHarness) {
    let id = bench.profile().find_contact("Bo").unwrap().id();
    bench.window().update(Message::Go(crate::gui::route::Route::Contact(id)));
    bench.settle();
}

fn of_card() -> impl Iterator<Item = &'static Program> {
    PROGRAMS.iter().filter(|program| program.target.is_public())
}

fn choose(bench: &mut TestHarness, program: &'static Program) {
    bench.window().update(Message::Export(export::Message::Another));
    bench.window().update(Message::Export(export::Message::Program(program)));
    bench.settle();
}

#[test]
fn the_contacts_page_shows_each_value_to_copy() {
    let mut bench = with_card("bo-laptop", true);
    contact(&mut bench);
    assert!(bench.sees("They shared") && !bench.sees("Not compared: these are theirs only"));
    for one in identifiers("bo-laptop") {
        assert!(bench.sees(&one.to_string()), "{one}");
    }
    bench.done();
    press(&mut bench, "Copy Syncthing device ID");
    let id = identifiers("x")[2].to_string();
    assert_eq!(bench.done(), format!("Copy({id:?})"));
    assert!(bench.sees("Copied"));
    press(&mut bench, "Copy SSH key");
    assert!(bench.done().contains("Copy(\"ssh-ed25519 AAAA"), "the key, not its fingerprint");
}

#[test]
fn before_the_comparison_the_page_says_what_it_is_worth() {
    let mut bench = with_card("bo-laptop", false);
    contact(&mut bench);
    assert!(bench.sees("Not compared: these are theirs only if the pairing was with them."));
}

#[test]
fn what_nobody_shared_is_weak_and_says_why() {
    let (mut bench, _) = super::harness::paired();
    contact(&mut bench);
    assert!(!bench.sees("They shared"));
    use_key(&mut bench);
    for program in of_card() {
        choose(&mut bench, program);
        assert!(bench.sees(&format!("shared no {}.", program.target.shared.unwrap().title())));
        assert!(bench.sees("Ask them to tick it") && !bench.enabled("Continue"), "{program:?}");
        assert!(!bench.sees(GO_ON));
    }
}

#[test]
fn a_card_that_is_not_compared_needs_a_second_press_and_the_file_says_so() {
    let mut bench = with_card("bo-laptop", false);
    use_key(&mut bench);
    for program in of_card() {
        choose(&mut bench, program);
        assert!(bench.sees("What they shared is theirs only if the pairing was with them"));
        assert!(bench.sees(GO_ON) && !bench.sees("Continue"), "{program:?}");
        // Enter is not that press.
        bench.window().update(Message::Export(export::Message::Continue));
        bench.settle();
        assert!(bench.sees(GO_ON), "{program:?}");
    }
    choose(&mut bench, Program::find("ssh").unwrap());
    press(&mut bench, GO_ON);
    assert!(bench.sees("ssh will trust this key for: bo-laptop"));
    let path = bench.folder().join("bo");
    set_file(&mut bench, &path);
    press(&mut bench, "Save");
    assert!(bench.sees("The file is saved. It holds no secret."));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# NOT COMPARED\nbo-laptop ssh-ed25519 "), "{text}");
    // That was said of this one file.
    choose(&mut bench, Program::find("minisign").unwrap());
    assert!(bench.sees(GO_ON));
}

#[test]
fn a_tunnel_with_their_key_needs_that_press_too() {
    let mut bench = with_card("bo-laptop", false);
    use_key(&mut bench);
    options(&mut bench, "wg-quick");
    press(&mut bench, "Without a passphrase");
    press(&mut bench, "Use bo-laptop:51820, as they call it");
    let path = bench.folder().join("kg.conf");
    set_file(&mut bench, &path);
    press(&mut bench, "Save");
    assert!(bench.sees("theirs only if the pairing was with them") && !path.exists());
    press(&mut bench, GO_ON);
    assert!(!bench.sees(GO_ON));
    press(&mut bench, "Save");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# NOT COMPARED\n[Interface]"), "{text}");
    assert!(text.contains("\nEndpoint = bo-laptop:51820\n"), "offered and taken: {text}");
    assert!(text.contains(&format!("\nPublicKey = {}\n", identifiers("x")[3])), "{text}");
}

#[test]
fn a_public_file_asks_for_no_passphrase_and_no_word() {
    let mut bench = with_card("github.com", true);
    use_key(&mut bench);
    for program in of_card() {
        choose(&mut bench, program);
        press(&mut bench, "Continue");
        assert!(!bench.sees("Passphrase") && !bench.sees("Separate key"), "{program:?}");
    }
    choose(&mut bench, Program::find("ssh").unwrap());
    press(&mut bench, "Continue");
    // A name that can be another host's is shown, and not taken.
    assert!(bench.sees("“github.com”, which can be another host’s name"));
    let path = bench.folder().join("bo");
    set_file(&mut bench, &path);
    press(&mut bench, "Save");
    assert!(!path.exists());
    let field = "The host name or address that ssh trusts the key for";
    bench.write(field, "*");
    assert!(!bench.sees("ssh will trust this key for"));
    press(&mut bench, "Save");
    assert!(!path.exists());
    clear(&mut bench, field);
    bench.write(field, "Bo.Example.org");
    assert!(bench.sees("ssh will trust this key for: bo.example.org"));
    press(&mut bench, "Save");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("bo.example.org ssh-ed25519 "), "{text}");
    assert!(bench.sees("On this device"));
    bench.click("To renew or revoke it…");
    assert!(bench.sees("ssh-keygen -R bo.example.org"));
    bench.key(Key::Escape);
    bench.write(SEARCH, "syncthing");
    assert!(bench.harness().query_all_by_label("Syncthing folder").next().is_some(), "both");
    assert!(bench.harness().query_all_by_label("Syncthing").next().is_some());
}

/// The lines by which it is taken back.
const UNDO: [&str; 2] = ["ssh-keygen -R bo-laptop", "delete the line that ends in keyglance:Bo"];

/// Ana wrote two files of Bo's card and one of the key.
fn made() -> TestHarness {
    let bench = with_card("bo-laptop", false);
    for target in ["ssh", "ssh-login", "hex"] {
        let profile = bench.profile();
        let key = profile.find_usable_key("Bo", Require::Usable).unwrap().accept_not_compared();
        let target = Program::find(target).unwrap().target;
        let made = profile.prepare_export(key, target, Default::default(), &Default::default());
        let path = bench.folder().join(target.name);
        made.unwrap().write_file(&path, "2026-05-09T12:00:00Z".parse().unwrap()).unwrap();
    }
    bench
}

#[test]
fn what_was_made_of_a_card_is_on_the_page_of_a_contact_that_does_not_match() {
    let mut bench = made();
    contact(&mut bench);
    assert!(!bench.sees("is still in other programs"));
    let id = bench.profile().find_contact("Bo").unwrap().id();
    let at = "2026-05-09T13:00:00Z".parse().unwrap();
    bench.profile().record_verification(id, VerificationResult::Mismatch, at).unwrap();
    bench.poll_changes().into_iter().for_each(|report| bench.report(report));
    assert!(bench.sees("What you made of what they shared is still in other programs."));
    assert!(UNDO.iter().all(|line| bench.sees(line)) && !bench.sees("hex: "));
    bench.done();
    press(&mut bench, "Copy ssh");
    assert_eq!(bench.done(), "Copy(\"ssh-keygen -R bo-laptop\")");
}

#[test]
fn and_on_the_first_page_where_the_key_is_gone() {
    let mut bench = made();
    contact(&mut bench);
    press(&mut bench, "The other device says no…");
    press(&mut bench, "Delete the key");
    assert!(bench.profile().keys().unwrap().0.is_empty());
    bench.window().update(Message::Go(crate::gui::route::Route::Home));
    bench.settle();
    assert!(bench.sees("What you made of what they shared is still in other programs."));
    assert!(UNDO.iter().all(|line| bench.sees(line)));
    press(&mut bench, "It is taken back");
    assert!(!bench.sees("is still in other programs"));
}
