//! Protocol Buffers' wire format (protobuf.dev, Encoding): the fields of one message.

use super::Reader;

/// The value of a field.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Varint(u64),
    Fixed64,
    Bytes(&'a [u8]),
    Fixed32,
}

/// A message, read to its end.
pub(crate) struct Message<'a>(Vec<(u64, Value<'a>)>);

/// More fields than any message of ours has are noise.
const MAX_FIELDS: usize = 256;

impl<'a> Message<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let mut fields = Vec::new();
        while !reader.is_empty() {
            let key = varint(&mut reader)?;
            let value = match key & 7 {
                0 => Value::Varint(varint(&mut reader)?),
                1 => reader.take(8).map(|_| Value::Fixed64)?,
                2 => {
                    let length = usize::try_from(varint(&mut reader)?).ok()?;
                    Value::Bytes(reader.take(length)?)
                }
                5 => reader.take(4).map(|_| Value::Fixed32)?,
                _ => return None,
            };
            if key >> 3 == 0 || fields.len() == MAX_FIELDS {
                return None;
            }
            fields.push((key >> 3, value));
        }
        Some(Self(fields))
    }

    /// The numbers of the fields, in their order.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|(number, _)| *number)
    }

    /// The last field of this number, which is the one that counts.
    fn last(&self, number: u64) -> Option<Value<'a>> {
        self.0.iter().rev().find(|(n, _)| *n == number).map(|(_, value)| *value)
    }

    pub(crate) fn bytes(&self, number: u64) -> Option<&'a [u8]> {
        match self.last(number)? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn text(&self, number: u64) -> Option<&'a str> {
        str::from_utf8(self.bytes(number)?).ok()
    }

    pub(crate) fn varint(&self, number: u64) -> Option<u64> {
        match self.last(number)? {
            Value::Varint(varint) => Some(varint),
            _ => None,
        }
    }

    pub(crate) fn message(&self, number: u64) -> Option<Self> {
        Self::parse(self.bytes(number)?)
    }

    /// Every field of this number that holds bytes.
    pub(crate) fn all(&self, number: u64) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter_map(move |(n, value)| match value {
            Value::Bytes(bytes) if *n == number => Some(*bytes),
            _ => None,
        })
    }
}

fn varint(reader: &mut Reader<'_>) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = reader.u8()?;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            return None;
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_to_its_end() {
        // The documentation's examples: a = 150, b = "testing".
        let bytes = b"\x08\x96\x01\x12\x07testing";
        let message = Message::parse(bytes).unwrap();
        assert_eq!((message.varint(1), message.text(2)), (Some(150), Some("testing")));
        assert_eq!(message.bytes(1), None);
        for cut in [1, 2, 4, 5, bytes.len() - 1] {
            assert!(Message::parse(&bytes[..cut]).is_none(), "{cut}");
        }
        assert!(Message::parse(&[0x00, 0x01]).is_none());
        assert!(
            Message::parse(&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])
                .is_none()
        );
    }
}
