//! Whether every file that a manifest names is there and has the bytes that were published.

use super::Outcome;
use crate::failure::Failure;
use crate::stop;
use bedside_store::{FileEntry, TableEntry, Warehouse};
use std::fs::File;
use std::hash::Hasher;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use twox_hash::XxHash64;

const CHUNK: usize = 1 << 20;

/// One outcome per file.
pub(crate) fn check(warehouse: &Warehouse, table: &TableEntry, stop: &AtomicBool) -> Result<Vec<Outcome>, Failure> {
    let files = table.layouts.iter().flat_map(|layout| &layout.files);
    files.map(|file| check_file(&warehouse.path(&file.path), file, stop)).collect()
}

fn check_file(path: &Path, entry: &FileEntry, stop: &AtomicBool) -> Result<Outcome, Failure> {
    match digest(path, stop)? {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Outcome::Bad(format!("{} is missing", entry.path))),
        Err(error) => Err(Failure::io(format!("cannot read {}", path.display()), &error)),
        Ok((bytes, _)) if bytes != entry.bytes => {
            Ok(Outcome::Bad(format!("{} has {bytes} bytes, published were {}", entry.path, entry.bytes)))
        }
        Ok((_, digest)) if digest != entry.xxh64 => {
            Ok(Outcome::Bad(format!("{} has other bytes than were published", entry.path)))
        }
        Ok(_) => Ok(Outcome::Good),
    }
}

/// Length and XXH64 of a file.
fn digest(path: &Path, stop: &AtomicBool) -> Result<io::Result<(u64, String)>, Failure> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return Ok(Err(error)),
    };
    let (mut hasher, mut bytes, mut chunk) = (XxHash64::with_seed(0), 0, vec![0; CHUNK]);
    loop {
        stop::check(stop)?;
        match file.read(&mut chunk) {
            Ok(0) => return Ok(Ok((bytes, format!("{:016x}", hasher.finish())))),
            Ok(read) => {
                hasher.write(&chunk[..read]);
                bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check_file;
    use crate::verify::Outcome;
    use bedside_store::FileEntry;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn a_file_that_is_missing_short_or_changed_is_found() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("part-00000.parquet");
        let entry = |bytes, xxh64: &str| FileEntry {
            path: "x".into(),
            rows: 0,
            bytes,
            xxh64: xxh64.into(),
            range: None,
            minima: vec![],
            maxima: vec![],
        };
        let found = |entry: &FileEntry| check_file(&path, entry, &AtomicBool::new(false)).unwrap();
        assert_eq!(found(&entry(3, "")), Outcome::Bad("x is missing".into()));
        std::fs::write(&path, "abc").unwrap();
        // XXH64 of "abc" with seed 0, from the reference implementation's test vectors.
        assert_eq!(found(&entry(3, "44bc2cf5ad770999")), Outcome::Good);
        assert_eq!(found(&entry(4, "44bc2cf5ad770999")), Outcome::Bad("x has 3 bytes, published were 4".into()));
        assert_eq!(found(&entry(3, "44bc2cf5ad770998")), Outcome::Bad("x has other bytes than were published".into()));
    }
}
