//! Where programs keep what a card can tell.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use keyglance_core::identifiers::IdentifierKind;

/// The places of one user on one computer: this one's, or those of a test.
#[derive(Clone, Debug)]
pub struct CardPlaces {
    /// The user's own folder.
    pub home: PathBuf,
    /// The folder of the SSH server's host keys.
    pub ssh_server: PathBuf,
    /// What the system is called in its network.
    pub host_name: String,
    /// The program that is run when the user asks for it.
    pub gpg: OsString,
}

/// Where one kind of entry is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardPlace {
    /// The first of these files that is there.
    Files(Vec<PathBuf>),
    /// The system's host name.
    HostName,
    /// gpg is asked, if the user says so.
    Gpg,
    /// Nowhere: the user gives it.
    Given,
}

impl CardPlaces {
    /// Those of this user on this system.
    #[must_use]
    pub fn of_this_system() -> Self {
        let program_data = || std::env::var_os("ProgramData").map(PathBuf::from);
        let ssh_server = if cfg!(windows) {
            program_data().unwrap_or_else(|| "C:\\ProgramData".into()).join("ssh")
        } else {
            "/etc/ssh".into()
        };
        Self {
            // Without one nothing is found there.
            home: etcetera::home_dir().unwrap_or_default(),
            ssh_server,
            host_name: gethostname::gethostname().to_string_lossy().into_owned(),
            gpg: "gpg".into(),
        }
    }

    /// Where an entry of this kind is read.
    #[must_use]
    pub fn of(&self, kind: IdentifierKind) -> CardPlace {
        match kind {
            IdentifierKind::SshHost => {
                CardPlace::Files(vec![self.ssh_server.join("ssh_host_ed25519_key.pub")])
            }
            IdentifierKind::SshUser => {
                CardPlace::Files(vec![self.home.join(".ssh/id_ed25519.pub")])
            }
            IdentifierKind::Syncthing => CardPlace::Files(self.syncthing()),
            IdentifierKind::OpenPgp => CardPlace::Gpg,
            IdentifierKind::HostName => CardPlace::HostName,
            IdentifierKind::WireGuard | IdentifierKind::Age | IdentifierKind::Minisign => {
                CardPlace::Given
            }
        }
    }

    /// Its documentation, "Configuration", names these folders; the first is where it is
    /// since 1.27.
    fn syncthing(&self) -> Vec<PathBuf> {
        let folders: &[&str] = if cfg!(windows) {
            &["AppData/Local/Syncthing"]
        } else if cfg!(target_os = "macos") {
            &["Library/Application Support/Syncthing"]
        } else {
            &[".local/state/syncthing", ".config/syncthing"]
        };
        folders.iter().map(|folder| self.home.join(Path::new(folder)).join("cert.pem")).collect()
    }
}
