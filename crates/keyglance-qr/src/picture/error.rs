//! Why a picture file cannot be read.

use super::MAX_PIXELS;

/// Why a picture file cannot be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// The file has no bytes.
    #[error("the picture is empty")]
    Empty,
    /// Its content is nothing that is known.
    #[error("this is not a picture")]
    NotAPicture,
    /// Its content is known, and cannot be read.
    #[error("this is {0}, which cannot be read")]
    OtherFormat(OtherFormat),
    /// The file has more than [`MAX_BYTES`](crate::MAX_PICTURE_BYTES).
    #[error("the picture file is larger than 64 MiB")]
    TooManyBytes,
    /// The picture has more than [`MAX_PIXELS`], or none.
    #[error("the picture has {width} × {height} pixels, which is not between 1 and {} million", MAX_PIXELS / 1_000_000)]
    TooManyPixels {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// Decoding would need more memory than a picture of that size should.
    #[error("the picture needs too much memory")]
    TooMuchMemory,
    /// The file is truncated or malformed.
    #[error("the picture is damaged")]
    Damaged,
    /// A format that is read otherwise, in a form that is not.
    #[error("this kind of PNG, JPEG, WebP, GIF or BMP picture is not supported")]
    Unsupported,
}

/// Files that people take for pictures and that are told by their first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OtherFormat {
    /// AVIF, of browsers and Android phones.
    Avif,
    /// HEIC or HEIF, of iPhones.
    Heic,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// TIFF, and the raw pictures of cameras that are made like it.
    Tiff,
    /// A Windows icon or cursor.
    Icon,
    /// Photoshop's own.
    Photoshop,
    /// GIMP's own.
    Gimp,
    /// `OpenEXR`.
    OpenExr,
    /// QOI.
    Qoi,
    /// A PBM, PGM, PPM or PAM.
    Netpbm,
    /// SVG, which is text.
    Svg,
    /// PDF.
    Pdf,
    /// `PostScript`.
    PostScript,
    /// A film: MP4, MOV, Matroska or WebM.
    Film,
}

impl std::fmt::Display for OtherFormat {
    /// With its article, as part of a sentence.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Avif => "an AVIF picture",
            Self::Heic => "a HEIC picture",
            Self::JpegXl => "a JPEG XL picture",
            Self::Jpeg2000 => "a JPEG 2000 picture",
            Self::Tiff => "a TIFF picture",
            Self::Icon => "an icon file",
            Self::Photoshop => "a Photoshop picture",
            Self::Gimp => "a GIMP picture",
            Self::OpenExr => "an OpenEXR picture",
            Self::Qoi => "a QOI picture",
            Self::Netpbm => "a Netpbm picture",
            Self::Svg => "an SVG drawing",
            Self::Pdf => "a PDF document",
            Self::PostScript => "a PostScript document",
            Self::Film => "a film",
        })
    }
}
