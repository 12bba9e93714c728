//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    keyglance::cli::run()
}
