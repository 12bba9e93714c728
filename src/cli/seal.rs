//! `keyglance seal` and `keyglance open`.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::args::{OpenArgs, SealArgs};
use super::export::note_unverified;
use super::failure::Failure;
use super::output::{Output, json_path};
use super::{Context, input, output};
use crate::messages;
use keyglance_core::crypto::Purpose;
use keyglance_core::keyfile::{SealedBy, StreamError, UnknownSealer};
use keyglance_profile::{Access, NewFile, OpenedStream, Refusal, WriteError};

/// The ending of a sealed file's name.
const ENDING: &str = "age";

pub fn seal(context: &Context, args: &SealArgs) -> Result<(), Failure> {
    let purpose = Purpose::new(&args.purpose)?;
    one_place(args.out.as_deref(), &args.files)?;
    let profile = context.open_profile()?;
    let sealer = profile.sealer(&args.name, purpose.clone(), args.require.require())?;
    let key = sealer.key();
    note_unverified(context, key);
    for file in &args.files {
        let to = place(file, args.out.as_deref(), |path| {
            let mut name = OsString::from(path);
            name.push(format!(".{ENDING}"));
            Ok(name.into())
        })?;
        let work = |from: Input, to: &mut dyn io::Write, progress: &mut dyn FnMut(u64)| {
            sealer.seal(from, to, progress)
        };
        let bytes = convert(context.output, file, &to, Access::Shared, work)?;
        if is_stream(&to) {
            continue;
        }
        let (shown, sealed) = (input::name(file), input::name(&to));
        context.output.result(
            || format!("Sealed {shown} as {sealed}, with the key {}.\n", key.name),
            &json!({
                "file": json_path(file), "sealed": json_path(&to), "bytes": bytes, "key": key.name,
                "key_id": key.file.key_id().to_string(), "separate_key_for": purpose.as_str(),
            }),
        )?;
    }
    Ok(())
}

pub fn open(context: &Context, args: &OpenArgs) -> Result<(), Failure> {
    let wanted = Purpose::new(&args.purpose)?;
    one_place(args.out.as_deref(), &args.files)?;
    let profile = context.open_profile()?;
    let opener = profile.opener(&wanted)?;
    context.output.warn_all(opener.warnings());
    for file in &args.files {
        let to = place(file, args.out.as_deref(), |path| {
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ENDING)) {
                return Ok(path.with_extension(""));
            }
            Err(Failure::usage(format!("{} does not end in .{ENDING}.", input::name(path)))
                .advise("Say where the opened file goes: --out FILE."))
        })?;
        let mut opened = None;
        let work = |from: Input, to: &mut dyn io::Write, progress: &mut dyn FnMut(u64)| {
            Ok(opened.insert(opener.open(from, to, progress)?).bytes)
        };
        convert(context.output, file, &to, Access::Private, work)?;
        let Some(opened) = opened else { continue };
        if opened.is_mismatched() {
            let name = messages::terminal::sealer(&opened);
            context.output.tell(format!(
                "Attention: the numbers of {name} did not match. Somebody else may have sealed this."
            ));
        }
        let sealed_by = messages::terminal::sealed_by(&opened);
        if is_stream(&to) {
            context.output.tell(sealed_by);
            continue;
        }
        let (shown, result) = (input::name(file), input::name(&to));
        context.output.result(
            || format!("Opened {shown} as {result}. {sealed_by}\n"),
            &opened_value(&opened, &json_path(file), &json_path(&to)),
        )?;
    }
    Ok(())
}

fn opened_value(opened: &OpenedStream<'_>, file: &str, result: &str) -> Value {
    let (sealed_by, unknown) = match opened.sealed_by {
        SealedBy::Peer => (Some("peer"), None),
        SealedBy::Local => (Some("you"), None),
        SealedBy::Unknown(UnknownSealer::OtherRecipients) => (None, Some("other-recipients")),
        _ => (None, Some("public-recipient")),
    };
    json!({
        "file": file, "opened": result, "bytes": opened.bytes,
        "sealed_by": sealed_by, "sealer_unknown": unknown,
        "key": opened.key.name, "key_id": opened.key.file.key_id().to_string(),
        "contact": opened.contact.map(|contact| contact.name.as_str()),
        "trust": opened.key.trust().as_str(),
        "refusal": opened.refusal.as_ref().map(Refusal::code),
        "separate_key_for": opened.purpose.as_str(),
    })
}

fn one_place(out: Option<&Path>, files: &[PathBuf]) -> Result<(), Failure> {
    if out.is_some() && files.len() > 1 {
        return Err(Failure::usage("Several files do not fit into one.")
            .advise("Nothing was written. Leave --out away, or take one file at a time."));
    }
    Ok(())
}

fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

/// Where the result goes: the named file, or one beside the input; standard input
/// goes to standard output.
fn place(
    file: &Path,
    out: Option<&Path>,
    beside: impl FnOnce(&Path) -> Result<PathBuf, Failure>,
) -> Result<PathBuf, Failure> {
    match out {
        Some(out) => Ok(out.to_owned()),
        None if is_stream(file) => Ok("-".into()),
        None => beside(file),
    }
}

/// The input: a file, or standard input.
type Input = Box<dyn Read>;

/// Reads `from` and writes `to`, completely or not at all. Standard output gets
/// each part as it is ready; the exit code says whether that was all, and the
/// failure that it was not.
fn convert(
    output: Output,
    from: &Path,
    to: &Path,
    access: Access,
    work: impl FnOnce(Input, &mut dyn io::Write, &mut dyn FnMut(u64)) -> Result<u64, StreamError>,
) -> Result<u64, Failure> {
    let subject = input::name(from);
    let failed = |error: StreamError| Failure::from(error).about(&subject);
    let (source, length): (Input, _) = if is_stream(from) {
        (Box::new(io::stdin()), None)
    } else {
        let opened = File::open(from).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = opened.map_err(|error| input::unreadable(from, &error))?;
        if metadata.is_dir() {
            return Err(Failure::error(format!("{subject} is a folder."))
                .advise("Pack it first: tar -c FOLDER | keyglance seal - --for NAME > FILE.age"));
        }
        (Box::new(file), Some(metadata.len()))
    };
    let mut progress = Progress::new(output, &subject, length);
    if is_stream(to) {
        if access == Access::Shared && output::on_terminal() {
            return Err(Failure::usage("These are raw bytes, which a terminal cannot show.")
                .advise("Nothing was written. Use --out FILE."));
        }
        let mut out = Counted { stream: output::standard_output(), written: 0 };
        let done = work(source, &mut out, &mut |done| progress.at(done));
        return done.map_err(|error| {
            let failure = failed(error);
            if out.written > 0 { failure.advise(messages::terminal::ONLY_A_PART) } else { failure }
        });
    }
    let mut file = NewFile::create(to, access).map_err(|error| WriteError::new(to, &error))?;
    let done = work(source, &mut file, &mut |done| progress.at(done)).map_err(failed)?;
    progress.end();
    file.persist().map_err(|error| WriteError::new(to, &error))?;
    Ok(done)
}

/// Counts the bytes that a stream took.
struct Counted<W> {
    stream: W,
    written: u64,
}

impl<W: io::Write> io::Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stream.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Progress through a long file, shown on a terminal.
struct Progress<'a> {
    subject: &'a str,
    length: Option<u64>,
    next: Instant,
    output: Output,
    shown: bool,
    wanted: bool,
}

impl<'a> Progress<'a> {
    const EVERY: Duration = Duration::from_millis(200);

    fn new(output: Output, subject: &'a str, length: Option<u64>) -> Self {
        let wanted = output::is_watched() && !output.json;
        let next = Instant::now() + 2 * Self::EVERY;
        Self { subject, length, next, output, shown: false, wanted }
    }

    fn at(&mut self, done: u64) {
        let now = Instant::now();
        if !self.wanted || now < self.next {
            return;
        }
        self.next = now + Self::EVERY;
        self.shown = true;
        let megabytes = done / 1_000_000;
        self.output.update_line(&match self.length {
            Some(length) if length > 0 => {
                let percent = (done.min(length) as f64 / length as f64 * 100.0) as u64;
                format!("{}: {percent} % ({megabytes} MB)", self.subject)
            }
            _ => format!("{}: {megabytes} MB", self.subject),
        });
    }

    fn end(&mut self) {
        if self.shown {
            self.output.update_line("");
        }
    }
}
