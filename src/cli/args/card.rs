//! Arguments of what this device shares of itself.

use std::str::FromStr;

use clap::Args as Group;

use keyglance_core::identifiers::IdentifierKind;
use keyglance_profile::Share;

#[derive(Group)]
pub struct CardArgs {
    /// Share this from now on: ssh-host, ssh-user, syncthing, openpgp or host-name, read
    /// where its program keeps it; or any of these and wireguard, age, minisign with a
    /// public file or a text, such as wireguard=FILE. May be repeated
    #[arg(long, value_name = "KIND[=WHAT]")]
    pub set: Vec<CardChoice>,
    /// Do not share this any more
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kind)]
    pub unset: Vec<IdentifierKind>,
    /// The key of WireGuard is a public one, though it looks private
    #[arg(long, requires = "set")]
    pub yes: bool,
}

/// What is to be shared from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardChoice {
    pub kind: IdentifierKind,
    /// A file or a text, unless it is read where its program keeps it.
    pub given: Option<String>,
}

impl FromStr for CardChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, given) = match text.split_once('=') {
            Some((name, given)) => (name, Some(given)),
            None => (text, None),
        };
        if given.is_some_and(|given| given.trim().is_empty()) {
            return Err(format!("nothing is given for {name}"));
        }
        Ok(Self { kind: kind(name)?, given: given.map(str::to_owned) })
    }
}

/// What is shared in one pairing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareArg(pub Share);

impl FromStr for ShareArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self(Share::Only(Vec::new())));
        }
        let kinds = text.split(',').map(|name| kind(name.trim())).collect::<Result<_, _>>()?;
        Ok(Self(Share::Only(kinds)))
    }
}

fn kind(name: &str) -> Result<IdentifierKind, String> {
    IdentifierKind::from_name(name).ok_or_else(|| {
        let names = IdentifierKind::ALL.map(IdentifierKind::name);
        format!("the kinds are {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_strictly() {
        let share = |text: &str| text.parse::<ShareArg>().map(|arg| arg.0);
        assert_eq!(share("none"), Ok(Share::Only(Vec::new())));
        let two = vec![IdentifierKind::Syncthing, IdentifierKind::SshHost];
        assert_eq!(share("syncthing,ssh-host"), Ok(Share::Only(two)));
        for wrong in ["", "ssh", "none,ssh-host", "ssh-host,", "SSH-HOST", "all"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
        let choice = |text: &str| text.parse::<CardChoice>();
        assert_eq!(choice("openpgp").unwrap().given, None);
        // Base64 ends in it.
        assert_eq!(choice("wireguard=AAA=").unwrap().given.as_deref(), Some("AAA="));
        for wrong in ["", "=x", "ssh", "age=", "age= "] {
            assert!(choice(wrong).is_err(), "{wrong}");
        }
    }
}
