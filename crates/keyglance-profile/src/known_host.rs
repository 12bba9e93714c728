//! Whether ssh knows a host already. `ssh-keygen -F` is asked, which reads what ssh reads:
//! hashed names, patterns and markers. Nothing is changed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keyglance_core::identifiers::SshKey;

/// What ssh knows of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownHost {
    /// Nothing.
    Unknown,
    /// This very key.
    Same,
    /// Other keys: their types, and where they stand.
    Other(Vec<(String, PathBuf)>),
    /// There is a list of hosts, and nobody to ask about it.
    Unasked,
}

impl KnownHost {
    /// What the lists of this user and of the system say of `host`, as `known_hosts` names
    /// it, and of `key`.
    pub(crate) fn ask(host: &str, key: &SshKey) -> Self {
        let home = etcetera::home_dir().unwrap_or_default();
        let mut files =
            vec![home.join(".ssh").join("known_hosts"), home.join(".ssh").join("known_hosts2")];
        if cfg!(unix) {
            files.extend(
                ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"].map(PathBuf::from),
            );
        }
        files.retain(|file| file.exists());
        Self::in_files(host, key, &files)
    }

    fn in_files(host: &str, key: &SshKey, files: &[PathBuf]) -> Self {
        let (mut others, mut same) = (Vec::new(), false);
        for file in files {
            let Some(found) = find(host, file) else { return Self::Unasked };
            for line in found.lines() {
                match key_of(line) {
                    Some((kind, encoded)) if format!("{kind} {encoded}") == key.to_line() => {
                        same = true
                    }
                    Some((kind, _)) => others.push((kind.to_owned(), file.clone())),
                    None => {}
                }
            }
        }
        let other_of_this_type = others.iter().any(|(kind, _)| kind == "ssh-ed25519");
        match (same, others.is_empty()) {
            // Of a host with several keys this is one.
            (true, _) if !other_of_this_type => Self::Same,
            (_, false) => Self::Other(others),
            (true, true) => Self::Same,
            (false, true) => Self::Unknown,
        }
    }
}

/// The lines of a list that are about a host; `None` where ssh-keygen cannot be asked.
fn find(host: &str, file: &Path) -> Option<String> {
    let found = Command::new("ssh-keygen")
        .arg("-F")
        .arg(host)
        .arg("-f")
        .arg(file)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    // It ends with 1 where it finds nothing.
    matches!(found.status.code(), Some(0 | 1))
        .then(|| String::from_utf8_lossy(&found.stdout).into_owned())
}

/// The type and the key of a line; none of a comment, and of the marker for authorities,
/// whose key is not the host's.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    if line.starts_with('#') || line.starts_with("@cert-authority") {
        return None;
    }
    let mut words = line.split_whitespace().skip_while(|word| word.starts_with('@'));
    let _host = words.next()?;
    Some((words.next()?, words.next()?))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use keyglance_core::identifiers::{Identifier, IdentifierKind};
    use keyglance_core::test_util::{found, identifiers};
    use tempfile::tempdir;

    use super::*;

    const ANOTHER: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFhmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZm";

    fn key() -> SshKey {
        let shared =
            identifiers("bo").into_iter().find(|one| one.kind() == IdentifierKind::SshHost);
        let Some(Identifier::SshHost(key)) = shared else { panic!() };
        key
    }

    #[test]
    fn what_ssh_knows_of_a_host_is_told_and_nothing_is_changed() {
        if !found("ssh-keygen") {
            return;
        }
        let folder = tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        let ours = key().to_line();
        let (other, same) =
            (KnownHost::Other(vec![("ssh-ed25519".to_owned(), file.clone())]), KnownHost::Same);
        for (list, host, known) in [
            (String::new(), "bo", KnownHost::Unknown),
            (format!("ana {ANOTHER}\n"), "bo", KnownHost::Unknown),
            (format!("bo {ANOTHER}\n"), "bo", other.clone()),
            (format!("bo {ours}\n"), "bo", same.clone()),
            (format!("bo {ours}\nbo {ANOTHER}\n"), "bo", other.clone()),
            (format!("ana,bo {ANOTHER}\n"), "bo", other.clone()),
            (format!("*.lan {ANOTHER}\n"), "bo.lan", other.clone()),
            (format!("[bo]:2222 {ANOTHER}\n"), "[bo]:2222", other.clone()),
            (format!("[bo]:2222 {ANOTHER}\n"), "bo", KnownHost::Unknown),
            (format!("@cert-authority * {ANOTHER}\n"), "bo", KnownHost::Unknown),
            (format!("@revoked bo {ANOTHER}\n"), "bo", other.clone()),
        ] {
            fs::write(&file, &list).unwrap();
            let asked = KnownHost::in_files(host, &key(), std::slice::from_ref(&file));
            assert_eq!(asked, known, "{list} {host}");
            assert_eq!(fs::read_to_string(&file).unwrap(), list, "only read");
        }
        // As Debian's ssh writes names: hashed.
        fs::write(&file, format!("bo {ANOTHER}\n")).unwrap();
        let hashed = Command::new("ssh-keygen").arg("-H").arg("-f").arg(&file).output().unwrap();
        assert!(hashed.status.success() && fs::read_to_string(&file).unwrap().starts_with("|1|"));
        assert_eq!(KnownHost::in_files("bo", &key(), std::slice::from_ref(&file)), other);
        assert_eq!(KnownHost::in_files("bo", &key(), &[]), KnownHost::Unknown);
    }

    #[test]
    fn a_host_with_keys_of_several_types_is_the_same_by_one_of_them() {
        if !found("ssh-keygen") {
            return;
        }
        let folder = tempdir().unwrap();
        let file = folder.path().join("known_hosts");
        let rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7";
        fs::write(&file, format!("bo {}\nbo {rsa}\n", key().to_line())).unwrap();
        assert_eq!(KnownHost::in_files("bo", &key(), std::slice::from_ref(&file)), KnownHost::Same);
    }
}
