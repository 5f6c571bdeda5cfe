//! EXPORT DATA and LOAD DATA
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/export-statements>,
//! <https://cloud.google.com/bigquery/docs/reference/standard-sql/load-statements>).

use super::Parser;
use crate::error::{Result, SqlError};
use crate::syntax::{Export, Load, LoadMode, Statement};

impl Parser {
    /// `EXPORT DATA OPTIONS(…) AS query`.
    pub(super) fn export_data(&mut self) -> Result<Statement> {
        let position = self.position();
        self.at += 1;
        self.expect("DATA")?;
        if self.is_word("WITH") {
            return Err(SqlError::unsupported("EXPORT DATA WITH CONNECTION", self.position()));
        }
        if !self.is_word("OPTIONS") {
            return Err(self.expected("keyword OPTIONS"));
        }
        let options = self.options()?;
        self.expect("AS")?;
        let query = self.query()?;
        Ok(Statement::Export(Box::new(Export { options, query, position })))
    }

    /// `LOAD DATA INTO|OVERWRITE table [(columns)] FROM FILES (…)`.
    pub(super) fn load_data(&mut self) -> Result<Statement> {
        let position = self.position();
        self.at += 1;
        self.expect("DATA")?;
        let mode = if self.accept("OVERWRITE") {
            LoadMode::Overwrite
        } else if self.accept("INTO") {
            LoadMode::Append
        } else {
            return Err(self.expected("keyword INTO or keyword OVERWRITE"));
        };
        if (self.is_word("TEMP") || self.is_word("TEMPORARY")) && self.is_word_at(1, "TABLE") {
            return Err(SqlError::unsupported("LOAD DATA into a temporary table", self.position())
                .with_hint("load a table of a dataset, and drop it when it is not needed any more"));
        }
        let table = self.object_path()?;
        if self.is_word("PARTITIONS") {
            return Err(SqlError::unsupported("LOAD DATA into PARTITIONS", self.position()));
        }
        let columns = if self.is_symbol("(") { Some(self.column_definitions()?) } else { None };
        for (word, what) in [("PARTITION", "PARTITION BY"), ("CLUSTER", "CLUSTER BY"), ("OPTIONS", "OPTIONS")] {
            if self.is_word(word) {
                return Err(SqlError::unsupported(format!("LOAD DATA with {what}"), self.position())
                    .with_hint("make the table first: CREATE TABLE, then LOAD DATA INTO it"));
            }
        }
        self.expect("FROM")?;
        self.expect("FILES")?;
        self.expect_symbol("(")?;
        let files = self.option_list()?;
        if self.is_word("WITH") {
            let what = if self.is_word_at(1, "PARTITION") { "WITH PARTITION COLUMNS" } else { "WITH CONNECTION" };
            return Err(SqlError::unsupported(format!("LOAD DATA {what}"), self.position()));
        }
        Ok(Statement::Load(Box::new(Load { mode, table, columns, files, position })))
    }
}
