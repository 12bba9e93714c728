//! Every command in README.md and docs/, through the program's own parser.

use std::fs;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind::MissingRequiredArgument;
use clap::{CommandFactory as _, FromArgMatches as _};

use super::args::{Args, Command};
use keyglance_core::exports::Program;

/// README.md and all of docs/.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let is_text = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    docs.filter(is_text).chain([root.join("README.md")]).collect()
}

/// The commands in a text's blocks of code, and those that are named between backquotes.
fn commands(text: &str) -> [Vec<String>; 2] {
    let (mut found, mut in_block, mut open) = (Vec::new(), false, String::new());
    let mut prose = String::new();
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            open.push_str(line.trim_end_matches('\\'));
            if !line.ends_with('\\') {
                found.extend(std::mem::take(&mut open).split(" | ").map(str::to_owned));
            }
        } else {
            prose.push_str(line);
            prose.push(' ');
        }
    }
    let named = prose.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    [found, named].map(|mut found: Vec<String>| {
        found.retain(|line| line.starts_with("keyglance "));
        found
    })
}

/// The words of a command as a shell takes them, up to a comment, a pipe or what is cut.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '#') if word.is_none() => break,
            (None, '|' | '<' | '>' | ';' | '&' | '…') => break,
            // What may be left out, in a synopsis.
            (None, '[' | ']') => {}
            _ => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(quote, None, "{line}");
    words.extend(word);
    // A number that the reader fills in.
    words.iter_mut().filter(|word| *word == "N").for_each(|word| "1".clone_into(word));
    words
}

#[test]
fn every_command_of_the_documents_is_one_that_the_program_takes() {
    let (mut count, mut wrong) = (0, Vec::new());
    for path in documents() {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let [shown, named] = commands(&fs::read_to_string(&path).unwrap());
        let shown = shown.iter().map(|line| (line, true));
        for (line, whole) in shown.chain(named.iter().map(|line| (line, false))) {
            let matches = match Args::command().try_get_matches_from(words(line)) {
                Ok(matches) => matches,
                Err(error) if error.exit_code() == 0 => continue,
                Err(error) if !whole && error.kind() == MissingRequiredArgument => continue,
                Err(error) => {
                    wrong.push(format!("{name}: {line}\n{error}"));
                    continue;
                }
            };
            let args = Args::from_arg_matches(&matches).unwrap();
            let target = match args.command {
                Some(Command::Export(export)) => export.target,
                Some(Command::Get(get)) => Some(get.target),
                _ => None,
            };
            if let Some(Err(error)) = target.as_deref().map(Program::find)
                && !matches!(target.as_deref(), Some("TARGET" | "PROGRAM"))
            {
                wrong.push(format!("{name}: {line}\n{error}"));
            }
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "{count} commands found");
}

#[test]
fn words_are_a_shells() {
    assert_eq!(words("a 'b c' \"d e\"f # g"), ["a", "b c", "d ef"]);
    assert_eq!(words("a '' b | c"), ["a", "", "b"]);
}
