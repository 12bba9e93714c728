//! What every `--help` shows besides clap's own: the commands in groups, and examples.

use clap::builder::StyledStr;
use clap::{Command, CommandFactory as _};

use super::args::Args;

/// The commands in the order of `--help`.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Pair", &["pair", "compare", "demo"]),
    ("Use", &["export", "get", "seal", "open", "code", "phone", "challenge"]),
    ("Look", &["inspect", "scan", "fingerprint"]),
    ("Keep", &["contacts", "keys", "import", "card", "device", "paper"]),
    ("System", &["doctor", "cameras", "window", "completions", "man"]),
];

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 error, 2 usage, 3 differs, held back or not compared, 4 nothing found,
130 stopped.";

/// Examples by command; each is a line for a shell.
const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "keyglance pair",
            "keyglance export 'Bo laptop' --for restic",
            "keyglance Bo-laptop.keyglance.age",
        ],
    ),
    (
        "pair",
        &[
            "keyglance pair",
            "keyglance pair --screen --save-as 'Work box'",
            "keyglance pair --show mine.png --picture theirs.png",
            "keyglance pair --stdin --check-code-from digits",
        ],
    ),
    (
        "compare",
        &[
            "keyglance compare 'Bo laptop'",
            "keyglance compare 'Bo laptop' --check-code 606368",
            "keyglance compare 'Bo laptop' --scan camera",
        ],
    ),
    ("demo", &["keyglance demo", "keyglance demo --terminal 80x24 --tilt 20"]),
    (
        "export",
        &[
            "keyglance export --list",
            "keyglance export 'Bo laptop' --for restic",
            "keyglance export 'Bo laptop' --for LUKS --without-passphrase --out disk.key",
            "keyglance export 'Bo laptop' --for age --separate-key-for office",
        ],
    ),
    (
        "get",
        &[
            "keyglance get 'Bo laptop' --for age | age -d -i - SECRET.age",
            "keyglance get b2d5f7f6fb44d491 --for LUKS | sudo cryptsetup open --key-file - sdb1 disk",
        ],
    ),
    (
        "seal",
        &[
            "keyglance seal letter.pdf --for 'Bo laptop'",
            "tar -c photos | keyglance seal - --for 'Bo laptop' > photos.tar.age",
        ],
    ),
    ("open", &["keyglance open letter.pdf.age", "keyglance open photos.tar.age --out - | tar -x"]),
    (
        "code",
        &[
            "keyglance code 'Bo laptop' --for Wi-Fi --ssid Guests",
            "keyglance code 'Bo laptop' --for WireGuard --own-devices --out phone.png",
            "keyglance code --verification 'Bo laptop'",
            "keyglance code --device --out -",
        ],
    ),
    (
        "phone",
        &[
            "keyglance phone",
            "keyglance phone --url https://keys.example/ --save",
            "keyglance phone --out www",
        ],
    ),
    (
        "challenge",
        &[
            "keyglance challenge 'Bo laptop'",
            "keyglance challenge 'Bo laptop' --separate-key-for office",
            "keyglance challenge 'Bo laptop' --say",
        ],
    ),
    (
        "inspect",
        &[
            "keyglance inspect screenshot.png",
            "keyglance inspect https://mega.nz/folder/ByBQ6lVx#WQB5Jssr-JGIW9k9RihmIw",
            "keyglance inspect my-screen.png --with their-screen.png",
            "keyglance inspect --app Signal",
        ],
    ),
    (
        "scan",
        &[
            "keyglance scan screenshot.png",
            "keyglance scan *.jpg --json",
            "keyglance scan --screen",
        ],
    ),
    (
        "fingerprint",
        &[
            "keyglance fingerprint keyglance1…",
            "keyglance fingerprint OUR-KEY THEIR-KEY --id +4915112345 --id +4366012345",
        ],
    ),
    (
        "contacts",
        &[
            "keyglance contacts",
            "keyglance contacts show 'Bo laptop'",
            "keyglance contacts rename 'Bo laptop' Bo",
        ],
    ),
    ("contacts list", &["keyglance contacts list", "keyglance contacts list --json"]),
    (
        "contacts show",
        &["keyglance contacts show 'Bo laptop'", "keyglance contacts show 'Bo laptop' --json"],
    ),
    (
        "contacts add",
        &["keyglance contacts add Bo --scan camera", "keyglance contacts add Bo keyglance1…"],
    ),
    (
        "contacts decide",
        &[
            "keyglance contacts decide 'Bo laptop' --new-device",
            "keyglance contacts decide 'Bo laptop' --somebody-else 'Bo from work'",
            "keyglance contacts decide 'Bo laptop' --block",
        ],
    ),
    (
        "contacts rename",
        &[
            "keyglance contacts rename 'Bo laptop' Bo",
            "keyglance contacts rename 3f2a5b6c7d8e9f01 Bo",
        ],
    ),
    (
        "contacts delete",
        &["keyglance contacts delete 'Bo laptop'", "keyglance contacts delete 'Bo laptop' --yes"],
    ),
    (
        "keys",
        &["keyglance keys", "keyglance keys show 'Bo laptop'", "keyglance keys stop 'Bo laptop'"],
    ),
    ("keys list", &["keyglance keys list", "keyglance keys list --json"]),
    (
        "keys show",
        &["keyglance keys show 'Bo laptop'", "keyglance keys show 3f2a5b6c7d8e9f01 --json"],
    ),
    (
        "keys check",
        &[
            "keyglance keys check Bo-laptop.keyglance",
            "keyglance keys check - < Bo-laptop.keyglance",
        ],
    ),
    (
        "keys confirm",
        &["keyglance keys confirm 'Bo laptop'", "keyglance keys confirm 3f2a5b6c7d8e9f01"],
    ),
    (
        "keys label",
        &[
            "keyglance keys label 'Bo laptop' 'family backup'",
            "keyglance keys label 'Bo laptop' ''",
        ],
    ),
    ("keys stop", &["keyglance keys stop 'Bo laptop'", "keyglance keys stop --undo 'Bo laptop'"]),
    (
        "keys delete",
        &["keyglance keys delete 3f2a5b6c7d8e9f01", "keyglance keys delete 'Bo laptop' --yes"],
    ),
    (
        "import",
        &[
            "keyglance import Bo-laptop.keyglance.age",
            "pass show bo | keyglance import - --name Bo",
        ],
    ),
    (
        "card",
        &[
            "keyglance card",
            "keyglance card --set ssh-host --set syncthing",
            "keyglance card --set wireguard=keyglance.pub --set host-name=ana.local",
            "keyglance card --unset ssh-host",
        ],
    ),
    (
        "device",
        &[
            "keyglance device",
            "keyglance device name 'Ana laptop'",
            "keyglance device backup ana.backup",
        ],
    ),
    ("device show", &["keyglance device show", "keyglance device show --json"]),
    (
        "device name",
        &["keyglance device name 'Ana laptop'", "keyglance device name Ana --passphrase-file word"],
    ),
    ("device protect", &["keyglance device protect", "keyglance device protect --undo"]),
    (
        "device backup",
        &[
            "keyglance device backup ana.backup",
            "keyglance device backup ana.backup --passphrase-file word",
        ],
    ),
    (
        "device restore",
        &["keyglance device restore ana.backup", "keyglance device restore ana.backup --yes"],
    ),
    ("device reset", &["keyglance device reset", "keyglance device reset --yes"]),
    (
        "paper",
        &[
            "keyglance paper device --out pages.html",
            "keyglance paper export 'Bo laptop' --for restic --out pages.html",
            "keyglance paper restore page-1.jpg page-3.jpg",
        ],
    ),
    (
        "paper device",
        &[
            "keyglance paper device --out pages.html",
            "keyglance paper device --pages 5 --needed 3 --out pages.html",
        ],
    ),
    (
        "paper export",
        &[
            "keyglance paper export 'Bo laptop' --for restic --out pages.html",
            "keyglance paper export 'Bo laptop' --for age --pages 5 --needed 3 --out pages.html",
        ],
    ),
    (
        "paper restore",
        &[
            "keyglance paper restore page-1.jpg page-3.jpg",
            "keyglance paper restore --scan camera",
            "keyglance paper restore --as device",
            "keyglance paper restore --as passphrase --out - < words.txt",
        ],
    ),
    ("doctor", &["keyglance doctor", "keyglance doctor --json"]),
    ("cameras", &["keyglance cameras", "keyglance cameras --all", "keyglance cameras --json"]),
    ("window", &["keyglance window", "keyglance window bo.keyglance", "keyglance window --pair"]),
    (
        "completions",
        &[
            "keyglance completions bash > ~/.local/share/bash-completion/completions/keyglance",
            "keyglance completions fish > ~/.config/fish/completions/keyglance.fish",
        ],
    ),
    ("man", &["keyglance man | man -l -", "keyglance man --out ~/.local/share/man/man1"]),
];

/// The program's arguments, with the help of each command.
pub fn command() -> Command {
    let command = Args::command();
    let template = template(&command);
    let command = command
        .help_template(template)
        .override_usage("keyglance [OPTIONS] [COMMAND]\n       keyglance [OPTIONS] FILE...")
        .disable_help_subcommand(true);
    with_examples(command, "")
}

fn with_examples(mut command: Command, path: &str) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for name in names {
        let below = format!("{path} {name}").trim_start().to_owned();
        command = command.mut_subcommand(name, |command| with_examples(command, &below));
    }
    let Some((_, lines)) = EXAMPLES.iter().find(|(of, _)| *of == path) else { return command };
    let header = *command.get_styles().get_header();
    let mut text = format!("{header}Examples:{header:#}");
    for line in *lines {
        text.push_str(&format!("\n  {line}"));
    }
    if path.is_empty() {
        text = format!("{EXIT_CODES}\n\n{text}");
    }
    command.after_help(StyledStr::from(text))
}

/// The commands by group: clap has only one list.
fn template(command: &Command) -> StyledStr {
    let (header, literal) =
        (*command.get_styles().get_header(), *command.get_styles().get_literal());
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (title, names) in GROUPS {
        text.push_str(&format!("\n{header}{title}:{header:#}\n"));
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(|about| about.to_string().replace('\n', " ")).unwrap_or_default();
            text.push_str(&format!("  {literal}{name:<12}{literal:#} {about}\n"));
        }
    }
    text.push_str(&format!("\n{header}Options:{header:#}\n{{options}}{{after-help}}"));
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_no_file() {
        for (line, command_name, files) in [
            ("keyglance keys", Some("keys"), 0),
            ("keyglance --json contacts", Some("contacts"), 0),
            ("keyglance a.png b.age", None, 2),
            ("keyglance --json a.png", None, 1),
            ("keyglance -- keys", None, 1),
        ] {
            let matches = command().try_get_matches_from(words(line)).unwrap();
            assert_eq!(matches.subcommand_name(), command_name, "{line}");
            let given = matches.get_many::<std::path::PathBuf>("files").map_or(0, Iterator::count);
            assert_eq!(given, files, "{line}");
        }
    }

    /// Every command that a user can see, by its path.
    fn visible(command: &Command, path: &str) -> Vec<(String, Command)> {
        let mut all = vec![(path.to_owned(), command.clone())];
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            let path = format!("{path} {}", below.get_name());
            all.extend(visible(below, path.trim_start()));
        }
        all
    }

    #[test]
    fn every_command_stands_in_one_group() {
        let command = command();
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        let seen: Vec<&str> = command
            .get_subcommands()
            .filter(|below| !below.is_hide_set())
            .map(Command::get_name)
            .collect();
        assert_eq!(grouped, seen, "the groups and the commands differ");
    }

    /// The words of a line for a shell: single quotes, and nothing behind a pipe.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut word, mut quoted, mut begun) =
            (Vec::new(), String::new(), false, false);
        for c in line.chars() {
            match c {
                '\'' => (quoted, begun) = (!quoted, true),
                ' ' if !quoted => {
                    if begun {
                        words.push(std::mem::take(&mut word));
                    }
                    begun = false;
                }
                c => {
                    word.push(c);
                    begun = true;
                }
            }
        }
        words.extend(begun.then_some(word));
        let begin = words.iter().position(|word| word == "keyglance").unwrap();
        let end = |word: &String| ["|", "<", ">"].contains(&word.as_str());
        words.drain(..begin);
        let end = words.iter().position(end).unwrap_or(words.len());
        words.truncate(end);
        words
    }

    #[test]
    fn every_help_ends_with_examples_that_the_program_understands() {
        let command = command();
        let visible = visible(&command, "");
        for (path, mut own) in visible.clone() {
            let (_, lines) = EXAMPLES
                .iter()
                .find(|(of, _)| *of == path)
                .unwrap_or_else(|| panic!("{path} has no examples"));
            assert!((2..=4).contains(&lines.len()), "{path}");
            let help = own.render_help().to_string();
            assert!(help.trim_end().ends_with(lines.last().unwrap()), "{path}: {help}");
            for line in *lines {
                let words = words(line);
                let parsed = command.clone().try_get_matches_from(&words);
                let matches = parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
                if !path.is_empty() {
                    let first = path.split(' ').next();
                    assert_eq!(matches.subcommand_name(), first, "{line} shows another command");
                }
            }
        }
        for (path, _) in EXAMPLES {
            assert!(visible.iter().any(|(of, _)| of == path), "nothing is called {path}");
        }
    }

    /// Words of earlier builds and of the code, which nobody should have to learn.
    #[test]
    fn no_help_speaks_of_what_is_not_in_the_glossary() {
        for (path, mut command) in visible(&command(), "") {
            let help = command.render_long_help().to_string().to_lowercase();
            for word in [
                "retire",
                "fingerprint code",
                "purpose",
                "--plain",
                "identity",
                "shred",
                "recipient",
            ] {
                assert!(!help.contains(word), "{path}: {word}\n{help}");
            }
        }
    }

    #[test]
    fn what_was_written_for_earlier_builds_still_runs() {
        for line in [
            "keyglance verify Bo",
            "keyglance use Bo --for age --plain",
            "keyglance what picture.png",
            "keyglance identity --name Ana",
            "keyglance identity --protect --new-passphrase-file word",
            "keyglance backup file",
            "keyglance restore file --yes",
            "keyglance keys retire Bo --undo",
            "keyglance keys shred Bo --yes",
            "keyglance keys remove Bo",
            "keyglance keys purpose Bo backup",
            "keyglance contacts remove Bo --yes",
            "keyglance contacts list",
            "keyglance export Bo --for raw --purpose office --require-verified",
            "keyglance code --fingerprint Bo",
            "keyglance code --identity --out -",
            "keyglance pair --stdin --identity-passphrase-file word",
            "keyglance open a.age --purpose office",
        ] {
            let parsed = command().try_get_matches_from(words(line));
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
        }
    }
}
