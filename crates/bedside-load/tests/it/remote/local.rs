//! Folders and zips.

use super::{access, find, noise, read};
use bedside_load::source::{Source, SourceError};
use bedside_types::ErrorCode;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn open(path: &Path) -> Source {
    Source::parse(path.to_str().unwrap(), &access()).unwrap()
}

fn refused(path: &Path) -> SourceError {
    Source::parse(path.to_str().unwrap(), &access()).unwrap_err()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_folder_of_any_depth_without_hidden_files() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("mimic-iv-3.1");
    for path in ["hosp/a.csv", "x/y/z/B.CSV.GZ", "icu/.b.csv", ".git/c.csv", "SHA256SUMS.txt"] {
        write(&root.join(path), path.as_bytes());
    }
    let source = open(&root);
    assert!(source.name().ends_with("/mimic-iv-3.1"));
    let files = source.list().unwrap();
    let paths: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.bytes)).collect();
    assert_eq!(paths, [("SHA256SUMS.txt", Some(14)), ("hosp/a.csv", Some(10)), ("x/y/z/B.CSV.GZ", Some(14))]);
    assert_eq!(read(&source, &files[2]).unwrap(), b"x/y/z/B.CSV.GZ");
    assert_eq!(source.read_small("SHA256SUMS.txt", 14).unwrap().unwrap(), b"SHA256SUMS.txt");
    assert!(matches!(source.read_small("SHA256SUMS.txt", 13), Err(SourceError::TooLarge { .. })));
    assert_eq!(source.read_small("hosp/none", 13).unwrap(), None);
    assert_eq!(source.stat(&files[1]).unwrap(), files[1]);
    write(&root.join("hosp/a.csv"), b"more than before");
    assert_ne!(source.stat(&files[1]).unwrap().version, files[1].version);
    fs::remove_file(root.join("hosp/a.csv")).unwrap();
    assert_eq!(read(&source, &files[1]).unwrap_err().code(), ErrorCode::NotFound);
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("root");
    write(&root.join("hosp/a.csv"), b"a");
    write(&home.path().join("other/b.csv"), b"b");
    symlink(&root, root.join("hosp/up")).unwrap();
    symlink("../other", root.join("icu")).unwrap();
    symlink("nowhere.csv", root.join("lost.csv")).unwrap();
    let source = open(&root);
    let files = source.list().unwrap();
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["hosp/a.csv", "icu/b.csv", "lost.csv"]);
    assert_eq!(read(&source, &files[1]).unwrap(), b"b");
    assert_eq!(read(&source, &files[2]).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn what_is_no_source_is_refused_with_a_way_on() {
    let home = tempfile::tempdir().unwrap();
    write(&home.path().join("a.csv"), b"x\n1\n");
    let error = refused(&home.path().join("a.csv"));
    assert_eq!(error.code(), ErrorCode::InvalidQuery);
    assert!(error.hint().unwrap().contains(home.path().to_str().unwrap()));
    assert_eq!(refused(&home.path().join("none")).code(), ErrorCode::NotFound);
    for text in ["ftp://a.org/x", "az://b/x", "http://", "s3://"] {
        let error = Source::parse(text, &access()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidQuery, "{error}");
        assert!(error.hint().is_some());
    }
}

/// A zip like PhysioNet's: a root folder, deflated and stored members.
fn make_zip(path: &Path) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.add_directory("mimic-iv-3.1/hosp", stored).unwrap();
    for (name, options, bytes) in [
        ("mimic-iv-3.1/hosp/stored.csv.gz", stored, noise(1, 100_000)),
        ("mimic-iv-3.1/hosp/deflated.csv", deflated, b"a,b\n1,2\n".repeat(20_000)),
        ("mimic-iv-3.1/hosp/large.csv.gz", stored.large_file(true), noise(2, 70_000)),
        ("mimic-iv-3.1/hosp/empty.csv", deflated, Vec::new()),
        ("mimic-iv-3.1/SHA256SUMS.txt", deflated, b"sums".to_vec()),
        ("__MACOSX/mimic-iv-3.1/._x.csv", deflated, b"junk".to_vec()),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap();
}

#[test]
fn members_of_a_zip_are_read_without_unpacking_and_at_the_same_time() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mimic-iv-3.1.zip");
    make_zip(&path);
    let source = open(&path);
    let files = source.list().unwrap();
    let paths: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.bytes)).collect();
    let expected = [
        ("mimic-iv-3.1/SHA256SUMS.txt", 4),
        ("mimic-iv-3.1/hosp/deflated.csv", 160_000),
        ("mimic-iv-3.1/hosp/empty.csv", 0),
        ("mimic-iv-3.1/hosp/large.csv.gz", 70_000),
        ("mimic-iv-3.1/hosp/stored.csv.gz", 100_000),
    ];
    assert_eq!(paths, expected.map(|(path, bytes)| (path, Some(bytes))));
    let mut first = source.open(&files[1]).unwrap();
    let mut start = [0; 8];
    first.read_exact(&mut start).unwrap();
    assert!(read(&source, &files[4]).unwrap() == noise(1, 100_000));
    assert!(read(&source, &files[3]).unwrap() == noise(2, 70_000));
    let mut rest = start.to_vec();
    first.read_to_end(&mut rest).unwrap();
    assert!(rest == b"a,b\n1,2\n".repeat(20_000));
    assert_eq!(read(&source, &files[2]).unwrap(), b"");
    assert_eq!(source.read_small("mimic-iv-3.1/SHA256SUMS.txt", 100).unwrap().unwrap(), b"sums");
    assert_eq!(source.read_small("SHA256SUMS.txt", 100).unwrap(), None);
    assert_eq!(source.stat(&files[1]).unwrap(), files[1]);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn a_zip_is_one_by_its_content_too() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("download");
    make_zip(&path);
    assert_eq!(open(&path).list().unwrap().len(), 5);
}

#[test]
fn a_broken_zip_says_what_is_broken() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a.zip");
    make_zip(&path);
    let right = fs::read(&path).unwrap();

    fs::write(&path, &right[..right.len() / 2]).unwrap();
    let error = open(&path).list().unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidData, "{error}");
    assert!(error.hint().unwrap().contains("again"));

    // One bit inside the stored member: only its checksum can tell.
    let place = right.windows(16).position(|bytes| bytes == &noise(1, 100_000)[500..516]).unwrap();
    let mut wrong = right.clone();
    wrong[place] ^= 1;
    fs::write(&path, &wrong).unwrap();
    let source = open(&path);
    let error = read(&source, &find(&source, "mimic-iv-3.1/hosp/stored.csv.gz")).unwrap_err();
    assert!(error.to_string().contains("checksum does not fit"), "{error}");
    assert!(error.to_string().contains("mimic-iv-3.1/hosp/stored.csv.gz in "), "{error}");
    assert_eq!(source.read_small("mimic-iv-3.1/SHA256SUMS.txt", 100).unwrap().unwrap(), b"sums", "the others are read");
}
