//! `keyglance scan`.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Context;
use super::args::ScanArgs;
use super::failure::{Failure, NOTHING_SCANNED};
use keyglance_capture::{CaptureError, Quality, read_picture, scan_still};
use keyglance_qr::Reading;

/// Reads each file; one that cannot be read does not keep the others from being read.
pub fn run(context: &Context, args: &ScanArgs) -> Result<(), Failure> {
    let mut found = false;
    let mut failed = None;
    for path in &args.files {
        let began = Instant::now();
        let picture = match read_picture(path) {
            Ok(picture) => picture,
            Err(error) => {
                let failure = Failure::from(CaptureError::from(error));
                if let Some(earlier) = failed.replace(failure) {
                    earlier.report();
                }
                continue;
            }
        };
        let readings = scan_still(&picture);
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        found |= !readings.is_empty();
        let file = path.to_string_lossy();
        let codes: Vec<_> = readings
            .iter()
            .map(|reading| {
                json!({
                    "text": reading.text,
                    "bytes": STANDARD.encode(&reading.bytes),
                    "corners": reading.corners.map(|p| [p.x, p.y]),
                    "version": reading.version,
                    "quality": quality(&Quality::of(reading, &picture)),
                })
            })
            .collect();
        context.output.result(
            || readings.iter().map(|reading| line(&file, args.files.len() > 1, reading)).collect(),
            &json!({ "file": file, "codes": codes, "ms": (ms * 1000.0).round() / 1000.0 }),
        )?;
    }
    match failed {
        Some(failure) => Err(failure),
        None if found => Ok(()),
        None => Err(Failure::new(NOTHING_SCANNED, "no code was found")),
    }
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

/// Control characters, which could act on the terminal, are written as escapes.
fn line(file: &str, several: bool, reading: &Reading) -> String {
    let text = match &reading.text {
        Some(text) => text
            .chars()
            .flat_map(
                |c| if c.is_control() { c.escape_default().collect::<Vec<_>>() } else { vec![c] },
            )
            .collect(),
        None => {
            format!("({} bytes) base64:{}", reading.bytes.len(), STANDARD.encode(&reading.bytes))
        }
    };
    if several { format!("{file}: {text}\n") } else { format!("{text}\n") }
}
