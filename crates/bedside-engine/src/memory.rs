//! One budget for all that statements hold.
//!
//! Operators ask before they hold more. Those that can spill get half of what is free (and the first eighth of the budget as
//! long as it is), so that there is something left for the next one; those that cannot get all that is free. An operator that gets nothing at all could not even begin to
//! spill: a little is granted to each, whatever others hold. What is left over, columns may have that were read before
//! ([`ColumnCache`]), until an operator wants it. DataFusion's own pool cuts the budget into equal slices for all
//! operators of all statements, most of which hold nothing at the time, so that some spill while there is room.

mod large;

pub(crate) use large::{MergeLargeJoins, held_bytes};

use crate::column_cache::ColumnCache;
use datafusion::common::{Result, resources_datafusion_err};
use datafusion::config::{ConfigNonZeroUsize, ConfigOptions};
use datafusion::execution::memory_pool::{
    MemoryConsumer, MemoryLimit, MemoryPool, MemoryReservation, human_readable_size,
};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What an operator may hold whatever others do: a batch of wide rows twice, which a sort wants before it can begin.
const LEAST_FLOOR: usize = 4 << 20;

/// How carefully a statement is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thrift {
    /// For speed, as far as sizes are known to fit.
    Usual,
    /// With operators that can spill, few at a time: after the budget did not suffice.
    Most,
}

/// The bytes that operators may hold.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes: usize,
    held: Mutex<Held>,
    columns: ColumnCache,
}

#[derive(Debug, Default)]
struct Held {
    /// By operators that can spill.
    spillable: usize,
    /// By those that cannot.
    fixed: usize,
}

impl Held {
    fn bytes(&self) -> usize {
        self.spillable + self.fixed
    }

    /// The part that a consumer's memory counts for.
    fn part(&mut self, consumer: &MemoryConsumer) -> &mut usize {
        if consumer.can_spill() { &mut self.spillable } else { &mut self.fixed }
    }
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { bytes, held: Mutex::default(), columns: ColumnCache::default() }
    }

    /// The columns that are kept in what operators leave over.
    pub(crate) fn columns(&self) -> &ColumnCache {
        &self.columns
    }

    /// How many bytes of columns may be kept now: half of the budget at most, as a process holds more than operators count.
    pub(crate) fn room_for_columns(&self) -> usize {
        (self.bytes / 2).min(self.bytes.saturating_sub(self.reserved()))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Numbers are right whoever died.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes from columns what operators hold now.
    fn make_place(&self, held: MutexGuard<'_, Held>) {
        let left = self.bytes.saturating_sub(held.bytes());
        drop(held);
        self.columns.shrink(left);
    }

    fn floor(&self) -> usize {
        (self.bytes / 256).max(LEAST_FLOOR)
    }

    /// What a consumer that holds `own` bytes may hold in all.
    fn most(&self, held: &Held, consumer: &MemoryConsumer, own: usize) -> usize {
        let free = self.bytes.saturating_sub(held.bytes());
        let all = own + free;
        // Halving alone would leave those that come late with less than a batch while much is free.
        let most = if consumer.can_spill() { (all / 2).max(all.min(self.bytes / 8)) } else { all };
        most.max(self.floor())
    }
}

impl MemoryPool for Budget {
    fn name(&self) -> &'static str {
        "budget"
    }

    fn grow(&self, reservation: &MemoryReservation, additional: usize) {
        let mut held = self.held();
        *held.part(reservation.consumer()) += additional;
        self.make_place(held);
    }

    fn shrink(&self, reservation: &MemoryReservation, shrink: usize) {
        let mut held = self.held();
        let part = held.part(reservation.consumer());
        *part = part.saturating_sub(shrink);
    }

    fn try_grow(&self, reservation: &MemoryReservation, additional: usize) -> Result<()> {
        let mut held = self.held();
        let consumer = reservation.consumer();
        let most = self.most(&held, consumer, reservation.size());
        if reservation.size().saturating_add(additional) > most {
            return Err(resources_datafusion_err!(
                "{} wants {} more and has {}, with {} of {} in use",
                consumer.name(),
                human_readable_size(additional),
                human_readable_size(reservation.size()),
                human_readable_size(held.bytes()),
                human_readable_size(self.bytes)
            ));
        }
        *held.part(consumer) += additional;
        self.make_place(held);
        Ok(())
    }

    fn reserved(&self) -> usize {
        self.held().bytes()
    }

    fn memory_limit(&self) -> MemoryLimit {
        MemoryLimit::Finite(self.bytes)
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a budget of {}", human_readable_size(self.bytes))
    }
}

/// Sets what operators take without asking in proportion to the budget: rows of a batch, and what a sort keeps for merging.
pub(crate) fn proportion(options: &mut ConfigOptions, bytes: usize, threads: usize) {
    let execution = &mut options.execution;
    let most = execution.sort_spill_reservation_bytes;
    execution.sort_spill_reservation_bytes = (bytes / (64 * threads.max(1))).clamp(256 << 10, most);
    let rows = (bytes >> 16).clamp(1024, 8192);
    if let Ok(rows) = ConfigNonZeroUsize::try_new(rows) {
        execution.batch_size = rows;
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;
    use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool};
    use std::sync::Arc;

    const MIB: usize = 1 << 20;

    #[test]
    fn there_is_always_something_left_for_the_next() {
        let pool: Arc<dyn MemoryPool> = Arc::new(Budget::new(128 * MIB));
        let spilling = |name: &str| MemoryConsumer::new(name).with_can_spill(true).register(&pool);
        let first = spilling("first");
        assert!(first.try_grow(64 * MIB).is_ok());
        assert!(first.try_grow(1).is_err());
        let second = spilling("second");
        assert!(second.try_grow(33 * MIB).is_err());
        assert!(second.try_grow(32 * MIB).is_ok());
        let fixed = MemoryConsumer::new("fixed").register(&pool);
        assert!(fixed.try_grow(33 * MIB).is_err());
        assert!(fixed.try_grow(32 * MIB).is_ok());
        // Nothing is free, and yet the next one can begin.
        assert!(spilling("third").try_grow(4 * MIB).is_ok());
        assert!(spilling("fourth").try_grow(5 * MIB).is_err());
        drop((first, second, fixed));
        assert_eq!(pool.reserved(), 0);
    }

    #[test]
    fn a_refusal_says_who_wanted_what() {
        let pool: Arc<dyn MemoryPool> = Arc::new(Budget::new(MIB));
        let consumer = MemoryConsumer::new("HashJoinInput").register(&pool);
        let refusal = consumer.try_grow(8 * MIB).unwrap_err().to_string();
        assert!(refusal.contains("HashJoinInput wants 8.0 MB more and has 0.0 B"), "{refusal}");
    }
}
