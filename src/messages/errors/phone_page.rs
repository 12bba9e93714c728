//! What can go wrong with the page for phones and with its address.

use keyglance_profile::{PageAddressError, PhonePageError};

use super::profile::hidden_letter;
use super::{Explain, Face, Notification, sentence};

/// Where the page is not installed.
const NOT_INSTALLED: &str = "The page for phones was not installed with this program.";

/// What to do then.
const INSTALL_IT: &str = "It is an optional part: build it with make phone and install again, or \
    take it from a release.";

impl Explain for PageAddressError {
    fn explain(&self, _: Face) -> Notification {
        let (what, advice) = match self {
            Self::Empty => ("No address was given.".to_owned(), LIKE_THIS),
            Self::Hidden(letter) => (hidden_letter("The address", *letter), "Type it by hand."),
            Self::NotAscii(letter) => (
                format!("The address holds “{letter}”, which is not plain ASCII."),
                "Write the name of the host in punycode (xn--…), and other letters as %XX.",
            ),
            Self::Character(' ') => ("The address holds a space.".to_owned(), "Write it as %20."),
            Self::NotHttps => (
                "The address has to begin with https://.".to_owned(),
                "Browsers give the camera to no other pages. For a try on this computer: \
                 http://localhost",
            ),
            Self::User => (
                "The address holds a user or a password.".to_owned(),
                "Leave away what stands before the @.",
            ),
            Self::Host => ("The address names no host.".to_owned(), LIKE_THIS),
            Self::Extra => (
                "The address has a part after ? or #.".to_owned(),
                "Leave it away: the page needs none.",
            ),
            error => (sentence(error), LIKE_THIS),
        };
        Notification::new(what, advice)
    }
}

const LIKE_THIS: &str = "It looks like this: https://keys.example/phone/";

impl Explain for PhonePageError {
    fn explain(&self, face: Face) -> Notification {
        let (what, advice) = match self {
            Self::NotInstalled => (NOT_INSTALLED.to_owned(), INSTALL_IT.to_owned()),
            Self::Damaged(path) => (
                format!("{} is missing or not as it was built.", face.file(path)),
                "Nothing was written. Install Keyglance again.".to_owned(),
            ),
            Self::NotAFolder(path) => (
                format!("{} is not a folder.", face.file(path)),
                face.choose(
                    "Nothing was written. Choose a folder.",
                    "Nothing was written. Name a folder with --out DIR.",
                )
                .to_owned(),
            ),
            Self::Write(error) => {
                let Notification { what, .. } = error.explain(face);
                let advice = face.choose(
                    "Nothing was written. Choose another folder.",
                    "Nothing was written. Name another folder with --out DIR.",
                );
                (what, advice.to_owned())
            }
            error => (sentence(error), String::new()),
        };
        Notification::new(what, advice)
    }
}
