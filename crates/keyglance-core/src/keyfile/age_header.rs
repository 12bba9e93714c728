//! The header of an age file (C2SP age.md), read before the age library sees it:
//! with limits, in one pass, and with its recipients counted.
//!
//! The library asks for one line after another and parses all that it has so far
//! after each, without a limit: a header of a megabyte takes it minutes. Here a
//! header is read once, refused where it breaks the format or a limit, and given to
//! the library as a whole.

use std::io::{self, BufRead, Read};

/// Most bytes of a header.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// Most recipients of a file.
pub(super) const MAX_STANZAS: usize = 64;

/// What every version of the format begins with; the version and a line feed follow.
const MAGIC: &[u8] = b"age-encryption.org/";
/// The longest first line that is looked at.
const MAX_VERSION: usize = 64;
/// A line of a body that another one follows has this many characters.
const FULL_LINE: usize = 64;

/// Why there is no header.
#[derive(Debug)]
pub(super) enum HeaderError {
    /// It does not begin like an age file.
    NotAgeFile,
    /// It does, with a version that is not 1.
    UnknownVersion,
    /// It ends early, or breaks the format.
    Damaged,
    /// Over [`MAX_BYTES`].
    TooLarge,
    /// Over [`MAX_STANZAS`].
    TooManyStanzas,
    /// What is read from failed.
    Io(io::Error),
}

/// An age file whose header has been read, for the age library to read again.
pub(super) struct CheckedFile<R> {
    header: Vec<u8>,
    given: usize,
    rest: R,
    /// How many recipients the header names. Those that are there to keep readers
    /// tolerant, whose type ends in `-grease`, are nobody's.
    pub(super) recipients: usize,
}

impl<R: BufRead> CheckedFile<R> {
    /// Reads the header of `rest`, and nothing behind it.
    pub(super) fn read(mut rest: R) -> Result<Self, HeaderError> {
        let mut header = Vec::new();
        let version = read_line(&mut rest, &mut header, MAX_VERSION)?;
        if !version.starts_with(MAGIC) {
            return Err(HeaderError::NotAgeFile);
        }
        match version.get(MAGIC.len()..) {
            Some(b"v1\n") => {}
            Some(version) if version.ends_with(b"\n") => return Err(HeaderError::UnknownVersion),
            _ => return Err(HeaderError::Damaged),
        }
        let (mut stanzas, mut recipients) = (0, 0);
        // Whether a line of a body has to follow: its last one is short, or empty.
        let mut in_body = false;
        loop {
            let line = read_line(&mut rest, &mut header, MAX_BYTES)?;
            let Some(line) = line.strip_suffix(b"\n") else {
                let full = header.len() >= MAX_BYTES;
                return Err(if full { HeaderError::TooLarge } else { HeaderError::Damaged });
            };
            if in_body {
                if line.len() > FULL_LINE || !line.iter().all(is_base64) {
                    return Err(HeaderError::Damaged);
                }
                in_body = line.len() == FULL_LINE;
            } else if let Some(arguments) = line.strip_prefix(b"-> ") {
                stanzas += 1;
                if stanzas > MAX_STANZAS {
                    return Err(HeaderError::TooManyStanzas);
                }
                let mut arguments = arguments.split(|byte| *byte == b' ');
                if !arguments.clone().all(is_argument) {
                    return Err(HeaderError::Damaged);
                }
                let grease = arguments.next().is_some_and(|kind| kind.ends_with(b"-grease"));
                recipients += usize::from(!grease);
                in_body = true;
            } else if stanzas > 0 && line.starts_with(b"--- ") {
                // Its authentication code, which the library checks.
                return Ok(Self { header, given: 0, rest, recipients });
            } else {
                return Err(HeaderError::Damaged);
            }
        }
    }
}

/// Appends the next line to `header`, up to `limit` bytes of both, and gives it.
/// Without its line feed it reached the limit, or the end.
fn read_line<'a>(
    from: &mut impl BufRead,
    header: &'a mut Vec<u8>,
    limit: usize,
) -> Result<&'a [u8], HeaderError> {
    let start = header.len();
    let left = limit.saturating_sub(start) as u64;
    from.take(left).read_until(b'\n', header).map_err(HeaderError::Io)?;
    Ok(header.get(start..).unwrap_or_default())
}

const fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// One or more of the visible characters of ASCII.
fn is_argument(argument: &[u8]) -> bool {
    !argument.is_empty() && argument.iter().all(u8::is_ascii_graphic)
}

impl<R: Read> Read for CheckedFile<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut header = self.header.get(self.given..).unwrap_or_default();
        if header.is_empty() {
            return self.rest.read(buffer);
        }
        let read = header.read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for CheckedFile<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.header.get(self.given..) {
            Some(header) if !header.is_empty() => Ok(header),
            _ => self.rest.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.given < self.header.len() {
            self.given += amount;
        } else {
            self.rest.consume(amount);
        }
    }

    /// The library asks for the header line by line, and parses from its first byte
    /// after each. It gets all lines as one, so that it parses once. Behind the
    /// header there are no lines.
    fn read_until(&mut self, _: u8, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let header = self.header.get(self.given..).unwrap_or_default();
        buffer.extend_from_slice(header);
        self.given = self.header.len();
        Ok(header.len())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Counts how often the library asks for a line, after which it parses anew.
    struct Counted<R> {
        stream: R,
        lines: usize,
    }

    impl<R: Read> Read for Counted<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.stream.read(buffer)
        }
    }

    impl<R: BufRead> BufRead for Counted<R> {
        fn fill_buf(&mut self) -> io::Result<&[u8]> {
            self.stream.fill_buf()
        }

        fn consume(&mut self, amount: usize) {
            self.stream.consume(amount);
        }

        fn read_until(&mut self, byte: u8, buffer: &mut Vec<u8>) -> io::Result<usize> {
            self.lines += 1;
            self.stream.read_until(byte, buffer)
        }
    }

    /// Else the time would grow with the square of the header's length.
    #[test]
    fn the_library_parses_the_largest_header_once() {
        let line = format!("{}\n", "A".repeat(FULL_LINE));
        let header = format!("age-encryption.org/v1\n-> x\n{}\n", line.repeat(1_000));
        let file = format!("{header}--- {}\n{}", "A".repeat(43), "x".repeat(100));
        let checked = CheckedFile::read(file.as_bytes()).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!((checked.recipients, checked.header.len() > 60_000), (1, true));
        let mut counted = Counted { stream: checked, lines: 0 };
        age::Decryptor::new_buffered(&mut counted).map(drop).unwrap();
        assert_eq!(counted.lines, 1);
        // The nonce behind it is taken, and nothing else.
        let mut rest = Vec::new();
        counted.read_to_end(&mut rest).unwrap();
        assert_eq!(rest.len(), 100 - 16);
    }
}
