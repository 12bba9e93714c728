//! Files that the program wrote, with the commands that it told about each: tests take
//! these very strings and let a shell run them.

use std::path::PathBuf;
use std::process::{Command, Output};

use keyglance_core::exports::{Program, is_sentence};

use super::{Pair, failed, finish, shown, succeeded, text};
use crate::program::{Home, Running};

/// What is above the lines.
const HOW_TO_USE_IT: &str = "How to use it:";
const TO_RENEW: &str = "To renew or revoke it:";

/// Where the user's own places stand in a line, and what a test puts there.
pub type Places<'a> = [(&'a str, &'a str)];

/// The same target's file from one side, from the other, for another purpose, and of
/// another key: each in a folder whose name a shell would take for something else.
pub struct Files<'a> {
    pub ana: Told<'a>,
    pub bo: Told<'a>,
    pub wrong: Told<'a>,
    pub stranger: Told<'a>,
}

impl Files<'_> {
    /// Those that open nothing.
    pub fn wrong_ones(&self) -> [&Told<'_>; 2] {
        [&self.wrong, &self.stranger]
    }
}

/// One file, and what was told about it.
pub struct Told<'a> {
    pair: &'a Pair,
    /// From the pair's folder on.
    file: String,
    /// Each line as it is in the catalogue, and as it was printed.
    lines: Vec<(&'static str, String)>,
}

impl Pair {
    pub fn files(&self, program: &str) -> Files<'_> {
        self.files_with(program, [&[], &[]])
    }

    /// With further arguments for each side.
    pub fn files_with(&self, program: &str, more: [&[&str]; 2]) -> Files<'_> {
        self.files_in(program, more, ["my dir", "it's", "a$HOME", "say \"hi\""])
    }

    pub fn files_in(&self, program: &str, more: [&[&str]; 2], folders: [&str; 4]) -> Files<'_> {
        let wrong = [more[1], &["--separate-key-for", "wrong"]].concat();
        let [ana, bo, wrong_one, stranger] = folders;
        Files {
            ana: self.told(0, program, ana, more[0]),
            bo: self.told(1, program, bo, more[1]),
            wrong: self.told(1, program, wrong_one, &wrong),
            stranger: self.told_by(&self.stranger, "Cy", program, stranger, more[1]),
        }
    }

    /// One side's file in a folder of ours.
    pub fn told(&self, side: usize, program: &str, folder: &str, more: &[&str]) -> Told<'_> {
        self.told_by(&self.homes[side], ["Bo", "Ana"][side], program, folder, more)
    }

    /// The file that both sides agree on next.
    pub fn new_file(&self, program: &str) -> Told<'_> {
        self.told(0, program, "new", &["--separate-key-for", "new"])
    }

    fn told_by(
        &self,
        home: &Home,
        name: &str,
        program: &str,
        folder: &str,
        more: &[&str],
    ) -> Told<'_> {
        let program = Program::find(program).unwrap();
        self.make_folder(folder);
        let file = format!("{folder}/key.{}", program.extension());
        // As somebody types it there: from this folder on.
        let mut command = home.command(["export", name, "--plain", "--for", program.name]);
        command.arg(format!("--out={file}")).args(more).current_dir(self.folder.path());
        let said = Running::start(&mut command).end().ended(0).text();
        let templates: Vec<_> = program.usage().chain(program.undo()).collect();
        let printed: Vec<_> = under(&said, HOW_TO_USE_IT).chain(under(&said, TO_RENEW)).collect();
        assert_eq!(printed.len(), templates.len(), "{said}");
        let lines = templates.into_iter().zip(printed).collect();
        Told { pair: self, file, lines }
    }
}

/// The indented lines below a heading.
fn under<'a>(said: &'a str, heading: &str) -> impl Iterator<Item = String> + use<'a> {
    let mut lines = said.lines();
    assert!(lines.any(|line| line == heading), "{said}");
    lines.map_while(|line| line.strip_prefix("  ").map(str::to_owned))
}

impl<'a> Told<'a> {
    pub fn path(&self) -> PathBuf {
        self.pair.path(&self.file)
    }

    /// From the pair's folder on.
    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn text(&self) -> String {
        text(&self.path())
    }

    /// A line that is not run, as it was printed.
    pub fn line(&self, template: &str) -> &str {
        let found = self.lines.iter().find(|(line, _)| *line == template);
        &found.unwrap_or_else(|| panic!("{}: nothing like {template}", self.file)).1
    }

    /// A shell that runs the line of the catalogue as it was printed; in `places` is what
    /// the user puts for each of its capitals.
    pub fn shell(&self, template: &str, places: &Places<'_>) -> Command {
        self.shell_within(&[], template, places)
    }

    /// The same behind a program, such as one that enters a namespace.
    pub fn shell_within(&self, first: &[&str], template: &str, places: &Places<'_>) -> Command {
        assert!(!is_sentence(template), "{template}");
        let mut left = capitals(template);
        left.retain(|word| !places.iter().any(|(place, _)| place == word));
        assert!(left.is_empty(), "nothing stands for {left:?} in {template}");
        let line = filled(self.line(template), places);
        self.pair.limited(&[first, &["sh", "-c", &line]].concat())
    }

    pub fn run(&self, template: &str, places: &Places<'_>, input: &[u8]) -> Output {
        finish(&mut self.shell(template, places), input)
    }

    /// What it writes; it must succeed.
    pub fn ok(&self, template: &str, places: &Places<'_>) -> Vec<u8> {
        succeeded(template, self.run(template, places, b""))
    }

    /// It must fail.
    pub fn fails(&self, template: &str, places: &Places<'_>) {
        failed(template, &self.run(template, places, b""));
    }

    pub fn pair(&self) -> &'a Pair {
        self.pair
    }

    pub fn shown(&self) -> String {
        shown(&self.path()).to_owned()
    }
}

/// The words in capitals that a user replaces.
fn capitals(template: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in template.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let is_place = !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase());
        // What a shell sets, or Python's `-I`, is none.
        let is_set =
            template.contains(&format!("{word}=")) || template.contains(&format!("-{word} "));
        if is_place && !is_set {
            words.push(word);
        }
    }
    words
}

/// Each place, where it is a word of its own.
fn filled(line: &str, places: &Places<'_>) -> String {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut out = String::new();
    let mut rest = line;
    'line: while let Some(first) = rest.chars().next() {
        let begins = !out.ends_with(is_letter) && !out.ends_with('-');
        for (place, value) in places.iter().filter(|_| begins) {
            let behind = rest.strip_prefix(place);
            if let Some(behind) = behind.filter(|behind| !behind.starts_with(is_letter)) {
                out.push_str(value);
                rest = behind;
                continue 'line;
            }
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

#[test]
fn only_the_users_own_places_are_filled() {
    let template = "BORG_PASSCOMMAND={cat} borg create REPOSITORY::ARCHIVE FOLDER";
    assert_eq!(capitals(template), ["REPOSITORY", "ARCHIVE", "FOLDER"]);
    let places = [("REPOSITORY", "r"), ("FOLDER", "f"), ("N", "1")];
    let line = "x 'a$FOLDER/N_b' REPOSITORY::A FOLDER.age --ch N -N";
    assert_eq!(filled(line, &places), "x 'a$FOLDER/N_b' r::A f.age --ch 1 -N");
}
