//! Writing the layouts of a table, several ranges at a time.

use bedside_store::{
    ColumnSpec, LayoutName, LayoutSpec, LayoutWriter, Statistics, WrittenLayout, WrittenRange, generation,
};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::columns::Columns;
use super::{RowsRead, Session};
use crate::error::{Error, Result};
use crate::plan::TablePlan;
use crate::sort::{Bucket, Target, Task, write_range};

/// As many ranges of all tables are written at a time as there are slots.
#[derive(Debug)]
pub(crate) struct Slots {
    give: Sender<()>,
    take: Receiver<()>,
}

impl Slots {
    pub(crate) fn new(count: usize) -> Self {
        let (give, take) = bounded(count);
        for _ in 0..count {
            let _ = give.send(());
        }
        Self { give, take }
    }

    fn use_one<T>(&self, work: impl FnOnce() -> T) -> T {
        // Both ends live as long as this, so neither can fail.
        let _ = self.take.recv();
        let result = work();
        let _ = self.give.send(());
        result
    }
}

/// A table that is in place, but not published.
pub(crate) struct Written {
    pub(crate) generation: String,
    pub(crate) layouts: Vec<WrittenLayout>,
}

impl Session<'_> {
    /// Writes the rows in every layout that the table has, but for those of the lines `dropped`.
    pub(super) fn write_layouts(
        &self,
        table: &TablePlan,
        columns: &Columns,
        sha256: &str,
        specs: &[ColumnSpec],
        rows: RowsRead,
        dropped: &HashSet<u64>,
    ) -> Result<Written> {
        let splits = if columns.has_ranges() { self.splits } else { &[] };
        let generation = generation(sha256, specs, splits);
        let targets = self.targets(table, columns, specs, &generation)?;
        let RowsRead { buckets, spill, held } = rows;
        let task = Task {
            targets: &targets,
            spill: spill.as_ref(),
            columns: specs.len(),
            dropped,
            folder: self.scratch,
            memory: self.shares.range,
            stop: self.stop,
        };
        let buckets: VecDeque<(Option<u32>, Bucket)> = buckets
            .into_iter()
            .enumerate()
            .filter(|(_, bucket)| bucket.rows > 0)
            .map(|(range, bucket)| (columns.has_ranges().then_some(range as u32), bucket))
            .collect();
        let written = self.write_ranges(&task, buckets)?;
        drop((spill, held));
        let mut by_target: Vec<Vec<WrittenRange>> = targets.iter().map(|_| Vec::new()).collect();
        for ranges in written {
            for (all, range) in by_target.iter_mut().zip(ranges) {
                all.push(range);
            }
        }
        let finish = |(target, ranges): (Target, Vec<WrittenRange>)| Ok(target.writer.finish(ranges)?);
        let layouts = targets.into_iter().zip(by_target).map(finish).collect::<Result<Vec<_>>>()?;
        Ok(Written { generation, layouts })
    }

    fn targets(
        &self,
        table: &TablePlan,
        columns: &Columns,
        specs: &[ColumnSpec],
        generation: &str,
    ) -> Result<Vec<Target>> {
        let order = &table.definition.order;
        let layouts = match (columns.has_ranges(), order.item.is_empty()) {
            (false, _) => vec![(LayoutName::File, &[][..])],
            (true, true) => vec![(LayoutName::Patient, order.patient.as_slice())],
            (true, false) => {
                vec![(LayoutName::Patient, order.patient.as_slice()), (LayoutName::Item, order.item.as_slice())]
            }
        };
        let target = |(number, (name, order)): (usize, (LayoutName, &[String]))| {
            let index = |name: &String| {
                columns.index(name).ok_or_else(|| Error::Internal(format!("{}: no order column {name}", table.name())))
            };
            let indices = order.iter().map(index).collect::<Result<Vec<_>>>()?;
            let spec = LayoutSpec {
                module: table.definition.module.clone(),
                table: table.definition.name.clone(),
                name,
                generation: generation.to_owned(),
                columns: specs.to_vec(),
                order: order.to_vec(),
                statistics: if number == 0 { Statistics::Gather } else { Statistics::OrderOnly },
            };
            let splits = if columns.has_ranges() { self.splits } else { &[] };
            Ok(Target { writer: LayoutWriter::new(self.warehouse, self.lock, spec, splits)?, order: indices })
        };
        layouts.into_iter().enumerate().map(target).collect()
    }

    fn write_ranges(
        &self,
        task: &Task<'_>,
        buckets: VecDeque<(Option<u32>, Bucket)>,
    ) -> Result<Vec<Vec<WrittenRange>>> {
        let threads = self.shares.writers.min(buckets.len());
        let queue = Mutex::new(buckets);
        let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let work = || {
            let mut written = Vec::new();
            while let Some((range, bucket)) = take() {
                match self.slots.use_one(|| write_range(task, range, bucket)) {
                    Ok(ranges) => written.push(ranges),
                    Err(error) => {
                        // The others need not go on.
                        queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
                        return Err(error);
                    }
                }
            }
            Ok(written)
        };
        if threads <= 1 {
            return work();
        }
        thread::scope(|scope| {
            let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let mut all = Vec::new();
            for handle in handles {
                all.extend(handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok(all)
        })
    }
}
