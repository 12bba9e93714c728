//! Textual encodings between `-----BEGIN` and `-----END` (RFC 7468), and OpenPGP's armour
//! (RFC 9580, section 6).

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// A block that is alone in its text.
pub(crate) struct Pem<'a> {
    pub(crate) label: &'a str,
    /// Lines `Name: value` before the empty line.
    pub(crate) has_headers: bool,
    /// Base64 without white space.
    pub(crate) body: Zeroizing<String>,
    /// The line that begins with `=`, without that.
    pub(crate) checksum: Option<&'a str>,
    /// Whether it ends as it began, with nothing after.
    pub(crate) is_whole: bool,
}

impl<'a> Pem<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix("-----BEGIN ")?;
        let (label, rest) = rest.split_once("-----")?;
        if label.contains(['\n', '\r', '-']) {
            return None;
        }
        let (inner, is_whole) = match rest.split_once("-----END ") {
            Some((inner, end)) => (inner, end.trim_end() == format!("{label}-----")),
            None => (rest, false),
        };
        let mut body = Zeroizing::new(String::with_capacity(inner.len()));
        let (mut has_headers, mut checksum) = (false, None);
        for line in inner.lines().map(str::trim) {
            match line.strip_prefix('=') {
                Some(sum) if sum.len() == 4 => checksum = Some(sum),
                _ if line.contains(':') => has_headers = true,
                _ => body.extend(line.chars().filter(|c| !c.is_whitespace())),
            }
        }
        Some(Self { label, has_headers, body, checksum, is_whole })
    }

    /// The bytes; `None` where the base64 is damaged.
    pub(crate) fn bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        BASE64.decode(self.body.as_bytes()).ok().map(Zeroizing::new)
    }
}
