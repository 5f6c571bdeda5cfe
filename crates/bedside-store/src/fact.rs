//! Which ids determine which: checked on the data, kept in the manifest, used to widen keys and to prune by patient.

use crate::error::Result;
use crate::manifest::{Dependency, FileEntry, Manifest, MapEntry, TableEntry};
use crate::map::IdMap;
use crate::read;
use crate::warehouse::{ReleaseLock, Warehouse};
use arrow::array::{Array, Int64Array};
use bedside_types::SqlType;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Ids outside the map that a check remembers; with more of them nothing is proven.
const MOST_UNMAPPED: usize = 1 << 20;

/// A table in which an id is the key, so that it tells what the id determines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdSource {
    /// The id, in small letters: `stay_id`.
    pub id: String,
    /// The table: `icu.icustays`.
    pub table: String,
    /// What the id determines: `subject_id`, `hadm_id`.
    pub dependents: Vec<String>,
}

/// Checks on the rows of one table that an id determines another, and as a map says where there is one. Its memory does not
/// grow with the rows.
#[derive(Clone, Debug)]
pub struct DependencyCheck {
    determinant: String,
    dependent: String,
    map: Option<Arc<IdMap>>,
    /// What ids outside the map came with.
    unmapped_ids: HashMap<i64, Option<i64>>,
    holds: bool,
    nulls: u64,
    unmapped: u64,
}

impl DependencyCheck {
    /// A check that `determinant` determines `dependent`, as `map` (of the determinant) says.
    pub fn new(determinant: &str, dependent: &str, map: Option<Arc<IdMap>>) -> Self {
        let map = map.filter(|map| map.values(dependent).is_some());
        Self {
            determinant: determinant.to_owned(),
            dependent: dependent.to_owned(),
            map,
            unmapped_ids: HashMap::new(),
            holds: true,
            nulls: 0,
            unmapped: 0,
        }
    }

    /// Adds rows: both columns row for row.
    pub fn add(&mut self, determinants: &Int64Array, dependents: &Int64Array) {
        let map = self.map.clone();
        let mapped = map.as_ref().and_then(|map| Some((map, map.values(&self.dependent)?)));
        // Neighbours mostly have the same id.
        let mut last: Option<(i64, Option<i64>, Standing)> = None;
        for row in 0..determinants.len() {
            if determinants.is_null(row) {
                self.nulls += 1;
                continue;
            }
            let id = determinants.value(row);
            let value = dependents.is_valid(row).then(|| dependents.value(row));
            let standing = match last {
                Some((last_id, last_value, standing)) if last_id == id && last_value == value => standing,
                _ => {
                    let found = mapped.and_then(|(map, values)| Some((map.position(id)?, values)));
                    if let Some((position, values)) = found {
                        self.holds &= value == values.is_valid(position).then(|| values.value(position));
                        Standing::Mapped
                    } else {
                        self.see_unmapped(id, value);
                        Standing::Unmapped
                    }
                }
            };
            self.unmapped += u64::from(standing == Standing::Unmapped);
            last = Some((id, value, standing));
        }
    }

    /// Adds what another check of the same columns and map, of other rows of the table, found.
    pub fn merge(&mut self, other: Self) {
        self.holds &= other.holds;
        self.nulls += other.nulls;
        self.unmapped += other.unmapped;
        for (id, value) in other.unmapped_ids {
            self.see_unmapped(id, value);
        }
    }

    /// The finding about a table; `map` is the entry of the map that [`DependencyCheck::new`] was given.
    pub fn finish(self, table: &TableEntry, map: Option<&MapEntry>) -> Dependency {
        Dependency {
            table: table.key(),
            generation: table.generation.clone(),
            determinant: self.determinant,
            dependent: self.dependent,
            map: map.map(|map| map.xxh64.clone()),
            holds: self.holds,
            nulls: self.nulls,
            unmapped: self.unmapped,
        }
    }

    fn see_unmapped(&mut self, id: i64, value: Option<i64>) {
        if !self.holds {
            return;
        }
        self.holds = *self.unmapped_ids.entry(id).or_insert(value) == value && self.unmapped_ids.len() <= MOST_UNMAPPED;
        if !self.holds {
            self.unmapped_ids = HashMap::new();
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Mapped,
    Unmapped,
}

impl Warehouse {
    /// Brings the maps and facts of the locked release up to date with its tables: makes the maps that `sources` can give,
    /// and checks every table that has an id with something it determines. What was found for the same content before is
    /// kept. Reads only those columns, with `threads` threads; to be called when a load has published its tables. `now` is
    /// RFC 3339.
    ///
    /// # Errors
    /// [`crate::Error::UnknownRelease`], and as [`Warehouse::publish`]; the manifest is unchanged then.
    pub fn refresh_facts(
        &self,
        lock: &ReleaseLock,
        sources: &[IdSource],
        threads: usize,
        now: &str,
    ) -> Result<Manifest> {
        let before = self.require(lock.release())?;
        let mut maps = BTreeMap::new();
        let mut opened = HashMap::new();
        for source in sources {
            if let Some((entry, map)) = self.current_map(lock, &before, source)? {
                opened.insert(source.id.clone(), Arc::new(map));
                maps.insert(source.id.clone(), entry);
            }
        }
        // With the new maps in place, a manifest tells which findings still hold.
        let mut after = Manifest { maps, facts: before.facts.clone(), ..before.clone() };
        let mut facts = Vec::new();
        for table in before.tables.values() {
            facts.extend(self.check_table(&after, table, sources, &opened, threads)?);
        }
        facts.sort_by(|a, b| (&a.table, &a.determinant, &a.dependent).cmp(&(&b.table, &b.determinant, &b.dependent)));
        after.facts = facts;
        if after == before {
            return Ok(before);
        }
        self.publish(
            lock,
            || before.clone(),
            |manifest| {
                manifest.maps.clone_from(&after.maps);
                manifest.facts.clone_from(&after.facts);
                now.clone_into(&mut manifest.updated);
            },
        )
    }

    /// The map of a source as its table now is; `None` if the table is not there or the id is no key of it.
    fn current_map(
        &self,
        lock: &ReleaseLock,
        manifest: &Manifest,
        source: &IdSource,
    ) -> Result<Option<(MapEntry, IdMap)>> {
        let Some(table) = manifest.tables.get(&source.table) else { return Ok(None) };
        let dependents: Vec<&str> = source.dependents.iter().map(String::as_str).collect();
        if let Some(entry) = manifest.maps.get(&source.id) {
            let current = entry.table == source.table && entry.generation == table.generation;
            if current && entry.dependents == source.dependents {
                return Ok(self.open_map(manifest, &source.id)?.map(|map| (entry.clone(), map)));
            }
        }
        let names = [&[source.id.as_str()], dependents.as_slice()].concat();
        let Some(columns) = names.iter().map(|name| integer_name(table, name)).collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let mut gathered = vec![Vec::new(); columns.len()];
        for file in files(table) {
            read::integers(&self.path(&file.path), &columns, |batch| {
                for (all, part) in gathered.iter_mut().zip(batch) {
                    all.extend(part.iter());
                }
            })?;
        }
        let mut arrays: Vec<Int64Array> = gathered.into_iter().map(Int64Array::from).collect();
        let ids = arrays.remove(0);
        let Some(map) = IdMap::new(&source.id, &dependents, &ids, &arrays) else { return Ok(None) };
        let entry = self.write_map(lock, &map, &source.table, &table.generation)?;
        Ok(Some((entry, map)))
    }

    /// The findings about one table, those that still hold taken over.
    fn check_table(
        &self,
        manifest: &Manifest,
        table: &TableEntry,
        sources: &[IdSource],
        maps: &HashMap<String, Arc<IdMap>>,
        threads: usize,
    ) -> Result<Vec<Dependency>> {
        let mut facts = Vec::new();
        let mut checks = Vec::new();
        let mut columns = Vec::new();
        let mut index_of = |name: &'_ str| {
            let column = integer_name(table, name)?.to_owned();
            Some(columns.iter().position(|other| *other == column).unwrap_or_else(|| {
                columns.push(column);
                columns.len() - 1
            }))
        };
        for source in sources {
            for dependent in &source.dependents {
                if let Some(known) = manifest.dependency(&table.key(), &source.id, dependent) {
                    facts.push(known.clone());
                } else if let Some((id, value)) = index_of(&source.id).zip(index_of(dependent)) {
                    let check = DependencyCheck::new(&source.id, dependent, maps.get(&source.id).cloned());
                    checks.push((check, id, value));
                }
            }
        }
        if checks.is_empty() {
            return Ok(facts);
        }
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let files: Vec<&FileEntry> = files(table).collect();
        for (check, ..) in self.check_files(&files, &names, &checks, threads)? {
            let map = manifest.maps.get(&check.determinant);
            facts.push(check.finish(table, map));
        }
        Ok(facts)
    }

    /// Runs the checks over the files, each thread taking the next file that is left.
    fn check_files(
        &self,
        files: &[&FileEntry],
        names: &[&str],
        checks: &[Check],
        threads: usize,
    ) -> Result<Vec<Check>> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut mine = checks.to_vec();
            while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                read::integers(&self.path(&file.path), names, |batch| {
                    for (check, id, value) in &mut mine {
                        check.add(batch[*id], batch[*value]);
                    }
                })?;
            }
            Ok(mine)
        };
        let results: Vec<Result<Vec<Check>>> = thread::scope(|scope| {
            let spawn = |_| scope.spawn(work);
            let handles: Vec<_> = (0..threads.clamp(1, files.len().max(1))).map(spawn).collect();
            let join = |handle: thread::ScopedJoinHandle<'_, _>| {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            handles.into_iter().map(join).collect()
        });
        let mut all = checks.to_vec();
        for part in results {
            for (check, part) in all.iter_mut().zip(part?) {
                check.0.merge(part.0);
            }
        }
        Ok(all)
    }
}

/// A check with the indices of its columns among those read.
type Check = (DependencyCheck, usize, usize);

/// The files that hold each row of a table once.
fn files(table: &TableEntry) -> impl Iterator<Item = &FileEntry> {
    table.main_layout().into_iter().flat_map(|layout| &layout.files)
}

/// How the table writes the name of an INT64 column.
fn integer_name<'a>(table: &'a TableEntry, name: &str) -> Option<&'a str> {
    table.column(name).filter(|column| column.sql_type == SqlType::Int64).map(|column| column.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::DependencyCheck;
    use crate::map::IdMap;
    use arrow::array::Int64Array;
    use std::sync::Arc;

    type Pair = (Option<i64>, Option<i64>);

    #[test]
    fn a_dependency_holds_where_map_and_rows_agree() {
        let map = Arc::new(
            IdMap::new("stay_id", &["hadm_id"], &vec![30, 31, 32].into(), &[vec![Some(20), Some(21), None].into()])
                .unwrap(),
        );
        let check = |map: Option<&Arc<IdMap>>, rows: &[Pair]| {
            let run = |rows: &[Pair]| {
                let mut check = DependencyCheck::new("stay_id", "hadm_id", map.cloned());
                check.add(
                    &rows.iter().map(|row| row.0).collect::<Int64Array>(),
                    &rows.iter().map(|row| row.1).collect::<Int64Array>(),
                );
                check
            };
            let whole = run(rows);
            // The same in two parts.
            let (left, right) = rows.split_at(rows.len() / 2);
            let mut merged = run(left);
            merged.merge(run(right));
            let found = |check: &DependencyCheck| (check.holds, check.nulls, check.unmapped);
            assert_eq!(found(&whole), found(&merged), "{rows:?}");
            found(&whole)
        };
        let good =
            [(Some(30), Some(20)), (None, Some(9)), (Some(30), Some(20)), (Some(31), Some(21)), (Some(32), None)];
        assert_eq!(check(Some(&map), &good), (true, 1, 0));
        assert_eq!(check(None, &good), (true, 1, 4));
        // Another value than the map's, on every row the same.
        let shifted = [(Some(30), Some(21)), (Some(30), Some(21))];
        assert_eq!(check(Some(&map), &shifted), (false, 0, 0));
        assert_eq!(check(None, &shifted), (true, 0, 2));
        // Two values of an id that the map has not, NULL being one.
        assert_eq!(check(Some(&map), &[(Some(99), Some(1)), (Some(99), None)]), (false, 0, 2));
        assert_eq!(check(Some(&map), &[(Some(99), Some(1)), (Some(99), Some(1))]), (true, 0, 2));
        assert_eq!(check(None, &[]), (true, 0, 0));
    }
}
