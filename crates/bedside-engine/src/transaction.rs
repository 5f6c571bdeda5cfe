//! Transactions: several changes of one dataset's tables that happen together or not at all.
//!
//! What a transaction writes goes into files that no manifest names; its own statements see them, nobody else does. COMMIT
//! replaces the dataset's manifest once, so that a kill at any moment leaves all of it or nothing. From its first change on the
//! transaction holds the dataset's lock. Everything that it reads is as it was when it began.

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::inventory::Inventory;
use crate::temporary::Session;
use bedside_sql::{TablePath, Transaction as Step};
use bedside_store::{DatasetLock, PersonalDataset};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A transaction that has begun.
#[derive(Debug)]
pub(crate) struct Transaction {
    /// What there was when it began.
    inventory: Arc<Inventory>,
    /// The session's tables then.
    temporary: Option<Arc<PersonalDataset>>,
    written: Option<Written>,
}

/// The dataset that a transaction writes.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) lock: Arc<DatasetLock>,
    /// As the transaction has made it.
    pub(crate) dataset: Arc<PersonalDataset>,
}

impl Transaction {
    /// What a statement of the transaction sees.
    pub(crate) fn inventory(&self) -> Arc<Inventory> {
        match &self.written {
            None => Arc::clone(&self.inventory),
            Some(written) => Arc::new(self.inventory.with_personal(&written.dataset)),
        }
    }
}

impl Session {
    /// Begins or ends a transaction.
    ///
    /// # Errors
    /// [`Error::Constraint`] where there is one already, or none; [`Error::Store`] where it cannot be written.
    pub(crate) fn step(&self, engine: &Engine, step: Step) -> Result<()> {
        let current = self.take_transaction();
        match (step, current) {
            (Step::Begin, Some(current)) => {
                self.set_transaction(current);
                Err(Error::Constraint("There is already an active transaction".to_owned()))
            }
            (Step::Begin, None) => {
                let inventory = Arc::new(Inventory::read(engine.warehouse())?);
                let temporary = self.temporaries().dataset;
                self.set_transaction(Transaction { inventory, temporary, written: None });
                Ok(())
            }
            (_, None) => Err(Error::Constraint("There is no active transaction".to_owned())),
            (Step::Commit, Some(current)) => match current.written {
                None => Ok(()),
                Some(written) => {
                    let mut dataset = PersonalDataset::clone(&written.dataset);
                    dataset.updated = engine.now_text();
                    engine.warehouse().publish_dataset(&written.lock, dataset)?;
                    Ok(())
                }
            },
            (Step::RollBack, Some(current)) => self.restore_tables(engine, current.temporary.as_deref()),
        }
    }

    /// The dataset that a change within a transaction writes; `None` where there is no transaction.
    pub(crate) fn written(&self, engine: &Engine, path: &TablePath, stop: &AtomicBool) -> Result<Option<Written>> {
        let Some(mut current) = self.take_transaction() else { return Ok(None) };
        let written = current.take_part(engine, path, stop);
        if let Ok(written) = &written {
            current.written = Some(written.clone());
        }
        self.set_transaction(current);
        written.map(Some)
    }

    /// What a change within a transaction made of the dataset.
    pub(crate) fn set_written(&self, dataset: PersonalDataset) {
        if let Some(mut current) = self.take_transaction() {
            if let Some(written) = &mut current.written {
                written.dataset = Arc::new(dataset);
            }
            self.set_transaction(current);
        }
    }
}

impl Transaction {
    fn take_part(&self, engine: &Engine, path: &TablePath, stop: &AtomicBool) -> Result<Written> {
        if let Some(written) = &self.written {
            if written.lock.project() == path.project && written.lock.dataset() == path.dataset {
                return Ok(written.clone());
            }
            let (one, other) = (written.lock.dataset(), &path.dataset);
            return Err(Error::Unsupported(format!(
                "a transaction that changes tables of two datasets, {one} and {other},"
            )));
        }
        let lock = engine.lock_dataset(&path.project, &path.dataset, stop)?;
        let dataset = engine.warehouse().personal_dataset(&path.project, &path.dataset)?;
        let before = self.inventory.personal_dataset(&path.project, &path.dataset);
        let same = dataset.as_ref().map(|dataset| dataset.revision) == before.map(|dataset| dataset.revision);
        let (Some(dataset), true) = (dataset, same) else {
            let TablePath { project, dataset, table } = path;
            let message =
                format!("Transaction is aborted due to concurrent update against table {project}:{dataset}.{table}");
            return Err(Error::Constraint(message));
        };
        engine.warehouse().sweep_dataset(&lock, engine.now())?;
        Ok(Written { lock: Arc::new(lock), dataset: Arc::new(dataset) })
    }
}
