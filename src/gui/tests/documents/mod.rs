//! The pictures of README.md and docs/guide.md, drawn by the window itself.
//!
//! `make pictures` draws them anew: look at them before you commit. Without
//! `UPDATE_PICTURES` the test says which are no longer what the program draws; of the
//! film it draws a few frames only.

mod couple;
mod encoding;
mod film;
mod laptops;
mod pages;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use image::RgbImage;

/// Pixels that may differ: another machine's rounding may change the edge of a letter.
const TOLERATED: usize = 40;

/// What all pictures may weigh, and the film alone.
const ALL: u64 = 3_000_000;
const FILM: u64 = 1_500_000;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn folder() -> PathBuf {
    root().join("docs/pictures")
}

fn is_update() -> bool {
    std::env::var_os("UPDATE_PICTURES").is_some_and(|value| !value.is_empty())
}

/// By how much a channel differs where something else is drawn: what is kept has fewer
/// colours.
const DIFFERENT: u8 = 64;
/// By how much it differs where a picture is worth keeping anew.
const NEW: u8 = 24;

/// How many pixels differ by more than this; all if the sizes are not the same.
fn difference(a: &RgbImage, b: &RgbImage, by: u8) -> usize {
    if a.dimensions() != b.dimensions() {
        return usize::MAX;
    }
    let differs = |(a, b): &(&image::Rgb<u8>, &image::Rgb<u8>)| {
        a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > by)
    };
    a.pixels().zip(b.pixels()).filter(differs).count()
}

/// Says what is wrong with the picture at `path`, if anything.
fn check(path: &Path, drawn: &RgbImage, kept: Option<&RgbImage>) -> Option<String> {
    let name = path.file_name().unwrap().to_string_lossy();
    let Some(kept) = kept else { return Some(format!("{name}: missing")) };
    let pixels = difference(drawn, kept, DIFFERENT);
    (pixels > TOLERATED).then(|| format!("{name}: {pixels} pixels differ"))
}

#[test]
fn the_documents_pictures_are_what_the_program_draws() {
    std::fs::create_dir_all(folder()).unwrap();
    let mut stale = Vec::new();
    let album = pages::all();
    for text in ["README.md", "docs/guide.md", "docs/faq.md"] {
        let missing = album.missing(&std::fs::read_to_string(root().join(text)).unwrap());
        stale.extend(missing.iter().map(|words| format!("{text}: no page says “{words}”")));
    }
    for (name, drawn) in &album.pictures {
        let path = folder().join(format!("{name}.png"));
        let read = || image::open(&path).ok().map(|picture| picture.to_rgb8());
        let mut kept = read();
        if is_update() && kept.as_ref().is_none_or(|kept| difference(drawn, kept, NEW) > 0) {
            encoding::write_picture(&path, drawn);
            kept = read();
        }
        stale.extend(check(&path, drawn, kept.as_ref()));
    }
    let path = folder().join("pairing.gif");
    let frames = film::shoot(is_update());
    if is_update() {
        encoding::write_film(&path, &frames);
    }
    let kept = encoding::read_film(&path);
    if kept.len() != frames.len() {
        stale.push(format!("pairing.gif: {} frames, not {}", kept.len(), frames.len()));
    }
    for (frame, kept) in frames.iter().zip(&kept) {
        let drawn = frame.picture.as_ref();
        stale.extend(drawn.and_then(|drawn| check(&path, drawn, Some(kept))));
    }
    assert!(
        stale.is_empty(),
        "run make pictures and look at them, or mend the text:\n{}",
        stale.join("\n")
    );
}

#[test]
fn the_documents_pictures_are_light_and_all_of_them_are_shown() {
    let mut texts = std::fs::read_to_string(root().join("README.md")).unwrap();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            texts.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    let mut made: BTreeSet<String> =
        pages::NAMES.iter().map(|name| format!("{name}.png")).collect();
    made.insert("pairing.gif".to_owned());
    // No page shows what happens between devices.
    made.insert("cloud-storage.svg".to_owned());
    let mut weight = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(texts.contains(&format!("pictures/{name}")), "{name} is shown nowhere");
        assert!(made.remove(&name), "{name} is not drawn by the program");
        let bytes = entry.metadata().unwrap().len();
        assert!(!name.ends_with(".gif") || bytes < FILM, "{name}: {bytes} bytes");
        weight += bytes;
    }
    assert!(made.is_empty(), "missing: {made:?}");
    assert!(weight < ALL, "{weight} bytes");
}
