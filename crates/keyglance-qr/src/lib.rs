//! QR codes (ISO/IEC 18004): text to modules, modules to pictures, pictures to text.
//!
//! Pure: no files, no threads, no clock, and nothing that a picture holds can
//! make it panic.

mod catch_panic;
mod decode;
mod encode;
mod load;
mod print_page;
mod render;

pub use image;

pub use decode::{
    Point, Reader, Reading, StepReport, VideoDecoder, WorkBudget, decode_frame, decode_image,
    decode_image_within,
};
pub use encode::{Code, EncodeError, MAX_BYTES};
pub use load::{MAX_BYTES as MAX_PICTURE_BYTES, MAX_PIXELS, PictureError, load_grayscale};
pub use print_page::{LabelledCode, print_page};
pub use render::{
    MAX_SIDE, QUIET_ZONE, RenderError, TerminalStyle, encode_png, render_grayscale, render_png,
    render_svg, render_terminal,
};
