//! Codes to draw.

use keyglance_qr::Code;

use crate::Error;

/// The smallest code that holds these bytes: its side, its version, and a byte a module,
/// row by row, 1 for dark.
///
/// # Errors
/// [`Error::Input`], [`Error::TooLong`].
pub(crate) fn encode(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    if bytes.is_empty() {
        return Err(Error::Input("nothing to put into a code"));
    }
    let code = match str::from_utf8(bytes) {
        Ok(text) => Code::new(text)?,
        Err(_) => Code::from_bytes(bytes)?,
    };
    Ok(drawn(&code, &[side(&code), code.version()]))
}

/// Modules along each side: 21 to 177.
pub(crate) fn side(code: &Code) -> u8 {
    u8::try_from(code.side()).unwrap_or(u8::MAX)
}

/// `head`, and a byte a module, row by row: 1 for dark.
pub(crate) fn drawn(code: &Code, head: &[u8]) -> Vec<u8> {
    let side = code.side();
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let mut drawn = Vec::with_capacity(head.len() + side * side);
    drawn.extend(head);
    drawn.extend((0..side * side).map(|n| u8::from(code.is_dark(n % side, n / side))));
    drawn
}
