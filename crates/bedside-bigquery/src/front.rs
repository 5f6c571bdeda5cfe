//! What every request works with.

use crate::access::Access;
use crate::limits::Limits;
use crate::page::PageTokens;
use crate::storage::Sessions;
use crate::upload::Uploads;
use bedside_service::Service;
use std::sync::Arc;

/// The gate, and what this front needs beside it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Front {
    shared: Arc<Shared>,
}

/// One of it for a server.
pub(crate) struct Shared {
    pub(crate) service: Service,
    pub(crate) pages: PageTokens,
    pub(crate) access: Access,
    pub(crate) uploads: Uploads,
    pub(crate) sessions: Sessions,
    pub(crate) limits: Limits,
    /// `http` or `https`.
    pub(crate) scheme: &'static str,
}

impl Front {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }
}

impl std::ops::Deref for Front {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}
