//! What lives from statement to statement of a text or a shell: temporary tables and functions.

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::inventory::{Inventory, TEMPORARY_PROJECT};
use crate::transaction::Transaction;
use bedside_sql::FunctionDefinition;
use bedside_store::{DatasetLock, PersonalDataset, Warehouse};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Sessions that may hold temporary tables at the same time.
const MOST_SESSIONS: usize = 10_000;

/// Temporary tables and functions. Cheap to clone; when the last clone goes, so do they. What a program that died left is
/// deleted by the next session that takes its place.
#[derive(Clone, Default)]
pub struct Session {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    functions: BTreeMap<String, Arc<FunctionDefinition>>,
    tables: Option<Tables>,
    transaction: Option<Transaction>,
}

struct Tables {
    warehouse: Warehouse,
    lock: Arc<DatasetLock>,
    dataset: Arc<PersonalDataset>,
}

/// A session as a statement sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Temporaries {
    pub(crate) functions: BTreeMap<String, Arc<FunctionDefinition>>,
    pub(crate) dataset: Option<Arc<PersonalDataset>>,
}

impl Session {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What there is now.
    pub(crate) fn temporaries(&self) -> Temporaries {
        let state = self.state();
        let dataset = state.tables.as_ref().map(|tables| Arc::clone(&tables.dataset));
        Temporaries { functions: state.functions.clone(), dataset }
    }

    pub(crate) fn put_function(&self, function: Arc<FunctionDefinition>) {
        self.state().functions.insert(function.name.to_lowercase(), function);
    }

    pub(crate) fn remove_function(&self, name: &str) {
        self.state().functions.remove(&name.to_lowercase());
    }

    /// The lock and the manifest of the dataset that holds this session's tables, made if it is not there.
    pub(crate) fn tables(&self, warehouse: &Warehouse, now: &str) -> Result<(Arc<DatasetLock>, Arc<PersonalDataset>)> {
        let mut state = self.state();
        if let Some(tables) = &state.tables {
            return Ok((Arc::clone(&tables.lock), Arc::clone(&tables.dataset)));
        }
        for number in 0..MOST_SESSIONS {
            let name = format!("temp_{number}");
            match warehouse.lock_dataset(TEMPORARY_PROJECT, &name) {
                Ok(lock) => {
                    // What a program that died left.
                    warehouse.drop_dataset(&lock)?;
                    let lock = Arc::new(lock);
                    let dataset = Arc::new(PersonalDataset::new(TEMPORARY_PROJECT, &name, now));
                    let tables = (Arc::clone(&lock), Arc::clone(&dataset));
                    state.tables = Some(Tables { warehouse: warehouse.clone(), lock, dataset });
                    return Ok(tables);
                }
                Err(bedside_store::Error::DatasetLocked { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::Unsupported(format!("more than {MOST_SESSIONS} sessions with temporary tables")))
    }

    pub(crate) fn take_transaction(&self) -> Option<Transaction> {
        self.state().transaction.take()
    }

    pub(crate) fn set_transaction(&self, transaction: Transaction) {
        self.state().transaction = Some(transaction);
    }

    /// What a statement of a transaction sees; `None` where there is none.
    pub(crate) fn inventory(&self) -> Option<Arc<Inventory>> {
        self.state().transaction.as_ref().map(Transaction::inventory)
    }

    /// Puts the session's tables back to what they were; their files are still there.
    pub(crate) fn restore_tables(&self, engine: &Engine, before: Option<&PersonalDataset>) -> Result<()> {
        let mut state = self.state();
        let Some(tables) = &mut state.tables else { return Ok(()) };
        let mut dataset = match before {
            Some(before) => before.clone(),
            None => PersonalDataset::new(tables.lock.project(), tables.lock.dataset(), &engine.now_text()),
        };
        dataset.revision = tables.dataset.revision;
        tables.dataset = Arc::new(tables.warehouse.publish_dataset(&tables.lock, dataset)?);
        Ok(())
    }

    /// The manifest that was published last.
    pub(crate) fn set_tables(&self, dataset: PersonalDataset) {
        if let Some(tables) = &mut self.state().tables {
            tables.dataset = Arc::new(dataset);
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(tables) = &self.tables {
            // What stays is deleted by the next session.
            drop(tables.warehouse.drop_dataset(&tables.lock));
        }
    }
}

/// Names and values are sensitive; only the shape is shown.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let temporaries = self.temporaries();
        let tables = temporaries.dataset.map_or(0, |dataset| dataset.tables.len());
        write!(f, "Session({tables} tables, {} functions)", temporaries.functions.len())
    }
}
