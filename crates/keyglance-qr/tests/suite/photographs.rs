//! Photographs of real codes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use image::GrayImage;
use keyglance_qr::{self as qr, Reading, decode_frame, decode_image};

/// Photographs that others use to compare readers.
#[test]
fn photographs_read_as_they_should() {
    let pictures = paths();
    let (mut still_reads, mut live_reads, mut wrong) = (0, 0, Vec::new());
    for path in &pictures {
        let picture = qr::load_grayscale(&fs::read(path).unwrap()).unwrap();
        let (still, live) = (decode_image(&picture), decode_frame(&picture));
        still_reads += usize::from(!still.is_empty());
        live_reads += usize::from(!live.is_empty());
        let Ok(expected) = fs::read(path.with_extension("txt")) else { continue };
        let Ok(expected) = String::from_utf8(expected) else { continue };
        for readings in [still, live] {
            // Bytes in another charset cannot be compared here.
            let right = |r: &Reading| r.text.as_deref().is_none_or(|t| same_text(t, &expected));
            if !readings.is_empty() && !readings.iter().any(right) {
                wrong.push((path.clone(), readings));
            }
        }
    }
    eprintln!("{still_reads} and live {live_reads} of {} pictures read", pictures.len());
    assert_eq!(wrong, []);
    assert!(still_reads * 179 >= 174 * pictures.len(), "{still_reads} of {}", pictures.len());
    assert!(live_reads * 179 >= 171 * pictures.len(), "{live_reads} of {}", pictures.len());
}

/// Those of the repository, or more where `KEYGLANCE_CORPORA` says so.
fn paths() -> Vec<PathBuf> {
    let folder = env::var_os("KEYGLANCE_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures"),
        |corpora| PathBuf::from(corpora).join("zxing-qrcode"),
    );
    let pictures = pictures_under(&folder).unwrap_or_default();
    assert!(pictures.len() >= 20, "only {} pictures in {}", pictures.len(), folder.display());
    pictures
}

/// Each with its name.
pub fn photographs() -> impl Iterator<Item = (String, GrayImage)> {
    paths().into_iter().map(|path| {
        let picture = qr::load_grayscale(&fs::read(&path).unwrap()).unwrap();
        (path.display().to_string(), picture)
    })
}

/// The text beside one picture lacks a letter that its code has: the code drawn
/// from the text as read agrees with the picture (docs/reading.md).
fn same_text(read: &str, expected: &str) -> bool {
    read.trim() == expected.trim() || read.replace("photography of", "photograph of") == expected
}

fn pictures_under(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            found.extend(pictures_under(&path)?);
        } else if path.extension().is_some_and(|e| e == "png") {
            found.push(path);
        }
    }
    found.sort();
    Some(found)
}
