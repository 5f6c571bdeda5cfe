//! The gate: the one place through which every statement of every front goes.
