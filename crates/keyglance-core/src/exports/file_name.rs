//! Names for exported files, which every disk and every shell takes: ASCII, never hidden,
//! at most 100 bytes, and nothing that Windows forbids, on every system: a file goes from
//! one to another on a stick.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::{Program, Target};
use crate::crypto::{KeyId, Purpose};

/// Most bytes of a name's part, and of an interface's name behind `kg-`.
const MOST: usize = 40;
const MOST_OF_PURPOSE: usize = 30;
const MOST_OF_INTERFACE: usize = 12;

/// Not to be a file's name on Windows, whatever ending follows.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

impl Target {
    /// A name for its file: the key's and the purpose's letters and digits, and the
    /// endings. Where that is not the key's name with hyphens for spaces, 8 digits of its
    /// id tell it from another one's: 🦊 and 🦉 leave the same nothing.
    #[must_use]
    pub fn file_name(&self, name: &str, purpose: &Purpose, id: KeyId, sealed: bool) -> String {
        self.named(self.extension, name, purpose, id, sealed)
    }

    fn named(
        &self,
        extension: &str,
        name: &str,
        purpose: &Purpose,
        id: KeyId,
        sealed: bool,
    ) -> String {
        let id = id.to_string();
        let id = id.get(..8).unwrap_or(&id);
        // wg-quick calls the interface so.
        let stem = match self.name {
            "wireguard" => interface(name, purpose, id),
            _ => stem(name, purpose, id),
        };
        let ending = if sealed { ".age" } else { "" };
        format!("{stem}.{extension}{ending}")
    }
}

impl Program {
    /// A name for its file, as [`Target::file_name`], that ends in the program's name where
    /// the target serves several.
    #[must_use]
    pub fn file_name(&self, name: &str, purpose: &Purpose, id: KeyId, sealed: bool) -> String {
        self.target.named(self.extension(), name, purpose, id, sealed)
    }
}

/// A name as one word of letters, digits and hyphens, for a line of another program's file.
pub(super) fn word(name: &str, id: KeyId) -> String {
    let id = id.to_string();
    stem(name, &Purpose::none(), id.get(..8).unwrap_or(&id))
}

fn stem(name: &str, purpose: &Purpose, id: &str) -> String {
    let mut stem = ascii(name, MOST);
    if stem.is_empty() {
        "key".clone_into(&mut stem);
    }
    if stem != name.replace(' ', "-") || is_reserved(&stem) {
        stem = format!("{stem}-{id}");
    }
    let purpose = ascii(purpose.as_str(), MOST_OF_PURPOSE);
    if purpose.is_empty() { stem } else { format!("{stem}-{purpose}") }
}

/// wg-quick names the interface after the file: 1 to 15 bytes.
fn interface(name: &str, purpose: &Purpose, id: &str) -> String {
    let part = match purpose.as_str() {
        "" => name.to_owned(),
        purpose => format!("{name}-{purpose}"),
    };
    let plain = ascii(&part, MOST_OF_INTERFACE);
    if plain == part && !part.is_empty() { format!("kg-{plain}") } else { format!("kg-{id}") }
}

/// `text` without marks, every run of other characters than letters and digits of ASCII
/// as one hyphen.
fn ascii(text: &str, most: usize) -> String {
    let mut name = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_matches('-');
    name.get(..most).unwrap_or(name).trim_end_matches('-').to_owned()
}

fn is_reserved(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let numbered =
        port.is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit() && b != b'0'));
    numbered || RESERVED.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, purpose: &str) -> String {
        stem(name, &Purpose::new(purpose).unwrap(), "b2d5f7f6")
    }

    #[test]
    fn a_files_name_is_plain_and_tells_changed_names_apart() {
        let long = "x".repeat(63);
        for (name, purpose, expected) in [
            ("Bo", "", "Bo"),
            ("bo-laptop", "", "bo-laptop"),
            ("Bo laptop", "", "Bo-laptop"),
            ("Bo  laptop", "", "Bo-laptop-b2d5f7f6"),
            ("Bo", "office", "Bo-office"),
            ("Ana's laptop", "", "Ana-s-laptop-b2d5f7f6"),
            ("René", "", "Rene-b2d5f7f6"),
            ("🦊", "", "key-b2d5f7f6"),
            ("ノート", "büro 2", "key-b2d5f7f6-buro-2"),
            ("../../etc/passwd", "", "etc-passwd-b2d5f7f6"),
            (".hidden", "", "hidden-b2d5f7f6"),
            ("-rf", "", "rf-b2d5f7f6"),
            ("a--b", "", "a-b-b2d5f7f6"),
            ("$(id)", "", "id-b2d5f7f6"),
            ("CON", "", "CON-b2d5f7f6"),
            ("com1", "", "com1-b2d5f7f6"),
            ("com10", "", "com10"),
            ("com0", "", "com0"),
        ] {
            assert_eq!(named(name, purpose), expected, "{name:?} {purpose:?}");
        }
        assert_eq!(named(&long, ""), format!("{}-b2d5f7f6", "x".repeat(40)));
    }

    /// By what Microsoft says of names ("Naming Files, Paths, and Namespaces").
    #[test]
    fn no_files_name_is_forbidden_on_windows() {
        let devices = ["CON", "prn", "Aux", "NUL", "COM1", "lpt9", "COM¹", "LPT²", "CONIN$"];
        let odd = ["a.", "a ", " ", ".", "..", "a:b", "<>:\"/\\|?*", "a\tb", "COM1.txt", "aux."];
        let id = KeyId::from_hex("b2d5f7f600000000").unwrap();
        for name in devices.into_iter().chain(odd) {
            for purpose in ["", "con", "a:b", "x."] {
                let purpose = Purpose::new(purpose).unwrap();
                for target in crate::exports::TARGETS {
                    let file = target.file_name(name, &purpose, id, false);
                    let forbidden = |c: char| c.is_control() || "<>:\"/\\|?* ".contains(c);
                    assert!(!file.contains(forbidden) && !file.ends_with('.'), "{file}");
                    let stem = file.split('.').next().unwrap().to_uppercase();
                    let numbered = ["COM", "LPT"]
                        .iter()
                        .any(|port| stem.strip_prefix(port).is_some_and(|rest| rest.len() == 1));
                    let device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str());
                    assert!(!numbered && !device && !stem.is_empty(), "{name:?}: {file}");
                }
            }
        }
    }

    #[test]
    fn no_files_name_is_longer_than_any_disk_takes() {
        let (long, id) = ("é".repeat(31), KeyId::from_hex("b2d5f7f600000000").unwrap());
        let purpose = Purpose::new(&"p".repeat(1024)).unwrap();
        let targets = crate::exports::TARGETS.iter().map(|target| (target, target.extension));
        let programs = crate::exports::PROGRAMS.iter().map(|p| (p.target, p.extension()));
        for (target, extension) in targets.chain(programs) {
            for sealed in [false, true] {
                let name = target.named(extension, &long, &purpose, id, sealed);
                assert!(name.len() <= 100 && name.is_ascii() && !name.starts_with('.'), "{name}");
            }
        }
    }

    #[test]
    fn a_tunnels_file_has_the_name_of_an_interface() {
        for (name, purpose, expected) in [
            ("Bo", "", "kg-Bo"),
            ("bo-laptop", "", "kg-bo-laptop"),
            ("twelve-chars", "", "kg-twelve-chars"),
            ("Bo", "work", "kg-Bo-work"),
            ("thirteen-char", "", "kg-b2d5f7f6"),
            ("ノート", "", "kg-b2d5f7f6"),
            ("Ana's", "", "kg-b2d5f7f6"),
            ("", "", "kg-b2d5f7f6"),
        ] {
            let purpose = Purpose::new(purpose).unwrap();
            let interface = interface(name, &purpose, "b2d5f7f6");
            assert_eq!(interface, expected, "{name:?}");
            assert!(interface.len() <= 15);
        }
    }
}
