//! Where what a plan has comes from: the column behind an expression, the table behind a scan.

use crate::table::StoredTable;
use datafusion::catalog::default_table_source::source_as_provider;
use datafusion::common::{Column, Result};
use datafusion::logical_expr::{Expr, TableScan};
use std::any::Any;

/// The column that an expression passes on, under whatever name.
pub(crate) fn column(expression: &Expr) -> Option<&Column> {
    match expression {
        Expr::Column(column) => Some(column),
        Expr::Alias(alias) => column(&alias.expr),
        _ => None,
    }
}

/// Asks the table behind a scan, if it is one of a release.
pub(crate) fn with_stored<T>(scan: &TableScan, ask: impl FnOnce(&StoredTable) -> T) -> Result<Option<T>> {
    let provider = source_as_provider(&scan.source)?;
    Ok((provider.as_ref() as &dyn Any).downcast_ref::<StoredTable>().map(ask))
}
