//! A program is found: by the name that somebody gives it, or by a search.

use super::super::ExportError;
use super::{KeylessProgram, PROGRAMS, Program, WITHOUT_KEYS_FROM_OUTSIDE};
use crate::text::is_near;

impl Program {
    /// The program that somebody calls `name`: as it is shown, by another name, or as the
    /// target is called; however it is written.
    ///
    /// # Errors
    /// [`ExportError::TakesNoKey`], [`ExportError::Unknown`] with what is near.
    pub fn find(name: &str) -> Result<&'static Self, ExportError> {
        let wanted = letters(name);
        let by = |is: fn(&'static Self, &str) -> bool| {
            PROGRAMS.iter().find(|program| is(program, &wanted)).filter(|_| !wanted.is_empty())
        };
        by(|program, wanted| letters(program.name) == wanted)
            .or_else(|| by(|program, wanted| letters(program.target.name) == wanted))
            .or_else(|| {
                by(|program, wanted| {
                    program.aliases.iter().chain(program.fields).any(|name| letters(name) == wanted)
                })
            })
            .ok_or_else(|| match Self::takes_no_key(name) {
                Some(program) => {
                    ExportError::TakesNoKey { app: program.name, answer: program.answer }
                }
                None => ExportError::Unknown { name: name.to_owned(), close: suggestions(name) },
            })
    }

    /// What is called so and cannot take a key from outside.
    #[must_use]
    pub fn takes_no_key(name: &str) -> Option<&'static KeylessProgram> {
        let wanted = letters(name);
        WITHOUT_KEYS_FROM_OUTSIDE.iter().find(|program| letters(program.name) == wanted)
    }

    /// What fits a search, the best first: by name, by another name, by use. Every word of
    /// `text` must fit. Without a word, all of them.
    #[must_use]
    pub fn search(text: &str) -> Vec<&'static Self> {
        let words: Vec<String> =
            text.split_whitespace().map(letters).filter(|word| !word.is_empty()).collect();
        let rank = |program: &Self| {
            let whole = program.rank(&letters(text));
            let each: Option<Vec<u8>> = words.iter().map(|word| program.rank(word)).collect();
            match (whole, each.and_then(|ranks| ranks.into_iter().max())) {
                (Some(whole), Some(each)) => Some(whole.min(each)),
                (whole, each) => whole.or(each),
            }
        };
        if words.is_empty() {
            let nothing_asked = text.trim().is_empty();
            return PROGRAMS.iter().filter(|_| nothing_asked).collect();
        }
        let mut found: Vec<_> = PROGRAMS
            .iter()
            .filter_map(|program| rank(program).map(|rank| (rank, program)))
            .collect();
        // Stable: the order of lists decides between equals.
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, program)| program).collect()
    }

    /// How well one word of a search fits; 0 is best.
    fn rank(&self, word: &str) -> Option<u8> {
        let name = letters(self.name);
        let begins = |text: &str| letters(text).starts_with(word);
        let has_word = |text: &str| text.split([' ', '-']).any(begins) || begins(text);
        let ranks = [
            name == word,
            name.starts_with(word),
            self.aliases.iter().chain(self.fields).any(|alias| letters(alias) == word),
            self.aliases.iter().any(|alias| has_word(alias)) || has_word(self.name),
            begins(self.target.name),
            self.uses.iter().any(|used| has_word(used)),
            self.group.title().split(' ').any(begins),
            self.summary.split([' ', '.', ',']).any(|text| letters(text) == word),
            word.len() > 2 && name.contains(word),
        ];
        ranks.iter().position(|fits| *fits).and_then(|rank| u8::try_from(rank).ok())
    }
}

/// The names that somebody who wrote `name` may have meant, at most three.
fn suggestions(name: &str) -> Vec<&'static str> {
    let mut near: Vec<&'static str> = Vec::new();
    for program in PROGRAMS {
        let names = std::iter::once(program.name)
            .chain(program.aliases.iter().copied())
            .chain(std::iter::once(program.target.name));
        near.extend(names.filter(|other| is_near(&letters(name), &letters(other))).take(1));
    }
    near.dedup();
    near.truncate(3);
    near
}

/// The letters and digits of a name, in lower case: "Wi-Fi" and "wifi" are one.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::{TARGETS, passphrase};
    use super::*;

    fn target(name: &str) -> &'static str {
        Program::find(name).unwrap_or_else(|error| panic!("{name}: {error}")).target.name
    }

    #[test]
    fn every_target_is_offered_and_every_name_leads_to_one() {
        for wanted in TARGETS {
            assert_eq!(target(wanted.name), wanted.name);
            assert!(PROGRAMS.iter().any(|program| program.target.name == wanted.name));
        }
        let mut names: Vec<(String, &Program)> = Vec::new();
        for program in PROGRAMS {
            assert!(TARGETS.iter().any(|target| target.name == program.target.name));
            for name in program.aliases.iter().chain([&program.name]) {
                // One name leads to one file, in whichever group it stands.
                let found = Program::find(name).unwrap();
                assert_eq!(found.target.name, program.target.name, "{name}");
                let same = names.iter().filter(|(other, _)| *other == letters(name));
                for (_, other) in same {
                    assert_eq!(other.name, program.name, "{name} is a name of two");
                }
                names.push((letters(name), program));
            }
        }
    }

    #[test]
    fn a_program_is_found_however_it_is_written() {
        for (name, wanted) in [
            ("restic", "passphrase"),
            ("Restic", "passphrase"),
            ("passphrase", "passphrase"),
            ("LUKS", "raw"),
            ("luks", "raw"),
            ("raw", "raw"),
            ("wifi", "wifi"),
            ("Wi-Fi", "wifi"),
            ("wi-fi guest", "wifi"),
            ("TLS PSK", "tls-psk"),
            ("sops", "age"),
            ("chezmoi", "age"),
            ("age-pq", "age-pq"),
            ("pem-x25519", "pem-x25519"),
            ("tor-client-auth", "tor-client-auth"),
            ("keyglance", "keyglance"),
        ] {
            assert_eq!(target(name), wanted, "{name}");
        }
        for nothing in ["", " ", "-", "no such program"] {
            assert!(Program::find(nothing).is_err(), "{nothing:?}");
        }
        assert_eq!(
            Program::find("passphrase").unwrap().usage().count(),
            passphrase::TARGET.usage.len()
        );
        assert!(Program::find("wireguard").unwrap().preset.is_empty());
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let close = |name: &str| match Program::find(name) {
            Err(ExportError::Unknown { close, .. }) => close,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(close("restik"), ["restic"]);
        assert_eq!(close("wiregaurd"), ["WireGuard"]);
        assert_eq!(close("veracript"), ["VeraCrypt"]);
        for far in ["foo", "zzz", "backup", "messages-of-a-phone", "x", "sig"] {
            assert_eq!(close(far), [""; 0], "{far}");
        }
    }

    #[test]
    fn an_app_that_makes_its_own_keys_is_told_as_such() {
        for (name, told) in [
            ("signal", "Check its code instead."),
            ("WhatsApp", "Check its code instead."),
            ("threema", "Check its code instead."),
            ("element x", "Check its code instead."),
            ("tailscale", "bound to its own devices"),
            ("nextcloud", "makes this secret itself"),
            ("whatsapp 64-digit key", "makes this secret itself"),
            ("dropbox", "Encrypt before the upload"),
            ("openssl enc -k", "changed unnoticed"),
        ] {
            match Program::find(name) {
                Err(ExportError::TakesNoKey { answer, .. }) => assert!(answer.contains(told)),
                other => panic!("{name}: {other:?}"),
            }
        }
        for program in WITHOUT_KEYS_FROM_OUTSIDE {
            let found = Program::search(program.name);
            // A search by use may find what to take instead; none is called so.
            assert!(found.iter().all(|found| found.name != program.name), "{program:?}");
            assert!(Program::find(program.name).is_err() && program.answer.ends_with('.'));
        }
        // The password fields of the same makers take words or a passphrase.
        for (name, wanted) in [
            ("whatsapp-backup", "words"),
            ("threema backup", "words"),
            ("bitwarden-send", "words"),
            ("7z", "words"),
            ("joplin", "passphrase"),
            ("cryptomator", "passphrase"),
            ("duplicity", "passphrase"),
        ] {
            assert_eq!(target(name), wanted, "{name}");
        }
    }

    #[test]
    fn a_search_finds_by_name_and_by_use() {
        let first = |text: &str| Program::search(text).first().map(|program| program.name);
        for (text, wanted) in [
            ("res", "restic"),
            ("backup", "restic"),
            ("VPN", "WireGuard"),
            ("disk", "LUKS"),
            ("keepass", "KeePassXC"),
            ("sops", "age"),
            ("wifi", "Wi-Fi guest"),
            ("wi-fi", "Wi-Fi guest"),
            ("guest wifi", "Wi-Fi guest"),
            ("password manager", "KeePassXC"),
            ("mqtt", "TLS-PSK"),
            ("hex", "hex"),
            ("luks", "LUKS"),
            ("Phones", "Wi-Fi guest"),
        ] {
            assert_eq!(first(text), Some(wanted), "{text}");
        }
        assert_eq!(Program::search(" ").len(), PROGRAMS.len());
        assert!(Program::search("nothing of this kind").is_empty());
        assert!(Program::search("🦊").is_empty());
        let backups = Program::search("backup");
        assert!(
            ["restic", "borg", "rclone"].iter().all(|name| backups.iter().any(|p| p.name == *name))
        );
        assert!(backups.iter().all(|program| program.name != "hex"));
    }
}
