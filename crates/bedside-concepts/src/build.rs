//! Building the derived tables of a release: what is stale, parents first, several at a time.

mod check;
mod order;
mod table;

use crate::definition::Definitions;
use crate::error::{Error, Result};
use crate::family::Family;
use crate::graph::Graph;
use crate::report::{ConceptReport, Event, Outcome, Progress, Report};
use bedside_engine::{Engine, Inventory};
use bedside_store::{IdSource, Manifest, ReleaseLock};
use bedside_types::ReleaseId;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

/// Concepts built at the same time at most; more only divide the engine's memory.
const MOST_AT_ONCE: usize = 4;

/// What to build, and with what.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The concepts to build, with those that they need; empty for all.
    pub only: Vec<String>,
    /// Concepts that may be built at the same time.
    pub threads: usize,
    /// The time now, RFC 3339, for manifests.
    pub now: fn() -> String,
}

/// Builds the derived tables of a release that are stale, by the definitions of its family. One that cannot be built stops only those that read it. When
/// `stop` is set, the build ends soon with what is published until then.
///
/// # Errors
/// [`Error::Store`] if the release is not there or written by another program, [`Error::UnknownConcept`],
/// [`Error::UnknownFamily`]. What goes wrong with a concept is in the report.
pub fn build(
    engine: &Engine,
    release: &ReleaseId,
    definitions: &Definitions,
    options: &BuildOptions,
    progress: Progress<'_>,
    stop: &AtomicBool,
) -> Result<Report> {
    let start = Instant::now();
    if Family::of(release) != Some(definitions.family()) {
        return Err(Error::UnknownFamily { family: release.family().to_owned() });
    }
    if let Some(unknown) = options.only.iter().find(|name| !definitions.names().any(|known| known == *name)) {
        return Err(definitions.unknown(unknown));
    }
    let warehouse = engine.warehouse();
    warehouse.require(release)?;
    let lock = warehouse.lock_release(release)?;
    warehouse.sweep(&lock)?;
    let manifest = Arc::new(warehouse.require(release)?);
    let graph = Graph::new(definitions);
    let wanted = match options.only.as_slice() {
        [] => definitions.names().collect(),
        only => graph.with_ancestors(only.iter().map(String::as_str)),
    };
    let queue: Vec<String> =
        graph.order().into_iter().filter(|name| wanted.contains(name)).map(str::to_owned).collect();
    let build = Build {
        engine,
        definitions,
        graph: &graph,
        options,
        inventory: Inventory::read(warehouse)?,
        lock: &lock,
        progress,
        stop,
        state: Mutex::new(State { manifest, reports: BTreeMap::new(), waiting: queue.clone() }),
        changed: Condvar::new(),
    };
    progress(Event::Started { release, concepts: queue.len() });
    build.run()?;
    let state = build.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut reports = state.reports;
    let concepts = queue.iter().filter_map(|name| reports.remove(name)).collect();
    Ok(Report { release: release.clone(), concepts, elapsed: start.elapsed() })
}

struct Build<'a> {
    engine: &'a Engine,
    definitions: &'a Definitions,
    graph: &'a Graph,
    options: &'a BuildOptions,
    /// What was there when the build began; of the release itself the state's manifest is newer.
    inventory: Inventory,
    lock: &'a ReleaseLock,
    progress: Progress<'a>,
    stop: &'a AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    manifest: Arc<Manifest>,
    /// Of those that are done.
    reports: BTreeMap<String, ConceptReport>,
    /// Those that nobody has taken yet, in order.
    waiting: Vec<String>,
}

/// What became of a concept, before anybody is told.
struct Done {
    outcome: Outcome,
    checks: u64,
    warnings: Vec<String>,
}

impl Build<'_> {
    fn run(&self) -> Result<()> {
        let workers = self.options.threads.clamp(1, MOST_AT_ONCE);
        thread::scope(|scope| {
            let handles: Vec<_> = (0..workers).map(|_| scope.spawn(|| self.work())).collect();
            for handle in handles {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            }
        });
        self.check_stop()?;
        let state = self.state();
        if state.reports.values().any(|report| matches!(report.outcome, Outcome::Built)) {
            let manifest = Arc::clone(&state.manifest);
            drop(state);
            // Which ids determine which in the new tables; the maps themselves come from the release.
            let source = |(id, map): (&String, &bedside_store::MapEntry)| IdSource {
                id: id.clone(),
                table: map.table.clone(),
                dependents: map.dependents.clone(),
            };
            let sources: Vec<IdSource> = manifest.maps.iter().map(source).collect();
            self.engine.warehouse().refresh_facts(self.lock, &sources, self.options.threads, &(self.options.now)())?;
        }
        Ok(())
    }

    /// Takes concept after concept whose parents are done, until there are none left.
    fn work(&self) {
        while let Some(name) = self.take() {
            let start = Instant::now();
            let done = self.concept(&name);
            let mut state = self.state();
            let rows = state.manifest.table(bedside_datasets::DERIVED, &name).map(|table| table.rows);
            let Done { outcome, checks, warnings } = done;
            let report =
                ConceptReport { name: name.clone(), outcome, rows, checks, warnings, elapsed: start.elapsed() };
            state.reports.insert(name, report.clone());
            drop(state);
            self.changed.notify_all();
            (self.progress)(Event::ConceptDone { report: &report });
        }
    }

    fn take(&self) -> Option<String> {
        let mut state = self.state();
        loop {
            if self.stop.load(Ordering::Relaxed) || state.waiting.is_empty() {
                return None;
            }
            // A parent that is neither waiting nor running will not come, and the concept's own turn says so.
            let done = |parent: &str| state.reports.contains_key(parent) || self.graph.level(parent).is_none();
            let is_ready = |name: &String| self.graph.level(name).is_none() || self.graph.parents(name).all(done);
            if let Some(at) = state.waiting.iter().position(is_ready) {
                return Some(state.waiting.remove(at));
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn concept(&self, name: &str) -> Done {
        let done = |outcome| Done { outcome, checks: 0, warnings: Vec::new() };
        if let Some(fault) = self.graph.fault(name) {
            return done(Outcome::Failed(Arc::clone(fault)));
        }
        if let Some(reason) = self.held_up(name) {
            return done(Outcome::Skipped(reason));
        }
        let Some(definition) = self.definitions.get(name) else {
            return done(Outcome::Failed(Arc::new(Error::Internal(format!("{name} has no definition")))));
        };
        self.table(definition).unwrap_or_else(|error| done(Outcome::Failed(Arc::new(error))))
    }

    /// Why the parents of a concept keep it from being built.
    fn held_up(&self, name: &str) -> Option<String> {
        let state = self.state();
        self.graph.parents(name).find_map(|parent| match state.reports.get(parent).map(|report| &report.outcome) {
            Some(Outcome::Failed(_)) => Some(format!("parent {parent} failed")),
            // Its own turn has not come yet, or never will.
            None if self.graph.fault(parent).is_some() => Some(format!("parent {parent} failed")),
            Some(Outcome::Skipped(_)) | None => Some(format!("parent {parent} was skipped")),
            Some(Outcome::Built | Outcome::Unchanged) => None,
        })
    }

    fn manifest(&self) -> Arc<Manifest> {
        Arc::clone(&self.state().manifest)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_stop(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Stopped) } else { Ok(()) }
    }
}
