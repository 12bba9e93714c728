//! age in JavaScript, which has post-quantum identities: `make interop` installs it into
//! a folder of its own and names that.

use std::process::Output;

use super::{LETTER, Pair, contains, failed, finish, passed, shown, succeeded, text};

/// Node.js in the folder that has the package; `None`, with a word, where none has.
struct Node<'a> {
    pair: &'a Pair,
    folder: String,
}

impl<'a> Node<'a> {
    fn with(pair: &'a Pair, package: &str, probe: &str) -> Option<Self> {
        let folder = std::env::var("KEYGLANCE_NODE").unwrap_or_else(|_| "/".to_owned());
        let node = Self { pair, folder };
        // Of a Node.js before 20 some packages ask too much.
        let found = node.run(probe, &[], b"").status.success();
        if !found {
            println!("skipped: {package} not found");
        }
        found.then_some(node)
    }

    /// A script's packages are looked for from the folder that it runs in.
    fn run(&self, script: &str, args: &[&str], input: &[u8]) -> Output {
        let mut command = self.pair.program("node");
        command.current_dir(&self.folder).args(["--input-type=module", "--eval", script, "--"]);
        finish(command.args(args), input)
    }
}

const START: &str = "import { readFileSync } from 'node:fs';\n\
    import * as age from 'age-encryption';\n\
    const line = readFileSync(process.argv[1], 'utf8').trim().split('\\n').pop();\n\
    const rest = new Uint8Array(readFileSync(0));\n";

#[test]
fn age_of_javascript_with_post_quantum_identities() {
    let pair = Pair::new();
    let Some(node) = Node::with(
        &pair,
        "age-encryption",
        "await (await import('age-encryption')).generateHybridIdentity();",
    ) else {
        return;
    };
    let files = pair.files("age-pq");
    let public = std::path::PathBuf::from(format!("{}.pub", files.ana.shown()));
    let seal = format!(
        "{START}const to = new age.Encrypter();\nto.addRecipient(line);\n\
         process.stdout.write(await to.encrypt(rest));"
    );
    let open = format!(
        "{START}const from = new age.Decrypter();\nfrom.addIdentity(line);\n\
         process.stdout.write(await from.decrypt(rest));"
    );
    let run = |script: &str, file: &std::path::Path, input: &[u8]| {
        node.run(script, &[shown(file)], input)
    };
    let sealed = succeeded("age-encryption", run(&seal, &public, LETTER));
    assert!(contains(&sealed, b"-> mlkem768x25519 ") && !contains(&sealed, LETTER));
    for file in [&files.bo, &files.ana] {
        assert_eq!(succeeded("age-encryption", run(&open, &file.path(), &sealed)), LETTER);
    }
    for wrong in files.wrong_ones() {
        failed("age-encryption", &run(&open, &wrong.path(), &sealed));
    }
    // Of the identity it makes the very recipient that we wrote.
    let convert = format!("{START}console.log(await age.identityToRecipient(line));");
    let recipient = succeeded("age-encryption", run(&convert, &files.bo.path(), b""));
    assert_eq!(String::from_utf8(recipient).unwrap(), text(&public));
    passed("age-encryption");
}

/// The same words as another library reads them.
#[test]
#[ignore = "slow: make interop runs it"]
fn bip39() {
    let pair = Pair::new();
    let probe = "if (!(await import('bip39')).default.wordlists.english) process.exit(1);";
    let Some(node) = Node::with(&pair, "bip39", probe) else { return };
    let files = pair.files("words");
    let read = "import { readFileSync } from 'node:fs';\nimport bip39 from 'bip39';\n\
        const words = readFileSync(process.argv[1], 'utf8');\n\
        if (!bip39.validateMnemonic(words)) process.exit(1);\n\
        console.log(bip39.mnemonicToEntropy(words));";
    let entropy = |file: &str| succeeded("bip39", node.run(read, &[file], b""));
    let ana = entropy(&files.ana.shown());
    assert_eq!((ana.len(), &ana), (33, &entropy(&files.bo.shown())));
    for wrong in files.wrong_ones() {
        assert_ne!(entropy(&wrong.shown()), ana);
    }
    passed("bip39");
}
