//! What holds for every screen: names, the smallest window, idleness.

use std::time::Duration;

use eframe::egui::{Vec2, accesskit::Role};
use egui_kittest::kittest::NodeT as _;

use super::harness::paired;
use super::sharing::card;
use super::{TestHarness, peer};
use crate::gui::effect::PaperOf;
use crate::gui::message::Message;
use crate::gui::route::Route;
use crate::gui::screens::{
    challenge, export, from_paper, pairing, phone, share, verify, what_code,
};
use keyglance_capture::ScreenAccess;
use keyglance_core::identifiers::IdentifierKind::{HostName, WireGuard};
use keyglance_profile::Motion;

/// A code of Signal, of published values.
pub const LINK_DEVICE: &str = "sgnl://linkdevice?uuid=12345678-1234-4234-8234-1234567890ab&\
    pub_key=BegC1BNRMWlIO7jeDVR2ljvAHw64XdkpHcoz0PmNxBol&capabilities=backup5";

const fn guide(page: Option<what_code::Guide>) -> Message {
    Message::WhatCode(what_code::Message::Guide(page))
}

/// Every screen, one after the other.
pub fn tour(bench: &mut TestHarness, mut look: impl FnMut(&mut TestHarness, &str)) {
    let id = bench.profile().find_contact("Bo").unwrap().id();
    let key = bench.profile().find_key("Bo").unwrap().file.key_id();
    for (screen, message) in [
        ("home", Message::Go(Route::Home)),
        ("help", Message::Go(Route::Help)),
        ("settings", Message::Go(Route::Settings)),
        ("what I share", Message::Go(Route::Share { for_pairing: false })),
        ("what I share: a key to give", Message::Share(share::Message::Tick(WireGuard, true))),
        ("what I share: a name", Message::Share(share::Message::Tick(HostName, true))),
        ("contact", Message::Go(Route::Contact(id))),
        ("use with", Message::Go(Route::Export(key))),
        ("use with: options", Message::Export(export::Message::Continue)),
        ("use with: its code", Message::Export(export::Message::ShowCode)),
        ("for a phone", Message::Go(Route::Phone(Some(key)))),
        ("for a phone: no address", Message::Phone(phone::Message::Need(0))),
        ("for a phone: an address", Message::Report(super::phone_page::known())),
        ("for a phone: Wi-Fi", Message::Phone(phone::Message::Need(1))),
        ("for a phone: a code", Message::Phone(phone::Message::Show)),
        ("what is this code", Message::Go(Route::WhatCode)),
        (
            "what is this code: a text",
            Message::WhatCode(what_code::Message::Pasted("a text ".repeat(200))),
        ),
        (
            "what is this code: a device to link",
            Message::WhatCode(what_code::Message::Pasted(LINK_DEVICE.to_owned())),
        ),
        (
            "what is this code: a secret",
            Message::WhatCode(what_code::Message::Pasted(
                "WIFI:T:WPA;S:Guests;P:correct horse;;".to_owned(),
            )),
        ),
        ("a picture of the screen", Message::WhatCode(what_code::Message::Screen)),
        ("what is this code: compared", Message::WhatCode(what_code::Message::Compare(true))),
        ("the guide", guide(Some(what_code::Guide::default()))),
        ("the guide: an app", guide(Some(what_code::Guide::app("signal")))),
        ("the guide: how it works", guide(Some(what_code::Guide::how()))),
        ("are you you", Message::Go(Route::Challenge(key))),
        ("are you you: wrong", Message::Challenge(challenge::Message::Check)),
        ("are you you: a separate key", Message::Challenge(challenge::Message::Separate)),
        ("on paper", Message::Go(Route::Paper(PaperOf::Device))),
        ("encrypt a file", Message::Go(Route::Seal(id, Some("/tmp/contract.pdf".into())))),
        ("a file", Message::Go(Route::Import("/no/such/file".into()))),
        ("this device", Message::Go(Route::Identity)),
        ("restore", Message::Go(Route::Restore)),
        ("restore from paper", Message::Go(Route::FromPaper)),
        ("restore from paper: no word", Message::FromPaper(from_paper::Message::Add)),
        ("check a contact", Message::Go(Route::Check)),
        ("verify", Message::Go(Route::Verify(id))),
        ("verify: scan theirs", Message::Verify(verify::Message::Mode(verify::Mode::ScanTheirs))),
        ("pairing", Message::Go(Route::Pair)),
        ("what helps", Message::Pairing(pairing::Message::NotWorking(true))),
        ("pairing by the screen", Message::Pairing(pairing::Message::ScanScreen)),
    ] {
        // The explanation of the pictures of the screen, for the page that is so called.
        let explains = screen == "a picture of the screen";
        let access = if explains { ScreenAccess::Portal } else { ScreenAccess::Direct };
        bench.window().app.model.screen_access = Some(access);
        bench.window().update(message);
        bench.settle();
        look(bench, screen);
        if explains {
            bench.window().update(Message::LookAtScreen(false));
        }
    }
    bench.face(&mut peer("Bo", 1, 7).with_card(card()), 12);
    look(bench, "result");
    bench.click("Compare the check code");
    look(bench, "compare");
    bench.write("Six digits of the other screen", "123456");
    bench.click("Check");
    look(bench, "compare: wrong digits");
    bench.click("Later");
    look(bench, "what next");
    bench.window().update(Message::Go(Route::Pair));
    bench.face(&mut peer("Bo", 5, 8), 12);
    let new = bench.profile().find_contact("Bo 2").unwrap().id();
    bench.window().update(Message::Go(Route::Decide(new)));
    bench.settle();
    look(bench, "decide");
}

#[test]
fn everything_that_can_be_pressed_or_written_in_has_a_name() {
    let (mut bench, _) = paired();
    tour(&mut bench, |bench, screen| {
        let root = bench.harness().root();
        let mut count = 0;
        for node in root.children_recursive() {
            let node = node.accesskit_node();
            let acts = matches!(
                node.role(),
                Role::Button
                    | Role::CheckBox
                    | Role::RadioButton
                    | Role::TextInput
                    | Role::PasswordInput
                    | Role::ComboBox
                    | Role::Link
                    | Role::Image
            );
            if acts {
                count += 1;
                let named = node.label().is_some_and(|label| !label.trim().is_empty())
                    || node.labelled_by().next().is_some();
                assert!(named, "{screen}: a {:?} without a name", node.role());
            }
        }
        assert!(count > 0, "{screen}");
    });
}

#[test]
fn every_screen_is_whole_in_the_smallest_window() {
    let (mut bench, _) = paired();
    bench.harness().set_size(Vec2::new(480.0, 400.0));
    bench.settle();
    tour(&mut bench, |bench, screen| {
        for node in bench.harness().root().children_recursive() {
            let node = node.accesskit_node();
            let Some(bounds) = node.bounding_box() else { continue };
            // The area where a scroll bar can be grabbed reaches past its edge.
            if node.role() == Role::ScrollBar {
                continue;
            }
            // A long path goes on beyond its field, which hides it.
            if node.parent().is_some_and(|field| field.role() == Role::TextInput) {
                continue;
            }
            let within = bounds.x0 >= -1.0 && bounds.x1 <= 481.0;
            assert!(within, "{screen}: {bounds:?} {:?}", node.label());
        }
    });
}

#[test]
fn idle_is_idle() {
    let (mut bench, _) = paired();
    let asks = |bench: &mut TestHarness| {
        bench.harness().run_steps(5);
        let output = bench.harness().output();
        output.viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap()
    };
    assert_eq!(asks(&mut bench), Duration::MAX, "home");
    bench.click("Pair a device");
    let dots = Duration::from_millis(350)..Duration::from_millis(401);
    assert!(dots.contains(&asks(&mut bench)), "only the dots wander");
    bench.click("Cancel");
    bench.window().app.model.settings.motion = Motion::Reduced;
    bench.click("Pair a device");
    assert!(asks(&mut bench) > Duration::from_secs(2), "and not even they, if that is wished");
}
