//! The page on which the check code is typed: our digits as large as text allows, and a
//! line for those of the other screen.

use keyglance_core::pairing::{CheckCode, Role};

use super::code_size::TerminalSize;
use super::page::{Ink, Look, Page};
use crate::messages::terminal::spoken;

/// What is to be seen of it.
#[derive(Clone, Debug)]
pub struct CheckCodePage {
    /// What this screen shows.
    pub code: CheckCode,
    pub role: Role,
    /// The other device, as it is saved.
    pub peer: String,
    /// What to do with the screens, if they faced each other.
    pub turn_back: bool,
    pub typed: String,
    /// What became of the last entry.
    pub told: Option<String>,
    /// Whether it is asked if the key shall be deleted.
    pub deletes: bool,
}

/// What the left half needs: six digits of three cells, with gaps.
const DIGITS: usize = 30;
/// Where the two halves begin.
const LEFT: usize = 2;
const RIGHT: usize = 42;
/// What both halves beside each other need, the longest line of the right one included.
const BOTH: TerminalSize = TerminalSize { columns: 80, rows: 19 };
/// What one above the other needs.
const STACKED: TerminalSize = TerminalSize { columns: DIGITS + LEFT, rows: 15 };

impl CheckCodePage {
    pub fn page(&self, look: Look, size: TerminalSize) -> Page {
        let mut page = Page::new(look, size);
        if size.columns >= BOTH.columns && size.rows >= BOTH.rows {
            self.put_both(&mut page);
        } else if size.columns >= STACKED.columns && size.rows >= STACKED.rows {
            self.put_stacked(&mut page);
        } else {
            self.put_small(&mut page);
        }
        let mark = look.glyph("✔", "x");
        let keys = match self.deletes {
            true => "",
            // Where the bar is short, what matters more.
            false if size.columns < 54 => "w something is wrong",
            false => "c our code again   w something is wrong",
        };
        page.put_bar(&format!("{mark} Same key"), keys);
        page
    }

    fn put_both(&self, page: &mut Page) {
        // In the middle of a higher terminal.
        let y = 1 + (page.size.rows - BOTH.rows) / 3 - usize::from(page.size.rows > 22);
        self.put_title(page, y);
        page.put(LEFT, y + 3, Ink::Weak, "THIS SCREEN");
        self.put_digits(page, LEFT, y + 5);
        page.put(LEFT, y + 11, Ink::Text, "Read these aloud, digit by digit:");
        page.put(LEFT, y + 12, Ink::Weak, &spoken(&self.code.to_string()));
        page.put(LEFT, y + 13, Ink::Strong, self.order());
        page.put(RIGHT, y + 3, Ink::Weak, "THE OTHER SCREEN");
        self.put_entry(page, RIGHT, y + 5, y + 7, y + 9);
        page.put(RIGHT, y + 11, Ink::Text, "Have them read to you, or look there.");
        page.put(RIGHT, y + 12, Ink::Weak, "Empty and Enter: later.");
        page.put(LEFT, y + 16, Ink::Weak, BETWEEN);
    }

    fn put_stacked(&self, page: &mut Page) {
        self.put_title(page, 0);
        page.put(LEFT, 2, Ink::Weak, &format!("THIS SCREEN · {}", self.order()));
        self.put_digits(page, LEFT, 3);
        page.put(LEFT, 8, Ink::Weak, &spoken(&self.code.to_string()));
        page.put(LEFT, 10, Ink::Weak, "THE OTHER SCREEN");
        self.put_entry(page, LEFT, 11, 12, 13);
        if page.size.rows > 17 {
            page.put_wrapped(LEFT, page.size.rows - 3, page.size.columns - 4, Ink::Weak, BETWEEN);
        }
    }

    /// Words alone.
    fn put_small(&self, page: &mut Page) {
        page.put(0, 0, Ink::Strong, &format!("This screen: {}", self.code));
        self.put_entry(page, 0, 1, 2, 3);
    }

    fn put_title(&self, page: &mut Page, y: usize) {
        let title = format!("{} Same key", page.look.glyph("✔", "x"));
        page.put(LEFT, y, Ink::AccentStrong, &title);
        let turn =
            if self.turn_back { " When both show Same key, turn the screens back." } else { "" };
        page.put(LEFT + 12, y, Ink::Text, &format!("with {}.{turn}", self.peer));
    }

    /// Where the other digits are typed, and what became of them.
    fn put_entry(&self, page: &mut Page, x: usize, question: usize, line: usize, told: usize) {
        let width = page.size.columns.saturating_sub(x + 1);
        if self.deletes {
            page.put(x, question, Ink::Attention, "Delete this key?");
            page.put(x, line, Ink::Text, "y: delete it   n: go on");
            return;
        }
        page.put(x, question, Ink::Text, "Type its six digits.");
        let typed = grouped(&self.typed);
        page.put(x, line, Ink::Strong, &format!("> {typed}"));
        page.put_cursor(x + 2 + typed.chars().count(), line);
        if let Some(text) = &self.told {
            page.put_wrapped(x, told, width, Ink::Attention, text);
        }
    }

    /// Who reads first, so that nobody waits for the other.
    const fn order(&self) -> &'static str {
        match self.role {
            Role::Initiator => "You read first.",
            Role::Responder => "Listen first.",
        }
    }

    fn put_digits(&self, page: &mut Page, x: usize, y: usize) {
        let mut at = x;
        for c in self.code.to_string().chars() {
            let Some(rows) = c.to_digit(10).and_then(|digit| DIGIT_ROWS.get(digit as usize)) else {
                at += 2;
                continue;
            };
            for (row, cells) in rows.iter().enumerate() {
                for column in 0..3 {
                    if cells >> (2 - column) & 1 == 1 {
                        page.put(at + column, y + row, Ink::Block, " ");
                    }
                }
            }
            at += 5;
        }
    }
}

const BETWEEN: &str = "If somebody stood between you, the digits would not be accepted.";

/// What was typed, by threes.
fn grouped(typed: &str) -> String {
    let mut text = String::new();
    for (n, digit) in typed.chars().enumerate() {
        if n == 3 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// Each digit in five rows of three cells, a bit a cell.
const DIGIT_ROWS: [[u8; 5]; 10] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b001, 0b001, 0b001],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
];
