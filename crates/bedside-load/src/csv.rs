//! CSV as PhysioNet writes it, read without sniffing: the schema is known.
//!
//! [`Splitter`] cuts a stream of text into blocks that end at record ends, [`Header`] matches columns by name, and
//! [`Parser`] turns a block into one Arrow batch, on any thread. A quote opens a quoted field only as the first byte of a
//! field; everywhere else in an unquoted field it is a fault of that row, so that one stray quote cannot swallow the rest
//! of a file.

mod column;
mod fault;
mod header;
mod number;
mod parse;
mod plain;
mod record;
mod split;
mod time;

pub use fault::Fault;
pub(crate) use header::Header;
pub(crate) use parse::{BadRow, FileColumn, ParsedBlock, Parser};
pub(crate) use record::each_record;
pub(crate) use split::{Block, Piece, Splitter};
