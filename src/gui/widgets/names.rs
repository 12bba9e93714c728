//! Names and other texts that people chose, in any script: the one place where they are
//! laid out. egui shapes and joins letters, and draws a run from right to left where its
//! script is written so, but it puts runs one after the other in the order of the text. Here
//! they are put in the order in which they are read (UAX 9).

use std::borrow::Cow;
use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    Align, Color32, FontId, FontSelection, Galley, Rect, Response, RichText, Role, Sense, Ui,
    WidgetInfo, WidgetText,
};
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::gui::theme;
use keyglance_core::text::is_hidden;

/// Lays out a text within `width`.
pub fn layout(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let text = &*with_boxes(ui, text, &font);
    let pen = Pen { font, colour, hidden: theme::palette(ui.ctx()).attention };
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    if is_left_to_right(text) {
        pen.write(&mut job, text);
        return ui.painter().layout_job(job);
    }
    // Lines are broken first: the order is one within a line.
    for (number, line) in lines(ui, text, &pen, width).into_iter().enumerate() {
        if number > 0 {
            pen.write(&mut job, "\n");
        }
        for run in visual_runs(&line) {
            pen.write(&mut job, &run);
        }
    }
    ui.painter().layout_job(job)
}

/// The text of a label or a button, laid out here where egui would do it wrongly.
pub fn in_order(ui: &Ui, text: RichText) -> WidgetText {
    if text.text().is_ascii() {
        return text.into();
    }
    let job = WidgetText::from(text.clone()).into_layout_job(
        ui.style(),
        FontSelection::Default,
        Align::Min,
    );
    let format = job.sections.first().map(|section| section.format.clone()).unwrap_or_default();
    let colour = match format.color {
        Color32::PLACEHOLDER => ui.visuals().text_color(),
        colour => colour,
    };
    layout(ui, text.text(), format.font_id, colour, ui.available_width()).into()
}

/// Paints what was laid out; screen readers hear `text`, in its own order.
pub fn put(ui: &mut Ui, rect: Rect, galley: Arc<Galley>, text: &str) {
    let response = ui.allocate_rect(rect, Sense::hover());
    say(&response, text);
    ui.painter().galley(rect.min, galley, Color32::PLACEHOLDER);
}

/// A label.
pub fn label(ui: &mut Ui, text: &str, font: FontId, colour: Color32) -> Response {
    let galley = layout(ui, text, font, colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    say(&response, text);
    ui.painter().galley(rect.min, galley, colour);
    response
}

/// The same; screen readers hear `name`.
pub fn label_named(ui: &mut Ui, text: &str, font: FontId, colour: Color32, name: &str) -> Response {
    let response = label(ui, text, font, colour);
    say(&response, name);
    response
}

fn say(response: &Response, text: &str) {
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

/// Whether this machine has a glyph for each letter. Where not, a box stands for it.
pub fn can_draw(ui: &Ui, text: &str) -> bool {
    let font = theme::strong();
    let seen: String = text.chars().filter(|c| !is_hidden(*c)).collect();
    ui.ctx().fonts_mut(|fonts| fonts.has_glyphs(&font, &seen))
}

/// The text with a box for each letter that no font has: the font's own would be blank.
fn with_boxes<'a>(ui: &Ui, text: &'a str, font: &FontId) -> Cow<'a, str> {
    if text.is_ascii() {
        return text.into();
    }
    ui.ctx().fonts_mut(|fonts| {
        let mut lacks = |c: char| !is_hidden(c) && c != '\n' && !fonts.has_glyph(font, c);
        if !text.chars().any(&mut lacks) {
            return text.into();
        }
        let known: Vec<bool> =
            text.graphemes(true).map(|letter| !letter.chars().any(&mut lacks)).collect();
        let instead = BOXES.into_iter().find(|c| fonts.has_glyph(font, *c)).unwrap_or('?');
        let letters = text.graphemes(true).zip(known);
        let boxed = letters.map(
            |(letter, known)| {
                if known { letter.to_owned() } else { instead.to_string() }
            },
        );
        boxed.collect::<String>().into()
    })
}

/// What stands for a letter that this machine cannot draw: the first of them that it can.
const BOXES: [char; 5] = ['\u{25A1}', '\u{25FB}', '\u{2610}', '\u{25AF}', '\u{25A0}'];

struct Pen {
    font: FontId,
    colour: Color32,
    /// For letters that cannot be seen.
    hidden: Color32,
}

impl Pen {
    fn format(&self, color: Color32) -> TextFormat {
        TextFormat { font_id: self.font.clone(), color, ..TextFormat::default() }
    }

    /// Adds a run, which is shaped by itself.
    fn write(&self, job: &mut LayoutJob, run: &str) {
        if run == "\n" || !run.contains(is_hidden) {
            job.append(run, 0.0, self.format(self.colour));
            return;
        }
        for part in run.split_inclusive(is_hidden) {
            let hidden = part.chars().last().filter(|c| is_hidden(*c));
            let seen = hidden.map_or(part, |c| part.strip_suffix(c).unwrap_or(part));
            if !seen.is_empty() {
                job.append(seen, 0.0, self.format(self.colour));
            }
            if let Some(c) = hidden {
                job.append(&format!("U+{:04X}", u32::from(c)), 0.0, self.format(self.hidden));
            }
        }
    }
}

/// Whether the order of the text is the order in which it is read.
fn is_left_to_right(text: &str) -> bool {
    !text.chars().any(|c| matches!(bidi_class(c), BidiClass::R | BidiClass::AL | BidiClass::AN))
}

/// Breaks a text at its spaces, so that no line is wider than it may be, if possible.
fn lines(ui: &Ui, text: &str, pen: &Pen, width: f32) -> Vec<String> {
    let fits = |line: &str| {
        let mut job = LayoutJob::default();
        pen.write(&mut job, line);
        job.wrap.max_width = f32::INFINITY;
        ui.painter().layout_job(job).size().x <= width
    };
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_inclusive(' ') {
            let longer = format!("{line}{word}");
            if line.is_empty() || fits(longer.trim_end()) {
                line = longer;
            } else {
                lines.push(std::mem::replace(&mut line, word.to_owned()));
            }
        }
        lines.push(line);
    }
    lines
}

/// The runs of a line in the order in which they stand, from left to right. Within a run
/// the letters keep their order: the shaper turns those of Arabic and Hebrew round. What
/// has no direction of its own does not share a run with them.
fn visual_runs(line: &str) -> Vec<String> {
    let info = BidiInfo::new(line, Some(Level::ltr()));
    let Some(paragraph) = info.paragraphs.first() else { return vec![line.to_owned()] };
    let (levels, ranges) = info.visual_runs(paragraph, paragraph.range.clone());
    let mut runs = Vec::new();
    for range in ranges {
        let is_rtl = levels.get(range.start).is_some_and(Level::is_rtl);
        let Some(text) = line.get(range) else { continue };
        if is_rtl {
            runs.extend(right_to_left(text));
        } else {
            runs.push(text.to_owned());
        }
    }
    runs
}

/// A run from right to left: its words whole, and what is between them, turned round.
fn right_to_left(text: &str) -> Vec<String> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for letter in text.graphemes(true) {
        let is_word = letter.chars().any(|c| matches!(bidi_class(c), BidiClass::R | BidiClass::AL));
        match parts.last_mut() {
            Some((true, word)) if is_word => word.push_str(letter),
            _ => parts.push((is_word, if is_word { letter.to_owned() } else { mirrored(letter) })),
        }
    }
    parts.into_iter().rev().map(|(_, part)| part).collect()
}

/// Brackets look the other way from right to left.
fn mirrored(letter: &str) -> String {
    let turned = match letter {
        "(" => ")",
        ")" => "(",
        "[" => "]",
        "]" => "[",
        "{" => "}",
        "}" => "{",
        "<" => ">",
        ">" => "<",
        "«" => "»",
        "»" => "«",
        other => other,
    };
    turned.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_stand_in_the_order_in_which_they_are_read() {
        for (text, runs) in [
            ("Bo laptop", vec!["Bo laptop"]),
            ("مريم", vec!["مريم"]),
            // Two words: the second stands left of the first.
            ("مريم علي", vec!["علي", " ", "مريم"]),
            // Digits are read from left to right, and stand left of the word.
            ("مريم 12", vec!["12", " ", "مريم"]),
            ("שלום (עולם)", vec!["(", "עולם", ")", " ", "שלום"]),
            // Within a sentence of ours the sentence goes on.
            ("“דנה כהן” has a key", vec!["“", "כהן", " ", "דנה", "” has a key"]),
        ] {
            assert_eq!(visual_runs(text), runs, "{text}");
        }
        let hidden = Pen {
            font: theme::strong(),
            colour: Color32::BLACK,
            hidden: Color32::from_rgb(200, 80, 0),
        };
        let mut job = LayoutJob::default();
        hidden.write(&mut job, "Bo\u{200b}b");
        assert_eq!(job.text, "BoU+200Bb", "what cannot be seen is told");
        let colours: Vec<_> = job.sections.iter().map(|section| section.format.color).collect();
        assert_eq!(colours, [Color32::BLACK, Color32::from_rgb(200, 80, 0), Color32::BLACK]);
        assert!(is_left_to_right("Ana’s laptop 山田 한글 कमल 🦊"));
        assert!(!is_left_to_right("Bo דנה"));
    }
}
