//! Readers side by side, on the same pixels in the same run: see [`USAGE`].
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

mod everyday;
mod folder;
mod grid;
mod hostile;
mod peers;
mod steps;

use std::path::Path;

const USAGE: &str = "\
Compares QR code readers on the same pixels in the same run.

cargo run --release -p compare-readers -- [--steps] FOLDER…
    Reads every PNG and JPEG below the folders. A .txt or .bin of the same name says
    what a picture holds; pictures in a folder named `none` hold no code.
cargo run --release -p compare-readers -- [--steps] --simulated [ROW…]
    Reads frames of the simulated camera: all rows, or those whose names begin so.
cargo run --release -p compare-readers -- [--steps] --everyday [ROW…]
    Reads codes as people meet them.
cargo run --release -p compare-readers -- [--steps] --hostile
    Reads pictures that look like codes and are none.

--steps also prints what each step of our two readers earned, in the order in which
steps run: in how many pictures it ran, how many codes it read that no step before it
had read (rightly or not), and its share of the work that was counted in all pictures.
A look for light codes is a step of its own only in the live reader. To keep the times
as they are, each picture is read once more for this.

Environment: ZXing-C++, ZBar and OpenCV's WeChat reader join where python3 can import
zxingcpp, pyzbar and cv2 (with the contributed modules). WITHOUT_PEERS leaves out all
readers but ours. SAVE_PICTURES names a folder to save everyday pictures in.
";

fn main() {
    let mut arguments: Vec<_> = std::env::args().skip(1).collect();
    let before = arguments.len();
    arguments.retain(|argument| argument != "--steps");
    let with_steps = arguments.len() < before;
    let Some((first, rest)) = arguments.split_first().filter(|(first, _)| *first != "--help")
    else {
        return print!("{USAGE}");
    };
    let mut readers = peers::Readers::new(with_steps);
    match first.as_str() {
        "--simulated" => grid::compare(&mut readers, rest),
        "--everyday" => everyday::compare(&mut readers, rest),
        "--hostile" => hostile::compare(&mut readers),
        _ => {
            let folders: Vec<_> = arguments.iter().map(Path::new).collect();
            folder::compare(&mut readers, &folders);
        }
    }
    readers.print_steps();
}
