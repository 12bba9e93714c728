//! Three people who have never heard of key exchange, from the first start to a first used
//! key: by accessible names and the keyboard alone. Each walk counts what is pressed and
//! how many words are on the way.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT as _;
use std::collections::BTreeSet;

use super::{TestHarness, peer};
use crate::gui::tests::harness::Peer;

struct Walk {
    bench: TestHarness,
    /// Buttons that were pressed, by Enter or Space.
    presses: usize,
    /// Words of each page, the first time that it is seen.
    words: usize,
    read: BTreeSet<String>,
}

impl Walk {
    fn begin() -> Self {
        let mut walk =
            Self { bench: TestHarness::new(), presses: 0, words: 0, read: BTreeSet::new() };
        walk.look();
        walk
    }

    /// Reads what is new on the page.
    fn look(&mut self) {
        self.bench.settle();
        for node in self.bench.harness().root().children_recursive() {
            let node = node.accesskit_node();
            let text = match node.role() {
                Role::TextRun | Role::GenericContainer | Role::ScrollBar => continue,
                _ => node.label().or_else(|| node.value()),
            };
            if let Some(text) = text
                && self.read.insert(text.clone())
            {
                self.words += text.split_whitespace().count();
            }
        }
    }

    fn key(&mut self, key: Key) {
        self.bench.harness().key_press_modifiers(Modifiers::NONE, key);
        self.look();
    }

    /// What has the focus: role and name.
    fn focus(&mut self) -> Option<(Role, String)> {
        let root = self.bench.harness().root();
        let node = root.children_recursive().find(|node| node.accesskit_node().is_focused())?;
        let node = node.accesskit_node();
        let name = node.label().or_else(|| {
            node.labelled_by().next().and_then(|label| label.label().or_else(|| label.value()))
        });
        Some((node.role(), name.unwrap_or_default()))
    }

    /// Goes by Tab to what is called so.
    fn tab_to(&mut self, name: &str) {
        let mut seen = Vec::new();
        for _ in 0..80 {
            match self.focus() {
                Some((_, here)) if here.starts_with(name) => return,
                here => seen.push(here),
            }
            self.key(Key::Tab);
        }
        panic!("Tab does not reach {name:?}, but {seen:?}");
    }

    fn press(&mut self, name: &str) {
        self.tab_to(name);
        self.presses += 1;
        self.key(Key::Space);
    }

    /// Enter presses the page's filled button.
    fn enter(&mut self) {
        self.presses += 1;
        self.key(Key::Enter);
    }

    fn write(&mut self, text: &str) {
        let (role, name) = self.focus().unwrap_or_else(|| panic!("nothing has the focus"));
        assert!(matches!(role, Role::TextInput | Role::PasswordInput), "{name:?} is no field");
        self.bench.harness().event(eframe::egui::Event::Text(text.to_owned()));
        self.look();
    }

    fn sees(&self, text: &str) -> bool {
        self.bench.sees(text)
    }

    /// The first start, and a pairing, up to the words "Same key".
    fn pair(&mut self) -> Peer {
        assert!(self.sees("Two screens, one key"));
        // The name that the system suggests is there already.
        self.enter();
        assert!(self.sees("Share a secret key with another device"));
        self.enter();
        assert!(self.sees("Looking"));
        let mut bo = peer("Bo laptop", 1, 1);
        self.bench.face(&mut bo, 12);
        self.look();
        assert!(self.sees("Same key"));
        bo
    }

    fn compare(&mut self, bo: &Peer) {
        self.enter();
        self.write(&bo.check_code().unwrap().digits());
        self.enter();
        assert!(self.sees("Compared. This is Bo laptop."));
    }

    fn ends(self, what: &str, presses: usize, words: usize) {
        println!("{what}: {} presses, {} words", self.presses, self.words);
        assert!(self.presses <= presses, "{what}: {} presses", self.presses);
        assert!(self.words <= words, "{what}: {} words on the way", self.words);
    }
}

#[test]
fn one_shares_a_restic_repository() {
    let mut walk = Walk::begin();
    let bo = walk.pair();
    walk.compare(&bo);
    walk.press("Use the key with a program");
    walk.write("restic");
    walk.enter();
    walk.tab_to("Passphrase");
    walk.write("correct horse battery staple on a hill");
    walk.tab_to("Repeat the passphrase");
    walk.write("correct horse battery staple on a hill");
    walk.enter();
    assert!(walk.sees("Ready for restic"));
    assert!(walk.sees("restic -r"));
    walk.ends("restic", 7, 680);
}

#[test]
fn one_puts_a_guests_phone_on_the_wifi() {
    let mut walk = Walk::begin();
    let bo = walk.pair();
    walk.compare(&bo);
    walk.press("Put it on a phone");
    walk.press("Wi-Fi for a guest");
    walk.press("Show code");
    assert!(walk.sees("Point the phone’s camera here."));
    walk.ends("Wi-Fi", 7, 640);
}

#[test]
fn one_compares_a_contacts_number() {
    let mut walk = Walk::begin();
    let bo = walk.pair();
    walk.enter();
    walk.press("Later");
    walk.press("Done");
    walk.press("Check a contact");
    for row in super::verification::rows(&bo.pairing().unwrap().safety_number().to_string()) {
        walk.press(&row);
    }
    walk.press("All four match");
    assert!(walk.sees("Compared with Bo laptop"));
    walk.press("Done");
    assert!(walk.sees("Compared 2 May 2026"));
    walk.ends("number", 12, 600);
}

#[test]
fn one_finds_how_a_phone_pairs_by_its_page() {
    let mut walk = Walk::begin();
    walk.write("Ana laptop");
    walk.enter();
    walk.press("For a phone");
    assert!(walk.sees("Where is the page?"));
    walk.tab_to("Address of the page");
    walk.write("https://keys.example/");
    walk.enter();
    assert!(walk.sees("1. Scan this") && walk.sees("2. Press Pair on the phone."));
    walk.enter();
    assert!(walk.sees("Looking"));
    walk.ends("phone", 4, 420);
}
