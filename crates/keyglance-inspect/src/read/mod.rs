//! Readers that the kinds share. Each is strict and reads to the end.

pub(crate) mod bech32;
pub(crate) mod cbor;
pub(crate) mod checksum;
pub(crate) mod der;
pub(crate) mod encoding;
pub(crate) mod ini;
pub(crate) mod json;
pub(crate) mod pem;
pub(crate) mod protobuf;
pub(crate) mod url;

/// How deep anything may be nested.
pub(crate) const MAX_DEPTH: usize = 8;

/// Bytes that are taken from the front.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (start, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(start)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (start, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*start)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// A length in two bytes, then that many bytes.
    pub(crate) fn prefixed16(&mut self) -> Option<&'a [u8]> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    /// A length in four bytes, then that many bytes.
    pub(crate) fn prefixed32(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()?;
        self.take(usize::try_from(length).ok()?)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
