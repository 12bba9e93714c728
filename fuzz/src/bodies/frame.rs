//! Frames of the pairing: as bytes, and as texts of both forms.

use keyglance_core::pairing::Frame;
use keyglance_core::test_util::forged;

/// The input as a frame's bytes, as a text, and as a body that has its checksum.
pub fn run(data: &[u8]) {
    bytes(data);
    if let Ok(read) = str::from_utf8(data) {
        text(read);
    }
    text(&forged(data));
}

/// What is read is what would be written.
fn bytes(bytes: &[u8]) {
    if let Ok(frame) = Frame::from_bytes(bytes) {
        assert_eq!(frame.to_bytes(), bytes);
    }
}

/// A frame has one text of each form, but for white space and what nobody sees.
fn text(text: &str) {
    let Ok(frame) = Frame::from_text(text) else { return };
    bytes(&frame.to_bytes());
    let visible = |text: &str| -> String { text.chars().filter(char::is_ascii_graphic).collect() };
    let forms = [frame.to_text(), frame.to_code()];
    for form in &forms {
        assert_eq!(Frame::from_text(form).unwrap().to_bytes(), frame.to_bytes());
    }
    assert!(forms.iter().any(|form| visible(form) == visible(text)), "{text:?}: {forms:?}");
}
