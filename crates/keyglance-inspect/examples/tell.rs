//! `cargo run -p keyglance-inspect --example tell < payload`: what standard input is, as
//! JSON without secrets.
#![allow(clippy::print_stdout)]

use std::io::{self, Read as _};

use keyglance_inspect::{inspect, jiff::Timestamp};

fn main() -> io::Result<()> {
    let mut payload = Vec::new();
    io::stdin().read_to_end(&mut payload)?;
    println!("{:#}", inspect(&payload, Timestamp::now()).to_json(false));
    Ok(())
}
