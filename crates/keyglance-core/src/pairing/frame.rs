//! Frames, the messages of the protocol.
//!
//! ```text
//! HELLO    01 00 suites flags C[32]                              40 bytes with the checksum
//! M1       01 01 suite suites_I flags_I C_I[32] C_R[0..8] n1      81, in suite 2 1265
//! M2       01 02 suite sid[8] n2                                 143 or 175, 1247 or 1279
//! M3       01 03 suite sid[8] n3[96 | 128]                       111 or 143
//! CONFIRM  01 04 suite sid[8] sealed[17 + card]                   32 with an empty card
//! DONE     01 05 suite sid[8] sealed[17 + card]                   32 with an empty card
//! FRAG     01 40 msgid[4] index count chunk                       a part of one of these
//! ```
//!
//! Each frame ends with the first four bytes of the SHA-256 of the bytes before them.
//! Reading is strict: exact lengths, canonical encodings, no trailing bytes.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::MAX_CARD;
use super::fragment::{Fragment, MAX_FRAGMENTS, MIN_FRAGMENTS, MessageId, split};
use crate::crypto::Suite;
use crate::crypto::kem::{CIPHERTEXT, ENCAPSULATION_KEY};
use crate::encoding::{Kind, TextError};

/// Most bytes of a frame.
pub const MAX_FRAME: usize = 1360;

const VERSION: u8 = 1;
const CHECKSUM: usize = 4;

const HELLO: u8 = 0x00;
const MESSAGE_1: u8 = 0x01;
const MESSAGE_2: u8 = 0x02;
const MESSAGE_3: u8 = 0x03;
const CONFIRM: u8 = 0x04;
const DONE: u8 = 0x05;
const FRAG: u8 = 0x40;

/// Why a text is not a frame that this version can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Any other text.
    #[error("this is not a pairing code")]
    NotOurs,
    /// A fingerprint code.
    #[error("this is a verification code, not a pairing code")]
    FingerprintCode,
    /// A version, frame type or suite that is newer than this program.
    #[error("the pairing code is from a newer version")]
    Newer,
    /// A version before this one.
    #[error("the pairing code is from an older version")]
    Older,
    /// Flags that version 1 does not have.
    #[error("the pairing code has flags that are not allowed")]
    Flags,
    /// Cut off, misread or badly made: a wrong encoding, checksum, length or field.
    #[error("the pairing code is damaged")]
    Damaged,
}

/// The cryptographic suites that a device offers: a set of bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Suites(u8);

impl Suites {
    /// [`Suite::Xx`] alone.
    pub const XX: Self = Self(Suite::Xx.bit());
    /// [`Suite::XxHfs`] alone, for a device that was told to pair no other way.
    pub const XX_HFS: Self = Self(Suite::XxHfs.bit());
    /// What a device offers by default.
    pub const OFFERED: Self = Self(Self::XX.0 | Self::XX_HFS.0);

    /// The set with these bits. Unknown bits are kept: a newer device may set them.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The highest suite that both offer and this version speaks.
    #[must_use]
    pub fn best_common(self, other: Self) -> Option<Suite> {
        Suite::ALL.into_iter().rev().find(|suite| self.0 & other.0 & suite.bit() != 0)
    }
}

/// The set of this one.
impl From<Suite> for Suites {
    fn from(suite: Suite) -> Self {
        Self(suite.bit())
    }
}

impl fmt::Debug for Suites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Suites({:#010b})", self.0)
    }
}

/// The first frame: what a device offers, and the commitment to its ephemeral key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hello {
    /// Offered suites.
    pub suites: Suites,
    /// `C`, 32 bytes.
    pub commitment: [u8; 32],
}

impl Hello {
    /// `H_X`: the 36 bytes of the frame without its checksum.
    #[must_use]
    pub fn body(&self) -> [u8; 36] {
        let mut body = [0; 36];
        let start = [VERSION, HELLO, self.suites.0, 0];
        for (to, from) in body.iter_mut().zip(start.iter().chain(&self.commitment)) {
            *to = *from;
        }
        body
    }

    /// `C[0..8]`, by which message 1 names its addressee.
    #[must_use]
    pub fn short(&self) -> [u8; 8] {
        let mut short = [0; 8];
        for (to, from) in short.iter_mut().zip(self.commitment) {
            *to = from;
        }
        short
    }
}

/// The id of a session, made from both HELLOs: 8 bytes, public.
pub type SessionId = [u8; 8];

/// One message of the protocol, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Frame {
    /// An offer to any device that sees it.
    Hello(Hello),
    /// The initiator's first message.
    Message1 {
        /// What both devices are to speak.
        suite: Suite,
        /// The initiator's HELLO once more, for a responder that missed it.
        hello: Hello,
        /// The start of the responder's commitment.
        to: [u8; 8],
        /// Noise message 1: the ephemeral key that was committed to, 32 bytes; in suite 2
        /// and the encapsulation key, 1216.
        noise: Vec<u8>,
    },
    /// The responder's message.
    Message2 {
        /// What both devices speak.
        suite: Suite,
        /// The session that the frame belongs to.
        sid: SessionId,
        /// Noise message 2: 128 bytes, or 160 with a long name; 1104 more in suite 2.
        noise: Vec<u8>,
    },
    /// The initiator's second message.
    Message3 {
        /// What both devices speak.
        suite: Suite,
        /// The session that the frame belongs to.
        sid: SessionId,
        /// Noise message 3: 96 bytes, or 128 with a long name.
        noise: Vec<u8>,
    },
    /// The responder holds the key.
    Confirm {
        /// What both devices speak.
        suite: Suite,
        /// The session that the frame belongs to.
        sid: SessionId,
        /// The byte 1 and the sender's card, encrypted: 17 to 1041 bytes.
        sealed: Vec<u8>,
    },
    /// The initiator knows that the responder holds the key.
    Done {
        /// What both devices speak.
        suite: Suite,
        /// The session that the frame belongs to.
        sid: SessionId,
        /// The byte 1 and the sender's card, encrypted: 17 to 1041 bytes.
        sealed: Vec<u8>,
    },
    /// A part of another frame, which is too large for the screen that shows it.
    Fragment(Fragment),
}

impl Frame {
    /// What a QR symbol holds: `KG1:` and base45, all of it alphanumeric.
    #[must_use]
    pub fn to_code(&self) -> String {
        Kind::Pairing.to_code(&self.to_bytes())
    }

    /// What QR symbols of at most `max_characters` hold: one text where the whole frame
    /// has no more, else the 2 to 32 texts of its fragments, in order. Fewer than
    /// [`MIN_CODE_CHARACTERS`](super::MIN_CODE_CHARACTERS) count as that many.
    #[must_use]
    pub fn to_codes(&self, max_characters: usize) -> Vec<String> {
        let whole = self.to_code();
        if whole.len() <= max_characters {
            return vec![whole];
        }
        let fragments = split(&self.to_bytes(), max_characters);
        fragments.into_iter().map(|fragment| Self::Fragment(fragment).to_code()).collect()
    }

    /// By what its fragments name it.
    #[must_use]
    pub fn id(&self) -> MessageId {
        MessageId::of(&self.to_bytes())
    }

    /// The same for pipes, clipboards and people: `kg1:` and base64url.
    #[must_use]
    pub fn to_text(&self) -> String {
        Kind::Pairing.to_text(&self.to_bytes())
    }

    /// Reads [`Frame::to_code`] or [`Frame::to_text`].
    ///
    /// # Errors
    /// [`FrameError`], by the first thing that is wrong.
    pub fn from_text(text: &str) -> Result<Self, FrameError> {
        let bytes = Kind::Pairing.read(text).map_err(|error| match error {
            TextError::NotOurs => FrameError::NotOurs,
            TextError::OtherKind => FrameError::FingerprintCode,
            TextError::Newer => FrameError::Newer,
            TextError::Older => FrameError::Older,
            TextError::Damaged => FrameError::Damaged,
        })?;
        Self::from_bytes(&bytes)
    }

    /// Reads the bytes of a code, which hold one of these texts.
    ///
    /// # Errors
    /// [`FrameError`], by the first thing that is wrong.
    pub fn from_scanned(code: &[u8]) -> Result<Self, FrameError> {
        Self::from_text(std::str::from_utf8(code).map_err(|_| FrameError::NotOurs)?)
    }

    /// The bytes: body and checksum.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(143);
        match self {
            Self::Hello(hello) => bytes.extend(hello.body()),
            Self::Message1 { suite, hello, to, noise } => {
                bytes.extend([VERSION, MESSAGE_1, suite.bit(), hello.suites.0, 0]);
                bytes.extend(hello.commitment);
                bytes.extend(to);
                bytes.extend(noise);
            }
            Self::Message2 { suite, sid, noise } => {
                in_session(&mut bytes, MESSAGE_2, *suite, sid, noise);
            }
            Self::Message3 { suite, sid, noise } => {
                in_session(&mut bytes, MESSAGE_3, *suite, sid, noise);
            }
            Self::Confirm { suite, sid, sealed } => {
                in_session(&mut bytes, CONFIRM, *suite, sid, sealed);
            }
            Self::Done { suite, sid, sealed } => {
                in_session(&mut bytes, DONE, *suite, sid, sealed);
            }
            Self::Fragment(fragment) => {
                bytes.extend([VERSION, FRAG]);
                bytes.extend(fragment.message.0);
                bytes.extend([fragment.index, fragment.count]);
                bytes.extend(&fragment.chunk);
            }
        }
        let checksum = checksum(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// Reads [`Frame::to_bytes`].
    ///
    /// # Errors
    /// [`FrameError`]; the checksum is looked at first, so that a misread bit
    /// is damage and never another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrameError> {
        if bytes.len() > MAX_FRAME {
            return Err(FrameError::Damaged);
        }
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(FrameError::Damaged)?;
        if checksum(body) != *sum {
            return Err(FrameError::Damaged);
        }
        let ([version, kind], rest) = body.split_first_chunk().ok_or(FrameError::Damaged)?;
        match version.cmp(&VERSION) {
            std::cmp::Ordering::Less => return Err(FrameError::Older),
            std::cmp::Ordering::Greater => return Err(FrameError::Newer),
            std::cmp::Ordering::Equal => {}
        }
        let mut fields = Fields(rest);
        let frame = match *kind {
            HELLO => Self::Hello(fields.hello()?),
            MESSAGE_1 => {
                let suite = fields.suite()?;
                let (hello, to) = (fields.hello()?, fields.take()?);
                Self::Message1 { suite, hello, to, noise: fields.rest(|n| is_message1(suite, n))? }
            }
            MESSAGE_2 => {
                let (suite, sid) = fields.session()?;
                Self::Message2 { suite, sid, noise: fields.rest(|n| is_message2(suite, n))? }
            }
            MESSAGE_3 => {
                let (suite, sid) = fields.session()?;
                Self::Message3 { suite, sid, noise: fields.rest(is_message3)? }
            }
            CONFIRM => {
                let (suite, sid) = fields.session()?;
                Self::Confirm { suite, sid, sealed: fields.rest(is_sealed)? }
            }
            DONE => {
                let (suite, sid) = fields.session()?;
                Self::Done { suite, sid, sealed: fields.rest(is_sealed)? }
            }
            FRAG => {
                let message = MessageId(fields.take()?);
                let [index, count] = fields.take()?;
                if !(MIN_FRAGMENTS..=MAX_FRAGMENTS).contains(&count) {
                    return Err(FrameError::Damaged);
                }
                let chunk = fields.rest(|length| length > 0)?;
                Self::Fragment(Fragment { message, index, count, chunk })
            }
            _ => return Err(FrameError::Newer),
        };
        fields.end()?;
        Ok(frame)
    }
}

fn in_session(bytes: &mut Vec<u8>, kind: u8, suite: Suite, sid: &SessionId, rest: &[u8]) {
    bytes.extend([VERSION, kind, suite.bit()]);
    bytes.extend(sid);
    bytes.extend(rest);
}

/// The length of Noise message 1: a key, in suite 2 and an encapsulation key.
const fn is_message1(suite: Suite, length: usize) -> bool {
    length
        == match suite {
            Suite::Xx => 32,
            Suite::XxHfs => 32 + ENCAPSULATION_KEY,
        }
}

/// The lengths of Noise message 2: two keys, two tags and either length of a name; in
/// suite 2 and a ciphertext with its tag.
const fn is_message2(suite: Suite, length: usize) -> bool {
    let more = match suite {
        Suite::Xx => 0,
        Suite::XxHfs => CIPHERTEXT + 16,
    };
    length == 128 + more || length == 160 + more
}

/// The lengths of Noise message 3: a key, two tags and either length of a name.
const fn is_message3(length: usize) -> bool {
    matches!(length, 96 | 128)
}

/// The lengths of what CONFIRM and DONE seal: a byte, a card and a tag.
const fn is_sealed(length: usize) -> bool {
    17 <= length && length <= 17 + MAX_CARD
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let hash: [u8; 32] = Sha256::digest(body).into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

/// The part of a body that was not read yet.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], FrameError> {
        let (field, rest) = self.0.split_first_chunk().ok_or(FrameError::Damaged)?;
        self.0 = rest;
        Ok(*field)
    }

    /// Reads a suite: exactly one bit, and one that this version speaks.
    fn suite(&mut self) -> Result<Suite, FrameError> {
        let [suite] = self.take()?;
        if suite.count_ones() != 1 {
            return Err(FrameError::Damaged);
        }
        Suite::from_bit(suite).ok_or(FrameError::Newer)
    }

    fn session(&mut self) -> Result<(Suite, SessionId), FrameError> {
        Ok((self.suite()?, self.take()?))
    }

    fn hello(&mut self) -> Result<Hello, FrameError> {
        let [suites, flags] = self.take()?;
        if flags != 0 {
            return Err(FrameError::Flags);
        }
        Ok(Hello { suites: Suites(suites), commitment: self.take()? })
    }

    /// All that is left, if it has a right length.
    fn rest(&mut self, is_right: impl Fn(usize) -> bool) -> Result<Vec<u8>, FrameError> {
        let rest = std::mem::take(&mut self.0);
        if is_right(rest.len()) { Ok(rest.to_vec()) } else { Err(FrameError::Damaged) }
    }

    fn end(self) -> Result<(), FrameError> {
        if self.0.is_empty() { Ok(()) } else { Err(FrameError::Damaged) }
    }
}
