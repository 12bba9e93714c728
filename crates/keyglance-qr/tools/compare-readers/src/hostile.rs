//! Pictures that hold no code but look as if: how long each reader takes, and
//! whether it makes something up.

use image::{GrayImage, Luma, imageops};
use keyglance_qr::{self as qr, Code};

use crate::output::Output;
use crate::peers::{Outcome, Readers};
use crate::score::Judged;

/// A table of pictures and readers: milliseconds, and how many texts were made up.
pub(crate) fn compare(readers: &mut Readers, output: &Output) {
    let names = readers.names().to_vec();
    // rqrr pairs each square with each other: on a carpet it takes minutes.
    let ask: Vec<_> = names.iter().map(|name| name != "rqrr").collect();
    output.head("CPU ms", &names);
    for (name, picture) in pictures() {
        output.save(&name, &picture, &[]);
        let outcomes = readers.read(&picture, 1, &ask);
        for (reader, outcome) in names.iter().zip(&outcomes) {
            output.outcome(&name, reader, outcome, Judged::by_texts(outcome, &[]));
        }
        let cell = |outcome: &Outcome| match outcome.payloads.len() {
            0 => format!("{:.1}", outcome.milliseconds),
            made_up => format!("{:.1} ({made_up} made up)", outcome.milliseconds),
        };
        output.row(&name, outcomes.iter().map(cell));
    }
}

fn pictures() -> Vec<(String, GrayImage)> {
    let mut pictures = Vec::new();
    for module in [1, 2, 3, 5] {
        for gap in [1, 2, 7] {
            let name = format!("squares of {module} px a module, {gap} apart");
            pictures.push((name, carpet(module, gap)));
        }
    }
    pictures.push(("squares of all sizes".to_owned(), nested()));
    let mut state = 1_u64;
    let mut random = move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    for block in [1, 2, 3, 4, 6] {
        let (across, down) = (1280 / block + 1, 720 / block + 1);
        let cells: Vec<u8> = (0..across * down).map(|_| random()).collect();
        let grey = GrayImage::from_fn(1280, 720, |x, y| {
            Luma([cells[(y / block * across + x / block) as usize]])
        });
        let black = GrayImage::from_fn(1280, 720, |x, y| {
            Luma([(cells[(y / block * across + x / block) as usize] & 1) * 255])
        });
        pictures.push((format!("grey noise in squares of {block} px"), grey));
        pictures.push((format!("black and white noise in squares of {block} px"), black));
    }
    pictures.push(("a code with its middle cut out, 20 times".to_owned(), holed()));
    pictures
}

/// Finder patterns side by side.
fn carpet(module: u32, gap: u32) -> GrayImage {
    GrayImage::from_fn(1280, 720, |x, y| {
        let (x, y) = (x / module % (7 + gap), y / module % (7 + gap));
        Luma([if is_dark(x, y) { 0 } else { 255 }])
    })
}

fn is_dark(x: u32, y: u32) -> bool {
    let ring = x.abs_diff(3).max(y.abs_diff(3));
    ring <= 3 && ring != 2
}

/// Each row of another size.
fn nested() -> GrayImage {
    GrayImage::from_fn(1280, 720, |x, y| {
        let module = 1 + y / 80;
        let (x, y) = (x / module % 8, y % 80 / module % 8);
        Luma([if is_dark(x, y) { 0 } else { 255 }])
    })
}

/// Three squares each, and nothing that corrects.
fn holed() -> GrayImage {
    let mut picture = GrayImage::from_pixel(1280, 720, Luma([255]));
    for at in 0..20_i64 {
        let code = Code::new(&format!("no longer readable {at}")).unwrap();
        let mut code = qr::render_grayscale(&code, 4).unwrap();
        let side = code.width();
        let size = side - 8 * 4 - 14 * 4 - 8;
        let grey = GrayImage::from_fn(size, size, |x, y| Luma([((x * 7 + y * 13) % 256) as u8]));
        let middle = i64::from((side - size) / 2);
        imageops::overlay(&mut code, &grey, middle, middle);
        imageops::overlay(&mut picture, &code, at % 5 * 250, at / 5 * 175);
    }
    picture
}
