//! What a file is, by its first bytes.

use super::{MAX_BYTES, OtherFormat, PictureError, check_size, gif, png, webp};

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Png,
    Jpeg,
    WebP,
    Gif,
    Bmp,
}

impl Format {
    /// The format of a file that is not too large, and whose header does not say that its
    /// picture is.
    pub(super) fn checked(file: &[u8]) -> Result<Self, PictureError> {
        if file.is_empty() {
            return Err(PictureError::Empty);
        }
        if file.len() > MAX_BYTES {
            return Err(PictureError::TooManyBytes);
        }
        let format = Self::of(file)?;
        // Also for a file that ends after its header, which the decoder calls damaged.
        if let (Self::Png, Some((width, height))) = (format, png::size(file)) {
            check_size(width, height)?;
        }
        Ok(format)
    }

    fn of(file: &[u8]) -> Result<Self, PictureError> {
        let at = |place: usize, bytes: &[u8]| {
            file.get(place..).is_some_and(|rest| rest.starts_with(bytes))
        };
        if at(0, png::SIGNATURE) {
            Ok(Self::Png)
        } else if at(0, b"\xff\xd8\xff") {
            Ok(Self::Jpeg)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Ok(Self::WebP)
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Ok(Self::Gif)
        } else if at(0, b"BM") && at(6, &[0; 4]) {
            // Two letters are not much; the next field is reserved.
            Ok(Self::Bmp)
        } else {
            Err(other(file).map_or(PictureError::NotAPicture, PictureError::OtherFormat))
        }
    }

    /// How many frames the file says it has; at least one.
    pub(super) fn frames(self, file: &[u8]) -> u32 {
        match self {
            Self::Png => png::frames(file),
            Self::Gif => gif::frames(file),
            Self::WebP => webp::frames(file),
            Self::Jpeg | Self::Bmp => 1,
        }
    }
}

/// Whether a file that begins so is a picture, of a format that is read or only told.
///
/// ```
/// assert!(keyglance_qr::is_picture(b"GIF89a") && !keyglance_qr::is_picture(b"hello"));
/// ```
#[must_use]
pub fn is_picture(file: &[u8]) -> bool {
    Format::of(file).is_ok() || other(file).is_some()
}

/// The formats that are told and not read.
fn other(file: &[u8]) -> Option<OtherFormat> {
    const STARTS: [(&[u8], OtherFormat); 20] = [
        (b"\xff\x0a", OtherFormat::JpegXl),
        (b"\0\0\0\x0cJXL \r\n\x87\n", OtherFormat::JpegXl),
        (b"\0\0\0\x0cjP  \r\n\x87\n", OtherFormat::Jpeg2000),
        (b"\xff\x4f\xff\x51", OtherFormat::Jpeg2000),
        (b"II*\0", OtherFormat::Tiff),
        (b"MM\0*", OtherFormat::Tiff),
        (b"II+\0", OtherFormat::Tiff),
        (b"MM\0+", OtherFormat::Tiff),
        (b"\0\0\x01\0", OtherFormat::Icon),
        (b"\0\0\x02\0", OtherFormat::Icon),
        (b"8BPS", OtherFormat::Photoshop),
        (b"gimp xcf", OtherFormat::Gimp),
        (b"\x76\x2f\x31\x01", OtherFormat::OpenExr),
        (b"qoif", OtherFormat::Qoi),
        (b"%PDF-", OtherFormat::Pdf),
        (b"%!PS", OtherFormat::PostScript),
        (b"\xc5\xd0\xd3\xc6", OtherFormat::PostScript),
        (b"\x1a\x45\xdf\xa3", OtherFormat::Film),
        (b"<svg", OtherFormat::Svg),
        (b"<!DOCTYPE svg", OtherFormat::Svg),
    ];
    let known = STARTS.iter().find(|(start, _)| file.starts_with(start));
    known.map(|(_, format)| *format).or_else(|| media(file)).or_else(|| text(file))
}

/// Files of ISO/IEC 14496-12: AVIF and HEIC are told from films by their brands.
fn media(file: &[u8]) -> Option<OtherFormat> {
    if file.get(4..8)? != b"ftyp" {
        return None;
    }
    let length = u32::from_be_bytes(file.get(..4)?.try_into().ok()?) as usize;
    let (brands, _) = file.get(8..length.min(file.len()))?.as_chunks::<4>();
    let has = |wanted: &[&[u8; 4]]| brands.iter().any(|brand| wanted.contains(&brand));
    Some(if has(&[b"avif", b"avis"]) {
        OtherFormat::Avif
    } else if has(&[b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"]) {
        OtherFormat::Heic
    } else {
        OtherFormat::Film
    })
}

/// SVG after an XML declaration, white space or comments, and Netpbm.
fn text(file: &[u8]) -> Option<OtherFormat> {
    if let [b'P', b'1'..=b'7', b' ' | b'\t' | b'\r' | b'\n', ..] = file {
        return Some(OtherFormat::Netpbm);
    }
    let start = file.get(..file.len().min(4096))?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let is_svg = start.starts_with(b"<") && start.windows(4).any(|tag| tag == b"<svg");
    // A page may have a drawing in it.
    let is_page = start.windows(5).any(|tag| tag.eq_ignore_ascii_case(b"<html"));
    (is_svg && !is_page).then_some(OtherFormat::Svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_told_by_its_content() {
        let mut avif = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf".to_vec();
        avif.extend_from_slice(&[0; 20]);
        let files: [(&[u8], OtherFormat); 12] = [
            (&avif, OtherFormat::Avif),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", OtherFormat::Heic),
            (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", OtherFormat::Film),
            (b"\0\0\0\x0cJXL \r\n\x87\n\0", OtherFormat::JpegXl),
            (b"\xff\x0a\x01\x02", OtherFormat::JpegXl),
            (b"II*\0\x08\0\0\0", OtherFormat::Tiff),
            (b"\0\0\x01\0\x01\0", OtherFormat::Icon),
            (b"%PDF-1.7\n", OtherFormat::Pdf),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", OtherFormat::Svg),
            (b"\xef\xbb\xbf <?xml version=\"1.0\"?>\n<!-- x -->\n<svg/>", OtherFormat::Svg),
            (b"P5 8 8 255\n", OtherFormat::Netpbm),
            (b"qoif\0\0", OtherFormat::Qoi),
        ];
        for (file, format) in files {
            assert_eq!(Format::of(file), Err(PictureError::OtherFormat(format)));
        }
        for nothing in
            [&b"BM and then words"[..], b"RIFF\0\0\0\0WAVE", b"<!doctype html><html>", b"\0"]
        {
            assert_eq!(Format::of(nothing), Err(PictureError::NotAPicture));
        }
    }
}
