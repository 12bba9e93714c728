//! `keyglance get`: a key for a program that asks a command or reads a pipe. Nothing else
//! goes to standard output, standard input is never read, and no file is written.

use std::fs::File;

use jiff::Timestamp;

use super::args::GetArgs;
use super::export::note_unverified;
use super::failure::Failure;
use super::output::Destination;
use super::{Context, output};
use crate::messages;
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::Program;
use keyglance_profile::{PreparedExport, Profile, shell_argument, shell_quoted};

pub fn run(context: &Context, args: &GetArgs) -> Result<(), Failure> {
    // A program that asks shows one line of what a command says, or none.
    give(context, args).map_err(Failure::in_one_line)
}

fn give(context: &Context, args: &GetArgs) -> Result<(), Failure> {
    let program = Program::find(&args.target)?;
    let purpose = Purpose::new(&args.purpose)?;
    // A key that is left where others find it is not even derived.
    let out = match output::destination() {
        Destination::Pipe(out) => out,
        Destination::Terminal => return Err(refused(args, messages::terminal::ON_THE_TERMINAL)),
        Destination::Other => return Err(refused(args, messages::terminal::IN_A_FILE)),
    };
    let profile = Profile::open_to_ask(&context.profile_folder()?)?;
    context.output.warn_all(profile.warnings());
    let key = profile.find_usable_key(&args.name, args.require.require())?;
    let key = args.choices.accepted(key);
    let export = profile.prepare_export(key, program.target, purpose, &args.choices.choices())?;
    note_unverified(context, export.key());
    hand_over(context, export.told_for(program), out)
}

fn hand_over(context: &Context, export: PreparedExport<'_>, out: File) -> Result<(), Failure> {
    if let Some(error) = export.give_to(out, Timestamp::now())? {
        let why = messages::terminal::explain(&error).what;
        context.output.tell(messages::terminal::not_recorded(&why));
    }
    Ok(())
}

/// Standard output is no pipe: what is wrong with that, and what to do instead.
fn refused(args: &GetArgs, what: &str) -> Failure {
    let (name, target) = (shell_argument(&args.name), shell_quoted(&args.target));
    Failure::usage(what).advise(messages::terminal::only_to_a_pipe(&name, &target))
}
