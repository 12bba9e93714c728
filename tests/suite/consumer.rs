//! The libraries as another author meets them: from `keyglance-core` and
//! `keyglance-qr`, with no other dependency.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyglance_core::keyfile::KeyFile;

#[test]
fn two_lines_of_dependencies_are_enough_to_pair_and_to_keep_the_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = root.join("tests/consumer");
    if !source.is_dir() {
        println!("skipped: the libraries are not beside the program's own archive");
        return;
    }
    // Elsewhere, with the versions and the profile of this workspace: what it has
    // built already is not built again, and nothing is written to the source.
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let manifest = fs::read_to_string(source.join("Cargo.toml")).unwrap();
    let dependencies = manifest.split_once("[dependencies]").unwrap().1;
    assert_eq!(dependencies.trim().lines().count(), 2, "{dependencies}");
    let whole = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let profiles = whole.find("[profile.").map_or("", |start| &whole[start..]);
    let manifest = manifest.replace("../..", root.to_str().unwrap());
    fs::write(at.join("Cargo.toml"), format!("{manifest}\n{profiles}")).unwrap();
    fs::create_dir(at.join("src")).unwrap();
    fs::copy(source.join("src/main.rs"), at.join("src/main.rs")).unwrap();
    fs::copy(root.join("Cargo.lock"), at.join("Cargo.lock")).unwrap();

    let key = at.join("notes.keyglance");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--target-dir"])
        .arg(target)
        .arg("--")
        .arg(&key)
        .current_dir(at)
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}{err}");
    assert!(out.starts_with("check code "), "{out}");
    let key = KeyFile::from_json(&fs::read(key).unwrap()).unwrap();
    assert!(out.ends_with(&format!("key id {}\n", key.key_id())), "{out}");
    assert!(key.exporter().is_ok() && key.peer.name.as_str() == "Bo's laptop");
}
