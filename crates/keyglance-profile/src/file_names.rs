//! Names of files as other programs hand them over: as paths, as `file:` addresses, and
//! pasted by the line.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

/// More lines than this are no list of files that somebody copied.
const MOST_LINES: usize = 1000;

/// The file that an argument names: a path as it is, and the path in a `file:` address, as
/// desktops and browsers give it. A file that is called like an address keeps its name.
///
/// ```
/// use std::path::Path;
///
/// use keyglance_profile::named_file;
///
/// assert_eq!(named_file(Path::new("my key.age")), Path::new("my key.age"));
/// # #[cfg(unix)]
/// assert_eq!(named_file(Path::new("file:///tmp/my%20key.age")), Path::new("/tmp/my key.age"));
/// ```
#[must_use]
pub fn named_file(argument: &Path) -> PathBuf {
    let address = argument.to_str().filter(|_| !argument.exists()).and_then(file_address);
    address.unwrap_or_else(|| argument.to_owned())
}

/// The path in a `file:` address of this computer (RFC 8089).
#[must_use]
pub fn file_address(text: &str) -> Option<PathBuf> {
    let (scheme, rest) = text.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let path = match rest.strip_prefix("//") {
        // Another computer's file is not here.
        Some(rest) => rest.strip_prefix("localhost").unwrap_or(rest),
        None => rest,
    };
    if !path.starts_with('/') {
        return None;
    }
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    if bytes.contains(&0) {
        return None;
    }
    path_of(bytes)
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

/// `/C:/folder/file`.
#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    let text = String::from_utf8(bytes).ok()?;
    let path = PathBuf::from(text.strip_prefix('/')?);
    path.is_absolute().then_some(path)
}

/// The files that a pasted text names, where it reads like names of files and nothing else:
/// a full path or a `file:` address on each line. Whether they are there is not looked at.
///
/// ```
/// # #[cfg(unix)] {
/// use keyglance_profile::pasted_paths;
///
/// let two = pasted_paths("file:///tmp/a%20b.age\r\n/tmp/c.png\n").unwrap();
/// assert_eq!(two, ["/tmp/a b.age".as_ref(), "/tmp/c.png".as_ref() as &std::path::Path]);
/// assert!(pasted_paths("https://example.org/a.png").is_none());
/// # }
/// ```
#[must_use]
pub fn pasted_paths(text: &str) -> Option<Vec<PathBuf>> {
    // What GNOME's file manager puts before the addresses.
    const HEADS: [&str; 3] = ["x-special/nautilus-clipboard", "copy", "cut"];
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    for head in HEADS {
        let _ = lines.next_if(|line| *line == head);
    }
    let mut paths = Vec::new();
    for line in lines {
        if paths.len() == MOST_LINES {
            return None;
        }
        // Windows copies a path in quotation marks.
        let line = line.strip_prefix('"').and_then(|l| l.strip_suffix('"')).unwrap_or(line);
        let path = Path::new(line);
        paths.push(file_address(line).or_else(|| path.is_absolute().then(|| path.to_owned()))?);
    }
    (!paths.is_empty()).then_some(paths)
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn an_address_is_a_file_of_this_computer_or_none() {
        let path = |bytes: &'static [u8]| Some(PathBuf::from(OsStr::from_bytes(bytes)));
        for (text, expected) in [
            ("file:///home/ana/a%20b.keyglance", path(b"/home/ana/a b.keyglance")),
            ("FILE:///x", path(b"/x")),
            ("file:/x", path(b"/x")),
            ("file://localhost/x", path(b"/x")),
            // Bytes that are no UTF-8, letters that are not encoded, a lone percent sign.
            ("file:///%FF", path(b"/\xff")),
            ("file:///Schlüssel%2Ekeyglance", path("/Schlüssel.keyglance".as_bytes())),
            ("file:///100%", path(b"/100%")),
            ("file:///a#b?c", path(b"/a#b?c")),
            ("file://server/x", None),
            ("file://localhost.example/x", None),
            ("file:x", None),
            ("file://", None),
            ("file:///a%00b", None),
            ("https:///x", None),
            ("/x", None),
            ("", None),
        ] {
            assert_eq!(file_address(text), expected, "{text}");
        }
    }

    #[test]
    fn only_a_text_of_names_alone_names_files() {
        let paths = |text: &str| pasted_paths(text).map(|paths| paths.len());
        assert_eq!(paths("/tmp/a\n/tmp/b"), Some(2));
        assert_eq!(paths("  file:///tmp/a  \n\n"), Some(1));
        assert_eq!(paths("x-special/nautilus-clipboard\ncopy\nfile:///tmp/a\n"), Some(1));
        assert_eq!(paths("\"/tmp/a\""), Some(1));
        for text in ["", "\n", "a.keyglance", "copy", "/tmp/a\nand more", "keyglance1abc", "~/a"] {
            assert_eq!(paths(text), None, "{text}");
        }
        assert_eq!(paths(&"/a\n".repeat(1000)), Some(1000));
        assert_eq!(paths(&"/a\n".repeat(1001)), None);
    }

    #[test]
    fn a_file_that_is_called_like_an_address_is_itself() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("file:");
        std::fs::create_dir(&odd).unwrap();
        assert_eq!(named_file(&odd), odd);
        assert_eq!(named_file(Path::new("-x")), Path::new("-x"));
    }
}
