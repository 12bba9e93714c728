//! The command line beside pairing: results, exit codes, and what is said
//! when something is wrong.

use std::path::Path;
use std::process::Stdio;

use keyglance_qr::{self as qr, Code};
use serde_json::json;

use crate::program::{Home, Running, files, paired};

#[test]
fn alone_it_tells_programs_what_it_is() {
    let told = Home::new().run(["--json"]).ended(0).json();
    assert_eq!(told, json!({ "v": 1, "name": "keyglance", "version": env!("CARGO_PKG_VERSION") }));
}

#[test]
fn wrong_usage_exits_2_and_changes_nothing() {
    let home = Home::new();
    for args in [
        &["frobnicate"][..],
        &["pair", "--stdin", "--watch", "a.png"],
        &["pair", "--stdin", "--show", "a.png"],
        &["pair", "--watch", "a.png", "--show", "a.gif"],
        &[
            "pair",
            "--stdin",
            "--name",
            "a name of more than sixty-three bytes is too long for a pairing code",
        ],
        &["pair", "--stdin", "--name", "a\u{202e}b"],
        &["demo", "--fps", "0"],
        &["demo", "--fps", "NaN"],
        &["demo", "--tilt", "90"],
        &["export", "Bo"],
        &["export", "Bo", "--for", "agee"],
        &["export", "Bo", "--for", "raw", "--plain", "--passphrase-file", "x"],
        &["scan"],
    ] {
        let run = home.run(args);
        assert_eq!(run.code, Some(2), "{args:?}: {run:?}");
        assert!(run.out.is_empty() && !run.err.is_empty(), "{run:?}");
    }
    assert!(!home.profile().exists());
    let suggestion = home.run(["export", "Bo", "--for", "agee"]).err;
    assert!(suggestion.contains("age"), "{suggestion}");
}

#[test]
fn no_option_takes_a_passphrase_itself() {
    let home = Home::new();
    for command in ["pair", "export", "identity", "keys check", "keys remove"] {
        let help = home.run(command.split(' ').chain(["--help"])).ended(0).text();
        for word in help.split_whitespace().filter(|word| word.starts_with("--")) {
            let takes_one = word.contains("pass") && word != "--without-passphrase";
            assert!(!takes_one || word.ends_with("-file"), "{command} {word}");
        }
    }
}

#[test]
fn the_demo_tells_what_a_program_needs_and_writes_both_files() {
    let home = Home::new();
    let run = home.run(["demo", "--json", "--seed", "7", "--out", "demo"]).ended(0);
    let demo = run.json();
    assert_ne!(demo["check_codes"][0], demo["check_codes"][1]);
    assert_eq!(demo["agree"], true);
    assert_eq!(demo["key_ids"][0], demo["key_ids"][1]);
    assert_eq!(demo["safety_number"].as_str().unwrap().len(), 60);
    assert!(demo["simulated_seconds"].as_f64().unwrap() > 0.0);
    assert!(demo["real_seconds"].as_f64().unwrap() > 0.0);

    let again = home.run(["demo", "--json", "--seed", "7"]).ended(0).json();
    assert_eq!(again["key_ids"], demo["key_ids"]);
    let other = home.run(["demo", "--json", "--seed", "8"]).ended(0).json();
    assert_ne!(other["key_ids"], demo["key_ids"]);

    for (name, person) in [("alice", "Alice laptop"), ("bob", "Bob laptop")] {
        let file = format!("demo/{name}.keyglance");
        let key = home.run(["keys", "check", &file, "--json"]).ended(0).json();
        assert_eq!(key["key_id"], demo["key_ids"][0]);
        assert_eq!(key["local"]["name"], person);
        assert_eq!(key["safety_number"], demo["safety_number"]);
        let seen = format!("demo/{name}-camera.png");
        let picture = home.run(["scan", &seen, "--json"]).ended(0).json();
        assert!(picture["codes"][0]["text"].as_str().unwrap().starts_with("KG1:"));
    }
    assert!(!home.profile().exists(), "the demo touches no profile");
}

#[test]
fn scan_gives_every_code_of_a_picture() {
    let home = Home::new();
    let [first, second] =
        ["one", "two\u{7}"].map(|text| qr::render_grayscale(&Code::new(text).unwrap(), 4).unwrap());
    let mut both =
        image::GrayImage::from_pixel(first.width() * 2, first.height(), image::Luma([255]));
    image::imageops::replace(&mut both, &first, 0, 0);
    image::imageops::replace(&mut both, &second, i64::from(first.width()), 0);
    both.save(home.path("both.png")).unwrap();

    let mut codes = home.run(["scan", "both.png", "--json"]).ended(0).json();
    assert_eq!(codes["file"], "both.png");
    assert!(codes["ms"].as_f64().unwrap() > 0.0);
    let codes = codes["codes"].as_array_mut().unwrap();
    codes.sort_by_key(|code| code["text"].as_str().unwrap().to_owned());
    assert_eq!((&codes[0]["text"], &codes[0]["bytes"]), (&json!("one"), &json!("b25l")));
    assert_eq!(codes[1]["text"], "two\u{7}");
    let middle = f64::from(first.width());
    assert_eq!(codes[0]["version"], 1);
    let quality = &codes[0]["quality"];
    assert!((quality["module"].as_f64().unwrap() - 4.0).abs() < 0.1, "{quality}");
    assert!(quality["contrast"].as_f64().unwrap() > 0.99, "{quality}");
    for (code, range) in codes.iter().zip([0.0..middle, middle..2.0 * middle]) {
        for corner in code["corners"].as_array().unwrap() {
            assert!(range.contains(&corner[0].as_f64().unwrap()), "{code}");
        }
    }
    let text = home.run(["scan", "both.png"]).ended(0).text();
    assert!(text.contains("one") && !text.contains('\u{7}'), "no bell rings: {text:?}");
}

#[test]
fn pictures_that_are_none_get_one_sentence_and_stop_no_others() {
    let home = Home::new();
    let good = home.write("good.png", qr::render_png(&Code::new("here").unwrap(), 4).unwrap());
    home.write("text.png", "not a picture");
    home.write("cut.png", &std::fs::read(&good).unwrap()[..60]);
    home.write("huge.png", header(1_000_000_000, 1));
    home.write("large.png", header(100_000, 100_000));
    home.write("empty.png", "");
    std::fs::create_dir(home.path("folder.png")).unwrap();
    for bad in [
        "text.png",
        "cut.png",
        "huge.png",
        "large.png",
        "empty.png",
        "folder.png",
        "none.png",
        "/dev/zero",
    ] {
        let run = home.run(["scan", bad, "good.png", "--json"]);
        if bad == "/dev/zero" && !Path::new(bad).exists() {
            continue;
        }
        assert!(run.err.contains(bad), "it says which: {run:?}");
        assert_eq!(run.ended(1).json()["codes"][0]["text"], "here");
    }
    let blank = image::GrayImage::from_pixel(100, 100, image::Luma([255]));
    blank.save(home.path("blank.png")).unwrap();
    assert_eq!(home.run(["scan", "blank.png", "--json"]).ended(4).json()["codes"], json!([]));
}

#[test]
fn a_picture_of_another_kind_is_named_with_what_to_do() {
    let home = Home::new();
    let webp = include_bytes!("../../crates/keyglance-qr/tests/files/kinds/code.webp");
    home.write("code.png", webp);
    let run = home.run(["scan", "code.png"]).ended(0);
    assert_eq!(run.out, b"https://example.org/pair?x=1\n");
    home.write("photo.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic");
    let said = "photo.jpg: This is a HEIC picture, which cannot be read.\nSave it as PNG, or take a \
                screenshot.\n";
    for file in ["photo.jpg", "-"] {
        let picture = std::fs::read(home.path("photo.jpg")).unwrap();
        let mut scan = Running::start(&mut home.command(["scan", file]));
        scan.write(&picture);
        let run = scan.end().ended(1);
        let name = if file == "-" { "standard input" } else { "photo.jpg" };
        assert!(run.err.ends_with(&said.replace("photo.jpg", name)), "{run:?}");
    }
    home.write("page.png", b"%PDF-1.7\n");
    let run = home.run(["scan", "page.png"]).ended(1);
    assert!(run.err.contains("This is a PDF document"), "{run:?}");
    assert!(run.err.contains("Take a screenshot of the code."), "{run:?}");
}

/// A PNG that says it has so many pixels, and no more than says it.
fn header(width: u32, height: u32) -> Vec<u8> {
    let mut body = b"IHDR".to_vec();
    body.extend(width.to_be_bytes());
    body.extend(height.to_be_bytes());
    body.extend([8, 0, 0, 0, 0]);
    let mut crc = u32::MAX;
    for byte in &body {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 * (crc & 1));
        }
    }
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\r".to_vec();
    png.extend(body);
    png.extend((!crc).to_be_bytes());
    png
}

#[test]
fn a_key_file_cut_in_half_is_refused_and_left_alone() {
    let [ana, _bo] = paired();
    ana.run(["export", "Bo", "--for", "keyglance", "--plain", "--out", "key.keyglance"]).ended(0);
    ana.run(["keys", "check", "key.keyglance"]).ended(0);
    let whole = std::fs::read(ana.path("key.keyglance")).unwrap();
    ana.write("half.keyglance", &whole[..whole.len() / 2]);
    let run = ana.run(["keys", "check", "half.keyglance"]).ended(1);
    assert!(run.err.contains("half.keyglance"), "{run:?}");
    for (file, what) in [("none", "none"), (".", "is a folder")] {
        assert!(ana.run(["keys", "check", file]).ended(1).err.contains(what));
    }

    // The same within the profile: said, set aside, and nothing lost.
    let stored = files(&ana.profile().join("keys")).remove(0);
    let bytes = std::fs::read(&stored).unwrap();
    std::fs::write(&stored, &bytes[..bytes.len() / 2]).unwrap();
    let list = ana.run(["keys", "list", "--json"]).ended(0);
    assert_eq!(list.json()["keys"], json!([]));
    assert!(list.err.contains(&*stored.file_name().unwrap().to_string_lossy()), "{list:?}");
    assert_eq!(std::fs::read(&stored).unwrap(), &bytes[..bytes.len() / 2]);
}

#[test]
fn a_profile_that_cannot_be_is_said_in_one_sentence() {
    let home = Home::new();
    home.write("file", "a file");
    for profile in ["file", "file/below", "/proc/keyglance"] {
        if profile.starts_with("/proc") && !Path::new("/proc/self").exists() {
            continue;
        }
        for command in [&["identity"][..], &["keys", "list"], &["pair", "--stdin"]] {
            let run = home.run([&["--profile", profile], command].concat()).ended(1);
            assert!(run.out.is_empty(), "{run:?}");
        }
    }
    assert_eq!(std::fs::read(home.path("file")).unwrap(), b"a file");
}

#[test]
fn an_export_never_replaces_a_file() {
    let [ana, _bo] = paired();
    ana.write("key", "precious");
    let run = ana.run(["export", "Bo", "--for", "hex", "--plain", "--out", "key"]).ended(1);
    assert!(run.err.contains("already there"), "{run:?}");
    assert_eq!(std::fs::read(ana.path("key")).unwrap(), b"precious");
    // Nor is half of a pair written.
    ana.write("pair.pub", "precious");
    ana.run(["export", "Bo", "--for", "age", "--plain", "--out", "pair"]).ended(1);
    assert_eq!(std::fs::read(ana.path("pair.pub")).unwrap(), b"precious");
    assert!(!ana.path("pair").exists(), "a secret without its public half is left");
}

#[test]
fn an_export_says_how_it_is_protected_or_asks() {
    let [ana, _bo] = paired();
    let run = ana.run(["export", "Bo", "--for", "age"]).ended(2);
    assert!(
        run.err.contains("--passphrase-file") && run.err.contains("--without-passphrase"),
        "{run:?}"
    );
    assert!(!ana.path("Bo.txt").exists());

    ana.write("passphrase", "correct horse\nsecond line\n");
    let args = ["export", "Bo", "--for", "keyglance", "--passphrase-file", "passphrase"];
    let export = ana.run(args.iter().chain(&["--json"])).ended(0).json();
    let file = export["file"].as_str().unwrap();
    assert_eq!(export["protected"], true);
    let text = std::fs::read_to_string(ana.path(file)).unwrap();
    assert!(text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"), "{text}");
    let open = |passphrase: &str| {
        ana.write("try", passphrase);
        ana.run(["keys", "check", file, "--passphrase-file", "try"])
    };
    open("correct horse").ended(0);
    assert!(open("wrong horse").ended(1).err.contains("not the passphrase"));
    assert!(open("").ended(1).err.contains("empty"));
    ana.run(["keys", "check", file]).ended(2);
    ana.run(["keys", "check", file, "--passphrase-file", "none"]).ended(1);
}

#[test]
fn a_protected_identity_pairs_with_its_passphrase_only() {
    let home = Home::new();
    home.write("one", "first passphrase");
    home.write("two", "second passphrase");
    let id = home.run(["identity", "--name", "Ana", "--json"]).ended(0).json();
    let protect = ["identity", "--protect", "--new-passphrase-file", "one", "--json"];
    assert_eq!(home.run(protect).ended(0).json()["protected"], true);
    home.run(["identity"]).ended(2);
    home.run(["pair", "--stdin"]).ended(2);
    home.run(["pair", "--stdin", "--identity-passphrase-file", "two"]).ended(1);
    home.run(["pair", "--stdin", "--identity-passphrase-file", "one"]).ended(4);
    let unprotect = ["identity", "--unprotect", "--passphrase-file", "one", "--json"];
    let plain = home.run(unprotect).ended(0).json();
    assert_eq!((&plain["public_key"], &plain["protected"]), (&id["public_key"], &json!(false)));
}

#[test]
fn contacts_and_keys_are_renamed_and_removed_by_name() {
    let [ana, _bo] = paired();
    ana.run(["contacts", "rename", "Bo", "Bo at home"]).ended(0);
    ana.run(["contacts", "show", "Bo"]).ended(1);
    let shown = ana.run(["contacts", "show", "Bo at home", "--json"]).ended(0).json();
    assert_eq!(shown["keys"].as_array().unwrap().len(), 1);
    let name = shown["keys"][0]["name"].as_str().unwrap();
    ana.run(["keys", "remove", name]).ended(2);
    ana.run(["keys", "show", name]).ended(0);
    ana.run(["contacts", "remove", "Bo at home", "--yes"]).ended(0);
    assert_eq!(ana.run(["keys", "list", "--json"]).ended(0).json()["keys"].clone(), json!([]));
    assert_eq!(
        ana.run(["contacts", "list", "--json"]).ended(0).json()["contacts"].clone(),
        json!([])
    );
}

#[test]
fn a_reader_that_stops_and_a_full_disk_end_it_plainly() {
    let home = Home::new();
    for args in [&["demo", "--seed", "1"][..], &["identity"], &["export", "--list"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = home.command(args);
        let run = Running::start(command.stdout(Stdio::from(writer))).end();
        drop(command);
        assert!(run.err.contains("has stopped"), "{run:?}");
        run.ended(1);
        if let Ok(full) = std::fs::File::options().write(true).open("/dev/full") {
            Running::start(home.command(args).stdout(Stdio::from(full))).end().ended(1);
        }
    }
}

#[test]
fn the_doctor_says_what_is_broken_and_changes_nothing() {
    let home = Home::new();
    home.run(["doctor"]).ended(0);
    assert!(!home.profile().exists(), "a profile is not made by looking for one");
    std::fs::create_dir_all(home.profile()).unwrap();
    std::fs::write(home.profile().join("letter.txt"), "somebody's").unwrap();
    let run = home.run(["doctor"]);
    assert!(run.err.contains("broken"), "{run:?}");
    let text = run.ended(1).text();
    let line = text.lines().find(|line| line.contains("Profile")).unwrap();
    assert!(line.starts_with("broken") && text.contains("--profile DIR"), "{text}");
}

#[test]
fn without_a_camera_it_says_what_else_works() {
    if cfg!(not(target_os = "linux")) || Path::new("/dev/video0").exists() {
        println!("skipped: this machine may have a camera");
        return;
    }
    let home = Home::new();
    assert_eq!(home.run(["cameras", "--json"]).ended(1).json()["cameras"].clone(), json!([]));
    let doctor = home.run(["doctor", "--json"]).ended(0).json();
    let check = |name: &str| {
        let checks = doctor["checks"].as_array().unwrap().iter();
        checks.clone().find(|check| check["name"] == name).unwrap().clone()
    };
    assert_eq!(check("Camera")["state"], "missing");
    assert!(check("Camera")["advice"].as_str().unwrap().contains("--watch"));
    assert_eq!((&check("Reading")["state"], &doctor["ok"]), (&json!("works"), &json!(true)));
    let run = home.run(["pair", "--show", "a.png"]).ended(1);
    assert!(run.err.contains("No camera found.") && run.err.contains("--watch"), "{run:?}");
    assert!(!home.profile().exists() && !home.path("a.png").exists());
}

#[test]
fn a_new_passphrase_is_asked_for_twice() {
    let [ana, _bo] = paired();
    let Some(mut command) = ana.on_terminal(&["export", "Bo", "--for", "age", "--out", "key"])
    else {
        return;
    };
    let mut program = Running::start(&mut command);
    program.until("New passphrase");
    program.write("orchid-lantern-41-harbour\n");
    program.until("The same again: ");
    program.write("orchid-lantern-42-harbour\n");
    let run = program.wait();
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.text().contains("differ"), "{run:?}");
    assert!(!ana.path("key").exists());
}

/// Nobody has to think of a passphrase, and a weak one is said to be so.
#[test]
fn a_new_passphrase_is_offered_and_a_weak_one_is_told() {
    let [ana, _bo] = paired();
    let args = |out: &'static str| ["export", "Bo", "--for", "keyglance", "--out", out];
    let Some(mut command) = ana.on_terminal(&args("made")) else { return };
    let mut program = Running::start(&mut command);
    program.until("Enter for one of six words");
    program.write("abc\n");
    program.until("That passphrase is easy to guess.");
    program.until("Enter for one of six words");
    program.write("\n");
    let shown = program.until("Write it down");
    program.wait().ended(0);
    let words = shown.lines().map(str::trim).find(|line| line.split(' ').count() == 6);
    let words = words.expect("six words are shown").to_owned();
    ana.write("words", &words);
    ana.run(["keys", "check", "made", "--passphrase-file", "words"]).ended(0);

    // Who insists may have it.
    let mut program = Running::start(&mut ana.on_terminal(&args("weak")).unwrap());
    program.until("New passphrase");
    program.write("abc\n");
    program.until("The same again to use it");
    program.write("abc\n");
    program.wait().ended(0);
    ana.write("abc", "abc");
    ana.run(["keys", "check", "weak", "--passphrase-file", "abc"]).ended(0);
    let args = ["export", "Bo", "--for", "age", "--out", "k", "--passphrase-file", "abc"];
    assert!(ana.run(args).ended(0).err.contains("easy to guess"));
}
