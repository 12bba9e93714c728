//! Pictures to the bytes of every code in them.
//!
//! [`steps`] is the table of what is tried, in this order; [`pipeline`] runs it. A
//! step binarizes the picture ([`binarizer`]) at one of its sizes ([`scale`],
//! [`filter`]), finds finder patterns ([`finder`]), and lets rxing sample and decode
//! the modules between three of them ([`symbol`]). Three patterns that gave nothing
//! become a [`candidate`]: a [`sample_grid`] is fitted to the grey picture there,
//! which reads codes that are crumpled, blurred or very small. Where one finder
//! pattern is missing, [`two_finders`] proposes candidates; [`partial_finder`] seeks
//! those that are not whole, and [`single_finder`] the codes that have only one. What the
//! corrected codewords say, [`bit_stream`] reads and [`text`] decodes.
//!
//! A frame of a camera gets the plain steps and one of the others in turn, as far as its
//! [`scene`] is worth it ([`video_decoder`]). An image gets all that a frame gets, then
//! its own steps ([`image_decoder`]), and a picture file second opinions
//! ([`picture_decoder`]). `docs/reading.md` says what each step is worth, and [`tuning`]
//! has the constants.

mod alignment;
mod binarizer;
mod bit_stream;
mod budget;
mod candidate;
mod codewords;
mod deconvolution;
mod filter;
mod finder;
mod foreshortening;
mod homography;
mod image_decoder;
mod partial_finder;
mod pattern_sets;
mod picture_decoder;
mod pipeline;
mod point;
mod reading;
mod sample_grid;
mod sampling;
mod scale;
mod scene;
mod search;
mod single_finder;
mod steps;
mod symbol;
mod text;
mod tuning;
mod two_finders;
mod version;
mod video_decoder;

pub use bit_stream::{BitStreamError, Content, Fnc1, Mode, Part, Segment, read_bit_stream};
pub use budget::WorkBudget;
pub use image_decoder::{decode_image, decode_image_within};
pub use picture_decoder::decode_picture;
pub use pipeline::StepReport;
pub use point::Point;
pub use reading::{Reader, Reading};
pub use steps::{frame_steps, image_steps};
pub(crate) use text::text_of;
pub use text::{Charset, DecidedBy, Text};
pub use version::Version;
pub use video_decoder::{VideoDecoder, decode_frame};
