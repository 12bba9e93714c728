//! QR codes (ISO/IEC 18004): text to modules, modules to pictures, pictures to text.
//!
//! Pure: no files, no threads, no clock, and nothing that a picture holds can
//! make it panic.

mod decode;
mod encode;
mod load;
mod print_page;
mod render;

pub use decode::{Effort, Live, Point, Reader, Reading, decode, decode_live, decode_within};
pub use encode::{Code, EncodeError, MAX_BYTES};
pub use load::{MAX_BYTES as MAX_PICTURE_BYTES, MAX_PIXELS, PictureError, read};
pub use print_page::{Labelled, page};
pub use render::{
    MAX_SIDE, QUIET_ZONE, RenderError, TerminalStyle, encode_png, luma, png, svg, terminal,
};
