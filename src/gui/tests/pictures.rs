//! How the main screens look, in both themes. `UPDATE_SNAPSHOTS=1 cargo test
//! --bin keyglance pictures` updates the pictures: look at them before you commit.

use eframe::egui::{Theme, Vec2};
use egui_kittest::{SnapshotOptions, SnapshotResults};

use super::{TestHarness, peer};
use crate::gui::message::Message;
use crate::gui::route::Route;
use keyglance_core::pairing::DEFAULT_CODE_CHARACTERS;

#[test]
fn the_main_screens_look_as_they_did() {
    let mut results = SnapshotResults::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots");
    // Another machine's rounding may change the edge of a letter.
    let options = SnapshotOptions::new().output_path(folder).max_failed_pixels(10);
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let mut bench = TestHarness::painted(theme, 0).called_ana();
        let mut snap = |bench: &mut TestHarness, screen: &str| {
            let picture = format!("{screen}-{name}");
            results.add(bench.harness().try_snapshot_options(picture, &options));
        };
        // In the second one this window shows a message in parts.
        bench.click("Pair a device");
        bench.click("Cancel");
        bench.click("Pair a device");
        let mut bo = peer("Bo", 1, 2);
        for _ in 0..2 {
            let now = bench.window().fixed_time.unwrap();
            bo.handle(now, &bench.code().unwrap());
            for code in bo.codes(DEFAULT_CODE_CHARACTERS).iter().take(4) {
                bench.camera_sees(code);
            }
        }
        assert!(bench.sees("Our code changes by itself"));
        snap(&mut bench, "parts");
        let usual = bench.harness().ctx.content_rect().size();
        bench.harness().set_size(Vec2::new(480.0, 400.0));
        bench.settle();
        snap(&mut bench, "parts-smallest");
        bench.harness().set_size(usual);
        bench.settle();
        bench.click("Cancel");
        bench.click("Stop");
        let mut bo = peer("Bo laptop", 1, 3);
        bench.pair(&mut bo);
        bench.compare(&bo);
        bench.click("Done");
        bench.pair(&mut peer("Work box", 2, 4));
        bench.compare_later();
        bench.click("Done");
        snap(&mut bench, "home");
        let key = bench.profile().find_key("Bo laptop").unwrap().file.key_id();
        bench.window().update(Message::Go(Route::Export(key)));
        bench.settle();
        snap(&mut bench, "use-with");
        bench.window().update(Message::Go(Route::Phone(Some(key))));
        bench.settle();
        bench.click("Show code");
        snap(&mut bench, "for-a-phone");
        bench.window().update(Message::Go(Route::Phone(None)));
        bench.settle();
        snap(&mut bench, "pair-a-phone-no-address");
        bench.report(super::phone_page::known());
        snap(&mut bench, "pair-a-phone");
        let work = bench.profile().find_key("Work box").unwrap().file.key_id();
        bench.window().update(Message::Go(Route::Challenge(work)));
        bench.wait(7.0);
        bench.write("Six digits that they say", "123456");
        bench.click("Check");
        snap(&mut bench, "are-you-you");
        bench.harness().set_size(Vec2::new(480.0, 400.0));
        bench.settle();
        snap(&mut bench, "are-you-you-smallest");
    }
}
