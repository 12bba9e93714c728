//! What can go wrong with pages of paper.

use keyglance_core::paper::{GatherError, PlanError, ShareError};
use keyglance_profile::PaperError;

use super::{Explain, Face, Notification, UNWRITTEN, sentence};

const NOTHING_RESTORED: &str = "Nothing was restored.";

impl Explain for PlanError {
    fn explain(&self, _: Face) -> Notification {
        Notification::new(sentence(self), UNWRITTEN)
    }
}

impl Explain for ShareError {
    fn explain(&self, _: Face) -> Notification {
        match self {
            Self::UnknownWord { close, .. } if !close.is_empty() => {
                let close = close.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>();
                Notification::new(sentence(self), format!("Close to it: {}.", close.join(", ")))
            }
            Self::UnknownWord { .. } => {
                Notification::new(sentence(self), "Look at the page again: its words are numbered.")
            }
            Self::Length(_) => {
                Notification::new(sentence(self), "Type all words of one page, in their order.")
            }
            Self::Checksum => {
                Notification::new(sentence(self), "Compare each with the page, by its number.")
            }
            _ => Notification::new(sentence(self), "Restore it with the program that made it."),
        }
    }
}

impl Explain for GatherError {
    fn explain(&self, _: Face) -> Notification {
        let advice = match self {
            Self::OtherSet { .. } => {
                "It was not taken. Pages of one set begin with the same two words."
            }
            Self::Differs => "It was not taken. Look for the pages that were printed together.",
            Self::Missing { .. } => {
                "Nothing was restored. Fewer pages say nothing of what they hold."
            }
            _ => NOTHING_RESTORED,
        };
        Notification::new(sentence(self), advice)
    }
}

impl Explain for PaperError {
    fn explain(&self, face: Face) -> Notification {
        match self {
            Self::Code(error) => error.explain(face),
            Self::File(error) => error.explain(face),
            Self::Store(error) => error.explain(face),
            Self::Share(error) => error.explain(face),
            Self::Gather(error) => error.explain(face),
            Self::TooLarge { .. } => Notification::new(sentence(self), UNWRITTEN),
            Self::OtherCode => Notification::new(
                sentence(self),
                "It was not taken. Take the second code of a page of this set.",
            ),
            Self::NoCode => Notification::new(
                sentence(self),
                face.choose(
                    "Show or open a picture of it: it stands beside the first, on every page.",
                    "Nothing was restored. Give a picture of it too: keyglance paper restore \
                     PICTURE. It stands beside the first code, on every page.",
                ),
            ),
            Self::NoKind => Notification::new(
                sentence(self),
                face.choose(
                    "Choose what they are: the page says it.",
                    "Nothing was restored. The page says it: --as device, passphrase, words, age, \
                     bytes or file.",
                ),
            ),
            error => Notification::new(
                sentence(error),
                "Nothing was restored. The page says what it is.",
            ),
        }
    }
}
