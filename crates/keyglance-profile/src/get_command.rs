//! The command that gives an export to a program, as shells and programs read it. The one
//! home of what `keyglance get` is told like.

use std::path::Path;

use keyglance_core::crypto::{KeyId, Purpose};
use keyglance_core::exports::{OptionKind, OptionValues, Program, Target, TargetOption};

use keyglance_core::exports::fill_places;
use keyglance_core::outgoing::shell_quoted;

/// `keyglance get`, word by word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetCommand(Vec<String>);

impl GetCommand {
    /// The command for an export of the key with this id, from the user's usual profile
    /// or, with `profile`, from the one in this folder.
    #[must_use]
    pub fn new(
        key: KeyId,
        asked_for: &str,
        (target, options): (&Target, &OptionValues),
        purpose: &Purpose,
        profile: Option<&Path>,
    ) -> Self {
        // The id needs no quotes, and a contact that is renamed keeps it.
        Self::of(&key.to_string(), asked_for, (target, options), purpose, profile)
    }

    /// The same before a key is chosen: `ID` stands for its id.
    #[must_use]
    pub fn template(program: &Program) -> Self {
        let options = program.preset_options();
        let of = (program.target, &options);
        Self::of("ID", &program.asked_for(), of, &Purpose::none(), None)
    }

    fn of(
        key: &str,
        asked_for: &str,
        (target, options): (&Target, &OptionValues),
        purpose: &Purpose,
        profile: Option<&Path>,
    ) -> Self {
        let mut words: Vec<String> =
            ["keyglance", "get", key, "--for", asked_for].map(str::to_owned).to_vec();
        let mut option = |name: &str, text: &str| {
            // What begins with a hyphen is one word with its option, or it would be another.
            if text.starts_with('-') {
                words.push(format!("--{name}={text}"));
            } else {
                words.extend([format!("--{name}"), text.to_owned()]);
            }
        };
        if !purpose.as_str().is_empty() {
            option("separate-key-for", purpose.as_str());
        }
        let folder = profile.map(|folder| folder.to_string_lossy());
        if let Some(folder) = &folder {
            option("profile", folder);
        }
        let given = |own: &&TargetOption| options.get(own.name).is_some();
        for own in target.options.iter().filter(given) {
            match own.kind {
                OptionKind::Flag => words.push(format!("--{}", own.name)),
                _ => {
                    let name = format!("--{}", own.name);
                    words.extend([name, options.get(own.name).unwrap_or_default().to_owned()]);
                }
            }
        }
        Self(words)
    }

    /// As a shell reads it.
    #[must_use]
    pub fn for_shell(&self) -> String {
        self.joined(|word| Some(shell_quoted(word))).unwrap_or_default()
    }

    /// As restic splits it: quotes of either kind, and no way to write one of each kind in
    /// a word.
    fn for_restic(&self) -> Option<String> {
        self.joined(|word| {
            let special = |c: char| c.is_whitespace() || "'\"\\".contains(c);
            match (word.contains(special), word.contains(['"', '\\']), word.contains('\'')) {
                (false, ..) => Some(word.to_owned()),
                (_, false, _) => Some(format!("\"{word}\"")),
                // A backslash keeps the quote behind it only.
                (_, _, false) if !word.ends_with('\\') && !word.contains("\\'") => {
                    Some(format!("'{word}'"))
                }
                _ => None,
            }
        })
    }

    /// As rclone splits it: fields of CSV with spaces between (RFC 4180).
    fn for_rclone(&self) -> Option<String> {
        self.joined(|word| {
            let special = |c: char| c.is_whitespace() || c == '"';
            let quoted = || format!("\"{}\"", word.replace('"', "\"\""));
            Some(if word.contains(special) { quoted() } else { word.to_owned() })
        })
    }

    /// As gocryptfs takes it: each word by an option of its own.
    fn for_gocryptfs(&self) -> String {
        let words = self.0.iter().map(|word| format!("-extpass {}", shell_quoted(word)));
        words.collect::<Vec<_>>().join(" ")
    }

    fn joined(&self, written: impl Fn(&str) -> Option<String>) -> Option<String> {
        let words: Option<Vec<_>> = self.0.iter().map(|word| written(word)).collect();
        words.map(|words| words.join(" "))
    }

    /// Lines of [`Target::without_file`] with the command in them. One whose program has no
    /// way to write a word of it is left out.
    pub fn lines<'a>(&self, lines: impl Iterator<Item = &'a str>) -> Vec<String> {
        let shell = self.for_shell();
        let word = |command: Option<String>| command.map(|command| shell_quoted(&command));
        let places = [
            ("{get}", Some(shell.clone())),
            ("{word}", Some(shell_quoted(&shell))),
            ("{restic}", word(self.for_restic())),
            ("{rclone}", word(self.for_rclone())),
            ("{gocryptfs}", Some(self.for_gocryptfs())),
        ];
        let written: Vec<_> =
            places.iter().filter_map(|(name, text)| Some((*name, text.clone()?))).collect();
        let missing =
            |line: &str| places.iter().any(|(name, text)| text.is_none() && line.contains(*name));
        lines.filter(|line| !missing(line)).map(|line| fill_places(line, &written)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(purpose: &str) -> GetCommand {
        let id = KeyId::from_hex("b2d5f7f6fb44d491").unwrap();
        let target = Target::find("passphrase").unwrap();
        let purpose = Purpose::new(purpose).unwrap();
        GetCommand::new(id, "restic", (target, &OptionValues::default()), &purpose, None)
    }

    #[test]
    fn without_a_word_of_the_user_nothing_is_quoted() {
        let plain = "keyglance get b2d5f7f6fb44d491 --for restic";
        let command = command("");
        assert_eq!(command.for_shell(), plain);
        assert_eq!(command.for_restic().unwrap(), plain);
        assert_eq!(command.for_rclone().unwrap(), plain);
        let words = "-extpass keyglance -extpass get -extpass b2d5f7f6fb44d491 -extpass --for \
                     -extpass restic";
        assert_eq!(command.for_gocryptfs(), words);
    }

    /// Each program's own rules, as it was seen to read them.
    #[test]
    fn each_program_is_told_in_its_own_quotes() {
        let of = |purpose: &str| {
            let command = command(purpose);
            let last = |text: String| text.split_once("restic ").unwrap().1.to_owned();
            [Some(command.for_shell()), command.for_restic(), command.for_rclone()]
                .map(|text| text.map(last))
        };
        let some = |texts: [&str; 3]| texts.map(|text| Some(text.to_owned()));
        assert_eq!(
            of("our office"),
            some([
                "--separate-key-for 'our office'",
                "--separate-key-for \"our office\"",
                "--separate-key-for \"our office\"",
            ])
        );
        assert_eq!(
            of("Bo's"),
            some([
                r"--separate-key-for 'Bo'\''s'",
                "--separate-key-for \"Bo's\"",
                "--separate-key-for Bo's",
            ])
        );
        assert_eq!(
            of("the \"old\" one"),
            some([
                "--separate-key-for 'the \"old\" one'",
                "--separate-key-for 'the \"old\" one'",
                "--separate-key-for \"the \"\"old\"\" one\"",
            ])
        );
        let [_, restic, rclone] = of("Bo's \"old\" one");
        assert_eq!(restic, None);
        assert!(rclone.is_some());
        assert_eq!(of("-x").map(Option::unwrap), ["--separate-key-for=-x"; 3]);
        let lines = ["restic {restic}", "borg {word}"];
        assert_eq!(command("Bo's \"old\" one").lines(lines.into_iter()).len(), 1);
    }

    #[test]
    fn options_are_told_too() {
        let id = KeyId::from_hex("b2d5f7f6fb44d491").unwrap();
        let target = Target::find("wireguard").unwrap();
        let options = OptionValues::default()
            .with("own-devices", OptionValues::ON)
            .with("endpoint", "[2001:db8::1]:51820");
        let profile = Some(Path::new("/home/ana/my keys"));
        let of = (target, &options);
        let command = GetCommand::new(id, "wireguard", of, &Purpose::none(), profile);
        assert_eq!(
            command.for_shell(),
            "keyglance get b2d5f7f6fb44d491 --for wireguard --profile '/home/ana/my keys' \
             --own-devices --endpoint '[2001:db8::1]:51820'"
        );
    }
}
