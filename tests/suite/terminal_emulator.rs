//! A terminal as its programs and its users have it: what is written to it ends up in
//! cells, and cells are light and dark.

use image::{GrayImage, Luma};

/// A character and how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub character: char,
    pub ink: Option<u8>,
    pub paper: Option<u8>,
    pub reversed: bool,
}

const EMPTY: Cell = Cell { character: ' ', ink: None, paper: None, reversed: false };

/// What is on a terminal. It knows the control sequences that the program may send, and
/// panics at every other one.
#[derive(Clone, Debug)]
pub struct Emulator {
    pub columns: usize,
    pub rows: usize,
    main: Vec<Vec<Cell>>,
    alternate: Vec<Vec<Cell>>,
    pub is_alternate: bool,
    pub has_cursor: bool,
    pub wraps: bool,
    pub bells: usize,
    x: usize,
    y: usize,
    saved: (usize, usize),
    cursor: (usize, usize),
    brush: Cell,
    pending: Vec<u8>,
}

impl Emulator {
    pub fn new(columns: usize, rows: usize) -> Self {
        Self {
            columns,
            rows,
            main: vec![vec![EMPTY; columns]; rows],
            alternate: vec![vec![EMPTY; columns]; rows],
            is_alternate: false,
            has_cursor: true,
            wraps: true,
            bells: 0,
            x: 0,
            y: 0,
            saved: (0, 0),
            cursor: (0, 0),
            brush: EMPTY,
            pending: Vec::new(),
        }
    }

    /// As terminals do: what does not fit is cut off.
    pub fn resize(&mut self, columns: usize, rows: usize) {
        for grid in [&mut self.main, &mut self.alternate] {
            grid.resize(rows, Vec::new());
            for row in grid {
                row.resize(columns, EMPTY);
            }
        }
        (self.columns, self.rows) = (columns, rows);
        (self.x, self.y) = (self.x.min(columns - 1), self.y.min(rows - 1));
    }

    pub fn cells(&self) -> &[Vec<Cell>] {
        if self.is_alternate { &self.alternate } else { &self.main }
    }

    /// The lines of text, without the spaces at their ends.
    pub fn text(&self) -> String {
        let line = |row: &Vec<Cell>| row.iter().map(|cell| cell.character).collect::<String>();
        self.cells().iter().map(|row| line(row).trim_end().to_owned() + "\n").collect()
    }

    pub fn write(&mut self, bytes: &[u8]) {
        self.pending.extend(bytes);
        let bytes = std::mem::take(&mut self.pending);
        let mut rest = &bytes[..];
        while let Some(used) = self.step(rest) {
            rest = &rest[used..];
        }
        self.pending = rest.to_vec();
    }

    /// Takes one character or control sequence, if it is whole.
    fn step(&mut self, bytes: &[u8]) -> Option<usize> {
        match *bytes.first()? {
            0x1B if matches!(bytes.get(1), Some(b'7' | b'8')) => {
                match bytes.get(1) {
                    Some(b'7') => self.cursor = (self.x, self.y),
                    _ => (self.x, self.y) = self.cursor,
                }
                Some(2)
            }
            0x1B => {
                assert!(
                    bytes.len() < 2 || bytes[1] == b'[',
                    "{:?}",
                    String::from_utf8_lossy(bytes)
                );
                let end = bytes.iter().skip(2).position(|byte| (0x40..=0x7E).contains(byte))? + 2;
                let parameters = std::str::from_utf8(&bytes[2..end]).unwrap().to_owned();
                self.control(&parameters, bytes[end]);
                Some(end + 1)
            }
            b'\r' => {
                self.x = 0;
                Some(1)
            }
            b'\n' => {
                self.line_feed();
                Some(1)
            }
            0x07 => {
                self.bells += 1;
                Some(1)
            }
            first => {
                assert!(first >= 0x20, "control character {first}");
                let length = match first {
                    0..=0x7F => 1,
                    0xC0..=0xDF => 2,
                    0xE0..=0xEF => 3,
                    _ => 4,
                };
                let text = std::str::from_utf8(bytes.get(..length)?).unwrap();
                self.put(text.chars().next().unwrap());
                Some(length)
            }
        }
    }

    fn put(&mut self, character: char) {
        if self.x >= self.columns {
            if self.wraps {
                self.x = 0;
                self.line_feed();
            } else {
                self.x = self.columns - 1;
            }
        }
        let (x, y, brush) = (self.x, self.y, self.brush);
        self.grid()[y][x] = Cell { character, ..brush };
        self.x += 1;
    }

    fn line_feed(&mut self) {
        if self.y + 1 < self.rows {
            self.y += 1;
        } else {
            let columns = self.columns;
            self.grid().remove(0);
            self.grid().push(vec![EMPTY; columns]);
        }
    }

    fn grid(&mut self) -> &mut Vec<Vec<Cell>> {
        if self.is_alternate { &mut self.alternate } else { &mut self.main }
    }

    fn control(&mut self, parameters: &str, end: u8) {
        let numbers: Vec<usize> =
            parameters.split(';').map(|number| number.parse().unwrap_or(0)).collect();
        match (parameters, end) {
            ("?1049", b'h') => {
                (self.saved, self.is_alternate) = ((self.x, self.y), true);
                self.alternate = vec![vec![EMPTY; self.columns]; self.rows];
            }
            ("?1049", b'l') => {
                self.is_alternate = false;
                (self.x, self.y) = self.saved;
            }
            ("?25", b'h' | b'l') => self.has_cursor = end == b'h',
            ("?7", b'h' | b'l') => self.wraps = end == b'h',
            ("?2026", b'h' | b'l') => {}
            ("2", b'J') => *self.grid() = vec![vec![EMPTY; self.columns]; self.rows],
            (_, b'H') => {
                assert_eq!(numbers.len(), 2, "{parameters}");
                assert!(numbers[0] <= self.rows && numbers[1] <= self.columns, "{parameters}");
                (self.y, self.x) = (numbers[0] - 1, numbers[1] - 1);
            }
            ("1", b'A') => self.y = self.y.saturating_sub(1),
            (_, b'm') => self.rendition(&numbers),
            ("", b'K') => {
                let (x, y) = (self.x, self.y);
                self.grid()[y][x..].fill(EMPTY);
            }
            _ => panic!("a control sequence that is not expected: {parameters}{}", end as char),
        }
    }

    fn rendition(&mut self, numbers: &[usize]) {
        let mut rest = numbers;
        while let [first, after @ ..] = rest {
            rest = after;
            match (first, after) {
                (0, _) => self.brush = EMPTY,
                (38, [5, colour, after @ ..]) => {
                    (self.brush.ink, rest) = (Some(*colour as u8), after);
                }
                (48, [5, colour, after @ ..]) => {
                    (self.brush.paper, rest) = (Some(*colour as u8), after);
                }
                (7, _) => self.brush.reversed = true,
                (1 | 2, _) => {}
                other => panic!("a rendition that is not expected: {other:?}"),
            }
        }
    }

    /// What a camera sees of it, each cell so many pixels wide and twice as high. A text's
    /// letters are left out; a `#` counts as a full cell.
    pub fn picture(&self, on_light: bool, pixels: usize) -> GrayImage {
        let (width, height) = (self.columns * pixels, self.rows * 2 * pixels);
        GrayImage::from_fn(width as u32, height as u32, |x, y| {
            let (x, y) = (x as usize / pixels, y as usize / pixels);
            let cell = self.cells()[y / 2][x];
            let light = |colour: Option<u8>, default: bool| match colour {
                None => default,
                Some(16) => false,
                Some(231) => true,
                // The colours of words and of the bar, somewhere between.
                Some(_) => !default,
            };
            let (mut ink, mut paper) = (light(cell.ink, !on_light), light(cell.paper, on_light));
            if cell.reversed {
                (ink, paper) = (paper, ink);
            }
            let inked = match cell.character {
                '█' | '#' => true,
                '▀' => y % 2 == 0,
                '▄' => y % 2 == 1,
                _ => false,
            };
            Luma([if (inked && ink) || (!inked && paper) { 255 } else { 0 }])
        })
    }
}
