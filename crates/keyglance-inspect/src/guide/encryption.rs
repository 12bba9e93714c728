//! How end-to-end encryption works: what is readable where, in five steps.

/// The places that a message passes, in this order.
pub const STATIONS: [&str; 6] =
    ["Your device", "Network", "Front server", "Service", "Disk", "The other device"];

/// Whether a place can read what passes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// It is readable there.
    Reads,
    /// It is encrypted there, and the key is elsewhere.
    Sealed,
}

impl Access {
    /// The words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reads => "can read",
            Self::Sealed => "cannot read",
        }
    }
}

/// One step of the explanation, which a window draws as a picture and a terminal as lines.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Phase {
    /// What it is about.
    pub title: &'static str,
    /// What happens.
    pub text: &'static str,
    /// Who can read, for each of [`STATIONS`].
    pub access: [Access; 6],
    /// The places in [`STATIONS`] that it is about.
    pub about: &'static [usize],
}

impl Phase {
    /// Each place, and whether it can read.
    pub fn stations(&self) -> impl Iterator<Item = (&'static str, Access)> {
        STATIONS.into_iter().zip(self.access)
    }
}

/// How end-to-end encryption works.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The heading.
    pub title: &'static str,
    /// The steps.
    pub phases: &'static [Phase],
    /// The heading of what remains.
    pub remains_title: &'static str,
    /// What encryption between the devices does not do, and what a code has to do with it.
    pub remains: &'static [&'static str],
}

use Access::{Reads, Sealed};

/// The page for both faces.
#[must_use]
pub const fn how_encryption_works() -> &'static Explanation {
    &Explanation {
        title: "How end-to-end encryption works",
        phases: PHASES,
        remains_title: "What remains",
        remains: REMAINS,
    }
}

const PHASES: &[Phase] = &[
    Phase {
        title: "On the way",
        text: "Between your device and the service everything is encrypted: that is the padlock \
               in a browser (https, TLS). Nobody on the network can read it.",
        access: [Reads, Sealed, Reads, Reads, Reads, Reads],
        about: &[1],
    },
    Phase {
        title: "Where the way ends",
        text: "This encryption ends at the first server, the front. It is often another \
               company's, and passes on what it has decrypted. From here on it is readable.",
        access: [Reads, Sealed, Reads, Reads, Reads, Reads],
        about: &[2, 3],
    },
    Phase {
        title: "On the disk",
        text: "\"Encrypted at rest\" means that the service encrypts its disks. Who steals a disk \
               reads nothing. The service has the key, and reads all.",
        access: [Reads, Sealed, Reads, Reads, Sealed, Reads],
        about: &[4],
    },
    Phase {
        title: "Without encryption on your side",
        text: "All of that together: network and stolen disks show nothing. The front server and \
               the service can read everything, and so can whoever breaks in there or has the \
               right to ask.",
        access: [Reads, Sealed, Reads, Reads, Sealed, Reads],
        about: &[2, 3],
    },
    Phase {
        title: "With encryption on your side: end-to-end",
        text: "Your device encrypts before it sends, with a key that only the devices at both \
               ends have. All that is between them passes on and stores what it cannot read.",
        access: [Reads, Sealed, Sealed, Sealed, Sealed, Reads],
        about: &[0, 5],
    },
];

const REMAINS: &[&str] = &[
    "The devices get each other's keys through the service. It could hand out its own instead and \
     read along. Who compares the keys, by scanning a code or reading numbers to each other, \
     finds that out.",
    "A code to scan is no proof by itself. Many only let a device in, or only name somebody: what \
     counts is whether a key is in it, and whose.",
    "In a link, what stands after # stays in the browser. A key in that place is not sent to the \
     server; the page that the server sends can still read it.",
    "Who writes to whom, when and how much can still be visible. Backups may be readable even \
     where messages are not.",
    "Everything depends on the program at your end. Open source lets others look; that yours was \
     built from it, no code can show.",
];
