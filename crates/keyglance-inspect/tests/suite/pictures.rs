//! From a picture to the verdict: a code of each kind, drawn and read as QR code.

use std::collections::BTreeMap;

use keyglance_inspect::{inspect, kinds};
use keyglance_qr::{Code, decode_image, render_grayscale};

use crate::kinds::lines;
use crate::samples::now;

/// The shortest example of each kind: text as text, the rest as bytes.
#[test]
fn a_code_of_each_kind_is_told_from_its_picture() {
    let mut shortest: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for line in lines().into_iter().filter(|it| matches!(it.expect.as_str(), "exact" | "could-be"))
    {
        let known = shortest.entry(line.id).or_insert_with(|| line.payload.clone());
        if line.payload.len() < known.len() {
            *known = line.payload;
        }
    }
    assert_eq!(shortest.len(), kinds().count());
    for (id, payload) in &shortest {
        let code = match str::from_utf8(payload) {
            Ok(text) => Code::new(text),
            Err(_) => Code::from_bytes(payload),
        };
        let picture = render_grayscale(&code.unwrap(), 3).unwrap();
        let readings = decode_image(&picture);
        assert_eq!(readings.len(), 1, "{id}");
        assert_eq!(readings[0].bytes, *payload, "{id}");
        assert_eq!(inspect(&readings[0].bytes, now()).id, id);
    }
}
