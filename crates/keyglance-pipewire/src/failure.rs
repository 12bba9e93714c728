//! Why no frames come, or no more.

use std::fmt::{self, Display, Formatter};

use keyglance_capture::frame_stream::exit_code;

/// Why it ends. The one who started it is told by the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Usage,
    NoCamera,
    Denied,
    Unplugged,
    Format,
    /// The desktop has no Camera portal, or it failed.
    Portal(String),
    PipeWire(String),
    /// Nobody reads the frames.
    Unread,
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        let code = match self {
            Self::NoCamera => exit_code::NO_CAMERA,
            Self::Denied => exit_code::DENIED,
            Self::Unplugged => exit_code::UNPLUGGED,
            Self::Format => exit_code::FORMAT,
            Self::Usage => 2,
            Self::Portal(_) | Self::PipeWire(_) | Self::Unread => 1,
        };
        u8::try_from(code).unwrap_or(1)
    }
}

impl Display for Failure {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage => out.write_str(crate::USAGE),
            Self::NoCamera => out.write_str("there is no camera"),
            Self::Denied => out.write_str("the camera may not be used"),
            Self::Unplugged => out.write_str("the camera went away"),
            Self::Format => out.write_str("the camera offers no picture format that can be read"),
            Self::Portal(why) => write!(out, "the Camera portal does not answer: {why}"),
            Self::PipeWire(why) => write!(out, "PipeWire does not answer: {why}"),
            Self::Unread => out.write_str("nobody reads the frames"),
        }
    }
}
