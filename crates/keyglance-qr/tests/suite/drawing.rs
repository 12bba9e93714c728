//! What is drawn: modules, PNG, SVG and text for terminals.

use image::{GrayImage, Luma};
use keyglance_qr::{self as qr, Code, QUIET_ZONE, RenderError, TerminalStyle, decode_image};

use crate::samples::{CAPACITY, luma, only, texts};

#[test]
fn each_code_is_one_byte_segment_at_level_m_in_the_smallest_version() {
    for (version, capacity) in (1..).zip(CAPACITY) {
        // Digits tempt an encoder into the numeric mode.
        let bytes = vec![b'7'; capacity];
        let code = Code::from_bytes(&bytes).unwrap();
        assert_eq!(usize::from(code.version()), version);
        assert_eq!(code.side(), 17 + 4 * version);

        let grid = rqrr::SimpleGrid::from_func(code.side(), |x, y| code.is_dark(x, y));
        let mut read = Vec::new();
        let metadata = rqrr::Grid::new(grid).decode_to(&mut read).unwrap();
        assert_eq!(read, bytes);
        assert_eq!(metadata.ecc_level, 0, "M is 00 in the format information");

        // The first codeword stands in the corner, two modules wide, upwards.
        let last = code.side() - 1;
        let codeword = (0..8).fold(0_u8, |word, bit| {
            let (x, y) = (last - bit % 2, last - bit / 2);
            let masked = match metadata.mask {
                0 => (x + y) % 2 == 0,
                1 => y % 2 == 0,
                2 => x % 3 == 0,
                3 => (x + y) % 3 == 0,
                4 => (y / 2 + x / 3) % 2 == 0,
                5 => (x * y) % 2 + (x * y) % 3 == 0,
                6 => ((x * y) % 2 + (x * y) % 3) % 2 == 0,
                _ => ((x + y) % 2 + (x * y) % 3) % 2 == 0,
            };
            word << 1 | u8::from(code.is_dark(x, y) ^ masked)
        });
        let length = if version < 10 { capacity >> 4 } else { capacity >> 12 };
        assert_eq!((codeword >> 4, usize::from(codeword & 15)), (0b0100, length), "{version}");
    }
}

#[test]
fn a_code_that_cannot_be_drawn_says_why() {
    let code = Code::new("x").unwrap();
    assert!(matches!(qr::render_png(&code, 0), Err(RenderError::NoPixels)));
    assert!(matches!(qr::render_grayscale(&code, u32::MAX), Err(RenderError::TooLarge { .. })));
}

#[test]
fn a_terminal_shows_a_code_that_reads() {
    for text in texts() {
        let code = Code::new(&text).unwrap();
        let side = code.side() + 2 * QUIET_ZONE;
        for style in [TerminalStyle::Colour, TerminalStyle::Plain] {
            let shown = qr::render_terminal(&code, style);
            assert_eq!(shown.lines().count(), side.div_ceil(2));
            assert_eq!(shown.contains('\x1b'), style == TerminalStyle::Colour);
            assert!(style == TerminalStyle::Plain || shown.lines().all(|l| l.ends_with("\x1b[0m")));
            let rows = light_on_dark_terminal(&shown);
            assert!(rows.iter().all(|row| row.len() == side));
            let picture = GrayImage::from_fn(side as u32 * 3, rows.len() as u32 * 3, |x, y| {
                Luma([if rows[y as usize / 3][x as usize / 3] { 255 } else { 0 }])
            });
            assert_eq!(
                only(decode_image(&picture)).text.as_deref(),
                Some(text.as_str()),
                "{style:?}"
            );
            assert!(rows.iter().take(QUIET_ZONE).flatten().all(|light| *light));
            assert!(rows.iter().all(|row| row[..QUIET_ZONE].iter().all(|light| *light)));
            assert!(rows.iter().all(|row| row[side - QUIET_ZONE..].iter().all(|light| *light)));
            assert!(rows.iter().rev().take(QUIET_ZONE).flatten().all(|light| *light));
        }
    }
}

#[test]
fn a_terminal_without_unicode_shows_a_code_that_reads() {
    for text in texts() {
        let code = Code::new(&text).unwrap();
        let side = code.side() + 2 * QUIET_ZONE;
        let shown = qr::render_terminal(&code, TerminalStyle::Ascii);
        assert!(shown.bytes().all(|b| b"# \n".contains(&b)));
        let rows: Vec<&[u8]> = shown.lines().map(str::as_bytes).collect();
        assert!(rows.len() == side && rows.iter().all(|row| row.len() == 2 * side));
        // A character cell is twice as high as it is wide.
        let picture = GrayImage::from_fn(side as u32 * 4, side as u32 * 4, |x, y| {
            Luma([if rows[y as usize / 4][x as usize / 2] == b'#' { 255 } else { 0 }])
        });
        assert_eq!(only(decode_image(&picture)).text.as_deref(), Some(text.as_str()));
    }
}

/// Which half cells are light, on a terminal that is black unless told otherwise.
fn light_on_dark_terminal(shown: &str) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    for line in shown.lines() {
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        // The default: light ink on dark paper.
        let (mut ink, mut paper) = (true, false);
        let mut rest = line;
        while let Some(next) = rest.chars().next() {
            if let Some(escape) = rest.strip_prefix("\x1b[") {
                let (codes, after) = escape.split_once('m').unwrap();
                rest = after;
                (ink, paper) = match codes.split(';').collect::<Vec<_>>()[..] {
                    ["0"] => (true, false),
                    ["38", "5", fg, "48", "5", bg] => (white(fg), white(bg)),
                    _ => panic!("escape {codes}"),
                };
                continue;
            }
            let (top, bottom) = match next {
                '█' => (ink, ink),
                '▀' => (ink, paper),
                '▄' => (paper, ink),
                ' ' => (paper, paper),
                other => panic!("{other:?}"),
            };
            upper.push(top);
            lower.push(bottom);
            rest = &rest[next.len_utf8()..];
        }
        rows.extend([upper, lower]);
    }
    rows
}

fn white(colour: &str) -> bool {
    match colour {
        "16" => false,
        "231" => true,
        other => panic!("a theme may change colour {other}"),
    }
}

#[test]
fn an_svg_is_a_code_that_reads() {
    let code = Code::new(&texts()[0]).unwrap();
    let svg = qr::render_svg(&code);
    let side = code.side() + 2 * QUIET_ZONE;
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
    assert!(svg.contains("shape-rendering=\"crispEdges\""));
    assert!(svg.contains(&format!("<rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>")));
    assert_eq!(svg.matches("<path").count(), 1);
    assert!(svg.ends_with("</svg>\n") && svg.matches('"').count().is_multiple_of(2));

    let path = svg.split_once(" d=\"").unwrap().1.split_once('"').unwrap().0;
    let mut picture = GrayImage::from_pixel(side as u32, side as u32, Luma([255]));
    for run in path.split_terminator('z') {
        let (place, shape) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let length = shape.split_once('v').unwrap().0;
        assert_eq!(shape, format!("{length}v1h-{length}"));
        let (x, y): (u32, u32) = (x.parse().unwrap(), y.parse().unwrap());
        for x in x..x + length.parse::<u32>().unwrap() {
            picture.put_pixel(x, y, Luma([0]));
        }
    }
    assert_eq!(picture, luma(&code, 1));
}
