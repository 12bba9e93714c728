//! `keyglance completions` and `keyglance man`, both of the definition of the arguments.

use std::path::Path;

use clap::builder::PossibleValuesParser;
use clap::{Command, ValueHint};
use clap_complete::Shell;
use clap_mangen::Man;
use serde_json::json;

use super::failure::Failure;
use super::{Context, help, output};
use crate::messages;
use keyglance_core::exports::PROGRAMS;
use keyglance_profile::printable_path;

const NAME: &str = "keyglance";

/// What a shell completes commands with, on standard output.
pub fn completions(context: &Context, shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut with_programs(help::command()), NAME, &mut script);
    context.output.bytes(&script)
}

/// The same arguments, in which `--for` of a key names its programs: the program itself
/// takes every spelling of them, a shell wants one.
fn with_programs(command: Command) -> Command {
    let mut names: Vec<&str> = PROGRAMS.iter().map(|program| program.name).collect();
    names.sort_unstable();
    names.dedup();
    let named = |command: Command| {
        command.mut_arg("target", |arg| {
            arg.value_parser(PossibleValuesParser::new(names.clone())).hide_possible_values(true)
        })
    };
    let targets = |command: Command| {
        command.mut_arg("targets", |arg| {
            arg.value_parser(PossibleValuesParser::new(names.clone())).hide_possible_values(true)
        })
    };
    let files = |command: Command| {
        command.mut_args(|arg| {
            let takes_file = arg
                .get_value_names()
                .is_some_and(|names| names.iter().any(|name| name.contains("FILE")));
            if takes_file { arg.value_hint(ValueHint::FilePath) } else { arg }
        })
    };
    let command = command.mut_subcommand("export", named).mut_subcommand("code", targets);
    command.mut_subcommands(files)
}

/// The manual page on standard output; or that of every command, in a folder.
pub fn pages(context: &Context, folder: Option<&Path>) -> Result<(), Failure> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        Man::new(help::command())
            .render(&mut page)
            .map_err(|_| Failure::error("The page could not be made."))?;
        return context.output.bytes(&page);
    };
    let failed = |error: std::io::Error| {
        Failure::error(messages::write_failed(&printable_path(folder), error.kind()))
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(help::command(), folder).map_err(failed)?;
    context.output.result(
        || format!("Wrote the pages to {}\n", printable_path(folder)),
        &json!({ "folder": output::json_path(folder) }),
    )
}
