//! The function that undoes the files' form of INTERVAL.

use bedside_store::stored;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use std::sync::Arc;

/// Values as files have them → values of a logical type.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct FromStored {
    logical: DataType,
    signature: Signature,
}

impl FromStored {
    /// To that type.
    pub(crate) fn new(logical: DataType) -> Self {
        Self { logical, signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for FromStored {
    fn name(&self) -> &'static str {
        "$from_stored"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.logical.clone())
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let nullable = arguments.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(self.name(), self.logical.clone(), nullable)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [argument] = arguments.args.as_slice() else {
            return datafusion::common::internal_err!("$from_stored takes one argument");
        };
        match argument {
            ColumnarValue::Array(array) => Ok(ColumnarValue::Array(stored::from_stored(array, &self.logical)?)),
            ColumnarValue::Scalar(scalar) => {
                let array = stored::from_stored(&scalar.to_array()?, &self.logical)?;
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?))
            }
        }
    }
}
