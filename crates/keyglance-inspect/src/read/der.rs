//! DER (X.690): tag, length, content, with definite and shortest lengths.

use super::Reader;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// The next element of the reader.
pub(crate) fn element<'a>(reader: &mut Reader<'a>) -> Option<(u8, &'a [u8])> {
    let tag = reader.u8()?;
    let length = match reader.u8()? {
        short @ 0..=0x7f => usize::from(short),
        long @ 0x81..=0x83 => {
            let bytes = reader.take(usize::from(long & 0x7f))?;
            let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            let shortest = length >= 0x80 && bytes.first() != Some(&0);
            Some(length).filter(|_| shortest)?
        }
        _ => return None,
    };
    Some((tag, reader.take(length)?))
}

/// The content of the next element, if it has this tag.
pub(crate) fn expect<'a>(reader: &mut Reader<'a>, tag: u8) -> Option<&'a [u8]> {
    element(reader).filter(|(found, _)| *found == tag).map(|(_, content)| content)
}

/// The content of the one element that the bytes are.
pub(crate) fn whole(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let mut reader = Reader(bytes);
    let content = expect(&mut reader, tag)?;
    reader.is_empty().then_some(content)
}

/// Algorithm, parameters and key of a SubjectPublicKeyInfo (RFC 5280, section 4.1).
pub(crate) struct PublicKeyInfo<'a> {
    pub(crate) algorithm: &'a [u8],
    pub(crate) parameters: &'a [u8],
    pub(crate) key: &'a [u8],
}

impl<'a> PublicKeyInfo<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Reader(whole(bytes, SEQUENCE)?);
        let mut identifier = Reader(expect(&mut outer, SEQUENCE)?);
        let algorithm = expect(&mut identifier, OID)?;
        let bits = expect(&mut outer, BIT_STRING)?;
        let (unused, key) = bits.split_first()?;
        (*unused == 0 && outer.is_empty()).then_some(Self {
            algorithm,
            parameters: identifier.0,
            key,
        })
    }
}

/// 1.3.101.110 to 113 (RFC 8410).
pub(crate) const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
pub(crate) const X448: &[u8] = &[0x2b, 0x65, 0x6f];
pub(crate) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// 1.2.840.10045.2.1 (RFC 5480).
pub(crate) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.10045.3.1.7.
pub(crate) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.3.132.0.34.
pub(crate) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// 1.3.132.0.35.
pub(crate) const P521: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
/// 1.2.840.113549.1.1.1 (RFC 8017).
pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_shortest_and_true() {
        assert_eq!(whole(&[0x30, 0x02, 1, 2], SEQUENCE), Some(&[1, 2][..]));
        for bad in [
            &[0x30, 0x02, 1][..],
            &[0x30, 0x02, 1, 2, 3],
            &[0x30, 0x81, 0x02, 1, 2],
            &[0x30, 0x80, 1, 2],
            &[0x30, 0x84, 0, 0, 0, 2, 1, 2],
            &[0x31, 0x02, 1, 2],
            &[0x30],
        ] {
            assert_eq!(whole(bad, SEQUENCE), None, "{bad:?}");
        }
    }
}
