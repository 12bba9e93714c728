//! Command-line arguments.

use std::path::{Path, PathBuf};

use clap::{Args as Group, Parser, Subcommand};

use super::code_size::TerminalSize;
use super::source::SourceArg;
use keyglance_capture::{CameraChoice, SourceSpec};

use keyglance_core::exports::OptionValues;
use keyglance_core::pairing::Suite;
use keyglance_profile::Require;

#[derive(Parser)]
#[command(
    name = "keyglance",
    version,
    about = "Two devices face each other, show and read codes, and hold the same key.",
    after_help = "Exit codes: 0 done, 1 error, 2 usage, 3 differs, not allowed or not compared, 4 nothing scanned."
)]
pub struct Args {
    /// Keep identity, contacts and keys in this folder
    /// [environment: KEYGLANCE_PROFILE; default: the platform's data folder]
    #[arg(long, value_name = "DIR", global = true, display_order = 100)]
    pub profile: Option<PathBuf>,
    /// Print JSON instead of text: one object, or one per line
    #[arg(long, global = true, display_order = 101)]
    pub json: bool,
    /// Log to standard error, never a secret; repeat for more detail
    #[arg(short, long, global = true, display_order = 102, action = clap::ArgAction::Count)]
    pub verbose: u8,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Watch two simulated devices pair, with simulated cameras
    Demo(DemoArgs),
    /// Open the window, as running without a command does
    Window(WindowArgs),
    /// Pair with another device
    Pair(PairArgs),
    /// Compare with a contact: the check code of a pairing, the safety number, or
    /// the fingerprint code
    #[command(visible_alias = "verify")]
    Compare(CompareArgs),
    /// Compute fingerprints and safety numbers from public keys
    Fingerprint(FingerprintArgs),
    /// Encrypt files for a contact, with the key that you share
    Seal(SealArgs),
    /// Decrypt files that were encrypted with a shared key
    Open(OpenArgs),
    /// Export a shared key for another program
    Export(ExportArgs),
    /// Show a code: a key for a phone, our fingerprint or our public key
    Code(CodeArgs),
    /// Import a key file into this profile
    Import(ImportArgs),
    /// Back up the whole profile: identity, contacts and keys, under a passphrase
    Backup(BackupArgs),
    /// Restore a backup: what is missing comes back, nothing that is there is replaced
    Restore(RestoreArgs),
    /// Show, name, protect, back up or replace this device's identity
    Identity(IdentityArgs),
    /// List, show, check, retire or remove shared keys
    Keys(KeysArgs),
    /// List, show, add, decide about, rename or remove contacts
    Contacts(ContactsArgs),
    /// Read every code in picture files
    Scan(ScanArgs),
    /// List the cameras
    Cameras,
    /// Check what works on this computer, cameras included, and say how to fix the rest
    Doctor,
}

/// What opens a protected identity.
#[derive(Group, Clone, Default)]
pub struct IdentityPassphrase {
    /// If the identity is protected, read its passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    identity_passphrase_file: Option<PathBuf>,
}

impl IdentityPassphrase {
    pub fn file(&self) -> Option<&Path> {
        self.identity_passphrase_file.as_deref()
    }
}

#[derive(Group)]
pub struct DemoArgs {
    /// Write both key files and each camera's last frame to this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Seed for the keys and the noise: the same seed gives the same run
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Frames per second of both cameras
    #[arg(long, value_name = "F", default_value_t = 30.0, value_parser = fps)]
    pub fps: f64,
    /// Turn each screen away by this many degrees
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_hyphen_values = true, value_parser = tilt)]
    pub tilt: f64,
    /// Lose this part of the frames, 0 to 0.9
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_hyphen_values = true, value_parser = loss)]
    pub loss: f64,
    /// Show the codes that a terminal of this size would show, 80x24 for example: several
    /// in turn where one has no room
    #[arg(long, value_name = "COLSxROWS", value_parser = terminal_size)]
    pub terminal: Option<TerminalSize>,
    /// Pair in this suite and no other: 1 is X25519, 2 has ML-KEM-768 beside it
    /// [default: 2, as two devices do that offer both]
    #[arg(long, value_name = "1|2", value_parser = suite)]
    pub suite: Option<Suite>,
}

#[derive(Group, Clone, Default)]
#[command(group = clap::ArgGroup::new("eye").multiple(false))]
pub struct WindowArgs {
    /// Use a picture file as the camera, read again whenever it changes
    #[arg(long, value_name = "FILE", group = "eye")]
    pub watch: Option<PathBuf>,
    /// Use this screen as the camera (X11)
    #[arg(long, group = "eye")]
    pub screen: bool,
    /// Also write our code to this .png or .svg file
    #[arg(long, value_name = "FILE")]
    pub show: Option<PathBuf>,
}

#[derive(Group)]
#[command(group = clap::ArgGroup::new("source").multiple(false))]
pub struct PairArgs {
    /// Read the other device's codes with camera N [default: the first camera]
    #[arg(long, value_name = "N", num_args = 0..=1, group = "source")]
    pub camera: Option<Option<usize>>,
    /// Use a picture file as the camera, read again whenever it changes
    #[arg(long, value_name = "FILE", group = "source")]
    pub watch: Option<PathBuf>,
    /// Use this screen as the camera (X11)
    #[arg(long, group = "source")]
    pub screen: bool,
    /// Read the other device's codes from pictures; more paths may follow on standard input
    #[arg(long, value_name = "FILE", num_args = 1.., group = "source")]
    pub picture: Vec<PathBuf>,
    /// Read the other device's codes as lines of text and write ours as lines; nothing else goes to standard output
    #[arg(long, group = "source")]
    pub stdin: bool,
    /// Write our code to this .png or .svg file instead of the terminal
    #[arg(long, value_name = "FILE", conflicts_with = "stdin")]
    pub show: Option<PathBuf>,
    /// Show codes that are in parts four a second at most
    #[arg(long)]
    pub reduced_motion: bool,
    /// The name that this device suggests for itself, at most 63 bytes
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The name to save the other device under
    #[arg(long, value_name = "NAME")]
    pub save_as: Option<String>,
    /// Do not ask for the digits of the other screen: the key is kept, not compared,
    /// and the exit code is 3. Compare later with: keyglance compare
    #[arg(long, conflicts_with = "check_code_from")]
    pub skip_check: bool,
    /// Read the digits of the other screen from a line of this file or pipe, once
    /// they are asked for; - is standard input
    #[arg(long, value_name = "FILE")]
    pub check_code_from: Option<PathBuf>,
    /// Pair in this suite and no other: 1 is X25519, 2 has ML-KEM-768 beside it, so that
    /// a quantum computer cannot open what it recorded [default: 2 if both devices offer it]
    #[arg(long, value_name = "1|2", value_parser = suite)]
    pub suite: Option<Suite>,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
}

fn suite(text: &str) -> Result<Suite, String> {
    let number = text.parse().ok();
    number.and_then(Suite::from_bit).ok_or_else(|| "the suites are 1 and 2".to_owned())
}

impl PairArgs {
    /// The source that the options name; without one, the first camera.
    pub fn source(&self) -> SourceArg {
        if self.stdin {
            SourceArg::Lines
        } else if self.screen {
            SourceArg::Live(SourceSpec::Screen)
        } else if let Some(path) = &self.watch {
            SourceArg::Live(SourceSpec::Watch(path.clone()))
        } else if !self.picture.is_empty() {
            SourceArg::Pictures(self.picture.clone())
        } else {
            let choice = self.camera.flatten().map_or(CameraChoice::First, CameraChoice::Number);
            SourceArg::Live(SourceSpec::Camera(choice))
        }
    }
}

#[derive(Group)]
#[command(group = clap::ArgGroup::new("how").multiple(false))]
pub struct CompareArgs {
    /// The contact's name, or a key's
    pub name: String,
    /// The six digits of the other screen, after a pairing
    #[arg(long, value_name = "DIGITS", group = "how")]
    pub check_code: Option<String>,
    /// The other device says that the digits are wrong: wipe the key here too
    #[arg(long, group = "how")]
    pub says_no: bool,
    /// What this contact's own screen shows is different: nothing is done with its keys
    /// until something matches
    #[arg(long, group = "how")]
    pub differs: bool,
    /// Compare with these sixty digits, which the other device shows
    #[arg(long, value_name = "DIGITS", group = "how", alias = "compare")]
    pub safety_number: Option<String>,
    /// Scan the contact's fingerprint code: camera, camera:N, screen, a picture
    /// file, or - for a line of text
    #[arg(long, value_name = "SOURCE", group = "how")]
    pub scan: Option<SourceArg>,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
}

#[derive(Group)]
pub struct FingerprintArgs {
    /// One or two public keys: keyglance1…, or 32 bytes as hex or base64 (also
    /// 33 that begin with 05, as Signal has them)
    #[arg(value_name = "KEY", required = true, num_args = 1..=2)]
    pub keys: Vec<String>,
    /// The identifier to hash with the key in the same position, such as a
    /// phone number [default: keyglance]
    #[arg(long, value_name = "TEXT")]
    pub id: Vec<String>,
}

#[derive(Group)]
pub struct SealArgs {
    /// Files to encrypt, each to FILE.age; - is standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// For this contact, or with this key
    #[arg(long = "for", value_name = "NAME")]
    pub name: String,
    /// Use the key for another purpose, such as "office"
    #[arg(long, value_name = "TEXT", default_value = "")]
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
    /// The purpose that it was sealed for; those of your exports are tried anyway
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub purpose: String,
    /// Write to this file instead (with one input file only); - is standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Group)]
pub struct ExportArgs {
    /// The key's name, or the start of its id
    #[arg(value_name = "NAME", required_unless_present = "list")]
    pub name: Option<String>,
    /// What it is for, such as age, passphrase or wireguard; --list names all
    #[arg(long = "for", value_name = "TARGET", required_unless_present = "list")]
    pub target: Option<String>,
    /// Derive another key for another purpose, such as "office"
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub purpose: String,
    /// Where to write it; - is standard output [default: a new file named after the key]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the file without a passphrase
    #[arg(long, conflicts_with = "passphrase_file")]
    pub plain: bool,
    /// Protect it with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Show it as a code, if the target is scanned; --out then takes a .png, .svg or .html file
    #[arg(long, conflicts_with = "passphrase_file")]
    pub qr: bool,
    /// List the targets instead
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub choices: ChoiceArgs,
    #[command(flatten)]
    pub require: RequireArgs,
}

#[derive(Group)]
pub struct CodeArgs {
    /// The names of the keys, or the starts of their ids
    #[arg(value_name = "NAME", required_unless_present_any = ["fingerprint", "identity"])]
    pub names: Vec<String>,
    /// Who scans it, such as wireguard, wifi or meshtastic; several make several codes
    #[arg(long = "for", value_name = "TARGET", required_unless_present_any = ["fingerprint", "identity"])]
    pub targets: Vec<String>,
    /// Show our fingerprint code instead, for this contact to scan; it is not secret
    #[arg(long, value_name = "NAME", conflicts_with_all = ["names", "targets", "identity"])]
    pub fingerprint: Option<String>,
    /// Show our public key instead, for somebody who adds us as a contact; it is not secret
    #[arg(long, conflicts_with_all = ["names", "targets"])]
    pub identity: bool,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
    /// Derive another key for another purpose, such as "office"
    #[arg(long, value_name = "TEXT", default_value = "")]
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

/// What some targets take beside the purpose.
#[derive(Group, Default)]
#[command(next_help_heading = "Options of some targets")]
pub struct ChoiceArgs {
    /// wireguard: both devices are mine: derive both private keys
    #[arg(long)]
    own_devices: bool,
    /// wireguard: the other device's own WireGuard public key
    #[arg(long, value_name = "KEY")]
    peer_public_key: Option<String>,
    /// wireguard: the other device's address and port; at least one side needs it
    #[arg(long, value_name = "HOST:PORT")]
    endpoint: Option<String>,
    /// wireguard: the UDP port that this device listens on [default: 51820]
    #[arg(long, value_name = "PORT")]
    listen_port: Option<String>,
    /// wireguard: this device's address [default: 10.66.0.1/32 or 10.66.0.2/32]
    #[arg(long, value_name = "ADDRESS/BITS")]
    address: Option<String>,
    /// wireguard: the other device's address [default: the other one]
    #[arg(long, value_name = "ADDRESS/BITS")]
    peer_address: Option<String>,
    /// tor-client-auth: the address of the service
    #[arg(long, value_name = "ADDRESS.onion")]
    onion: Option<String>,
    /// wifi: the network's name [default: Keyglance guest]
    #[arg(long, value_name = "NAME")]
    ssid: Option<String>,
    /// meshtastic: the channel's name, the same on both sides [default: Keyglance]
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
}

impl ChoiceArgs {
    pub fn choices(&self) -> OptionValues {
        let mut choices = OptionValues::default();
        if self.own_devices {
            choices.set("own-devices", "yes");
        }
        for (name, text) in [
            ("peer-public-key", &self.peer_public_key),
            ("endpoint", &self.endpoint),
            ("listen-port", &self.listen_port),
            ("address", &self.address),
            ("peer-address", &self.peer_address),
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

#[derive(Group)]
pub struct ImportArgs {
    /// A key file, plain or protected; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What to call it
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Open a protected file with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

#[derive(Group)]
pub struct BackupArgs {
    /// The new file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Protect it with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
}

#[derive(Group)]
pub struct RestoreArgs {
    /// A backup of a profile
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Open it with the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub identity_passphrase: IdentityPassphrase,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Group)]
pub struct IdentityArgs {
    /// Change the name that this device suggests for itself, at most 63 bytes
    #[arg(long, value_name = "NAME", conflicts_with = "act")]
    pub name: Option<String>,
    /// Protect the identity with a passphrase, or change the passphrase
    #[arg(long, conflicts_with_all = ["unprotect", "backup"])]
    pub protect: bool,
    /// Remove the passphrase
    #[arg(long, conflicts_with = "act")]
    pub unprotect: bool,
    /// Read the present passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Read the new passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub new_passphrase_file: Option<PathBuf>,
    /// Write the identity to a new file, encrypted with a passphrase of its own
    #[arg(long, value_name = "FILE", group = "act")]
    pub backup: Option<PathBuf>,
    /// Take the identity from a backup. Contacts that know another one must verify again
    #[arg(long, value_name = "FILE", group = "act")]
    pub restore: Option<PathBuf>,
    /// Make a new identity. All contacts must verify again, on both sides
    #[arg(long, group = "act")]
    pub new: bool,
    /// Read the backup's passphrase from the first line of this file
    #[arg(long, value_name = "FILE")]
    pub backup_passphrase_file: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

#[derive(Group)]
pub struct KeysArgs {
    #[command(subcommand)]
    pub command: KeysCommand,
}

#[derive(Subcommand)]
pub enum KeysCommand {
    /// List the keys
    List,
    /// Show a key without its secret
    Show {
        /// The key's name, or the start of its id
        name: String,
    },
    /// Check key files: undamaged, of a known version, and with which key
    Check {
        /// Key files, plain or protected; - is standard input
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Open protected files with the passphrase on the first line of this file
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Unlock a key that was left unconfirmed, since the other device shows Paired
    Confirm {
        /// The key's name, or the start of its id
        name: String,
    },
    /// Say what a key is for, such as "family backup"
    Purpose {
        /// The key's name, or the start of its id
        name: String,
        /// What it is for; empty to remove that
        text: String,
    },
    /// Retire a key: it stays, but nothing is made of it any more
    Retire {
        /// The key's name, or the start of its id
        name: String,
        /// Bring it back into use
        #[arg(long)]
        undo: bool,
    },
    /// Overwrite and remove a key for good
    #[command(visible_alias = "shred")]
    Remove {
        /// The key's name, or the start of its id
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Group)]
pub struct ContactsArgs {
    #[command(subcommand)]
    pub command: ContactsCommand,
}

#[derive(Subcommand)]
pub enum ContactsCommand {
    /// List the contacts
    List,
    /// Show a contact, its safety number and its keys
    Show {
        /// The contact's name
        name: String,
    },
    /// Add a contact before pairing with it
    Add {
        /// What to call it
        name: String,
        /// Its public key, keyglance1…, or the fingerprint code that it shows us
        #[arg(required_unless_present = "scan")]
        who: Option<String>,
        /// Scan either of them instead: camera, camera:N, screen, a picture file, or -
        /// for a line of text
        #[arg(long, value_name = "SOURCE", conflicts_with = "who")]
        scan: Option<SourceArg>,
        #[command(flatten)]
        identity_passphrase: IdentityPassphrase,
    },
    /// Decide about a contact that came under a known name with another key
    Decide {
        /// The known contact's name, or the new one's
        name: String,
        #[command(flatten)]
        decision: DecisionArgs,
    },
    /// Rename a contact
    Rename {
        /// The contact's name
        name: String,
        /// Its new name
        to: String,
    },
    /// Remove a contact and all its keys for good
    Remove {
        /// The contact's name
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Group)]
#[group(required = true, multiple = false)]
pub struct DecisionArgs {
    /// It is their new device: once compared, it takes the name, and the old key is stopped
    #[arg(long, alias = "replace")]
    pub new_device: bool,
    /// They have two devices: once compared, both are used
    #[arg(long, alias = "keep-both")]
    pub another_device: bool,
    /// It is somebody else, called so; its key is held back until compared
    #[arg(long, value_name = "NAME")]
    pub somebody_else: Option<String>,
    /// It is somebody else: nothing is ever done with its key
    #[arg(long)]
    pub block: bool,
}

#[derive(Group)]
pub struct ScanArgs {
    /// PNG, JPEG, WebP, GIF or BMP pictures; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

fn fps(text: &str) -> Result<f64, String> {
    within(text, 1.0..=240.0, "frames a second")
}

fn tilt(text: &str) -> Result<f64, String> {
    within(text, -80.0..=80.0, "degrees")
}

fn loss(text: &str) -> Result<f64, String> {
    within(text, 0.0..=0.9, "as a part of all frames")
}

fn terminal_size(text: &str) -> Result<TerminalSize, String> {
    let sizes = text.split_once(['x', 'X', '×']);
    let number = |text: &str| text.parse().ok().filter(|number| (1..10_000).contains(number));
    sizes
        .and_then(|(columns, rows)| number(columns).zip(number(rows)))
        .map(|(columns, rows)| TerminalSize { columns, rows })
        .ok_or_else(|| "columns and rows, as 80x24".to_owned())
}

fn within(text: &str, range: std::ops::RangeInclusive<f64>, unit: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("a number from {} to {} {unit}", range.start(), range.end()))
}
