//! Reads what can be told: public files, the host name, and what gpg says.

use std::fs::{Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use keyglance_core::identifiers::{Identifier, IdentifierError, IdentifierKind};
use zeroize::Zeroizing;

use super::{CardCandidate, CardPlace, CardPlaces, CardReadError, CardSource, gpg};
use crate::storage::follow_no_link;

/// Most bytes of a file that is read for a card.
const MAX: u64 = 16 * 1024;

impl CardPlaces {
    /// What this kind of entry could be, read from where its program keeps it. Runs gpg
    /// for an OpenPGP fingerprint, which may take seconds.
    ///
    /// # Errors
    /// [`CardReadError`].
    pub fn candidates(&self, kind: IdentifierKind) -> Result<Vec<CardCandidate>, CardReadError> {
        match self.of(kind) {
            CardPlace::Files(paths) => {
                let mut missing = CardReadError::Given;
                for path in paths.iter().rev() {
                    missing = CardReadError::Missing(path.clone());
                }
                for path in paths {
                    match self.read_file(kind, &path) {
                        Err(CardReadError::Missing(_)) => {}
                        read => return read.map(|candidate| vec![candidate]),
                    }
                }
                Err(missing)
            }
            CardPlace::HostName => self.host_names(),
            CardPlace::Gpg => Ok(gpg::secret_keys(&self.gpg)?),
            CardPlace::Given => Err(CardReadError::Given),
        }
    }

    /// The one that there is.
    ///
    /// # Errors
    /// [`CardReadError`]: [`CardReadError::Several`] where the user is to choose.
    pub fn read(&self, kind: IdentifierKind) -> Result<CardCandidate, CardReadError> {
        let mut candidates = self.candidates(kind)?;
        // What the system says is taken; its form for the local network is offered.
        if kind == IdentifierKind::HostName {
            candidates.truncate(1);
        }
        match <[CardCandidate; 1]>::try_from(candidates) {
            Ok([one]) => Ok(one),
            Err(several) => Err(CardReadError::Several(several)),
        }
    }

    /// What a file holds that the user names.
    ///
    /// # Errors
    /// [`CardReadError`].
    pub fn read_file(
        &self,
        kind: IdentifierKind,
        path: &Path,
    ) -> Result<CardCandidate, CardReadError> {
        let (text, hidden) = read_public(path)?;
        let identifier = parse(kind, &text, Some(path))?;
        let source = CardSource::File(path.to_owned());
        check_public(CardCandidate { identifier, source, label: None }, hidden)
    }

    /// What the user typed.
    ///
    /// # Errors
    /// [`CardReadError`].
    pub fn read_text(
        &self,
        kind: IdentifierKind,
        text: &str,
    ) -> Result<CardCandidate, CardReadError> {
        if text.len() as u64 > MAX || is_private(text.as_bytes()) {
            return Err(CardReadError::PrivateKey(None));
        }
        let identifier = parse(kind, text, None)?;
        let source = CardSource::Given;
        check_public(CardCandidate { identifier, source, label: None }, false)
    }

    /// What the user typed, or the public file that it names: a host name is never a file.
    ///
    /// # Errors
    /// [`CardReadError`].
    pub fn read_given(
        &self,
        kind: IdentifierKind,
        given: &str,
    ) -> Result<CardCandidate, CardReadError> {
        match self.read_text(kind, given) {
            Err(CardReadError::Invalid { error: IdentifierError::NotThis(_), .. })
                if kind != IdentifierKind::HostName =>
            {
                let given = Path::new(given.trim());
                // It is read again in other folders.
                let path = std::path::absolute(given).unwrap_or_else(|_| given.to_owned());
                self.read_file(kind, &path)
            }
            read => read,
        }
    }

    /// The system's name, and the one of the local network if it has no dot.
    fn host_names(&self) -> Result<Vec<CardCandidate>, CardReadError> {
        let name = self.host_name.trim();
        if name.is_empty() {
            return Err(CardReadError::NoHostName);
        }
        let local = (!name.contains('.')).then(|| format!("{name}.local"));
        let candidate = |name: &str| {
            let identifier = IdentifierKind::HostName.parse(name).ok()?;
            Some(CardCandidate { identifier, source: CardSource::HostName, label: None })
        };
        let names: Vec<_> =
            [Some(name.to_owned()), local].iter().flatten().filter_map(|n| candidate(n)).collect();
        if names.is_empty() { Err(CardReadError::NoHostName) } else { Ok(names) }
    }
}

fn parse(
    kind: IdentifierKind,
    text: &str,
    path: Option<&Path>,
) -> Result<Identifier, CardReadError> {
    let path = || path.map(Path::to_owned);
    kind.parse(text).map_err(|error| match error {
        IdentifierError::Private => CardReadError::PrivateKey(path()),
        error => CardReadError::Invalid { path: path(), error },
    })
}

/// Refuses what may be a private key by its form. `hidden`: only its owner can read it.
fn check_public(candidate: CardCandidate, hidden: bool) -> Result<CardCandidate, CardReadError> {
    match (&candidate.identifier, &candidate.source) {
        (Identifier::WireGuard(key), source) if key.looks_private() => {
            let path = match source {
                CardSource::File(path) => Some(path.clone()),
                _ => None,
            };
            let unless_public = (!hidden).then(|| Box::new(candidate));
            Err(CardReadError::LooksPrivate { path, unless_public })
        }
        _ => Ok(candidate),
    }
}

/// Whether a private key of SSH, OpenPGP, TLS, age or minisign is in it.
fn is_private(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 3] = [b"PRIVATE KEY", b"SECRET-KEY", b"SECRET KEY"];
    MARKS.iter().any(|mark| bytes.windows(mark.len()).any(|part| part.eq_ignore_ascii_case(mark)))
}

/// A public file: neither a link nor a pipe, and small. And whether only its owner can
/// read it.
fn read_public(path: &Path) -> Result<(Zeroizing<String>, bool), CardReadError> {
    let failed = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            CardReadError::Missing(path.to_owned())
        }
        kind => CardReadError::Io { path: path.to_owned(), kind },
    };
    let not_a_file = || CardReadError::NotAFile(path.to_owned());
    let mut options = OpenOptions::new();
    options.read(true);
    follow_no_link(&mut options);
    let file = match options.open(path) {
        // What is said of a link differs between systems.
        Err(_) if std::fs::symlink_metadata(path).is_ok_and(|m| !m.is_file()) => {
            return Err(not_a_file());
        }
        opened => opened.map_err(|error| failed(&error))?,
    };
    let metadata = file.metadata().map_err(|error| failed(&error))?;
    if !metadata.is_file() {
        return Err(not_a_file());
    }
    let hidden = is_hidden(&metadata);
    // It may be a private key after all: no copy of it stays.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX as usize + 2));
    file.take(MAX + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    // Before its size: whoever names a private key is told so.
    if is_private(&bytes) {
        return Err(CardReadError::PrivateKey(Some(path.to_owned())));
    }
    if bytes.len() as u64 > MAX {
        return Err(CardReadError::TooLarge(path.to_owned()));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok((Zeroizing::new(text.to_owned()), hidden)),
        Err(_) => {
            Err(CardReadError::Io { path: path.to_owned(), kind: io::ErrorKind::InvalidData })
        }
    }
}

/// Whether only its owner can read it; where permissions are not looked at, it is not known.
fn is_hidden(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        std::os::unix::fs::MetadataExt::mode(metadata) & 0o077 == 0
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}
