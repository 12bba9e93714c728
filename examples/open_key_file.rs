//! Opens a Keyglance key file and derives an app's own key from it:
//!
//! ```text
//! cargo run --example open_key_file -- KEY-FILE [PASSPHRASE-FILE]
//! ```
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::PathBuf;

use keyglance_core::crypto::Purpose;
use keyglance_core::keyfile::{KeyFile, Passphrase, decrypt_with_passphrase, is_age_file};
use zeroize::Zeroizing;

type Failure = Box<dyn Error>;

/// Labels that begin with `app` and your domain are yours: ours never do.
const LABEL: &str = "app org.example.notes";

fn main() -> Result<(), Failure> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let file = args.next().ok_or("which key file?")?;
    let bytes = Zeroizing::new(std::fs::read(file)?);
    let passphrase = match args.next() {
        Some(file) => Zeroizing::new(std::fs::read_to_string(file)?.trim_end().to_owned()),
        None => Zeroizing::default(),
    };
    let (id, key) = derive(&bytes, passphrase, "diary")?;
    // A real app keeps it to itself; here the other device is to show the same.
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{id} {hex}");
    Ok(())
}

/// The key's public id, and the app's key for a purpose: the same on both devices.
pub fn derive(
    bytes: &[u8],
    passphrase: Zeroizing<String>,
    purpose: &str,
) -> Result<(String, Zeroizing<[u8; 32]>), Failure> {
    let file = if is_age_file(bytes) {
        KeyFile::from_json(&decrypt_with_passphrase(bytes, &Passphrase::new(passphrase)?)?)?
    } else {
        KeyFile::from_json(bytes)?
    };
    // An error where the other device may not have this key.
    let key = file.exporter()?.derive32(LABEL, &Purpose::new(purpose)?)?;
    Ok((file.key_id().to_string(), key))
}
