//! Readers side by side, on the same pixels in the same run.
//!
//! `cargo run --release --no-default-features --example readers -- FOLDER…`
//! reads every PNG and JPEG below the folders; a `.txt` or `.bin` of the same
//! name says what a picture holds, and a folder named `none` that nothing does.
//!
//! With `--simulated` instead of folders, the simulated camera's frames are read; with
//! `--everyday`, codes as people meet them (of all rows, or of those whose names begin
//! so: `--simulated noise`); with `--hostile`, pictures that look like codes and are none.
//!
//! ZXing-C++, ZBar and OpenCV's WeChat reader join where python3 can import
//! zxingcpp, pyzbar and cv2 (with the contributed modules);
//! none where WITHOUT_PEERS is set. Into SAVE_PICTURES, everyday pictures are saved.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

mod everyday;
mod folder;
mod grid;
mod hostile;
mod peers;

use std::path::Path;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let mut readers = peers::Readers::new();
    match arguments.first().map(String::as_str) {
        Some("--simulated") => return grid::compare(&mut readers, &arguments[1..]),
        Some("--everyday") => return everyday::compare(&mut readers, &arguments[1..]),
        Some("--hostile") => return hostile::compare(&mut readers),
        _ => {}
    }
    let folders: Vec<_> = arguments.iter().map(Path::new).collect();
    folder::compare(&mut readers, &folders);
}
