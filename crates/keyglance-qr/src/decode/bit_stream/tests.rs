use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::*;
use crate::decode::text_of;

/// Bytes of these bits, each field with its width.
fn stream(fields: &[(u32, u32)]) -> Vec<u8> {
    let bits: Vec<bool> = fields
        .iter()
        .flat_map(|(value, width)| (0..*width).rev().map(move |bit| value >> bit & 1 == 1))
        .collect();
    let byte = |bits: &[bool]| {
        (0..8).fold(0, |byte, at| byte << 1 | u8::from(bits.get(at).is_some_and(|bit| *bit)))
    };
    bits.chunks(8).map(byte).collect()
}

fn read(fields: &[(u32, u32)]) -> Result<Content, BitStreamError> {
    read_bit_stream(&stream(fields), Version::Normal(1))
}

fn every_version() -> Vec<Version> {
    let sizes = [
        (7, &[43, 59, 77, 99, 139][..]),
        (9, &[43, 59, 77, 99, 139]),
        (11, &[27, 43, 59, 77, 99, 139]),
        (13, &[27, 43, 59, 77, 99, 139]),
        (15, &[43, 59, 77, 99, 139]),
        (17, &[43, 59, 77, 99, 139]),
    ];
    let rectangular = sizes.into_iter().flat_map(|(height, widths)| {
        widths.iter().map(move |width| Version::Rectangular { height, width: *width })
    });
    let square = (1..=40).map(Version::Normal).chain((1..=4).map(Version::Micro));
    square.chain(rectangular).collect()
}

/// Any bits give an answer, and one that holds together.
#[test]
fn any_bits_give_an_answer() {
    let versions = every_version();
    assert_eq!(versions.len(), 40 + 4 + 32);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (mut read, mut refused) = (0, 0);
    for round in 0..20_000 {
        let version = versions[round % versions.len()];
        let mut codewords = vec![0; (rng.next_u32() % 40) as usize];
        rng.fill_bytes(&mut codewords);
        let Ok(content) = read_bit_stream(&codewords, version) else {
            refused += 1;
            continue;
        };
        read += 1;
        let mut end = 0;
        for segment in &content.segments {
            assert_eq!(segment.bytes.start, end, "{codewords:?} {version}");
            assert!(segment.bytes.end > end);
            end = segment.bytes.end;
        }
        assert_eq!(end, content.bytes.len());
        assert!(content.bytes.len() <= codewords.len() * 8 / 3 + 1);
        let text = text_of(&content.bytes, &content.segments);
        assert!(text.is_none_or(|text| !text.contains('\u{FFFD}')), "{codewords:?}");
    }
    assert!(read > 1_000 && refused > 1_000, "{read} {refused}");
}

#[test]
fn there_are_no_other_versions() {
    for version in [
        Version::Normal(0),
        Version::Normal(41),
        Version::Micro(0),
        Version::Micro(5),
        Version::Rectangular { height: 21, width: 21 },
        Version::Rectangular { height: 7, width: 27 },
        Version::Rectangular { height: 0, width: 0 },
    ] {
        assert_eq!(read_bit_stream(&[0x40], version), Err(BitStreamError::NoVersion));
    }
}

#[test]
fn what_no_mode_can_write_is_refused() {
    use BitStreamError::{NoCharacter, TooShort, UnknownMode};
    for (fields, error) in [
        // Three digits that are a thousand, and a pair of characters beyond the last.
        (&[(1, 4), (3, 10), (1000, 10)][..], NoCharacter),
        (&[(2, 4), (2, 9), (2025, 11)], NoCharacter),
        (&[(2, 4), (1, 9), (45, 6)], NoCharacter),
        (&[(4, 4), (3, 8), (65, 8)], TooShort),
        (&[(7, 4), (0xE0, 8)], NoCharacter),
        (&[(7, 4), (0b110, 3), (1_000_000, 21)], NoCharacter),
        (&[(6, 4)], UnknownMode),
        (&[(13, 4), (2, 4)], UnknownMode),
    ] {
        assert_eq!(read(fields), Err(error), "{fields:?}");
    }
}

#[test]
fn fnc1_turns_percent_signs_into_separators() {
    let percent = 38;
    let fields = [(2, 4), (4, 9), (10 * 45 + percent, 11), (percent * 45 + percent, 11)];
    let plain = read(&fields).unwrap();
    assert_eq!((plain.bytes.as_slice(), plain.fnc1), (&b"A%%%"[..], None));
    let first = read(&[&[(5, 4)][..], &fields].concat()).unwrap();
    assert_eq!((first.bytes.as_slice(), first.fnc1), (&b"A%\x1D"[..], Some(Fnc1::Gs1)));
    let text = text_of(&first.bytes, &first.segments).unwrap();
    assert_eq!(&*text, "A%\u{1D}");

    for (indicator, said) in [(7, &b"07A%\x1D"[..]), (197, b"aA%\x1D"), (165, b"AA%\x1D")] {
        let second = read(&[&[(9, 4), (indicator, 8)][..], &fields].concat()).unwrap();
        assert_eq!((second.bytes.as_slice(), second.fnc1), (said, Some(Fnc1::Application)));
        assert_eq!(second.segments[0].mode, Mode::ApplicationIndicator);
    }
    for fields in [&[(9, 4), (100, 8)][..], &[&fields[..], &[(9, 4), (7, 8)]].concat()] {
        assert_eq!(read(fields), Err(BitStreamError::ApplicationIndicator));
    }
}

#[test]
fn an_eci_has_one_two_or_three_bytes() {
    for (designator, number) in
        [((26, 8), 26), ((0x8000 | 899, 16), 899), ((0xC0_0000 | 999_999, 24), 999_999)]
    {
        let content = read(&[(7, 4), designator, (4, 4), (1, 8), (65, 8)]).unwrap();
        assert_eq!(content.segments[0].eci, Some(number));
    }
}

#[test]
fn a_header_that_contradicts_itself_is_no_part() {
    let data = [(4, 4), (1, 8), (65, 8)];
    let header = |index, last| [&[(3, 4), (index, 4), (last, 4), (7, 8)][..], &data].concat();
    let part = |index, last| read(&header(index, last)).unwrap().part;
    assert_eq!(part(1, 3), Some(Part { index: 1, count: 4, parity: 7 }));
    assert_eq!((part(4, 3), part(0, 0)), (None, None));
}

#[test]
fn the_terminator_may_be_cut_short() {
    // 16 bits of data, and none of the terminator; then three of its bits.
    let full = stream(&[(1, 4), (0, 10)]);
    assert_eq!(read_bit_stream(&full, Version::Normal(1)), Ok(Content::default()));
    // 3 bits of count and 17 of five digits: M1 has no room for more.
    let m1 = stream(&[(5, 3), (123, 10), (45, 7)]);
    assert_eq!(read_bit_stream(&m1, Version::Micro(1)).unwrap().bytes, b"12345");
}
