//! Who runs when. Slots are few; a heavy statement never has the last of them, so that small ones do not wait behind it.

use crate::error::{Error, Result};
use crate::stop::Stop;
use crate::submission::Priority;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// How many of what may run at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) slots: usize,
    pub(crate) heavy: usize,
    pub(crate) waiting: usize,
}

/// How much a statement is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Small,
    Heavy,
}

/// What a statement brings to the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) principal: String,
    pub(crate) weight: Weight,
    pub(crate) priority: Priority,
}

/// The queue. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    bounds: Bounds,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// By arrival.
    waiting: BTreeMap<u64, Ticket>,
    arrived: u64,
    small: usize,
    heavy: usize,
    running: BTreeMap<String, usize>,
}

/// The right to run; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Slot {
    queue: Queue,
    ticket: Ticket,
}

impl Queue {
    pub(crate) fn new(bounds: Bounds) -> Self {
        let bounds = Bounds { slots: bounds.slots.max(1), heavy: bounds.heavy.clamp(1, bounds.slots.max(1)), ..bounds };
        Self { inner: Arc::new(Inner { bounds, state: Mutex::default(), changed: Condvar::new() }) }
    }

    /// Waits for a slot.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many wait already, [`Error::Stopped`] once it is not wanted any more.
    pub(crate) fn slot(&self, ticket: Ticket, stop: &Stop) -> Result<Slot> {
        let mut state = self.state();
        if state.waiting.len() >= self.inner.bounds.waiting {
            return Err(Error::Busy);
        }
        state.arrived += 1;
        let number = state.arrived;
        state.waiting.insert(number, ticket.clone());
        loop {
            let stopped = stop.check();
            if stopped.is_err() || state.next(&self.inner.bounds) == Some(number) {
                state.waiting.remove(&number);
                if stopped.is_ok() {
                    state.take(&ticket);
                }
                // The next one may have been waiting for this one to move.
                self.inner.changed.notify_all();
                return stopped.map(|()| Slot { queue: self.clone(), ticket });
            }
            state = self.inner.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Makes those who wait look whether they shall stop.
    pub(crate) fn wake(&self) {
        // Whoever is between looking and waiting holds the lock.
        drop(self.state());
        self.inner.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Of those that may run now the one whose principal has least running, somebody waiting before nobody waiting, then the
    /// one that came first.
    fn next(&self, bounds: &Bounds) -> Option<u64> {
        if self.small + self.heavy >= bounds.slots {
            return None;
        }
        let may = |ticket: &Ticket| ticket.weight == Weight::Small || self.heavy < bounds.heavy;
        let rank = |ticket: &Ticket| (ticket.priority, self.running.get(&ticket.principal).copied().unwrap_or(0));
        let able = self.waiting.iter().filter(|(_, ticket)| may(ticket));
        able.min_by_key(|(number, ticket)| (rank(ticket), **number)).map(|(number, _)| *number)
    }

    fn take(&mut self, ticket: &Ticket) {
        match ticket.weight {
            Weight::Small => self.small += 1,
            Weight::Heavy => self.heavy += 1,
        }
        *self.running.entry(ticket.principal.clone()).or_default() += 1;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        match self.ticket.weight {
            Weight::Small => state.small -= 1,
            Weight::Heavy => state.heavy -= 1,
        }
        if let Some(count) = state.running.get_mut(&self.ticket.principal) {
            *count -= 1;
            if *count == 0 {
                state.running.remove(&self.ticket.principal);
            }
        }
        drop(state);
        self.queue.inner.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Queue, State, Ticket, Weight};
    use crate::error::Error;
    use crate::stop::Stop;
    use crate::submission::Priority;

    const BOUNDS: Bounds = Bounds { slots: 3, heavy: 2, waiting: 10 };

    fn ticket(principal: &str, weight: Weight, priority: Priority) -> Ticket {
        Ticket { principal: principal.to_owned(), weight, priority }
    }

    fn interactive(principal: &str, weight: Weight) -> Ticket {
        ticket(principal, weight, Priority::Interactive)
    }

    /// Lets those who wait run one after the other, nobody ending, and gives their places in the list.
    fn order(waiting: &[Ticket]) -> Vec<usize> {
        let mut state = State::default();
        state.waiting.extend(waiting.iter().cloned().enumerate().map(|(place, ticket)| (place as u64, ticket)));
        let mut order = Vec::new();
        while let Some(next) = state.next(&BOUNDS) {
            let ticket = state.waiting.remove(&next).unwrap();
            state.take(&ticket);
            order.push(next as usize);
        }
        order
    }

    #[test]
    fn the_last_slot_is_never_a_heavy_ones() {
        let heavy = || interactive("a", Weight::Heavy);
        assert_eq!(order(&[heavy(), heavy(), heavy(), interactive("a", Weight::Small)]), [0, 1, 3]);
        assert_eq!(order(&[heavy(), heavy(), heavy()]), [0, 1]);
    }

    #[test]
    fn turns_go_round_and_who_waits_goes_first() {
        let small = |principal| interactive(principal, Weight::Small);
        assert_eq!(order(&[small("a"), small("a"), small("b")]), [0, 2, 1]);
        let batch = ticket("b", Weight::Small, Priority::Batch);
        assert_eq!(order(&[batch, small("a"), small("a")]), [1, 2, 0]);
    }

    #[test]
    fn a_slot_that_is_given_back_goes_to_who_waits() {
        let queue = Queue::new(Bounds { slots: 1, heavy: 1, waiting: 1 });
        let small = || interactive("a", Weight::Small);
        let first = queue.slot(small(), &Stop::default()).unwrap();
        let (waiter, stop) = (queue.clone(), Stop::default());
        let waits = std::thread::spawn({
            let stop = stop.clone();
            move || waiter.slot(small(), &stop).map(drop)
        });
        while queue.state().waiting.is_empty() {
            std::thread::yield_now();
        }
        // One more than may wait.
        assert!(matches!(queue.slot(small(), &Stop::default()), Err(Error::Busy)));
        drop(first);
        waits.join().unwrap().unwrap();
        assert!(queue.state().running.is_empty());
    }

    #[test]
    fn who_is_stopped_does_not_wait() {
        let queue = Queue::new(Bounds { slots: 1, heavy: 1, waiting: 5 });
        let _held = queue.slot(interactive("a", Weight::Small), &Stop::default()).unwrap();
        let stop = Stop::default();
        let waits = std::thread::spawn({
            let (queue, stop) = (queue.clone(), stop.clone());
            move || queue.slot(interactive("b", Weight::Heavy), &stop).map(drop)
        });
        while queue.state().waiting.is_empty() {
            std::thread::yield_now();
        }
        stop.set("not wanted");
        queue.wake();
        assert!(matches!(waits.join().unwrap(), Err(Error::Stopped(why)) if why == "not wanted"));
        assert!(queue.state().waiting.is_empty());
    }
}
