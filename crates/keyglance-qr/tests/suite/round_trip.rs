//! What was put into a code comes back byte for byte.

use image::{GrayImage, Luma};
use keyglance_qr::{self as qr, Code, decode_frame, decode_image};

use crate::samples::{CAPACITY, luma, only, random_bytes};

#[test]
fn every_version_at_every_size_reads_back_byte_for_byte() {
    for (version, capacity) in (1..).zip(CAPACITY) {
        let bytes = random_bytes(version, capacity);
        let code = Code::from_bytes(&bytes).unwrap();
        for pixels in [1, 2, 3, 4, 7] {
            let picture = qr::load_grayscale(&qr::render_png(&code, pixels).unwrap()).unwrap();
            assert_eq!(picture, luma(&code, pixels));
            let reading = only(decode_image(&picture));
            assert_eq!(reading.bytes, bytes, "version {version} at {pixels}");
            assert_eq!(reading.text(), None, "random bytes are no text");
        }
        let live = only(decode_frame(&luma(&code, 4)));
        assert_eq!(live.bytes, bytes, "version {version}, live");
    }
}

#[test]
fn every_byte_value_survives() {
    let all: Vec<u8> = (0..=255).collect();
    let mut reversed = all.clone();
    reversed.reverse();
    for bytes in [all, reversed, vec![0; 100], vec![255; 100], b"\xef\xbb\xbf\x93\xfa".to_vec()] {
        let picture = luma(&Code::from_bytes(&bytes).unwrap(), 3);
        assert_eq!(only(decode_image(&picture)).bytes, bytes);
        assert_eq!(only(decode_frame(&picture)).bytes, bytes);
    }
    let text = "Grüße, 世界 🌍";
    assert_eq!(
        only(decode_image(&luma(&Code::new(text).unwrap(), 3))).text().as_deref(),
        Some(text)
    );
}

#[test]
fn alphanumeric_text_reads_back_at_every_version() {
    // Every character of the set, at every place of a pair.
    let set = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    for version in 1..=40 {
        let capacity = qr::alphanumeric_capacity(version);
        for length in [capacity - 1, capacity] {
            let text: String = set.chars().cycle().skip(length % 45).take(length).collect();
            let code = Code::new(&text).unwrap();
            assert_eq!(code.version(), version);
            for reading in [decode_image(&luma(&code, 3)), decode_frame(&luma(&code, 4))] {
                assert_eq!(only(reading).text().as_deref(), Some(text.as_str()), "{version}");
            }
        }
    }
}

#[test]
fn codes_that_are_alike_have_one_version_and_read_back() {
    let texts = ["KG1:ABC %$".to_owned(), "KG1:".repeat(40), "small and bytes".to_owned()];
    let codes = Code::alike(&texts).unwrap();
    assert_eq!(codes.iter().map(Code::version).collect::<Vec<_>>(), [7, 7, 7]);
    for (code, text) in codes.iter().zip(&texts) {
        assert_eq!(only(decode_image(&luma(code, 3))).text().as_deref(), Some(text.as_str()));
    }
}

#[test]
fn codes_of_others_read_byte_for_byte() {
    use qrcode::bits::Bits;
    use qrcode::{EcLevel, QrCode, Version};
    let mut bits = Bits::new(Version::Normal(5));
    bits.push_numeric_data(b"0012345").unwrap();
    bits.push_alphanumeric_data(b"HTTPS://A.B/$%").unwrap();
    bits.push_byte_data(b"caf\xe9 \x00").unwrap();
    bits.push_eci_designator(26).unwrap();
    bits.push_byte_data("é".as_bytes()).unwrap();
    bits.push_terminator(EcLevel::H).unwrap();
    let symbol = QrCode::with_bits(bits, EcLevel::H).unwrap();
    let dark = symbol.to_colors();
    let side = symbol.width() + 8;
    let picture = GrayImage::from_fn(side as u32 * 4, side as u32 * 4, |x, y| {
        let (x, y) = ((x / 4) as usize, (y / 4) as usize);
        let inside = (4..side - 4).contains(&x) && (4..side - 4).contains(&y);
        let at = |x: usize, y: usize| dark[(y - 4) * (side - 8) + x - 4] == qrcode::Color::Dark;
        Luma([if inside && at(x, y) { 0 } else { 255 }])
    });
    let bytes = b"0012345HTTPS://A.B/$%caf\xe9 \x00\xc3\xa9";
    assert_eq!(only(decode_image(&picture)).bytes, bytes);
}
