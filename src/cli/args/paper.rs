//! Arguments of `keyglance paper`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};

use super::IdentityPassphrase;
use super::use_key::{ChoiceArgs, RequireArgs};
use crate::cli::source::SourceArg;
use keyglance_core::paper::{Kind, Plan, PlanError};

#[derive(Group)]
pub struct PaperArgs {
    #[command(subcommand)]
    pub command: PaperCommand,
}

#[derive(Subcommand)]
pub enum PaperCommand {
    /// Put this device's own key on pages to print
    Device(PaperDeviceArgs),
    /// Put a key for another program on pages to print
    Export(Box<PaperExportArgs>),
    /// Restore what is on pages: by pictures, by camera, or by typing their words
    Restore(PaperRestoreArgs),
}

/// How many pages.
#[derive(Group)]
pub struct PlanArgs {
    /// How many pages to make, at most 16
    #[arg(long, alias = "shares", value_name = "COUNT", default_value_t = Plan::DEFAULT.count())]
    pages: u8,
    /// How many of them restore it, at least 2
    #[arg(long, value_name = "COUNT", default_value_t = Plan::DEFAULT.needed())]
    needed: u8,
}

impl PlanArgs {
    pub const fn plan(&self) -> Result<Plan, PlanError> {
        Plan::new(self.needed, self.pages)
    }
}

#[derive(Group)]
pub struct PaperDeviceArgs {
    /// Write the pages to this new file, which ends in .html
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub plan: PlanArgs,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
}

#[derive(Group)]
pub struct PaperExportArgs {
    /// The contact's name, the key's name or its id
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The program that it is for; keyglance export --list names all
    #[arg(long = "for", value_name = "PROGRAM")]
    pub target: String,
    /// Write the pages to this new file, which ends in .html
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub plan: PlanArgs,
    /// Make a separate key for this, such as "office"; write the same on both devices
    #[arg(long = "separate-key-for", alias = "purpose", value_name = "TEXT", default_value = "")]
    pub purpose: String,
    #[command(flatten)]
    pub choices: ChoiceArgs,
    #[command(flatten)]
    pub require: RequireArgs,
}

#[derive(Group)]
pub struct PaperRestoreArgs {
    /// Pictures of the pages' codes; without any, the words of each page are asked for, or
    /// read from standard input, a page a line
    #[arg(value_name = "PICTURE")]
    pub pictures: Vec<PathBuf>,
    /// Scan the codes: camera, camera:N or screen
    #[arg(long, value_name = "SOURCE", conflicts_with = "pictures")]
    pub scan: Option<SourceArg>,
    /// What typed words are, as the page says: device, passphrase, words, age, bytes or file
    #[arg(long = "as", value_name = "KIND", value_parser = kind)]
    pub kind: Option<Kind>,
    /// Write a restored file here; - is standard output [default: the name on the page]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Call a restored device so [default: the name on the page, else this computer's]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Read the current passphrase of this device from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Read a new passphrase for this device from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub new_passphrase_file: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::find(text).ok_or_else(|| {
        let all: Vec<_> = Kind::ALL.into_iter().map(Kind::name).collect();
        format!("it is one of {}", all.join(", "))
    })
}
