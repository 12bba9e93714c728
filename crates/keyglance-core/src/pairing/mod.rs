//! The pairing protocol `keyglance/1`: frames and the session that exchanges
//! them. `docs/protocol.md` has the exact bytes.
//!
//! Sans-IO: [`Session::handle`] takes a text that was read and the time, and
//! says what happened; [`Session::code`] is what to show. No thread, file or
//! clock is inside, and the RNG is the caller's.

mod card;
mod carousel;
mod check_code;
mod event;
mod fragment;
mod frame;
mod name;
mod outcome;
mod session;
mod transcript;

pub use card::{Card, CardError, CardItem, CardItemKind, MAX_CARD};
pub use carousel::{Carousel, Pace};
pub use check_code::{CheckCode, CheckCodes, CheckEntry, PendingCheck};
pub use event::{Diagnostic, Event, PairingError, Phase, ResetReason};
pub use fragment::{DEFAULT_CODE_CHARACTERS, Fragment, MIN_CODE_CHARACTERS, MessageId};
pub use frame::{Frame, FrameError, Hello, MAX_FRAME, SessionId, Suites};
pub use name::{DisplayName, NameError};
pub use outcome::{NotAcknowledged, Pairing, Party, Role};
pub use session::{Session, timing};

pub use crate::crypto::Suite;
