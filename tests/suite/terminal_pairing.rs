//! `keyglance pair` on real terminals of any size, and what it leaves of them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keyglance_qr as qr;
use rustix::process::Signal;

use crate::program::{Home, Running};
use crate::pseudo_terminal::{PseudoTerminal, signal_of};
use crate::terminal_emulator::Emulator;

/// The code that a camera sees on a terminal, whatever its theme.
fn seen(shown: &Emulator) -> Option<String> {
    let [dark, light] = [false, true].map(|on_light| {
        let mut readings = qr::decode_image(&shown.picture(on_light, 4));
        (readings.len() == 1).then(|| readings.remove(0).into_text()).flatten()
    });
    dark.filter(|text| Some(text) == light.as_ref())
}

fn write_picture(shown: &Emulator, path: &Path) {
    let picture = shown.picture(false, 4);
    let half = path.with_extension("half");
    std::fs::write(&half, qr::encode_png(&picture).unwrap()).unwrap();
    std::fs::rename(&half, path).unwrap();
}

/// Two programs on terminals of their own, each of which reads a picture of the other
/// one's terminal.
struct Both {
    homes: [Home; 2],
    terminals: [PseudoTerminal; 2],
    pictures: [PathBuf; 2],
}

impl Both {
    fn start(sizes: [(usize, usize); 2], more: &[&str]) -> Option<Self> {
        let homes = [Home::new(), Home::new()];
        let pictures = ["a.png", "b.png"].map(|name| homes[0].path(name));
        let start = |i: usize| {
            let watched = pictures[1 - i].to_string_lossy().into_owned();
            let mut args = vec!["pair", "--name", ["Ana", "Bo"][i], "--watch", &watched];
            args.extend(more);
            PseudoTerminal::start(&homes[i], sizes[i], &args, &[])
        };
        Some(Self { terminals: [start(0)?, start(1)?], pictures, homes })
    }

    /// Shows each terminal to the other program until it looks so.
    fn until<T>(&mut self, what: &str, mut look: impl FnMut(&mut Self) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            let texts = || self.terminals.each_ref().map(PseudoTerminal::text);
            assert!(began.elapsed() < Duration::from_secs(120), "never: {what}\n{:#?}", texts());
            for (terminal, picture) in self.terminals.iter().zip(&self.pictures) {
                write_picture(&terminal.shown(), picture);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn keys(home: &Home) -> serde_json::Value {
    home.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone()
}

/// The digits that a page shows, by the words under them.
fn digits(shown: &Emulator) -> Option<String> {
    const WORDS: [&str; 10] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let digit = |word: &str| WORDS.iter().position(|known| *known == word);
    shown.text().lines().find_map(|line| {
        let words: Vec<_> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let digits: Vec<_> = words.iter().filter_map(|word| digit(word)).collect();
        (digits.len() == 6).then(|| digits.iter().map(ToString::to_string).collect())
    })
}

/// Pairs, and types on each what the other one shows.
fn pairs_and_compares(sizes: [(usize, usize); 2], suite: &str) -> Option<Duration> {
    let began = Instant::now();
    let mut both = Both::start(sizes, &["--suite", suite])?;
    // Whoever began shows its last code until somebody says that it was read.
    both.until("the same key", |both| {
        let texts = both.terminals.each_ref().map(PseudoTerminal::text);
        let waiting = texts.iter().position(|text| text.contains("Press Enter"));
        let other = waiting.filter(|n| texts[1 - n].contains("Type its six digits."));
        let n = other?;
        both.terminals[n].types("\n");
        Some(())
    });
    let took = began.elapsed();
    let shown = both.terminals.each_ref().map(|terminal| terminal.until("digits", digits));
    assert_ne!(shown[0], shown[1]);
    let [a, b] = &mut both.terminals;
    // Own digits, and six that are none, decide nothing and are not shown as the other's.
    a.types(&format!("{}\n", shown[0]));
    a.until_text("These are your own digits.");
    a.types(&format!("9\u{7f}\u{1b}[3~{}-{}\n", &shown[1][..3], &shown[1][3..]));
    b.types(&format!("{}\n", shown[0]));
    for (terminal, other) in both.terminals.into_iter().zip(["Bo", "Ana"]) {
        assert_eq!(terminal.shown().bells, 1, "a bell at the end and nowhere else");
        let (status, shown, _) = terminal.end();
        let text = shown.text();
        assert_eq!(status.code(), Some(0), "{text}");
        assert!(!shown.is_alternate && shown.has_cursor && shown.wraps);
        assert!(text.starts_with("what was there before\n"), "{text}");
        assert!(text.contains(&format!("Paired with {other}.")), "{text}");
        assert!(text.contains("Compared by check code."), "{text}");
    }
    let [a, b] = both.homes.each_ref().map(keys);
    assert_eq!(a[0]["key_id"], b[0]["key_id"]);
    assert_eq!(a[0]["verified"]["method"], "check-code");
    Some(took)
}

#[test]
fn two_terminals_of_80_by_24_pair_in_both_suites() {
    for suite in ["1", "2"] {
        let Some(took) = pairs_and_compares([(80, 24); 2], suite) else { return };
        println!("suite {suite} in 80x24: {took:?}");
    }
}

#[test]
fn terminals_of_other_sizes_pair_too() {
    for (sizes, suite) in
        [([(60, 20), (60, 20)], "2"), ([(37, 20), (132, 43)], "1"), ([(80, 30), (100, 40)], "2")]
    {
        let Some(took) = pairs_and_compares(sizes, suite) else { return };
        println!("suite {suite} in {sizes:?}: {took:?}");
    }
}

#[test]
fn a_terminal_that_changes_its_size_shows_the_same_code_as_large_as_there_is_room() {
    let home = Home::new();
    let args = ["pair", "--watch", "none.png"];
    let Some(terminal) = PseudoTerminal::start(&home, (30, 15), &args, &[]) else { return };
    terminal.until_text("This terminal is 30x15; a code");
    let text = terminal.text().replace('\n', " ");
    for words in ["needs 37x20.", "Make its", "keyglance pair --show code.png"] {
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(seen(&terminal.shown()), None);
    let mut code = None;
    for (size, scale) in [
        ((37, 20), 1),
        ((80, 24), 1),
        ((132, 43), 2),
        ((111, 57), 3),
        ((36, 43), 0),
        ((74, 38), 2),
        ((80, 24), 1),
    ] {
        terminal.resize(size);
        if scale == 0 {
            terminal.until_text("This terminal is 36x43");
            continue;
        }
        let text = terminal.until("a code", |shown| {
            let text = seen(shown)?;
            // Its light square: the white cells of its first row.
            let white = |row: &Vec<_>| {
                let is_white = |cell: &&crate::terminal_emulator::Cell| cell.paper == Some(231);
                row.iter().filter(is_white).count()
            };
            let widest = shown.cells().iter().map(white).max()?;
            // Beside it there is room for words from 30 columns on, and below it a bar.
            let has_column = size.0 >= 37 * scale + 30;
            let words = shown.text();
            let fits = words.contains("○  Same key") == has_column;
            let bar = words.lines().last()?.starts_with(" ◐ Looking");
            (widest == 37 * scale && fits && bar).then_some(text)
        });
        assert_eq!(*code.get_or_insert(text.clone()), text, "{size:?}");
    }
    terminal.kill();
}

#[test]
fn every_way_out_gives_the_terminal_back_and_says_what_became_of_the_pairing() {
    let home = Home::new();
    home.run(["identity"]);
    for (signal, number) in [
        (None, 2),
        (Some(Signal::TERM), 15),
        (Some(Signal::HUP), 1),
        (Some(Signal::QUIT), 3),
        (Some(Signal::TSTP), 15),
    ] {
        let args = ["pair", "--watch", "none.png"];
        let Some(mut terminal) = PseudoTerminal::start(&home, (80, 24), &args, &[]) else { return };
        let first = terminal.until("a code", seen);
        let shown = terminal.shown();
        assert!(shown.is_alternate && !shown.has_cursor && !terminal.is_as_before());
        match signal {
            None => terminal.types("\u{3}"),
            Some(Signal::TSTP) => {
                terminal.types("\u{1a}");
                terminal.until("the shell's screen", |shown| (!shown.is_alternate).then_some(()));
                assert!(terminal.is_as_before() && terminal.shown().has_cursor);
                assert!(!terminal.text().contains("Stopped."), "it can go on");
                terminal.signal(Signal::CONT);
                assert_eq!(terminal.until("the code again", seen), first);
                assert!(!terminal.is_as_before());
                terminal.signal(Signal::TERM);
            }
            Some(signal) => terminal.signal(signal),
        }
        let (status, shown, _) = terminal.end();
        assert_eq!(signal_of(status), Some(number), "{signal:?}");
        assert!(!shown.is_alternate && shown.has_cursor && shown.wraps, "{signal:?}");
        let lines: Vec<_> = shown.text().lines().map(str::to_owned).collect();
        assert_eq!(lines[..2], ["what was there before", "Stopped. No key was saved."]);
        assert!(lines[2..].iter().all(String::is_empty), "{lines:?}");
    }
    assert_eq!(keys(&home), serde_json::json!([]));
}

/// Whoever is stopped between the two devices' *Same key* is told that there is a key.
#[test]
fn a_signal_tells_of_a_key_that_was_kept() {
    let Some(mut both) = Both::start([(80, 24); 2], &["--suite", "1"]) else { return };
    let stored = |home: &Home| {
        let folder = home.profile().join("keys");
        std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some())
    };
    // The responder stores first, and what it shows then is not passed on.
    let responder = both.until("a stored key", |both| both.homes.iter().position(stored));
    let [a, b] = both.terminals;
    let (terminal, other) = if responder == 0 { (a, b) } else { (b, a) };
    terminal.until_text("They see me");
    terminal.signal(Signal::TERM);
    let (_, shown, _) = terminal.end();
    let text = shown.text().replace('\n', "");
    assert!(text.contains("Stopped. The key is kept as “"), "{text}");
    assert!(text.contains("locked") && text.contains("keyglance keys confirm "), "{text}");
    assert_eq!(keys(&both.homes[responder])[0]["acknowledged"], false);
    other.kill();
}

#[test]
fn colours_that_are_not_wanted_are_not_used_but_the_code_is_black_on_white() {
    let home = Home::new();
    let args = ["pair", "--watch", "none.png"];
    for (colour, locale, size) in
        [("", "C.UTF-8", (80, 24)), ("1", "C.UTF-8", (80, 24)), ("1", "POSIX", (110, 40))]
    {
        let variables = [("NO_COLOR", colour), ("LC_ALL", locale)];
        let Some(terminal) = PseudoTerminal::start(&home, size, &args, &variables) else { return };
        terminal.until("a code on dark and on light terminals", seen);
        let shown = terminal.shown();
        let coloured = shown.cells().iter().flatten().any(|cell| {
            [cell.ink, cell.paper].into_iter().flatten().any(|colour| ![16, 231].contains(&colour))
        });
        assert_eq!(coloured, colour.is_empty());
        assert_eq!(shown.text().is_ascii(), locale == "POSIX", "{}", shown.text());
        assert!(shown.text().contains("Ctrl-C stop"));
        terminal.kill();
    }
}

#[test]
fn a_dumb_terminal_gets_no_control_sequence_and_each_code_once() {
    let home = Home::new();
    let args = ["pair", "--watch", "none.png"];
    for (locale, size) in [("C.UTF-8", (80, 30)), ("C", (80, 40))] {
        let variables = [("TERM", "dumb"), ("LC_ALL", locale)];
        let Some(terminal) = PseudoTerminal::start(&home, size, &args, &variables) else { return };
        terminal.until_text("Looking for the other code.");
        let text = terminal.text();
        let dark = terminal.shown().picture(false, 4);
        assert_eq!(qr::decode_image(&dark).len(), 1, "{text}");
        assert!(!terminal.bytes().contains(&0x1B), "{text}");
        terminal.kill();
    }
    let variables = [("TERM", "dumb")];
    let terminal = PseudoTerminal::start(&home, (36, 24), &args, &variables).unwrap();
    let (status, shown, _) = terminal.end();
    let text = shown.text().replace('\n', "");
    assert_eq!(status.code(), Some(1), "{text}");
    assert!(text.contains("This terminal is 36x24; the code needs 37x20"), "{text}");
    assert!(text.contains("keyglance pair --show code.png"), "{text}");
}

/// A path with a mistake ends nothing where a person types it.
#[test]
fn paths_of_pictures_are_typed_below_the_code() {
    let home = Home::new();
    home.write("text.png", "not a picture");
    let picture = |text| qr::render_png(&qr::Code::new(text).unwrap(), 8).unwrap();
    home.write("hello.png", picture("hello"));
    home.write("grüße.png", picture("somebody else's"));
    home.write(
        "white.png",
        qr::encode_png(&image::GrayImage::from_pixel(9, 9, image::Luma([255]))).unwrap(),
    );
    let args = ["pair", "--picture", "hello.png"];
    let Some(mut terminal) = PseudoTerminal::start(&home, (80, 24), &args, &[]) else { return };
    terminal.until_text("a pairing code.");
    terminal.types("text.pngx\u{7f}");
    terminal.until_text("Next picture: text.png\n");
    for (typed, said) in [
        ("\n", "  text.png: "),
        ("white.png\n", "There is no code in"),
        ("grüße.pngö\u{7f}\n", "a pairing code."),
        ("none.png\n", "There is no file none.png."),
    ] {
        terminal.types(typed);
        terminal.until_text(said);
    }
    assert!(terminal.shown().is_alternate && !terminal.has_ended());
    terminal.kill();
}

/// The program on the terminals that people have: two of xterm, side by side on one
/// screen, which both programs read.
#[cfg(feature = "screen")]
#[test]
fn two_xterms_of_80_by_24_pair_over_the_screen() {
    use keyglance_capture::test_util::{XServer, found};
    if !found("xterm") {
        return;
    }
    let Some(server) = XServer::start("1240x420x24") else { return };
    let homes = [Home::new(), Home::new()];
    let start = |home: &Home, x: usize| {
        let program = home.command(["pair", "--screen", "--skip-check"]);
        let mut command = std::process::Command::new("xterm");
        // A font that has half blocks.
        command.args(["-u8", "-b", "0", "-fa", "DejaVu Sans Mono", "-fs", "8"]);
        command.args(["-geometry", &format!("80x24+{x}+0"), "-e"]);
        command.arg(program.get_program()).args(program.get_args());
        command.current_dir(home.path(""));
        for (variable, value) in program.get_envs() {
            match value {
                Some(value) => command.env(variable, value),
                None => command.env_remove(variable),
            };
        }
        command.env("DISPLAY", &server.name);
        for stream in [std::process::Command::stdout, std::process::Command::stderr] {
            stream(&mut command, std::process::Stdio::piped());
        }
        Running::start(&mut command)
    };
    let both = [start(&homes[0], 0), start(&homes[1], 620)];
    for run in both {
        run.end();
    }
    let [a, b] = homes.each_ref().map(keys);
    assert!(a[0]["key_id"].is_string(), "{a} {b}");
    assert_eq!(a[0]["key_id"], b[0]["key_id"]);
    for key in [&a[0], &b[0]] {
        assert_eq!((&key["acknowledged"], &key["verified"]), (&true.into(), &().into()));
    }
}
