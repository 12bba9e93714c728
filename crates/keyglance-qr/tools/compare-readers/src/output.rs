//! What is printed and saved.

use std::fs;
use std::path::{Path, PathBuf};

use image::GrayImage;
use serde_json::json;

use crate::peers::Outcome;
use crate::score::Judged;

/// Where results go.
#[derive(Default)]
pub(crate) struct Output {
    /// A line of JSON for each picture and reader instead of tables.
    pub(crate) json: bool,
    /// The folder in which drawn pictures are saved.
    pub(crate) save: Option<PathBuf>,
}

impl Output {
    /// Prints a line of a table.
    pub(crate) fn line(&self, line: &str) {
        if !self.json {
            println!("{line}");
        }
    }

    /// Prints a row of a table.
    pub(crate) fn row(&self, name: &str, cells: impl Iterator<Item = String>) {
        self.line(&format!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | ")));
    }

    /// Prints the head of a table with a column for each of these.
    pub(crate) fn head(&self, name: &str, columns: &[String]) {
        self.row(name, columns.iter().cloned());
        self.line(&format!("|---|{}", "---|".repeat(columns.len())));
    }

    /// Prints what one reader made of one picture, if that was asked for.
    pub(crate) fn outcome(&self, picture: &str, reader: &str, outcome: &Outcome, judged: Judged) {
        // One that was not asked has no time.
        if self.json && outcome.milliseconds.is_finite() {
            let line = json!({
                "picture": picture,
                "reader": reader,
                "reads": judged.reads,
                "wrong": judged.wrong,
                "ms": outcome.milliseconds,
            });
            println!("{line}");
        }
    }

    /// Saves a drawn picture and its texts, if that was asked for.
    pub(crate) fn save(&self, name: &str, picture: &GrayImage, texts: &[String]) {
        if let Some(folder) = &self.save {
            let plain: String =
                name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
            fs::create_dir_all(folder).unwrap();
            let path = |ending: &str| Path::new(folder).join(format!("{plain}.{ending}"));
            picture.save(path("png")).unwrap();
            fs::write(path("txt"), texts.join("\n")).unwrap();
        }
    }
}
