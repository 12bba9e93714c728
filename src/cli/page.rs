//! A page of a terminal: texts at their places, in a few inks.

use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::code_size::TerminalSize;
use super::{output, terminal};

/// What this terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub colours: bool,
    pub unicode: bool,
}

impl Look {
    pub fn of_terminal() -> Self {
        Self { colours: output::wants_colours(), unicode: terminal::takes_unicode() }
    }

    /// The first where the terminal has Unicode, else the second, which is ASCII.
    pub const fn glyph(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode { unicode } else { ascii }
    }
}

/// How a text is written. The colours can be read on a dark and on a light terminal: blue
/// has 3.9 to white and 5.4 to black, orange 3.9 and 5.3 (WCAG 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Text,
    Weak,
    Strong,
    Accent,
    AccentStrong,
    Attention,
    Gold,
    /// The status bar.
    Bar,
    /// A full cell.
    Block,
}

impl Ink {
    /// As ECMA-48, 8.3.117 has it.
    const fn rendition(self, colours: bool) -> &'static str {
        match self {
            Self::Text => "",
            Self::Weak => "2",
            Self::Strong => "1",
            Self::Accent if colours => "38;5;32",
            Self::AccentStrong if colours => "1;38;5;32",
            Self::Attention if colours => "1;38;5;166",
            Self::Gold if colours => "38;5;178",
            Self::Accent | Self::Gold => "",
            Self::AccentStrong | Self::Attention => "1",
            Self::Bar if colours => "38;5;16;48;5;111",
            Self::Bar | Self::Block => "7",
        }
    }
}

/// What is seen on the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub look: Look,
    pub size: TerminalSize,
    /// What stays, to be drawn on a cleared screen.
    still: String,
    /// What changes often, and is drawn over what it was before.
    live: String,
    cursor: Option<(usize, usize)>,
}

impl Page {
    pub const fn new(look: Look, size: TerminalSize) -> Self {
        Self { look, size, still: String::new(), live: String::new(), cursor: None }
    }

    /// Writes one line that begins in this column and row, counted from 0, cut at the
    /// terminal's edge.
    pub fn put(&mut self, x: usize, y: usize, ink: Ink, text: &str) {
        let line = self.line(x, y, ink, text);
        self.still.push_str(&line);
    }

    /// The same for what changes often: it must always cover the same cells.
    pub fn put_live(&mut self, x: usize, y: usize, ink: Ink, text: &str) {
        let line = self.line(x, y, ink, text);
        self.live.push_str(&line);
    }

    /// Writes a text in lines of at most `width` columns, and says how many there are.
    pub fn put_wrapped(&mut self, x: usize, y: usize, width: usize, ink: Ink, text: &str) -> usize {
        let lines = wrap(text, width);
        for (n, line) in lines.iter().enumerate() {
            self.put(x, y + n, ink, line);
        }
        lines.len()
    }

    /// Places a code that was drawn with its own colours.
    pub fn put_code(&mut self, x: usize, y: usize, drawn: &str) {
        for (n, row) in drawn.lines().enumerate() {
            let (column, row_number) = (x + 1, y + n + 1);
            let _ = write!(self.live, "\x1b[{row_number};{column}H{row}");
        }
    }

    /// The status bar, with words at both ends. The left one counts more.
    pub fn put_bar(&mut self, left: &str, right: &str) {
        let Some(y) = self.size.rows.checked_sub(1) else { return };
        let columns = self.size.columns;
        let room = columns.saturating_sub(2);
        let left = clipped(&terminal::shown(left, true), room);
        let gap = room.saturating_sub(left.width() + right.width());
        let right = if gap == 0 { "" } else { right };
        let gap = room.saturating_sub(left.width() + right.width());
        self.put(0, y, Ink::Bar, &format!(" {left}{}{right} ", " ".repeat(gap)));
    }

    /// Shows the cursor here.
    pub const fn put_cursor(&mut self, x: usize, y: usize) {
        self.cursor = Some((x, y));
    }

    fn line(&self, x: usize, y: usize, ink: Ink, text: &str) -> String {
        let text = terminal::shown(text, true);
        let text = clipped(&text, self.size.columns.saturating_sub(x));
        if text.is_empty() || y >= self.size.rows {
            return String::new();
        }
        let rendition = ink.rendition(self.look.colours);
        let place = format!("\x1b[{};{}H", y + 1, x + 1);
        match rendition {
            "" => format!("{place}{text}"),
            rendition => format!("{place}\x1b[{rendition}m{text}\x1b[0m"),
        }
    }

    /// What to write to a terminal that shows `before`: nothing where it shows this already.
    pub fn drawn_over(&self, before: Option<&Self>) -> String {
        let same = before.is_some_and(|page| {
            (page.look, page.size, &page.still) == (self.look, self.size, &self.still)
        });
        if same && before.is_some_and(|page| page.live == self.live && page.cursor == self.cursor) {
            return String::new();
        }
        // Where the terminal knows how, all of it appears at once (mode 2026).
        let mut text = "\x1b[?2026h\x1b[?25l".to_owned();
        if !same {
            text.push_str("\x1b[0m\x1b[2J");
            text.push_str(&self.still);
        }
        text.push_str(&self.live);
        if let Some((x, y)) = self.cursor {
            let _ = write!(text, "\x1b[{};{}H\x1b[?25h", y + 1, x + 1);
        }
        text.push_str("\x1b[?2026l");
        text
    }
}

/// The text up to this width.
fn clipped(text: &str, width: usize) -> String {
    let mut left = width;
    let fits = |c: &char| {
        let needed = c.width().unwrap_or(0);
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    text.chars().take_while(fits).collect()
}

/// The text in lines of at most this width, broken between words where that is possible.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    let text = terminal::shown(text, true);
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            for c in word.chars() {
                if line.width() + c.width().unwrap_or(0) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look { colours: true, unicode: true };

    fn page() -> Page {
        Page::new(LOOK, TerminalSize { columns: 10, rows: 3 })
    }

    #[test]
    fn words_are_broken_only_where_they_must() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("漢字漢字", 5), ["漢字", "漢字"]);
        assert_eq!(wrap("a\nb", 5), ["a", "b"]);
        assert_eq!(wrap("x", 0), ["x"]);
    }

    #[test]
    fn nothing_passes_the_edges_and_nothing_acts_on_the_terminal() {
        let mut page = page();
        page.put(6, 0, Ink::Text, "abcdefgh");
        page.put(0, 3, Ink::Text, "below");
        page.put(0, 1, Ink::Text, "\u{1b}[2J");
        assert!(page.still.contains("abcd") && !page.still.contains("abcde"));
        assert!(!page.still.contains("below") && !page.still.contains("\u{1b}[2J"));
        page.put_bar("a long word", "right");
        assert!(page.still.ends_with("m a long w \x1b[0m"), "{:?}", page.still);
    }

    #[test]
    fn only_what_changed_is_drawn() {
        let mut one = page();
        one.put(0, 0, Ink::Strong, "still");
        let mut other = one.clone();
        one.put_live(0, 1, Ink::Text, "1");
        other.put_live(0, 1, Ink::Text, "2");
        assert!(one.drawn_over(None).contains("still"));
        assert_eq!(one.drawn_over(Some(&one)), "");
        let turned = other.drawn_over(Some(&one));
        assert!(turned.contains('2') && !turned.contains("still") && !turned.contains("[2J"));
    }

    #[test]
    fn without_colours_there_are_none() {
        let inks = [
            Ink::Text,
            Ink::Weak,
            Ink::Strong,
            Ink::Accent,
            Ink::AccentStrong,
            Ink::Attention,
            Ink::Gold,
            Ink::Bar,
            Ink::Block,
        ];
        for ink in inks {
            let rendition = ink.rendition(false);
            assert!(["", "1", "2", "7"].contains(&rendition), "{ink:?}: {rendition}");
        }
    }
}
