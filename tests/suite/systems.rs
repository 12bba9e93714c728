//! What is there for systems that are not here: read, since it cannot be run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use keyglance_core::test_util::found;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a script of Python says as JSON; none where it, or a module of it, is missing.
fn python(module: &str, script: &str, file: &Path) -> Option<Value> {
    if !found("python3") {
        return None;
    }
    let has = Command::new("python3").args(["-c", &format!("import {module}")]).output().unwrap();
    if !has.status.success() {
        println!("skipped: Python's {module} not found");
        return None;
    }
    let script = format!("import json, sys, {module}\nprint(json.dumps({script}))");
    let output = Command::new("python3").args(["-c", &script]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// The goals of the Makefile and of what it includes.
fn goals() -> BTreeSet<String> {
    let text = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let makefile = text("Makefile");
    let included = makefile.lines().filter_map(|line| line.strip_prefix("include ")).map(text);
    let all: Vec<String> = included.chain([makefile.clone()]).collect();
    all.iter()
        .flat_map(|file| file.lines())
        .filter(|line| !line.starts_with(['\t', '#', '.', ' ']) && !line.contains(":="))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(goals, _)| goals.split_whitespace().map(str::to_owned))
        .collect()
}

/// The commands of a job: of its steps, and of its matrix.
fn commands(job: &Value) -> Vec<String> {
    let mut texts: Vec<&str> = Vec::new();
    texts.extend(job["steps"].as_array().unwrap().iter().filter_map(|step| step["run"].as_str()));
    let of_matrix = job["strategy"]["matrix"]["run"].as_array();
    texts.extend(of_matrix.into_iter().flatten().filter_map(Value::as_str));
    let lines = texts.iter().flat_map(|text| text.lines()).flat_map(|line| line.split("&&"));
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn what_a_host_is_asked_to_run_is_there() {
    if !root().join("Makefile").exists() {
        return println!("skipped: Makefile not found");
    }
    let file = root().join("dist/ci/matrix.yml");
    let Some(workflow) = python("yaml", "yaml.safe_load(open(sys.argv[1]))", &file) else { return };
    assert_eq!(workflow["permissions"], serde_json::json!({ "contents": "read" }));
    for event in ["push", "pull_request", "schedule"] {
        assert!(workflow["on"].as_object().unwrap().contains_key(event), "{event}");
    }
    let time = workflow["on"]["schedule"][0]["cron"].as_str().unwrap();
    assert_eq!(time.split_whitespace().count(), 5, "{time}");

    let (goals, mut made) = (goals(), BTreeSet::new());
    for (name, job) in workflow["jobs"].as_object().unwrap() {
        assert!(job["runs-on"].is_string() && job["timeout-minutes"].is_number(), "{name}");
        let steps = job["steps"].as_array().unwrap();
        for step in steps {
            assert!(step["uses"].is_string() != step["run"].is_string(), "{name}: {step}");
            let Some(action) = step["uses"].as_str() else { continue };
            let (action, version) = action.split_once('@').unwrap();
            let pinned = version.len() == 40 && version.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(action == "actions/checkout" || pinned, "{name}: {action}");
        }
        for command in commands(job) {
            let mut words = command.split_whitespace();
            match words.next() {
                Some("make") => {
                    for goal in words.filter(|word| !word.contains('=')) {
                        assert!(goals.contains(goal), "{name}: make {goal}");
                        made.insert(goal.to_owned());
                    }
                }
                Some("sh") => {
                    let script = words.next().unwrap();
                    assert!(root().join(script).is_file(), "{name}: {script}");
                }
                _ => {}
            }
        }
    }
    for goal in ["test", "interop", "deb", "build", "test-camera", "check-windows"] {
        assert!(made.contains(goal), "nobody makes {goal}");
    }
    for system in ["debian", "macos", "windows", "weekly"] {
        assert!(workflow["jobs"][system].is_object(), "{system}");
    }
}

/// macOS ends a program that uses the camera and does not say what for.
#[test]
fn a_mac_is_told_what_the_camera_is_for() {
    let target = tempfile::tempdir().unwrap();
    fs::create_dir(target.path().join("release")).unwrap();
    fs::write(target.path().join("release/keyglance"), "a program").unwrap();
    let script = root().join("dist/macos/bundle.sh");
    // On a Mac it would sign what is no program.
    let output =
        Command::new("sh").arg(script).arg(target.path()).env("PATH", "/usr/bin:/bin").output();
    let output = output.unwrap();
    if cfg!(target_os = "linux") {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let contents = target.path().join("macos/Keyglance.app/Contents");
    let read = "plistlib.load(open(sys.argv[1], 'rb'))";
    let Some(info) = python("plistlib", read, &contents.join("Info.plist")) else { return };
    assert!(info["NSCameraUsageDescription"].as_str().unwrap().ends_with("are not kept."));
    assert_eq!(info["CFBundleIdentifier"], include_str!("../../dist/app-id").trim());
    assert_eq!(info["CFBundleShortVersionString"], env!("CARGO_PKG_VERSION"));
    let program = contents.join("MacOS").join(info["CFBundleExecutable"].as_str().unwrap());
    assert_eq!(fs::read(program).unwrap(), b"a program");
    // Signed for other computers, it is let near the camera by this alone.
    let entitlements = root().join("dist/macos/entitlements.plist");
    let entitlements = python("plistlib", read, &entitlements).unwrap();
    assert_eq!(entitlements["com.apple.security.device.camera"], true);
}

#[test]
fn the_resources_of_windows_are_there_and_well_formed() {
    let rc = fs::read_to_string(root().join("dist/windows/keyglance.rc.in")).unwrap();
    let named: Vec<&str> = rc.split('"').filter(|text| text.starts_with("dist/")).collect();
    assert_eq!(named, ["dist/icons/keyglance.ico", "dist/windows/keyglance.manifest"]);
    assert!(named.iter().all(|path| root().join(path).is_file()));
    let read = "[e.text for e in xml.etree.ElementTree.parse(sys.argv[1]).iter() if e.tag.endswith(('dpiAwareness', 'activeCodePage'))]";
    let manifest = root().join(named[1]);
    let Some(settings) = python("xml.etree.ElementTree", read, &manifest) else { return };
    assert_eq!(settings, serde_json::json!(["PerMonitorV2, PerMonitor", "UTF-8"]));
}
