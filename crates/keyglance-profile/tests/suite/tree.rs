//! A folder and everything below it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What stands at a path: permission bits, and a file's text, a link's target
/// or nothing of a folder's.
pub type Entry = (u32, Option<String>);

/// Everything in a folder and below, itself included.
#[cfg(unix)]
pub fn tree(folder: &Path) -> BTreeMap<PathBuf, Entry> {
    use std::os::unix::ffi::OsStringExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    let mut found = BTreeMap::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(path) = todo.pop() {
        let metadata = std::fs::symlink_metadata(&path).unwrap();
        let text = |bytes: Vec<u8>| Some(String::from_utf8_lossy(&bytes).into_owned());
        let content = if metadata.is_dir() {
            todo.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            None
        } else if metadata.is_symlink() {
            text(std::fs::read_link(&path).unwrap().into_os_string().into_vec())
        } else {
            text(std::fs::read(&path).unwrap())
        };
        found.insert(path, (metadata.permissions().mode() & 0o7777, content));
    }
    found
}
