//! The parts of the interactive shell that need no engine: where statements end, what Tab offers, the shell's own
//! commands.

mod completion;
mod meta;
mod statement;

pub(crate) use completion::Names;
pub(crate) use meta::{HELP, MetaCommand};
pub(crate) use statement::{first, is_blank};
