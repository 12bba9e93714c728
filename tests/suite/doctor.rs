//! `keyglance doctor` on computers that lack things, or on which things hang.

use std::io::{BufRead as _, BufReader};
use std::os::unix::net::UnixListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{Home, Running, paired};
use crate::start::without;
use keyglance_capture::test_util::{Bus, XServer, found};

/// What it said, part by part.
struct Said(Value);

impl Said {
    fn of(command: &mut Command, code: i32) -> Self {
        let run = Running::start(command).end();
        let text: Vec<_> = run.err.lines().filter(|line| line.contains("panicked")).collect();
        assert!(text.is_empty(), "{run:?}");
        let said = Self(run.ended(code).json());
        assert_eq!(said.0["ok"], code == 0, "{}", said.0);
        // In whatever state the computer is, what pairing cannot do without is tried.
        for part in ["Program", "Randomness", "Reading"] {
            assert_eq!(said.part(part).0, "works");
        }
        said
    }

    /// State, what it is, and what to do.
    fn part(&self, name: &str) -> (&str, &str, &str) {
        let mut checks = self.0["checks"].as_array().unwrap().iter();
        let check = checks.find(|check| check["name"] == name);
        let check = check.unwrap_or_else(|| panic!("no {name} in {}", self.0));
        let text = |key: &str| check[key].as_str().unwrap_or_default();
        (text("state"), text("what"), text("advice"))
    }
}

fn doctor(home: &Home) -> Command {
    let mut command = home.command(["doctor", "--json"]);
    command.env("XDG_RUNTIME_DIR", home.path("nothing")).env_remove("PULSE_SERVER");
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    command
}

#[test]
fn each_part_says_what_it_found() {
    let Some(server) = XServer::start("640x480x24") else { return };
    let [home, _bo] = paired();
    let said = Said::of(doctor(&home).env("DISPLAY", &server.name), 0);
    let (state, what, _) = said.part("Display");
    assert!(state == "works" && what.starts_with("X11 by ") && what.ends_with(&server.name));
    let (state, what, advice) = said.part("Graphics");
    assert_eq!(state, "works", "{what} {advice}");
    assert!(what.contains("OpenGL ") && what.contains(" by "), "{what}");
    assert_eq!(what.contains("the processor draws"), what.contains("llvmpipe"), "{what}");
    assert!(said.part("Screen").1.starts_with("640 × 480"));
    assert!(said.part("Profile").1.contains("which only you can read"));
    // The same in words.
    let mut command = home.command(["doctor"]);
    command.env("DISPLAY", &server.name).env("PULSE_SERVER", "tcp:elsewhere.example");
    let text = Running::start(&mut command).end().ended(0).text();
    let line = text.lines().find(|line| line.contains(" Graphics ")).unwrap();
    assert!(line.starts_with("works ") && line.contains(what), "{text}");
    assert!(text.contains("missing  Sound         PULSE_SERVER names another computer"), "{text}");
}

#[test]
fn what_is_not_there_is_missing_and_named_with_its_packages() {
    let home = Home::new();
    let said = Said::of(&mut doctor(&home), 0);
    for (part, what) in [
        ("Display", "There is no display"),
        ("Graphics", "not tried"),
        ("Sound", "nothing that plays sound runs here"),
        ("Screen portal", "no desktop session runs here"),
        ("Camera portal", "no desktop session runs here"),
    ] {
        let (state, said, _) = said.part(part);
        assert!(state == "missing" && said.starts_with(what), "{part}: {state} {said}");
    }
    assert!(said.part("Sound").2.contains("pipewire"), "{:?}", said.part("Sound"));

    let Some(server) = XServer::start("640x480x24") else { return };
    let mut command = doctor(&home);
    command.env("DISPLAY", &server.name);
    let Some(mut command) = without(&["libEGL.so.1", "libGL.so.1"], &command) else { return };
    let said = Said::of(&mut command, 0);
    let (state, what, advice) = said.part("Graphics");
    assert_eq!((state, what), ("missing", "This computer has no working OpenGL."));
    assert!(advice.contains("nstall"), "{advice}");
    assert_eq!(said.part("Display").0, "works");
}

/// Those that have letters, and one that has none here.
#[test]
fn names_that_cannot_be_shown_are_told() {
    let [ana, _bo] = paired();
    ana.run(["contacts", "rename", "Bo", "บ้านสวน"]).ended(0);
    // Without a way to the system's fonts there are those that the program brings.
    let Some(mut command) = without(&["libfontconfig.so.1"], &doctor(&ana)) else { return };
    let said = Said::of(&mut command, 0);
    let (state, what, advice) = said.part("Letters");
    assert_eq!(state, "missing", "{what}");
    assert!(what.starts_with("1 of 1 ") && what.contains("บ้านสวน"), "{what}");
    assert!(advice.contains("font"), "{advice}");
    ana.run(["contacts", "rename", "บ้านสวน", "Zoë"]).ended(0);
    let Some(mut command) = without(&["libfontconfig.so.1"], &doctor(&ana)) else { return };
    assert_eq!(Said::of(&mut command, 0).part("Letters").0, "works");
}

/// A driver is a library that does what it wants in whoever opens it.
#[test]
fn a_driver_that_crashes_ends_its_trial_alone() {
    let Some(server) = XServer::start("640x480x24") else { return };
    if !found("gcc") {
        return;
    }
    let home = Home::new();
    let source = "__attribute__((constructor)) static void crash(void) {\n\
                  *(volatile int *)0 = 1;\n}\n";
    let source = home.write("crash.c", source);
    for library in ["libEGL.so.1", "libGL.so.1"] {
        let made = Command::new("gcc")
            .args(["-shared", "-fPIC", "-o"])
            .args([&home.path(library), &source])
            .status();
        assert!(made.unwrap().success());
    }
    let mut command = doctor(&home);
    command.env("DISPLAY", &server.name).env("LD_LIBRARY_PATH", home.path("."));
    let said = Said::of(&mut command, 1);
    let (state, what, advice) = said.part("Graphics");
    assert_eq!((state, what), ("broken", "the graphics driver crashed"));
    assert!(advice.contains("nstall"), "{advice}");
    assert_eq!(said.part("Screen").0, "works");
}

/// A display, a session bus and a sound server that take the call and say nothing.
#[test]
fn who_does_not_answer_is_broken_and_the_rest_goes_on() {
    let home = Home::new();
    let deaf = |name: &str| {
        let path = home.path(name);
        (UnixListener::bind(&path).unwrap(), path)
    };
    let (_sound, sound) = deaf("sound");
    let (_bus, bus) = deaf("bus");
    let folder = std::path::Path::new("/tmp/.X11-unix");
    let number = 3000 + std::process::id() % 900;
    let screen = folder.join(format!("X{number}"));
    std::fs::create_dir_all(folder).unwrap();
    let Ok(display) = UnixListener::bind(&screen) else {
        println!("skipped: a display of our own not allowed");
        return;
    };
    let began = Instant::now();
    let mut command = doctor(&home);
    command
        .env("PULSE_SERVER", &sound)
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", bus.display()))
        .env("DISPLAY", format!(":{number}"));
    let said = Said::of(&mut command, 1);
    drop(display);
    std::fs::remove_file(screen).unwrap();
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    assert_eq!(said.part("Sound").1, "the sound server does not answer");
    for part in ["Sound", "Screen", "Display", "Graphics", "Screen portal", "Camera portal"] {
        assert_eq!(said.part(part).0, "broken", "{part}: {}", said.part(part).1);
    }
}

/// Has a camera, or says nothing at all.
const PORTAL: &str = r#"
import sys, time
from gi.repository import Gio, GLib
XML = """<node><interface name='org.freedesktop.portal.Camera'>
<property name='version' type='u' access='read'/>
<property name='IsCameraPresent' type='b' access='read'/></interface>
<interface name='org.freedesktop.portal.Screenshot'>
<property name='version' type='u' access='read'/></interface></node>"""
bus = Gio.bus_get_sync(Gio.BusType.SESSION)

def get(bus, sender, path, interface, name):
    if 'deaf' in sys.argv:
        time.sleep(60)
    if name == 'IsCameraPresent':
        return GLib.Variant('b', True)
    return GLib.Variant('u', 1 if interface.endswith('Camera') else 2)

for interface in Gio.DBusNodeInfo.new_for_xml(XML).interfaces:
    bus.register_object('/org/freedesktop/portal/desktop', interface, None, get, None)
Gio.bus_own_name_on_connection(
    bus, 'org.freedesktop.portal.Desktop', Gio.BusNameOwnerFlags.NONE,
    lambda *_: print('ready', flush=True), None)
GLib.MainLoop().run()
"#;

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_desktops_portals_are_asked() {
    let python = "/usr/bin/python3";
    let able = Command::new(python).args(["-c", "import gi"]).stderr(Stdio::null()).status();
    let able = able.is_ok_and(|status| status.success());
    if !able && !found("python3-gi") {
        return;
    }
    let started = |command: &mut Command| {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Ended(child)
    };
    let home = Home::new();
    let Some(bus) = Bus::start() else { return };
    let address = &bus.address;
    let mut command = doctor(&home);
    command.env("DBUS_SESSION_BUS_ADDRESS", address).env("XDG_CURRENT_DESKTOP", "KDE");

    let said = Said::of(&mut command, 0);
    let (state, what, advice) = said.part("Screen portal");
    assert_eq!((state, what), ("missing", "the desktop does not offer this to programs"));
    assert!(advice.contains("xdg-desktop-portal-kde"), "{advice}");

    let mut portal = Command::new(python);
    portal.args(["-c", PORTAL]).env("DBUS_SESSION_BUS_ADDRESS", address);
    let portal = started(&mut portal);
    let said = Said::of(&mut command, 0);
    let (state, what, _) = said.part("Camera portal");
    assert!(state == "works" && what.contains("has a camera") && what.contains("version 1"));
    let (state, what, _) = said.part("Screen portal");
    assert!(state == "works" && what.contains("version 2"), "{what}");
    drop(portal);

    let mut portal = Command::new(python);
    portal.args(["-c", PORTAL, "deaf"]).env("DBUS_SESSION_BUS_ADDRESS", address);
    let _portal = started(&mut portal);
    let said = Said::of(&mut command, 1);
    for part in ["Screen portal", "Camera portal"] {
        let (state, what, _) = said.part(part);
        assert_eq!((state, what), ("broken", "the desktop does not answer"), "{part}");
    }
}
