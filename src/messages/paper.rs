//! Keys on paper: what pages say, and what is said of them.

use jiff::Timestamp;
#[cfg(feature = "cli")]
use keyglance_core::paper::Added;
use keyglance_core::paper::{Kind, Plan};
#[cfg(feature = "cli")]
use keyglance_profile::PageRead;
use keyglance_profile::{Paper, PaperPage, PaperReader};
use keyglance_qr::SharePage;

use super::date;

/// What the program is told of paper, in a sentence: before pages are made.
pub const WHAT_IT_IS: &str = "\
Some of the pages together restore it; fewer say nothing of it. So no single place, and nobody \
alone, has it.";

/// Once the file of the pages is there.
pub const PRINT_AND_DELETE: &str = "Print it on a printer that keeps nothing, and delete it.";

/// What stands in the title of the printed file.
pub const TITLE: &str = "Keyglance pages";

/// The pages, to be printed. `whose` is the contact whose key an export is made of.
pub fn pages<'a>(
    paper: &'a Paper,
    whose: Option<&str>,
    danger: &str,
    at: Timestamp,
) -> Vec<SharePage<'a>> {
    paper.pages.iter().map(|page| printed(paper, page, whose, danger, at)).collect()
}

fn printed<'a>(
    paper: &'a Paper,
    page: &'a PaperPage,
    whose: Option<&str>,
    danger: &str,
    at: Timestamp,
) -> SharePage<'a> {
    let (needed, count) = (paper.plan.needed(), paper.plan.count());
    let mut codes =
        vec![(&page.code, format!("Page {} of {count}: the words below, as a code.", page.number))];
    if let Some(sealed) = &page.sealed {
        let caption = "What the words open. It is the same on every page, and needed once.";
        codes.push((sealed, caption.to_owned()));
    }
    SharePage {
        title: format!("Keyglance: page {} of {count}, {needed} needed", page.number),
        lines: vec![
            content(paper, whose),
            enough(paper.plan),
            format!(
                "Set “{}”, made on {}. Pages of another set do not fit.",
                paper.set,
                date::day(at)
            ),
        ],
        codes,
        words: page.words(),
        words_title: match page.sealed {
            Some(_) => "The words. They need the second code of a page beside them.".to_owned(),
            None => "The words. They are enough, without the code.".to_owned(),
        },
        steps: steps(paper),
        warning: format!(
            "This page alone says nothing of the secret. {needed} of them have all of it{}: keep \
             them in different places. {danger} Delete the file of these pages \
             once they are printed.",
            if needed == count { ", and none may be lost" } else { "" }
        ),
    }
}

/// What is on the pages.
fn content(paper: &Paper, whose: Option<&str>) -> String {
    match (paper.kind, whose) {
        (Kind::Device, _) => format!("What the device “{}” is known by: its own key.", paper.name),
        (_, Some(contact)) => {
            format!("Made of the key that is shared with “{contact}”: the file {}.", paper.name)
        }
        (_, None) => format!("The file {}.", paper.name),
    }
}

/// How many are needed.
pub fn enough(plan: Plan) -> String {
    match (plan.needed(), plan.count()) {
        (needed, count) if needed == count => {
            format!("All {count} pages are needed: if one is lost, all is lost.")
        }
        (needed, count) => format!(
            "Any {needed} of the {count} pages restore it, so {} may be lost.",
            count - needed
        ),
    }
}

fn steps(paper: &Paper) -> Vec<String> {
    let (needed, kind) = (paper.plan.needed(), paper.kind);
    let mut steps = vec![
        format!("To restore it: bring {needed} pages of this set to a computer that you trust."),
        "In the window of Keyglance: Restore a backup, then From pages on paper. In a terminal, \
         show their codes to its camera: keyglance paper restore --scan camera. Or photograph \
         them: keyglance paper restore PICTURE PICTURE."
            .to_owned(),
    ];
    if kind.by_words() {
        steps.push(format!(
            "Or type the words of each page: keyglance paper restore --as {}. The first four \
             letters of a word are enough.",
            kind.name()
        ));
    } else {
        steps.push(
            "Or type the words of each page, and photograph the second code of one: keyglance \
             paper restore --as file PICTURE."
                .to_owned(),
        );
    }
    steps.push(without_us(kind).to_owned());
    steps
}

/// What another program does with the words.
const fn without_us(kind: Kind) -> &'static str {
    match kind {
        Kind::Device => {
            "Without Keyglance: the words are of SLIP-0039, with an empty passphrase. Any program \
             of that standard gives the 32 bytes of the X25519 key."
        }
        Kind::Passphrase => {
            "Without Keyglance: the words are of SLIP-0039, with an empty passphrase. Any program \
             of that standard gives 32 bytes; in base64url, without =, they are the passphrase."
        }
        Kind::Words => {
            "Without Keyglance: the words are of SLIP-0039, with an empty passphrase. Any program \
             of that standard gives the bytes whose words of BIP 39 these were."
        }
        Kind::Age => {
            "Without Keyglance: the words are of SLIP-0039, with an empty passphrase. Any program \
             of that standard gives 32 bytes; in Bech32 with AGE-SECRET-KEY- they are the identity."
        }
        Kind::Bytes => {
            "Without Keyglance: the words are of SLIP-0039, with an empty passphrase. Any program \
             of that standard gives the bytes of the file."
        }
        _ => {
            "Without Keyglance any program of SLIP-0039, with an empty passphrase, gives the key \
             of the second code; only Keyglance opens that."
        }
    }
}

/// What somebody can do who has enough pages of a device's own key.
pub const DEVICE_DANGER: &str =
    "Anyone with enough pages can be this device towards everybody who knows it.";

pub const NO_PAGE: &str = "No code of a page of Keyglance was found.";
pub const NO_PAGE_ADVICE: &str =
    "Nothing was restored. Photograph the whole code, from above and without a shadow.";

/// What was read, and what is missing.
#[cfg(feature = "cli")]
pub fn read(read: PageRead, reader: &PaperReader, kind: Option<Kind>) -> String {
    let what = match read {
        PageRead::Page(number, Added::New) => format!("Page {number} is read."),
        PageRead::Page(number, Added::Known) => format!("Page {number} was read already."),
        PageRead::SecondCode => "The second code is read.".to_owned(),
    };
    format!("{what} {}", missing(reader, kind))
}

/// How many pages there are, and what is missing.
pub fn missing(reader: &PaperReader, kind: Option<Kind>) -> String {
    let (have, kind) = (reader.numbers().len(), reader.kind().or(kind));
    let Some(needed) = reader.needed().map(usize::from) else {
        return "No page is there yet.".to_owned();
    };
    let code = kind.is_some_and(|kind| !kind.by_words()) && !reader.has_second_code();
    match needed.saturating_sub(have) {
        0 if code => {
            "The pages are enough. The second code of one of them is needed too.".to_owned()
        }
        0 => "The pages are enough.".to_owned(),
        1 => format!("{have} of {needed} that are needed: one more."),
        more => format!("{have} of {needed} that are needed: {more} more."),
    }
}

#[cfg(feature = "cli")]
pub mod terminal {
    //! The same in a terminal.

    pub const TYPE_WORDS: &str = "Type the words of a page, Enter behind the last:";
    pub const AIM: &str = "Show the codes of the pages to the camera, one after the other.";
}
