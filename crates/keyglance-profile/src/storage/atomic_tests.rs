//! What becomes of files when something comes between.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::os::unix::fs::MetadataExt as _;

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn links(path: &Path) -> u64 {
    fs::metadata(path).unwrap().nlink()
}

/// A file that is written under a temporary name, as on disks that want one.
fn named(path: &Path, bytes: &[u8]) -> NewFile {
    let (mut file, temporary) = create_temporary(path, Access::Private).unwrap();
    file.write_all(bytes).unwrap();
    NewFile { file, temporary: Some(temporary), path: path.to_owned(), unsynced: 0, disk: None }
}

#[test]
fn both_ways_leave_one_name_and_replace_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    for rename in [rename_new, link_and_unlink] {
        let from = folder.path().join("from");
        fs::write(&from, "one").unwrap();
        rename(&from, &path).unwrap();
        assert_eq!((names(folder.path()), links(&path)), (vec!["x".to_owned()], 1));
        fs::write(&from, "two").unwrap();
        assert_eq!(rename(&from, &path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        fs::remove_file(&path).unwrap();
        fs::remove_file(&from).unwrap();
    }
    named(&path, b"whole").persist().unwrap();
    assert_eq!((names(folder.path()), links(&path)), (vec!["x".to_owned()], 1));
    assert!(named(&path, b"other").persist().is_err());
    drop(named(&path, b"given up"));
    assert_eq!(
        (names(folder.path()), fs::read(&path).unwrap()),
        (vec!["x".to_owned()], b"whole".to_vec())
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_new_file_has_no_name_before_it_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let mut file = NewFile::create(&path, Access::Private).unwrap();
    if file.temporary.is_some() {
        eprintln!("skipped: O_TMPFILE not found");
        return;
    }
    file.write_all(b"whole").unwrap();
    assert_eq!(names(folder.path()), Vec::<String>::new());
    file.persist().unwrap();
    assert_eq!((names(folder.path()), links(&path)), (vec!["x".to_owned()], 1));
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn a_long_name_has_a_temporary_one_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n".repeat(255));
    create(&path, b"one", Access::Private).unwrap();
    replace(&path, b"two", Access::Private).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"two");
    shred(&path).unwrap();
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

/// What [`overwrite`] must leave alone: everything but a regular file of ours with
/// one name.
#[test]
fn what_is_not_ours_alone_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("profile");
    fs::create_dir(&inside).unwrap();
    let precious = folder.path().join("precious");
    let temporary = |n: u32| inside.join(format!("{TEMPORARY}{n}"));
    let prepare = || fs::write(&precious, "precious").unwrap();
    prepare();
    fs::hard_link(&precious, temporary(1)).unwrap();
    std::os::unix::fs::symlink(&precious, temporary(2)).unwrap();
    // To open it for writing would wait for a reader that never comes.
    rustix::fs::mkfifoat(rustix::fs::CWD, temporary(3), rustix::fs::Mode::RWXU).unwrap();
    fs::write(temporary(4), "secret").unwrap();
    let kept = File::open(temporary(4)).unwrap();
    for n in 1..=3 {
        let _ = overwrite(&temporary(n));
    }
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
    remove_temporaries(&inside).unwrap();
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
    assert_eq!((names(&inside), links(&precious)), (vec![], 1));
    let mut left = String::new();
    io::Read::read_to_string(&mut { kept }, &mut left).unwrap();
    assert_eq!(left, "\0".repeat(6), "what was ours alone is overwritten");
    // A copy by a second name, as backup programs make them, keeps its content.
    let key = inside.join("key.json");
    fs::write(&key, "secret").unwrap();
    fs::hard_link(&key, folder.path().join("backup")).unwrap();
    shred(&key).unwrap();
    assert_eq!(fs::read(folder.path().join("backup")).unwrap(), b"secret");
    assert_eq!(names(&inside), Vec::<String>::new());
}

#[test]
fn a_cut_off_export_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let public = Some(("pub", "public".to_owned()));
    fs::write(folder.path().join("x.pub"), "public").unwrap();
    write_export(&path, b"secret", public.as_ref()).unwrap();
    assert_eq!(names(folder.path()), ["x", "x.pub"]);
    // Nothing is taken back that was there before.
    let (which, error) = write_export(&path, b"secret", public.as_ref()).unwrap_err();
    assert_eq!((which, error.kind()), (path.clone(), io::ErrorKind::AlreadyExists));
    fs::write(folder.path().join("x.pub"), "another").unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(
        write_export(&path, b"secret", public.as_ref()).unwrap_err().0,
        folder.path().join("x.pub")
    );
    assert_eq!(names(folder.path()), ["x.pub"]);
}
