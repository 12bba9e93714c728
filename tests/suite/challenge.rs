//! Two people in a call ask each other who they are, each at a computer of their own.

use serde_json::Value;

use crate::program::{Home, Run, Running, paired};

/// What this side reads out now.
fn said(home: &Home, contact: &str, more: &[&str]) -> String {
    let args = [&["challenge", contact, "--say", "--json"], more].concat();
    home.run(args).ended(0).json()["say"].as_str().unwrap().to_owned()
}

/// What comes of a number that this side hears.
fn hears(home: &Home, contact: &str, more: &[&str], number: &str) -> Run {
    let args = [&["challenge", contact], more].concat();
    let mut running = Running::start(&mut home.command(args));
    running.write(format!("{number}\n"));
    running.end()
}

#[test]
fn each_knows_the_other_by_the_number_that_is_read_out() {
    let [ana, bo] = paired();
    let theirs = said(&bo, "Ana", &[]);
    let own = said(&ana, "Bo", &[]);
    let right = hears(&ana, "Bo", &[], &format!("{} {}", &theirs[..3], &theirs[3..])).ended(0);
    assert!(right.text().contains("Right. It is Bo."), "{right:?}");
    assert!(right.err.starts_with("You say:   ") && right.err.contains(" s left)"), "{right:?}");
    let right = hears(&bo, "Ana", &["--json"], &own).ended(0).json();
    assert_eq!((&right["answer"], &right["compared"]), (&"right".into(), &true.into()));

    // Whoever has no key can only say what they heard.
    let repeated = hears(&ana, "Bo", &["--json"], &own).ended(3);
    assert_eq!(repeated.json()["error"]["code"], "own_number");
    assert!(repeated.err.contains("your own number"), "{repeated:?}");
    // One that neither side has, nor had.
    let wrong = (0..).map(|n| format!("{n:06}")).find(|n| *n != theirs && *n != own).unwrap();
    let wrong = hears(&ana, "Bo", &["--json"], &wrong).ended(3);
    assert_eq!(wrong.json()["error"]["code"], "wrong_number");
    for no_number in ["12345", "1234567", "abc123", "\u{1b}[2J"] {
        let told = hears(&ana, "Bo", &["--json"], no_number).ended(2);
        assert_eq!(told.json()["error"]["code"], "not_six_digits", "{no_number:?}");
    }
    let none = Running::start(&mut ana.command(["challenge", "Bo"])).end().ended(4);
    assert!(none.out.is_empty() && none.err.contains("No number of theirs"), "{none:?}");
    // Nothing of it is on the disk as an export would be.
    let keys = ana.run(["keys", "show", "Bo", "--json"]).ended(0).json();
    assert_eq!(keys["exports"], Value::Array(Vec::new()));
}

#[test]
fn another_word_is_another_number() {
    let [ana, bo] = paired();
    let office = ["--separate-key-for", "office"];
    let theirs = said(&bo, "Ana", &office);
    hears(&ana, "Bo", &office, &theirs).ended(0);
    hears(&ana, "Bo", &[], &theirs).ended(3);
}

/// What is proved is less where nobody compared; and nothing where the devices differ.
#[test]
fn how_far_a_number_is_to_be_trusted_is_said() {
    let homes = [Home::new(), Home::new()];
    let names: [&[&str]; 2] = [&["--name", "Ana"], &["--name", "Bo"]];
    for (run, _) in crate::program::pair_through_pipes([&homes[0], &homes[1]], names) {
        run.ended(3);
    }
    let [ana, bo] = homes;
    let theirs = said(&bo, "Ana", &[]);
    let right = hears(&ana, "Bo", &[], &theirs).ended(0);
    assert!(right.err.contains("Attention: This key is not compared."), "{right:?}");
    assert!(right.text().contains("the device that you paired with"), "{right:?}");
    assert!(!right.text().contains("It is Bo"), "{right:?}");
    let right = hears(&ana, "Bo", &["--json"], &theirs).ended(0).json();
    assert_eq!(right["compared"], false);
    hears(&ana, "Bo", &["--require-compared"], &theirs).ended(3);

    ana.run(["compare", "Bo", "--safety-number", &"0".repeat(60)]).ended(3);
    let refused = hears(&ana, "Bo", &[], &theirs);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.err.contains("did not match"), "{refused:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_it_goes_on_until_a_number_is_right() {
    use crate::pseudo_terminal::PseudoTerminal;

    let [ana, bo] = paired();
    let Some(mut terminal) = PseudoTerminal::start(&ana, (80, 24), &["challenge", "Bo"], &[])
    else {
        return;
    };
    terminal.until_text("They say:");
    let seconds = |text: &str| {
        let line = text.lines().rev().find(|line| line.starts_with("You say:"))?;
        line.rsplit_once('(')?.1.split(' ').next()?.parse::<u64>().ok()
    };
    // The seconds go on where they are, and what is typed stays.
    terminal.types("12 ");
    let first = seconds(&terminal.text()).unwrap();
    terminal.until("another second", |shown| {
        seconds(&shown.text()).filter(|now| *now != first).map(|_| ())
    });
    terminal.until_text("They say:  12");
    assert_eq!(terminal.text().matches("You say:").count(), 1, "{}", terminal.text());
    terminal.types("3\n");
    terminal.until_text("A number has six digits.");
    terminal.types(&format!("{}\n", said(&ana, "Bo", &[])));
    terminal.until_text("they repeat what you said");
    terminal.types(&format!("{}\n", said(&bo, "Ana", &[])));
    terminal.until_text("Right. It is Bo.");
    // They may still have to hear ours.
    assert!(!terminal.has_ended());
    terminal.types("\n");
    let (status, _, _) = terminal.end();
    assert_eq!(status.code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_guessing_ends() {
    use crate::pseudo_terminal::PseudoTerminal;

    let [ana, bo] = paired();
    let Some(mut terminal) = PseudoTerminal::start(&ana, (80, 40), &["challenge", "Bo"], &[])
    else {
        return;
    };
    let known = [said(&ana, "Bo", &[]), said(&bo, "Ana", &[])];
    let mut wrong = (0..).map(|n| format!("{n:06}")).filter(|n| !known.contains(n));
    // What is typed before it is asked for would stand elsewhere, and break the lines.
    let asked = |terminal: &PseudoTerminal, times: usize| {
        let look = |text: String| text.matches("They say:").count() >= times;
        terminal.until("the next question", |shown| look(shown.text()).then_some(()));
    };
    let all = ["4 tries are left", "3 tries are left", "2 tries are left", "One try is left"];
    for (before, left) in all.into_iter().enumerate() {
        asked(&terminal, before + 1);
        terminal.types(&format!("{}\n", wrong.next().unwrap()));
        terminal.until_text(left);
    }
    asked(&terminal, 5);
    terminal.types(&format!("{}\n", wrong.next().unwrap()));
    terminal.until_text("Hang up");
    let (status, _, _) = terminal.end();
    assert_eq!(status.code(), Some(3));
}
