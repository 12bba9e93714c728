//! From the first start to a key in use, in real windows, by what a screen reader is told.

use std::process::Command;
use std::time::{Duration, Instant};

use keyglance_capture::test_util::{Clipboard, ask_to_close};

use crate::program::{Home, files, paired};
use crate::screen_reader::{ScreenReader, Told};
use crate::windows::{Display, Window, until};

/// Two devices side by side, each with a window and a screen reader.
struct Pair<'a> {
    reader: ScreenReader,
    homes: &'a [Home; 2],
    windows: [Window<'a>; 2],
}

/// How long a page may take, with all that it tells.
const LIMIT: Duration = Duration::from_secs(60);

const ANA: usize = 0;
const BO: usize = 1;
const SEARCH: &str = "Program or thing: restic, Wi-Fi, KeePassXC, SOPS…";
const THEIRS: &str = "Six digits of the other screen";

impl Pair<'_> {
    fn pid(&self, who: usize) -> u32 {
        self.windows[who].child.id()
    }

    fn shows(&mut self, who: usize, name: &str) -> Told {
        self.reader.shows(self.pid(who), name)
    }

    fn press(&mut self, who: usize, name: &str) {
        self.reader.press(self.pid(who), name);
    }

    /// The page with this heading, which a screen reader can be used on.
    fn page(&mut self, title: &str, heading: &str, focus: &str) -> Told {
        self.page_with(title, heading, focus, |_| true)
    }

    /// The same, once it has this too.
    fn page_with(
        &mut self,
        title: &str,
        heading: &str,
        focus: &str,
        has: impl Fn(&Told) -> bool,
    ) -> Told {
        self.windows[ANA].focus();
        // It is told piece by piece, and the window changes meanwhile.
        let began = Instant::now();
        loop {
            let told = self.shows(ANA, heading);
            let is_whole = told.is_page(title, heading, focus) && has(&told);
            if is_whole || began.elapsed() > LIMIT {
                told.assert_page(title, heading, focus);
                return told;
            }
        }
    }

    fn has_title(&self, title: &str) {
        until(title, || self.windows.iter().all(|window| window.title() == title).then_some(()));
    }

    /// The digits that this window shows, as they are read out.
    fn digits(&mut self, who: usize) -> String {
        let told = self.shows(who, THEIRS);
        // "6 0 6, 3 6 8".
        let digits = |name: &str| -> String {
            let spoken = name.len() == 12 && name.as_bytes()[5] == b',';
            let digits: String = name.chars().filter(char::is_ascii_digit).collect();
            if spoken && digits.len() == 6 { digits } else { String::new() }
        };
        let all: Vec<_> = told.0.iter().map(|node| digits(&node.name)).collect();
        let mut found = all.into_iter().filter(|digits| !digits.is_empty());
        let digits = found.next().unwrap_or_else(|| panic!("no digits: {told:#?}"));
        assert_eq!(found.next(), None, "one number is shown");
        digits
    }

    /// Types six digits in place of what is there, and checks them: these words are the
    /// answer.
    fn enter(&mut self, who: usize, digits: &str, answer: &str) {
        let pid = self.pid(who);
        let answered = |reader: &mut ScreenReader| {
            let began = Instant::now();
            while began.elapsed() < Duration::from_secs(10) {
                let told = reader.tells(pid);
                if told.0.iter().any(|node| node.name == answer) {
                    return Some(());
                }
            }
            None
        };
        // Keys that come while the window takes the focus may be lost.
        until("the digits in the field", || {
            self.windows[who].key("ctrl+a");
            self.windows[who].write(digits);
            let told = self.reader.shows(pid, THEIRS);
            told.0.iter().any(|node| node.name == THEIRS && node.text == digits).then_some(())
        });
        until(answer, || {
            self.windows[who].key("Return");
            answered(&mut self.reader)
        });
    }

    /// What is said of the one key of this device.
    fn trust(&self, who: usize) -> String {
        let keys = self.homes[who].run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
        assert_eq!(keys.as_array().map(Vec::len), Some(1), "{keys}");
        keys[0]["trust"].as_str().unwrap_or_else(|| panic!("{keys}")).to_owned()
    }
}

#[test]
fn two_windows_pair_hands_free_and_compare_by_typing() {
    let Some(display) = Display::start() else { return };
    let Some(reader) = ScreenReader::start(&display.server.name) else { return };
    let homes = [Home::new(), Home::new()];
    homes[BO].run(["device", "name", "Bo laptop"]).ended(0);
    let shared = Home::new();
    let [a, b] = ["a.png", "b.png"].map(|name| shared.path(name).to_string_lossy().into_owned());
    let open = |who: usize, args: [&str; 4]| {
        let mut command: Command = homes[who].command(["window"].iter().chain(&args));
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &reader.address)
            // Where exports go.
            .env("HOME", homes[who].path(""));
        display.place(&mut command, if who == ANA { 0 } else { 800 })
    };
    let windows =
        [open(ANA, ["--show", &a, "--watch", &b]), open(BO, ["--show", &b, "--watch", &a])];
    let mut pair = Pair { reader, homes: &homes, windows };

    // The first start.
    let name = "What is this device called?";
    pair.page("Keyglance", "Welcome to Keyglance", name);
    pair.windows[ANA].key("ctrl+a");
    pair.windows[ANA].write("Ana laptop");
    pair.press(ANA, "Begin");
    let buttons = ["Pair a device", "What is this code?", "Settings", "Help"];
    let has_all = |home: &Told| buttons.iter().all(|button| home.has("push button", button));
    let home = pair.page_with("Keyglance", "Keyglance", "Pair a device", has_all);
    for button in buttons {
        assert!(home.has("push button", button), "{button}: {home:#?}");
    }

    // Each presses one button, and then nothing.
    pair.press(ANA, "Pair a device");
    let has_steps = |looking: &Told| looking.all("list item").len() == 4;
    let looking = pair.page_with("Keyglance: looking", "Looking", "Looking", has_steps);
    assert!(looking.has("list", "Steps"), "{looking:#?}");
    assert_eq!(looking.all("list item").len(), 4, "{looking:#?}");
    pair.press(BO, "Pair a device");
    pair.has_title("Keyglance: same key");

    pair.page("Keyglance: same key", "Same key", "Compare the check code");
    assert!(pair.reader.heard(pair.pid(ANA)).contains(&"Same key".to_owned()), "it is live");
    pair.press(ANA, "Compare the check code");
    pair.windows[BO].key("Return");
    let compare = pair.page("Keyglance", "Compare with Bo laptop", THEIRS);
    assert!(compare.has("entry", THEIRS), "the cells are one field: {compare:#?}");
    assert_eq!(compare.all("entry").len(), 1, "{compare:#?}");

    // Each types what the other one shows. What the own screen shows is none of it.
    let [ana, bo] = [pair.digits(ANA), pair.digits(BO)];
    assert_ne!(ana, bo);
    pair.enter(ANA, &ana, "These are your own digits.");
    let [first, rest] = [&bo[..1], &bo[1..]];
    let wrong = format!("{}{rest}", if first == "1" { "2" } else { "1" });
    let not = "Not what the other screen shows.";
    pair.enter(ANA, &wrong, not);
    assert!(pair.reader.heard(pair.pid(ANA)).contains(&not.to_owned()), "it is live");
    assert_eq!([ANA, BO].map(|who| pair.trust(who)), ["not-compared"; 2]);
    pair.enter(ANA, &bo, "Compared. This is Bo laptop.");
    pair.enter(BO, &ana, "Compared. This is Ana laptop.");
    let next = pair.page("Keyglance", "Compared. This is Bo laptop.", "Name");
    assert!(next.has("heading", "What next?"), "{next:#?}");
    assert_eq!([ANA, BO].map(|who| pair.trust(who)), ["verified"; 2]);
    for (home, other) in [(&homes[ANA], "Bo laptop"), (&homes[BO], "Ana laptop")] {
        let contact = home.run(["contacts", "show", other, "--json"]).ended(0).json();
        assert_eq!(contact["trust"], "verified", "{contact}");
    }

    // The contact, and from there to a program.
    pair.press(ANA, "Done");
    let home = pair.page("Keyglance", "Keyglance", "Pair a device");
    assert!(home.has("list", "Contacts") && home.has("list item", "Bo laptop"), "{home:#?}");
    assert!(home.has("push button", "Use the key of Bo laptop"), "{home:#?}");
    pair.press(ANA, "Bo laptop");
    pair.page("Keyglance", "Bo laptop", "Use key with…");
    pair.press(ANA, "Use key with…");
    pair.page("Keyglance", "Use the key of Bo laptop with…", SEARCH);
    pair.press(ANA, "restic");
    pair.press(ANA, "Continue");
    pair.page("Keyglance", "restic with the key of Bo laptop", "Passphrase");
    pair.press(ANA, "Without a passphrase");
    pair.press(ANA, "Save");
    pair.page("Keyglance", "Ready for restic", "Done");
    let saved = files(&homes[ANA].path(""));
    assert!(saved.iter().any(|path| path.to_string_lossy().contains("restic")), "{saved:?}");
}

/// What is in the clipboard outlives a window where a clipboard manager takes it over.
#[test]
fn a_copied_secret_leaves_the_clipboard_with_the_window() {
    let Some(display) = Display::start() else { return };
    let Some(mut reader) = ScreenReader::start(&display.server.name) else { return };
    let [ana, _bo] = paired();
    let clipboard = Clipboard::of(&display.server);
    let kept = Clipboard::of(&display.server).manage();
    let mut command = ana.command(["window", "--show", "/dev/null"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", &reader.address);
    let mut window = display.place(&mut command, 0);
    let pid = window.child.id();
    for button in ["Use the key of Bo", "Passphrase", "Continue", "Show code", "Copy"] {
        reader.press(pid, button);
    }
    let secret = ana
        .run(["export", "Bo", "--for", "Passphrase", "--without-passphrase", "--out", "-"])
        .ended(0)
        .out;
    until("the secret in the clipboard", || {
        (clipboard.read("UTF8_STRING").as_ref() == Some(&secret)).then_some(())
    });
    // A clipboard manager that keeps a history is asked not to keep this.
    assert_eq!(clipboard.read("x-kde-passwordManagerHint").as_deref(), Some(&b"secret"[..]));
    ask_to_close(&display.server, window.id.parse().unwrap());
    until("closed", || window.child.try_wait().unwrap());
    assert!(clipboard.read("UTF8_STRING").is_none_or(|left| left.is_empty()));
    assert!(kept.try_iter().all(|kept| kept.is_empty()), "the clipboard manager has it");
}
