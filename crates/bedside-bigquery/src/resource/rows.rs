//! Answers that carry rows: everything else is a JSON document, the rows go into it as bytes.

use crate::encode::{TimestampForm, push_rows};
use crate::error::Failure;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bedside_service::RowPage;
use bedside_types::SqlType;
use serde_json::Value as Json;

/// Where a page ends, whatever was asked for. BigQuery's own answers end at about 10 MB.
pub(crate) const PAGE_BYTES: usize = 10 << 20;
/// Rows that are read in one go; few enough that a page of wide rows is not read far beyond its end.
pub(crate) const STEP: usize = 16_384;
/// Rows that are written between two looks at the size.
const LOOK: usize = 256;

/// Rows as JSON, with commas between them.
#[derive(Debug, Default)]
pub(crate) struct EncodedRows {
    bytes: Vec<u8>,
    rows: u64,
}

impl EncodedRows {
    /// How many there are.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether the page is as large as pages get.
    pub(crate) fn is_full(&self) -> bool {
        self.bytes.len() >= PAGE_BYTES
    }

    /// Appends rows until they end or the page is full.
    pub(crate) fn push(&mut self, page: &RowPage, timestamps: TimestampForm) -> Result<(), Failure> {
        let types: Vec<SqlType> = page.columns.iter().map(|column| column.sql_type.clone()).collect();
        for batch in &page.batches {
            let mut start = 0;
            while start < batch.num_rows() && !self.is_full() {
                let end = (start + LOOK).min(batch.num_rows());
                if self.rows > 0 {
                    self.bytes.push(b',');
                }
                push_rows(&mut self.bytes, &types, batch, start..end, timestamps)?;
                self.rows += (end - start) as u64;
                start = end;
            }
        }
        Ok(())
    }

    /// The answer: an object's fields, then the rows.
    pub(crate) fn response(self, head: &Json) -> Response {
        let mut body = serde_json::to_vec(head).unwrap_or_default();
        // An object that has fields: its last byte is the brace.
        body.pop();
        body.reserve(self.bytes.len() + 16);
        body.extend_from_slice(b",\"rows\":[");
        body.extend_from_slice(&self.bytes);
        body.extend_from_slice(b"]}");
        ([(header::CONTENT_TYPE, "application/json; charset=UTF-8")], Bytes::from(body)).into_response()
    }
}
