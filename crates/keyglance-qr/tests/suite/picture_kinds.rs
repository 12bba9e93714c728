//! Pictures as phones, browsers and drawing programs save them.

use std::fs;
use std::path::Path;

use image::{ExtendedColorType, GrayImage, ImageEncoder as _};
use keyglance_qr::{
    Code, MAX_PIXELS, OtherFormat, Picture, PictureError, Reading, WorkBudget, decode_image,
    decode_picture,
};

use crate::samples::luma;

const TEXT: &str = "pictures people have";

fn file(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/kinds").join(name)).unwrap()
}

fn texts(readings: &[Reading]) -> Vec<String> {
    readings.iter().map(|reading| String::from_utf8(reading.bytes.clone()).unwrap()).collect()
}

fn read(file: Vec<u8>) -> Vec<String> {
    let picture = Picture::load(file).unwrap();
    let mut budget = WorkBudget::still();
    let readings = decode_picture(&picture, &mut budget);
    assert!(budget.spent() <= WorkBudget::still().limit());
    texts(&readings)
}

#[test]
fn files_of_other_programs_are_read() {
    for name in [
        "progressive.jpg",
        "half-colour.jpg",
        "columns.jpg",
        "cmyk.jpg",
        "grey-progressive.jpg",
        "turned-by-exif.jpg",
        "lossy.webp",
        "lossless.webp",
        "white-on-clear.webp",
        "holes-in-white-lossy.webp",
        "still.gif",
        "interlaced.gif",
        "white-on-clear.gif",
        "colour.bmp",
        "palette.bmp",
    ] {
        assert_eq!(read(file(name)), [TEXT], "{name}");
    }
    for name in ["code.webp", "white-on-transparent.png", "same-brightness.png"] {
        assert_eq!(read(file(name)), ["https://example.org/pair?x=1"], "{name}");
    }
}

#[test]
fn every_frame_of_an_animation_is_read() {
    assert_eq!(read(file("second-frame.webp")), [TEXT]);
    // Whole after the second frame, which has only what is new.
    assert_eq!(read(file("in-two-steps.gif")), [TEXT]);
    assert_eq!(read(file("in-two-steps.png")), [TEXT]);
    for name in ["two-codes.gif", "two-codes.webp", "two-codes.png"] {
        assert_eq!(read(file(name)), ["first of two", "second of two"], "{name}");
    }
}

/// The brightness of a JPEG is taken without its colours; other readers make colours first.
#[test]
fn brightness_is_the_same_as_through_colours() {
    let names =
        ["progressive.jpg", "half-colour.jpg", "columns.jpg", "grey-progressive.jpg", "cmyk.jpg"];
    for name in names {
        let bytes = file(name);
        let ours = Picture::load(bytes.clone()).unwrap().into_grey();
        let theirs = image::load_from_memory(&bytes).unwrap().to_rgb8();
        assert_eq!(ours.dimensions(), theirs.dimensions());
        for (grey, colour) in ours.pixels().zip(theirs.pixels()) {
            let [r, g, b] = colour.0.map(u32::from);
            let weighed = ((77 * r + 150 * g + 29 * b) >> 8) as u8;
            // Colours that no screen has are cut off on the way.
            assert!(grey.0[0].abs_diff(weighed) <= 24, "{name}: {grey:?} {colour:?}");
        }
    }
}

#[test]
fn png_with_palettes_and_in_passes_is_read() {
    let code = luma(&Code::new(TEXT).unwrap(), 4);
    let (width, height) = code.dimensions();
    for bits in [1_u32, 2, 4, 8] {
        for clear in [false, true] {
            let row_of = |row: &[u8]| -> Vec<u8> {
                let per_byte = 8 / bits as usize;
                let pack = |pixels: &[u8]| {
                    let index = |level: &u8| u8::from(*level > 127);
                    let whole =
                        pixels.iter().fold(0_u32, |sum, l| sum << bits | u32::from(index(l)));
                    (whole << (bits as usize * (per_byte - pixels.len()))) as u8
                };
                row.chunks(per_byte).map(pack).collect()
            };
            let bytes: Vec<u8> = code.as_raw().chunks(width as usize).flat_map(row_of).collect();
            let mut out = Vec::new();
            let mut encoder = png::Encoder::new(&mut out, width, height);
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_depth(png::BitDepth::from_u8(bits as u8).unwrap());
            // White on what is clear, or dark on light.
            encoder.set_palette(if clear { vec![255; 6] } else { vec![20, 0, 90, 250, 240, 200] });
            if clear {
                encoder.set_trns(vec![255, 0]);
            }
            encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
            assert_eq!(read(out), [TEXT], "{bits} bits, clear: {clear}");
        }
    }
    for deep in [false, true] {
        assert_eq!(
            Picture::load(interlaced(&code, deep)).unwrap().grey(),
            &code,
            "16 bits: {deep}"
        );
    }
}

/// A grey PNG in the seven passes of Adam7.
fn interlaced(picture: &GrayImage, deep: bool) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let passes = [
        (0, 8, 0, 8),
        (4, 8, 0, 8),
        (0, 4, 4, 8),
        (2, 4, 0, 4),
        (0, 2, 2, 4),
        (1, 2, 0, 2),
        (0, 1, 1, 2),
    ];
    let mut raw = Vec::new();
    for (x, across, y, down) in passes {
        for y in (y..height).step_by(down) {
            raw.push(0);
            for x in (x..width).step_by(across) {
                let level = picture.get_pixel(x, y).0[0];
                raw.extend(std::iter::repeat_n(level, if deep { 2 } else { 1 }));
            }
        }
    }
    // The encoder writes no passes: stored blocks of zlib, and no Adler-32, which is not
    // looked at.
    let mut zlib = vec![0x78, 1];
    let mut blocks = raw.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        zlib.push(u8::from(blocks.peek().is_none()));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    zlib.extend([0; 4]);
    let mut out = Vec::new();
    let mut info = png::Info::with_size(width, height);
    info.interlaced = true;
    info.color_type = png::ColorType::Grayscale;
    info.bit_depth = if deep { png::BitDepth::Sixteen } else { png::BitDepth::Eight };
    let mut writer = png::Encoder::with_info(&mut out, info).unwrap().write_header().unwrap();
    writer.write_chunk(png::chunk::IDAT, &zlib).unwrap();
    writer.finish().unwrap_or_default();
    out
}

fn rgb(code: &GrayImage, dark: [u8; 3], light: [u8; 3]) -> Vec<u8> {
    let bytes: Vec<u8> =
        code.as_raw().iter().flat_map(|level| if *level < 128 { dark } else { light }).collect();
    let mut out = Vec::new();
    image::codecs::png::PngEncoder::new(&mut out)
        .write_image(&bytes, code.width(), code.height(), ExtendedColorType::Rgb8)
        .unwrap();
    out
}

#[test]
fn colours_of_the_same_brightness_are_told_apart() {
    let code = luma(&Code::new(TEXT).unwrap(), 3);
    let brightness =
        |[r, g, b]: [u8; 3]| (77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b)) >> 8;
    for (dark, [red, _, blue]) in [
        ([200, 30, 30], [20, 0, 45]),
        ([230, 60, 200], [60, 0, 60]),
        ([150, 70, 30], [0, 0, 255]),
        ([255, 120, 120], [90, 0, 190]),
        // No channel has much of it, but the two together.
        ([150, 100, 100], [100, 0, 110]),
    ] {
        let green = (0..=255).find(|green| brightness([red, *green, blue]) == brightness(dark));
        let light = [red, green.unwrap(), blue];
        let file = rgb(&code, dark, light);
        assert_eq!(decode_image(Picture::load(file.clone()).unwrap().grey()), []);
        assert_eq!(read(file), [TEXT], "{dark:?} {light:?}");
    }
    // The same, pasted.
    let pixels: Vec<u8> = code
        .as_raw()
        .iter()
        .flat_map(|level| if *level < 128 { [200, 30, 30, 255] } else { [20, 125, 45, 255] })
        .collect();
    let picture = Picture::from_rgba(code.width(), code.height(), pixels).unwrap();
    assert_eq!(texts(&decode_picture(&picture, &mut WorkBudget::still())), [TEXT]);
}

#[test]
fn sixteen_bits_within_one_step_of_eight_are_told_apart() {
    let code = luma(&Code::new(TEXT).unwrap(), 3);
    for (dark, light) in [(0x1000_u16, 0x10f0_u16), (0xfe10, 0xfe60), (0x8000, 0x80ff)] {
        let level = |grey: &u8| if *grey < 128 { dark } else { light };
        for kind in [ExtendedColorType::L16, ExtendedColorType::Rgb16, ExtendedColorType::Rgba16] {
            let samples = usize::from(kind.channel_count());
            let pixel = |grey: &u8| {
                let mut pixel = vec![level(grey); samples];
                if samples == 4 {
                    pixel[3] = u16::MAX;
                }
                pixel
            };
            let samples: Vec<u16> = code.as_raw().iter().flat_map(pixel).collect();
            let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_ne_bytes()).collect();
            let mut out = Vec::new();
            image::codecs::png::PngEncoder::new(&mut out)
                .write_image(&bytes, code.width(), code.height(), kind)
                .unwrap();
            assert_eq!(read(out), [TEXT], "{dark:x} {light:x} {kind:?}");
        }
    }
}

#[test]
fn white_on_what_is_clear_is_read() {
    let code = luma(&Code::new(TEXT).unwrap(), 3);
    let png = |bytes: &[u8], kind| {
        let mut out = Vec::new();
        image::codecs::png::PngEncoder::new(&mut out)
            .write_image(bytes, code.width(), code.height(), kind)
            .unwrap();
        out
    };
    let spread = |of: &dyn Fn(u8) -> Vec<u8>| -> Vec<u8> {
        code.as_raw().iter().flat_map(|level| of(*level)).collect()
    };
    // White modules, then holes in white, then the same in two bytes a sample.
    let files = [
        png(&spread(&|l| vec![255, 255 - l]), ExtendedColorType::La8),
        png(&spread(&|l| vec![255, l]), ExtendedColorType::La8),
        png(&spread(&|l| vec![255, 255, 255, 255 - l]), ExtendedColorType::Rgba8),
        png(&spread(&|l| vec![255, 255, 255, l]), ExtendedColorType::Rgba8),
        png(&spread(&|l| vec![255, 255, l, l]), ExtendedColorType::La16),
    ];
    for (at, file) in files.into_iter().enumerate() {
        assert_eq!(decode_image(Picture::load(file.clone()).unwrap().grey()), [], "{at}");
        assert_eq!(read(file), [TEXT], "{at}");
    }
}

#[test]
fn second_opinions_take_at_most_half_of_the_budget() {
    // Noise, in colours of one brightness, half transparent: every opinion is asked, and
    // nothing can be read.
    let side = 192;
    let mut noise = 1_u32;
    let pixels: Vec<u8> = (0..side * side / 64)
        .flat_map(|_| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let pixel = if noise >> 31 == 0 { [200, 30, 30, 200] } else { [20, 125, 45, 200] };
            pixel.repeat(64)
        })
        .collect();
    let picture = Picture::from_rgba(side, side, pixels).unwrap();
    let mut first = WorkBudget::live();
    assert_eq!(keyglance_qr::decode_image_within(picture.grey(), &mut first), []);
    // So small a budget that the opinions would take all of it.
    let mut whole = WorkBudget::live();
    assert_eq!(decode_picture(&picture, &mut whole), []);
    let limit = WorkBudget::live().limit();
    assert!(first.spent() < limit / 2, "grey shows nothing");
    assert!(whole.spent() > first.spent() + limit / 4, "no second opinion was asked");
    assert!(whole.spent() - first.spent() <= limit / 2, "{} of {limit}", whole.spent());
    assert!(whole.spent() <= limit);
}

#[test]
fn what_cannot_be_read_is_told_by_its_content() {
    let avif = b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf----".as_slice();
    assert_eq!(
        Picture::load(avif.to_vec()).unwrap_err(),
        PictureError::OtherFormat(OtherFormat::Avif)
    );
    let said = Picture::load(avif.to_vec()).unwrap_err().to_string();
    assert_eq!(said, "this is an AVIF picture, which cannot be read");
    assert_eq!(Picture::load(b"words".to_vec()).unwrap_err(), PictureError::NotAPicture);
    assert_eq!(Picture::load(Vec::new()).unwrap_err(), PictureError::Empty);
}

#[test]
fn what_the_picture_shows_is_not_in_debug() {
    let picture = Picture::load(file("two-codes.gif")).unwrap();
    assert_eq!(format!("{picture:?}"), "Picture { size: (116, 116), frames: 2, .. }");
}

#[test]
fn no_header_makes_a_small_file_large() {
    let too_many = |result: Result<Picture, PictureError>| {
        let error = result.unwrap_err();
        assert!(matches!(error, PictureError::TooManyPixels { .. }), "{error:?}");
    };
    // The whole picture, then the first frame, 65,535 pixels a side.
    for at in [6..10, 0..0] {
        let mut gif = file("still.gif");
        let frame = gif.windows(10).rposition(|w| w[0] == b',' && w[1..5] == [0; 4]).unwrap();
        let at = if at.is_empty() { frame + 5..frame + 9 } else { at };
        gif[at].fill(0xff);
        too_many(Picture::load(gif));
    }
    let mut bmp = file("palette.bmp");
    bmp[18..22].copy_from_slice(&60_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&60_000_u32.to_le_bytes());
    too_many(Picture::load(bmp));
    // VP8X believes its own size, VP8 another one.
    let mut webp = file("holes-in-white-lossy.webp");
    webp[24..30].fill(0x3f);
    too_many(Picture::load(webp));
    let mut webp = file("holes-in-white-lossy.webp");
    let lossy = webp.windows(3).position(|w| w == [0x9d, 0x01, 0x2a]).unwrap();
    webp[lossy + 3..lossy + 7].copy_from_slice(&[0xff, 0x3f, 0xff, 0x3f]);
    assert_eq!(Picture::load(webp).unwrap_err(), PictureError::Damaged);
}

/// Any damage gives an error or a picture.
#[test]
fn no_damage_to_any_kind_panics() {
    for name in [
        "cmyk.jpg",
        "grey-progressive.jpg",
        "lossy.webp",
        "lossless.webp",
        "holes-in-white-lossy.webp",
        "two-codes.webp",
        "interlaced.gif",
        "two-codes.gif",
        "in-two-steps.png",
        "palette.bmp",
    ] {
        let whole = file(name);
        let step = whole.len() / 100 + 1;
        for at in (0..whole.len()).step_by(step) {
            let _ = Picture::load(whole[..at].to_vec());
            for flip in [0x55, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] ^= flip;
                let Ok(picture) = Picture::load(damaged) else { continue };
                let (width, height) = picture.grey().dimensions();
                assert!((1..=MAX_PIXELS).contains(&(u64::from(width) * u64::from(height))));
            }
        }
    }
}
