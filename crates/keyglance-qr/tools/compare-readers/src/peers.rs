//! Every reader that is compared: ours, other crates, other programs.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::panic::catch_unwind;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use image::GrayImage;
use keyglance_qr::{self as qr, VideoDecoder, WorkBudget};
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader as _;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};

use crate::clock::cpu_milliseconds;
use crate::output::Output;
use crate::steps::StepTables;

/// What one reader made of one picture.
pub(crate) struct Outcome {
    pub(crate) payloads: Vec<Vec<u8>>,
    /// CPU time of its thread.
    pub(crate) milliseconds: f64,
}

type Read = fn(&GrayImage) -> Vec<Vec<u8>>;

/// Our own two come first.
static RUST: [(&str, Read); 4] =
    [("Keyglance, live", live), ("Keyglance, still", still), ("rxing", rxing), ("rqrr", rqrr)];

/// All readers; those of other languages answer through a pipe.
pub(crate) struct Readers {
    rust: &'static [(&'static str, Read)],
    names: Vec<String>,
    others: Option<Others>,
    /// Our live reader, while it reads frame after frame.
    video: Option<VideoDecoder>,
    steps: Option<StepTables>,
}

struct Others {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    count: usize,
}

impl Readers {
    pub(crate) fn new(with_steps: bool) -> Self {
        let alone = std::env::var_os("WITHOUT_PEERS").is_some();
        let rust = if alone { &RUST[..2] } else { &RUST[..] };
        let mut names: Vec<_> = rust.iter().map(|(name, _)| (*name).to_owned()).collect();
        let others = if alone { None } else { Others::start() };
        let others = others.map(|(others, theirs)| {
            names.extend(theirs);
            others
        });
        Self { rust, names, others, video: None, steps: with_steps.then(StepTables::default) }
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// From here on our live reader takes pictures for frames of one camera.
    pub(crate) fn start_video(&mut self) {
        self.video = Some(VideoDecoder::default());
    }

    /// From here on each picture is a frame of its own.
    pub(crate) fn end_video(&mut self) {
        self.video = None;
    }

    /// One outcome for each name, of those that are asked. Each reads the picture this
    /// many times, and the quickest counts: the first pays for memory and code that
    /// the reader before it has pushed out of the caches.
    pub(crate) fn read(&mut self, picture: &GrayImage, times: u32, ask: &[bool]) -> Vec<Outcome> {
        let (ours, theirs) = ask.split_at(self.rust.len());
        let mut outcomes: Vec<_> = self
            .rust
            .iter()
            .zip(ours)
            .enumerate()
            .map(|(at, ((_, read), ask))| {
                // Once, and not on its own.
                let is_video = at == 0 && self.video.is_some();
                timed(*read, picture, if *ask && !is_video { times } else { 0 })
            })
            .collect();
        if let (Some(video), Some(live)) = (&mut self.video, outcomes.first_mut()) {
            *live = next_frame(video, picture);
        }
        if let Some(others) = &mut self.others {
            outcomes.extend(others.read(picture, times, theirs).unwrap());
        }
        if let (Some(steps), [live, still, ..]) = (&self.steps, ours) {
            if *live {
                steps.add_frame(picture);
            }
            if *still {
                steps.add_still(picture);
            }
        }
        outcomes
    }

    /// Prints what each step of our readers earned, if that was asked for.
    pub(crate) fn print_steps(&self, output: &Output) {
        if let Some(steps) = &self.steps {
            steps.print(output);
        }
    }
}

impl Others {
    fn start() -> Option<(Self, Vec<String>)> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/peers.py");
        let mut command = Command::new("python3");
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
        // One core each, as for the others.
        command.env("OMP_NUM_THREADS", "1");
        let mut child = command.spawn().ok()?;
        let ask = child.stdin.take()?;
        let mut answers = BufReader::new(child.stdout.take()?);
        let mut line = String::new();
        answers.read_line(&mut line).ok()?;
        let names: Vec<_> =
            line.split('\t').map(|name| name.trim().to_owned()).filter(|n| !n.is_empty()).collect();
        let count = names.len();
        (count > 0).then_some((Self { child, ask, answers, count }, names))
    }

    fn read(&mut self, picture: &GrayImage, times: u32, ask: &[bool]) -> io::Result<Vec<Outcome>> {
        let asked: String = ask.iter().map(|ask| if *ask { '1' } else { '0' }).collect();
        writeln!(self.ask, "{} {} {times} {asked}", picture.width(), picture.height())?;
        self.ask.write_all(picture.as_raw())?;
        self.ask.flush()?;
        let mut outcomes = Vec::new();
        for _ in 0..self.count {
            let mut line = String::new();
            self.answers.read_line(&mut line)?;
            let mut words = line.split_whitespace();
            let milliseconds = words.next().and_then(|word| word.parse().ok()).unwrap_or(f64::NAN);
            outcomes.push(Outcome { payloads: words.map(bytes).collect(), milliseconds });
        }
        Ok(outcomes)
    }
}

impl Drop for Others {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = self.answers.read_to_end(&mut Vec::new());
    }
}

fn timed(read: Read, picture: &GrayImage, times: u32) -> Outcome {
    let mut outcome = Outcome { payloads: Vec::new(), milliseconds: f64::INFINITY };
    for _ in 0..times {
        let start = cpu_milliseconds();
        // A reader that panics has read nothing.
        outcome.payloads = catch_unwind(|| read(picture)).unwrap_or_default();
        outcome.milliseconds = outcome.milliseconds.min(cpu_milliseconds() - start);
    }
    outcome
}

fn next_frame(video: &mut VideoDecoder, picture: &GrayImage) -> Outcome {
    let start = cpu_milliseconds();
    let readings = video.read(picture, &mut WorkBudget::live());
    let milliseconds = cpu_milliseconds() - start;
    Outcome { payloads: readings.into_iter().map(|reading| reading.bytes).collect(), milliseconds }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().as_chunks::<2>().0;
    digits
        .iter()
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn live(picture: &GrayImage) -> Vec<Vec<u8>> {
    qr::decode_frame(picture).into_iter().map(|reading| reading.bytes).collect()
}

fn still(picture: &GrayImage) -> Vec<Vec<u8>> {
    qr::decode_image(picture).into_iter().map(|reading| reading.bytes).collect()
}

fn rxing(picture: &GrayImage) -> Vec<Vec<u8>> {
    let Ok(source) =
        Luma8Source::new_with_slice(picture.as_raw(), picture.width(), picture.height())
    else {
        return Vec::new();
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints {
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into_iter().collect()),
        TryHarder: Some(true),
        ..DecodeHints::default()
    };
    let found = QrReader.decode_multiple_with_hints(&mut bitmap, &hints).unwrap_or_default();
    found.iter().map(|code| code.getText().as_bytes().to_vec()).collect()
}

fn rqrr(picture: &GrayImage) -> Vec<Vec<u8>> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut pixels = picture.as_raw().iter().copied();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |_, _| {
        pixels.next().unwrap_or_default()
    });
    let read = |grid: &rqrr::Grid<_>| {
        let mut bytes = Vec::new();
        grid.decode_to(&mut bytes).ok().map(|_| bytes)
    };
    prepared.detect_grids().iter().filter_map(read).collect()
}
