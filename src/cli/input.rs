//! Files that a user names as input: a path, a pipe such as `<(…)` makes, or `-` for
//! standard input. Whoever keeps a key in a password manager has no other way that leaves
//! no copy.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::failure::Failure;
use crate::messages;
use keyglance_profile::printable_path;

/// Whether `path` means standard input or output.
pub fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

/// What to call the input in a sentence.
pub fn name(path: &Path) -> String {
    if is_stream(path) { "standard input".to_owned() } else { printable_path(path) }
}

/// Why the system did not let us read an input.
pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let what = messages::read_failed(&name(path), error.kind());
    // A file's name stays as it is.
    Failure::error(if is_stream(path) { messages::sentence(&what) } else { what })
}

/// All of the input, which may hold a secret and has at most `most` bytes. The failure
/// does not name it ([`Failure::about`]).
pub fn read(path: &Path, most: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = match is_stream(path) {
        true => read_to_end(io::stdin().lock(), most),
        false => File::open(path).and_then(|file| read_to_end(file, most)),
    };
    let bytes = read.map_err(|error| Failure::error(messages::file_state(error.kind())))?;
    bytes.ok_or_else(|| Failure::error("It is too large for what it should hold."))
}

/// `None` if there is more. A buffer that grows leaves copies behind, so the bytes move
/// into a new one that is twice as large, and the old one is wiped.
fn read_to_end(mut from: impl Read, most: usize) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    let mut part = Zeroizing::new([0; 8 * 1024]);
    loop {
        let read = match from.read(&mut part[..]) {
            Ok(0) => return Ok(Some(bytes)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.len() + read > most {
            return Ok(None);
        }
        if bytes.len() + read > bytes.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(2 * bytes.capacity()));
            larger.extend_from_slice(&bytes);
            bytes = larger;
        }
        bytes.extend_from_slice(part.get(..read).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_or_nothing() {
        let long: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8).collect();
        assert_eq!(*read_to_end(&long[..], 200_000).unwrap().unwrap(), long);
        assert!(read_to_end(&long[..], 199_999).unwrap().is_none());
        assert!(read_to_end(&[][..], 0).unwrap().unwrap().is_empty());
    }
}
