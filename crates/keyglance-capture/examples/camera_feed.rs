//! A camera for a Linux machine that has none: feeds a v4l2loopback device from
//! a picture file, for as long as it runs.
//!
//! `camera_feed /dev/video0 YUYV 640x480 PICTURE`, or MJPG: JPEG as some webcams
//! write it, without Huffman tables and with bytes after its end; or RGB3, YU12 and GREY,
//! as programs write them. The picture is shown in the middle of a grey frame, and again
//! whenever the file changes. Where the device is `-`, it is standard output.
//! While there is a file PICTURE.stop, no frame comes.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() {
    linux::main();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::Write;
    use std::path::PathBuf;
    use std::time::{Duration, SystemTime};
    use std::{env, fs, thread};

    use image::codecs::jpeg::JpegEncoder;
    use image::{ExtendedColorType, GrayImage, Luma, imageops};
    use v4l::video::Output as _;
    use v4l::{Device, Format, FourCC};

    pub(super) fn main() {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let [device, format, size, picture] = arguments.as_slice() else {
            panic!("camera_feed DEVICE YUYV|MJPG|RGB3|YU12|GREY WIDTHxHEIGHT PICTURE");
        };
        let (width, height) = size.split_once('x').unwrap();
        let (width, height) = (width.parse().unwrap(), height.parse().unwrap());
        let code: [u8; 4] = format.as_bytes().try_into().unwrap();
        let (mut device, size): (Box<dyn Write>, usize) = if device == "-" {
            (Box::new(std::io::stdout()), 0)
        } else {
            let device = Device::with_path(device).unwrap();
            let wanted = Format::new(width, height, FourCC::new(&code));
            let set = device.set_format(&wanted).unwrap();
            assert_eq!((set.width, set.height, set.fourcc.repr), (width, height, code));
            (Box::new(device), set.size as usize)
        };

        let (picture, stop) = (PathBuf::from(picture), PathBuf::from(format!("{picture}.stop")));
        let (mut shown, mut frame): (Option<SystemTime>, _) = (None, Vec::new());
        loop {
            let changed = fs::metadata(&picture).and_then(|about| about.modified()).ok();
            if frame.is_empty() || changed != shown {
                let drawn = image::open(&picture).map(|picture| picture.into_luma8());
                let grey = framed(&drawn.unwrap_or_default(), width, height);
                frame = match format.as_str() {
                    "MJPG" => motion_jpeg(&grey, size),
                    "GREY" => grey.to_vec(),
                    "RGB3" => grey.iter().flat_map(|level| [*level; 3]).collect(),
                    "YU12" => {
                        let colour = grey.len() / 2;
                        grey.iter().copied().chain(std::iter::repeat_n(128, colour)).collect()
                    }
                    _ => grey.iter().flat_map(|level| [*level, 128]).collect(),
                };
                shown = changed;
            }
            if !stop.exists() {
                // Refused while nobody looks, by some versions.
                let written = device.write_all(&frame);
                if size == 0 && written.is_err() {
                    return;
                }
            }
            thread::sleep(Duration::from_millis(66));
        }
    }

    /// The picture in the middle, as large as it fits by whole pixels.
    fn framed(picture: &GrayImage, width: u32, height: u32) -> GrayImage {
        let mut frame = GrayImage::from_pixel(width, height, Luma([90]));
        let (across, down) = (picture.width().max(1), picture.height().max(1));
        let shown = match height / down {
            0 => {
                let height_of_it = height - 20;
                let width = across * height_of_it / down;
                imageops::resize(picture, width, height_of_it, imageops::FilterType::Triangle)
            }
            times => imageops::resize(
                picture,
                across * times,
                down * times,
                imageops::FilterType::Nearest,
            ),
        };
        let (x, y) = ((width - shown.width().min(width)) / 2, (height - shown.height()) / 2);
        imageops::overlay(&mut frame, &shown, i64::from(x), i64::from(y));
        frame
    }

    /// Without its tables (FFC4), and filled up to the driver's buffer.
    fn motion_jpeg(grey: &GrayImage, size: usize) -> Vec<u8> {
        let mut jpeg = Vec::new();
        let (width, height) = grey.dimensions();
        // Colour, as webcams have it: only then do all four tables belong to it.
        let rgb: Vec<u8> = grey.iter().flat_map(|level| [*level; 3]).collect();
        JpegEncoder::new_with_quality(&mut jpeg, 90)
            .encode(&rgb, width, height, ExtendedColorType::Rgb8)
            .unwrap();
        let mut bare = jpeg[..2].to_vec();
        let mut at = 2;
        while jpeg[at + 1] != 0xda {
            let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
            if jpeg[at + 1] != 0xc4 {
                bare.extend_from_slice(&jpeg[at..end]);
            }
            at = end;
        }
        bare.extend_from_slice(&jpeg[at..]);
        bare.resize(bare.len().max(size), 0);
        bare
    }
}
