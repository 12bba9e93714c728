//! What Windows says of its cameras: a number, and words of the user's language.

use crate::CameraError;

/// Why a camera gives no frame, by the text of its error.
pub(super) fn cause(text: &str) -> Option<CameraError> {
    result_code(text).and_then(cause_of_code)
}

/// The number that Windows puts behind its words, which are of the user's language, or
/// gives alone: `Zugriff verweigert (0x80070005)`, `0xC00D3704`.
fn result_code(text: &str) -> Option<u32> {
    text.rmatch_indices("0x").find_map(|(at, _)| {
        let (digits, rest) = text.get(at + 2..)?.split_at_checked(8)?;
        let ends = !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
        u32::from_str_radix(digits, 16).ok().filter(|_| ends)
    })
}

/// What a result of Windows, or of its Media Foundation, means (winerror.h, mferror.h).
const fn cause_of_code(code: u32) -> Option<CameraError> {
    Some(match code {
        // E_ACCESSDENIED: the privacy settings, or a policy.
        0x8007_0005 => CameraError::Denied,
        // MF_E_HW_MFT_FAILED_START_STREAMING, MF_E_VIDEO_RECORDING_DEVICE_PREEMPTED,
        // ERROR_SHARING_VIOLATION, ERROR_BUSY.
        0xC00D_3704 | 0xC00D_3EA3 | 0x8007_0020 | 0x8007_00AA => CameraError::Busy,
        // MF_E_INVALIDMEDIATYPE, MF_E_UNSUPPORTED_FORMAT, MF_E_TOPO_CODEC_NOT_FOUND.
        0xC00D_36B4 | 0xC00D_3E98 | 0xC00D_5212 => CameraError::UnsupportedFormat,
        // MF_E_VIDEO_RECORDING_DEVICE_INVALIDATED, ERROR_DEVICE_NOT_CONNECTED,
        // ERROR_FILE_NOT_FOUND, ERROR_DEVICE_REMOVED.
        0xC00D_3EA2 | 0x8007_048F | 0x8007_0002 | 0x8007_0651 => CameraError::Unplugged,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_is_understood_in_every_language() {
        for (text, expected) in [
            (
                "Could not open device stream: Zugriff verweigert (0x80070005)",
                Some(CameraError::Denied),
            ),
            ("アクセスが拒否されました。 (0x80070005)", Some(CameraError::Denied)),
            ("Error (0x12) of the driver (0xC00D3704)", Some(CameraError::Busy)),
            (
                "Das Format wird nicht unterstützt. (0xC00D36B4)",
                Some(CameraError::UnsupportedFormat),
            ),
            ("0xC00D3EA2", Some(CameraError::Unplugged)),
            // The words would say something else.
            ("the device format was denied (0x80070020)", Some(CameraError::Busy)),
            ("Unbekannter Fehler (0x80004005)", None),
            ("(0x8007000", None),
            ("(0x800700é5)", None),
            ("(0x800700055)", None),
        ] {
            assert_eq!(cause(text), expected, "{text}");
        }
    }
}
