//! Draws codes with the characters of a terminal.

use std::fmt::Write as _;

use crate::Code;

/// The width of the light margin that a code has on a terminal, in modules. Half of what
/// ISO/IEC 18004 wants, for rows are dear there; every reader that is tested with takes it.
pub const TERMINAL_QUIET_ZONE: usize = 2;

/// How a terminal shows a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TerminalStyle {
    /// Black on white by ANSI escape codes (16 and 231 of the 256 colours), whatever
    /// the terminal's own colours are. A character cell is two modules, one above the
    /// other.
    Colour,
    /// The same colours behind spaces, so that ASCII is enough: a module is two cells.
    ColourAscii,
    /// Without escape codes. Light modules are drawn, so the terminal must be light on
    /// dark.
    Plain,
    /// The same for a terminal that is dark on light: dark modules are drawn.
    PlainOnLight,
    /// ASCII alone, two `#` for a light module: twice as wide and high. The terminal must
    /// be light on dark.
    Ascii,
    /// The same for a terminal that is dark on light: two `#` for a dark module.
    AsciiOnLight,
}

impl TerminalStyle {
    /// How many columns and rows a code of this version takes with its quiet zone, each
    /// module `scale` times as large as it can be drawn.
    ///
    /// ```
    /// use keyglance_qr::TerminalStyle::{Ascii, Colour};
    ///
    /// // Version 6 has 41 modules, and a terminal of 24 rows holds it above a status bar.
    /// assert_eq!(Colour.size(6, 1), (45, 23));
    /// assert_eq!((Colour.size(6, 2), Ascii.size(6, 1)), ((90, 45), (90, 45)));
    /// ```
    #[must_use]
    pub const fn size(self, version: u8, scale: usize) -> (usize, usize) {
        let modules = (17 + 4 * version as usize + 2 * TERMINAL_QUIET_ZONE) * one(scale);
        if self.halves() { (modules, modules.div_ceil(2)) } else { (2 * modules, modules) }
    }

    /// Whether a cell holds two modules, one above the other.
    const fn halves(self) -> bool {
        matches!(self, Self::Colour | Self::Plain | Self::PlainOnLight)
    }
}

const fn one(scale: usize) -> usize {
    if scale == 0 { 1 } else { scale }
}

/// The code as text for a terminal, as large as [`TerminalStyle::size`] says: rows, each
/// ending in a line feed. A scale of 0 counts as 1.
///
/// Where a cell is two modules and their number is odd, the quiet zone below is half a
/// cell wider. Colours are set and reset on each row: a terminal that scrolls or wraps
/// would carry them on.
///
/// ```
/// use keyglance_qr::{Code, TerminalStyle, render_terminal};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let text = render_terminal(&Code::new("hello")?, TerminalStyle::Plain, 1);
/// assert_eq!(text.lines().count(), 13);
/// assert!(text.lines().all(|line| line.chars().count() == 25));
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn render_terminal(code: &Code, style: TerminalStyle, scale: usize) -> String {
    let scale = one(scale);
    let side = (code.side() + 2 * TERMINAL_QUIET_ZONE) * scale;
    let is_dark = |x: usize, y: usize| {
        let module = |at: usize| (at / scale).checked_sub(TERMINAL_QUIET_ZONE);
        module(x).zip(module(y)).is_some_and(|(x, y)| code.is_dark(x, y))
    };
    let mut text = String::new();
    for y in (0..side).step_by(if style.halves() { 2 } else { 1 }) {
        let mut colours = None;
        for x in 0..side {
            let (upper, lower) = (is_dark(x, y), is_dark(x, y + 1));
            match style {
                TerminalStyle::Colour => {
                    if colours.replace((upper, lower)) != Some((upper, lower)) {
                        // The lower half is the character. With the upper one, xterm
                        // leaves hairlines between rows that readers stumble over.
                        set_colours(&mut text, lower, upper);
                    }
                    text.push(if upper == lower { ' ' } else { '▄' });
                }
                TerminalStyle::ColourAscii => {
                    if colours.replace((upper, upper)) != Some((upper, upper)) {
                        set_colours(&mut text, upper, upper);
                    }
                    text.push_str("  ");
                }
                TerminalStyle::Plain => text.push(half_block(!upper, !lower)),
                TerminalStyle::PlainOnLight => text.push(half_block(upper, lower)),
                TerminalStyle::Ascii => text.push_str(if upper { "  " } else { "##" }),
                TerminalStyle::AsciiOnLight => text.push_str(if upper { "##" } else { "  " }),
            }
        }
        if colours.is_some() {
            text.push_str("\x1b[0m");
        }
        text.push('\n');
    }
    text
}

fn set_colours(text: &mut String, ink: bool, paper: bool) {
    // The black and the white that terminal themes leave as they are.
    let colour = |dark: bool| if dark { 16 } else { 231 };
    // Writing to a string cannot fail.
    let _ = write!(text, "\x1b[38;5;{};48;5;{}m", colour(ink), colour(paper));
}

/// The character that inks these halves of a cell.
const fn half_block(upper: bool, lower: bool) -> char {
    match (upper, lower) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}
