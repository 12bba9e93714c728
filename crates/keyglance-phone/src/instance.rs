//! One instance of the module: what each call of the contract does, without the C ABI.

use std::io::{Read, Write};
use std::time::Duration;

use keyglance_core::jiff::Timestamp;
use keyglance_core::keyfile::{MAX_WORK, Passphrase};
use keyglance_core::pairing::{CheckEntry, DisplayName, Event, Pace};
use keyglance_core::rand_core::CryptoRng;
use keyglance_core::zeroize::Zeroizing;
use serde_json::{Value, json};

use crate::code::encode;
use crate::export::{ExportDetails, export, targets};
use crate::key::HeldKey;
use crate::reader::{Effort, Reader, decode_picture_rgba};
use crate::session::{PageSession, suites};
use crate::{Error, event, files};

/// What a call gives: wiped on drop.
pub type Output = Zeroizing<Vec<u8>>;

/// The protocol that the page speaks.
const PROTOCOL: &str = "keyglance/1";

/// A reader, a session and a key. A page has several instances, and uses one of the three
/// of each. `R` makes the session's keys.
///
/// Texts come in as UTF-8. `now` is in milliseconds since any fixed moment, `unix` in
/// milliseconds since 1970.
pub struct Instance<R> {
    reader: Reader,
    session: Option<PageSession<R>>,
    key: Option<HeldKey>,
    /// The devices did not agree, and nothing was begun since.
    is_retired: bool,
    pace: Pace,
    last_export: Option<ExportDetails>,
}

impl<R> std::fmt::Debug for Instance<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

impl<R> Default for Instance<R> {
    fn default() -> Self {
        Self {
            reader: Reader::default(),
            session: None,
            key: None,
            is_retired: false,
            pace: Pace::Full,
            last_export: None,
        }
    }
}

/// The reader and codes to draw.
impl<R> Instance<R> {
    /// Reads a frame of one byte a pixel: width, height and stride.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn decode_luma(&mut self, pixels: &[u8], size: (u32, u32, u32)) -> Result<Output, Error> {
        self.reader.decode_luma(pixels, size).map(Output::new)
    }

    /// Reads a frame of red, green, blue and alpha: width and height.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn decode_rgba(&mut self, pixels: &[u8], size: (u32, u32)) -> Result<Output, Error> {
        self.reader.decode_rgba(pixels, size).map(Output::new)
    }

    /// Reads a picture that a person chose, thoroughly.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn decode_picture_rgba(&self, pixels: &[u8], size: (u32, u32)) -> Result<Output, Error> {
        decode_picture_rgba(pixels, size).map(Output::new)
    }

    /// Chooses how much work a frame may cost: 0 to 2.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn reader_effort(&mut self, level: u32) -> Result<Output, Error> {
        let effort = Effort::from_level(level).ok_or(Error::Input("unknown effort"))?;
        self.reader.set_effort(effort);
        Ok(Output::default())
    }

    /// The bytes as a code to draw.
    ///
    /// # Errors
    /// [`Error::Input`], [`Error::TooLong`].
    pub fn encode(&self, bytes: &[u8]) -> Result<Output, Error> {
        encode(bytes).map(Output::new)
    }
}

/// The session.
impl<R: CryptoRng> Instance<R> {
    /// Begins a pairing under this name, with a new identity. What was there is wiped.
    ///
    /// # Errors
    /// [`Error::Input`], [`Error::Name`].
    pub fn begin(&mut self, name: &[u8], now: f64, number: u32, rng: R) -> Result<Output, Error> {
        let name = DisplayName::new(text(name)?.trim())?;
        let (suites, now) = (suites(number)?, moment(now)?);
        let kept = json!({ "name": name.as_str() });
        self.forget_key();
        self.session = Some(PageSession::new(name, suites, self.pace, rng, now));
        Ok(output(&kept))
    }

    /// Shows codes that follow each other: quickly, or slowly where less motion is wished.
    /// Counts from the next [`Instance::begin`] on.
    pub const fn reduce_motion(&mut self, reduced: bool) {
        self.pace = if reduced { Pace::Reduced } else { Pace::Full };
    }

    /// Takes the bytes of a code that is in view.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Input`].
    pub fn sighted(&mut self, code: &[u8], now: f64) -> Result<Output, Error> {
        let now = moment(now)?;
        let events = self.session()?.sighted(now, code);
        Ok(self.after(&events))
    }

    /// Lets time pass.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Input`].
    pub fn tick(&mut self, now: f64) -> Result<Output, Error> {
        let now = moment(now)?;
        let events = self.session()?.tick(now);
        Ok(self.after(&events))
    }

    /// Begins again, with fresh keys.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Input`].
    pub fn restart(&mut self, now: f64) -> Result<Output, Error> {
        let now = moment(now)?;
        let events = self.session()?.restart(now);
        if !events.iter().any(|event| matches!(event, Event::Unacknowledged(_))) {
            self.forget_key();
        }
        Ok(self.after(&events))
    }

    /// Ends the pairing.
    ///
    /// # Errors
    /// [`Error::State`].
    pub fn cancel(&mut self) -> Result<Output, Error> {
        let events = self.session()?.cancel();
        Ok(self.after(&events))
    }

    /// A person sees that the other device has the key.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Retired`].
    pub fn acknowledge(&mut self) -> Result<Output, Error> {
        let mut events = self.session.as_mut().map(PageSession::acknowledge).unwrap_or_default();
        if events.is_empty() {
            // The session was left, and its key is here, locked.
            let key = self.key_mut()?;
            if !key.file().is_acknowledged() {
                key.acknowledge();
                events.push(Event::Finished);
                return Ok(Output::new(event::to_json(&events)));
            }
        }
        Ok(self.after(&events))
    }

    /// When [`Instance::tick`] has something to do next, in milliseconds; -1 for never.
    #[must_use]
    pub fn next_deadline(&self) -> f64 {
        let deadline = self.session.as_ref().and_then(PageSession::next_deadline);
        deadline.map_or(-1.0, |deadline| deadline.as_secs_f64() * 1e3)
    }

    /// The code to show now; empty where there is none.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn code(&mut self, now: f64) -> Result<Output, Error> {
        let now = moment(now)?;
        let code = self.session.as_mut().map(|session| session.code(now));
        Ok(Output::new(code.unwrap_or_default()))
    }

    /// The whole of what is shown, for a messenger; empty where there is nothing.
    #[must_use]
    pub fn text(&self) -> Output {
        let text = self.session.as_ref().and_then(PageSession::text).unwrap_or_default();
        Output::new(text.as_bytes().to_vec())
    }

    /// Takes the digits of the other screen that a person typed.
    ///
    /// # Errors
    /// [`Error::Input`], [`Error::State`], [`Error::NotAcknowledged`], [`Error::Retired`].
    pub fn compare(&mut self, typed: &[u8], unix: f64) -> Result<Output, Error> {
        let (typed, at) = (text(typed)?, date(unix)?);
        let (entry, left) = self.dated_key(at)?.compare(typed, at)?;
        let result = match entry {
            CheckEntry::Match => "match",
            CheckEntry::OwnDigits => "own-digits",
            CheckEntry::NotSixDigits => "not-six-digits",
            CheckEntry::Wrong { .. } => "wrong",
            CheckEntry::Mismatch => {
                self.retire();
                "mismatch"
            }
        };
        Ok(output(&json!({ "result": result, "left": left })))
    }

    /// A person says that the digits differ: key and session are wiped.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Retired`].
    pub fn differ(&mut self) -> Result<Output, Error> {
        if self.is_retired {
            return Err(Error::Retired);
        }
        let is_running = self.session.as_ref().is_some_and(|session| !session.is_over());
        if !is_running && self.key.is_none() {
            return Err(NO_KEY);
        }
        let events = self.retire();
        Ok(Output::new(event::to_json(&events)))
    }

    fn session(&mut self) -> Result<&mut PageSession<R>, Error> {
        self.session.as_mut().ok_or(Error::State("no pairing was begun"))
    }

    /// Takes what the events left, and tells the page of them.
    fn after(&mut self, events: &[Event]) -> Output {
        for event in events {
            match event {
                // Locked until a person says that the other device has it too.
                Event::Unacknowledged(pairing) => {
                    self.key = Some(HeldKey::renewed(pairing, self.key.as_ref()));
                }
                Event::Paired | Event::Finished => {
                    let pairing = self.session.as_ref().and_then(PageSession::pairing);
                    if let Some(pairing) = pairing {
                        self.key = Some(HeldKey::renewed(pairing, self.key.as_ref()));
                    }
                }
                _ => {}
            }
        }
        Output::new(event::to_json(events))
    }

    fn retire(&mut self) -> Vec<Event> {
        self.forget_key();
        self.is_retired = true;
        self.session.as_mut().map(PageSession::reject).unwrap_or_default()
    }
}

/// The key.
impl<R> Instance<R> {
    /// What is known of the key.
    ///
    /// # Errors
    /// [`Error::Input`], [`Error::State`], [`Error::Retired`].
    pub fn summary(&mut self, unix: f64) -> Result<Output, Error> {
        Ok(output(&self.dated_key(date(unix)?)?.summary()))
    }

    /// What the other device told of itself.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Card`], [`Error::Retired`].
    pub fn card(&self) -> Result<Output, Error> {
        Ok(output(&self.key()?.card()?))
    }

    /// Every target, and whether it can be made of the key.
    ///
    /// # Errors
    /// [`Error::Retired`].
    pub fn targets(&self) -> Result<Output, Error> {
        if self.is_retired {
            return Err(Error::Retired);
        }
        Ok(Output::new(targets(self.key.as_ref())))
    }

    /// Makes an export: lines with the target, the purpose, and options as `name=value`.
    ///
    /// # Errors
    /// [`Error::Target`], [`Error::NoSuchOption`], [`Error::Purpose`], [`Error::Input`],
    /// [`Error::NotAcknowledged`], [`Error::NotPostQuantum`], [`Error::SharedNotCompared`],
    /// [`Error::State`], [`Error::Retired`].
    pub fn export(&mut self, request: &[u8], unix: f64) -> Result<Output, Error> {
        self.last_export = None;
        let (request, at) = (text(request)?, date(unix)?);
        let (file, details) = export(self.dated_key(at)?, request)?;
        self.last_export = Some(details);
        Ok(file)
    }

    /// What there is to say of the last export.
    ///
    /// # Errors
    /// [`Error::State`].
    pub fn export_details(&self) -> Result<Output, Error> {
        let details = self.last_export.as_ref().ok_or(Error::State("nothing was exported"))?;
        Ok(Output::new(details.to_json()))
    }

    /// The plain key file, for another instance of the page. Secret.
    ///
    /// # Errors
    /// [`Error::State`], [`Error::Retired`].
    pub fn key_json(&mut self) -> Result<Output, Error> {
        self.key_mut()?.plain_file()
    }

    /// Reads a key file in the place of what is here: the length of the passphrase as four
    /// bytes, the passphrase, and the file, plain where the length is zero.
    ///
    /// # Errors
    /// [`Error::Input`], [`Error::Passphrase`], [`Error::PassphraseNeeded`],
    /// [`Error::PassphraseFile`], [`Error::KeyFile`], [`Error::Memory`].
    pub fn import(&mut self, input: &[u8]) -> Result<Output, Error> {
        const CUT_OFF: Error = Error::Input("a key file that is cut off");
        let (length, rest) = input.split_first_chunk().ok_or(CUT_OFF)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| CUT_OFF)?;
        let (passphrase, file) = rest.split_at_checked(length).ok_or(CUT_OFF)?;
        let passphrase = if length == 0 { None } else { Some(typed(passphrase)?) };
        let key = HeldKey::import(file, passphrase)?;
        self.forget_key();
        (self.session, self.key) = (None, Some(key));
        Ok(Output::default())
    }

    /// The key file under a passphrase, with 2^`log2` of scrypt's work for each guess.
    ///
    /// # Errors
    /// [`Error::Input`], [`Error::Passphrase`], [`Error::Memory`], [`Error::State`],
    /// [`Error::Retired`].
    pub fn key_file(&mut self, passphrase: &[u8], log2: u32) -> Result<Output, Error> {
        let log2 = u8::try_from(log2).ok().filter(|log2| (1..=MAX_WORK).contains(log2));
        let log2 = log2.ok_or(Error::Input("an unknown work factor"))?;
        let passphrase = typed(passphrase)?;
        self.key_mut()?.passphrase_file(&passphrase, log2).map(Output::new)
    }

    /// Whether the text can be a passphrase.
    ///
    /// # Errors
    /// [`Error::Passphrase`].
    pub fn passphrase_check(&self, passphrase: &[u8]) -> Result<Output, Error> {
        typed(passphrase).map(|_| Output::default())
    }

    /// Seals all of `from` into `to`; the input is the purpose.
    ///
    /// # Errors
    /// [`Error::Purpose`], [`Error::NotAcknowledged`], [`Error::Read`], [`Error::Write`],
    /// [`Error::State`], [`Error::Retired`].
    pub fn seal(&self, purpose: &[u8], from: impl Read, to: impl Write) -> Result<Output, Error> {
        Ok(output(&files::seal(self.key()?, text(purpose)?, from, to)?))
    }

    /// Opens all of `from` into `to`; the input is purposes to try, a line each. After an
    /// error, what was written is to be thrown away.
    ///
    /// # Errors
    /// [`Error::Purpose`], [`Error::Stream`], [`Error::Read`], [`Error::Write`],
    /// [`Error::State`], [`Error::Retired`].
    pub fn open(&self, purposes: &[u8], from: impl Read, to: impl Write) -> Result<Output, Error> {
        Ok(output(&files::open(self.key()?, text(purposes)?, from, to)?))
    }

    /// What this is.
    #[must_use]
    pub fn version(&self) -> Output {
        output(&json!({ "version": env!("CARGO_PKG_VERSION"), "protocol": PROTOCOL }))
    }

    /// Wipes everything.
    pub fn wipe(&mut self) {
        *self = Self { pace: self.pace, ..Self::default() };
    }

    fn key(&self) -> Result<&HeldKey, Error> {
        match &self.key {
            Some(key) => Ok(key),
            None if self.is_retired => Err(Error::Retired),
            None => Err(NO_KEY),
        }
    }

    fn key_mut(&mut self) -> Result<&mut HeldKey, Error> {
        match &mut self.key {
            Some(key) => Ok(key),
            None if self.is_retired => Err(Error::Retired),
            None => Err(NO_KEY),
        }
    }

    fn dated_key(&mut self, at: Timestamp) -> Result<&mut HeldKey, Error> {
        let key = self.key_mut()?;
        key.date(at);
        Ok(key)
    }

    fn forget_key(&mut self) {
        (self.key, self.last_export, self.is_retired) = (None, None, false);
    }
}

const NO_KEY: Error = Error::State("there is no key yet");

fn output(value: &Value) -> Output {
    Output::new(value.to_string().into_bytes())
}

fn text(input: &[u8]) -> Result<&str, Error> {
    str::from_utf8(input).map_err(|_| Error::Input("a text that is not UTF-8"))
}

fn typed(passphrase: &[u8]) -> Result<Passphrase, Error> {
    let passphrase = Zeroizing::new(text(passphrase)?.to_owned());
    Ok(Passphrase::new(passphrase)?)
}

/// A moment of the page's clock.
fn moment(now: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(now / 1e3).map_err(|_| Error::Input("a time that cannot be"))
}

/// A date, in whole seconds, as key files have it.
fn date(unix: f64) -> Result<Timestamp, Error> {
    let seconds = (unix / 1e3).floor();
    // A cast saturates, and no timestamp is so far away.
    let date = seconds.is_finite().then(|| Timestamp::from_second(seconds as i64).ok());
    date.flatten().ok_or(Error::Input("a date that cannot be"))
}
