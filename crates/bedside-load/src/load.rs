//! Carrying out a plan.

use bedside_datasets::Release;
use bedside_store::{IdSource, Manifest, ReleaseLock, Warehouse};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use crate::error::{Error, Result};
use crate::event::{Event, Progress};
use crate::ingest::Reading;
use crate::options::LoadOptions;
use crate::plan::{ReleasePlan, TablePlan};
use crate::report::{Outcome, ReleaseReport, Report, TableReport};
use crate::scan::integers_of;
use crate::sort::Pool;
use crate::source::Source;
use crate::split::{even_splits, splits_of_patients};
use crate::table::{Session, Slots};

/// Tables that have every patient of a release once, in the families that have one.
const PATIENT_TABLES: [&str; 2] = ["patients", "edstays"];

/// Loads what a [`plan`](crate::plan) says, release by release. A table that cannot be loaded does not stop the others. When `stop`
/// is set, the load ends soon and leaves no temporary files; what is published until then stays.
pub fn load(
    source: &Source,
    plans: &[ReleasePlan],
    warehouse: &Warehouse,
    options: &LoadOptions,
    progress: Progress<'_>,
    stop: &AtomicBool,
) -> Report {
    let load = Load { source, warehouse, options, progress, stop };
    Report { releases: plans.iter().map(|plan| load.release(plan)).collect() }
}

struct Load<'a> {
    source: &'a Source,
    warehouse: &'a Warehouse,
    options: &'a LoadOptions,
    progress: Progress<'a>,
    stop: &'a AtomicBool,
}

impl Load<'_> {
    fn release(&self, plan: &ReleasePlan) -> ReleaseReport {
        let start = Instant::now();
        let (tables, error) = match self.tables(plan) {
            Ok((tables, error)) => (tables, error),
            Err(error) => (Vec::new(), Some(error)),
        };
        ReleaseReport { release: plan.release.clone(), tables, error, elapsed: start.elapsed() }
    }

    /// Loads the tables of a release; an error beside them is of what comes after.
    fn tables(&self, plan: &ReleasePlan) -> Result<(Vec<TableReport>, Option<Error>)> {
        let lock = self.warehouse.lock_release(&plan.release)?;
        self.warehouse.sweep(&lock)?;
        self.check_space(plan)?;
        let manifest = self.begin(plan, &lock)?;
        let scratch = self.warehouse.scratch_folder(&lock)?;
        let (tables, bytes) = (plan.to_load().count(), plan.bytes_to_read());
        (self.progress)(Event::ReleaseStarted { release: &plan.release, tables, bytes });
        let mut reports = self.load_tables(plan, &lock, &manifest.subject_splits, &scratch);
        reports.sort_by(|a, b| a.table.cmp(&b.table));
        // It is empty, as temporary files have no names; another load makes it again.
        let _ = std::fs::remove_dir(&scratch);
        let changed = reports.iter().any(|report| matches!(report.outcome, Outcome::Published));
        let error = self.refresh_facts(plan, &lock, changed || manifest.facts.is_empty()).err();
        Ok((reports, error))
    }

    fn check_space(&self, plan: &ReleasePlan) -> Result<()> {
        let available = self.warehouse.available_bytes()?;
        if plan.needed_bytes <= available {
            return Ok(());
        }
        let folder = self.warehouse.home().to_owned();
        Err(Error::NoSpace { folder, needed: plan.needed_bytes, available })
    }

    /// The manifest with the split points that all event tables of the release keep from now on.
    fn begin(&self, plan: &ReleasePlan, lock: &ReleaseLock) -> Result<Manifest> {
        if let Some(manifest) = self.warehouse.manifest(&plan.release)? {
            return Ok(manifest);
        }
        let splits = self.splits(plan)?;
        let now = (self.options.now)();
        let start = || Manifest::new(plan.release.clone(), &plan.schema.schema_version, &now);
        Ok(self.warehouse.publish(lock, start, |manifest| manifest.subject_splits = splits)?)
    }

    fn splits(&self, plan: &ReleasePlan) -> Result<Vec<i64>> {
        let has_patients = |table: &&TablePlan| PATIENT_TABLES.contains(&table.definition.name.as_str());
        let even = || even_splits(plan.schema, plan.bytes_to_read());
        let Some(table) = plan.tables.iter().find(has_patients) else { return Ok(even()) };
        let silent = |_: Event<'_>| {};
        let reading = Reading { source: self.source, file: &table.file, table: "", progress: &silent, stop: self.stop };
        match integers_of(reading, "subject_id") {
            Ok(subjects) if !subjects.is_empty() => Ok(splits_of_patients(subjects)),
            Err(Error::Stopped) => Err(Error::Stopped),
            // The table's own load says what is wrong with it; the others do not need it.
            _ => Ok(even()),
        }
    }

    fn load_tables(&self, plan: &ReleasePlan, lock: &ReleaseLock, splits: &[i64], scratch: &Path) -> Vec<TableReport> {
        let shares = self.options.shares();
        let session = Session {
            source: self.source,
            warehouse: self.warehouse,
            lock,
            plan,
            splits,
            options: self.options,
            shares,
            pool: Pool::new(shares.pool),
            slots: Slots::new(shares.writers),
            scratch,
            progress: self.progress,
            stop: self.stop,
        };
        let queue: Mutex<VecDeque<&TablePlan>> = Mutex::new(plan.tables.iter().collect());
        let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let work = || {
            let mut reports = Vec::new();
            while let Some(table) = take() {
                reports.push(session.load_table(table));
            }
            reports
        };
        thread::scope(|scope| {
            let handles: Vec<_> = (0..shares.files.min(plan.tables.len())).map(|_| scope.spawn(work)).collect();
            let join = |handle: thread::ScopedJoinHandle<'_, Vec<TableReport>>| {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            handles.into_iter().flat_map(join).collect()
        })
    }

    fn refresh_facts(&self, plan: &ReleasePlan, lock: &ReleaseLock, is_due: bool) -> Result<()> {
        if !is_due {
            return Ok(());
        }
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::Stopped);
        }
        (self.progress)(Event::FactsStarted { release: &plan.release });
        let now = (self.options.now)();
        self.warehouse.refresh_facts(lock, &id_sources(plan.schema), self.options.threads, &now)?;
        Ok(())
    }
}

/// The tables of a release in which a stay or an admission is the key.
fn id_sources(release: &Release) -> Vec<IdSource> {
    let source = |name: &str, ids: &[&str], dependents: &[&str]| {
        let table = release.tables.iter().find(|table| table.name == name)?;
        let id = ids.iter().find(|id| table.column(id).is_some())?;
        Some(IdSource {
            id: (*id).to_owned(),
            table: format!("{}.{}", table.module, table.name),
            dependents: dependents.iter().map(|name| (*name).to_owned()).collect(),
        })
    };
    let stays = source("icustays", &["stay_id", "icustay_id"], &["subject_id", "hadm_id"]);
    let visits = source("edstays", &["stay_id"], &["subject_id", "hadm_id"]);
    let admissions = source("admissions", &["hadm_id"], &["subject_id"]);
    [stays, visits, admissions].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::id_sources;

    #[test]
    fn every_family_knows_its_stays_and_admissions() {
        for (family, version, expected) in [
            ("mimiciv", "3.1", vec!["stay_id icu.icustays", "hadm_id hosp.admissions"]),
            ("mimiciv", "1.0", vec!["stay_id icu.icustays", "hadm_id core.admissions"]),
            ("mimiciii", "1.4", vec!["icustay_id clinical.icustays", "hadm_id clinical.admissions"]),
            ("mimiciv-ed", "2.2", vec!["stay_id ed.edstays"]),
            ("mimiciv-note", "2.2", vec![]),
        ] {
            let release = bedside_datasets::catalogue().schema(family, version).unwrap();
            let found: Vec<_> =
                id_sources(release).into_iter().map(|source| format!("{} {}", source.id, source.table)).collect();
            assert_eq!(found, expected);
        }
    }
}
