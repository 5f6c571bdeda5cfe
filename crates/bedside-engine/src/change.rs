//! Statements that make, change or drop something: what is known before they run, and running them.

use crate::catalog::StatementCatalog;
use crate::engine::{Engine, Prepared, TouchedTable};
use crate::error::{Error, Result};
use crate::inventory::TEMPORARY_PROJECT;
use crate::script::{Recipe, Step};
use crate::transaction::Written;
use crate::write::{MergedRows, Publishing, Writing};
use bedside_sql::TablePath;
use bedside_sql::tree::{self, DropKind, Operation};
use bedside_store::{DatasetLock, PersonalDataset};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often a dataset that is being written is asked for, and how often at most: ten seconds in all.
const LOCK_PAUSE: Duration = Duration::from_millis(50);
const LOCK_ATTEMPTS: usize = 200;

/// A statement that is right and makes, changes or drops something.
pub struct PreparedChange {
    engine: Engine,
    change: tree::Change,
    rows: Option<Prepared>,
    /// The revision that the written dataset had when this was prepared.
    revision: Option<u64>,
    words: String,
    /// What has to be said about it.
    warnings: Vec<String>,
    recipe: Recipe,
}

/// What a statement did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of thing.
    pub kind: ChangeKind,
    /// The name of what it was done to: `mine.cohort`, a dataset, a function.
    pub target: String,
    /// Rows inserted, updated or deleted, or in the new table; `None` where rows are not counted.
    pub rows: Option<u64>,
    /// What became of the rows of MERGE.
    pub merged: Option<MergedRows>,
    /// What the statement asked for and did not get.
    pub warnings: Vec<String>,
}

/// What a statement can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It made something.
    Created,
    /// It replaced something.
    Replaced,
    /// It dropped something.
    Dropped,
    /// It changed a table's definition.
    Altered,
    /// It added rows.
    Inserted,
    /// It changed rows.
    Updated,
    /// It deleted rows.
    Deleted,
    /// It added, changed and deleted rows.
    Merged,
    /// It deleted all rows.
    Truncated,
    /// It put rows into files.
    Exported,
    /// It put the rows of files into a table.
    Loaded,
    /// It had nothing to do, as its IF EXISTS or IF NOT EXISTS says.
    Skipped,
}

impl PreparedChange {
    pub(crate) fn new(
        engine: &Engine,
        change: tree::Change,
        rows: Option<Prepared>,
        catalog: &StatementCatalog,
        recipe: Recipe,
    ) -> Self {
        let revision = change.written().and_then(|path| {
            let dataset = catalog.inventory().personal_dataset(&path.project, &path.dataset);
            dataset.map(|dataset| dataset.revision)
        });
        let warnings = match &change {
            tree::Change::CreateSchema(create) => catalog.shadowed(create).into_iter().collect(),
            _ => Vec::new(),
        };
        Self { engine: engine.clone(), words: change.words(), change, rows, revision, warnings, recipe }
    }

    /// Every table that it reads, each once, by name; the written one is among them where its rows are.
    pub fn tables(&self) -> &[TouchedTable] {
        self.rows.as_ref().map(Prepared::tables).unwrap_or_default()
    }

    /// The table, view or dataset (then without a table) that it writes. `None` for temporary tables and functions, which
    /// nobody else can see.
    pub fn writes(&self) -> Option<TablePath> {
        self.change.written().filter(|path| path.project != TEMPORARY_PROJECT)
    }

    /// The statement's first words with the name of what it is about: `CREATE TABLE mine.cohort`.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What it does, without the query that gives its rows.
    pub fn change(&self) -> &tree::Change {
        &self.change
    }

    /// Bytes of all columns that it reads, as BigQuery counts them.
    pub fn logical_bytes(&self) -> u64 {
        self.rows.as_ref().map_or(0, Prepared::logical_bytes)
    }

    /// The query that gives its rows, where there is one.
    pub fn rows(&self) -> Option<&Prepared> {
        self.rows.as_ref()
    }

    /// Does it. Readers see all of it or nothing. While `stop` is set it ends with [`Error::Stopped`] and leaves everything as it
    /// was. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::Constraint`] for a row that breaks a rule of the table; [`Error::Store`], with
    /// [`bedside_store::Error::DatasetLocked`] where another statement goes on writing the dataset for ten seconds; and what
    /// preparing and running a query can give.
    pub fn execute(&self, stop: &AtomicBool) -> Result<Change> {
        match &self.change {
            tree::Change::CreateTable(tree::CreateTable { operation: Operation::Skip, .. })
            | tree::Change::CreateView(tree::CreateView { operation: Operation::Skip, .. })
            | tree::Change::CreateRoutine(tree::CreateRoutine { operation: Operation::Skip, .. })
            | tree::Change::CreateSchema(tree::CreateSchema { operation: Operation::Skip, .. })
            | tree::Change::SetOptions(tree::SetOptions { operation: Operation::Skip, .. })
            | tree::Change::Drop(tree::Drop { operation: Operation::Skip, .. }) => {
                Ok(self.done(ChangeKind::Skipped, None))
            }
            tree::Change::CreateFunction { operation, function } => {
                if *operation != Operation::Skip {
                    self.recipe.session().put_function(Arc::clone(function));
                }
                Ok(self.done(kind_of(*operation), None))
            }
            tree::Change::Drop(drop) if drop.kind == DropKind::Function && drop.path.dataset.is_empty() => {
                self.recipe.session().remove_function(&drop.path.table);
                Ok(self.done(kind_of(drop.operation), None))
            }
            change => match change.written() {
                Some(path) if path.project == TEMPORARY_PROJECT => self.execute_temporary(stop),
                Some(path) => match self.recipe.session().written(&self.engine, &path, stop)? {
                    Some(written) => self.execute_in_transaction(&written, stop),
                    None => self.execute_locked(&path, stop),
                },
                None => Err(Error::Internal("a change without a place".to_owned())),
            },
        }
    }

    fn execute_temporary(&self, stop: &AtomicBool) -> Result<Change> {
        let session = self.recipe.session();
        let (lock, dataset) = session.tables(self.engine.warehouse(), &self.engine.now_text())?;
        let publishing = Publishing::Now;
        let writing = Writing { engine: &self.engine, lock: &lock, dataset: &dataset, stop, publishing };
        let (change, published) = writing.run(&self.change, self.rows.as_ref())?;
        if let Some(published) = published {
            session.set_tables(published);
        }
        Ok(self.told(change))
    }

    /// Nobody else sees it before COMMIT.
    fn execute_in_transaction(&self, written: &Written, stop: &AtomicBool) -> Result<Change> {
        let changes_rows = matches!(
            self.change,
            tree::Change::Insert(_)
                | tree::Change::Update(_)
                | tree::Change::Delete(_)
                | tree::Change::Merge(_)
                | tree::Change::Truncate(_)
        );
        if !changes_rows {
            return Err(Error::Unsupported(format!("{} inside a transaction", self.words)));
        }
        let (lock, dataset) = (&written.lock, &written.dataset);
        let writing = Writing { engine: &self.engine, lock, dataset, stop, publishing: Publishing::Later };
        let (change, made) = writing.run(&self.change, self.rows.as_ref())?;
        if let Some(made) = made {
            self.recipe.session().set_written(made);
        }
        Ok(self.told(change))
    }

    fn execute_locked(&self, path: &TablePath, stop: &AtomicBool) -> Result<Change> {
        let warehouse = self.engine.warehouse();
        let lock = self.engine.lock_dataset(&path.project, &path.dataset, stop)?;
        let dataset = warehouse.personal_dataset(&path.project, &path.dataset)?;
        if dataset.as_ref().map(|dataset| dataset.revision) != self.revision {
            // Somebody else wrote since this was prepared: what it means is looked at again, now that nobody can.
            return match self.recipe.prepare(&self.engine)? {
                Step::Change(again) if again.change.written().as_ref() == Some(path) => {
                    again.run(&lock, dataset.as_ref(), stop)
                }
                _ => Err(Error::Internal("a statement became another one".to_owned())),
            };
        }
        self.run(&lock, dataset.as_ref(), stop)
    }

    fn run(&self, lock: &DatasetLock, dataset: Option<&PersonalDataset>, stop: &AtomicBool) -> Result<Change> {
        let warehouse = self.engine.warehouse();
        let now = self.engine.now_text();
        match (&self.change, dataset) {
            (tree::Change::CreateSchema(create), existing) => {
                if create.operation == Operation::Create && existing.is_none() {
                    warehouse.sweep_dataset(lock, self.engine.now())?;
                    let mut dataset = PersonalDataset::new(lock.project(), lock.dataset(), &now);
                    let options = create.options.iter().filter_map(|o| Some((o.name.clone(), o.value.clone()?)));
                    dataset.options = options.collect();
                    warehouse.publish_dataset(lock, dataset)?;
                }
                Ok(self.done(kind_of(create.operation), None))
            }
            (tree::Change::Drop(drop), _) if drop.kind == DropKind::Schema => {
                if drop.operation == Operation::Drop {
                    warehouse.drop_dataset(lock)?;
                }
                Ok(self.done(kind_of(drop.operation), None))
            }
            (_, Some(dataset)) => {
                warehouse.sweep_dataset(lock, self.engine.now())?;
                let publishing = Publishing::Now;
                let writing = Writing { engine: &self.engine, lock, dataset, stop, publishing };
                let (change, _) = writing.run(&self.change, self.rows.as_ref())?;
                Ok(self.told(change))
            }
            (_, None) => Err(Error::Internal("a dataset went away under its lock".to_owned())),
        }
    }

    fn done(&self, kind: ChangeKind, rows: Option<u64>) -> Change {
        self.told(Change { kind, target: String::new(), rows, merged: None, warnings: Vec::new() })
    }

    /// With its name and what it cannot do.
    fn told(&self, mut change: Change) -> Change {
        change.target = match (&self.change, self.change.written()) {
            (tree::Change::CreateFunction { function, .. }, _) => function.name.clone(),
            (tree::Change::Drop(drop), None) => drop.path.table.clone(),
            (_, Some(path)) if path.table.is_empty() => path.dataset,
            (_, Some(path)) if path.project == TEMPORARY_PROJECT => path.table,
            (_, Some(path)) => format!("{}.{}", path.dataset, path.table),
            (_, None) => String::new(),
        };
        let options: &[tree::TableOption] = match &self.change {
            tree::Change::CreateTable(create) => &create.options,
            tree::Change::CreateView(create) => &create.options,
            tree::Change::CreateRoutine(create) => &create.options,
            tree::Change::CreateSchema(create) => &create.options,
            tree::Change::SetOptions(set) => &set.options,
            _ => &[],
        };
        change.warnings.extend(self.warnings.iter().cloned());
        let told = ["description", "friendly_name", "labels", "location", "tags"];
        let idle = options.iter().filter(|option| !told.contains(&option.name.as_str()));
        change.warnings.extend(idle.map(|option| format!("the option {} is kept but has no effect", option.name)));
        change
    }
}

impl Engine {
    /// The right to write a dataset of people's own; waits for it for ten seconds. Not to be called from asynchronous code.
    ///
    /// # Errors
    /// [`Error::Store`] with [`bedside_store::Error::DatasetLocked`]; [`Error::Stopped`] once `stop` is set.
    pub fn lock_dataset(&self, project: &str, dataset: &str, stop: &AtomicBool) -> Result<DatasetLock> {
        let mut attempts = 0;
        loop {
            match self.warehouse().lock_dataset(project, dataset) {
                Err(bedside_store::Error::DatasetLocked { .. }) if attempts < LOCK_ATTEMPTS => {
                    if stop.load(Ordering::Relaxed) {
                        return Err(Error::Stopped);
                    }
                    attempts += 1;
                    std::thread::sleep(LOCK_PAUSE);
                }
                other => return Ok(other?),
            }
        }
    }
}

/// What an operation does, in the past.
pub(crate) fn kind_of(operation: Operation) -> ChangeKind {
    match operation {
        Operation::Create => ChangeKind::Created,
        Operation::Replace => ChangeKind::Replaced,
        Operation::Skip => ChangeKind::Skipped,
        Operation::Drop => ChangeKind::Dropped,
    }
}

/// SQL text and values are sensitive; only the shape is shown.
impl fmt::Debug for PreparedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreparedChange({})", self.words)
    }
}
