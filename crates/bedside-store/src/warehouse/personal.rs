//! People's own datasets: `personal/<project>/<dataset>/`, a manifest and the Parquet files that it names.

use super::Warehouse;
use super::removal::{Swept, sweep_folder, total_bytes};
use crate::disk;
use crate::error::{Error, Result};
use crate::layout::{ColumnSpec, LayoutSpec, LayoutWriter, Statistics};
use crate::manifest::{LayoutName, check_format};
use crate::personal::{PERSONAL_FORMAT, PersonalDataset};
use crate::place;
use std::collections::HashSet;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// How long a file that was replaced stays, microseconds: a statement that began before may still read it.
const RETIREMENT: i64 = 3_600_000_000;

/// The right to write one dataset, held until dropped; the system takes it back when the program dies. Readers need none.
#[derive(Debug)]
pub struct DatasetLock {
    project: String,
    dataset: String,
    _file: File,
}

impl DatasetLock {
    /// The project.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The dataset.
    pub fn dataset(&self) -> &str {
        &self.dataset
    }
}

impl Warehouse {
    /// Every dataset of every project, sorted by project and name.
    ///
    /// # Errors
    /// As [`Warehouse::personal_dataset`]; one that cannot be read fails the whole.
    pub fn personal_datasets(&self) -> Result<Vec<Arc<PersonalDataset>>> {
        let mut files = Vec::new();
        for project in self.folders(place::PERSONAL)? {
            for dataset in self.folders(&project)? {
                // What is being dropped is left out, as what is dropped meanwhile.
                if dataset.rsplit('/').next().is_some_and(|name| !name.starts_with('.')) {
                    files.push(((), self.path(&format!("{dataset}/dataset.json"))));
                }
            }
        }
        let mut datasets = self.personal.read(files, |content, path, ()| PersonalDataset::read(content, path))?;
        datasets.sort_by(|a, b| (&a.project, &a.name).cmp(&(&b.project, &b.name)));
        Ok(datasets)
    }

    /// A dataset as it is now, `None` if there is none of that name.
    ///
    /// # Errors
    /// [`Error::NewerFormat`], [`Error::Damaged`], [`Error::AccessDenied`], [`Error::Io`].
    pub fn personal_dataset(&self, project: &str, name: &str) -> Result<Option<PersonalDataset>> {
        let path = self.path(&place::dataset_manifest(project, name));
        let Some(text) = disk::read(&path)? else { return Ok(None) };
        let dataset = PersonalDataset::read(&text, &path)?;
        if dataset.project != project || dataset.name != name {
            let found = format_args!("it is of {}.{}", dataset.project, dataset.name);
            return Err(Error::decode(&path, found));
        }
        Ok(Some(dataset))
    }

    /// Takes the right to write a dataset, or fails at once if someone else has it.
    ///
    /// # Errors
    /// [`Error::DatasetLocked`], [`Error::AccessDenied`], [`Error::NotAFolder`] where the dataset's folder is a link.
    pub fn lock_dataset(&self, project: &str, dataset: &str) -> Result<DatasetLock> {
        // No release and no alias file has a name with a dot before its own.
        let name = format!("personal.{}.{}", place::encoded(project), place::encoded(dataset));
        let file = self.lock_file(&name)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::DatasetLocked { project: project.to_owned(), dataset: dataset.to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &self.path(&place::lock(&name)), error)),
        }
        let folder = self.path(&place::dataset(project, dataset));
        match folder.symlink_metadata() {
            Ok(found) if found.is_symlink() => return Err(Error::NotAFolder { path: folder, found: "a link" }),
            Ok(found) if !found.is_dir() => return Err(Error::NotAFolder { path: folder, found: "a file" }),
            _ => {}
        }
        Ok(DatasetLock { project: project.to_owned(), dataset: dataset.to_owned(), _file: file })
    }

    /// Replaces the manifest of the locked dataset by `dataset`, one revision further: it is written beside, synced and renamed.
    /// Readers see the old one or the new one. The files that it names must be finished.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::AccessDenied`], [`Error::Io`]; the old manifest is then still in force.
    pub fn publish_dataset(&self, lock: &DatasetLock, mut dataset: PersonalDataset) -> Result<PersonalDataset> {
        dataset.format = dataset.needed_format();
        dataset.project.clone_from(&lock.project);
        dataset.name.clone_from(&lock.dataset);
        dataset.revision += 1;
        let name = place::dataset_manifest(&lock.project, &lock.dataset);
        let text = dataset.write(&self.path(&name))?;
        disk::create_folder(&self.path(&place::dataset(&lock.project, &lock.dataset)))?;
        disk::replace(&self.home, &name, &text)?;
        Ok(dataset)
    }

    /// A writer of rows for a table of the locked dataset; `generation` is [`PersonalDataset::generation`].
    ///
    /// # Errors
    /// As [`LayoutWriter::new`].
    pub fn table_writer(
        &self,
        lock: &DatasetLock,
        table: &str,
        generation: &str,
        columns: Vec<ColumnSpec>,
    ) -> Result<LayoutWriter> {
        place::check_name(generation, "generation")?;
        let folder = place::personal_table(&lock.project, &lock.dataset, table, generation);
        let spec = LayoutSpec {
            module: lock.dataset.clone(),
            table: table.to_owned(),
            name: LayoutName::File,
            generation: generation.to_owned(),
            columns,
            order: Vec::new(),
            statistics: Statistics::Gather,
        };
        LayoutWriter::in_folder(self, folder, spec, &[])
    }

    /// Deletes every file of the locked dataset that its manifest does not name: what writers that were stopped left, and what
    /// was replaced more than an hour before `now_micros`. Call it when the lock was just taken: it takes away what this
    /// program is writing.
    ///
    /// # Errors
    /// As [`Warehouse::personal_dataset`] (nothing is deleted then), [`Error::AccessDenied`], [`Error::Io`].
    pub fn sweep_dataset(&self, lock: &DatasetLock, now_micros: i64) -> Result<Swept> {
        let mut swept = Swept::default();
        disk::remove(&self.path(&place::dropped(&lock.project, &lock.dataset)))?;
        let folder = self.path(&place::dataset(&lock.project, &lock.dataset));
        if !folder.exists() {
            return Ok(swept);
        }
        let name = place::dataset_manifest(&lock.project, &lock.dataset);
        if let Some(text) = disk::read(&self.path(&name))? {
            // What a newer program refers to is unknown here.
            check_format(&text, &self.path(&name), PERSONAL_FORMAT)?;
        }
        let dataset = self.personal_dataset(&lock.project, &lock.dataset)?;
        let recent = |at: i64| now_micros.saturating_sub(at) < RETIREMENT;
        let retired = dataset.iter().flat_map(|d| &d.retired).filter(|file| recent(file.at)).map(|f| f.path.as_str());
        let named = dataset.iter().flat_map(PersonalDataset::paths).chain(retired);
        let mut keep: HashSet<PathBuf> = named.map(|path| self.path(path)).collect();
        keep.insert(self.path(&name));
        sweep_folder(&folder, &keep, &mut swept)?;
        Ok(swept)
    }

    /// Deletes the locked dataset with all that is in it: it is renamed first, so that readers see all of it or nothing. Gives
    /// the bytes that are free again.
    ///
    /// # Errors
    /// [`Error::AccessDenied`], [`Error::Io`].
    pub fn drop_dataset(&self, lock: &DatasetLock) -> Result<u64> {
        let folder = self.path(&place::dataset(&lock.project, &lock.dataset));
        let dropped = self.path(&place::dropped(&lock.project, &lock.dataset));
        disk::remove(&dropped)?;
        if !folder.exists() {
            return Ok(0);
        }
        let bytes = total_bytes(&folder)?;
        disk::rename(&folder, &dropped)?;
        if let Some(project) = folder.parent() {
            disk::sync_folder(project)?;
        }
        disk::remove(&dropped)?;
        Ok(bytes)
    }

    /// The folders in a folder, relative to the home; none where it is not there. Links are none.
    fn folders(&self, relative: &str) -> Result<Vec<String>> {
        let folder = self.path(relative);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io("read", &folder, error)),
        };
        let mut folders = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Error::io("read", &folder, error))?;
            let is_folder = entry.file_type().is_ok_and(|found| found.is_dir());
            if let Some(name) = entry.file_name().to_str().filter(|_| is_folder) {
                folders.push(format!("{relative}/{name}"));
            }
        }
        folders.sort();
        Ok(folders)
    }
}
