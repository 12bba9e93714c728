//! Exporting: from a key that passed the gate to a file, a stream or a code, with
//! a record of it.

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use keyglance_core::crypto::Purpose;
use keyglance_core::exports::{Export, ExportError, OptionValues, Program, Target};
use keyglance_core::identifiers::{Identifier, IdentifierKind};
use keyglance_core::keyfile::{Passphrase, PassphraseError, WorkFactor, encrypt_with_passphrase};
use keyglance_core::paper::Plan;
use keyglance_qr::{Code, EncodeError};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::gate::UsableKey;
use crate::get_command::GetCommand;
use crate::known_host::KnownHost;
use crate::paper::{Paper, PaperError};
use crate::storage::{
    Access, Exported, Profile, StoreError, WriteError, create_file, write_export,
};
use crate::usage::{program_undo_lines, program_usage_lines, undo_lines, usage_lines};
use keyglance_core::outgoing::shell_path;

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportFailure {
    /// The profile says no, or cannot be read or changed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The target says no.
    #[error(transparent)]
    Target(#[from] ExportError),
    /// The file cannot be protected.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// No phone or program scans this target.
    #[error("{0} is not shown as a code")]
    NotScanned(&'static str),
    /// A code would lack what is to be filled in by hand.
    #[error("this {0} code would lack a private key")]
    Incomplete(&'static str),
    /// There is no secret in it that a passphrase could protect.
    #[error("{0} is no secret, so no passphrase protects it")]
    NoSecret(&'static str),
    /// The export does not fit a code.
    #[error(transparent)]
    Code(#[from] EncodeError),
    /// The file could not be written, or is there already.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// An export that is derived and goes nowhere yet.
#[derive(Debug)]
pub struct PreparedExport<'a> {
    profile: &'a Profile,
    key: UsableKey,
    target: &'static Target,
    program: Option<&'static Program>,
    purpose: Purpose,
    options: OptionValues,
    export: Export,
    sealed: Option<Vec<u8>>,
}

/// Files that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedFiles {
    /// The file: a secret, unless its target is public.
    pub path: PathBuf,
    /// The public file beside it.
    pub public: Option<PathBuf>,
    /// Whether a passphrase protects it.
    pub protected: bool,
    /// The command that opens a protected file, where its program does not ask for the
    /// passphrase by itself.
    pub open_command: Option<String>,
    /// How to use it: commands to paste into a shell, and steps.
    pub usage: Vec<String>,
    /// How its program is given the key without a file: commands to paste into a shell.
    pub without_file: Vec<String>,
    /// How the key is revoked or renewed in the program, in the same way.
    pub undo: Vec<String>,
}

/// An export to be shown as a code. Its text is the secret.
#[derive(Debug)]
pub struct ExportedCode {
    /// What the code says.
    pub text: Zeroizing<Vec<u8>>,
    /// The code itself.
    pub code: Code,
    /// Which one it is, where the export has several.
    pub caption: Option<String>,
    /// The key's name.
    pub key: String,
    /// What it is for.
    pub target: &'static Target,
    /// The purpose it was derived for.
    pub purpose: Purpose,
    /// What the user should know of this very code.
    pub notes: Vec<&'static str>,
}

impl Profile {
    /// Derives the export of a key that passed the gate. Nothing is written yet.
    ///
    /// # Errors
    /// [`ExportFailure::Target`]. [`ExportFailure::Store`] with
    /// [`Refusal::SharedNotCompared`](crate::Refusal::SharedNotCompared) where it is made of
    /// the other device's card and nobody has compared the key.
    pub fn prepare_export(
        &self,
        key: UsableKey,
        target: &'static Target,
        purpose: Purpose,
        options: &OptionValues,
    ) -> Result<PreparedExport<'_>, ExportFailure> {
        let contact = self.contact_of(&key).map(|contact| contact.name.to_string());
        let name = contact.unwrap_or_else(|_| key.name.clone());
        let export = target.export_for(&key.file, &name, &purpose, options)?;
        if export.shared {
            key.check_shared().map_err(StoreError::from)?;
        }
        Ok(PreparedExport {
            profile: self,
            key,
            target,
            program: None,
            purpose,
            options: options.clone(),
            export,
            sealed: None,
        })
    }
}

impl PreparedExport<'_> {
    /// Names the file after `program` and tells how that one uses it: the same key, for
    /// one of the programs that the target serves.
    #[must_use]
    pub fn told_for(mut self, program: &'static Program) -> Self {
        // Another one's lines would be of another file.
        self.program = Some(program).filter(|program| program.target.name == self.target.name);
        self
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &UsableKey {
        &self.key
    }

    /// What the user should know of this very file.
    #[must_use]
    pub fn notes(&self) -> &[&'static str] {
        &self.export.notes
    }

    /// Whether the program takes it as it is: nothing is left to fill in.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.export.complete
    }

    /// Whether it is made of what the other device shared.
    #[must_use]
    pub const fn is_of_card(&self) -> bool {
        self.export.shared
    }

    /// The host that ssh then trusts a key for, and whether it knows that one already by
    /// another key. Asks ssh-keygen.
    #[must_use]
    pub fn trusted_host(&self) -> Option<(&str, KnownHost)> {
        let host = self.export.host.as_deref()?;
        let card = self.key.file.card().ok()?;
        let key = match card.identifier(IdentifierKind::SshHost)?.ok()? {
            Identifier::SshHost(key) => key,
            _ => return None,
        };
        Some((host, KnownHost::ask(host, &key)))
    }

    /// Whether a terminal must not get it.
    #[must_use]
    pub const fn is_binary(&self) -> bool {
        self.target.binary && self.sealed.is_none()
    }

    /// A name for its file.
    #[must_use]
    pub fn default_file_name(&self) -> String {
        let id = self.key.file.key_id();
        let (name, sealed) = (&self.key.name, self.sealed.is_some());
        match self.program {
            Some(program) => program.file_name(name, &self.purpose, id, sealed),
            None => self.target.file_name(name, &self.purpose, id, sealed),
        }
    }

    /// A path in `folder` for its file that no file has: with a number where one is there.
    #[must_use]
    pub fn free_path(&self, folder: &Path) -> PathBuf {
        let name = self.default_file_name();
        let (stem, endings) = name.split_once('.').unwrap_or((&name, ""));
        let is_free = |path: &Path| {
            let public = self.export.public.as_ref().map(|(ending, _)| {
                let mut public = path.as_os_str().to_owned();
                public.push(format!(".{ending}"));
                PathBuf::from(public)
            });
            std::iter::once(path.to_owned())
                .chain(public)
                .all(|path| std::fs::symlink_metadata(path).is_err())
        };
        let numbered = |n: u32| folder.join(format!("{stem}-{n}.{endings}"));
        std::iter::once(folder.join(&name))
            .chain((2..10_000).map(numbered))
            .find(|path| is_free(path))
            // Then the writer says that it is there.
            .unwrap_or_else(|| folder.join(&name))
    }

    /// Puts the file under a passphrase. Takes about a second with
    /// [`WorkFactor::Standard`].
    ///
    /// # Errors
    /// [`ExportFailure::Passphrase`], [`ExportFailure::NoSecret`].
    pub fn protect(
        mut self,
        passphrase: &Passphrase,
        work: WorkFactor,
    ) -> Result<Self, ExportFailure> {
        if self.target.is_public() {
            return Err(ExportFailure::NoSecret(self.target.name));
        }
        self.sealed = Some(encrypt_with_passphrase(self.export.file.expose(), passphrase, work)?);
        Ok(self)
    }

    /// Writes the file, and the public one beside it where there is one: both or
    /// neither, and never in place of another.
    ///
    /// # Errors
    /// [`ExportFailure::Write`]: nothing was written. [`ExportFailure::Store`]: it
    /// was, and could not be recorded.
    pub fn write_file(self, path: &Path, at: Timestamp) -> Result<ExportedFiles, ExportFailure> {
        let files = if self.target.is_public() {
            create_file(path, self.bytes(), Access::Shared)
                .map(|()| Vec::new())
                .map_err(|error| WriteError::new(path, &error))?
        } else {
            write_export(path, self.bytes(), self.export.public.as_ref())
                .map_err(|(path, error)| WriteError::new(&path, &error))?
        };
        let without_file = self.without_file();
        let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.record(full.to_string_lossy().into_owned(), at)?;
        let protected = self.sealed.is_some();
        // It is opened first, and used under the name that it then has.
        let opened = (protected && !self.target.opens_protected()).then(|| opened_path(path));
        let open = |opened| format!("age -d -o {} {}", shell_path(opened), shell_path(path));
        let used = opened.as_deref().unwrap_or(path);
        Ok(ExportedFiles {
            path: path.to_owned(),
            public: files.into_iter().nth(1),
            protected,
            open_command: opened.as_deref().map(open),
            usage: match self.program {
                Some(program) => program_usage_lines(program, used, &self.export.places),
                None => usage_lines(self.target, used, &self.export.places),
            },
            without_file,
            undo: match self.program {
                Some(program) => program_undo_lines(program, used, &self.export.places),
                None => undo_lines(self.target, used, &self.export.places),
            },
        })
    }

    /// Writes the file's bytes to a stream, which the record calls `to`.
    ///
    /// # Errors
    /// [`ExportFailure::Write`], [`ExportFailure::Store`].
    pub fn write_to(
        self,
        mut out: impl Write,
        to: &str,
        at: Timestamp,
    ) -> Result<(), ExportFailure> {
        let written = out.write_all(self.bytes()).and_then(|()| out.flush());
        written.map_err(|error| WriteError::new(Path::new(to), &error))?;
        Ok(self.record(to.to_owned(), at)?)
    }

    /// Writes the bytes to a program that asked for them: it is recorded once for each
    /// program and purpose, with the day of the last time, since a backup asks every hour.
    /// What kept it from being recorded is no reason to stop a backup; it is returned.
    ///
    /// # Errors
    /// [`ExportFailure::Write`].
    pub fn give_to(
        self,
        mut out: impl Write,
        at: Timestamp,
    ) -> Result<Option<StoreError>, ExportFailure> {
        let written = out.write_all(self.bytes()).and_then(|()| out.flush());
        written.map_err(|error| WriteError::new(Path::new("the pipe"), &error))?;
        let recorded = self.profile.record_given(&self.key, self.made("given to a program", at));
        Ok(recorded.err().filter(|error| !matches!(error, StoreError::ReadOnly(_))))
    }

    /// The command by which a program gets it, with no file on the disk.
    #[must_use]
    pub fn get_command(&self) -> GetCommand {
        let asked_for = self.program.map(Program::asked_for);
        let folder = self.profile.folder_to_name();
        GetCommand::new(
            self.key.file.key_id(),
            asked_for.as_deref().unwrap_or(self.target.name),
            (self.target, &self.options),
            &self.purpose,
            folder.as_deref(),
        )
    }

    /// How the program is given it without a file; empty where it cannot be.
    #[must_use]
    pub fn without_file(&self) -> Vec<String> {
        let command = self.get_command();
        match self.program {
            Some(program) => command.lines(program.without_file()),
            None => command.lines(self.target.without_file().iter().copied()),
        }
    }

    /// The codes that a phone scans, mostly one, to see whether there is room for them. They
    /// are the secret: what is shown goes through [`PreparedExport::show_codes`], which
    /// records it.
    ///
    /// # Errors
    /// [`ExportFailure::NotScanned`], [`ExportFailure::Incomplete`],
    /// [`ExportFailure::Code`].
    pub fn codes(&self) -> Result<Vec<Code>, ExportFailure> {
        if self.target.scanned_by.is_none() {
            return Err(ExportFailure::NotScanned(self.target.name));
        }
        if !self.export.complete {
            return Err(ExportFailure::Incomplete(self.target.name));
        }
        let code = |(_, bytes): (_, &[u8])| match str::from_utf8(bytes) {
            Ok(text) => Code::new(text),
            Err(_) => Code::from_bytes(bytes),
        };
        Ok(self.export.codes().into_iter().map(code).collect::<Result<_, _>>()?)
    }

    /// Makes the codes that a phone scans, to be shown one after the other.
    ///
    /// # Errors
    /// As [`PreparedExport::codes`], and [`ExportFailure::Store`].
    pub fn show_codes(self, at: Timestamp) -> Result<Vec<ExportedCode>, ExportFailure> {
        let codes = self.codes()?;
        self.record("shown as a code".to_owned(), at)?;
        let PreparedExport { key, target, purpose, export, .. } = self;
        let shown = |(code, (caption, bytes)): (Code, (Option<&str>, &[u8]))| ExportedCode {
            text: Zeroizing::new(bytes.to_vec()),
            code,
            caption: caption.map(str::to_owned),
            key: key.name.clone(),
            target,
            purpose: purpose.clone(),
            notes: export.notes.clone(),
        };
        Ok(codes.into_iter().zip(export.codes()).map(shown).collect())
    }

    /// Puts it on pages of paper, without a passphrase.
    ///
    /// # Errors
    /// [`PaperError`].
    pub fn on_paper(
        self,
        plan: Plan,
        rng: &mut (impl CryptoRng + ?Sized),
        at: Timestamp,
    ) -> Result<Paper, PaperError> {
        let name = self.default_file_name();
        let paper = Paper::of_file(self.export.file.expose(), &name, plan, rng)?;
        self.record("shown on pages to print".to_owned(), at)?;
        Ok(paper)
    }

    fn bytes(&self) -> &[u8] {
        self.sealed.as_deref().unwrap_or_else(|| self.export.file.expose())
    }

    fn record(&self, to: String, at: Timestamp) -> Result<(), StoreError> {
        // It said so when it was opened; the export itself goes elsewhere.
        if self.profile.is_read_only() {
            return Ok(());
        }
        self.profile.record_export(self.key.file.key_id(), self.made(&to, at))
    }

    /// What is remembered of it.
    fn made(&self, to: &str, at: Timestamp) -> Exported {
        let (target, purpose) = (self.target.name.to_owned(), self.purpose.as_str().to_owned());
        let program = self.program.map(|program| program.name.to_owned());
        let undo = match self.export.shared {
            true => undo_lines(self.target, Path::new(to), &self.export.places),
            false => Vec::new(),
        };
        Exported { target, program, purpose, to: to.to_owned(), at, last: None, undo }
    }
}

/// Where a protected file goes when it is opened: its name without `.age`, or with
/// `.opened` where it has none.
fn opened_path(path: &Path) -> PathBuf {
    if path.extension().is_some_and(|ending| ending == "age") {
        return path.with_extension("");
    }
    let mut opened = path.as_os_str().to_owned();
    opened.push(".opened");
    PathBuf::from(opened)
}
