//! The picture of each state, and what is not told too early.

use super::*;
use crate::gui::screen::Screen;
use crate::gui::tests::{TestHarness, peer};

fn page(bench: &mut TestHarness) -> &mut Page {
    let Screen::Pairing(page) = &mut bench.window().app.screen else { panic!("not pairing") };
    page
}

fn now(bench: &mut TestHarness) -> Duration {
    bench.window().fixed_time.unwrap()
}

#[test]
fn dots_wander_and_a_line_grows() {
    let mut bench = TestHarness::ana();
    bench.click("Pair a device");
    let mut steps = Vec::new();
    for _ in 0..4 {
        let now = now(&mut bench);
        let page = page(&mut bench);
        steps.push(page.scene(now));
        assert_eq!(page.next_picture(now), Some(now + DOTS));
        bench.step(DOTS);
    }
    let expected = [0, 1, 2, 0].map(|step| Scene::Looking { step });
    assert_eq!(steps, expected);
    let hello = peer("Bo", 1, 1).text().unwrap().to_owned();
    bench.camera_sees(&hello);
    let began = now(&mut bench);
    let page = page(&mut bench);
    assert_eq!(page.scene(began), Scene::Seen { reach: 0.0 });
    assert_eq!(page.scene(began + GROWTH / 2), Scene::Seen { reach: 0.5 });
    assert_eq!(page.scene(began + GROWTH), Scene::Seen { reach: 1.0 });
    assert_eq!(page.next_picture(began + GROWTH), None, "idle");
    page.reach(Stage::Agreed, began);
    assert_eq!(page.scene(began + GROWTH), Scene::Agreed { reach: 1.0 });
    page.still = true;
    assert_eq!(page.scene(began), Scene::Agreed { reach: 1.0 });
    page.reach(Stage::Looking, began);
    assert_eq!(page.scene(began + DOTS), Scene::Looking { step: 0 });
    assert_eq!(page.next_picture(began), None);
}

#[test]
fn three_tries_are_told_to_have_saved_nothing_only_where_that_is_so() {
    let told = |kept| {
        let error = PairingError::TooManyTries;
        crate::messages::window::pairing::pairing_failed(error, kept).0.advice
    };
    assert!(told(false).contains("Somebody may be guessing. No key was saved."));
    assert!(!told(true).contains("No key was saved"));
}
