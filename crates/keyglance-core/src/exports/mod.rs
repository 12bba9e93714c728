//! Exports: a key of its own for each other program, derived from the shared key,
//! in the form that the program takes.
//!
//! A target is one file here and one line in [`TARGETS`].

mod age;
mod age_pq;
mod age_recipient;
mod base64;
mod esphome;
mod file_name;
mod git_crypt;
mod hex;
mod jwk;
mod keepassxc;
mod keyglance;
mod meshcore;
mod meshtastic;
mod minisign;
mod openpgp;
mod openvpn;
mod option;
mod paseto;
mod passphrase;
mod pem;
mod programs;
mod raw;
mod rclone;
mod sealed_files;
mod sqlcipher;
mod ssh;
mod ssh_login;
mod strongswan;
mod syncthing;
mod tink;
mod tls_psk;
mod tor;
mod totp;
mod usage;
mod wifi;
mod wireguard;
mod wireguard_psk;
mod words;

use std::fmt;

#[cfg(feature = "age")]
pub(crate) use age::identity as age_identity;
use zeroize::Zeroizing;

use crate::crypto::{DeriveError, Exporter, Purpose, Suite};
use crate::identifiers::{Identifier, IdentifierError, IdentifierKind};
use crate::keyfile::KeyFile;
use crate::pairing::{Card, CardError, NotAcknowledged};

pub use option::{OptionError, OptionKind, OptionValues, TargetOption};
pub use programs::{Group, KeylessProgram, PROGRAMS, Program, WITHOUT_KEYS_FROM_OUTSIDE};
pub use usage::{Place, fill_places};

/// The target to offer first.
pub static DEFAULT_TARGET: &Target = &age::TARGET;

/// Every target, in the order of lists.
pub const TARGETS: &[Target] = &[
    keyglance::TARGET,
    age::TARGET,
    age_pq::TARGET,
    sealed_files::TARGET,
    passphrase::TARGET,
    words::TARGET,
    git_crypt::TARGET,
    rclone::TARGET,
    syncthing::FOLDER,
    totp::TARGET,
    keepassxc::TARGET,
    wireguard::TARGET,
    wireguard_psk::TARGET,
    openvpn::TARGET,
    tls_psk::TARGET,
    tor::CLIENT,
    tor::SERVICE,
    strongswan::TARGET,
    ssh::TARGET,
    ssh_login::TARGET,
    syncthing::DEVICE,
    openpgp::TARGET,
    age_recipient::TARGET,
    minisign::TARGET,
    esphome::TARGET,
    wifi::TARGET,
    meshtastic::TARGET,
    meshtastic::PSK,
    meshcore::TARGET,
    sqlcipher::TARGET,
    jwk::TARGET,
    tink::TARGET,
    paseto::TARGET,
    pem::TARGET,
    raw::TARGET,
    hex::TARGET,
    base64::TARGET,
];

/// A program, or kind of program, that a key can be exported for.
///
/// ```
/// use keyglance_core::crypto::Purpose;
/// use keyglance_core::exports::{OptionValues, Target};
/// use keyglance_core::keyfile::KeyFile;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let bytes = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/example.keyglance"));
/// let key = KeyFile::from_json(bytes)?;
/// let wifi = Target::find("wifi")?;
/// let options = OptionValues::default().with("ssid", "Guests");
/// let export = wifi.export_with(&key, &Purpose::new("office")?, &options)?;
/// assert!(export.file.expose().starts_with(b"WIFI:T:WPA;S:Guests;P:"));
/// # Ok(())
/// # }
/// ```
pub struct Target {
    /// As the command line names it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// The ending of its file's name, without the dot.
    pub extension: &'static str,
    /// Whether its file is bytes that a terminal must not get.
    pub binary: bool,
    /// Whether its program is promised a key that a quantum computer cannot find either:
    /// it is then made of post-quantum pairings only.
    pub post_quantum: bool,
    /// The labels that it derives from the key by; none where it is the key itself, or
    /// nothing of it.
    pub labels: &'static [&'static str],
    /// What somebody who finds the file can do.
    pub danger: &'static str,
    /// How the program is told to use it: a line is a command that a shell runs as it
    /// stands, or a sentence of what is to be done by hand ([`is_sentence`]). Words in
    /// capitals are the user's own places. `{file}` stands for the file's path as one word
    /// of a shell, `{full}` for that from the root on, `{cat}` for one word with the
    /// command that writes the file, `{path}` for the path as a person reads it, `{stem}`
    /// for the file's name without its ending, `{interface}` for a name that wg-quick
    /// takes, `{python}` for a text of Python, `{known_hosts}` and `{known_hosts_file}` for the option that makes ssh
    /// read the file, and others for what [`Export::places`] has.
    pub usage: &'static [&'static str],
    /// How the key is revoked or renewed in the program, in lines as those of `usage`; NEW
    /// is the file of another export.
    pub undo: &'static [&'static str],
    /// What of the other device's card it is made of; such a file is public, and no key is
    /// derived for it.
    pub shared: Option<IdentifierKind>,
    /// Who scans it as a code; `None` where it is not to be shown as one.
    pub scanned_by: Option<&'static str>,
    /// What can be set beside the purpose.
    pub options: &'static [TargetOption],
    build: fn(&ExportContext<'_>) -> Result<Export, ExportError>,
}

/// What a target makes of a key.
#[derive(Debug)]
#[non_exhaustive]
pub struct Export {
    /// The file itself. Secret.
    pub file: SecretBytes,
    /// A second, public file: its name's additional ending, and its text.
    pub public: Option<(&'static str, String)>,
    /// Where it is several codes: what each is, a line of the file each.
    pub captions: Vec<String>,
    /// What the user should know of this very file.
    pub notes: Vec<&'static str>,
    /// Whether the program takes it as it is: nothing is left to fill in.
    pub complete: bool,
    /// What stands for places of its own in the target's lines, each in braces.
    pub places: Vec<(&'static str, String)>,
    /// Whether something in it is the other device's word, from its card: that is theirs
    /// only as far as it was really them with whom this device paired.
    pub shared: bool,
    /// The host that ssh then trusts a key for.
    pub host: Option<String>,
}

/// The bytes of a secret file. Wiped on drop.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// The bytes, to write them to their file.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl Export {
    fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self {
            file: SecretBytes(bytes),
            public: None,
            captions: Vec::new(),
            notes: Vec::new(),
            complete: true,
            places: Vec::new(),
            shared: false,
            host: None,
        }
    }

    /// What it is as codes, each with its caption: the lines of the file where it has
    /// captions, else the whole, without one.
    #[must_use]
    pub fn codes(&self) -> Vec<(Option<&str>, &[u8])> {
        if self.captions.is_empty() {
            return vec![(None, self.file.expose())];
        }
        let lines = self.file.expose().split(|byte| *byte == b'\n');
        self.captions.iter().map(|caption| Some(caption.as_str())).zip(lines).collect()
    }

    /// A text in parts: joined at once, since a buffer that grows leaves copies behind.
    fn from_text(parts: &[&str]) -> Self {
        Self::from_bytes(Zeroizing::new(parts.concat().into_bytes()))
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes { … }")
    }
}

/// Whether a line of [`Target::usage`] or [`Target::undo`] tells what to do by hand:
/// commands begin in lower case, or with a variable.
#[must_use]
pub fn is_sentence(line: &str) -> bool {
    let mut letters = line.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// What a target makes its file from.
struct ExportContext<'a> {
    labels: &'static [&'static str],
    key: &'a KeyFile,
    /// What the user calls the other device.
    name: &'a str,
    exporter: &'a Exporter,
    purpose: &'a Purpose,
    options: &'a OptionValues,
}

impl ExportContext<'_> {
    /// 32 bytes under a label, for the purpose.
    fn derive(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, DeriveError> {
        debug_assert!(self.labels.contains(&label), "{label} is none of the target's labels");
        self.exporter.derive32(label, self.purpose)
    }

    /// What the other device shared of this kind.
    fn shared(&self, kind: IdentifierKind) -> Result<Identifier, ExportError> {
        let card = self.key.card()?;
        let shared = card.identifier(kind).ok_or_else(|| self.not_shared(kind))?;
        Ok(shared?)
    }

    fn not_shared(&self, kind: IdentifierKind) -> ExportError {
        ExportError::NotShared { name: self.name.to_owned(), kind }
    }

    /// The user's name for the other device, as one word.
    fn label(&self) -> String {
        file_name::word(self.name, self.key.key_id())
    }

    /// Before what is the other device's word, where nobody made sure of it. For programs
    /// whose files take such comments.
    fn mark(&self) -> &'static str {
        if self.key.verified.is_some() { "" } else { "# NOT COMPARED\n" }
    }

    /// As many bytes as `output` holds, under a label, for the purpose.
    fn fill(&self, label: &str, output: &mut [u8]) -> Result<(), DeriveError> {
        debug_assert!(self.labels.contains(&label), "{label} is none of the target's labels");
        self.exporter.derive(label, self.purpose, output)
    }
}

/// Why there is no export.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The other device has not confirmed that it holds the key.
    #[error(transparent)]
    NotAcknowledged(#[from] NotAcknowledged),
    /// The target promises what the key does not keep: whoever recorded the pairing could
    /// find it with a quantum computer.
    #[error("this key was made without post-quantum protection, which {target} promises")]
    NotPostQuantum {
        /// The target.
        target: &'static str,
    },
    /// No such program or target.
    #[error("no program called \"{name}\"")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Names that are near it, at most three.
        close: Vec<&'static str>,
    },
    /// An app that makes every key itself.
    #[error("{app} cannot take a key from outside")]
    TakesNoKey {
        /// The app.
        app: &'static str,
        /// What to do instead.
        answer: &'static str,
    },
    /// The other device's card lacks what the target is made of.
    #[error("{name} shared no {}", .kind.title())]
    NotShared {
        /// What the user calls the other device.
        name: String,
        /// What is missing.
        kind: IdentifierKind,
    },
    /// The card in the key file was changed.
    #[error("what the other device shared is damaged: {0}")]
    Card(#[from] CardError),
    /// What the other device shared is not to be used.
    #[error("what the other device shared cannot be used: {0}")]
    Identifier(#[from] IdentifierError),
    /// The other device's own name may be another host's: a person must say which is meant.
    #[error("the other device calls itself {host:?}, which can be another host's name")]
    HostNotTaken {
        /// Its name for itself.
        host: String,
    },
    /// A separate key was asked for, of what is no key of ours.
    #[error("{target} is not made of the key, so there is no separate one")]
    NoSeparateKey {
        /// The target.
        target: &'static str,
    },
    /// The target has no option of this name.
    #[error("{target} has no {option}")]
    NoSuchOption {
        /// The target.
        target: &'static str,
        /// The option.
        option: &'static str,
    },
    /// The option has a value that the target's program would not take.
    #[error("{option} {error}")]
    InvalidOption {
        /// The option's name.
        option: &'static str,
        /// What is wrong with it.
        error: OptionError,
    },
    /// The key could not be derived.
    #[error(transparent)]
    Derive(#[from] DeriveError),
}

impl Target {
    /// The target called `name`, or that which the program of that name takes
    /// ([`Program::find`]).
    ///
    /// # Errors
    /// As [`Program::find`].
    pub fn find(name: &str) -> Result<&'static Self, ExportError> {
        Ok(Program::find(name)?.target)
    }

    /// Whether it can be made of a key that was agreed on with `suite`: the one rule, for
    /// the export itself and for who offers it.
    ///
    /// # Errors
    /// [`ExportError::NotPostQuantum`].
    pub const fn check_suite(&self, suite: Suite) -> Result<(), ExportError> {
        if self.post_quantum && !suite.is_post_quantum() {
            return Err(ExportError::NotPostQuantum { target: self.name });
        }
        Ok(())
    }

    /// Makes the export with every option at its default.
    ///
    /// # Errors
    /// As [`Target::export_with`].
    pub fn export(&self, key: &KeyFile, purpose: &Purpose) -> Result<Export, ExportError> {
        self.export_with(key, purpose, &OptionValues::default())
    }

    /// Makes the export.
    ///
    /// # Errors
    /// [`ExportError::NotAcknowledged`]: a key that only this device may hold
    /// would lock up whatever it protects. [`ExportError::NotPostQuantum`], as
    /// [`Target::check_suite`]. [`ExportError::NoSuchOption`] for an option that the target does not have, [`ExportError::InvalidOption`] for a
    /// value that its program would not take. [`ExportError::NotShared`] and others where it is
    /// made of the other device's card.
    pub fn export_with(
        &self,
        key: &KeyFile,
        purpose: &Purpose,
        options: &OptionValues,
    ) -> Result<Export, ExportError> {
        self.export_for(key, key.peer.name.as_str(), purpose, options)
    }

    /// Makes the export, in whose lines the other device is called `name`.
    ///
    /// Where it has something of the other device's card and the key was not compared, the
    /// file says so, as far as it can.
    ///
    /// # Errors
    /// As [`Target::export_with`].
    pub fn export_for(
        &self,
        key: &KeyFile,
        name: &str,
        purpose: &Purpose,
        options: &OptionValues,
    ) -> Result<Export, ExportError> {
        let exporter = key.exporter()?;
        self.check_suite(key.suite)?;
        if let Some(option) = options.names().find(|name| !self.has(name)) {
            return Err(ExportError::NoSuchOption { target: self.name, option });
        }
        if self.is_public() && *purpose != Purpose::none() {
            return Err(ExportError::NoSeparateKey { target: self.name });
        }
        let export = (self.build)(&ExportContext {
            labels: self.labels,
            key,
            name,
            exporter,
            purpose,
            options,
        })?;
        Ok(Export { shared: export.shared || self.is_public(), ..export })
    }

    /// Whether its file is no secret: it is made of what the other device shared.
    #[must_use]
    pub const fn is_public(&self) -> bool {
        self.shared.is_some()
    }

    /// Whether something of `card` would be in the file ([`Export::shared`]).
    #[must_use]
    pub fn is_of_card(&self, card: &Card, options: &OptionValues) -> bool {
        let is_tunnel = self.name == wireguard::TARGET.name;
        self.is_public() || (is_tunnel && wireguard::is_of_card(card, options))
    }

    /// The host that ssh will trust the key of `card` for, before anything is made: none of
    /// a target that is not about a host.
    ///
    /// # Errors
    /// [`ExportError::HostNotTaken`], [`ExportError::InvalidOption`].
    pub fn trusted_host(
        &self,
        card: &Card,
        options: &OptionValues,
    ) -> Option<Result<String, ExportError>> {
        (self.name == ssh::TARGET.name).then(|| Ok(ssh::host(card, options)?.pattern()))
    }

    /// Whether what it is made of was shared with this key; what is not made of a card needs
    /// nothing shared.
    ///
    /// # Errors
    /// [`ExportError::NotShared`], [`ExportError::Card`], [`ExportError::Identifier`].
    pub fn check_shared(
        &self,
        card: &Result<Card, CardError>,
        name: &str,
    ) -> Result<(), ExportError> {
        let Some(kind) = self.shared else { return Ok(()) };
        match card.as_ref().map_err(|error| *error)?.identifier(kind) {
            Some(shared) => Ok(shared.map(drop)?),
            None => Err(ExportError::NotShared { name: name.to_owned(), kind }),
        }
    }

    /// Whether its program asks for the passphrase of a protected file by itself, so that
    /// nothing is to be opened first: age and rage do for identities, and Keyglance does.
    #[must_use]
    pub fn opens_protected(&self) -> bool {
        matches!(self.name, "age" | "age-pq" | "sealed-files" | "keyglance")
    }

    /// What somebody can do who photographs it as a code.
    #[must_use]
    pub fn danger_as_code(&self) -> String {
        self.danger.replace("this file", "this code")
    }

    /// What somebody can do who has enough pages of it on paper.
    #[must_use]
    pub fn danger_on_paper(&self) -> String {
        self.danger.replace("nyone with this file", "nyone with enough pages")
    }

    /// Whether it has an option of this name.
    #[must_use]
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|own| own.name == option)
    }
}

/// `text` in pieces of `size` characters of ASCII; the last may be shorter.
fn groups(text: &str, size: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (group, tail) = rest.split_at_checked(size).unwrap_or((rest, ""));
        rest = tail;
        (!group.is_empty()).then_some(group)
    })
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.name)
    }
}
