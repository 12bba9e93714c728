//! Textual encodings between `-----BEGIN` and `-----END` (RFC 7468), and OpenPGP's armour
//! (RFC 9580, section 6).

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// A block.
pub(crate) struct Pem<'a> {
    pub(crate) label: &'a str,
    /// Lines `Name: value` before the empty line.
    pub(crate) has_headers: bool,
    /// Base64 without white space.
    pub(crate) body: Zeroizing<String>,
    /// The line that begins with `=`, without that.
    pub(crate) checksum: Option<&'a str>,
    /// Whether it ends as it began, with nothing or another block after.
    pub(crate) is_whole: bool,
}

impl<'a> Pem<'a> {
    /// The first block with one of these labels: before it may be other blocks, as in a chain
    /// of certificates, and a text.
    pub(crate) fn find(text: &'a str, labels: &[&str]) -> Option<Self> {
        // Other programs' notes may stand before, as openssl's "Bag Attributes".
        let mut rest = match text.find("\n-----BEGIN ") {
            Some(at) if !text.starts_with("-----BEGIN ") => text.get(at + 1..)?,
            _ => text,
        };
        loop {
            let (block, after) = Self::parse(rest)?;
            if labels.contains(&block.label) {
                return Some(block);
            }
            rest = after;
        }
    }

    /// The block that the text begins with, and what begins after it.
    fn parse(text: &'a str) -> Option<(Self, &'a str)> {
        let rest = text.strip_prefix("-----BEGIN ")?;
        let (label, rest) = rest.split_once("-----")?;
        if label.contains(['\n', '\r', '-']) {
            return None;
        }
        let (inner, end) = rest.split_once("-----END ").unwrap_or((rest, ""));
        let after = end.strip_prefix(label).and_then(|end| end.strip_prefix("-----"));
        // What programs write between blocks is of no meaning.
        let next = after.and_then(|after| after.find("-----BEGIN ").map(|at| after.split_at(at).1));
        let is_whole = next.is_some() || after.is_some_and(|after| after.trim().is_empty());
        let mut body = Zeroizing::new(String::with_capacity(inner.len()));
        let (mut has_headers, mut checksum) = (false, None);
        for line in inner.lines().map(str::trim) {
            match line.strip_prefix('=') {
                Some(sum) if sum.len() == 4 => checksum = Some(sum),
                _ if line.contains(':') => has_headers = true,
                _ => body.extend(line.chars().filter(|c| !c.is_whitespace())),
            }
        }
        Some((Self { label, has_headers, body, checksum, is_whole }, next.unwrap_or("")))
    }

    /// The bytes; `None` where the base64 is damaged.
    pub(crate) fn bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        BASE64.decode(self.body.as_bytes()).ok().map(Zeroizing::new)
    }
}
