//! Draws QR codes (ISO/IEC 18004), and reads them in pictures and camera frames.
//!
//! Begin with [`Code::new`] and one of the `render_` functions to draw,
//! [`Picture::load`] and [`decode_picture`] to read a picture file, and
//! [`VideoDecoder`] to read the frames of a camera. A [`WorkBudget`] bounds the work.
//!
//! No files, threads, clock or randomness; nothing that a picture holds makes it
//! panic. [`image`] is re-exported, since its `GrayImage` is in the signatures.
//!
//! ```
//! use keyglance_qr::{Code, decode_image, load_grayscale, render_png};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let png = render_png(&Code::new("hello")?, 8)?;
//! let readings = decode_image(&load_grayscale(&png)?);
//! assert_eq!(readings[0].text().as_deref(), Some("hello"));
//! # Ok(())
//! # }
//! ```

mod catch_panic;
mod decode;
mod encode;
mod parts;
mod picture;
mod print_page;
mod render;
mod share_page;
mod terminal;

pub use image;

pub use decode::{
    BitStreamError, Charset, Content, DecidedBy, Fnc1, Mode, Part, Point, Reader, Reading, Segment,
    StepReport, Text, Version, VideoDecoder, WorkBudget, decode_frame, decode_image,
    decode_image_within, decode_picture, frame_steps, image_steps, read_bit_stream,
};
pub use encode::{Code, EncodeError, MAX_BYTES, alphanumeric_capacity};
pub use parts::{Gathered, PartCollector, WholeText};
pub use picture::{
    MAX_BYTES as MAX_PICTURE_BYTES, MAX_FRAMES, MAX_PIXELS, OtherFormat, Picture, PictureError,
    is_picture, load_grayscale,
};
pub use print_page::{LabelledCode, print_page};
pub use render::{
    MAX_SIDE, QUIET_ZONE, RenderError, encode_png, render_grayscale, render_png, render_svg,
};
pub use share_page::{SharePage, share_pages};
pub use terminal::{TERMINAL_QUIET_ZONE, TerminalStyle, render_terminal};
