//! `keyglance scan`.

use std::path::Path;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::args::ScanArgs;
use super::failure::{Failure, NOTHING_SCANNED};
use super::output::json_path;
use super::{Context, input};
use crate::messages;
use keyglance_capture::{CaptureError, Quality, read_picture, scan_picture};
use keyglance_profile::printable;
use keyglance_qr::{MAX_PICTURE_BYTES, Picture, Reading};

/// Reads each file; one that cannot be read does not keep the others from being read.
pub fn run(context: &Context, args: &ScanArgs) -> Result<(), Failure> {
    let mut found = false;
    let mut failed = None;
    for path in &args.files {
        let began = Instant::now();
        let picture = match picture(path) {
            Ok(picture) => picture,
            Err(failure) => {
                if let Some(earlier) = failed.replace(failure) {
                    earlier.report();
                }
                continue;
            }
        };
        let readings = scan_picture(&picture);
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        found |= !readings.is_empty();
        let shown = input::name(path);
        let codes: Vec<_> = readings
            .iter()
            .map(|reading| {
                json!({
                    "text": reading.text,
                    "bytes": STANDARD.encode(&reading.bytes),
                    "corners": reading.corners.map(|p| [p.x, p.y]),
                    "version": reading.version,
                    "quality": quality(&Quality::of(reading, picture.grey())),
                })
            })
            .collect();
        context.output.result(
            || readings.iter().map(|reading| line(&shown, args.files.len() > 1, reading)).collect(),
            &json!({ "file": json_path(path), "codes": codes, "ms": (ms * 1000.0).round() / 1000.0 }),
        )?;
    }
    match failed {
        Some(failure) => Err(failure),
        None if found => Ok(()),
        None => Err(Failure::new(NOTHING_SCANNED, "no code was found")),
    }
}

/// The picture in a file, a pipe or standard input.
fn picture(path: &Path) -> Result<Picture, Failure> {
    let is_pipe = std::fs::metadata(path).is_ok_and(|is| !is.is_file() && !is.is_dir());
    if !input::is_stream(path) && !is_pipe {
        return read_picture(path).map_err(|error| CaptureError::from(error).into());
    }
    let about = |failure: Failure| failure.about(&input::name(path));
    let mut bytes = input::read(path, MAX_PICTURE_BYTES).map_err(about)?;
    Picture::load(std::mem::take(&mut *bytes)).map_err(|error| {
        let failure = about(Failure::error(error.to_string()));
        match messages::picture(error) {
            Some(advice) => failure.advise(advice),
            None => failure,
        }
    })
}

/// Pixels per module; the other values are from 0 to 1.
fn quality(quality: &Quality) -> Value {
    let rounded = |value: f32| (f64::from(value) * 1000.0).round() / 1000.0;
    json!({
        "module": rounded(quality.module),
        "contrast": rounded(quality.contrast),
        "sharpness": rounded(quality.sharpness),
    })
}

/// One line, whatever the code holds.
fn line(file: &str, several: bool, reading: &Reading) -> String {
    let text = match &reading.text {
        Some(text) => printable(text),
        None => {
            format!("({} bytes) base64:{}", reading.bytes.len(), STANDARD.encode(&reading.bytes))
        }
    };
    if several { format!("{file}: {text}\n") } else { format!("{text}\n") }
}
