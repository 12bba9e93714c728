//! What packages are made of: `dist/`.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use keyglance_core::test_util::found;
use keyglance_profile::PHONE_PAGE_FILES;
use serde_json::Value;

use super::program::{Home, files, paired};

const APP_ID: &str = include_str!("../../dist/app-id").trim_ascii();

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// None in a packed archive, which has no Makefile.
fn checkout() -> bool {
    let here = root().join("Makefile").exists();
    if !here {
        println!("skipped: Makefile not found");
    }
    here && found("make")
}

/// A target folder as `make build` and `make phone` leave it, with the program that is tested.
static BUILT: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let target = tempfile::tempdir().unwrap();
    fs::create_dir(target.path().join("release")).unwrap();
    let program = target.path().join("release/keyglance");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_keyglance"), program).unwrap();
    run(Command::new("sh").arg(root().join("dist/prepare")).arg(target.path()));
    fs::create_dir(target.path().join("phone")).unwrap();
    for name in PHONE_PAGE_FILES {
        fs::write(target.path().join("phone").join(name), name).unwrap();
    }
    target
});

fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stdout).into_owned() + &String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{command:?}: {said}");
    said
}

/// `make GOAL` for a system below `folder`, whose user has a home folder of their own.
fn make(goal: &str, folder: &Path, home: &Path) {
    let line = "umask 077; exec make --silent --no-print-directory \"$0\"";
    let mut command = Command::new("sh");
    command.args(["-c", line, goal]).current_dir(root());
    command.env("CARGO_TARGET_DIR", BUILT.path()).env("HOME", home);
    command.env("PREFIX", "/usr").env("DESTDIR", folder).env_remove("MAKEFLAGS");
    assert_eq!(run(&mut command), "");
}

/// An installation below `usr` of a new folder.
fn installed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    make("install", folder.path(), folder.path());
    folder
}

/// The lines of `dist/files`: mode, place below the prefix, source.
fn listed() -> Vec<(u32, PathBuf, String)> {
    let list = fs::read_to_string(root().join("dist/files")).unwrap();
    let list =
        list.replace("@APP_ID@", APP_ID).replace("@ZSH_COMPLETIONS@", "share/zsh/site-functions");
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(' ').collect();
            let [mode, to, from] = fields[..] else { panic!("{line}") };
            (u32::from_str_radix(mode, 8).unwrap(), to.into(), from.to_owned())
        })
        .collect()
}

fn below(folder: &Path) -> BTreeSet<PathBuf> {
    files(folder).iter().map(|file| file.strip_prefix(folder).unwrap().to_owned()).collect()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let here: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    here.iter().flat_map(|path| folders(path)).chain(here.clone()).collect()
}

#[test]
fn what_is_installed_is_the_list_and_is_removed_again() {
    if !checkout() {
        return;
    }
    let [system, home] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let usr = system.path().join("usr");
    let others = ["bin/other", "share/doc/keyglance-other/README", "share/man/man1/other.1"];
    for other in others {
        let path = usr.join(other);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, other).unwrap();
    }
    let others: BTreeSet<PathBuf> = others.iter().map(PathBuf::from).collect();

    // Again over itself, as a newer version is.
    make("install", system.path(), home.path());
    make("install", system.path(), home.path());
    let expected: BTreeSet<PathBuf> = listed().into_iter().map(|(_, to, _)| to).collect();
    assert_eq!(below(&usr), expected.union(&others).cloned().collect());
    assert_eq!(fs::read_dir(system.path()).unwrap().count(), 1, "below the prefix alone");
    for (mode, to, _) in listed() {
        let metadata = fs::metadata(usr.join(&to)).unwrap();
        assert!(metadata.len() > 0, "{to:?} is empty");
        // Whatever the umask of who installs.
        assert_eq!(metadata.permissions().mode() & 0o7777, mode, "{to:?}");
        let folder = fs::metadata(usr.join(&to).parent().unwrap()).unwrap();
        assert_eq!(folder.permissions().mode() & 0o055, 0o055, "the folder of {to:?}");
    }
    for file in ["applications/{}.desktop", "metainfo/{}.metainfo.xml", "mime/packages/{}.xml"] {
        let path = usr.join("share").join(file.replace("{}", APP_ID));
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(APP_ID) && !text.contains('@'), "{text}");
    }

    make("uninstall", system.path(), home.path());
    make("uninstall", system.path(), home.path());
    assert_eq!(below(&usr), others);
    for folder in folders(&usr) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!name.contains("keyglance") || name == "keyglance-other", "{folder:?}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing in the home folder");
}

#[test]
fn the_page_for_phones_is_installed_where_it_was_built_and_the_rest_without_it() {
    if !checkout() {
        return;
    }
    let [target, system] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for part in ["release", "dist", "phone"] {
        let from = BUILT.path().join(part);
        std::os::unix::fs::symlink(from, target.path().join(part)).unwrap();
    }
    let install = || {
        let mut command = Command::new("sh");
        command.arg(root().join("dist/install")).arg(target.path());
        run(command.env("PREFIX", "/usr").env("DESTDIR", system.path()));
    };
    let usr = system.path().join("usr");
    let (page, rest): (BTreeSet<_>, BTreeSet<_>) =
        listed().into_iter().map(|(_, to, _)| to).partition(|to| to.starts_with("share/keyglance"));
    let places = PHONE_PAGE_FILES.map(|name| Path::new("share/keyglance/phone").join(name));
    assert_eq!(page, places.into_iter().collect());
    install();
    assert_eq!(below(&usr), page.union(&rest).cloned().collect());
    // A version that was built without it leaves none of another version behind.
    fs::remove_file(target.path().join("phone")).unwrap();
    install();
    assert_eq!(below(&usr), rest);
}

#[test]
fn every_page_of_the_manual_is_listed_and_drawn_without_a_mistake() {
    if !checkout() {
        return;
    }
    let listed: BTreeSet<String> = listed()
        .into_iter()
        .filter_map(|it| Some(it.2.strip_prefix("made/man/")?.into()))
        .collect();
    let pages = BUILT.path().join("dist/man");
    let made = below(&pages).into_iter().map(|page| page.display().to_string()).collect();
    assert_eq!(listed, made, "dist/files names every page: one that is new is added there");
    if found("groff") {
        let mut draw = Command::new("groff");
        draw.args(["-man", "-Kutf8", "-Tutf8", "-ww", "-z"]).current_dir(pages).args(listed);
        assert_eq!(run(&mut draw), "");
    }
}

#[test]
fn the_desktop_takes_the_entry_and_the_metadata() {
    if !checkout() {
        return;
    }
    let system = installed();
    let share = system.path().join("usr/share");
    let entry = share.join(format!("applications/{APP_ID}.desktop"));
    if found("desktop-file-validate") {
        assert_eq!(run(Command::new("desktop-file-validate").arg(&entry)), "");
    }
    let entry = fs::read_to_string(entry).unwrap();
    // What the entry starts is what the program takes: without a display, that is all that
    // is wrong.
    let home = Home::new();
    home.write("key.keyglance", "{}");
    let lines = entry.lines().filter_map(|line| line.strip_prefix("Exec=keyglance "));
    let lines: Vec<_> = lines.map(|line| line.replace("%F", "key.keyglance")).collect();
    assert_eq!(lines.len(), 2, "{entry}");
    for line in lines {
        home.run(line.split(' ')).ended(1);
    }
    // By these the desktop knows that the window is the program's.
    for line in [format!("Icon={APP_ID}"), format!("StartupWMClass={APP_ID}")] {
        assert!(entry.lines().any(|it| it == line), "{entry}");
    }
    let metadata = share.join(format!("metainfo/{APP_ID}.metainfo.xml"));
    if found("appstreamcli") {
        // There is no homepage yet, of which only later versions (which can be told so) warn.
        let valid = |option: &[&str]| {
            let mut validate = Command::new("appstreamcli");
            validate.args(["validate", "--no-net"]).args(option).arg(&metadata);
            validate.output().unwrap()
        };
        let told = valid(&["--override=url-homepage-missing=info"]);
        let plain = valid(&[]);
        assert!(told.status.success() || plain.status.success(), "{plain:?}");
    }
    let metadata = fs::read_to_string(metadata).unwrap();
    let newest = metadata.split("<release version=\"").nth(1).unwrap();
    assert!(newest.starts_with(concat!(env!("CARGO_PKG_VERSION"), "\"")), "{newest}");
}

#[test]
fn the_desktop_knows_a_key_file_by_its_name_and_by_its_content() {
    if !checkout() || !found("update-mime-database") || !found("gio") {
        return;
    }
    let system = installed();
    let share = system.path().join("usr/share");
    // With what every system knows, since JSON must stay JSON.
    let known = Path::new("/usr/share/mime/packages/freedesktop.org.xml");
    if !known.exists() {
        println!("skipped: shared-mime-info not found");
        return;
    }
    fs::copy(known, share.join("mime/packages/freedesktop.org.xml")).unwrap();
    run(Command::new("update-mime-database").arg(share.join("mime")));

    let [ana, _bo] = paired();
    let export = ["export", "Bo", "--for", "keyglance", "--out"];
    ana.run(export.iter().chain(&["k.keyglance", "--without-passphrase"])).ended(0);
    ana.write("word", "correct horse battery staple");
    ana.run(export.iter().chain(&["k.keyglance.age", "--passphrase-file", "word"])).ended(0);
    let key = fs::read(ana.path("k.keyglance")).unwrap();
    ana.write("content", &key);
    let value: Value = serde_json::from_slice(&key).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    ana.write("pretty", &pretty);
    let format = pretty.lines().find(|line| line.contains("\"format\"")).unwrap();
    ana.write(
        "order",
        pretty.replacen(format, "", 1).replacen("\n", &format!("\n  \"a\": 1,\n{format}\n"), 1),
    );
    ana.write("other.json", r#"{"a":1}"#);
    ana.write("other", r#"{"a":1}"#);
    ana.write("told", r#"["keyglance-shared-key"]"#);

    let [plain, protected] =
        ["key+json", "key+age"].map(|it| format!("application/vnd.keyglance.{it}"));
    let media_type = |name: &str| {
        let mut ask = Command::new("gio");
        ask.args(["info", "-a", "standard::content-type"]).arg(ana.path(name));
        ask.env("XDG_DATA_DIRS", &share).env("XDG_DATA_HOME", ana.path("none"));
        let said = run(&mut ask);
        said.lines()
            .find_map(|it| it.trim().strip_prefix("standard::content-type: ").map(str::to_owned))
    };
    for name in ["k.keyglance", "content", "pretty", "order"] {
        assert_eq!(media_type(name).as_ref(), Some(&plain), "{name}");
    }
    assert_eq!(media_type("k.keyglance.age"), Some(protected));
    assert_eq!(media_type("other.json").as_deref(), Some("application/json"));
    for name in ["other", "told"] {
        assert!(!media_type(name).unwrap().contains("keyglance"), "{name}");
    }
}

#[test]
fn the_sandbox_has_neither_the_network_nor_files() {
    let manifest = fs::read_to_string(root().join("dist/flatpak/manifest.yml.in")).unwrap();
    let permissions: BTreeSet<&str> =
        manifest.lines().filter_map(|line| line.trim().strip_prefix("- --")).collect();
    let expected = [
        "device=all",
        "share=ipc",
        "socket=fallback-x11",
        "socket=pulseaudio",
        "socket=wayland",
        "talk-name=org.freedesktop.Notifications",
    ];
    assert_eq!(permissions, expected.into());
    if found("flatpak-builder") {
        let folder = tempfile::tempdir().unwrap();
        let filled = folder.path().join(format!("{APP_ID}.yml"));
        fs::write(&filled, manifest.replace("@APP_ID@", APP_ID)).unwrap();
        let mut show = Command::new("flatpak-builder");
        show.arg("--show-manifest").arg(filled).current_dir(folder.path());
        assert!(run(&mut show).contains(APP_ID));
    }
}

#[test]
fn the_list_of_parts_has_what_is_linked_with_its_licence() {
    if !checkout() || !found("python3") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("sbom.json");
    let mut list = Command::new("python3");
    list.arg(root().join("dist/sbom")).arg(&out).env("SOURCE_DATE_EPOCH", "1795651200");
    run(&mut list);
    let sbom: Value = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
    assert_eq!(sbom["metadata"]["timestamp"], "2026-11-26T00:00:00Z");
    let parts = sbom["components"].as_array().unwrap();
    let names: BTreeSet<&str> = parts.iter().map(|part| part["name"].as_str().unwrap()).collect();
    // Neither what builds nor what tests.
    for linked in ["keyglance-core", "x25519-dalek", "ml-kem", "age", "eframe", "zbus"] {
        assert!(names.contains(linked), "no {linked}");
    }
    for other in ["serde_derive", "bindgen", "criterion", "tempfile", "windows-sys"] {
        assert!(!names.contains(other), "{other} is not linked");
    }
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let third = fs::read_to_string(BUILT.path().join("dist/third-party.txt")).unwrap();
    for part in parts {
        let [name, version] = ["name", "version"].map(|it| part[it].as_str().unwrap());
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&entry), "{name}");
        let licence = part["licenses"][0]["expression"].as_str().unwrap();
        spdx::Expression::parse(licence).unwrap_or_else(|_| panic!("{name}: {licence}"));
        // What is here in the checkout is ours.
        if lock.contains(&format!("{entry}source = ")) {
            assert_eq!(part["hashes"][0]["content"].as_str().unwrap().len(), 64, "{name}");
            // And its authors are named where the program goes.
            assert!(third.contains(&format!("\n{name} {version}: ")), "{name}: no notice");
        }
    }
    assert!(third.contains("The Inter Project Authors") && third.contains("Phosphor Icons"));
}

/// What is loaded only when a window opens is in no header that a tool reads.
#[test]
fn the_package_recommends_what_the_window_loads() {
    if !checkout() {
        return;
    }
    let line = |file: &str, start: &str| {
        let text = fs::read_to_string(root().join(file)).unwrap();
        text.lines().find_map(|line| line.strip_prefix(start).map(str::to_owned)).unwrap()
    };
    let recommended = line("dist/deb/control.in", "Recommends: ");
    let recommended: BTreeSet<&str> = recommended.split(", ").collect();
    for package in line("Makefile", "RUN_PACKAGES := ").split(' ') {
        assert!(recommended.contains(package), "{package}");
    }
}

/// A release build that did not would name the builder's folders, and would compile every
/// crate again for who builds in the other way next.
#[test]
fn every_release_build_says_nothing_of_whose_computer_it_was() {
    if !checkout() {
        return;
    }
    for file in ["Makefile", "dist/packages.mk"] {
        let text = fs::read_to_string(root().join(file)).unwrap();
        for line in text.lines().filter(|it| it.starts_with('\t')) {
            if line.contains("--release") || line.contains(" bench ") {
                assert!(line.starts_with("\t$(RELEASE) "), "{line}");
            }
        }
    }
    let mut ask = Command::new("sh");
    ask.arg(root().join("dist/rustflags")).env("CARGO_TARGET_DIR", "/some where/target");
    ask.env("CARGO_HOME", "/some one/cargo").env("RUSTFLAGS", "-C target-cpu=native");
    let said = run(&mut ask);
    let flags: Vec<&str> = said.trim_end().split('\u{1f}').collect();
    assert_eq!(flags[..2], ["-C", "target-cpu=native"]);
    for folder in [root().to_str().unwrap(), "/some where/target", "/some one/cargo/registry/src"] {
        let start = format!("--remap-path-prefix={folder}=/");
        assert!(flags.iter().any(|flag| flag.starts_with(&start)), "{folder}: {flags:?}");
    }
}
