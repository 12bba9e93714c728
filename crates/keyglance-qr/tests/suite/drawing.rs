//! What is drawn: modules, PNG, SVG and text for terminals.

use image::{GrayImage, Luma};
use keyglance_qr::{self as qr, Code, QUIET_ZONE, RenderError, TERMINAL_QUIET_ZONE, TerminalStyle};

use crate::samples::{CAPACITY, luma, texts};

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

/// Every style, and what its terminal shows where nothing is drawn.
const STYLES: [(TerminalStyle, bool); 6] = [
    (TerminalStyle::Colour, false),
    (TerminalStyle::ColourAscii, false),
    (TerminalStyle::Plain, false),
    (TerminalStyle::PlainOnLight, true),
    (TerminalStyle::Ascii, false),
    (TerminalStyle::AsciiOnLight, true),
];

#[test]
fn a_terminal_shows_the_modules_in_every_style_and_scale() {
    for version in [1, 4, 7, 10, 27, 30, 40] {
        let code = Code::new(&"7".repeat(qr::alphanumeric_capacity(version))).unwrap();
        for (style, on_light) in STYLES {
            for scale in [1, 2, 3] {
                let what = format!("{style:?}, version {version}, scale {scale}");
                let shown = qr::render_terminal(&code, style, scale);
                let (columns, rows) = style.size(version, scale);
                assert_eq!(shown.lines().count(), rows, "{what}");
                let cells = cells(&shown, on_light);
                assert!(cells.iter().all(|row| row.len() == columns), "{what}");
                let side = (code.side() + 2 * TERMINAL_QUIET_ZONE) * scale;
                let module = |at: usize| (at / scale).wrapping_sub(TERMINAL_QUIET_ZONE);
                // In half cells, each as wide as it is high: what is drawn is what is meant.
                let wide = columns / side;
                for y in 0..2 * rows {
                    for (x, cell) in cells[y / 2].iter().enumerate() {
                        let light = cell[y % 2];
                        let y = if wide == 2 { y / 2 } else { y };
                        let dark = code.is_dark(module(x / wide), module(y));
                        assert_eq!(light, !dark, "{what}: {x} {y}");
                    }
                }
            }
            let once = qr::render_terminal(&code, style, 1);
            assert_eq!(qr::render_terminal(&code, style, 0), once);
            let colours = matches!(style, TerminalStyle::Colour | TerminalStyle::ColourAscii);
            assert_eq!(once.contains('\x1b'), colours);
            let ascii = !matches!(
                style,
                TerminalStyle::Colour | TerminalStyle::Plain | TerminalStyle::PlainOnLight
            );
            assert_eq!(once.is_ascii(), ascii, "{style:?}");
        }
    }
}

/// With the upper half block, xterm leaves hairlines between the rows.
#[test]
fn colours_are_set_and_reset_on_every_row_and_the_lower_half_is_the_character() {
    for style in [TerminalStyle::Colour, TerminalStyle::ColourAscii] {
        for line in qr::render_terminal(&Code::new(&texts()[0]).unwrap(), style, 2).lines() {
            assert!(line.starts_with("\x1b[38;5;") && line.ends_with("\x1b[0m"), "{line:?}");
            assert_eq!(line.matches("\x1b[0m").count(), 1, "{line:?}");
            assert!(!line.contains(['▀', '█']), "{line:?}");
        }
    }
}

/// Which halves of each cell are light: the upper one and the lower one. A `#` counts as
/// a full cell.
fn cells(shown: &str, on_light: bool) -> Vec<Vec<[bool; 2]>> {
    let row = |line: &str| {
        let mut cells = Vec::new();
        // The terminal's own colours.
        let (mut ink, mut paper) = (!on_light, on_light);
        let mut rest = line;
        while let Some(next) = rest.chars().next() {
            if let Some(escape) = rest.strip_prefix("\x1b[") {
                let (codes, after) = escape.split_once('m').unwrap();
                rest = after;
                (ink, paper) = match codes.split(';').collect::<Vec<_>>()[..] {
                    ["0"] => (!on_light, on_light),
                    ["38", "5", fg, "48", "5", bg] => (white(fg), white(bg)),
                    _ => panic!("escape {codes}"),
                };
                continue;
            }
            cells.push(match next {
                '█' | '#' => [ink, ink],
                '▀' => [ink, paper],
                '▄' => [paper, ink],
                ' ' => [paper, paper],
                other => panic!("{other:?}"),
            });
            rest = &rest[next.len_utf8()..];
        }
        cells
    };
    shown.lines().map(row).collect()
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
