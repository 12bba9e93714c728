//! The program reads what is on an X11 screen.

use std::thread::sleep;
use std::time::{Duration, Instant};

use image::GrayImage;
use keyglance_capture::test_util::Display;
use keyglance_qr as qr;

use crate::program::{Home, Running};

#[test]
fn the_program_says_what_to_do_without_a_screen() {
    let run = |envs: &[(&str, &str)]| {
        let home = Home::new();
        let mut command = home.command(["pair", "--screen", "--show", "code.png"]);
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command.envs(envs.iter().copied());
        let run = Running::start(&mut command).end().ended(1);
        assert!(!home.profile().exists(), "a failed start leaves no identity");
        run.err
    };
    let wayland = ("WAYLAND_DISPLAY", "wayland-0");
    for said in [run(&[]), run(&[("DISPLAY", ":4094")]), run(&[("DISPLAY", ":4094"), wayland])] {
        assert!(said.contains("There is no screen to read"), "{said}");
        assert!(said.contains("--picture"), "{said}");
    }
    let said = run(&[wayland]);
    assert!(said.contains("does not let programs look at the screen"), "{said}");
    assert!(said.contains("screenshot"), "{said}");
}

#[test]
fn a_black_root_beside_wayland_is_not_taken_for_an_empty_screen() {
    let Some(display) = Display::start("640x480x24") else { return };
    display.draw(&GrayImage::new(640, 480), 0, 0);
    let home = Home::new();
    let mut command = home.command(["pair", "--screen", "--show", "code.png"]);
    command.env("DISPLAY", &display.server.name).env("WAYLAND_DISPLAY", "wayland-0");
    let run = Running::start(&mut command).end().ended(1);
    assert!(run.err.contains("does not let programs look at the screen"), "{run:?}");
}

/// One program reads the screen, where the test shows what the other one
/// writes; one's own code beside it does no harm.
#[test]
fn two_programs_pair_over_a_screen() {
    // The pictures hold whole messages, up to version 30: 1,160 pixels.
    let Some(display) = Display::start("2400x1240x24") else { return };
    let homes = [Home::new(), Home::new()];
    let [a, b] = ["a.png", "b.png"].map(|name| homes[0].path(name));
    let common = ["pair", "--json", "--skip-check", "--name", "Ana", "--show"];
    let mut screen = homes[0].command(common);
    screen
        .arg(&a)
        .arg("--screen")
        .env("DISPLAY", &display.server.name)
        .env_remove("WAYLAND_DISPLAY");
    let mut watch = homes[1].command(common);
    watch.arg(&b).arg("--watch").arg(&a);
    let both = [&mut screen, &mut watch].map(Running::start);
    let waiting =
        std::thread::spawn(move || both.map(|run| run.end().ended(3)).map(|run| run.json()));
    let began = Instant::now();
    while !waiting.is_finished() && began.elapsed() < Duration::from_secs(60) {
        for (path, x) in [(&b, 20), (&a, 1220)] {
            // Half written is not there yet.
            let picture =
                std::fs::read(path).ok().and_then(|bytes| qr::load_grayscale(&bytes).ok());
            if let Some(picture) = picture {
                display.draw(&picture, x, 20);
            }
        }
        sleep(Duration::from_millis(100));
    }
    let [a, b] = waiting.join().unwrap();
    for same in ["safety_number", "key_id"] {
        assert_eq!(a[same], b[same]);
    }
}
