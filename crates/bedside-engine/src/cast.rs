//! Texts from outside SQL as values, read as CAST reads them.

use crate::error::{Error, Result};
use arrow::array::ArrayRef;
use bedside_functions::OnError;
use bedside_types::SqlType;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs};
use std::sync::Arc;

/// STRINGs (in their Arrow form) as values of a type that CAST takes a STRING to; NULL for a text that is none.
///
/// # Errors
/// [`Error::Unsupported`] for a type that CAST takes no STRING to.
pub fn cast_texts(texts: &ArrayRef, sql_type: &SqlType) -> Result<ArrayRef> {
    let result = sql_type.arrow();
    if result == *texts.data_type() {
        return Ok(Arc::clone(texts));
    }
    let cast = bedside_functions::scalar("$cast", &result, OnError::Null);
    let cast = cast.ok_or_else(|| Error::Unsupported(format!("reading {sql_type} from text")))?;
    let rows = texts.len();
    let arguments = ScalarFunctionArgs {
        args: vec![ColumnarValue::Array(Arc::clone(texts))],
        arg_fields: vec![Arc::new(SqlType::String.field("text", true))],
        number_rows: rows,
        return_field: Arc::new(sql_type.field("value", true)),
        config_options: Arc::default(),
    };
    Ok(cast.invoke_with_args(arguments)?.into_array(rows)?)
}
