//! What a page's code says: the words, so that every scanner shows them, and below what they
//! are.

use zeroize::Zeroizing;

use super::content::Kind;
use super::share::{Share, ShareError};
use crate::intake::{percent_decoded, percent_encoded};

/// Begins the second line.
const MARK: &str = "keyglance-paper";
/// The most bytes of a name on a page.
const LONGEST: usize = 255;

/// A page, as its code says it.
#[derive(Clone, Debug)]
pub struct PageText {
    /// The share.
    pub share: Share,
    /// What the secret is.
    pub kind: Kind,
    /// What it was called: a device, or a file.
    pub name: String,
    /// When a device was made, in seconds since 1970.
    pub created: Option<i64>,
}

impl PageText {
    /// What the code says.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        let mut second =
            format!("{MARK} kind={} name={}", self.kind.name(), percent_encoded(&self.name));
        if let Some(created) = self.created {
            second.push_str(&format!(" created={created}"));
        }
        Zeroizing::new([self.share.words().as_str(), "\n", &second].concat())
    }

    /// The page that a code says. `None` for any other code.
    ///
    /// # Errors
    /// [`ShareError`] of a page whose words are none.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Result<Self, ShareError>> {
        let (words, second) = text.trim_end().split_once('\n')?;
        let mut parts = second.trim().split(' ');
        if parts.next() != Some(MARK) {
            return None;
        }
        let (mut kind, mut name, mut created) = (Kind::Bytes, String::new(), None);
        for (key, value) in parts.filter_map(|part| part.split_once('=')) {
            match key {
                "kind" => kind = Kind::find(value)?,
                "name" if value.len() <= 3 * LONGEST => {
                    name = percent_decoded(value)
                        .filter(|name| name.len() <= LONGEST)
                        .unwrap_or_default();
                }
                "created" => created = value.parse().ok(),
                // Of a later version.
                _ => {}
            }
        }
        Some(Share::from_words(words).map(|share| Self { share, kind, name, created }))
    }
}
