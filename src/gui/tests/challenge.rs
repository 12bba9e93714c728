//! "Are you you?" in the window: two windows, and the numbers that their users read out.

use std::time::Duration;

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::harness::{TestHarness, peer};
use crate::gui::message::Message;
use crate::gui::route::Route;
use keyglance_core::challenge::Challenge;
use keyglance_core::crypto::Purpose;
use keyglance_core::jiff::Timestamp;
use keyglance_core::keyfile::KeyFile;

/// Ana's window, and what Bo's device says.
fn call(compares: bool) -> (TestHarness, Challenge) {
    let mut bench = TestHarness::ana();
    let mut bo = peer("Bo", 1, 1);
    bench.pair(&mut bo);
    if compares {
        bench.compare(&bo);
    } else {
        bench.compare_later();
    }
    bench.click("Done");
    let key = KeyFile::from_pairing(bo.pairing().unwrap(), Timestamp::UNIX_EPOCH);
    let theirs = Challenge::new(&key, &Purpose::none()).unwrap();
    bench.click("Bo");
    bench.click("Are you you?");
    (bench, theirs)
}

/// The time of day in the scripted world, this long after the page was opened.
fn at(seconds: i64) -> Timestamp {
    let opened: Timestamp = "2026-05-02T12:00:00Z".parse().unwrap();
    opened + keyglance_core::jiff::SignedDuration::from_secs(seconds)
}

fn say(bench: &mut TestHarness, number: &str) {
    bench.write("Six digits that they say", number);
    bench.click("Check");
}

fn shown(bench: &mut TestHarness) -> String {
    let said = bench.harness().get_by_label_contains("You say:").accesskit_node().value().unwrap();
    said.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn a_number_is_right_wrong_our_own_or_too_old() {
    let (mut bench, theirs) = call(true);
    assert!(bench.sees("Are you Bo?") && bench.sees("A new one in 30 s"));
    assert!(!bench.sees("not compared"));
    let own = shown(&mut bench);
    say(&mut bench, &own);
    assert!(bench.sees("they repeat what you said"));
    let old = theirs.own(at(-300)).digits();
    say(&mut bench, &old);
    assert!(bench.sees("Too old"));
    bench.wait(31.0);
    assert_ne!(shown(&mut bench), own, "the number has changed");
    assert!(bench.sees("A new one in 29 s"));
    say(&mut bench, &theirs.own(at(31)).digits());
    assert!(bench.sees("Right. It is Bo."));
    // The same number a second time is no answer.
    bench.click("Ask again");
    say(&mut bench, &theirs.own(at(31)).digits());
    assert!(bench.sees("counts once"));
}

#[test]
fn an_uncompared_key_is_told_loudly() {
    let (mut bench, theirs) = call(false);
    assert!(bench.sees("This key is not compared."));
    say(&mut bench, &theirs.own(at(0)).digits());
    assert!(
        bench.sees("Right. It is the device that you paired with.") && !bench.sees("It is Bo.")
    );
    bench.click("Compare…");
    assert!(bench.sees("Six digits of the other screen") || bench.sees("safety number"));
}

#[test]
fn guessing_ends_and_another_word_is_another_number() {
    let (mut bench, theirs) = call(true);
    let numbers = |n: i64| theirs.own(at(30 * n)).digits();
    let taken: Vec<_> = (-21..=21).map(numbers).chain([shown(&mut bench)]).collect();
    let wrong: Vec<_> =
        (0..).map(|n| format!("{n:06}")).filter(|n| !taken.contains(n)).take(5).collect();
    for number in &wrong {
        say(&mut bench, number);
    }
    assert!(bench.sees("Hang up"));
    let fields = bench.harness().query_all_by_role(Role::TextInput).count();
    assert_eq!(fields, 0, "nothing more can be typed");
    let before = shown(&mut bench);
    bench.click("Separate key…");
    bench.write("Word for a separate key, the same on both devices", "office");
    bench.click("Use this word");
    assert_ne!(shown(&mut bench), before);
    assert!(!bench.sees("Hang up"));
}

/// Once a second, and only while it is open.
#[test]
fn it_is_drawn_again_only_as_the_second_changes() {
    let (mut bench, _) = call(true);
    let asks = |bench: &mut TestHarness| {
        bench.harness().run_steps(5);
        let output = bench.harness().output();
        output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap()
    };
    // The cursor of a field blinks.
    bench.click("Separate key…");
    bench.harness().ctx.memory_mut(|memory| {
        if let Some(id) = memory.focused() {
            memory.surrender_focus(id);
        }
    });
    let now = bench.window().fixed_time.unwrap();
    let next = bench.window().app.next_deadline().unwrap();
    assert_eq!(next - now, Duration::from_secs(1));
    bench.window().update(Message::Go(Route::Home));
    bench.settle();
    assert_eq!(asks(&mut bench), Duration::MAX);
}
