//! How programs are given a key without a file: they ask a command for it, or read it
//! from a pipe.
//!
//! In a line `{get}` stands for the command that writes the key to a pipe, as a shell
//! reads it, and `{word}` for one word of a shell with that command in it. Some programs
//! split that word by rules of their own: `{restic}`, `{rclone}`; gocryptfs takes a word at
//! a time, `{gocryptfs}`.

use super::super::Target;
use super::Program;

/// Of each target that has them, the lines. Where the command fails, each of them fails:
/// nothing is protected by an empty key, and none is taken away.
const LINES: &[(&str, &[&str])] = &[
    (
        "passphrase",
        &[
            "restic -r REPOSITORY --password-command {restic} init",
            "restic -r REPOSITORY --password-command {restic} backup FOLDER",
            "BORG_PASSCOMMAND={word} borg init -e repokey REPOSITORY",
            "BORG_PASSCOMMAND={word} borg create REPOSITORY::ARCHIVE FOLDER",
            "gocryptfs -init {gocryptfs} CIPHERFOLDER",
            "gocryptfs {gocryptfs} CIPHERFOLDER FOLDER",
            "{get} | gpg --batch --pinentry-mode loopback --passphrase-fd 0 -c SECRET",
            "{get} | openssl enc -aes-256-cbc -pbkdf2 -pass stdin -in SECRET -out SECRET.enc",
            "printf '#!/bin/sh\\nexec %s\\n' {word} > vault-pass && chmod 700 vault-pass && \
             ansible-vault encrypt --vault-password-file ./vault-pass SECRET.yml",
            "PASSPHRASE=$({get}) duplicity FOLDER URL",
            // The password of rclone's own configuration.
            "rclone --password-command {rclone} copy FOLDER REMOTE",
        ],
    ),
    ("raw", &["{get} | sudo cryptsetup open --key-file - DEVICE NAME"]),
    ("age", &["{get} | age -e -i - -o SECRET.age SECRET", "{get} | age -d -i - SECRET.age"]),
    ("sealed-files", &["{get} | age -d -i - SECRET.age"]),
    (
        "git-crypt",
        &[
            "{get} | git-crypt unlock -",
            "On the disk all the same: git-crypt keeps its key in .git until git-crypt lock",
        ],
    ),
    (
        "wireguard-psk",
        // sudo closes what a shell opens with <(…), and an empty file would take the
        // tunnel's second secret away.
        &["(KEY=$({get}) && echo \"$KEY\" | \
           sudo wg set INTERFACE peer PUBLIC-KEY preshared-key /dev/stdin)"],
    ),
];

impl Target {
    /// How its programs are given the key without a file; empty where none can be.
    #[must_use]
    pub fn without_file(&self) -> &'static [&'static str] {
        LINES.iter().find(|(name, _)| *name == self.name).map_or(&[], |(_, lines)| lines)
    }
}

impl Program {
    /// How the program is given its key without a file: the target's lines about it.
    pub fn without_file(&self) -> impl Iterator<Item = &'static str> {
        let told_by = self.told_by;
        let lines = self.target.without_file().iter().copied();
        lines.filter(move |line| {
            // A place is named after a program too.
            let commands = line.split('{').map(|part| part.split_once('}').map_or(part, |p| p.1));
            let commands = commands.collect::<Vec<_>>().concat();
            told_by.is_none_or(|word| commands.contains(word))
        })
    }

    /// The word that asks for it, after `--for`: its own name where that is one word and
    /// means it, else that of its target.
    #[must_use]
    pub fn asked_for(&self) -> String {
        let name = self.name.to_lowercase();
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let means_it = || Self::find(&name).is_ok_and(|found| found == self);
        if is_word && means_it() { name } else { self.target.name.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::TARGETS;
    use super::super::PROGRAMS;
    use super::*;

    #[test]
    fn every_line_asks_for_a_key_once_and_is_a_targets() {
        for (name, lines) in LINES {
            assert!(TARGETS.iter().any(|target| target.name == *name), "{name}");
            for line in *lines {
                let places = ["{get}", "{word}", "{restic}", "{rclone}", "{gocryptfs}"];
                if line.starts_with("On ") {
                    continue;
                }
                let asked: usize = places.iter().map(|place| line.matches(place).count()).sum();
                assert_eq!(asked, 1, "{line}");
            }
        }
    }

    #[test]
    fn a_program_is_told_its_own_lines_and_asked_for_by_one_word() {
        for (name, lines, word) in [
            ("restic", 2, "restic"),
            ("borg", 2, "borg"),
            ("gocryptfs", 2, "gocryptfs"),
            ("gpg", 1, "gpg"),
            ("OpenSSL", 1, "openssl"),
            ("ansible", 1, "ansible-vault"),
            ("LUKS", 1, "luks"),
            ("VeraCrypt", 0, "veracrypt"),
            ("git-crypt", 2, "git-crypt"),
            ("WireGuard PSK", 1, "wireguard-psk"),
            ("Sealed files", 1, "sealed-files"),
            ("passphrase", 11, "passphrase"),
        ] {
            let program = Program::find(name).unwrap();
            assert_eq!(program.without_file().count(), lines, "{name}");
            assert_eq!(program.asked_for(), word);
        }
        for program in PROGRAMS {
            let found = Program::find(&program.asked_for()).unwrap();
            assert_eq!(found.target.name, program.target.name, "{}", program.name);
        }
    }
}
