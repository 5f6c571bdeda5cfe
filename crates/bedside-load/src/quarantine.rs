//! Rows set aside: one csv file per table, private, with why and from which line each comes.

use bedside_store::{ReleaseLock, Warehouse};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};

use crate::csv::Fault;
use crate::error::{Error, Result};

/// The quarantine of one table. The file is made with the first row.
#[derive(Debug)]
pub(crate) struct Quarantine<'a> {
    warehouse: &'a Warehouse,
    lock: &'a ReleaseLock,
    table: String,
    header: Vec<u8>,
    file: Option<(BufWriter<File>, String)>,
    rows: u64,
}

impl<'a> Quarantine<'a> {
    /// A quarantine for rows of a file with this header line.
    pub(crate) fn new(warehouse: &'a Warehouse, lock: &'a ReleaseLock, table: &str, header: &[u8]) -> Self {
        let table = table.to_owned();
        Self { warehouse, lock, table, header: header.to_vec(), file: None, rows: 0 }
    }

    /// Rows set aside so far.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Sets a row aside: the reason, the line, then the row as it stood, so that its fields stand below their names.
    pub(crate) fn add(&mut self, line: u64, fault: &Fault, raw: &[u8]) -> Result<()> {
        let (file, path) = match &mut self.file {
            Some(open) => open,
            none => {
                let (file, path) = self.warehouse.create_quarantine(self.lock, &self.table)?;
                let mut file = BufWriter::new(file);
                let written = file.write_all(b"reason,line,").and_then(|()| write_line(&mut file, &self.header));
                written.map_err(|error| Error::write(self.warehouse.path(&path), error))?;
                none.insert((file, path))
            }
        };
        let reason = fault.to_string().replace('"', "\"\"");
        let written = write!(file, "\"{reason}\",{line},").and_then(|()| write_line(file, raw));
        written.map_err(|error| Error::write(self.warehouse.path(path), error))?;
        self.rows += 1;
        Ok(())
    }

    /// Ends the file; its path relative to the home. Without rows, an earlier file of this table is deleted.
    pub(crate) fn finish(self) -> Result<Option<String>> {
        if let Some((file, path)) = self.file {
            let synced = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
            synced.map_err(|error| Error::write(self.warehouse.path(&path), error))?;
            return Ok(Some(path));
        }
        let path = self.warehouse.path(&format!("quarantine/{}/{}.csv", self.lock.release(), self.table));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::write(path, error)),
            _ => Ok(None),
        }
    }
}

fn write_line(file: &mut impl Write, line: &[u8]) -> io::Result<()> {
    file.write_all(line)?;
    file.write_all(b"\n")
}
