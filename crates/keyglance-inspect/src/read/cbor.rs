//! CBOR (RFC 8949) with definite lengths, as all codes have it.

use super::{MAX_DEPTH, Reader};

/// One item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cbor {
    Unsigned(u64),
    Negative(u64),
    Bytes(Vec<u8>),
    Text(String),
    Array(Vec<Self>),
    Map(Vec<(Self, Self)>),
    Tag(u64, Box<Self>),
    /// False, true, null, undefined, floats.
    Simple(u64),
}

impl Cbor {
    /// The one item that the bytes are, to their end.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let item = item(&mut reader, MAX_DEPTH)?;
        reader.is_empty().then_some(item)
    }

    /// The value of an unsigned key of a map.
    pub(crate) fn get(&self, key: u64) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs.iter().find(|(k, _)| *k == Self::Unsigned(key)).map(|(_, value)| value)
    }

    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    pub(crate) fn unsigned(&self) -> Option<u64> {
        if let Self::Unsigned(number) = self { Some(*number) } else { None }
    }
}

fn item(reader: &mut Reader<'_>, depth: usize) -> Option<Cbor> {
    let depth = depth.checked_sub(1)?;
    let head = reader.u8()?;
    let argument = match head & 0x1f {
        small @ 0..24 => u64::from(small),
        24 => u64::from(reader.u8()?),
        25 => u64::from(reader.u16()?),
        26 => u64::from(reader.u32()?),
        27 => u64::from_be_bytes(reader.array()?),
        _ => return None,
    };
    let length = usize::try_from(argument).ok();
    Some(match head >> 5 {
        0 => Cbor::Unsigned(argument),
        1 => Cbor::Negative(argument),
        2 => Cbor::Bytes(reader.take(length?)?.to_vec()),
        3 => Cbor::Text(str::from_utf8(reader.take(length?)?).ok()?.to_owned()),
        // Each item is a byte at least: a length that cannot be true ends soon.
        4 => Cbor::Array((0..argument).map(|_| item(reader, depth)).collect::<Option<_>>()?),
        5 => {
            let pair = |_| Some((item(reader, depth)?, item(reader, depth)?));
            Cbor::Map((0..argument).map(pair).collect::<Option<_>>()?)
        }
        6 => Cbor::Tag(argument, Box::new(item(reader, depth)?)),
        _ => Cbor::Simple(argument),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8949, appendix A.
    #[test]
    fn the_examples_of_the_rfc() {
        assert_eq!(Cbor::parse(&[0x19, 0x03, 0xe8]), Some(Cbor::Unsigned(1000)));
        let map = Cbor::parse(&[0xa2, 0x01, 0x02, 0x03, 0x04]).unwrap();
        assert_eq!(map.get(3), Some(&Cbor::Unsigned(4)));
        let nested = Cbor::parse(&[0x83, 0x01, 0x82, 0x02, 0x03, 0x82, 0x04, 0x05]).unwrap();
        assert_eq!(nested.array().unwrap().len(), 3);
    }

    #[test]
    fn lengths_that_lie_depth_and_rests_are_refused() {
        let huge_array = [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        let huge_bytes = [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        for bad in [&huge_array[..], &huge_bytes, &[0x81; 100], &[0x01, 0x01], &[0x9f, 0xff], &[]] {
            assert_eq!(Cbor::parse(bad), None, "{bad:?}");
        }
    }
}
