//! What is known of a statement before and after it ran, in BigQuery's terms.

use crate::names::Names;
use bedside_engine::{
    Change, ChangeKind, Prepared, PreparedChange, PreparedTransfer, ResultColumn, TouchedTable, Transfer,
};
use bedside_meta::{ChangedRows, Column, Ddl, DdlOperation, DdlTarget, JobStatistics, StatementType};
use bedside_sql::tree::{self, DropKind, Operation, RoutineKind};

const MIB: u64 = 1 << 20;

/// What BigQuery bills at least for a table that is read
/// (<https://cloud.google.com/bigquery/pricing#on_demand_pricing>).
const LEAST_PER_TABLE: u64 = 10 * MIB;

/// A query.
pub(crate) fn of_query(query: &Prepared, names: &Names) -> JobStatistics {
    JobStatistics {
        statement: Some(StatementType::Select),
        schema: Some(columns(query.columns())),
        ..of_tables(query.tables(), names)
    }
}

/// A statement that makes, changes or drops something.
pub(crate) fn of_change(change: &PreparedChange, names: &Names) -> JobStatistics {
    let statement = match statement(change.change()) {
        StatementType::CreateTable if change.rows().is_some() => StatementType::CreateTableAsSelect,
        other => other,
    };
    let read = of_tables(change.tables(), names);
    // A view reads nothing before it is used.
    let read = match statement {
        StatementType::CreateView => JobStatistics { bytes_processed: 0, bytes_billed: 0, ..read },
        _ => read,
    };
    JobStatistics { statement: Some(statement), ddl: ddl(change.change(), names), ..read }
}

/// A statement that takes rows out into files, or brings them in.
pub(crate) fn of_transfer(transfer: &PreparedTransfer, names: &Names) -> JobStatistics {
    let statement = match transfer.kind {
        Transfer::Export(_) => StatementType::ExportData,
        Transfer::Load { .. } => StatementType::LoadData,
    };
    JobStatistics { statement: Some(statement), ..of_tables(transfer.tables(), names) }
}

/// What it did comes to what was known.
pub(crate) fn did(statistics: &mut JobStatistics, change: &Change) {
    let rows = change.rows.unwrap_or_default();
    match change.kind {
        ChangeKind::Inserted => statistics.changed = Some(ChangedRows { inserted: rows, ..ChangedRows::default() }),
        ChangeKind::Updated => statistics.changed = Some(ChangedRows { updated: rows, ..ChangedRows::default() }),
        ChangeKind::Deleted | ChangeKind::Truncated => {
            statistics.changed = Some(ChangedRows { deleted: rows, ..ChangedRows::default() });
        }
        ChangeKind::Merged => {
            statistics.changed = change.merged.map(|merged| ChangedRows {
                inserted: merged.inserted,
                updated: merged.updated,
                deleted: merged.deleted,
            });
        }
        ChangeKind::Created
        | ChangeKind::Replaced
        | ChangeKind::Dropped
        | ChangeKind::Altered
        | ChangeKind::Exported
        | ChangeKind::Loaded
        | ChangeKind::Skipped => {}
    }
    if let Some(ddl) = &mut statistics.ddl {
        // Somebody may have been faster.
        ddl.operation = match change.kind {
            ChangeKind::Created => DdlOperation::Create,
            ChangeKind::Replaced => DdlOperation::Replace,
            ChangeKind::Dropped => DdlOperation::Drop,
            ChangeKind::Skipped => DdlOperation::Skip,
            _ => ddl.operation,
        };
        statistics.rows = change.rows;
    }
}

/// The columns of a result.
pub(crate) fn columns(columns: &[ResultColumn]) -> Vec<Column> {
    columns.iter().map(|column| Column { name: column.name.clone(), sql_type: column.sql_type.clone() }).collect()
}

/// What BigQuery bills for reading these tables: of each that columns are read of at least 10 MiB, all together rounded up to a
/// MiB.
pub(crate) fn billed(tables: &[TouchedTable]) -> u64 {
    let read = tables.iter().map(|table| table.logical_bytes).filter(|bytes| *bytes > 0);
    read.map(|bytes| bytes.max(LEAST_PER_TABLE)).sum::<u64>().div_ceil(MIB) * MIB
}

fn of_tables(tables: &[TouchedTable], names: &Names) -> JobStatistics {
    JobStatistics {
        bytes_processed: tables.iter().map(|table| table.logical_bytes).sum(),
        bytes_billed: billed(tables),
        tables: tables.iter().map(|table| names.table(&table.path)).collect(),
        ..JobStatistics::default()
    }
}

fn statement(change: &tree::Change) -> StatementType {
    match change {
        tree::Change::CreateTable(_) => StatementType::CreateTable,
        tree::Change::CreateView(_) => StatementType::CreateView,
        tree::Change::CreateFunction { .. } => StatementType::CreateFunction,
        tree::Change::CreateRoutine(create) => match create.kind {
            RoutineKind::Procedure => StatementType::CreateProcedure,
            RoutineKind::TableFunction => StatementType::CreateTableFunction,
            RoutineKind::Function | RoutineKind::AggregateFunction => StatementType::CreateFunction,
        },
        tree::Change::CreateSchema(_) => StatementType::CreateSchema,
        tree::Change::Drop(drop) => match drop.kind {
            DropKind::Table => StatementType::DropTable,
            DropKind::View => StatementType::DropView,
            DropKind::Schema => StatementType::DropSchema,
            DropKind::Function => StatementType::DropFunction,
            DropKind::TableFunction => StatementType::DropTableFunction,
            DropKind::Procedure => StatementType::DropProcedure,
        },
        tree::Change::AlterTable(_) => StatementType::AlterTable,
        tree::Change::SetOptions(set) if set.path.table.is_empty() => StatementType::AlterSchema,
        tree::Change::SetOptions(_) => StatementType::AlterView,
        tree::Change::Insert(_) => StatementType::Insert,
        tree::Change::Update(_) => StatementType::Update,
        tree::Change::Delete(_) => StatementType::Delete,
        tree::Change::Merge(_) => StatementType::Merge,
        tree::Change::Truncate(_) => StatementType::TruncateTable,
    }
}

fn ddl(change: &tree::Change, names: &Names) -> Option<Ddl> {
    let operation = match change {
        tree::Change::CreateTable(create) => create.operation,
        tree::Change::CreateView(create) => create.operation,
        tree::Change::CreateFunction { operation, .. } => *operation,
        tree::Change::CreateRoutine(create) => create.operation,
        tree::Change::CreateSchema(create) => create.operation,
        tree::Change::Drop(drop) => drop.operation,
        tree::Change::AlterTable(_) | tree::Change::SetOptions(_) => {
            return table_ddl(change, names, DdlOperation::Alter);
        }
        _ => return None,
    };
    let operation = match operation {
        Operation::Create => DdlOperation::Create,
        Operation::Replace => DdlOperation::Replace,
        Operation::Skip => DdlOperation::Skip,
        Operation::Drop => DdlOperation::Drop,
    };
    let target = match change {
        tree::Change::CreateFunction { function, .. } => DdlTarget::Routine(function.name.clone()),
        tree::Change::CreateRoutine(create) => DdlTarget::Routine(create.path.table.clone()),
        tree::Change::Drop(drop) if !matches!(drop.kind, DropKind::Table | DropKind::View | DropKind::Schema) => {
            DdlTarget::Routine(drop.path.table.clone())
        }
        _ => return table_ddl(change, names, operation),
    };
    Some(Ddl { operation, target })
}

fn table_ddl(change: &tree::Change, names: &Names, operation: DdlOperation) -> Option<Ddl> {
    let path = change.written()?;
    let target = if path.table.is_empty() {
        DdlTarget::Dataset(names.dataset(&path))
    } else {
        DdlTarget::Table(names.table(&path))
    };
    Some(Ddl { operation, target })
}

#[cfg(test)]
mod tests {
    use super::billed;
    use bedside_engine::TouchedTable;
    use bedside_sql::TablePath;

    #[test]
    fn every_table_that_is_read_costs_ten_mebibytes_at_least() {
        let table = |logical_bytes| TouchedTable {
            path: TablePath { project: String::new(), dataset: String::new(), table: String::new() },
            columns: Vec::new(),
            kind: None,
            logical_bytes,
        };
        for (bytes, expected) in [
            (&[][..], 0),
            (&[0], 0),
            (&[1], 10 << 20),
            (&[1, 0, 1], 20 << 20),
            (&[10 << 20], 10 << 20),
            (&[(10 << 20) + 1], 11 << 20),
            (&[(20 << 20) + 1, 1], 31 << 20),
        ] {
            assert_eq!(billed(&bytes.iter().copied().map(table).collect::<Vec<_>>()), expected, "{bytes:?}");
        }
    }
}
