//! QR codes (ISO/IEC 18004): made, drawn and read.
//!
//! Pure: pictures come in as bytes and go out as bytes; no file, clock,
//! thread or randomness.

mod decode;
mod encode;
mod picture;
mod render;

pub use decode::{Point, Reader, Reading, decode, decode_live};
pub use encode::{Code, EncodeError};
pub use picture::{MAX_BYTES, MAX_PIXELS, PictureError, encode_png, read_picture};
pub use render::{QUIET_ZONE, TerminalStyle, luma, png, svg, terminal};
