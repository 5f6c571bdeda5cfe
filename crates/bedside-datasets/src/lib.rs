//! Facts about MIMIC releases, and recognising which release a folder holds.

mod catalogue;
mod model;

pub use catalogue::catalogue;
pub use model::{
    Catalogue, Column, Family, ForeignKey, ForeignKeyStatus, Key, KeyStatus, Module, Order, Release, RowCount, Table,
};
