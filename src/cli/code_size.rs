//! Which codes a terminal has room for.

use std::fmt;

use keyglance_qr::{Code, TerminalStyle};

/// How large a terminal is, or must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalSize {
    pub columns: usize,
    pub rows: usize,
}

impl fmt::Display for TerminalSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.columns, self.rows)
    }
}

impl TerminalSize {
    const fn holds(self, other: Self) -> bool {
        self.columns >= other.columns && self.rows >= other.rows
    }
}

/// The terminal is smaller than the code that it should show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This terminal is {terminal}; the code needs {code}")]
pub struct CodeTooLarge {
    pub terminal: TerminalSize,
    pub code: TerminalSize,
}

/// What a code of this version takes, with `more` rows for what stands with it.
pub fn needed(style: TerminalStyle, version: u8, scale: usize, more: usize) -> TerminalSize {
    let (columns, rows) = style.size(version, scale);
    TerminalSize { columns, rows: rows + more }
}

/// Whether this code fits whole: a row that breaks or scrolls away makes it worthless. A
/// terminal that does not say its size is taken to be large enough.
///
/// # Errors
/// [`CodeTooLarge`].
pub fn check(
    code: &Code,
    style: TerminalStyle,
    more: usize,
    terminal: Option<TerminalSize>,
) -> Result<(), CodeTooLarge> {
    let code = needed(style, code.version(), 1, more);
    match terminal {
        Some(terminal) if !terminal.holds(code) => Err(CodeTooLarge { terminal, code }),
        _ => Ok(()),
    }
}

/// The largest version up to `most` that fits beside `more` rows. `None` where none does.
pub fn largest_version(
    style: TerminalStyle,
    terminal: TerminalSize,
    least: u8,
    most: u8,
    more: usize,
) -> Option<u8> {
    (least..=most).rev().find(|version| terminal.holds(needed(style, *version, 1, more)))
}

/// The largest whole scale at which a code of this version fits beside `more` rows, at
/// least 1.
pub fn largest_scale(
    style: TerminalStyle,
    terminal: TerminalSize,
    version: u8,
    more: usize,
) -> usize {
    let fits = |scale: &usize| terminal.holds(needed(style, version, *scale, more));
    (1..).take_while(fits).last().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn terminal(columns: usize, rows: usize) -> TerminalSize {
        TerminalSize { columns, rows }
    }

    #[test]
    fn a_code_that_fits_by_a_hair_fits() {
        let style = TerminalStyle::Colour;
        let largest = |columns, rows| largest_version(style, terminal(columns, rows), 4, 10, 1);
        assert_eq!(largest(80, 24), Some(6), "45x23 and the bar");
        assert_eq!(largest(53, 28), Some(8), "every code of suite 1 with a short name");
        assert_eq!(largest(53, 27), Some(7));
        assert_eq!((largest(37, 20), largest(36, 20), largest(37, 19)), (Some(4), None, None));
        assert_eq!(largest(400, 200), Some(10));
        let scale = |columns, rows| largest_scale(style, terminal(columns, rows), 4, 1);
        assert_eq!((scale(74, 38), scale(73, 38), scale(74, 37)), (2, 1, 1));
        assert_eq!((scale(10, 10), scale(111, 57)), (1, 3));
    }

    #[test]
    fn a_code_that_does_not_fit_says_what_it_needs() {
        let code = Code::new("KG1:").unwrap();
        let check =
            |columns, rows| check(&code, TerminalStyle::Colour, 1, Some(terminal(columns, rows)));
        assert_eq!(check(25, 14), Ok(()));
        for (columns, rows) in [(24, 14), (25, 13), (1, 1)] {
            let said = check(columns, rows).unwrap_err().to_string();
            assert_eq!(said, format!("This terminal is {columns}x{rows}; the code needs 25x14"));
        }
        assert_eq!(super::check(&code, TerminalStyle::Ascii, 1, None), Ok(()));
    }
}
