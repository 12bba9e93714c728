//! Licences and sources of everything that is built in, on every platform. The
//! lists are in `deny.toml`, which `cargo deny` reads too; building that costs
//! more than all of these tests.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn strings(value: &toml::Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// The rules, and what Cargo knows of each package with all features of all
/// members on: of the workspace, and of the helper program, which is one of its own.
/// None in a packed archive, which is no workspace.
fn rules_and_metadata() -> Option<(toml::Table, [Value; 2])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("crates").exists() {
        println!("skipped: workspace not found");
        return None;
    }
    let rules = std::fs::read_to_string(root.join("deny.toml")).unwrap().parse().unwrap();
    let metadata = ["", "crates/keyglance-pipewire"].map(|folder| {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--all-features", "--locked", "--offline"])
            .current_dir(root.join(folder))
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "run `make fetch` first: {complaint}");
        serde_json::from_slice(&output.stdout).unwrap()
    });
    Some((rules, metadata))
}

/// Those of `packages` that end up in what is built for others, or build it:
/// what the tests alone stand on is not passed on.
fn shipped(metadata: &Value) -> Vec<&Value> {
    let nodes: HashMap<_, _> = array(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let mut open: Vec<_> =
        array(&metadata["workspace_members"]).iter().map(|id| id.as_str().unwrap()).collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            for dependency in array(&nodes[id]["deps"]) {
                let mut kinds = array(&dependency["dep_kinds"]).iter();
                if kinds.any(|kind| kind["kind"] != "dev") {
                    open.push(dependency["pkg"].as_str().unwrap());
                }
            }
        }
    }
    let packages = array(&metadata["packages"]).iter();
    packages.filter(|package| reached.contains(package["id"].as_str().unwrap())).collect()
}

/// As it is written in the lists: `MIT`, `Apache-2.0 WITH LLVM-exception`.
fn licence(requirement: &LicenseReq) -> String {
    requirement.to_string()
}

#[test]
fn every_licence_is_permissive() {
    let Some((rules, metadata)) = rules_and_metadata() else { return };
    let packages: Vec<_> = metadata.iter().flat_map(shipped).collect();
    assert!(packages.iter().any(|package| package["name"] == "pipewire"));
    assert!(packages.len() > 400, "only {} packages", packages.len());
    let allowed = strings(&rules["licenses"]["allow"]);
    let exceptions = rules["licenses"]["exceptions"].as_array().unwrap();
    let mut used = BTreeSet::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        // A licence that is only in a file would have to be read by a person.
        let text = package["license"].as_str().unwrap_or_else(|| panic!("{name}: no licence"));
        let expression = Expression::parse_mode(text, ParseMode::LAX).unwrap();
        let exception = exceptions.iter().find(|it| it["crate"].as_str() == Some(name));
        let excepted = exception.map(|it| strings(&it["allow"])).unwrap_or_default();
        let may = expression.evaluate(|requirement| {
            let licence = licence(requirement);
            let may = allowed.contains(&licence);
            if may {
                used.insert(licence.clone());
            }
            may || excepted.contains(&licence)
        });
        assert!(may, "{name}: {text}");
    }
    assert_eq!(used, allowed, "what is allowed and what is used");
    for exception in exceptions {
        let name = &exception["crate"];
        assert!(packages.iter().any(|it| it["name"].as_str() == name.as_str()), "no {name:?}");
    }
}

#[test]
fn every_package_comes_from_one_registry_or_from_here() {
    let Some((rules, metadata)) = rules_and_metadata() else { return };
    for key in ["unknown-registry", "unknown-git"] {
        assert_eq!(rules["sources"][key].as_str(), Some("deny"));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut registries = BTreeSet::new();
    for package in metadata.iter().flat_map(|metadata| array(&metadata["packages"])) {
        match package["source"].as_str() {
            Some(source) => {
                assert!(source.starts_with("registry+"), "{}: {source}", package["name"]);
                registries.insert(source);
            }
            None => {
                let manifest = Path::new(package["manifest_path"].as_str().unwrap());
                assert!(manifest.starts_with(root), "{}", manifest.display());
            }
        }
    }
    assert_eq!(registries.len(), 1, "{registries:?}");
}

#[test]
fn every_dependency_names_a_version() {
    let Some((rules, metadata)) = rules_and_metadata() else { return };
    assert_eq!(rules["bans"]["wildcards"].as_str(), Some("deny"));
    for package in metadata.iter().flat_map(|metadata| array(&metadata["packages"])) {
        let ours = package["source"].is_null();
        for dependency in array(&package["dependencies"]) {
            // What others test with is never built here.
            if ours || dependency["kind"] != "dev" {
                let pair = (&package["name"], &dependency["name"]);
                assert_ne!(dependency["req"].as_str(), Some("*"), "{pair:?}");
            }
        }
    }
}

#[test]
fn copyleft_would_be_found() {
    let Some((rules, _)) = rules_and_metadata() else { return };
    let allowed = strings(&rules["licenses"]["allow"]);
    let may = |text: &str| {
        let expression = Expression::parse_mode(text, ParseMode::LAX).unwrap();
        expression.evaluate(|requirement| allowed.contains(&licence(requirement)))
    };
    assert!(may("MIT/Apache-2.0") && may("GPL-3.0-only OR MIT"));
    for text in ["GPL-3.0-only", "MIT AND LGPL-2.1-or-later", "MPL-2.0", "LGPL-3.0"] {
        assert!(!may(text), "{text}");
    }
}
