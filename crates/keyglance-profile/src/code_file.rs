//! Codes in files: a picture, or a page to print, as the file's name says.

use std::path::{Path, PathBuf};

use keyglance_qr::{self as qr, Code, EncodeError, LabelledCode, RenderError};
use zeroize::Zeroizing;

use crate::storage::{Access, WriteError, create_file, replace_file};

/// Pixels a module of a code in a picture file.
pub const PIXELS_PER_MODULE: u32 = 8;

/// What a code is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeFormat {
    /// A picture of pixels.
    Png,
    /// A picture of shapes.
    Svg,
    /// A page to print, with what stands below each code.
    Html,
}

/// Why no code was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodeFileError {
    /// The name's ending says no format.
    #[error("{} ends in none of {}", .path.display(), .wanted)]
    Ending {
        /// The file's path.
        path: PathBuf,
        /// The endings that would do, to be read by a person.
        wanted: &'static str,
    },
    /// A picture holds one code.
    #[error("a picture holds one code only")]
    Several,
    /// The text does not fit a code.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The code cannot be drawn.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The file could not be written, or is there already.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl CodeFormat {
    /// The format that a picture's name says.
    ///
    /// # Errors
    /// [`CodeFileError::Ending`].
    pub fn of_picture(path: &Path) -> Result<Self, CodeFileError> {
        match Self::of(path) {
            Some(format @ (Self::Png | Self::Svg)) => Ok(format),
            _ => Err(CodeFileError::Ending { path: path.to_owned(), wanted: ".png and .svg" }),
        }
    }

    /// The format that the name of a picture or page says.
    ///
    /// # Errors
    /// [`CodeFileError::Ending`].
    pub fn of_picture_or_page(path: &Path) -> Result<Self, CodeFileError> {
        let wanted = ".png, .svg and .html";
        Self::of(path).ok_or_else(|| CodeFileError::Ending { path: path.to_owned(), wanted })
    }

    /// The format that the name of a page says.
    ///
    /// # Errors
    /// [`CodeFileError::Ending`].
    pub fn of_page(path: &Path) -> Result<Self, CodeFileError> {
        match Self::of(path) {
            Some(format @ Self::Html) => Ok(format),
            _ => Err(CodeFileError::Ending { path: path.to_owned(), wanted: ".html" }),
        }
    }

    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "png" => Self::Png,
            "svg" => Self::Svg,
            "html" => Self::Html,
            _ => return None,
        })
    }

    /// Draws the codes in this format. Wiped on drop, since a code may be a secret.
    ///
    /// # Errors
    /// [`CodeFileError::Several`], [`CodeFileError::Render`].
    pub fn draw(self, codes: &[LabelledCode<'_>]) -> Result<Zeroizing<Vec<u8>>, CodeFileError> {
        let drawn = match (self, codes) {
            (Self::Html, codes) => qr::print_page("Keyglance codes", codes).as_bytes().to_vec(),
            (Self::Png, [one]) => qr::render_png(one.code, PIXELS_PER_MODULE)?,
            (Self::Svg, [one]) => qr::render_svg(one.code).into_bytes(),
            (Self::Png | Self::Svg, _) => return Err(CodeFileError::Several),
        };
        Ok(Zeroizing::new(drawn))
    }
}

/// Writes secret codes to a new file that only this user may read.
///
/// # Errors
/// [`CodeFileError`]; an existing file stays as it is.
pub fn write_secret_codes(path: &Path, codes: &[LabelledCode<'_>]) -> Result<(), CodeFileError> {
    let drawn = CodeFormat::of_picture_or_page(path)?.draw(codes)?;
    Ok(create_file(path, &drawn, Access::Private).map_err(|error| WriteError::new(path, &error))?)
}

/// Draws a text that is no secret as a picture in a new file.
///
/// # Errors
/// [`CodeFileError`]; an existing file stays as it is.
pub fn write_new_code(path: &Path, text: &str) -> Result<(), CodeFileError> {
    let drawn = picture(path, text)?;
    Ok(create_file(path, &drawn, Access::Shared).map_err(|error| WriteError::new(path, &error))?)
}

/// Draws a text that is no secret as a picture, in place of what the file showed.
///
/// # Errors
/// [`CodeFileError`]; the file is then as it was.
pub fn replace_code(path: &Path, text: &str) -> Result<(), CodeFileError> {
    let drawn = picture(path, text)?;
    Ok(replace_file(path, &drawn, Access::Shared).map_err(|error| WriteError::new(path, &error))?)
}

fn picture(path: &Path, text: &str) -> Result<Zeroizing<Vec<u8>>, CodeFileError> {
    let format = CodeFormat::of_picture(path)?;
    format.draw(&[LabelledCode { code: &Code::new(text)?, lines: Vec::new(), warning: "" }])
}
