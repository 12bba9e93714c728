//! Restoring a backup of a whole profile.

use keyglance_profile::{Backup, Restoration, printable};

use super::day;
use crate::messages;

/// The way back before there is a device.
pub const START: &str = "Start";
pub const TITLE: &str = "Restore a backup";
pub const OPENING: &str = "Opening the backup…";
pub const WHAT_IT_DOES: &str = "What is missing comes back. Nothing that is here is replaced.";
pub const NOTHING_REPLACED: &str = "Nothing is replaced.";
pub const OPEN_IT: &str = "Open the backup";
pub const RESTORE: &str = "Restore";
/// To the page for what is on paper.
pub const FROM_PAPER: &str = "From pages on paper…";
pub const COMES_BACK: &str = "Contacts that come back";
pub const KEYS_COME_BACK: &str = "Keys that come back";
pub const STAYS_AWAY: &str = "Keys that stay away, since the devices did not agree on them";

/// What restoring a backup will do. The names are texts of their own: they may be written from
/// right to left.
#[derive(Clone, Debug)]
pub struct RestorationPlan {
    /// Whose backup it is, and when it was made.
    pub backup: String,
    /// What becomes of this device.
    pub device: &'static str,
    pub contacts: Vec<String>,
    pub keys: Vec<String>,
    pub rejected: Vec<String>,
    /// What is here and stays.
    pub stays: String,
}

/// What restoring this backup will do.
pub fn plan(plan: &Restoration, backup: &Backup) -> RestorationPlan {
    let names = |names: &[String]| names.iter().map(|name| printable(name)).collect();
    let owner = printable(backup.identity().name.as_str());
    RestorationPlan {
        backup: format!("A backup of {owner}, made {}.", day(backup.created)),
        device: messages::restored_identity(plan, backup),
        contacts: names(&plan.contacts),
        keys: names(&plan.keys),
        rejected: names(&plan.rejected),
        stays: stays(plan.kept_contacts, plan.kept_keys),
    }
}

fn stays(contacts: usize, keys: usize) -> String {
    match (contacts, keys) {
        (0, 0) => "There are no contacts and no keys here yet.".to_owned(),
        (1, 1) => "One contact and one key that are here stay as they are.".to_owned(),
        (1, keys) => format!("One contact and {keys} keys that are here stay as they are."),
        (contacts, 1) => format!("{contacts} contacts and one key that are here stay as they are."),
        (contacts, keys) => {
            format!("{contacts} contacts and {keys} keys that are here stay as they are.")
        }
    }
}
