//! `keyglance inspect`: what is this code?

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::args::InspectArgs;
use super::failure::{Failure, MISMATCH, NOTHING_SCANNED};
use super::page::{Look, wrap};
use super::source::{Sighting, Source, SourceArg, WAIT, await_camera};
use super::{Context, guide, input, scan};
use crate::messages;
use crate::messages::inspect as words;
use keyglance_capture::{CameraChoice, SourceSpec, scan_picture};
use keyglance_inspect::{
    Comparison, Confidence, MAX_PAYLOAD, Outcome, Verdict, Warning, WarningCode, compare, expect,
    inspect, visible, without_secrets,
};
use keyglance_profile::printable;
use keyglance_qr::{Gathered, MAX_PICTURE_BYTES, PartCollector, Picture, is_picture};

/// How wide sentences are, at most, in columns.
const MEASURE: usize = 78;
/// How much of an ordinary text is shown, in characters.
const SHOWN: usize = 600;

/// A code to look at, and where it comes from.
struct Payload {
    bytes: Zeroizing<Vec<u8>>,
    from: &'static str,
    file: Option<PathBuf>,
    /// Which of several in the same picture, from 0.
    index: usize,
    /// How many there are in it.
    of: usize,
}

impl Payload {
    fn alone(bytes: Zeroizing<Vec<u8>>, from: &'static str) -> Self {
        Self { bytes, from, file: None, index: 0, of: 1 }
    }
}

pub fn run(context: &Context, args: &InspectArgs) -> Result<(), Failure> {
    let now = Timestamp::now();
    if let Some(name) = &args.app {
        return guide::app(context, name, now);
    } else if args.apps {
        return guide::list(context);
    } else if args.explain {
        return guide::explain(context);
    }
    let payloads = payloads(context, args)?;
    let other = Other::of(args, now)?;
    if other.as_ref().is_some_and(|other| other.was_typed_and_is_secret(now)) {
        context.output.tell(messages::terminal::IN_HISTORY);
    }
    tell(context, payloads, other.as_ref(), args.reveal, now)
}

/// What the codes of a picture are.
pub fn picture(context: &Context, path: &Path) -> Result<(), Failure> {
    let payloads = in_picture(&scan::picture(path)?, "picture", Some(path));
    tell(context, payloads, None, false, Timestamp::now())
}

fn tell(
    context: &Context,
    payloads: Vec<Payload>,
    other: Option<&Other>,
    reveal: bool,
    now: Timestamp,
) -> Result<(), Failure> {
    if payloads.is_empty() {
        return Err(Failure::new(NOTHING_SCANNED, words::NO_CODE));
    }
    let mut worst = Outcome::Match;
    for (shown, payload) in payloads.into_iter().enumerate() {
        let mut verdict = inspect(&payload.bytes, now);
        if payload.of > 1 {
            let text = format!("{} codes are in the picture.", payload.of);
            verdict.warnings.push(Warning::new(WarningCode::Several, text));
        }
        let comparison = other.map(|other| other.compare(&verdict));
        context.output.result(
            || text(&verdict, comparison.as_ref(), &payload, reveal, shown > 0),
            &document(&verdict, comparison.as_ref(), &payload, reveal),
        )?;
        if let Some(comparison) = comparison {
            worst = worse(worst, comparison.outcome);
        }
        if payload.from == "text" && verdict.has_masked() {
            context.output.tell(messages::terminal::IN_HISTORY);
        }
    }
    match worst {
        Outcome::Match => Ok(()),
        Outcome::Mismatch | Outcome::SameScreen => {
            Err(Failure::new(MISMATCH, words::DIFFERS).of_kind("mismatch"))
        }
        _ => Err(Failure::error(words::NOT_COMPARED).of_kind("different_kinds")),
    }
}

/// What the codes are compared with.
struct Other {
    value: OtherValue,
    /// It stands in the command, and so in the shell's history.
    typed: bool,
}

enum OtherValue {
    Text(Zeroizing<String>),
    Code(Box<Verdict>),
}

impl Other {
    fn of(args: &InspectArgs, now: Timestamp) -> Result<Option<Self>, Failure> {
        if let Some(given) = &args.expect {
            let file = given.strip_prefix('@');
            let text = match file {
                Some(file) => {
                    let path = Path::new(file);
                    let about = |failure: Failure| failure.about(&input::name(path));
                    let bytes = input::read(path, MAX_PAYLOAD).map_err(about)?;
                    let text = str::from_utf8(&bytes)
                        .map_err(|_| about(Failure::error("it is not text")))?;
                    Zeroizing::new(text.trim().to_owned())
                }
                None => Zeroizing::new(given.clone()),
            };
            return Ok(Some(Self { value: OtherValue::Text(text), typed: file.is_none() }));
        }
        let Some(with) = &args.with else { return Ok(None) };
        let mut codes = named(with)?.into_iter();
        match (codes.next(), codes.next()) {
            (Some(code), None) => {
                let value = OtherValue::Code(Box::new(inspect(&code.bytes, now)));
                Ok(Some(Self { value, typed: code.from == "text" }))
            }
            (Some(_), Some(_)) => {
                Err(Failure::error("there is more than one code in it").about(with))
            }
            (None, _) => Err(Failure::new(NOTHING_SCANNED, words::NO_CODE).about(with)),
        }
    }

    /// Whether the shell's history has a secret now.
    fn was_typed_and_is_secret(&self, now: Timestamp) -> bool {
        self.typed
            && match &self.value {
                OtherValue::Text(text) => inspect(text.as_bytes(), now).has_masked(),
                OtherValue::Code(code) => code.has_masked(),
            }
    }

    fn compare(&self, verdict: &Verdict) -> Comparison {
        match &self.value {
            OtherValue::Text(text) => expect(verdict, text),
            OtherValue::Code(other) => compare(verdict, other),
        }
    }
}

/// What of two outcomes the exit code tells: another key before what could not be compared.
fn worse(one: Outcome, other: Outcome) -> Outcome {
    let rank = |outcome| match outcome {
        Outcome::Match => 0,
        Outcome::NothingToCompare | Outcome::DifferentKinds => 1,
        Outcome::Mismatch | Outcome::SameScreen => 2,
    };
    if rank(other) > rank(one) { other } else { one }
}

fn payloads(context: &Context, args: &InspectArgs) -> Result<Vec<Payload>, Failure> {
    if let Some(number) = args.camera {
        let choice = number.map_or(CameraChoice::First, CameraChoice::Number);
        return live(SourceSpec::Camera(choice), "camera");
    }
    if args.screen {
        return live(SourceSpec::Screen, "screen");
    }
    let mut found = Vec::new();
    for what in &args.what {
        let mut codes = named(what)?;
        codes.retain(|code| !code.bytes.trim_ascii().is_empty());
        if codes.is_empty() && args.what.len() > 1 {
            context.output.tell(words::no_code_in(&printable(what)));
        }
        found.extend(codes);
    }
    Ok(found)
}

/// What an argument means: a file, standard input, or the text of a code itself.
fn named(what: &str) -> Result<Vec<Payload>, Failure> {
    let path = Path::new(what);
    if input::is_stream(path) {
        let bytes = input::read(path, MAX_PICTURE_BYTES)
            .map_err(|failure| failure.about(&input::name(path)))?;
        if is_picture(&bytes) {
            let mut bytes = bytes;
            let picture = Picture::load(std::mem::take(&mut *bytes))
                .map_err(|error| Failure::error(error.to_string()).about(&input::name(path)))?;
            return Ok(in_picture(&picture, "stdin", None));
        }
        return Ok(vec![Payload::alone(bytes, "stdin")]);
    }
    if path.exists() || is_path(what) {
        let picture = scan::picture(path)?;
        return Ok(in_picture(&picture, "picture", Some(path)));
    }
    Ok(vec![Payload::alone(Zeroizing::new(what.as_bytes().to_vec()), "text")])
}

/// Whether somebody meant a file that is not there, and no text of a code.
fn is_path(what: &str) -> bool {
    const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tiff"];
    let ending = Path::new(what).extension().and_then(|ending| ending.to_str());
    let is_picture =
        ending.is_some_and(|is| ENDINGS.iter().any(|known| is.eq_ignore_ascii_case(known)));
    let begins = ["./", "../", "~/"].iter().any(|start| what.starts_with(start));
    let told = || inspect(what.as_bytes(), Timestamp::UNIX_EPOCH);
    // A text that ends so is not repeated in an error.
    (is_picture || begins) && !what.contains("://") && told().confidence == Confidence::None
}

fn in_picture(picture: &Picture, from: &'static str, file: Option<&Path>) -> Vec<Payload> {
    // What is spread over several codes of the picture is one.
    let gathered = PartCollector::default().gather(Duration::ZERO, scan_picture(picture));
    let whole = gathered.iter().any(|one| matches!(one, Gathered::Whole(_)));
    let codes: Vec<_> = gathered
        .iter()
        .filter(|one| !(whole && matches!(one, Gathered::Part(..))))
        .map(|one| Zeroizing::new(one.bytes().to_vec()))
        .collect();
    let of = codes.len();
    let payload =
        |(index, bytes)| Payload { bytes, from, file: file.map(Path::to_owned), index, of };
    codes.into_iter().enumerate().map(payload).collect()
}

/// The first codes that come into view.
fn live(spec: SourceSpec, from: &'static str) -> Result<Vec<Payload>, Failure> {
    let mut source = Source::open(SourceArg::Live(spec))?;
    loop {
        match source.look(WAIT)? {
            Sighting::Codes(codes) if !codes.is_empty() => {
                let of = codes.len();
                let payload = |(index, code): (usize, super::source::SeenCode)| Payload {
                    bytes: Zeroizing::new(code.bytes().to_vec()),
                    from,
                    file: None,
                    index,
                    of,
                };
                return Ok(codes.into_iter().enumerate().map(payload).collect());
            }
            Sighting::Ended => return Ok(Vec::new()),
            Sighting::Away(error) => await_camera(error)?,
            Sighting::Told(what) => super::source::tell(&what),
            Sighting::Waits if !source.ask_to_look_again() => return Ok(Vec::new()),
            Sighting::Codes(_) | Sighting::Nothing | Sighting::Useless(_) | Sighting::Waits => {}
        }
    }
}

fn document(
    verdict: &Verdict,
    comparison: Option<&Comparison>,
    payload: &Payload,
    reveal: bool,
) -> Value {
    let mut document = verdict.to_json(reveal);
    if let Some(object) = document.as_object_mut() {
        let file = payload.file.as_deref().map(super::output::json_path);
        object.insert(
            "input".into(),
            json!({ "from": payload.from, "file": file, "index": payload.index }),
        );
        if let Some(Comparison { outcome, text, .. }) = comparison {
            let comparison = json!({ "result": outcome.word(), "text": text });
            object.insert("comparison".into(), comparison);
        }
    }
    document
}

fn text(
    verdict: &Verdict,
    comparison: Option<&Comparison>,
    payload: &Payload,
    reveal: bool,
    further: bool,
) -> String {
    let look = Look::of_terminal();
    let mark = match verdict.confidence {
        Confidence::Exact => look.glyph("✔", "+"),
        Confidence::Damaged => look.glyph("▲", "!"),
        Confidence::CouldBe => look.glyph("○", "o"),
        Confidence::None => look.glyph("·", "-"),
    };
    let mut text = String::new();
    if further {
        text.push('\n');
    }
    text.push_str(&format!("{mark} {}\n", words::headline(verdict)));
    if let Some(Comparison { outcome, text: said, .. }) = comparison {
        let mark = match outcome {
            Outcome::Match => look.glyph("✔ ", "+ "),
            _ => look.glyph("▲ ", "! "),
        };
        paragraph(&mut text, mark, said);
    }
    for warning in &verdict.warnings {
        paragraph(&mut text, &format!("{} ", look.glyph("▲", "!")), &warning.text);
    }
    paragraph(&mut text, "", words::sure(verdict));
    if verdict.confidence == Confidence::None {
        // Nobody knows what is in what was not looked into.
        if verdict.is_too_long() {
            return text;
        }
        if let Ok(said) = str::from_utf8(&payload.bytes) {
            let hidden = without_secrets(said).filter(|_| !reveal);
            let left_out = hidden.is_some();
            let said = hidden.unwrap_or_else(|| said.to_owned());
            let said: String = said.chars().take(SHOWN).collect();
            text.push_str(&format!("\n{}\n", words::SAYS));
            for line in said.lines() {
                paragraph(&mut text, "", &visible(line));
            }
            if left_out {
                paragraph(&mut text, "", words::WITH_REVEAL);
            }
        }
        return text;
    }
    for (heading, said) in words::sections(verdict) {
        text.push_str(&format!("\n{heading}\n"));
        paragraph(&mut text, "", &said);
    }
    if let Some(digits) = words::digits(verdict) {
        text.push_str(&format!("\n{}\n", words::DIGITS));
        paragraph(&mut text, "", digits);
    }
    if verdict.parts.is_empty() {
        return text;
    }
    text.push_str(&format!("\n{}\n", words::PARTS));
    let width = verdict.parts.iter().map(|part| part.label().chars().count()).max().unwrap_or(0);
    for part in &verdict.parts {
        let (role, label) = (part.role().word(), part.label());
        let value = words::value(part, reveal);
        text.push_str(&format!("  {role:<10}  {label:<width$}  {value}\n"));
    }
    text
}

pub fn paragraph(text: &mut String, first: &str, said: &str) {
    for (i, line) in wrap(said, MEASURE - 4).into_iter().enumerate() {
        let before = if i == 0 { first } else { "" };
        let indent = if i == 0 { 2 } else { 2 + first.chars().count() };
        text.push_str(&format!("{:indent$}{before}{line}\n", ""));
    }
}
