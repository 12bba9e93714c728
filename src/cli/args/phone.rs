//! Arguments of the page by which a phone pairs.

use std::path::PathBuf;

use clap::Args as Group;

#[derive(Group)]
pub struct PhoneArgs {
    /// Show this address, this once: https://…, where you host the page
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Keep that address, for here and for the window
    #[arg(long, requires = "url")]
    pub save: bool,
    /// Keep no address any more
    #[arg(long, conflicts_with_all = ["url", "out"])]
    pub forget: bool,
    /// Write the files of the page that came with this program to this folder, for your
    /// host; nothing that is there is replaced
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
