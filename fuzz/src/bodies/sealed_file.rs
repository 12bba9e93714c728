//! Sealed files: the header of an age file, and its content.

use std::io;
use std::sync::LazyLock;

use keyglance_core::crypto::Purpose;
use keyglance_core::keyfile::{KeyFile, decrypt_stream};

/// A key that everybody knows, with which the corpus's files are sealed.
static KEY: LazyLock<KeyFile> = LazyLock::new(|| {
    let bytes = include_bytes!("../../../crates/keyglance-core/tests/vectors/example.keyglance");
    KeyFile::from_json(bytes).unwrap()
});

/// What every file of the corpus says.
const CONTENT: &[u8] = b"Noon.";

/// Nobody makes a file that opens to something else: the fuzzer seals nothing.
pub fn run(data: &[u8]) {
    let none = Purpose::none();
    let mut content = Vec::new();
    let opened = decrypt_stream(&[(&KEY, &none)], data, &mut content, |_| ());
    if opened.is_ok() || !content.is_empty() {
        assert_eq!(content, CONTENT);
    }
    // However its bytes come, it is the same file.
    let slowly = decrypt_stream(&[(&KEY, &none)], Slow(data), io::sink(), |_| ());
    match (opened, slowly) {
        (Ok(opened), Ok(slowly)) => assert_eq!(opened, slowly),
        (Err(error), Err(slowly)) => assert_eq!(error.to_string(), slowly.to_string()),
        (opened, slowly) => panic!("{opened:?}, {slowly:?}"),
    }
}

/// Gives a byte at a time.
struct Slow<'a>(&'a [u8]);

impl io::Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(1);
        self.0.read(&mut buffer[..length])
    }
}
