//! The data codewords of codes of any kind, and what they say.

use std::time::Duration;

use keyglance_qr::{PartCollector, Point, Reader, Reading, Version, read_bit_stream};

/// Any codewords give an answer: bytes that the segments divide, and a text without
/// replacement characters.
pub fn run(data: &[u8]) {
    let [kind, rest @ ..] = data else { return };
    let version = match kind {
        0..=39 => Version::Normal(kind + 1),
        40..=43 => Version::Micro(kind - 39),
        // Some of these are none.
        _ => Version::Rectangular {
            height: 7 + kind % 8 * 2,
            width: [27, 43, 59, 77, 99, 139][usize::from(kind / 8 % 6)],
        },
    };
    // A second code where there is one, which may belong to the first.
    let (codewords, second) = rest.split_at(rest.len() / 2);
    let mut readings = Vec::new();
    for codewords in [codewords, second, rest] {
        let Ok(content) = read_bit_stream(codewords, version) else { continue };
        let ends = content.segments.iter().map(|segment| segment.bytes.end);
        let starts = content.segments.iter().map(|segment| segment.bytes.start);
        assert!([0].into_iter().chain(ends.clone()).eq(starts.chain([content.bytes.len()])));
        assert!(content.part.is_none_or(|part| part.index < part.count && part.count <= 16));
        let reading = Reading {
            bytes: content.bytes,
            segments: content.segments,
            fnc1: content.fnc1,
            part: content.part,
            corners: [Point::default(); 4],
            version,
            reader: Reader::Rxing,
        };
        if let Some(text) = reading.text() {
            // A replacement character is read only where it was written.
            let written = text.string.matches('\u{FFFD}').count();
            assert!(written <= reading.bytes.len() / 2);
            assert!(!text.starts_with('\u{FEFF}') || reading.bytes.len() > 3);
        }
        readings.push(reading);
    }
    let count = readings.len();
    assert!(PartCollector::default().gather(Duration::ZERO, readings).len() <= count);
}
