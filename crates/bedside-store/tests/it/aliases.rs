//! Aliases and removal.

use crate::fixture::{files, load, release};
use bedside_store::{Error, Warehouse};
use bedside_types::{DatasetName, ErrorCode};
use std::fs;
use tempfile::TempDir;

fn name(text: &str) -> DatasetName {
    text.parse().unwrap()
}

#[test]
fn an_alias_stays_until_it_is_removed() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    warehouse.set_alias(&name("mimiciv_icu"), &release()).unwrap();
    warehouse.set_alias(&name("mimiciv_hosp"), &release()).unwrap();
    let text = fs::read_to_string(home.path().join("aliases.json")).unwrap();
    let expected = "{\n  \"format\": 1,\n  \"aliases\": {\n    \"mimiciv_hosp\": \"mimiciv-3.1\",\n    \"mimiciv_icu\": \"mimiciv-3.1\"\n  }\n}\n";
    assert_eq!(text, expected, "format 1 must stay readable");
    let again = Warehouse::open(home.path()).unwrap();
    assert_eq!(again.aliases().unwrap().target(&name("mimiciv_icu")), Some(&release()));
    assert_eq!(again.remove_alias(&name("mimiciv_icu")).unwrap(), Some(release()));
    assert_eq!(again.remove_alias(&name("mimiciv_icu")).unwrap(), None);
    assert_eq!(again.aliases().unwrap().iter().count(), 1);
}

#[test]
fn an_alias_needs_a_release_that_is_there() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    let error = warehouse.set_alias(&name("mimiciv_icu"), &"mimiciv-3.0".parse().unwrap()).unwrap_err();
    assert_eq!(error.hint().as_deref(), Some("did you mean mimiciv-3.1?"));
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert_eq!(warehouse.aliases().unwrap().iter().count(), 0);
}

#[test]
fn alias_files_of_newer_programs_and_damaged_ones_are_refused() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    for (text, expected) in [
        ("{\"format\": 9, \"x\": 1}", "aliases.json has format 9, but this program knows formats up to 1"),
        ("{\"format\": 1, \"aliases\": {\"a\": \"../x\"}}", "aliases.json is damaged: `../x` is no release"),
        ("{\"format\": 1", "aliases.json is damaged: EOF while parsing"),
    ] {
        fs::write(home.path().join("aliases.json"), text).unwrap();
        let error = warehouse.aliases().unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(warehouse.set_alias(&name("x"), &release()).is_err());
        assert_eq!(fs::read_to_string(home.path().join("aliases.json")).unwrap(), text, "left as it was");
    }
}

#[test]
fn a_removed_release_takes_its_aliases_and_quarantine_with_it() {
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    let manifest = load(&warehouse);
    {
        use std::io::Write;
        let lock = warehouse.lock_release(&release()).unwrap();
        let (mut file, path) = warehouse.create_quarantine(&lock, "icu.chartevents").unwrap();
        assert_eq!(path, "quarantine/mimiciv-3.1/icu.chartevents.csv");
        file.write_all(b"line,reason\n").unwrap();
    }
    warehouse.set_alias(&name("mimiciv_icu"), &release()).unwrap();
    // A removal that was cut off.
    fs::create_dir_all(home.path().join("releases/.removed-mimiciv-3.1/icu")).unwrap();
    let removed = warehouse.remove_release(&release()).unwrap();
    assert_eq!(removed.aliases, [name("mimiciv_icu")]);
    assert!(removed.bytes > manifest.tables["icu.chartevents"].bytes());
    assert_eq!(warehouse.releases().unwrap(), []);
    let left: Vec<_> = files(home.path()).into_keys().collect();
    assert!(left.iter().all(|name| name == "aliases.json" || name.starts_with("locks/")), "{left:?}");
    assert!(fs::read_dir(home.path().join("releases")).unwrap().next().is_none());
    assert!(matches!(warehouse.remove_release(&release()), Err(Error::UnknownRelease { .. })));
    load(&warehouse);
}

#[cfg(unix)]
#[test]
fn what_a_link_points_at_is_never_deleted() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&Warehouse::open(other.path()).unwrap());
    let before = files(other.path());
    fs::create_dir_all(home.path().join("releases")).unwrap();
    let target = other.path().join("releases/mimiciv-3.1");
    std::os::unix::fs::symlink(&target, home.path().join("releases/mimiciv-3.1")).unwrap();
    let error = warehouse.remove_release(&release()).unwrap_err();
    assert!(error.to_string().contains("is a link, not a folder of a warehouse"), "{error}");
    assert_eq!(files(other.path()), before);
    // A link inside a release is deleted, its target not.
    let home = TempDir::new().unwrap();
    let warehouse = Warehouse::open(home.path()).unwrap();
    load(&warehouse);
    std::os::unix::fs::symlink(&target, home.path().join("releases/mimiciv-3.1/icu/linked")).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    assert_eq!(warehouse.sweep(&lock).unwrap().files, 1);
    drop(lock);
    std::os::unix::fs::symlink(&target, home.path().join("releases/mimiciv-3.1/icu/linked")).unwrap();
    warehouse.remove_release(&release()).unwrap();
    assert_eq!(files(other.path()), before);
}
