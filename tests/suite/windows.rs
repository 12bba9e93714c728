//! Real windows on a real X server, driven by keys and the mouse alone.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::Home;
use x11rb::connection::Connection as _;

use keyglance_capture::test_util::{XServer, ask_to_close, found};

/// An X server of our own, and what drives it.
pub struct Display {
    pub server: XServer,
}

/// Waits for something that another process does, in its own time.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(180), "never: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Display {
    /// None, with a word, where there is no X server to start.
    pub fn start() -> Option<Self> {
        found("xdotool").then(|| XServer::start("1600x800x24"))?.map(|server| Self { server })
    }

    pub fn xdotool(&self, args: &[&str]) -> String {
        let mut command = Command::new("xdotool");
        let output = command.args(args).env("DISPLAY", &self.server.name).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// A window of the program in `home`, placed at `x`.
    pub fn window(&self, home: &Home, x: u32, args: &[&str]) -> Window<'_> {
        self.place(&mut home.command(["window"].iter().chain(args)), x)
    }

    /// The window of this command, placed at `x`. What it says of other displays it may try.
    pub fn place(&self, command: &mut Command, x: u32) -> Window<'_> {
        let mut child = command
            .env("DISPLAY", &self.server.name)
            .stderr(Stdio::inherit())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let pid = child.id().to_string();
        let id = until("a window", || {
            assert!(child.try_wait().unwrap().is_none(), "the program has ended");
            let all = self.xdotool(&["search", "--all", "--pid", &pid, "--name", "Keyglance"]);
            all.lines().next().map(str::to_owned)
        });
        self.xdotool(&["windowsize", "--sync", &id, "800", "800"]);
        self.xdotool(&["windowmove", &id, &x.to_string(), "0"]);
        Window { display: self, child, id }
    }
}

pub struct Window<'a> {
    display: &'a Display,
    pub child: Child,
    pub id: String,
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Window<'_> {
    pub fn key(&self, keys: &str) {
        self.focus();
        self.display.xdotool(&["key", keys]);
    }

    pub fn write(&self, text: &str) {
        self.focus();
        self.display.xdotool(&["type", text]);
    }

    pub fn focus(&self) {
        self.display.xdotool(&["windowfocus", "--sync", &self.id]);
    }

    /// Begins to pair. A key is lost where the window has not painted yet, so again
    /// until the title tells of it.
    pub fn pair(&self) {
        until("a pairing", || {
            self.key("ctrl+n");
            let pressed = Instant::now();
            while pressed.elapsed() < Duration::from_secs(2) {
                if self.title() != "Keyglance" {
                    return Some(());
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            None
        });
    }

    /// What its title bar says.
    pub fn title(&self) -> String {
        self.display.xdotool(&["getwindowname", &self.id]).trim().to_owned()
    }
}

/// Two devices that have names.
fn named() -> [Home; 2] {
    ["Ana laptop", "Bo laptop"].map(|name| {
        let home = Home::new();
        home.run(["identity", "--name", name]).ended(0);
        home
    })
}

fn key_ids(home: &Home) -> Vec<String> {
    let keys = home.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
    keys.as_array().unwrap().iter().map(|key| key["key_id"].as_str().unwrap().to_owned()).collect()
}

fn both_pair(homes: &[Home; 2], windows: &[Window<'_>; 2]) {
    for window in windows {
        window.pair();
    }
    let mut seen = Default::default();
    until("the same key on both", || {
        // Where they stood is what one wants to know if it never comes.
        let titles = windows.each_ref().map(Window::title);
        if seen != titles {
            eprintln!("{titles:?}");
            seen = titles;
        }
        let acknowledged = |home: &Home| {
            let keys = home.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
            keys[0]["acknowledged"] == true && keys[0]["post_quantum"] == true
        };
        homes.iter().all(acknowledged).then_some(())
    });
    let [a, b] = [key_ids(&homes[0]), key_ids(&homes[1])];
    assert_eq!((a.len(), &a), (1, &b));
}

#[test]
fn two_windows_side_by_side_pair_by_what_is_on_the_screen() {
    let Some(display) = Display::start() else { return };
    let homes = named();
    let windows = [
        display.window(&homes[0], 0, &["--screen"]),
        display.window(&homes[1], 800, &["--screen"]),
    ];
    both_pair(&homes, &windows);
    if let Some(picture) = std::env::var_os("KEYGLANCE_PICTURE") {
        let mut import = Command::new("import");
        import.args(["-window", "root"]).arg(picture).env("DISPLAY", &display.server.name);
        std::thread::sleep(Duration::from_secs(2));
        for keys in ["Tab", "space"] {
            for window in &windows {
                window.key(keys);
            }
        }
        std::thread::sleep(Duration::from_secs(2));
        assert!(import.status().unwrap().success());
    }
}

#[test]
fn two_windows_pair_through_watched_pictures() {
    let Some(display) = Display::start() else { return };
    let homes = named();
    let shared = Home::new();
    let [a, b] = ["a.png", "b.png"].map(|name| shared.path(name).to_string_lossy().into_owned());
    let windows = [
        display.window(&homes[0], 0, &["--show", &a, "--watch", &b]),
        display.window(&homes[1], 800, &["--show", &b, "--watch", &a]),
    ];
    both_pair(&homes, &windows);
}

#[test]
fn the_first_run_needs_no_mouse() {
    let Some(display) = Display::start() else { return };
    let home = Home::new();
    let window = display.window(&home, 0, &[]);
    // The window takes keys once it has painted: again until it does.
    until("an identity", || {
        window.key("Tab");
        window.key("Return");
        home.profile().join("identity.json").exists().then_some(())
    });
}

/// The second would show another state of the same keys, and its user would wonder.
#[test]
fn a_second_start_raises_the_first_window() {
    let Some(display) = Display::start() else { return };
    let home = Home::new();
    home.run(["identity", "--name", "Ana"]).ended(0);
    let runtime = Home::new();
    let start = || {
        let mut command = home.command(["window"]);
        command
            .env("DISPLAY", &display.server.name)
            .env("XDG_RUNTIME_DIR", runtime.path(""))
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null());
        command.spawn().unwrap()
    };
    let mut first = start();
    let windows = || display.xdotool(&["search", "--name", "Keyglance"]).lines().count();
    until("a window", || (windows() > 0).then_some(()));
    let before = windows();
    let mut second = start();
    assert!(second.wait().unwrap().success());
    assert_eq!(windows(), before);
    assert!(first.try_wait().unwrap().is_none(), "the first goes on");
    first.kill().unwrap();
    first.wait().unwrap();
    // One that was killed keeps nobody out.
    let mut third = start();
    until("a window again", || (windows() > 0).then_some(()));
    third.kill().unwrap();
    third.wait().unwrap();
}

/// Hears what windows tell the window manager; with it, of what kind a wish to come to the
/// front is.
fn listen_to_starts(display: &Display) -> (x11rb::rust_connection::RustConnection, u32) {
    use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask};
    let (x11, screen) = x11rb::connect(Some(&display.server.name)).unwrap();
    let root = x11.setup().roots[screen].root;
    let hears = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
    x11.change_window_attributes(root, &hears).unwrap().check().unwrap();
    let kind = x11.intern_atom(false, b"_NET_ACTIVE_WINDOW").unwrap().reply().unwrap().atom;
    (x11, kind)
}

/// As a file manager opens files, one after another.
#[test]
fn a_second_start_opens_its_files_in_the_first_window() {
    let Some(display) = Display::start() else { return };
    let [ana, bo] = crate::program::paired();
    let export = ["export", "Bo", "--for", "keyglance", "--plain", "--out", "key.keyglance"];
    ana.run(export).ended(0);
    drop(bo);
    let home = Home::new();
    home.run(["identity", "--name", "Cleo"]).ended(0);
    home.write("a key.keyglance", std::fs::read(ana.path("key.keyglance")).unwrap());
    let runtime = Home::new();
    let command = |args: &[&str]| {
        let mut command = home.command(["window"].iter().chain(args));
        command.env("XDG_RUNTIME_DIR", runtime.path("")).env("DISPLAY", &display.server.name);
        command
    };
    let window = display.place(&mut command(&[]), 0);
    // It hears once it has opened its door, right before its window.
    let (x11, told) = listen_to_starts(&display);
    let mut second = command(&["a key.keyglance"]);
    second.env("DESKTOP_STARTUP_ID", "files-7_TIME812345");
    let second = crate::program::Running::start(&mut second).end().ended(0);
    assert_eq!(second.err, "");
    until("a word to the window manager", || {
        let event = x11.poll_for_event().unwrap();
        let Some(x11rb::protocol::Event::ClientMessage(message)) = event else { return None };
        let own = message.window.to_string() == window.id;
        (own && message.type_ == told && message.data.as_data32()[..2] == [1, 812_345])
            .then_some(())
    });
    until("the key that its import page offers", || {
        window.key("Return");
        (key_ids(&home) == key_ids(&ana)).then_some(())
    });
    crate::program::Running::start(&mut command(&["--pair"])).end().ended(0);
    until("a pairing", || window.title().contains("looking").then_some(()));
}

/// Of five closings, two lost it: the window did not wait for the profile.
#[test]
fn a_window_comes_back_as_large_as_it_was() {
    let Some(display) = Display::start() else { return };
    let home = Home::new();
    home.run(["identity", "--name", "Ana"]).ended(0);
    for size in [["700", "500"], ["820", "610"], ["640", "480"]] {
        let mut window = display.window(&home, 0, &["--show", "/dev/null"]);
        let id = window.id.clone();
        display.xdotool(&["windowsize", "--sync", &id, size[0], size[1]]);
        // It knows its size once it has painted in it.
        std::thread::sleep(Duration::from_secs(1));
        ask_to_close(&display.server, id.parse().unwrap());
        until("closed", || window.child.try_wait().unwrap());
        let settings = std::fs::read_to_string(home.profile().join("settings.json")).unwrap();
        let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
        let kept = &settings["place"]["size"];
        assert_eq!([&kept[0], &kept[1]].map(|side| side.as_f64().unwrap().to_string()), size);
    }
}

#[test]
fn without_a_display_it_names_the_terminal_commands() {
    let home = Home::new();
    let mut command = home.command::<&str>([]);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let run = crate::program::Running::start(&mut command).end().ended(1);
    assert!(run.err.contains("no display") && run.err.contains("keyglance pair"), "{run:?}");
    assert!(!home.profile().exists());

    let mut command = home.command::<&str>([]);
    command.env("DISPLAY", ":nowhere").env_remove("WAYLAND_DISPLAY");
    crate::program::Running::start(&mut command).end().ended(1);
    assert!(Path::new(&home.path("")).exists());
}
