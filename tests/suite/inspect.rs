//! `keyglance inspect`: what the program says of a code, and what it keeps to itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::program::{Home, Running};
use keyglance_inspect::test_util::SAMPLES;
use keyglance_qr::{self as qr, Code};

const WIFI: &str = "WIFI:T:WPA;S:Guests;P:correct horse;;";

struct Sample {
    expected: Value,
    payload: Vec<u8>,
}

fn samples() -> Vec<Sample> {
    let read = |line: &str| {
        let expected: Value = serde_json::from_str(line).unwrap();
        let payload = match &expected["payload"] {
            Value::String(text) => text.as_bytes().to_vec(),
            _ => STANDARD.decode(expected["payload_base64"].as_str().unwrap()).unwrap(),
        };
        Sample { expected, payload }
    };
    SAMPLES.lines().filter(|line| !line.is_empty()).map(read).collect()
}

/// The objects of an answer, one a line.
fn verdicts(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_sample_is_told_as_in_the_library_and_keeps_its_secrets() {
    let home = Home::new();
    let samples = samples();
    let texts: Vec<(&Sample, &str)> = samples
        .iter()
        .filter_map(|sample| Some((sample, str::from_utf8(&sample.payload).ok()?)))
        .filter(|(_, text)| !text.contains('\0'))
        .collect();
    let mut args = vec!["inspect", "--json", "--"];
    args.extend(texts.iter().map(|(_, text)| *text));
    let run = home.run(&args).ended(0);
    let told = verdicts(&run.text());
    assert_eq!(told.len(), texts.len());
    let open = verdicts(
        &home
            .run(
                ["inspect", "--json", "--reveal", "--"]
                    .into_iter()
                    .chain(texts.iter().map(|(_, text)| *text)),
            )
            .ended(0)
            .text(),
    );
    let plain = home.run(["inspect", "--"].into_iter().chain(texts.iter().map(|(_, text)| *text)));
    let plain = plain.ended(0).text();
    let mut masked = 0;
    for (((sample, _), told), open) in texts.iter().zip(&told).zip(&open) {
        let expected = &sample.expected;
        assert_eq!(told["confidence"], expected["confidence"], "{}", expected["id"]);
        assert_eq!(told["app"], expected["app"], "{}", expected["id"]);
        assert_eq!(told["input"], json!({ "from": "text", "file": null, "index": 0 }));
        let parts = told["parts"].as_array().unwrap().iter().zip(open["parts"].as_array().unwrap());
        for (hidden, open) in parts {
            let is_secret = ["S", "T"].contains(&hidden["role"].as_str().unwrap());
            let value = open["value"].as_str().unwrap();
            let is_masked = hidden["masked"] == true;
            assert_eq!(hidden.get("value").is_none(), is_masked, "{}", expected["id"]);
            assert!(is_masked || !is_secret, "{}", expected["id"]);
            // One is "password", which sentences say.
            if is_masked && value.len() >= 8 && value != "password" {
                masked += 1;
                assert!(!told.to_string().contains(value), "{}: {value}", expected["id"]);
            }
            // A short one may stand in another code by chance.
            if is_masked && value.len() >= 16 {
                assert!(!plain.contains(value) && !run.err.contains(value), "{}", expected["id"]);
            }
        }
    }
    assert!(masked > 80, "{masked}");
    assert!(run.err.contains("your shell's history has it now"));
}

#[test]
fn a_picture_is_told_code_by_code() {
    let home = Home::new();
    let (one, other) = (picture_of(WIFI), picture_of("https://example.org/menu"));
    let mut both = image::GrayImage::from_pixel(
        one.width() + other.width(),
        one.height().max(other.height()),
        image::Luma([255]),
    );
    image::imageops::replace(&mut both, &one, 0, 0);
    image::imageops::replace(&mut both, &other, one.width().into(), 0);
    both.save(home.path("both.png")).unwrap();
    let run = home.run(["inspect", "both.png", "--json"]).ended(0);
    let mut told = verdicts(&run.text());
    told.sort_by_key(|verdict| verdict["id"].to_string());
    assert_eq!(told[0]["id"], "none");
    assert_eq!(told[0]["format"], "URL");
    assert_eq!(told[1]["id"], "wifi.network");
    for (index, verdict) in verdicts(&run.text()).iter().enumerate() {
        let input = json!({ "from": "picture", "file": "both.png", "index": index });
        assert_eq!(verdict["input"], input);
        let several = verdict["warnings"].as_array().unwrap().iter();
        assert!(several.map(|warning| &warning["code"]).any(|code| code == "several"));
    }
    assert!(!run.err.contains("history"), "it was no argument");

    // A picture from standard input, and none.
    let picture = std::fs::read(home.path("both.png")).unwrap();
    let mut inspect = Running::start(&mut home.command(["inspect", "-", "--json"]));
    inspect.write(&picture);
    assert_eq!(verdicts(&inspect.end().ended(0).text()).len(), 2);
    image::GrayImage::from_pixel(40, 40, image::Luma([255])).save(home.path("blank.png")).unwrap();
    assert!(home.run(["inspect", "blank.png"]).ended(4).err.contains("No code was found"));
    assert!(home.run(["inspect", "not-there.png"]).ended(1).err.contains("not-there.png"));
}

fn picture_of(text: &str) -> image::GrayImage {
    qr::render_grayscale(&Code::new(text).unwrap(), 6).unwrap()
}

#[test]
fn what_comes_from_standard_input_is_in_no_history() {
    let home = Home::new();
    let mut inspect = Running::start(&mut home.command(["inspect", "-"]));
    inspect.write(WIFI);
    let run = inspect.end().ended(0);
    assert!(run.text().contains("Wi-Fi: network") && run.err.is_empty(), "{run:?}");
    assert!(run.text().contains("hidden, 13 bytes") && !run.text().contains("correct horse"));
    let run = home.run(["inspect", "--reveal", WIFI]).ended(0);
    assert!(run.text().contains("correct horse"));
}

#[test]
fn nothing_that_a_code_says_acts_on_the_terminal() {
    let home = Home::new();
    for text in [
        "https://example.org/\u{202e}gro.live\u{1b}[2J",
        "WIFI:T:WPA;S:\u{1b}]0;gone\u{7};P:correct horse;;",
        "sgnl://linkdevice?uuid=\u{9b}2J&pub_key=\u{200b}x",
    ] {
        let run = home.run(["inspect", text]).ended(0);
        let shown = run.text() + &run.err;
        assert!(shown.contains("⟨U+"), "{shown:?}");
        let acts = |c: char| {
            let unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
            c.is_control() && c != '\n' || unseen
        };
        assert!(!shown.contains(acts), "{shown:?}");
        let run = home.run(["inspect", "--json", "--reveal", text]).ended(0);
        assert!(!run.text().contains(acts), "{:?}", run.text());
    }
}

#[test]
fn our_own_keys_are_told_and_the_secret_one_hides() {
    let [ana, _] = crate::program::paired();
    let own = ana.run(["code", "--device", "--out", "-"]).ended(0).text();
    let told = ana.run(["inspect", "--json", own.trim()]).ended(0).json();
    assert_eq!(
        (&told["id"], &told["confidence"]),
        (&json!("keyglance.public-key"), &json!("exact"))
    );
    let damaged = own.trim().replacen("keyglance1", "keyglance1q", 1);
    let told = ana.run(["inspect", "--json", &damaged]).ended(0).json();
    assert_eq!((&told["app"], &told["confidence"]), (&json!("Keyglance"), &json!("damaged")));
    let export = ["export", "Bo", "--for", "keyglance", "--without-passphrase", "--out", "-"];
    let key = ana.run(export).ended(0).text();
    let mut inspect = Running::start(&mut ana.command(["inspect", "-", "--json"]));
    inspect.write(&key);
    let told = inspect.end().ended(0).json();
    assert_eq!(told["id"], "keyglance.shared-key");
    let exporter = serde_json::from_str::<Value>(&key).unwrap()["exporter"].clone();
    assert!(!told.to_string().contains(exporter.as_str().unwrap()));
}

/// What no kind fits may hold a secret all the same.
#[test]
fn an_ordinary_text_is_shown_without_what_may_be_a_secret() {
    let home = Home::new();
    let key = "WO/EHARh2n4Y8YmYFq2b3mWc7Pz1qk8sWlq0gTQ0yEw=";
    let tell = |text: &str, args: &[&str]| {
        let mut inspect = Running::start(&mut home.command([&["inspect", "-"], args].concat()));
        inspect.write(text);
        let run = inspect.end().ended(0);
        run.text() + &run.err
    };
    let note =
        format!("Meet at noon.\nThe key is {key} and the code {}\n", "9f86d081884c7d65".repeat(2));
    let shown = tell(&note, &[]);
    assert!(shown.contains("Meet at noon.") && !shown.contains(key), "{shown}");
    assert!(!shown.contains("9f86d081884c7d65") && shown.contains("--reveal"), "{shown}");
    assert!(tell(&note, &["--reveal"]).contains(key));
    let block =
        "ssh notes\n-----BEGIN ODD PRIVATE KEY-----\nabcd\n-----END ODD PRIVATE KEY-----\nend";
    let shown = tell(block, &[]);
    assert!(!shown.contains("abcd") && shown.contains("end"), "{shown}");
    // What is longer than any code is not looked into, and not repeated.
    let long = format!("PrivateKey = {key}\n{}", "# more\n".repeat(2000));
    let shown = tell(&long, &[]);
    assert!(shown.contains("Too long") && !shown.contains("PrivateKey"), "{shown}");
    // Nor is a text in an error that was no file's name.
    let run = home.run(["inspect", "WIFI:S:Guests;T:WPA;P:topsecretpassword;;.png"]);
    assert!(!run.err.contains("topsecret"), "{run:?}");
    // The other value of a comparison is in the history, too.
    let mut inspect = Running::start(&mut home.command(["inspect", "-", "--with", WIFI]));
    inspect.write(WIFI);
    assert!(inspect.end().ended(0).err.contains("history"));
    assert!(home.run(["inspect", ""]).ended(4).err.contains("No code was found"));
    home.run(["inspect", "--app", "Signal", "--expect", "x"]).ended(2);
}
