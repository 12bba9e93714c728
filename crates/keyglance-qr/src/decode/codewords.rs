//! Dark and light modules to corrected data codewords (ISO/IEC 18004, 7.7.3 and 12).

use rxing::common::BitMatrix;
use rxing::common::reedsolomon::{PredefinedGenericGF, ReedSolomonDecoder};
use rxing::qrcode::common::{
    ErrorCorrectionLevel, FormatInformation, Version as Layout, VersionRef,
};
use rxing::qrcode::cpp_port::Type;
use rxing::qrcode::decoder::DataBlock;

use super::Version;

/// The data codewords of a code, with their errors corrected.
pub(super) struct Codewords {
    /// The last of Micro QR codes of version 1 and 3 has its four bits in the upper
    /// half.
    pub(super) data: Vec<u8>,
    pub(super) version: Version,
    pub(super) is_mirrored: bool,
    /// Whether this is a QR code of model 1, which nobody has written since 1997.
    pub(super) is_model_1: bool,
}

/// A code's error correction level and mask, and whether the picture is mirrored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) level: ErrorCorrectionLevel,
    pub(super) mask: u8,
    pub(super) is_mirrored: bool,
}

/// The codewords of a QR code, in the format that its modules say.
pub(super) fn read_codewords(modules: &BitMatrix) -> Option<Codewords> {
    let format = format_of(modules)?;
    let is_model_1 = format.qr_type() == Type::Model1;
    if is_model_1 {
        let version = Version::of_side(modules.width() as usize)?;
        return Some(Codewords { data: Vec::new(), version, is_mirrored: false, is_model_1 });
    }
    let format = Format {
        level: format.error_correction_level,
        mask: format.data_mask,
        is_mirrored: format.isMirrored,
    };
    read_codewords_as(modules, format)
}

/// The codewords of a QR code in this format.
pub(super) fn read_codewords_as(modules: &BitMatrix, format: Format) -> Option<Codewords> {
    let version = Version::of_side(modules.width() as usize)?;
    let Version::Normal(number) = version else { return None };
    let layout = Layout::Model2(number.into()).ok()?;
    let received = collect(modules, layout, format)?;
    let data = correct(&received, layout, format.level)?;
    Some(Codewords { data, version, is_mirrored: format.is_mirrored, is_model_1: false })
}

/// What both copies of the format information come closest to.
fn format_of(modules: &BitMatrix) -> Option<FormatInformation> {
    let side = modules.width();
    if side != modules.height() || side < 21 {
        return None;
    }
    let bits = |places: &mut dyn Iterator<Item = (u32, u32)>| {
        places.fold(0, |bits, (x, y)| bits << 1 | u32::from(modules.get(x, y)))
    };
    let around_corner = (0..9).filter(|x| *x != 6).map(|x| (x, 8));
    let up = (0..8).rev().filter(|y| *y != 6).map(|y| (8, y));
    let first = bits(&mut around_corner.chain(up));
    let bottom = (side - 8..side).rev().map(|y| (8, y));
    let right = (side - 8..side).map(|x| (x, 8));
    let second = bits(&mut bottom.chain(right));
    Some(FormatInformation::DecodeQR(first, second))
}

/// The codewords as they stand in the modules: in columns of two, from the right, up
/// and down in turn.
fn collect(modules: &BitMatrix, layout: VersionRef, format: Format) -> Option<Vec<u8>> {
    let function_patterns = layout.buildFunctionPattern().ok()?;
    let side = modules.width();
    let mut codewords = Vec::with_capacity(layout.getTotalCodewords() as usize);
    let (mut codeword, mut bits) = (0_u8, 0);
    // The column of the timing pattern is left out.
    let columns = (7..side).rev().step_by(2).chain((1..6).rev().step_by(2));
    for (at, right) in columns.enumerate() {
        for row in 0..side {
            let y = if at % 2 == 0 { side - 1 - row } else { row };
            for x in [right, right - 1] {
                if function_patterns.get(x, y) {
                    continue;
                }
                let is_dark = match format.is_mirrored {
                    true => modules.get(y, x),
                    false => modules.get(x, y),
                };
                codeword = codeword << 1 | u8::from(is_dark != is_masked(format.mask, x, y));
                bits += 1;
                if bits == 8 {
                    codewords.push(std::mem::take(&mut codeword));
                    bits = 0;
                }
            }
        }
    }
    (codewords.len() == layout.getTotalCodewords() as usize).then_some(codewords)
}

/// Whether a mask turns this module's colour (ISO/IEC 18004, table 10).
fn is_masked(mask: u8, x: u32, y: u32) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (y / 2 + x / 3).is_multiple_of(2),
        5 => (x * y).is_multiple_of(6),
        6 => x * y % 6 < 3,
        _ => (x + y + x * y % 3).is_multiple_of(2),
    }
}

/// Corrects the errors of each block, and gives the data of all.
fn correct(received: &[u8], layout: VersionRef, level: ErrorCorrectionLevel) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    for block in DataBlock::getDataBlocks(received, layout, level).ok()? {
        let mut codewords = block.getCodewords().to_vec();
        let count = block.getNumDataCodewords() as usize;
        let checks = i32::try_from(codewords.len().checked_sub(count)?).ok()?;
        let decoder = ReedSolomonDecoder::new(PredefinedGenericGF::QrCodeField256.into());
        decoder.decode(&mut codewords, checks).ok()?;
        data.extend_from_slice(codewords.get(..count)?);
    }
    Some(data)
}
