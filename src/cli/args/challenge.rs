//! Arguments of `keyglance challenge`.

use clap::Args as Group;

use super::use_key::RequireArgs;

#[derive(Group)]
pub struct ChallengeArgs {
    /// The contact's name, the key's name or its id
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Use a separate key for this, such as "office"; the other device needs the same word
    #[arg(long = "separate-key-for", alias = "purpose", value_name = "TEXT", default_value = "")]
    pub purpose: String,
    /// Print our own number and end
    #[arg(long)]
    pub say: bool,
    #[command(flatten)]
    pub require: RequireArgs,
}
