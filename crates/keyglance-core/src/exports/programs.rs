//! The catalogue of programs: what people call a thing, and the target that it takes.
//! Both faces choose from it, so that a name which works in one works in the other.

use super::{ExportError, OptionValues, Target};
use super::{
    age, age_pq, base64, hex, jwk, keepassxc, keyglance, meshtastic, openvpn, paseto, passphrase,
    pem, raw, sealed_files, sqlcipher, tink, tls_psk, tor, wifi, wireguard, wireguard_psk,
};
use crate::text::is_near;

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
    /// What a phone scans.
    Phones,
    /// Forms for programs of one's own.
    Developers,
}

impl Group {
    /// Every group, in the order of lists.
    pub const ALL: [Self; 6] =
        [Self::Files, Self::Disks, Self::Passwords, Self::Networks, Self::Phones, Self::Developers];

    /// Its heading.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Files => "Files and backups",
            Self::Disks => "Disks and folders",
            Self::Passwords => "Passwords and sign-in",
            Self::Networks => "Networks",
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

/// Every program, group by group, in the order of lists.
pub static PROGRAMS: &[Program] = &[
    Program {
        aliases: &["sealed"],
        uses: &["encrypt", "file", "send", "age", "rage"],
        summary: "Opens the files that you encrypt for each other, in age and rage too.",
        ..of("Sealed files", Group::Files, &sealed_files::TARGET)
    },
    Program {
        aliases: &["rage", "typage", "passage", "sops", "chezmoi"],
        uses: &["encrypt", "file", "secrets", "dotfiles", "git"],
        summary: "An identity that both devices hold, to encrypt files for you both.",
        ..of("age", Group::Files, &age::TARGET)
    },
    Program {
        aliases: &["age-pq", "age pq"],
        uses: &["encrypt", "file", "quantum"],
        summary: "The same for age 1.3 and later, safe from quantum computers.",
        ..of("age post-quantum", Group::Files, &age_pq::TARGET)
    },
    Program {
        uses: &["backup", "repository", "snapshot", "password"],
        summary: "The password of a backup repository.",
        told_by: Some("restic"),
        extension: Some("restic"),
        ..of("restic", Group::Files, &passphrase::TARGET)
    },
    Program {
        aliases: &["borgbackup", "vorta", "borgmatic"],
        uses: &["backup", "repository", "archive", "passphrase"],
        summary: "The passphrase of a backup repository.",
        told_by: Some("borg"),
        extension: Some("borg"),
        ..of("borg", Group::Files, &passphrase::TARGET)
    },
    Program {
        uses: &["cloud", "sync", "backup", "remote", "crypt", "password"],
        summary: "The password of an encrypted cloud folder, in rclone's own spelling.",
        told_by: Some("rclone"),
        extension: Some("rclone"),
        ..of("rclone", Group::Files, &passphrase::TARGET)
    },
    Program {
        aliases: &["gnupg", "pgp", "openpgp"],
        uses: &["encrypt", "file", "mail", "passphrase"],
        summary: "A passphrase to encrypt single files with.",
        told_by: Some("gpg"),
        extension: Some("gpg-passphrase"),
        ..of("gpg", Group::Files, &passphrase::TARGET)
    },
    Program {
        aliases: &["cryptsetup", "dm-crypt"],
        uses: &["disk", "drive", "partition", "encrypt", "usb", "linux"],
        summary: "A key file that opens an encrypted disk.",
        told_by: Some("cryptsetup"),
        ..of("LUKS", Group::Disks, &raw::TARGET)
    },
    Program {
        aliases: &["truecrypt"],
        uses: &["disk", "drive", "volume", "container", "encrypt", "usb"],
        summary: "A key file that opens an encrypted volume.",
        told_by: Some("VeraCrypt"),
        ..of("VeraCrypt", Group::Disks, &raw::TARGET)
    },
    Program {
        uses: &["folder", "encrypt", "cloud", "password"],
        summary: "The password of an encrypted folder.",
        told_by: Some("gocryptfs"),
        extension: Some("gocryptfs"),
        ..of("gocryptfs", Group::Disks, &passphrase::TARGET)
    },
    Program {
        aliases: &["keepass", "keepassdx", "keepass2", "kdbx"],
        uses: &["password manager", "database", "login", "vault"],
        summary: "A key file that opens a password database.",
        ..of("KeePassXC", Group::Passwords, &keepassxc::TARGET)
    },
    Program {
        aliases: &["password"],
        uses: &[
            "password field",
            "restic",
            "borg",
            "gpg",
            "openssl",
            "ansible",
            "cryfs",
            "duplicity",
        ],
        summary: "43 letters and digits for any program with a password field.",
        ..of("Passphrase", Group::Passwords, &passphrase::TARGET)
    },
    Program {
        aliases: &["sqlite"],
        uses: &["database", "sql", "encrypt"],
        summary: "The key of an encrypted database.",
        ..of("SQLCipher", Group::Passwords, &sqlcipher::TARGET)
    },
    Program {
        aliases: &["wg", "wg-quick"],
        uses: &["vpn", "tunnel", "private line"],
        summary: "A private line between the two devices.",
        ..of("WireGuard", Group::Networks, &wireguard::TARGET)
    },
    Program {
        aliases: &["wireguard-psk", "preshared key"],
        uses: &["vpn", "tunnel", "psk", "quantum"],
        summary: "A second secret for a WireGuard tunnel that is there already.",
        ..of("WireGuard PSK", Group::Networks, &wireguard_psk::TARGET)
    },
    Program {
        aliases: &["tls-crypt", "tls-auth"],
        uses: &["vpn", "tunnel", "server"],
        summary: "Hides an OpenVPN server from strangers.",
        ..of("OpenVPN", Group::Networks, &openvpn::TARGET)
    },
    Program {
        aliases: &["tor-client-auth", "onion"],
        uses: &["onion service", "hidden service", "anonymous"],
        summary: "Reaches an onion service that the other device runs.",
        ..of("Tor", Group::Networks, &tor::CLIENT)
    },
    Program {
        aliases: &["tor-service-auth", "onion service"],
        uses: &["onion service", "hidden service", "server", "anonymous"],
        summary: "Lets only the other device reach the onion service of this one.",
        ..of("Tor service", Group::Networks, &tor::SERVICE)
    },
    Program {
        aliases: &["psk", "stunnel", "mosquitto", "mqtt"],
        uses: &["server", "tls", "certificate", "iot", "home automation"],
        summary: "Connects two servers without certificates.",
        ..of("TLS-PSK", Group::Networks, &tls_psk::TARGET)
    },
    Program {
        aliases: &["wifi", "wlan", "guest network"],
        uses: &["guest", "phone", "router", "network", "internet"],
        summary: "A guest network that a phone joins by a code.",
        phone: true,
        ..of("Wi-Fi guest", Group::Phones, &wifi::TARGET)
    },
    Program {
        uses: &["vpn", "tunnel", "phone", "android", "iphone"],
        summary: "A private line between your computer and your phone, by a code.",
        // A phone has no key of its own to fill in.
        preset: &[("own-devices", "yes")],
        phone: true,
        ..of("WireGuard", Group::Phones, &wireguard::TARGET)
    },
    Program {
        aliases: &["lora", "mesh"],
        uses: &["radio", "channel", "phone", "off grid"],
        summary: "A private radio channel that phones join by a code.",
        phone: true,
        ..of("Meshtastic", Group::Phones, &meshtastic::TARGET)
    },
    Program {
        aliases: &["whole", "key file", "shared key"],
        uses: &["another computer", "move", "copy", "library"],
        summary: "The shared key itself, for another Keyglance or a program of yours.",
        ..of("Whole key", Group::Developers, &keyglance::TARGET)
    },
    Program {
        aliases: &["jose", "jwe", "jwcrypto", "json web key"],
        uses: &["json", "token", "web"],
        summary: "A JSON Web Key of 256 bits.",
        ..of("JWK", Group::Developers, &jwk::TARGET)
    },
    Program {
        aliases: &["paserk", "pyseto"],
        uses: &["token", "web"],
        summary: "A key for v4.local tokens.",
        ..of("PASETO", Group::Developers, &paseto::TARGET)
    },
    Program {
        aliases: &["keyset"],
        uses: &["google", "aead", "aes"],
        summary: "A keyset for AES-256-GCM.",
        ..of("Tink", Group::Developers, &tink::TARGET)
    },
    Program {
        aliases: &["raw", "bytes", "binary", "libsodium"],
        uses: &["32 bytes", "key"],
        summary: "The key as 32 bytes.",
        ..of("Raw bytes", Group::Developers, &raw::TARGET)
    },
    Program {
        aliases: &["hexadecimal"],
        uses: &["text", "digits", "key"],
        summary: "The same 32 bytes as 64 digits.",
        ..of("hex", Group::Developers, &hex::TARGET)
    },
    Program {
        aliases: &["b64"],
        uses: &["text", "key"],
        summary: "The same 32 bytes as 44 letters, digits and signs.",
        ..of("base64", Group::Developers, &base64::TARGET)
    },
    Program {
        aliases: &["pem-x25519", "x25519", "pkcs8"],
        uses: &["private key", "curve", "openssl"],
        summary: "An X25519 private key that both devices hold.",
        ..of("PEM", Group::Developers, &pem::TARGET)
    },
    Program {
        uses: &["encrypt", "file", "passphrase"],
        summary: "A passphrase for openssl enc.",
        told_by: Some("openssl"),
        extension: Some("openssl"),
        ..of("OpenSSL", Group::Developers, &passphrase::TARGET)
    },
];

/// Apps that people ask for and that make every key themselves.
pub const WITHOUT_KEYS_FROM_OUTSIDE: [&str; 6] =
    ["Signal", "WhatsApp", "Threema", "Session", "Briar", "SimpleX"];

/// An entry that takes what its target is.
const fn of(name: &'static str, group: Group, target: &'static Target) -> Program {
    Program {
        name,
        group,
        summary: "",
        target,
        preset: &[],
        aliases: &[],
        uses: &[],
        phone: false,
        told_by: None,
        extension: None,
    }
}

impl PartialEq for Program {
    fn eq(&self, other: &Self) -> bool {
        (self.group, self.name) == (other.group, other.name)
    }
}

impl Eq for Program {}

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
                by(|program, wanted| program.aliases.iter().any(|name| letters(name) == wanted))
            })
            .ok_or_else(|| match Self::takes_no_key(name) {
                Some(app) => ExportError::TakesNoKey { app },
                None => ExportError::Unknown { name: name.to_owned(), close: suggestions(name) },
            })
    }

    /// The app of this name that cannot take a key from outside.
    #[must_use]
    pub fn takes_no_key(name: &str) -> Option<&'static str> {
        let wanted = letters(name);
        WITHOUT_KEYS_FROM_OUTSIDE.into_iter().find(|app| letters(app) == wanted)
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
            self.aliases.iter().any(|alias| letters(alias) == word),
            self.aliases.iter().any(|alias| has_word(alias)) || has_word(self.name),
            begins(self.target.name),
            self.uses.iter().any(|used| has_word(used)),
            self.group.title().split(' ').any(begins),
            self.summary.split([' ', '.', ',']).any(|text| letters(text) == word),
            word.len() > 2 && name.contains(word),
        ];
        ranks.iter().position(|fits| *fits).and_then(|rank| u8::try_from(rank).ok())
    }

    /// How the program is told to use the file: the target's lines about it
    /// ([`Target::usage`]).
    pub fn usage(&self) -> impl Iterator<Item = &'static str> {
        let told_by = self.told_by;
        let lines = self.target.usage.iter().copied();
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
    use super::super::TARGETS;
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
    fn the_groups_stand_in_order_and_none_is_empty() {
        let order: Vec<Group> = PROGRAMS.iter().map(|program| program.group).collect();
        let mut groups = order.clone();
        groups.dedup();
        assert_eq!(groups, Group::ALL);
        for program in PROGRAMS {
            assert!(program.summary.ends_with('.'), "{}", program.name);
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
        for name in ["signal", "Signal", "WhatsApp", "threema", "session"] {
            let error = Program::find(name).unwrap_err();
            assert!(matches!(error, ExportError::TakesNoKey { .. }), "{name}: {error:?}");
        }
        for app in WITHOUT_KEYS_FROM_OUTSIDE {
            assert!(Program::search(app).is_empty(), "{app}");
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

    #[test]
    fn a_program_is_told_its_own_lines_and_no_others() {
        for program in PROGRAMS {
            let lines: Vec<_> = program.usage().collect();
            assert!(!lines.is_empty(), "{} is told nothing", program.name);
            let others = [
                "restic",
                "borg",
                "gocryptfs",
                "gpg",
                "openssl",
                "rclone",
                "cryptsetup",
                "VeraCrypt",
            ];
            if let Some(own) = program.told_by {
                for other in others.iter().filter(|other| **other != own) {
                    assert!(
                        lines.iter().all(|line| !line.contains(other)),
                        "{}: {lines:?}",
                        program.name
                    );
                }
            }
        }
        // Who speaks of single programs speaks of each that it lists.
        for line in passphrase::TARGET.usage.iter().chain(raw::TARGET.usage) {
            let told = PROGRAMS.iter().filter_map(|program| program.told_by);
            assert!(told.into_iter().any(|word| line.contains(word)), "nobody is told: {line}");
        }
    }

    #[test]
    fn what_a_phone_scans_can_be_shown_as_a_code() {
        for program in PROGRAMS {
            assert_eq!(program.phone, program.group == Group::Phones, "{}", program.name);
            if program.phone {
                assert!(program.target.scanned_by.is_some(), "{}", program.name);
            }
            for name in program.preset_options().names() {
                assert!(program.target.has(name), "{}: {name}", program.name);
            }
        }
    }
}
