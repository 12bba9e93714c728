//! Readers side by side, on the same pixels in the same run: see [`USAGE`].
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

mod clock;
#[allow(unreachable_pub, reason = "the tests draw the same")]
#[path = "../../../tests/drawn/mod.rs"]
mod drawn;
mod folder;
mod grid;
mod hostile;
mod moving;
mod output;
mod peers;
mod rows;
mod score;
mod steps;
mod waiting;

use std::path::{Path, PathBuf};

use self::output::Output;

const USAGE: &str = "\
Compares QR code readers on the same pixels in the same run.

cargo run --release -p compare-readers -- [OPTIONS] FOLDER…
    Reads every picture below the folders. A .txt or .bin of the same name says what a
    picture holds; pictures in a folder named `none` hold no code.
cargo run --release -p compare-readers -- [OPTIONS] --everyday [ROW…]
    Reads codes as people meet them: all rows, or those whose names begin so.
cargo run --release -p compare-readers -- [OPTIONS] --kinds [ROW…]
    Reads the kinds of codes that readers miss.
cargo run --release -p compare-readers -- [OPTIONS] --simulated [ROW…]
    Reads frames of the simulated camera.
cargo run --release -p compare-readers -- [OPTIONS] --hostile
    Reads pictures that look like codes and are none.
cargo run --release -p compare-readers -- [OPTIONS] --waiting [ROW…]
    Reads frames of a camera before which there is no code, one after the other.
cargo run --release -p compare-readers -- [OPTIONS] --moving
    Reads frames of a camera before which a code comes, turns, tilts and leaves.

Milliseconds are CPU time of the reader's thread. A text that no code of its picture has
is wrong, also beside a right one.

--steps         also prints what each step of our two readers earned and cost, in the
                order in which steps run: in how many pictures it ran, how many codes it
                read that no step before it had read (rightly or not), its share of the
                work that was counted in all pictures, its work and time a look, and how
                many nanoseconds one unit of its work took. A look for light codes is a
                step of its own only in the live reader. To keep the times as they are,
                each picture is read once more for this, as a frame of its own.
--save DIR      saves the pictures that are drawn.
--json          prints a line of JSON for each picture and reader, and no tables.

Environment: ZXing-C++, ZBar and OpenCV's WeChat reader join where python3 can import
zxingcpp, pyzbar and cv2 (with the contributed modules). WITHOUT_PEERS leaves out all
readers but ours. FIRST_SEED, a number, draws other pictures of the same rows.
";

fn main() {
    let mut output = Output::default();
    let mut with_steps = false;
    let mut rest = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--steps" => with_steps = true,
            "--json" => output.json = true,
            "--save" => output.save = arguments.next().map(PathBuf::from),
            _ => rest.push(argument),
        }
    }
    let Some((first, rows)) = rest.split_first().filter(|(first, _)| *first != "--help") else {
        return print!("{USAGE}");
    };
    let mut readers = peers::Readers::new(with_steps);
    match first.as_str() {
        "--simulated" => grid::compare(&mut readers, &output, rows),
        "--everyday" => rows::compare(&mut readers, &output, &drawn::everyday::ROWS, rows),
        "--kinds" => rows::compare(&mut readers, &output, &drawn::kinds::ROWS, rows),
        "--hostile" => hostile::compare(&mut readers, &output),
        "--waiting" => waiting::compare(&mut readers, &output, rows),
        "--moving" => moving::compare(&mut readers, &output),
        option if option.starts_with('-') => {
            eprintln!("There is no option {option}.\n\n{USAGE}");
            std::process::exit(2);
        }
        _ => {
            let folders: Vec<_> = rest.iter().map(Path::new).collect();
            folder::compare(&mut readers, &output, &folders);
        }
    }
    readers.print_steps(&output);
}
