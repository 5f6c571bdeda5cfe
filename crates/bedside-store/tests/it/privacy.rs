//! Who may read what is in a home.

use crate::fixture::{load, release};
use bedside_store::Warehouse;
use std::fs;
use tempfile::TempDir;

#[test]
fn a_home_that_is_a_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "").unwrap();
    let error = Warehouse::open(&path).unwrap_err();
    assert!(error.to_string().ends_with("/file is a file, not a folder of a warehouse"), "{error}");
    assert!(Warehouse::open(&path.join("below")).is_err());
    assert!(Warehouse::open(folder.path()).unwrap().available_bytes().unwrap() > 0);
}

#[cfg(unix)]
#[test]
fn everything_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }
    fn walk(folder: &Path) -> usize {
        let mut seen = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let expected = if path.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(&path), expected, "{}", path.display());
            seen += 1 + if path.is_dir() { walk(&path) } else { 0 };
        }
        seen
    }
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("deep/home");
    let warehouse = Warehouse::open(&home).unwrap();
    assert_eq!(mode(&home), 0o700);
    load(&warehouse);
    warehouse.set_alias(&"mimiciv_icu".parse().unwrap(), &release()).unwrap();
    let lock = warehouse.lock_release(&release()).unwrap();
    warehouse.scratch_folder(&lock).unwrap();
    warehouse.create_quarantine(&lock, "icu.chartevents").unwrap();
    assert!(walk(&home) > 10);
    // An empty folder made for us becomes private, one that holds something of others keeps its mode.
    let (empty, used) = (folder.path().join("empty"), folder.path().join("used"));
    for path in [&empty, &used] {
        fs::create_dir(path).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::write(used.join("x"), "").unwrap();
    Warehouse::open(&empty).unwrap();
    Warehouse::open(&used).unwrap();
    assert_eq!((mode(&empty), mode(&used)), (0o700, 0o755));
}
