//! How many codes each reader read, how many wrongly, and how long it took.

use crate::output::Output;
use crate::peers::Outcome;

/// What one reader made of all pictures.
#[derive(Clone, Default)]
pub(crate) struct Score {
    /// Codes that were read rightly.
    pub(crate) reads: usize,
    /// Texts that no code of their picture has.
    pub(crate) wrong: usize,
    /// Those of them that came beside a right one.
    pub(crate) beside: usize,
    milliseconds: Vec<f64>,
}

/// What one reader made of one picture.
#[derive(Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) reads: usize,
    pub(crate) wrong: usize,
}

impl Judged {
    /// Against the texts of all codes in the picture.
    pub(crate) fn by_texts(outcome: &Outcome, texts: &[String]) -> Self {
        let is_read = |text: &&String| outcome.payloads.iter().any(|p| *p == text.as_bytes());
        let made_up = |p: &&Vec<u8>| texts.iter().all(|text| *p != text.as_bytes());
        Self {
            reads: texts.iter().filter(is_read).count(),
            wrong: outcome.payloads.iter().filter(made_up).count(),
        }
    }
}

impl Score {
    pub(crate) fn add(&mut self, judged: Judged, milliseconds: f64) {
        self.reads += judged.reads;
        self.wrong += judged.wrong;
        self.beside += if judged.reads > 0 { judged.wrong } else { 0 };
        self.milliseconds.push(milliseconds);
    }

    /// The time within which this part of the pictures was done.
    pub(crate) fn within(&self, part: f64) -> f64 {
        let mut sorted = self.milliseconds.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get((last as f64 * part).round() as usize).copied().unwrap_or(0.0)
    }
}

/// The last rows of a table with a column for each reader.
pub(crate) fn print_rows(output: &Output, scores: &[Score]) {
    let row = |name: &str, cell: &dyn Fn(&Score) -> String| {
        output.row(name, scores.iter().map(cell));
    };
    row("read wrongly", &|score| score.wrong.to_string());
    row("of these beside a right one", &|score| score.beside.to_string());
    for (name, part) in [("median ms", 0.5), ("p95 ms", 0.95), ("worst ms", 1.0)] {
        row(name, &|score| format!("{:.1}", score.within(part)));
    }
}
