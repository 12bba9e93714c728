//! Codes that are drawn with characters: readers read them, and none is drawn broken.

use std::process::Command;

use keyglance_capture::test_util::found;
use keyglance_qr::{self as qr, Code, TerminalStyle, alphanumeric_capacity};

use crate::program::Home;
use crate::pseudo_terminal::PseudoTerminal;
use crate::terminal_emulator::Emulator;

/// Each style, and whether its terminal is dark on light.
const STYLES: [(TerminalStyle, bool); 8] = [
    (TerminalStyle::Colour, false),
    (TerminalStyle::Colour, true),
    (TerminalStyle::ColourAscii, false),
    (TerminalStyle::ColourAscii, true),
    (TerminalStyle::Plain, false),
    (TerminalStyle::PlainOnLight, true),
    (TerminalStyle::Ascii, false),
    (TerminalStyle::AsciiOnLight, true),
];

/// The one code that our reader finds.
fn read(picture: &image::GrayImage) -> Option<String> {
    let mut readings = qr::decode_image(picture);
    (readings.len() == 1).then(|| readings.remove(0).into_text())?
}

/// A pairing's code as it is drawn, in the corner of a terminal that is a little larger.
fn drawn(text: &str, style: TerminalStyle, scale: usize, on_light: bool) -> image::GrayImage {
    let code = Code::new(text).unwrap();
    let (columns, rows) = style.size(code.version(), scale);
    let mut terminal = Emulator::new(columns + 4, rows + 3);
    terminal.write(b"\x1b[2;3H");
    for (n, row) in qr::render_terminal(&code, style, scale).lines().enumerate() {
        terminal.write(format!("\x1b[{};3H{row}", n + 2).as_bytes());
    }
    terminal.picture(on_light, 4)
}

#[test]
fn every_reader_reads_codes_drawn_with_characters() {
    let folder = tempfile::tempdir().unwrap();
    let (mut expected, mut files) = (Vec::new(), Vec::new());
    for version in [4, 5, 6, 7, 8, 9, 10, 27, 30] {
        for (style, on_light) in STYLES {
            for scale in 1..=3 {
                let set = "KG1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./";
                let skip = version + scale;
                let text: String = set
                    .chars()
                    .cycle()
                    .skip(skip)
                    .take(alphanumeric_capacity(version as u8))
                    .collect();
                let picture = drawn(&text, style, scale, on_light);
                let what = format!("{style:?} {on_light}, version {version}, scale {scale}");
                assert_eq!(read(&picture).as_ref(), Some(&text), "{what}");
                // The others need no proof that large modules are read too.
                if scale < 3 && version <= 10 {
                    let file = folder.path().join(format!("{}.png", files.len()));
                    picture.save(&file).unwrap();
                    files.push(file);
                    expected.push((text, what));
                }
            }
        }
    }
    // What is seen while the rest is skipped is proof enough of the styles.
    assert!(expected.len() >= 100);
    if found("zbarimg") {
        for (file, (text, what)) in files.iter().zip(&expected) {
            let run = Command::new("zbarimg")
                .args(["--quiet", "--raw", "--nodbus"])
                .arg(file)
                .output()
                .unwrap();
            assert_eq!(String::from_utf8_lossy(&run.stdout).trim_end(), text, "zbarimg: {what}");
        }
    }
    if found("ZXingReader") {
        for (file, (text, what)) in files.iter().zip(&expected) {
            let run = Command::new("ZXingReader").arg(file).output().unwrap();
            let said = String::from_utf8_lossy(&run.stdout).into_owned();
            assert!(said.contains(&format!("\"{text}\"")), "ZXing: {what}: {said}");
        }
    }
}

/// A profile with a key, made without a pairing.
fn home() -> Home {
    let home = Home::new();
    home.run(["demo", "--seed", "7", "--out", "demo"]).ended(0);
    home.run(["import", "demo/alice.keyglance", "--name", "Bo"]).ended(0);
    home.run(["identity"]).ended(0);
    home
}

const WIREGUARD: [&str; 7] =
    ["code", "Bo", "--for", "wireguard", "--own-devices", "--endpoint", "vpn.example.org:51820"];

fn exports(home: &Home) -> usize {
    let keys = home.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone();
    keys[0]["exports"].as_array().unwrap().len()
}

#[test]
fn a_code_larger_than_the_terminal_is_not_printed_and_the_size_is_told() {
    let home = home();
    let commands: [&[&str]; 4] = [
        &WIREGUARD,
        &["code", "Bo", "--for", "wifi"],
        &["code", "--identity"],
        &["code", "--fingerprint", "Bo"],
    ];
    for args in commands {
        let before = exports(&home);
        let Some(terminal) = PseudoTerminal::start(&home, (30, 12), args, &[]) else { return };
        let (status, shown, bytes) = terminal.end();
        let text = shown.text().replace('\n', "");
        assert_eq!(status.code(), Some(1), "{args:?}: {text}");
        assert!(text.contains("This terminal is 30x12; the code needs "), "{args:?}: {text}");
        assert!(text.contains("--out FILE.png"), "{args:?}: {text}");
        let bytes = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!bytes.contains(['▄', '█']) && !bytes.contains("48;5;231"), "{args:?}: {bytes}");
        assert_eq!(exports(&home), before, "it was not shown: {args:?}");

        // As large as it said, it fits, whole; a column or a row less, it does not.
        let needs = text.split_once("the code needs ").unwrap().1;
        let size: String = needs.chars().take_while(|c| c.is_ascii_digit() || *c == 'x').collect();
        let (columns, rows) = size.split_once('x').unwrap();
        let (columns, rows): (usize, usize) = (columns.parse().unwrap(), rows.parse().unwrap());
        for (size, code) in
            [((columns - 1, rows), 1), ((columns, rows - 1), 1), ((columns, rows), 0)]
        {
            let terminal = PseudoTerminal::start(&home, size, args, &[]).unwrap();
            let (status, shown, _) = terminal.end();
            assert_eq!(status.code(), Some(code), "{args:?} {size:?}: {}", shown.text());
            let seen = [false, true].map(|on_light| read(&shown.picture(on_light, 4)));
            if code == 0 {
                assert!(seen.iter().all(Option::is_some), "{args:?} {size:?}: {}", shown.text());
                // Not a row of the quiet zone scrolled away, with the cursor below it.
                let drawn = shown.cells().iter().filter(|row| row[0].paper == Some(231)).count();
                assert_eq!(drawn, columns.div_ceil(2), "{args:?}: {}", shown.text());
            } else {
                assert_eq!(seen, [None, None], "{args:?} {size:?}");
            }
        }
    }
}

#[test]
fn what_is_piped_is_not_limited_by_any_terminal() {
    let home = home();
    let run = home.run(WIREGUARD.iter().copied().chain(["--out", "-"])).ended(0);
    let lines = run.text().lines().count();
    assert!(lines > 30, "{lines} rows");
    assert_eq!(home.run(["code", "--identity"]).ended(0).text().lines().count(), 1);
}

#[test]
fn without_colours_the_code_follows_the_theme_that_the_terminal_tells() {
    let home = home();
    for (theme, on_light) in [("15;0", false), ("0;default;15", true), ("0;7", true), ("", false)] {
        for (locale, size) in [("C.UTF-8", (80, 30)), ("POSIX", (100, 60))] {
            let variables = [("NO_COLOR", "1"), ("COLORFGBG", theme), ("LC_ALL", locale)];
            let args = ["code", "--identity"];
            let Some(terminal) = PseudoTerminal::start(&home, size, &args, &variables) else {
                return;
            };
            let (status, shown, bytes) = terminal.end();
            let bytes = String::from_utf8_lossy(&bytes).into_owned();
            assert_eq!(status.code(), Some(0), "{bytes}");
            assert!(!bytes.contains("\x1b[3") && !bytes.contains("\x1b[4"), "{bytes}");
            assert!(bytes.is_ascii() == (locale == "POSIX"), "{bytes}");
            let picture = shown.picture(on_light, 4);
            assert!(read(&picture).unwrap().starts_with("keyglance1"), "{theme} {locale}");
            // Our reader takes negatives too; many do not. A finder pattern's corner is dark.
            let corners = qr::decode_image(&picture)[0].corners;
            let (x, y) = corners
                .iter()
                .fold((f32::MAX, f32::MAX), |(x, y), corner| (x.min(corner.x), y.min(corner.y)));
            let corner = picture.get_pixel(x as u32 + 2, y as u32 + 2);
            assert_eq!(corner.0, [0], "dark on light: {theme} {locale}");
        }
    }
}
