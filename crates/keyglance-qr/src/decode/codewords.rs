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
    let side = modules.width();
    // The column of the timing pattern is left out.
    let columns = (7..side).rev().step_by(2).chain((1..6).rev().step_by(2));
    let received = collect(modules, layout, format, columns, None)?;
    let (data, _) = correct(&received, layout, format.level)?;
    Some(Codewords { data, version, is_mirrored: format.is_mirrored, is_model_1: false })
}

/// What both copies of the format information come closest to.
fn format_of(modules: &BitMatrix) -> Option<FormatInformation> {
    let side = modules.width();
    if side != modules.height() || side < 21 {
        return None;
    }
    let around_corner = (0..9).filter(|x| *x != 6).map(|x| (x, 8));
    let up = (0..8).rev().filter(|y| *y != 6).map(|y| (8, y));
    let first = bits_at(modules, around_corner.chain(up));
    let bottom = (side - 8..side).rev().map(|y| (8, y));
    let right = (side - 8..side).map(|x| (x, 8));
    let second = bits_at(modules, bottom.chain(right));
    Some(FormatInformation::DecodeQR(first, second))
}

/// The codewords of a Micro QR code, where its format is sure and it needs no more
/// correction than the standard allows: there is little else that tells it from noise.
pub(super) fn read_micro_codewords(modules: &BitMatrix) -> Option<Codewords> {
    let row = (1..9).map(|x| (x, 8));
    let column = (1..8).rev().map(|y| (8, y));
    let format = FormatInformation::DecodeMQR(bits_at(modules, row.chain(column)));
    if format.hammingDistance > 1 || format.qr_type() != Type::Micro {
        return None;
    }
    let number = u8::try_from(format.microVersion).ok()?;
    let version = Version::Micro(number);
    let side = modules.width();
    if side as usize != version.width() || side != modules.height() {
        return None;
    }
    let level = format.error_correction_level;
    // Errors that may be corrected (ISO/IEC 18004, table 9), and the number of data
    // codewords where the last of them has four bits.
    let (most, short) = match (number, level) {
        (1, _) => (0, Some(3)),
        (2, ErrorCorrectionLevel::L) => (1, None),
        (2, _) => (2, None),
        (3, ErrorCorrectionLevel::L) => (2, Some(11)),
        (3, _) => (4, Some(9)),
        (_, ErrorCorrectionLevel::L) => (3, None),
        (_, ErrorCorrectionLevel::M) => (5, None),
        _ => (7, None),
    };
    // The masks of Micro QR codes are these of the others.
    let mask = *[1, 4, 6, 7].get(usize::from(format.data_mask))?;
    let is_mirrored = format.isMirrored;
    let format = Format { level, mask, is_mirrored };
    let layout = Layout::Micro(number.into()).ok()?;
    let columns = (2..side).rev().step_by(2);
    let received = collect(modules, layout, format, columns, short)?;
    let (data, corrected) = correct(&received, layout, level)?;
    let codewords = Codewords { data, version, is_mirrored, is_model_1: false };
    (corrected <= most).then_some(codewords)
}

/// The codewords of an rMQR code, under the same conditions.
pub(super) fn read_rectangular_codewords(modules: &BitMatrix) -> Option<Codewords> {
    let (width, height) = (modules.width(), modules.height());
    let first = (1..4).rev().map(|y| (11, y));
    let rest = (8..11).rev().flat_map(|x| (1..6).rev().map(move |y| (x, y)));
    let at_finder = bits_at(modules, first.chain(rest));
    let format = FormatInformation::DecodeRMQR(at_finder, 0);
    let number = format.microVersion;
    let size = Layout::SymbolSize(number, Type::RectMicro);
    let is_size = (u32::try_from(size.x), u32::try_from(size.y)) == (Ok(width), Ok(height));
    if format.hammingDistance > 1 || format.qr_type() != Type::RectMicro || !is_size {
        return None;
    }
    let version = Version::Rectangular {
        height: u8::try_from(height).ok()?,
        width: u8::try_from(width).ok()?,
    };
    let level = format.error_correction_level;
    // ISO/IEC 23941, 7.8.2: the same mask for all.
    let format = Format { level, mask: 4, is_mirrored: false };
    let layout = Layout::rMQR(number).ok()?;
    // The outermost columns are timing patterns.
    let columns = (1..width - 1).rev().step_by(2);
    let received = collect(modules, layout, format, columns, None)?;
    let checks = layout.getECBlocksForLevel(level).getECCodewordsPerBlock() as usize;
    let (data, corrected) = correct(&received, layout, level)?;
    let codewords = Codewords { data, version, is_mirrored: false, is_model_1: false };
    // As many as can be, less one that would be a guess where there are few checks.
    (corrected < checks / 2).then_some(codewords)
}

/// The modules at these places as bits, the first the most significant.
fn bits_at(modules: &BitMatrix, places: impl Iterator<Item = (u32, u32)>) -> u32 {
    places.fold(0, |bits, (x, y)| bits << 1 | u32::from(modules.get(x, y)))
}

/// The codewords as they stand in the modules: in columns of two, of which these are
/// the right ones, up and down in turn. The codeword of number `short` has four bits,
/// which are the upper half of a byte.
fn collect(
    modules: &BitMatrix,
    layout: VersionRef,
    format: Format,
    columns: impl Iterator<Item = u32>,
    short: Option<usize>,
) -> Option<Vec<u8>> {
    let function_patterns = layout.buildFunctionPattern().ok()?;
    let height = modules.height();
    let mut codewords = Vec::with_capacity(layout.getTotalCodewords() as usize);
    let (mut codeword, mut bits) = (0_u8, 0);
    for (at, right) in columns.enumerate() {
        for row in 0..height {
            let y = if at % 2 == 0 { height - 1 - row } else { row };
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
                let length = if short == Some(codewords.len() + 1) { 4 } else { 8 };
                if bits == length {
                    codewords.push(std::mem::take(&mut codeword) << (8 - length));
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

/// Corrects the errors of each block: the data of all, and how many codewords were
/// wrong.
fn correct(
    received: &[u8],
    layout: VersionRef,
    level: ErrorCorrectionLevel,
) -> Option<(Vec<u8>, usize)> {
    let (mut data, mut corrected) = (Vec::new(), 0);
    for block in DataBlock::getDataBlocks(received, layout, level).ok()? {
        let mut codewords = block.getCodewords().to_vec();
        let count = block.getNumDataCodewords() as usize;
        let checks = i32::try_from(codewords.len().checked_sub(count)?).ok()?;
        let decoder = ReedSolomonDecoder::new(PredefinedGenericGF::QrCodeField256.into());
        corrected += decoder.decode(&mut codewords, checks).ok()?;
        data.extend_from_slice(codewords.get(..count)?);
    }
    Some((data, corrected))
}
