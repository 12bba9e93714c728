//! The catalogue of programs: what people call a thing, and the target that it takes.
//! Both faces choose from it, so that a name which works in one works in the other.

mod catalogue;
mod search;
mod without_file;

pub use catalogue::{PROGRAMS, WITHOUT_KEYS_FROM_OUTSIDE};

use super::{OptionValues, Target};

/// What people do with a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Files and backups.
    Files,
    /// Disks and folders.
    Disks,
    /// Passwords and sign-in.
    Passwords,
    /// Networks.
    Networks,
    /// What the other device shared of its own programs.
    Shared,
    /// What a phone scans.
    Phones,
    /// Forms for programs of one's own.
    Developers,
}

impl Group {
    /// Every group, in the order of lists.
    pub const ALL: [Self; 7] = [
        Self::Files,
        Self::Disks,
        Self::Passwords,
        Self::Networks,
        Self::Shared,
        Self::Phones,
        Self::Developers,
    ];

    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Files => "Files and backups",
            Self::Disks => "Disks and folders",
            Self::Passwords => "Passwords and sign-in",
            Self::Networks => "Networks",
            Self::Shared => "From what they shared",
            Self::Phones => "Phones and radio",
            Self::Developers => "For developers",
        }
    }

    /// Its programs, in the order of lists.
    pub fn programs(self) -> impl Iterator<Item = &'static Program> {
        PROGRAMS.iter().filter(move |program| program.group == self)
    }
}

/// A program, or another thing that people want a key for, and how it gets one.
///
/// ```
/// use keyglance_core::exports::Program;
///
/// let restic = Program::find("Restic")?;
/// assert_eq!(restic.target.name, "passphrase");
/// assert_eq!(Program::search("backup").first(), Some(&restic));
/// # Ok::<(), keyglance_core::exports::ExportError>(())
/// ```
#[derive(Debug)]
pub struct Program {
    /// As it is shown.
    pub name: &'static str,
    /// Where it stands.
    pub group: Group,
    /// What one gets, in a sentence.
    pub summary: &'static str,
    /// The target that it takes.
    pub target: &'static Target,
    /// Options that are set for it beforehand.
    pub preset: &'static [(&'static str, &'static str)],
    /// Other names of it, and programs that take the same.
    pub aliases: &'static [&'static str],
    /// Password fields of programs that make their other keys themselves: found by their
    /// whole name only, since the program's own name has another answer.
    pub fields: &'static [&'static str],
    /// What it is used for, in the words of a search.
    pub uses: &'static [&'static str],
    /// Whether its key is meant to be scanned by a phone rather than saved.
    pub phone: bool,
    /// The word in those lines of the target's usage that tell of this program; without
    /// one, all of them do.
    told_by: Option<&'static str>,
    /// The ending of its file's name, where it is another one than the target's.
    extension: Option<&'static str>,
}

/// What cannot take a key from outside.
#[derive(Debug, PartialEq, Eq)]
pub struct KeylessProgram {
    /// As it is shown.
    pub name: &'static str,
    /// What to do instead, or why not: a sentence.
    pub answer: &'static str,
    /// Whether two people check its keys by a code, which we can say something about.
    pub has_code: bool,
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        (self.group, self.name) == (other.group, other.name)
    }
}

impl Eq for Program {}

impl Program {
    /// How the program is told to use the file: the target's lines about it
    /// ([`Target::usage`]).
    pub fn usage(&self) -> impl Iterator<Item = &'static str> {
        let told_by = self.told_by;
        let lines = self.target.usage.iter().copied();
        lines.filter(move |line| told_by.is_none_or(|word| line.contains(word)))
    }

    /// How the key is revoked or renewed in the program: the target's lines about it
    /// ([`Target::undo`]).
    pub fn undo(&self) -> impl Iterator<Item = &'static str> {
        let told_by = self.told_by;
        let lines = self.target.undo.iter().copied();
        lines.filter(move |line| told_by.is_none_or(|word| line.contains(word)))
    }

    /// The ending of its file's name, without the dot.
    #[must_use]
    pub fn extension(&self) -> &'static str {
        self.extension.unwrap_or(self.target.extension)
    }

    /// The options that are set for it beforehand.
    #[must_use]
    pub fn preset_options(&self) -> OptionValues {
        let mut values = OptionValues::default();
        for (name, text) in self.preset {
            values.set(name, *text);
        }
        values
    }
}
