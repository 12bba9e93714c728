//! How pairing, comparing and what comes next look, from edge to edge, in both themes.
//! `UPDATE_SNAPSHOTS=1` as in `pictures`.

use eframe::egui::{Theme, Vec2};
use egui_kittest::{SnapshotOptions, SnapshotResults};
use keyglance_core::pairing::Role as Part;

use super::{TestHarness, peer};

#[test]
fn the_way_of_a_pairing_looks_as_it_did() {
    let mut results = SnapshotResults::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots");
    let options = SnapshotOptions::new().output_path(folder).max_failed_pixels(10);
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let size = Vec2::new(960.0, 640.0);
        let mut bench = TestHarness::painted_whole(theme, size, 1.0, 0).called_ana();
        let mut snap = |bench: &mut TestHarness, screen: &str| {
            let picture = format!("{screen}-{name}");
            results.add(bench.harness().try_snapshot_options(picture, &options));
        };
        let mut bo = peer("Bo laptop", 1, 5);
        bench.click("Pair a device");
        snap(&mut bench, "pairing-1-looking");
        let hello = bo.text().unwrap().to_owned();
        bench.camera_sees(&hello);
        bench.wait(0.3);
        snap(&mut bench, "pairing-2-seen");
        while !bench.sees("Agreed: now") {
            bench.face(&mut bo, 1);
        }
        bench.wait(0.3);
        snap(&mut bench, "pairing-3-agreed");
        bench.face(&mut bo, 12);
        bench.wait(0.8);
        assert_eq!(bo.pairing().unwrap().role, Part::Responder, "our code stays");
        snap(&mut bench, "pairing-4-same-key");
        bench.click("Compare the check code");
        bench.write("Six digits of the other screen", "27");
        snap(&mut bench, "compare");
        bench.write("Six digits of the other screen", "0000");
        bench.click("Check");
        snap(&mut bench, "compare-wrong");
        bench.write("Six digits of the other screen", &bo.check_code().unwrap().digits());
        bench.click("Check");
        snap(&mut bench, "next");
    }
}
