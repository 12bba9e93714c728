//! How a pairing looks on a terminal: our code as large as there is room for, and beside
//! it how far the pairing has come, or only a status bar.

use super::code_size::TerminalSize;
use super::page::{Ink, Look, Page, wrap};
use crate::messages::terminal::Stage;

/// The rows of the status bar.
pub const BAR: usize = 1;
/// What a column beside the code needs.
const COLUMN: usize = 30;
/// Where its text begins and how wide it is.
const MARGIN: usize = 2;
const WIDTH: usize = COLUMN - MARGIN - 1;

/// What is to be seen of a pairing.
#[derive(Clone, Debug)]
pub struct PairingView {
    pub stage: Stage,
    /// What the stage asks for.
    pub line: String,
    /// What happened beside it.
    pub notice: Option<String>,
    /// How the other device is called, once that is known.
    pub peer: Option<String>,
    /// So many parts of the other device's message.
    pub theirs: Option<(u8, u8)>,
    /// What can be pressed, for the end of the bar.
    pub keys: String,
    /// What is being typed: after which words.
    pub entry: Option<(&'static str, String)>,
}

/// A code that is drawn already.
#[derive(Clone, Copy, Debug)]
pub struct DrawnCode<'a> {
    pub rows: &'a str,
    pub columns: usize,
    pub height: usize,
    /// Which part of how many it is.
    pub part: Option<(usize, usize)>,
    /// The terminal in which it would not be in parts, unless that is too large to ask for.
    pub whole_from: Option<TerminalSize>,
}

impl PairingView {
    pub fn page(&self, look: Look, size: TerminalSize, code: &DrawnCode<'_>) -> Page {
        let mut page = Page::new(look, size);
        let has_column = size.columns >= code.columns + COLUMN;
        let left = if has_column { COLUMN } else { 0 };
        let x = left + (size.columns - left).saturating_sub(code.columns) / 2;
        let y = size.rows.saturating_sub(BAR + code.height) / 2;
        page.put_code(x, y, code.rows);
        let stage = self.stage.words();
        let mark = mark(look, self.stage, self.stage);
        if has_column {
            self.put_column(&mut page, code);
            self.put_bar(&mut page, &format!("{mark} {stage}"));
        } else {
            let said = self.notice.as_deref().unwrap_or(stage);
            self.put_bar(&mut page, &format!("{mark} {said}"));
            // The margin, the mark and the words.
            self.put_parts_in_bar(&mut page, code, 3 + said.chars().count());
        }
        page
    }

    fn put_bar(&self, page: &mut Page, left: &str) {
        match &self.entry {
            Some((words, typed)) => {
                page.put_bar(&format!("{words} {typed}"), "");
                let x = words.len() + typed.chars().count() + 2;
                page.put_cursor(x, page.size.rows.saturating_sub(BAR));
            }
            None => page.put_bar(left, &self.keys),
        }
    }

    /// The parts, where the bar has room for them.
    fn put_parts_in_bar(&self, page: &mut Page, code: &DrawnCode<'_>, used: usize) {
        let (x, columns) = (used + 2, page.size.columns);
        let room = columns.saturating_sub(x + self.keys.len() + 3);
        let texts = match (part_shown(code), self.theirs) {
            (None, None) => return,
            (Some(ours), None) => vec![ours],
            (None, Some((have, count))) => {
                vec![format!("Reading theirs: {have} of {count}"), format!("Theirs {have}/{count}")]
            }
            (Some(ours), Some((have, count))) => vec![
                format!("{ours}  Reading theirs: {have} of {count}"),
                format!("{ours}  Theirs {have}/{count}"),
                format!("Theirs {have}/{count}"),
            ],
        };
        let fitting = texts.into_iter().find(|text| text.len() <= room);
        if let Some(text) = fitting.filter(|_| self.entry.is_none()) {
            page.put_live(
                x,
                page.size.rows.saturating_sub(BAR),
                Ink::Bar,
                &format!("{text:room$}"),
            );
        }
    }

    /// Picture, state, steps and parts, spread over the height.
    fn put_column(&self, page: &mut Page, code: &DrawnCode<'_>) {
        let said = wrap(&self.line, WIDTH);
        let notice = self.notice.as_deref().map(|notice| wrap(notice, WIDTH)).unwrap_or_default();
        let advice = whole_from(code, page.size).map(|text| wrap(&text, WIDTH)).unwrap_or_default();
        let parts = code.part.map_or(0, |_| 1) + self.theirs.map_or(0, |_| 1);
        let sections = [1 + said.len(), notice.len(), Stage::ALL.len(), parts + advice.len()];
        let height = page.size.rows.saturating_sub(BAR);
        let mut rows: usize = sections.iter().sum();
        let mut count = sections.iter().filter(|rows| **rows > 0).count();
        // What says the least goes first where there is no room.
        let has_picture = rows + count + PICTURE < height;
        if has_picture {
            (rows, count) = (rows + PICTURE, count + 1);
        }
        let gap = (height.saturating_sub(rows) / (count + 1)).clamp(0, 2);
        let mut y = height.saturating_sub(rows + gap * count.saturating_sub(1)) / 2;
        y = y.min(if height > 30 { y } else { 1 });
        if has_picture {
            self.put_picture(page, y);
            y += PICTURE + gap;
        }
        page.put(MARGIN, y, Ink::Strong, self.stage.words());
        for line in &said {
            y += 1;
            page.put(MARGIN, y, Ink::Text, line);
        }
        y += 1 + gap;
        for line in &notice {
            page.put(MARGIN, y, Ink::Attention, line);
            y += 1;
        }
        y += if notice.is_empty() { 0 } else { gap };
        for stage in Stage::ALL {
            let ink = match stage.cmp(&self.stage) {
                std::cmp::Ordering::Less => Ink::Accent,
                std::cmp::Ordering::Equal => Ink::Strong,
                std::cmp::Ordering::Greater => Ink::Weak,
            };
            page.put(MARGIN, y, ink, mark(page.look, stage, self.stage));
            page.put(MARGIN + 3, y, ink, stage.step());
            y += 1;
        }
        y += gap;
        if let Some(text) = part_shown(code) {
            page.put_live(MARGIN, y, Ink::Text, &format!("{text:WIDTH$}"));
            y += 1;
        }
        if let Some(text) = self.parts_read() {
            page.put(MARGIN, y, Ink::Text, &text);
            y += 1;
        }
        for line in &advice {
            page.put(MARGIN, y, Ink::Weak, line);
            y += 1;
        }
    }

    /// Two screens that face each other, and between them how far the glance has come.
    fn put_picture(&self, page: &mut Page, y: usize) {
        const FACE: [(&str, &str); 4] = [
            ("┌──────┐", "+------+"),
            ("│ ▣  ▣ │", "| #  # |"),
            ("│ ▣  ▪ │", "| #  . |"),
            ("└──────┘", "+------+"),
        ];
        const UNSEEN: [(&str, &str); 4] = [
            ("┌╌╌╌╌╌╌┐", "+ - - -+"),
            ("┆      ┆", ":      :"),
            ("┆      ┆", ":      :"),
            ("└╌╌╌╌╌╌┘", "+ - - -+"),
        ];
        let look = page.look;
        let (other, ink) = match self.stage {
            Stage::Looking => (UNSEEN, Ink::Weak),
            _ => (FACE, Ink::Accent),
        };
        // Once both hold the key they close up, and what is between them is a key.
        let closed = if self.stage == Stage::SameKey { 4 } else { 0 };
        for (n, (ours, theirs)) in FACE.into_iter().zip(other).enumerate() {
            page.put(MARGIN + closed, y + n, Ink::Accent, look.glyph(ours.0, ours.1));
            page.put(MARGIN + 20 - closed, y + n, ink, look.glyph(theirs.0, theirs.1));
        }
        let dashes = look.glyph("╌╌╌", "- -");
        let line = look.glyph("━━━", "---");
        let (left, right) = match self.stage {
            Stage::Looking => (dashes, dashes),
            Stage::Seen => (line, dashes),
            Stage::Agreed | Stage::SameKey => (line, line),
        };
        let ink_of = |part| if part == line { Ink::Accent } else { Ink::Weak };
        if closed > 0 {
            page.put(MARGIN + 12, y + 2, Ink::Gold, look.glyph("●━┳┳", "o-mm"));
        } else {
            page.put(MARGIN + 9, y + 2, ink_of(left), left);
            page.put(MARGIN + 13, y + 2, Ink::Gold, look.glyph("●", "*"));
            page.put(MARGIN + 15, y + 2, ink_of(right), right);
        }
        page.put(MARGIN + 2 + closed, y + 4, Ink::Text, "You");
        // Under the other screen, as far as it is not too long.
        let name = self.peer.as_deref().unwrap_or("The other");
        let name = wrap(name, 10).into_iter().next().unwrap_or_default();
        let width = name.chars().count();
        page.put(MARGIN + 24 - closed - width.div_ceil(2), y + 4, Ink::Text, &name);
    }

    fn parts_read(&self) -> Option<String> {
        self.theirs.map(|(have, count)| format!("Reading theirs: {have} of {count}"))
    }
}

/// The rows of the picture and of the names below it.
const PICTURE: usize = 5;

fn part_shown(code: &DrawnCode<'_>) -> Option<String> {
    code.part.map(|(part, count)| format!("Part {part} of {count}"))
}

/// What would help, where it is not far.
fn whole_from(code: &DrawnCode<'_>, size: TerminalSize) -> Option<String> {
    let whole = code.whole_from.filter(|_| code.part.is_some())?;
    Some(match size.columns >= whole.columns {
        true => format!("With {} rows every code is shown whole.", whole.rows),
        false => format!("In {whole} every code is shown whole."),
    })
}

/// How far a step is, always beside its word: disc with tick, half disc, ring with dot,
/// ring.
pub const fn mark(look: Look, step: Stage, now: Stage) -> &'static str {
    let (step, now) = (step as u8, now as u8);
    if step < now || step == Stage::SameKey as u8 && step == now {
        look.glyph("✔", "x")
    } else if step > now {
        look.glyph("○", "-")
    } else if step == Stage::Agreed as u8 {
        look.glyph("◉", "o")
    } else {
        look.glyph("◐", "o")
    }
}

/// A terminal in which no code has room: what it needs, and the other way.
pub fn too_small(look: Look, size: TerminalSize, needed: TerminalSize) -> Page {
    let mut page = Page::new(look, size);
    let text = crate::messages::terminal::too_small(&size, &needed);
    page.put_wrapped(0, 0, size.columns, Ink::Strong, &text);
    page
}
