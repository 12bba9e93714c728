//! Command-line arguments.

mod card;
mod challenge;
mod keep;
mod paper;
mod phone;
mod use_key;

use std::path::{Path, PathBuf};

use clap::{Args as Group, Parser, Subcommand};

use super::code_size::TerminalSize;
use super::source::SourceArg;
use keyglance_capture::{CameraChoice, SourceSpec};

use keyglance_core::pairing::Suite;

pub use card::{CardArgs, CardChoice, ShareArg};
pub use challenge::ChallengeArgs;
pub use keep::{
    BackupArgs, ContactsArgs, ContactsCommand, DecisionArgs, DeviceAct, DeviceArgs, IdentityArgs,
    ImportArgs, KeysArgs, KeysCommand, RestoreArgs,
};
pub use paper::{PaperArgs, PaperCommand, PaperDeviceArgs, PaperExportArgs, PaperRestoreArgs};
pub use phone::PhoneArgs;
pub use use_key::{ChoiceArgs, CodeArgs, ExportArgs, GetArgs, OpenArgs, SealArgs};

#[derive(Parser)]
#[command(
    name = "keyglance",
    version,
    about = "Two devices face each other, show and read codes, and hold the same key."
)]
pub struct Args {
    /// Keep this device's contacts and keys in this folder
    /// [environment: KEYGLANCE_PROFILE; default: the platform's data folder]
    #[arg(long, value_name = "DIR", global = true, display_order = 100)]
    pub profile: Option<PathBuf>,
    /// Print JSON instead of text: one object, or one per line
    #[arg(long, global = true, display_order = 101)]
    pub json: bool,
    /// Log to standard error, never a secret; repeat for more detail
    #[arg(short, long, global = true, display_order = 102, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What to open: key files, sealed files, pictures of codes; in the window where this
    /// terminal is on a desktop, else here
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Subcommand)]
pub enum Command {
    /// Pair with another device
    Pair(PairArgs),
    /// Compare with a contact: the check code of a pairing, the safety number, or
    /// the verification code
    #[command(alias = "verify")]
    Compare(CompareArgs),
    /// Watch two simulated devices pair, with simulated cameras
    Demo(DemoArgs),
    /// Use a shared key with another program: restic, LUKS, Wi-Fi and more
    #[command(alias = "use")]
    Export(ExportArgs),
    /// Give a key to a program through a pipe, with no file on the disk
    Get(GetArgs),
    /// Encrypt files for a contact, with the key that you share
    Seal(SealArgs),
    /// Decrypt files that were encrypted with a shared key
    Open(OpenArgs),
    /// Show a code: a key for a phone, our verification code or our public key
    Code(CodeArgs),
    /// Show the address of the page by which a phone pairs, as a code; or write that page
    Phone(PhoneArgs),
    /// Are you you? Ask each other in a call, by numbers that change every half minute
    Challenge(ChallengeArgs),
    /// Say what a code is: whose, what is in it, what it proves
    #[command(alias = "what")]
    Inspect(InspectArgs),
    /// Read every code in picture files, or on this screen
    Scan(ScanArgs),
    /// Compute fingerprints and safety numbers from public keys
    Fingerprint(FingerprintArgs),
    /// List, show, add, decide about, rename or delete contacts
    Contacts(ContactsArgs),
    /// List, show, check, confirm, label, stop or delete shared keys
    Keys(KeysArgs),
    /// Take a key file into this profile
    Import(ImportArgs),
    /// Show or choose what this device shares with who pairs: SSH, Syncthing, WireGuard
    /// keys and more, for their programs
    Card(CardArgs),
    /// Show, name, protect, back up or restore this device
    Device(DeviceArgs),
    /// Keep a key on paper: on several pages, of which some are enough
    Paper(PaperArgs),
    /// Check what works on this computer, cameras included, and say how to fix the rest
    Doctor(DoctorArgs),
    /// List the cameras, in the order in which they are tried
    Cameras(CamerasArgs),
    /// Open the window, as running without a command does
    Window(WindowArgs),
    /// Print what makes a shell complete commands: bash, zsh, fish, elvish or powershell
    Completions(CompletionsArgs),
    /// Print the manual page, or write all of them to a folder
    Man(ManArgs),
    /// Show, name, protect, back up or replace what this device is known by
    #[command(hide = true)]
    Identity(IdentityArgs),
    #[command(hide = true)]
    Backup(BackupArgs),
    #[command(hide = true)]
    Restore(RestoreArgs),
}

#[derive(Group, Default)]
pub struct DoctorArgs {
    /// Tries this one part, in a process that may end by it
    #[arg(long, value_name = "PART", hide = true)]
    pub probe: Option<Probe>,
}

/// What is tried apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Probe {
    Graphics,
}

#[derive(Group)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

#[derive(Group)]
pub struct ManArgs {
    /// Write a page for each command to this folder instead
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// What opens a protected device.
#[derive(Group, Clone, Default)]
pub struct IdentityPassphrase {
    /// If this device is protected, read its passphrase from the first line of this file
    #[arg(
        long = "device-passphrase-file",
        alias = "identity-passphrase-file",
        value_name = "FILE"
    )]
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

#[derive(Group)]
pub struct CamerasArgs {
    /// Also those that give raw pictures of a sensor, of which others make pictures
    #[arg(long)]
    pub all: bool,
}

#[derive(Group, Clone, Debug, Default)]
#[command(group = clap::ArgGroup::new("eye").multiple(false))]
pub struct WindowArgs {
    /// Use a picture file as the camera, read again whenever it changes
    #[arg(long, value_name = "FILE", group = "eye")]
    pub watch: Option<PathBuf>,
    /// Use this screen as the camera
    #[arg(long, group = "eye")]
    pub screen: bool,
    /// Also write our code to this .png or .svg file
    #[arg(long, value_name = "FILE")]
    pub show: Option<PathBuf>,
    /// Begin with pairing
    #[arg(long)]
    pub pair: bool,
    /// What to open: key files, sealed files, backups, pictures of codes
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Use this display server and no other
    #[arg(long, value_name = "SERVER", hide = true)]
    pub backend: Option<Backend>,
}

/// What draws windows on Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    Wayland,
    X11,
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
    /// Use this screen as the camera
    #[arg(long, group = "source")]
    pub screen: bool,
    /// Read the other device's codes from pictures, as soon as they are there; more paths
    /// may follow on standard input
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
    /// Share these of this device in this pairing, and no others, such as ssh-host,syncthing;
    /// or none [default: what keyglance card shows as chosen]
    #[arg(long, value_name = "KINDS|none")]
    pub share: Option<ShareArg>,
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
    /// The contact's name, the key's name or its id
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
    /// Scan the contact's verification code: camera, camera:N, screen, a picture
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
#[command(group = clap::ArgGroup::new("input").required(true).multiple(false))]
pub struct InspectArgs {
    /// Picture files, or the text of a code; - is standard input, either of them
    #[arg(value_name = "WHAT", group = "input")]
    pub what: Vec<String>,
    /// Read the code with camera N [default: the first camera]
    #[arg(long, value_name = "N", num_args = 0..=1, group = "input")]
    pub camera: Option<Option<usize>>,
    /// Read the code on this screen
    #[arg(long, group = "input")]
    pub screen: bool,
    /// Say how to check in this app that nobody stands between
    #[arg(long, value_name = "NAME", group = "input")]
    pub app: Option<String>,
    /// List the apps of which that is known
    #[arg(long, group = "input")]
    pub apps: bool,
    /// Say how end-to-end encryption works
    #[arg(long, group = "input")]
    pub explain: bool,
    /// Compare with this key, fingerprint or number, as another app or person gives it;
    /// @FILE reads it from a file
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["with", "app", "apps", "explain"])]
    pub expect: Option<String>,
    /// Compare with the code in this picture, or with this text: two people's codes
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["app", "apps", "explain"])]
    pub with: Option<String>,
    /// Show secrets and tokens too
    #[arg(long, conflicts_with_all = ["app", "apps", "explain"])]
    pub reveal: bool,
}

#[derive(Group)]
pub struct ScanArgs {
    /// PNG, JPEG, WebP, GIF or BMP pictures; - is standard input
    #[arg(required_unless_present = "screen", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Read every code on this screen instead
    #[arg(long, conflicts_with = "files")]
    pub screen: bool,
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
