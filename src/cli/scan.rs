//! `keyglance scan`.

use std::borrow::Cow;
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::args::ScanArgs;
use super::failure::{Failure, NOTHING_SCANNED};
use super::output::json_path;
use super::{Context, input, source};
use crate::messages;
use keyglance_capture::image::GrayImage;
use keyglance_capture::{
    CaptureError, FrameSource as _, NextFrame, Quality, read_picture, scan_picture,
};
use keyglance_profile::printable;
use keyglance_qr::{
    DecidedBy, Gathered, MAX_PICTURE_BYTES, Part, PartCollector, Picture, Reading, Text, Version,
    decode_image,
};

/// How long an X11 screen may take.
const SCREEN_WAIT: Duration = Duration::from_secs(1);

/// Reads each file; one that cannot be read does not keep the others from being read.
pub fn run(context: &Context, args: &ScanArgs) -> Result<(), Failure> {
    let mut found = false;
    let mut failed = None;
    let mut parts = PartCollector::default();
    let screen = args.screen.then_some(None);
    for path in screen.into_iter().chain(args.files.iter().map(Some)) {
        let began = Instant::now();
        let read = match path {
            Some(path) => {
                picture(path).map(|picture| (scan_picture(&picture), picture.into_grey()))
            }
            None => on_screen(),
        };
        let (readings, grey) = match read {
            Ok(read) => read,
            Err(failure) => {
                if let Some(earlier) = failed.replace(failure) {
                    earlier.report(context.output);
                }
                continue;
            }
        };
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        found |= !readings.is_empty();
        let shown = path.map_or(Cow::Borrowed(SCREEN), |path| input::name(path).into());
        let codes: Vec<_> = readings
            .iter()
            .map(|reading| {
                let mut code = content(reading.text(), &reading.bytes);
                let more = json!({
                    "part": reading.part.map(part),
                    "corners": reading.corners.map(|p| [p.x, p.y]),
                    "version": version(reading.version),
                    "quality": quality(&Quality::of(reading, &grey)),
                });
                code.extend(more.as_object().cloned().unwrap_or_default());
                code
            })
            .collect();
        // Files that are named together are seen together.
        let gathered = parts.gather(Duration::ZERO, readings);
        let joined: Vec<_> = gathered.iter().filter_map(whole).collect();
        context.output.result(
            || gathered.iter().map(|one| line(&shown, args.files.len() > 1, one)).collect(),
            &json!({
                "file": path.map(|path| json_path(path)),
                "codes": codes,
                "joined": joined,
                "ms": (ms * 1000.0).round() / 1000.0,
            }),
        )?;
    }
    match failed {
        Some(failure) => Err(failure),
        None if found => Ok(()),
        None => Err(Failure::new(NOTHING_SCANNED, messages::inspect::NO_CODE)),
    }
}

/// What is read from the screen is called so.
const SCREEN: &str = "screen";

/// What is on the screen now: one picture.
fn on_screen() -> Result<(Vec<Reading>, GrayImage), Failure> {
    let mut screen = source::open_screen(messages::PICTURE_OF_THE_SCREEN)?.once();
    let seen = match screen.next_frame(SCREEN_WAIT)? {
        NextFrame::Picture(picture) => (scan_picture(&picture), picture.into_grey()),
        NextFrame::Frame(frame) => (decode_image(&frame), frame),
        NextFrame::Nothing | NextFrame::Ended => (Vec::new(), GrayImage::default()),
    };
    // Of a picture that could not be deleted.
    if let Err(error) = screen.next_frame(Duration::ZERO) {
        source::tell(&messages::terminal::explain(&error));
    }
    Ok(seen)
}

/// The picture in a file, a pipe or standard input.
pub fn picture(path: &Path) -> Result<Picture, Failure> {
    let is_pipe = std::fs::metadata(path).is_ok_and(|is| !is.is_file() && !is.is_dir());
    if !input::is_stream(path) && !is_pipe {
        return read_picture(path).map_err(|error| CaptureError::from(error).into());
    }
    let about = |failure: Failure| failure.about(&input::name(path));
    let mut bytes = input::read(path, MAX_PICTURE_BYTES).map_err(about)?;
    Picture::load(std::mem::take(&mut *bytes)).map_err(|error| {
        let failure = about(Failure::error(messages::sentence(&error)));
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

/// A number for a QR code, as it always was; a name for the other kinds.
fn version(version: Version) -> Value {
    match version {
        Version::Normal(number) => json!(number),
        other => json!(other.to_string()),
    }
}

/// The text, how it was decoded, and the bytes.
fn content(text: Option<Text<'_>>, bytes: &[u8]) -> Map<String, Value> {
    let by = text.as_ref().map(|text| text.by);
    let eci = by.and_then(|by| match by {
        DecidedBy::Eci(number) => Some(number),
        _ => None,
    });
    let mut content = Map::new();
    content.insert("text".into(), text.as_deref().into());
    content.insert("by".into(), by.map(DecidedBy::name).into());
    content.insert("charset".into(), by.map(DecidedBy::charset).into());
    content.insert("eci".into(), eci.into());
    content.insert("bytes".into(), URL_SAFE_NO_PAD.encode(bytes).into());
    content
}

/// Counted from 1.
fn part(part: Part) -> Value {
    json!({ "number": part.index + 1, "count": part.count, "parity": part.parity })
}

/// A text of which the last part is in this file.
fn whole(gathered: &Gathered) -> Option<Map<String, Value>> {
    let Gathered::Whole(whole) = gathered else { return None };
    let mut joined = content(whole.text(), &whole.bytes);
    joined.insert("parts".into(), whole.count.into());
    Some(joined)
}

/// One line, whatever the code holds.
fn line(file: &str, several: bool, gathered: &Gathered) -> String {
    let text = match gathered.text() {
        Some(text) => printable(&text),
        None => {
            let bytes = gathered.bytes();
            format!("({} bytes) base64:{}", bytes.len(), STANDARD.encode(bytes))
        }
    };
    let text = match gathered {
        Gathered::Part(_, part) => format!("{part}: {text}"),
        _ => text,
    };
    if several { format!("{file}: {text}\n") } else { format!("{text}\n") }
}
