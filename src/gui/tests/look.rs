//! Draws every page in both themes and in every size that people have, to be looked at:
//! `LOOK=FOLDER cargo test --bin keyglance draw_every_page -- --ignored`.

use std::path::{Path, PathBuf};

use eframe::egui::{Theme, Vec2};

use super::every_screen::tour;
use super::{TestHarness, peer};
use crate::gui::message::Message;
use crate::gui::route::Route;

/// In points, and the pixels of one: windows from the smallest on, 960x640 with text of
/// 200 %, and a screen of 3840x2160 with text of 150 %, at half its pixels.
const SIZES: [([f32; 2], f32); 6] = [
    ([480.0, 400.0], 1.0),
    ([900.0, 600.0], 1.0),
    ([1280.0, 800.0], 1.0),
    ([1920.0, 1080.0], 1.0),
    ([480.0, 320.0], 2.0),
    ([2560.0, 1440.0], 0.75),
];

#[test]
#[ignore = "for people: it draws some 300 pictures into the folder LOOK"]
fn draw_every_page() {
    let Some(folder) = std::env::var_os("LOOK").map(PathBuf::from) else { return };
    for (theme, named) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        for ([width, height], pixels) in SIZES {
            let folder = folder.join(format!("{width}x{height}-{named}"));
            std::fs::create_dir_all(&folder).unwrap();
            draw(theme, Vec2::new(width, height), pixels, &folder);
        }
    }
}

fn draw(theme: Theme, size: Vec2, pixels: f32, folder: &Path) {
    let mut drawn = 0;
    let mut snap = |bench: &mut TestHarness, page: &str| {
        drawn += 1;
        let name = page.replace([' ', ':'], "-");
        bench
            .harness()
            .render()
            .unwrap()
            .save(folder.join(format!("{drawn:02}-{name}.png")))
            .unwrap();
    };
    let mut bench = TestHarness::painted_whole(theme, size, pixels, 0);
    snap(&mut bench, "first run");
    let mut bench = bench.called_ana();
    snap(&mut bench, "home empty");
    bench.click("Pair a device");
    bench.settle();
    let mut bo = peer("Bo", 1, 1);
    let now = bench.window().fixed_time.unwrap();
    let code = bench.code().unwrap();
    bo.handle(now, &code);
    let theirs = bo.text().unwrap().to_owned();
    bench.camera_sees(&theirs);
    snap(&mut bench, "seen");
    bench.face(&mut bo, 12);
    bench.compare_later();
    bench.click("Done");
    for (other, seed) in [("Work box", 2), ("Αθηνά", 3)] {
        bench.window().update(Message::Go(Route::Pair));
        bench.settle();
        let mut device = peer(other, seed, seed);
        bench.face(&mut device, 12);
        bench.compare(&device);
        bench.click("Done");
    }
    bench.window().update(Message::Go(Route::Home));
    bench.settle();
    tour(&mut bench, |bench, page| snap(bench, page));
}
