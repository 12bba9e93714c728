//! A device or an export on paper, on several pages of which some are enough, and back.

use std::path::Path;

use jiff::Timestamp;
use keyglance_core::crypto::IdentityKey;
use keyglance_core::pairing::DisplayName;
use keyglance_core::paper::{
    Added, Content, GatherError, Gathering, Kind, MAX_SEALED, PageText, Plan, SealedText, SetId,
    Share, ShareError, split,
};
use keyglance_core::text::is_hidden;
use keyglance_qr::{Code, EncodeError, SharePage, share_pages};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::code_file::{CodeFileError, CodeFormat};
use crate::storage::{Access, Identity, StoreError, WriteError, create_file, machine_name};

/// Why nothing came to paper, or back from it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PaperError {
    /// It does not fit the code of a page.
    #[error("{bytes} bytes are too many for a page, whose code holds {MAX_SEALED}")]
    TooLarge {
        /// How many bytes there are.
        bytes: usize,
    },
    /// A code cannot be made.
    #[error(transparent)]
    Code(#[from] EncodeError),
    /// Only pages to print are written.
    #[error(transparent)]
    File(#[from] CodeFileError),
    /// It could not be recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was read is no page.
    #[error(transparent)]
    Share(#[from] ShareError),
    /// The pages do not go together, or are too few.
    #[error(transparent)]
    Gather(#[from] GatherError),
    /// The second code of a page is of another set than the pages that were read.
    #[error("the second code is of another set than the pages before")]
    OtherCode,
    /// The pages are enough; what they open is in the second code of any of them.
    #[error("the second code of a page is missing")]
    NoCode,
    /// Words alone do not say what they are, and nobody did.
    #[error("the words do not say what they are")]
    NoKind,
    /// What was said that they are cannot be.
    #[error("these pages hold no {}", .0.name())]
    OtherKind(Kind),
}

/// What is to be printed: the secret is in it.
#[derive(Debug)]
pub struct Paper {
    /// What it holds.
    pub kind: Kind,
    /// How many pages there are, and how many are needed.
    pub plan: Plan,
    /// Which set the pages are of.
    pub set: SetId,
    /// Of whom, or of which file.
    pub name: String,
    /// The pages, in their order.
    pub pages: Vec<PaperPage>,
}

/// One page. Its words and its code are the share.
#[derive(Debug)]
pub struct PaperPage {
    /// Which one it is, counted from 1.
    pub number: u8,
    /// The words, with a space between them.
    words: Zeroizing<String>,
    /// The code that says the words.
    pub code: Code,
    /// The code with what the words open, where they are not all of it. The same on all.
    pub sealed: Option<Code>,
}

impl PaperPage {
    /// The words, to be printed.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }
}

impl Paper {
    /// This device's own key, with its name.
    ///
    /// # Errors
    /// [`PaperError::Code`].
    pub fn of_device(
        identity: &Identity,
        plan: Plan,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, PaperError> {
        let content = Content::device(&identity.key);
        let created = Some(identity.created.as_second());
        Self::new(&content, &[], identity.name.as_str(), created, plan, rng)
    }

    /// A file of this name.
    ///
    /// # Errors
    /// [`PaperError::TooLarge`], [`PaperError::Code`].
    pub(crate) fn of_file(
        file: &[u8],
        name: &str,
        plan: Plan,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, PaperError> {
        Self::new(&Content::file(file, rng), file, name, None, plan, rng)
    }

    fn new(
        content: &Content,
        file: &[u8],
        name: &str,
        created: Option<i64>,
        plan: Plan,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, PaperError> {
        let too_large = || PaperError::TooLarge { bytes: file.len() };
        let shares = split(&content.secret, plan, rng).ok_or_else(too_large)?;
        let set = shares.first().map(Share::set).ok_or_else(too_large)?;
        let sealed = match content.kind {
            Kind::File => {
                let sealed = SealedText::seal(file, &content.secret, set).ok_or_else(too_large)?;
                Some(Code::new(&sealed.text())?)
            }
            _ => None,
        };
        let page = |share: Share| {
            let (number, words) = (share.number(), share.words());
            let text = PageText { share, kind: content.kind, name: name.to_owned(), created };
            let code = Code::new(&text.text())?;
            Ok(PaperPage { number, words, code, sealed: sealed.clone() })
        };
        let pages = shares.into_iter().map(page).collect::<Result<_, PaperError>>()?;
        Ok(Self { kind: content.kind, plan, set, name: name.to_owned(), pages })
    }
}

/// Writes pages to print to a new file that only this user may read.
///
/// # Errors
/// [`PaperError::File`]; an existing file stays as it is.
pub fn write_pages(path: &Path, title: &str, pages: &[SharePage<'_>]) -> Result<(), PaperError> {
    CodeFormat::of_page(path)?;
    let drawn = share_pages(title, pages);
    create_file(path, drawn.as_bytes(), Access::Private)
        .map_err(|error| CodeFileError::from(WriteError::new(path, &error)))?;
    Ok(())
}

/// Reads pages one by one, by their codes or their words, in any order.
#[derive(Debug, Default)]
pub struct PaperReader {
    gathering: Gathering,
    /// What a code said of it.
    about: Option<About>,
    sealed: Option<SealedText>,
}

#[derive(Clone, Debug)]
struct About {
    kind: Kind,
    name: String,
    created: Option<i64>,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageRead {
    /// A page with this number.
    Page(u8, Added),
    /// The second code of a page.
    SecondCode,
}

/// What the pages held.
#[derive(Debug)]
pub enum FromPaper {
    /// A device's own key.
    Device(Box<Identity>),
    /// A file: what it was called, and what is in it.
    File(String, Zeroizing<Vec<u8>>),
}

impl PaperReader {
    /// Takes what a code says; `None` if it is no code of a page.
    ///
    /// # Errors
    /// [`PaperError::Share`], [`PaperError::Gather`], [`PaperError::OtherCode`]; what was
    /// read before stays.
    pub fn read_code(&mut self, text: &str) -> Result<Option<PageRead>, PaperError> {
        if let Some(sealed) = SealedText::from_text(text) {
            if self.set().is_some_and(|set| !sealed.is_of(set)) {
                return Err(PaperError::OtherCode);
            }
            self.sealed = Some(sealed);
            return Ok(Some(PageRead::SecondCode));
        }
        let Some(page) = PageText::from_text(text) else { return Ok(None) };
        let PageText { share, kind, name, created } = page?;
        let read = self.take(share)?;
        self.about.get_or_insert(About { kind, name, created });
        Ok(Some(read))
    }

    /// Takes the words of a page.
    ///
    /// # Errors
    /// [`PaperError::Share`], [`PaperError::Gather`]; what was read before stays.
    pub fn read_words(&mut self, text: &str) -> Result<PageRead, PaperError> {
        self.take(Share::from_words(text)?)
    }

    fn take(&mut self, share: Share) -> Result<PageRead, PaperError> {
        let number = share.number();
        let added = self.gathering.add(share)?;
        let set = self.set();
        self.sealed = self.sealed.take().filter(|sealed| set.is_some_and(|set| sealed.is_of(set)));
        Ok(PageRead::Page(number, added))
    }

    /// Which set is being read.
    #[must_use]
    pub fn set(&self) -> Option<SetId> {
        self.gathering.set()
    }

    /// The numbers of the pages that are there.
    #[must_use]
    pub fn numbers(&self) -> Vec<u8> {
        let mut numbers: Vec<_> = self.gathering.numbers().collect();
        numbers.sort_unstable();
        numbers
    }

    /// How many pages are needed, once there is one.
    #[must_use]
    pub fn needed(&self) -> Option<u8> {
        self.gathering.needed()
    }

    /// What the pages hold, if a code said it.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.about.as_ref().map(|about| about.kind)
    }

    /// What a file of this kind is called, unless the pages hold a device.
    #[must_use]
    pub fn file_name(&self, kind: Kind) -> Option<String> {
        let name = self.about.as_ref().map(|about| about.name.as_str()).unwrap_or_default();
        (kind != Kind::Device).then(|| file_name(name, kind))
    }

    /// Whether there are enough pages.
    #[must_use]
    pub fn has_enough(&self) -> bool {
        self.gathering.is_complete()
    }

    /// Whether the second code of a page is there.
    #[must_use]
    pub const fn has_second_code(&self) -> bool {
        self.sealed.is_some()
    }

    /// Whether nothing is missing, where the words are of this kind unless a code said so.
    #[must_use]
    pub fn is_complete(&self, kind: Option<Kind>) -> bool {
        let kind = self.kind().or(kind);
        self.has_enough() && kind.is_some_and(|kind| kind.by_words() || self.has_second_code())
    }

    /// What the pages held: of this kind, where no code said what it is.
    ///
    /// # Errors
    /// [`PaperError::Gather`], [`PaperError::NoKind`], [`PaperError::OtherKind`],
    /// [`PaperError::NoCode`].
    pub fn restore(&self, kind: Option<Kind>, now: Timestamp) -> Result<FromPaper, PaperError> {
        let secret = self.gathering.secret()?;
        let about = self.about.clone();
        let kind = self.kind().or(kind).ok_or(PaperError::NoKind)?;
        let bytes = kind.file(&secret).ok_or(PaperError::OtherKind(kind))?;
        let name = about.as_ref().map(|about| about.name.clone()).unwrap_or_default();
        match kind {
            Kind::Device => {
                let secret = <[u8; 32]>::try_from(&bytes[..]).map(Zeroizing::new);
                let secret = secret.map_err(|_| PaperError::OtherKind(kind))?;
                let named = DisplayName::new(&name).ok().filter(|_| !name.is_empty());
                let created = about.and_then(|about| about.created);
                let created = created.and_then(|at| Timestamp::from_second(at).ok());
                Ok(FromPaper::Device(Box::new(Identity {
                    name: named.unwrap_or_else(machine_name),
                    created: created.unwrap_or(now),
                    key: IdentityKey::from_secret_bytes(&secret),
                })))
            }
            Kind::File => {
                let sealed = self.sealed.as_ref().ok_or(PaperError::NoCode)?;
                let file = sealed.open(&secret).ok_or(PaperError::OtherCode)?;
                Ok(FromPaper::File(file_name(&name, kind), file))
            }
            _ => Ok(FromPaper::File(file_name(&name, kind), bytes)),
        }
    }
}

/// A name for a file in the folder where it is written, whatever a page says.
fn file_name(name: &str, kind: Kind) -> String {
    let part = Path::new(name).file_name().and_then(|part| part.to_str());
    let fits = |part: &&str| {
        let odd = |c: char| is_hidden(c) || "\\/:*?\"<>|".contains(c);
        *part == name && !part.starts_with('.') && part.len() <= 120 && !part.contains(odd)
    };
    part.filter(fits).map_or_else(|| format!("from-paper.{}", kind.name()), str::to_owned)
}

/// Writes a restored file, which only this user may read, and in place of no other.
///
/// # Errors
/// [`WriteError`].
pub fn write_restored(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    create_file(path, bytes, Access::Private).map_err(|error| WriteError::new(path, &error))
}
