//! Stopping what runs.

use crate::error::{Error, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Says to one job that it shall stop, and why. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    flag: Arc<AtomicBool>,
    told: Notify,
    why: Mutex<Option<String>>,
}

impl Stop {
    /// One whose flag somebody else has, who may set it, too.
    pub(crate) fn with_flag(flag: Arc<AtomicBool>) -> Self {
        Self { inner: Arc::new(Inner { flag, ..Inner::default() }) }
    }

    /// Stops; the first reason stays.
    pub(crate) fn set(&self, why: &str) {
        let mut kept = self.inner.why.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert_with(|| why.to_owned());
        drop(kept);
        self.inner.flag.store(true, Ordering::SeqCst);
        self.inner.told.notify_waiters();
    }

    /// For code that looks now and then.
    pub(crate) fn flag(&self) -> &AtomicBool {
        &self.inner.flag
    }

    /// The same for code that looks from a thread of its own.
    pub(crate) fn shared_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.inner.flag)
    }

    /// # Errors
    /// [`Error::Stopped`] once it is set.
    pub(crate) fn check(&self) -> Result<()> {
        if self.inner.flag.load(Ordering::SeqCst) { Err(self.error()) } else { Ok(()) }
    }

    /// With the reason.
    pub(crate) fn error(&self) -> Error {
        let why = self.inner.why.lock().unwrap_or_else(PoisonError::into_inner);
        Error::Stopped(why.clone().unwrap_or_else(|| "stopped".to_owned()))
    }

    /// Until it is set.
    pub(crate) async fn stopped(&self) {
        loop {
            // Made before looking: what is told from here on is heard.
            let told = self.inner.told.notified();
            if self.inner.flag.load(Ordering::SeqCst) {
                return;
            }
            told.await;
        }
    }
}
