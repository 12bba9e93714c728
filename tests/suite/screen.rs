//! The program reads what is on an X11 screen, or in the pictures that a desktop's portal
//! takes: a false one, on a bus of its own.

use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::GrayImage;
use keyglance_capture::test_util::{Display, FalsePortal};
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
    for said in [run(&[]), run(&[("DISPLAY", ":4094")])] {
        assert!(said.contains("There is no screen to read"), "{said}");
        assert!(said.contains("--picture"), "{said}");
    }
    // An X server that is gone says nothing of what Wayland has.
    for said in [run(&[wayland]), run(&[("DISPLAY", ":4094"), wayland])] {
        assert!(said.contains("does not let programs look at the screen"), "{said}");
        assert!(said.contains("screenshot"), "{said}");
    }
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

const ONE: &str = "Takes one picture of your whole screen, reads the codes in it and deletes it.";
const SEVERAL: &str = "Takes a picture of your whole screen every three seconds, reads the codes in \
                       it and deletes it.";

/// A desktop of Wayland whose portal gives the picture `screen.png`, as `out/shot.png`.
struct Desktop {
    home: Home,
    portal: FalsePortal,
}

impl Desktop {
    /// Its portal does these steps; "give" and "slow" are of that picture.
    fn start(steps: &[&str]) -> Option<Self> {
        let home = Home::new();
        std::fs::create_dir(home.path("out")).unwrap();
        let files = format!("{} {}", home.path("screen.png").display(), shot(&home).display());
        let whole = |step: &&str| match *step {
            "give" | "slow" => format!("{step} {files}"),
            step => step.to_owned(),
        };
        let steps: Vec<_> = steps.iter().map(whole).collect();
        let portal = FalsePortal::start(&steps)?;
        let desktop = Self { home, portal };
        desktop.shows(&qr::render_grayscale(&qr::Code::new("on the screen").unwrap(), 4).unwrap());
        Some(desktop)
    }

    fn shows(&self, picture: &GrayImage) {
        // At once: the portal may be reading it.
        picture.save(self.home.path("next.png")).unwrap();
        std::fs::rename(self.home.path("next.png"), self.home.path("screen.png")).unwrap();
    }

    fn command(&self, home: &Home, args: &[&str]) -> Command {
        let mut command = home.command(args);
        command
            .env("WAYLAND_DISPLAY", "wayland-nowhere")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.portal.bus.address);
        command
    }

    fn run(&self, args: &[&str]) -> crate::program::Run {
        Running::start(&mut self.command(&self.home, args)).end()
    }

    /// Whether the picture of the screen is still there.
    fn has_picture(&self) -> bool {
        shot(&self.home).exists()
    }
}

fn shot(home: &Home) -> PathBuf {
    home.path("out").join("shot.png")
}

#[test]
fn a_picture_from_the_desktop_is_read_and_deleted_and_that_is_said() {
    let Some(desktop) = Desktop::start(&["give"]) else { return };
    let run = desktop.run(&["scan", "--screen", "--json"]).ended(0);
    let seen = run.json();
    assert_eq!(seen["codes"][0]["text"], "on the screen");
    assert!(seen["file"].is_null(), "{seen}");
    assert_eq!(run.err.trim(), ONE);
    assert!(!desktop.has_picture());
    let run = desktop.run(&["scan", "--screen"]).ended(0);
    assert_eq!(run.text(), "on the screen\n");
    let run = desktop.run(&["inspect", "--screen"]).ended(0);
    assert!(run.text().contains("on the screen"), "{run:?}");
    assert_eq!(run.err.trim(), SEVERAL);
    assert!(!desktop.has_picture());
    desktop.shows(&GrayImage::from_pixel(200, 200, image::Luma([255])));
    desktop.run(&["scan", "--screen"]).ended(4);
    assert!(!desktop.has_picture());
}

#[test]
fn a_desktop_that_gives_no_picture_says_why() {
    let elsewhere = "name http://localhost/shot.png";
    for (steps, said) in [
        (["answer 1"].as_slice(), "You said no."),
        (&["answer 2"], "The desktop could not take a picture of its screen."),
        (&["error"], "The desktop could not take a picture of its screen."),
        (&[elsewhere], "The desktop gave a picture that is not ours to read."),
        (&["name file:///nowhere.png"], "cannot be read"),
    ] {
        let Some(desktop) = Desktop::start(steps) else { return };
        for args in [
            ["scan", "--screen"].as_slice(),
            &["inspect", "--screen"],
            &["pair", "--screen", "--show", "ours.png"],
        ] {
            let run = desktop.run(args).ended(1);
            assert!(run.err.contains(said), "{args:?} {run:?}");
            assert!(run.err.to_lowercase().contains("take a screenshot"), "{run:?}");
        }
    }
}

/// The picture is in a file for a moment, in which nobody stops the program.
#[test]
#[cfg(unix)]
fn an_interrupted_look_leaves_no_picture() {
    for args in [
        ["scan", "--screen"].as_slice(),
        &["inspect", "--screen"],
        &["pair", "--screen", "--show", "ours.png"],
    ] {
        let Some(mut desktop) = Desktop::start(&["slow"]) else { return };
        let running = Running::start(&mut desktop.command(&desktop.home, args));
        assert_eq!(desktop.portal.line(), "quiet");
        let id = rustix::process::Pid::from_raw(running.id().try_into().unwrap()).unwrap();
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        // By the signal, or since it had read what it looked for.
        running.end();
        // The portal answers later than the signal came.
        sleep(Duration::from_secs(2));
        assert!(!desktop.has_picture(), "{args:?}");
    }
}

/// An answer that takes as long as a question does was one: nobody is asked again before
/// they say so.
#[test]
fn where_the_desktop_asks_each_look_waits_for_enter() {
    const ENTER: &str = "Press Enter to look at the screen again.";
    let text = qr::render_grayscale(&qr::Code::new("a text").unwrap(), 4).unwrap();
    let Some(mut desktop) = Desktop::start(&["slow"]) else { return };
    desktop.shows(&GrayImage::from_pixel(200, 200, image::Luma([255])));
    let Some(mut command) = desktop.home.on_terminal(&["inspect", "--screen"]) else { return };
    command
        .env("WAYLAND_DISPLAY", "wayland-nowhere")
        .env("DBUS_SESSION_BUS_ADDRESS", &desktop.portal.bus.address);
    let mut running = Running::start(&mut command);
    running.until(ENTER);
    assert_eq!(desktop.portal.line(), "quiet");
    desktop.shows(&text);
    // Longer than it would take by itself.
    sleep(Duration::from_secs(4));
    running.write("\r");
    assert_eq!(desktop.portal.line(), "quiet");
    running.until("a text");
    running.end().ended(0);
    assert!(!desktop.has_picture());
    assert_eq!(desktop.portal.end(), [""; 0], "it was asked before Enter");
}

/// The same pairing as over an X11 screen, a picture every three seconds.
#[test]
fn two_programs_pair_over_pictures_of_the_screen() {
    let Some(desktop) = Desktop::start(&["give"]) else { return };
    let other = Home::new();
    let [a, b] = ["a.png", "b.png"].map(|name| other.path(name));
    let common = ["pair", "--json", "--skip-check", "--name", "Ana", "--show"];
    let mut screen = desktop.command(&desktop.home, &common);
    screen.arg(&a).arg("--screen");
    let mut watch = other.command(common);
    watch.arg(&b).arg("--watch").arg(&a);
    let both = [&mut screen, &mut watch].map(Running::start);
    let waiting =
        std::thread::spawn(move || both.map(|run| run.end().ended(3)).map(|run| run.json()));
    let began = Instant::now();
    while !waiting.is_finished() && began.elapsed() < Duration::from_secs(60) {
        let mut picture = GrayImage::from_pixel(2400, 1240, image::Luma([200]));
        for (path, x) in [(&b, 20), (&a, 1220)] {
            let code = std::fs::read(path).ok().and_then(|bytes| qr::load_grayscale(&bytes).ok());
            code.iter().for_each(|code| image::imageops::replace(&mut picture, code, x, 20));
        }
        desktop.shows(&picture);
        sleep(Duration::from_millis(100));
    }
    let [a, b] = waiting.join().unwrap();
    for same in ["safety_number", "key_id"] {
        assert_eq!(a[same], b[same]);
    }
    assert!(!desktop.has_picture());
}
