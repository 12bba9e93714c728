//! What `scan` and others say of codes that other programs wrote.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::program::Home;

fn picture(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("crates/keyglance-qr/tests/codes").join(name)
}

fn scan(home: &Home, name: &str) -> serde_json::Value {
    home.run(["scan", picture(name).to_str().unwrap(), "--json"]).ended(0).json()
}

#[test]
fn a_text_is_told_with_what_decided_on_its_charset() {
    let home = Home::new();
    for (name, text, by, charset, eci) in [
        ("kanji.png", "鍵を読む", "kanji", "Shift_JIS", json!(null)),
        ("latin1.png", "Schlüssel für Zoë", "guessed", "ISO-8859-1", json!(null)),
        ("eci-3.png", "Ã¼ber", "eci", "ISO-8859-1", json!(3)),
        ("micro.png", "MICRO1", "utf-8", "UTF-8", json!(null)),
    ] {
        let code = &scan(&home, name)["codes"][0];
        assert_eq!(code["text"], text, "{name}");
        assert_eq!((&code["by"], &code["charset"]), (&json!(by), &json!(charset)), "{name}");
        let version = if name == "micro.png" { json!("M2") } else { code["version"].clone() };
        assert_eq!(code["version"], version);
        assert_eq!((&code["eci"], &code["part"]), (&eci, &json!(null)), "{name}");
        let run = home.run(["scan", picture(name).to_str().unwrap()]).ended(0);
        assert_eq!(run.text(), format!("{text}\n"));
    }
}

#[test]
fn parts_of_one_text_are_joined_or_counted() {
    let home = Home::new();
    // The parity of these parts is none of their bytes.
    let told = scan(&home, "structured-append.png");
    assert_eq!(told["joined"], json!([]));
    let parts: Vec<_> =
        told["codes"].as_array().unwrap().iter().map(|code| code["part"].clone()).collect();
    let part = |number: u8| json!({ "number": number, "count": 4, "parity": 105 });
    assert_eq!(parts, [part(1), part(2), part(3), part(4)]);
    let path = picture("structured-append.png");
    let text = home.run(["scan", path.to_str().unwrap()]).ended(0).text();
    assert!(text.contains("Part 2 of 4 of one text: read over four\n"), "{text}");

    let told = scan(&home, "parts.png");
    assert_eq!(told["codes"].as_array().unwrap().len(), 4);
    let joined = &told["joined"][0];
    let whole = "Zoë’s text over four codes, to be read in order.";
    assert_eq!((&joined["text"], &joined["parts"]), (&json!(whole), &json!(4)));
    assert_eq!((&joined["by"], &joined["charset"]), (&json!("utf-8"), &json!("UTF-8")));
    let path = picture("parts.png");
    assert_eq!(home.run(["scan", path.to_str().unwrap()]).ended(0).text(), format!("{whole}\n"));
}

/// As label printers write it.
#[test]
fn a_key_after_a_byte_order_mark_is_a_key() {
    let home = Home::new();
    let path = picture("bom-key.png");
    let run = home.run(["contacts", "add", "Q", "--scan", path.to_str().unwrap()]).ended(0);
    assert!(run.text().contains("Added Q"), "{run:?}");
}
