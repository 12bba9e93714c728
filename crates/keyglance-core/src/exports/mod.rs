//! Exports: the pairing's key in the form that another program takes.
//!
//! A target is one file here and one line in [`TARGETS`].

mod age;
mod base64;
mod choice;
mod hex;
mod jwk;
mod keepassxc;
mod keyglance;
mod meshtastic;
mod nearest;
mod openvpn;
mod paseto;
mod passphrase;
mod pem;
mod raw;
mod sqlcipher;
mod tink;
mod tls_psk;
mod tor;
mod wifi;
mod wireguard;
mod wireguard_psk;

use std::fmt;

#[cfg(feature = "age")]
pub(crate) use age::identity as age_identity;
use zeroize::Zeroizing;

use crate::crypto::{DeriveError, Purpose};
use crate::keyfile::KeyFile;

pub use choice::{Kind, OptionError, OptionValues, TargetOption};

/// The target to offer first.
pub static USUAL: &Target = &age::TARGET;

/// Every target, in the order of lists.
pub const TARGETS: &[Target] = &[
    keyglance::TARGET,
    age::TARGET,
    passphrase::TARGET,
    keepassxc::TARGET,
    wireguard::TARGET,
    wireguard_psk::TARGET,
    openvpn::TARGET,
    tls_psk::TARGET,
    tor::CLIENT,
    tor::SERVICE,
    wifi::TARGET,
    meshtastic::TARGET,
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
pub struct Target {
    /// As the command line names it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// The ending of its file's name, without the dot.
    pub extension: &'static str,
    /// Whether its file is bytes that a terminal must not get.
    pub binary: bool,
    /// What somebody who finds the file can do.
    pub danger: &'static str,
    /// How the program is told to use it: commands, with `{file}` for the
    /// file's path, and what is to be clicked.
    pub usage: &'static [&'static str],
    /// Who scans it as a code; `None` where it is not to be shown as one.
    pub scanned_by: Option<&'static str>,
    /// What may be said beside the purpose.
    pub choices: &'static [TargetOption],
    make: fn(&ExportContext<'_>) -> Result<Export, ExportError>,
}

/// What a target makes of a key.
#[derive(Debug)]
pub struct Export {
    /// The file itself. Secret.
    pub file: SecretBytes,
    /// A second, public file: its name's additional ending, and its text.
    pub public: Option<(&'static str, String)>,
    /// What the user should know of this very file.
    pub notes: Vec<&'static str>,
    /// Whether the program takes it as it is: nothing is left to fill in.
    pub complete: bool,
}

/// The bytes of a secret file. Wiped on drop.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// The bytes, to write them to their file.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    fn secret(bytes: Zeroizing<Vec<u8>>) -> Export {
        Export { file: Self(bytes), public: None, notes: Vec::new(), complete: true }
    }

    /// A text in parts: joined at once, since a buffer that grows leaves copies behind.
    fn text(parts: &[&str]) -> Export {
        Self::secret(Zeroizing::new(parts.concat().into_bytes()))
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content { … }")
    }
}

/// What a target makes its file from.
struct ExportContext<'a> {
    key: &'a KeyFile,
    purpose: &'a Purpose,
    choices: &'a OptionValues,
}

impl ExportContext<'_> {
    /// 32 bytes under a label, for the purpose.
    fn derive(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, DeriveError> {
        self.key.exporter().derive32(label, self.purpose)
    }

    /// So many as `output` holds.
    fn fill(&self, label: &str, output: &mut [u8]) -> Result<(), DeriveError> {
        self.key.exporter().derive(label, self.purpose, output)
    }
}

/// Why there is no export.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The other device has not confirmed that it holds the key.
    #[error("the other device has not confirmed this key")]
    NotAcknowledged,
    /// No such target.
    #[error("there is no export target called {name}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The names most like it, at most three.
        nearest: Vec<&'static str>,
    },
    /// The target has nothing of this name to choose.
    #[error("{target} has no {choice}")]
    NotAChoice {
        /// The target.
        target: &'static str,
        /// What was chosen.
        choice: &'static str,
    },
    /// What was chosen cannot be.
    #[error("{choice} {error}")]
    TargetOption {
        /// The choice's name.
        choice: &'static str,
        /// What is wrong with it.
        error: OptionError,
    },
    /// The key could not be derived.
    #[error(transparent)]
    Derive(#[from] DeriveError),
}

impl Target {
    /// A name for its file: the key's letters and digits, and the endings.
    #[must_use]
    pub fn file_name(&self, key: &str, sealed: bool) -> String {
        let key: String = key.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        let ending = if sealed { ".age" } else { "" };
        format!("{}.{}{ending}", key.trim_matches('-'), self.extension)
    }

    /// The target called `name`.
    ///
    /// # Errors
    /// [`ExportError::Unknown`].
    pub fn find(name: &str) -> Result<&'static Self, ExportError> {
        TARGETS.iter().find(|target| target.name == name).ok_or_else(|| ExportError::Unknown {
            name: name.to_owned(),
            nearest: nearest::names(name),
        })
    }

    /// Makes the export, with nothing chosen but the purpose.
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
    /// would lock up whatever it protects. [`ExportError::NotAChoice`] and
    /// [`ExportError::TargetOption`]: for a choice that the target has not, or that
    /// its program would stumble over.
    pub fn export_with(
        &self,
        key: &KeyFile,
        purpose: &Purpose,
        choices: &OptionValues,
    ) -> Result<Export, ExportError> {
        if !key.acknowledged {
            return Err(ExportError::NotAcknowledged);
        }
        if let Some(choice) = choices.names().find(|name| !self.has(name)) {
            return Err(ExportError::NotAChoice { target: self.name, choice });
        }
        (self.make)(&ExportContext { key, purpose, choices })
    }

    /// What somebody can do who photographs it as a code.
    #[must_use]
    pub fn danger_as_code(&self) -> String {
        self.danger.replace("this file", "this code")
    }

    /// Whether it has a choice of this name.
    #[must_use]
    pub fn has(&self, choice: &str) -> bool {
        self.choices.iter().any(|own| own.name == choice)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.name)
    }
}
