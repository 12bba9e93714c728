//! Keys on paper: printed, one page lost, the others crumpled, and restored.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use image::{GrayImage, Luma};
use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
use keyglance_capture::test_util::found;
use keyglance_qr::{Code, decode_image, encode_png};
use serde_json::Value;

use crate::codes::drawn;
use crate::program::{Home, Run, Running, paired};

/// What stands on a page that was printed.
struct Printed {
    /// The codes, as a printer draws them.
    codes: Vec<GrayImage>,
    words: String,
    text: String,
}

/// The pages of a file.
fn printed(file: &Path) -> Vec<Printed> {
    let html = std::fs::read_to_string(file).unwrap();
    let pages = html.split("<section>").skip(1);
    pages
        .map(|page| {
            let codes = page.split("<svg").skip(1);
            let codes = codes.map(|svg| drawn(svg.split("</svg>").next().unwrap())).collect();
            let words = page.split_once("<ol class=\"words\">").unwrap().1;
            let words = words.split_once("</ol>").unwrap().0;
            let words: Vec<_> =
                words.split("</li>").filter_map(|li| li.strip_prefix("<li>")).collect();
            Printed { codes, words: words.join(" "), text: page.to_owned() }
        })
        .collect()
}

/// A photograph of a page that was folded and crumpled, on a table in half-light.
fn photographed(home: &Home, name: &str, code: &GrayImage, seed: u64) -> PathBuf {
    let text = decode_image(code).remove(0).into_text().unwrap();
    let screen = SimulatedDisplay::new();
    screen.show(Duration::ZERO, Some(&Code::new(&text).unwrap()));
    let view = View {
        width: 1920,
        height: 1080,
        tilt_degrees: 12.0,
        lean_degrees: -9.0,
        roll_degrees: 14.0,
        code_fraction: 0.72,
        blur_pixels: 0.7,
        noise: 4.0,
        contrast: 0.7,
        gradient: 0.3,
        room: 0.5,
        ..View::default()
    };
    let frame = SimulatedCamera::new(
        screen,
        view,
        Timing { latency: Duration::ZERO, ..Timing::default() },
        seed,
    )
    .take();
    home.write(name, encode_png(&crumpled(&frame, seed)).unwrap())
}

/// Waves and folds: the paper is no plane, and its creases are darker.
fn crumpled(frame: &GrayImage, seed: u64) -> GrayImage {
    let (width, height) = frame.dimensions();
    let phase = seed as f32;
    GrayImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32, y as f32);
        let wave = 2.0 * (v / 140.0 + phase).sin() + 1.5 * (u / 190.0 - phase).sin();
        let place = |at: f32, most: u32| (at.max(0.0) as u32).min(most - 1);
        let Luma([grey]) = *frame.get_pixel(place(u + wave, width), place(v - wave, height));
        let crease = (u * 0.8 + v * 0.3 + 40.0 * phase) % 310.0;
        let light = if crease < 3.0 { 0.75 } else { 1.0 + 0.06 * (u / 70.0 + v / 50.0).sin() };
        Luma([(f32::from(grey) * light).min(255.0) as u8])
    })
}

fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}

fn made(home: &Home, args: &[&str]) -> (Value, Vec<Printed>) {
    let args = [args, &["--out", "pages.html", "--json"]].concat();
    let told = home.run(args).ended(0).json();
    let pages = printed(&home.path("pages.html"));
    (told, pages)
}

fn restored(home: &Home, more: &[&str]) -> Run {
    home.run([&["paper", "restore"], more].concat())
}

/// Types these lines, each the words of a page.
fn typed(home: &Home, more: &[&str], lines: &[&str]) -> Run {
    let mut running = Running::start(&mut home.command([&["paper", "restore"], more].concat()));
    running.write(lines.join("\n") + "\n");
    running.end()
}

fn export(home: &Home, target: &str) -> Vec<u8> {
    home.run(["export", "Bo", "--for", target, "--plain", "--out", "-"]).ended(0).out
}

fn public_key(home: &Home) -> Value {
    home.run(["device", "--json"]).ended(0).json()["public_key"].clone()
}

#[test]
fn a_page_is_lost_the_others_are_crumpled_and_the_device_is_back() {
    let ana = Home::new();
    ana.run(["device", "name", "Ana’s laptop"]).ended(0);
    let (told, pages) = made(&ana, &["paper", "device"]);
    assert_eq!(
        (&told["pages"], &told["needed"], &told["kind"]),
        (&3.into(), &2.into(), &"device".into())
    );
    assert!(is_private(&ana.path("pages.html")));
    // None is replaced, and only pages are written.
    let again = ana.run(["paper", "device", "--out", "pages.html"]).ended(1);
    assert!(again.err.contains("already there"), "{again:?}");
    ana.run(["paper", "device", "--out", "pages.png"]).ended(2);

    // The second page is lost.
    let new = Home::new();
    let photos = [0, 2].map(|n| {
        let name = format!("page {n}.png");
        photographed(&new, &name, &pages[n].codes[0], n as u64 + 1);
        name
    });
    // One alone is nothing.
    let one = restored(&new, &[&photos[0]]).ended(4);
    assert!(one.err.contains("1 of 2"), "{one:?}");
    assert!(!new.profile().exists(), "nothing was made of it");
    let back = restored(&new, &[&photos[1], &photos[0], "--json"]).ended(0).json();
    assert_eq!(back["public_key"], public_key(&ana));
    assert_eq!(back["name"], "Ana’s laptop");
}

#[test]
fn what_a_page_says_can_be_found_by_anybody() {
    let [ana, _] = paired();
    let (told, pages) =
        made(&ana, &["paper", "export", "Bo", "--for", "restic", "--pages", "5", "--needed", "3"]);
    assert_eq!(pages.len(), 5);
    let set = told["set"].as_str().unwrap();
    for (n, page) in (1..).zip(&pages) {
        for said in [
            &format!("page {n} of 5, 3 needed"),
            "shared with “Bo”",
            &format!("Set “{set}”"),
            "Any 3 of the 5 pages restore it, so 2 may be lost.",
            "This page alone says nothing of the secret.",
            "Anyone with enough pages can open what is protected with this passphrase.",
            "keyglance paper restore --scan camera",
            "--as passphrase",
            "SLIP-0039",
            "Delete the file of these pages",
        ] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        assert!(page.words.starts_with(&format!("{set} ")), "pages of a set begin alike");
        // Any scanner shows the words.
        let code = decode_image(&page.codes[0]).remove(0).into_text().unwrap();
        assert!(code.starts_with(&format!("{}\n", page.words)));
    }
    let html = std::fs::read_to_string(ana.path("pages.html")).unwrap();
    assert!(!html.contains("src=") && html.contains("default-src 'none'"));
    // On record, as every other use of the key is.
    let shown = ana.run(["keys", "show", "Bo", "--json"]).ended(0).json();
    assert!(shown["exports"][0]["to"].as_str().unwrap().contains("pages to print"), "{shown}");
    // What is not enough for anybody is refused.
    for bad in [["3", "1"], ["2", "3"], ["17", "2"]] {
        ana.run(["paper", "device", "--out", "x.html", "--pages", bad[0], "--needed", bad[1]])
            .ended(2);
        assert!(!ana.path("x.html").exists());
    }
}

#[test]
fn every_kind_of_export_comes_back_by_camera_and_by_typing_where_it_can() {
    let [ana, _] = paired();
    for (target, kind) in [
        ("passphrase", "passphrase"),
        ("words", "words"),
        ("age", "age"),
        ("raw", "bytes"),
        ("git-crypt", "file"),
        ("openvpn", "file"),
    ] {
        let file = export(&ana, target);
        let (told, pages) = made(&ana, &["paper", "export", "Bo", "--for", target]);
        std::fs::remove_file(ana.path("pages.html")).unwrap();
        assert_eq!((&told["kind"], &told["by_words"]), (&kind.into(), &(kind != "file").into()));
        let home = Home::new();
        let mut photos = Vec::new();
        for (n, i) in [(2, 0), (1, 0), (2, 1)] {
            // A camera takes its time: of one short kind, and one long.
            let photographs = ["age", "openvpn"].contains(&target);
            if let Some(code) = pages[n].codes.get(i) {
                let name = format!("{n}-{i}.png");
                if photographs {
                    photographed(&home, &name, code, (2 * n + i) as u64);
                } else {
                    home.write(&name, encode_png(code).unwrap());
                }
                photos.push(name);
            }
        }
        let photos: Vec<&str> = photos.iter().map(String::as_str).collect();
        let back = restored(&home, &[&["--json"], &photos[..]].concat()).ended(0).json();
        let back = home.path(back["file"].as_str().unwrap());
        assert!(is_private(&back), "{back:?}");
        // The same but for the date in a comment.
        let same = |bytes: &[u8]| match kind {
            "age" => file.ends_with(bytes) && bytes.starts_with(b"# public key: "),
            _ => bytes == file,
        };
        assert!(same(&std::fs::read(&back).unwrap()), "{target}");
        if target == "raw" {
            // No file is replaced.
            restored(&home, &photos).ended(1);
        }
        let words = [&*pages[0].words, &*pages[2].words];
        if kind == "file" {
            let alone = typed(&home, &["--as", "file"], &words).ended(4);
            assert!(alone.err.contains("second code"), "{alone:?}");
            let second = photos.iter().find(|name| name.ends_with("-1.png")).unwrap();
            let both = typed(&home, &["--as", "file", "--out", "typed", second], &words).ended(0);
            assert!(both.err.contains("The pages are enough."), "{both:?}");
            assert_eq!(std::fs::read(home.path("typed")).unwrap(), file);
        } else {
            let out = typed(&home, &["--as", kind, "--out", "-"], &words).ended(0).out;
            assert!(same(&out), "{target}");
            let unsaid = typed(&home, &["--out", "-"], &words).ended(2);
            assert!(unsaid.out.is_empty() && unsaid.err.contains("--as"), "{unsaid:?}");
        }
    }
}

#[test]
fn a_wrong_word_and_pages_of_two_sets_are_told() {
    let ana = Home::new();
    ana.run(["device"]).ended(0);
    let (_, ours) = made(&ana, &["paper", "device"]);
    std::fs::remove_file(ana.path("pages.html")).unwrap();
    let (_, theirs) = made(&ana, &["paper", "device"]);
    let new = Home::new();
    let device = ["--as", "device"];
    let mut words: Vec<&str> = ours[0].words.split(' ').collect();
    let right = words[6];
    let odd = format!("{right}x");
    words[6] = &odd;
    let told = typed(&new, &device, &[&words.join(" ")]).ended(1);
    assert!(told.err.contains("Word 7 is not in the list"), "{told:?}");
    assert!(told.err.contains(&format!("“{right}”")), "{told:?}");
    words[6] = if right == "zero" { "yoga" } else { "zero" };
    let told = typed(&new, &device, &[&words.join(" ")]).ended(1);
    assert!(told.err.contains("one is wrong, or two are exchanged"), "{told:?}");

    let mixed = typed(&new, &device, &[&ours[0].words, &theirs[1].words]).ended(3);
    let set = |page: &Printed| page.words.split(' ').take(2).collect::<Vec<_>>().join(" ");
    assert!(
        mixed.err.contains(&set(&ours[0])) && mixed.err.contains(&set(&theirs[0])),
        "{mixed:?}"
    );
    let twice = typed(&new, &device, &[&ours[0].words, &ours[0].words]).ended(4);
    assert!(twice.err.contains("Page 1 was read already."), "{twice:?}");
    assert!(twice.err.contains("1 of 2 pages are there"), "{twice:?}");
    assert!(!new.profile().exists());

    // Pictures of other things are told, and a mixture keeps to the first set.
    let other =
        new.write("other.png", keyglance_qr::render_png(&Code::new("hello").unwrap(), 8).unwrap());
    let none = restored(&new, &[other.to_str().unwrap()]).ended(4);
    assert!(none.err.contains("No code of a page"), "{none:?}");
    for (name, page) in [("a.png", &ours[0]), ("b.png", &theirs[1]), ("c.png", &ours[2])] {
        new.write(name, encode_png(&page.codes[0]).unwrap());
    }
    let back = restored(&new, &["a.png", "b.png", "c.png", "--json"]).ended(0);
    assert!(back.err.contains("is of the set"), "{back:?}");
    assert_eq!(back.json()["public_key"], public_key(&ana));
    // Another device than this one is asked about.
    let bo = Home::new();
    bo.run(["device"]).ended(0);
    let before = public_key(&bo);
    let asked = typed(&bo, &device, &[&ours[0].words, &ours[1].words]);
    assert_ne!(asked.code, Some(0), "{asked:?}");
    assert_eq!(public_key(&bo), before);
    typed(&bo, &["--as", "device", "--yes"], &[&ours[0].words, &ours[1].words]).ended(0);
    assert_eq!(public_key(&bo), public_key(&ana));
}

#[cfg(target_os = "linux")]
#[test]
fn words_are_typed_on_a_terminal_until_there_are_enough() {
    use crate::pseudo_terminal::PseudoTerminal;

    let ana = Home::new();
    ana.run(["device"]).ended(0);
    let (_, pages) = made(&ana, &["paper", "device"]);
    let new = Home::new();
    let args = ["paper", "restore", "--as", "device", "--name", "Ana again"];
    let Some(mut terminal) = PseudoTerminal::start(&new, (100, 40), &args, &[]) else { return };
    terminal.until_text("Type the words of a page");
    terminal.types("academic acid\n");
    terminal.until_text("these are 2");
    terminal.types(&format!("{}\n", pages[2].words));
    terminal.until_text("Page 3 is read. 1 of 2 that are needed: one more.");
    // Four letters of each are enough.
    let short: Vec<_> = pages[0].words.split(' ').map(|word| &word[..4]).collect();
    terminal.types(&format!("{}\n", short.join(" ")));
    terminal.until_text("Name         Ana again");
    let (status, _, _) = terminal.end();
    assert_eq!(status.code(), Some(0));
    assert_eq!(public_key(&new), public_key(&ana));
}

/// As a browser prints it: read in a picture of the whole sheet.
#[test]
fn a_browser_prints_what_a_camera_reads() {
    if !found("chromium") {
        return;
    }
    let [ana, _] = paired();
    let (_, pages) = made(&ana, &["paper", "export", "Bo", "--for", "git-crypt", "--pages", "2"]);
    assert_eq!(pages.len(), 2);
    let run = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .args(["--force-device-scale-factor=2", "--window-size=900,2600", "--screenshot=sheet.png"])
        .arg(format!("--user-data-dir={}", ana.path("browser").display()))
        .arg("pages.html")
        .current_dir(ana.path(""))
        .output()
        .unwrap();
    assert!(ana.path("sheet.png").exists(), "{}", String::from_utf8_lossy(&run.stderr));
    restored(&ana, &["sheet.png", "--out", "back"]).ended(0);
    assert_eq!(std::fs::read(ana.path("back")).unwrap(), export(&ana, "git-crypt"));
}

/// The command of the reference implementation of SLIP-0039, with words of our pages.
#[test]
fn another_program_restores_a_device() {
    let program = std::env::var("KEYGLANCE_SHAMIR").unwrap_or_else(|_| "shamir".to_owned());
    if !program.contains('/') && !found(&program) {
        return;
    }
    let ana = Home::new();
    ana.run(["device"]).ended(0);
    let (_, pages) = made(&ana, &["paper", "device"]);
    let mut command = Command::new(program);
    command.arg("recover").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running::start(&mut command);
    running.write(format!("{}\n{}\n\n\n", pages[1].words, pages[2].words));
    let run = running.end();
    let file = std::fs::read_to_string(ana.profile().join("identity.json")).unwrap();
    let file: Value = serde_json::from_str(&file).unwrap();
    use base64::Engine as _;
    let ours = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(file["secret"].as_str().unwrap())
        .unwrap();
    let hex: String = ours.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(run.text().contains(&hex), "{run:?}");
}
