//! `keyglance demo`: two devices in one process, each with a simulated camera
//! that sees the other's rendered codes.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use getrandom::SysRng;
use image::GrayImage;
use jiff::Timestamp;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _, UnwrapErr};
use serde_json::json;

use super::Context;
use super::args::DemoArgs;
use super::failure::Failure;
use super::output::Output;
use super::pairing_screen::largest_code;
use crate::messages;
use keyglance_capture::simulated::{SimulatedCamera, SimulatedDisplay, Timing, View};
use keyglance_core::crypto::IdentityKey;
use keyglance_core::keyfile::KeyFile;
use keyglance_core::pairing::{
    Carousel, CheckEntry, DEFAULT_CODE_CHARACTERS, DisplayName, Event, Frame, Pace, Pairing,
    PairingError, PendingCheck, Phase, Role, Session, Suites,
};
use keyglance_profile::{Access, WriteError, create_file, printable_path, replace_file};
use keyglance_qr::{self as qr, Code, TerminalStyle, alphanumeric_capacity};

/// Longest simulated time of a demo.
const LIMIT: Duration = Duration::from_secs(120);

pub fn run(context: &Context, args: &DemoArgs) -> Result<(), Failure> {
    let output = context.output;
    let began = Instant::now();
    let seed = args.seed.unwrap_or_else(|| UnwrapErr(SysRng).next_u64());
    let screens = [SimulatedDisplay::default(), SimulatedDisplay::default()];
    let [hers, his] = &screens;
    let mut devices = [
        DemoDevice::new("Alice laptop", seed, 0, hers, his, args)?,
        DemoDevice::new("Bob laptop", seed, 1, his, hers, args)?,
    ];
    let now = pair(&mut devices, output)?;

    let [alice, bob] = &devices;
    let (Some(a), Some(b)) = (alice.session.pairing(), bob.session.pairing()) else {
        return Err(PairingError::TimedOut.into());
    };
    let real = began.elapsed();
    if let Some(folder) = &args.out {
        for device in &devices {
            device.write(folder)?;
        }
    }
    let number = a.safety_number();
    let types = |asks: &Pairing, shows: &Pairing| {
        PendingCheck::new(asks.check_codes, 0).enter(&shows.check_codes.shown.digits())
    };
    let agree = [types(a, b), types(b, a)] == [CheckEntry::Match; 2];
    let suite = a.suite;
    let mut shown: Vec<&Message> = devices.iter().flat_map(|device| &device.messages).collect();
    shown.sort_by_key(|message| message.at);
    output.result(
        || {
            let mut text = format!(
                "\nCheck codes    {} on one screen, {} on the other. Each is typed on the other device: {}\n\
                 Safety number  {number}\n\
                 Key id         {} and {}\n\
                 Suite          {}, {}\n\
                 Codes          {}\n\
                 Time           {:.2} s simulated, {:.2} s real\n",
                a.check_codes.shown,
                b.check_codes.shown,
                if agree { "both are right" } else { "THEY DIFFER" },
                a.key_id(),
                b.key_id(),
                suite.bit(),
                suite.noise_name(),
                counts(&shown),
                now.as_secs_f64(),
                real.as_secs_f64(),
            );
            if let Some(also_safe) = messages::also_safe(suite) {
                text.push_str(&format!("{also_safe}\n"));
            }
            match &args.out {
                Some(folder) => text.push_str(&format!(
                    "\nWrote alice.keyglance, bob.keyglance and what each camera saw last, to {}.\n",
                    printable_path(folder)
                )),
                None => text.push_str("\nAdd --out DIR to keep both key files and a picture of what each camera saw.\n"),
            }
            text.push_str("The real thing: keyglance pair\n");
            text
        },
        &json!({
            "agree": agree,
            "check_codes": [a.check_codes.shown.digits(), b.check_codes.shown.digits()],
            "safety_number": number.digits(),
            "key_ids": [a.key_id().to_string(), b.key_id().to_string()],
            "suite": suite.noise_name(),
            "post_quantum": suite.is_post_quantum(),
            "messages": shown.iter().map(|message| json!({
                "device": message.device,
                "message": message.name,
                "codes": message.codes,
                "version": message.version,
            })).collect::<Vec<_>>(),
            "simulated_seconds": now.as_secs_f64(),
            "real_seconds": real.as_secs_f64(),
            "seed": seed,
        }),
    )
}

/// Lets each device look at its own times, until both have the key.
fn pair(devices: &mut [DemoDevice; 2], output: Output) -> Result<Duration, Failure> {
    loop {
        let [a, b] = &*devices;
        let now = a.camera.now().min(b.camera.now());
        if now > LIMIT {
            let error = "The two devices did not see each other within two minutes.";
            return Err(
                Failure::error(error).advise("Try a smaller --tilt, less --loss, or more --fps.")
            );
        }
        for device in &mut *devices {
            device.turn(now);
        }
        let [a, b] = devices;
        let device = if a.camera.now() <= b.camera.now() { a } else { b };
        device.look(now, output)?;
        if devices.iter().all(|device| device.session.phase() == Phase::Finished) {
            return Ok(now);
        }
    }
}

struct DemoDevice {
    name: &'static str,
    session: Session<ChaCha20Rng>,
    camera: SimulatedCamera,
    /// Our own screen, which the other's camera sees.
    screen: SimulatedDisplay,
    /// Most characters of a code on it.
    max_characters: usize,
    carousel: Carousel,
    /// The carousel's codes, drawn.
    codes: Vec<Code>,
    /// What was shown so far.
    messages: Vec<Message>,
    last: Option<GrayImage>,
}

/// A message that was shown.
struct Message {
    at: Duration,
    device: &'static str,
    name: &'static str,
    /// In how many codes.
    codes: usize,
    /// Their version.
    version: u8,
}

impl DemoDevice {
    fn new(
        name: &'static str,
        seed: u64,
        index: u64,
        own: &SimulatedDisplay,
        other: &SimulatedDisplay,
        args: &DemoArgs,
    ) -> Result<Self, Failure> {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        rng.set_stream(index);
        let identity = Arc::new(IdentityKey::generate(&mut rng));
        // The two cameras are not synchronised.
        let phase = f64::from(rng.next_u32()) / 2_f64.powi(32) / args.fps;
        let noise = rng.next_u64();
        let suites = args.suite.map_or(Suites::OFFERED, Suites::from);
        let session = Session::new(identity, DisplayName::new(name)?, rng, Duration::ZERO)
            .with_suites(suites);
        let view = View { tilt_degrees: args.tilt, ..View::default() };
        let timing = Timing {
            frames_per_second: args.fps,
            phase: Duration::from_secs_f64(phase),
            loss: args.loss,
            ..Timing::default()
        };
        let camera = SimulatedCamera::new(other.clone(), view, timing, noise);
        let max_characters = match args.terminal {
            Some(size) => {
                let largest = largest_code(TerminalStyle::Colour, size);
                alphanumeric_capacity(
                    largest.map_err(|error| Failure::usage(messages::sentence(&error)))?,
                )
            }
            None => DEFAULT_CODE_CHARACTERS,
        };
        let mut device = Self {
            name,
            session,
            camera,
            screen: own.clone(),
            max_characters,
            carousel: Carousel::new(Vec::new(), Pace::Full, Duration::ZERO),
            codes: Vec::new(),
            messages: Vec::new(),
            last: None,
        };
        device.show(Duration::ZERO)?;
        Ok(device)
    }

    /// Shows the codes that were due until now.
    fn turn(&mut self, now: Duration) {
        while let Some(next) = self.carousel.next_change().filter(|next| *next <= now) {
            self.carousel.tick(next);
            self.screen.show(next, self.codes.get(self.carousel.index()));
        }
    }

    fn look(&mut self, now: Duration, output: Output) -> Result<(), Failure> {
        let mut events = self.session.tick(now);
        if let Some(frame) = self.camera.receive() {
            for reading in qr::decode_frame(&frame) {
                events.extend(self.session.handle(now, &reading.bytes));
            }
            self.last = Some(frame);
        }
        for event in events {
            tracing::debug!("{}: {event:?}", self.name);
            if let Some(words) = words(&event) {
                self.say(now, &words, output)?;
            }
            match event {
                Event::ShowCode => {
                    self.show(now)?;
                    if let Some(message) = self.messages.last().filter(|it| it.codes > 1) {
                        let words =
                            format!("shows {} in {} codes, in turn", message.name, message.codes);
                        self.say(now, &words, output)?;
                    }
                }
                Event::Failed(error) => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn say(&self, now: Duration, words: &str, output: Output) -> Result<(), Failure> {
        if output.json {
            return Ok(());
        }
        output.text(&format!("{:6.2} s  {:<12}  {words}\n", now.as_secs_f64(), self.name))
    }

    fn show(&mut self, now: Duration) -> Result<(), Failure> {
        let texts = self.session.codes(self.max_characters);
        self.codes = Code::alike(&texts)?;
        if let Some((frame, code)) = self.session.frame().zip(self.codes.first()) {
            let (codes, version) = (self.codes.len(), code.version());
            let name = message(frame);
            self.messages.push(Message { at: now, device: self.name, name, codes, version });
            self.screen.show(now, Some(code));
        }
        self.carousel = Carousel::new(texts, Pace::Full, now);
        Ok(())
    }

    fn write(&self, folder: &Path) -> Result<(), Failure> {
        fs::create_dir_all(folder).map_err(|error| WriteError::new(folder, &error))?;
        let name = self.name.split(' ').next().unwrap_or_default().to_lowercase();
        if let Some(pairing) = self.session.pairing() {
            let path = folder.join(format!("{name}.keyglance"));
            let key = KeyFile::from_pairing(pairing, Timestamp::now());
            create_file(&path, &key.to_json(), Access::Private)
                .map_err(|error| WriteError::new(&path, &error))?;
        }
        if let Some(frame) = &self.last {
            let path = folder.join(format!("{name}-camera.png"));
            replace_file(&path, &qr::encode_png(frame)?, Access::Shared)
                .map_err(|error| WriteError::new(&path, &error))?;
        }
        Ok(())
    }
}

/// What the protocol calls it.
const fn message(frame: &Frame) -> &'static str {
    match frame {
        Frame::Hello(_) => "HELLO",
        Frame::Message1 { .. } => "message 1",
        Frame::Message2 { .. } => "message 2",
        Frame::Message3 { .. } => "message 3",
        Frame::Confirm { .. } => "CONFIRM",
        Frame::Done { .. } => "DONE",
        // No session shows any other by itself.
        _ => "FRAG",
    }
}

/// How many codes each message took.
fn counts(messages: &[&Message]) -> String {
    let counts = messages.iter().map(|message| format!("{}: {}", message.name, message.codes));
    counts.collect::<Vec<_>>().join(", ")
}

fn words(event: &Event) -> Option<String> {
    Some(match event {
        Event::PeerSeen => "sees the other's code".to_owned(),
        Event::Locked(Role::Initiator) => {
            "has the lower commitment: begins the handshake".to_owned()
        }
        Event::Locked(Role::Responder) => "answers, and commits to its own key".to_owned(),
        Event::CheckCode(code) => format!("can show the check code {code}"),
        Event::Paired => "holds the key, and says so".to_owned(),
        Event::Finished => "knows that both hold the key".to_owned(),
        Event::Reset(reason) => messages::reset(*reason).to_owned(),
        _ => return None,
    })
}
