//! Arguments of what is made of a key: export, code, seal, open.

use std::path::PathBuf;

use clap::Args as Group;

use super::IdentityPassphrase;
use keyglance_core::exports::OptionValues;
use keyglance_profile::{Require, UsableKey};

#[derive(Group)]
pub struct SealArgs {
    /// Files to encrypt, each to FILE.age; - is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// For this contact, or with this key
    #[arg(long = "for", value_name = "NAME")]
    pub name: String,
    /// Use a separate key for this, such as "office"; the other device needs the same word
    #[arg(long = "separate-key-for", aliases = ["purpose", "label"], value_name = "TEXT", default_value = "")]
    pub purpose: String,
    /// Write to this file instead (with one input file only); - is standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub require: RequireArgs,
}

#[derive(Group)]
pub struct OpenArgs {
    /// Files to decrypt, FILE.age to FILE; - is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The separate key that it was sealed with; those of your exports are tried anyway
    #[arg(long = "separate-key-for", aliases = ["purpose", "label"], value_name = "TEXT", default_value = "")]
    pub purpose: String,
    /// Write to this file instead (with one input file only); - is standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Group)]
pub struct ExportArgs {
    /// The contact's name, the key's name or its id
    #[arg(value_name = "NAME", required_unless_present = "list")]
    pub name: Option<String>,
    /// The program that it is for, such as restic, LUKS or Wi-Fi; --list names all
    #[arg(long = "for", value_name = "PROGRAM", required_unless_present = "list")]
    pub target: Option<String>,
    /// Make a separate key for this, such as "office"; write the same on both devices
    #[arg(long = "separate-key-for", aliases = ["purpose", "label"], value_name = "TEXT", default_value = "")]
    pub purpose: String,
    /// Where to write it; - is standard output [default: a new file named after the key]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the file without a passphrase
    #[arg(long = "without-passphrase", alias = "plain", conflicts_with = "passphrase_file")]
    pub plain: bool,
    /// Protect it with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Show it as a code, if a phone scans such a key; --out then takes a .png, .svg or .html file
    #[arg(long, conflicts_with = "passphrase_file")]
    pub qr: bool,
    /// List the programs instead
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub choices: ChoiceArgs,
    #[command(flatten)]
    pub require: RequireArgs,
}

#[derive(Group)]
pub struct GetArgs {
    /// The contact's name, the key's name or its id; the id of 16 digits stays the same
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The program that it is for, as keyglance export takes it
    #[arg(long = "for", value_name = "PROGRAM")]
    pub target: String,
    /// Use a separate key for this, such as "office"; the other device needs the same word
    #[arg(long = "separate-key-for", aliases = ["purpose", "label"], value_name = "TEXT", default_value = "")]
    pub purpose: String,
    #[command(flatten)]
    pub choices: ChoiceArgs,
    #[command(flatten)]
    pub require: RequireArgs,
}

#[derive(Group)]
pub struct CodeArgs {
    /// Names of contacts or keys, or ids of keys
    #[arg(value_name = "NAME", required_unless_present_any = ["verification", "device"])]
    pub names: Vec<String>,
    /// What scans it, such as Wi-Fi, WireGuard or Meshtastic; several make several codes
    #[arg(long = "for", value_name = "PROGRAM", required_unless_present_any = ["verification", "device"])]
    pub targets: Vec<String>,
    /// Show our verification code instead, for this contact to scan; it is not secret
    #[arg(long, alias = "fingerprint", value_name = "NAME", conflicts_with_all = ["names", "targets", "device"])]
    pub verification: Option<String>,
    /// Show our public key instead, for somebody who adds us as a contact; it is not secret
    #[arg(long, alias = "identity", conflicts_with_all = ["names", "targets"])]
    pub device: bool,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
    /// Make a separate key for this, such as "office"; write the same on both devices
    #[arg(long = "separate-key-for", aliases = ["purpose", "label"], value_name = "TEXT", default_value = "")]
    pub purpose: String,
    /// Write a picture (.png, .svg) or a page to print (.html); - is text on standard output
    /// [default: the terminal]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub choices: ChoiceArgs,
    #[command(flatten)]
    pub require: RequireArgs,
}

/// What some programs take besides.
#[derive(Group, Default)]
#[command(next_help_heading = "Options of some programs")]
pub struct ChoiceArgs {
    /// WireGuard: both devices are mine: derive both private keys
    #[arg(long)]
    own_devices: bool,
    /// WireGuard: the other device's own WireGuard public key
    #[arg(long, value_name = "KEY")]
    peer_public_key: Option<String>,
    /// WireGuard: the file with this device's own private key [default: /etc/wireguard/keyglance.key]
    #[arg(long, value_name = "FILE")]
    own_key: Option<String>,
    /// WireGuard: the other device's address and port; at least one side needs it
    #[arg(long, value_name = "HOST:PORT")]
    endpoint: Option<String>,
    /// WireGuard: the UDP port that this device listens on [default: 51820]
    #[arg(long, value_name = "PORT")]
    listen_port: Option<String>,
    /// WireGuard: this device's address [default: 10.66.0.1/32 or 10.66.0.2/32]
    #[arg(long, value_name = "ADDRESS/BITS")]
    address: Option<String>,
    /// WireGuard: the other device's address [default: the other one]
    #[arg(long, value_name = "ADDRESS/BITS")]
    peer_address: Option<String>,
    /// What they shared, such as SSH or Syncthing: go on though nobody has compared the key
    #[arg(long, conflicts_with = "require_compared")]
    not_compared: bool,
    /// SSH: the host name or address that ssh trusts their key for [default: the name that they
    /// shared, if it is one of a local network]
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// SSH login: with forwarding of ports, the agent and X11 too
    #[arg(long)]
    full: bool,
    /// Tor: the address of the service
    #[arg(long, value_name = "ADDRESS.onion")]
    onion: Option<String>,
    /// Wi-Fi: the network's name [default: Keyglance guest]
    #[arg(long, value_name = "NAME")]
    ssid: Option<String>,
    /// Words: how many, 12 or 24 [default: 12]
    #[arg(long, value_name = "COUNT")]
    words: Option<String>,
    /// rclone: the remote and folder that hold the encrypted files
    #[arg(long, value_name = "REMOTE:FOLDER")]
    remote: Option<String>,
    /// strongSwan: the two sides' IKE identities, a comma between them
    #[arg(long, value_name = "ID,ID")]
    id: Option<String>,
    /// Meshtastic, MeshCore: the channel's name, the same on both sides [default: Keyglance]
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
}

impl ChoiceArgs {
    /// The key, with what the user said of what is not compared.
    pub fn accepted(&self, key: UsableKey) -> UsableKey {
        if self.not_compared { key.accept_not_compared() } else { key }
    }

    pub fn choices(&self) -> OptionValues {
        let mut choices = OptionValues::default();
        if self.own_devices {
            choices.set("own-devices", OptionValues::ON);
        }
        if self.full {
            choices.set("full", OptionValues::ON);
        }
        for (name, text) in [
            ("words", &self.words),
            ("remote", &self.remote),
            ("id", &self.id),
            ("own-key", &self.own_key),
            ("peer-public-key", &self.peer_public_key),
            ("endpoint", &self.endpoint),
            ("listen-port", &self.listen_port),
            ("address", &self.address),
            ("peer-address", &self.peer_address),
            ("host", &self.host),
            ("onion", &self.onion),
            ("ssid", &self.ssid),
            ("channel", &self.channel),
        ] {
            choices.set(name, text.as_deref().unwrap_or_default());
        }
        choices
    }
}

/// What must be known of a key before it is used.
#[derive(Group)]
pub struct RequireArgs {
    /// Refuse a key that was not compared with the other device (exit code 3)
    #[arg(long, alias = "require-verified")]
    require_compared: bool,
}

impl RequireArgs {
    pub const fn require(&self) -> Require {
        if self.require_compared { Require::Compared } else { Require::Usable }
    }
}
