//! The one shape of a scalar function: a kernel, what may go wrong in it, and what the planner may know about it.

use crate::call::{Call, OnError};
use crate::error::Result;
use crate::repeats::Repeats;
use arrow::array::{ArrayRef, AsArray, StringViewArray};
use arrow::compute::take;
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::preimage::PreimageResult;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub(crate) type Kernel = fn(&Call<'_>) -> Result<ArrayRef>;

/// For a function that is monotone in one argument: which argument, and the half-open range of it that gives a literal.
pub(crate) type Preimage = fn(&[Expr], &ScalarValue, &DataType) -> Option<(usize, ScalarValue, ScalarValue)>;

/// Whether these arguments, where they are constants, leave nothing that could fail.
pub(crate) type Soundness = fn(&[Option<&ScalarValue>]) -> bool;

/// A function as its family declares it.
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) kernel: Kernel,
    pub(crate) fallible: bool,
    pub(crate) sound: Option<Soundness>,
    pub(crate) volatility: Volatility,
    pub(crate) preimage: Option<Preimage>,
}

impl Spec {
    /// A function that has a value for all arguments.
    pub(crate) const fn total(name: &'static str, kernel: Kernel) -> Self {
        Self { name, kernel, fallible: false, sound: None, volatility: Volatility::Immutable, preimage: None }
    }

    /// A function that fails for some arguments.
    pub(crate) const fn fallible(name: &'static str, kernel: Kernel) -> Self {
        Self { name, kernel, fallible: true, sound: None, volatility: Volatility::Immutable, preimage: None }
    }

    /// A function whose constants can rule out that it fails.
    pub(crate) const fn sound_if(mut self, sound: Soundness) -> Self {
        self.sound = Some(sound);
        self
    }

    pub(crate) const fn volatile(mut self) -> Self {
        self.volatility = Volatility::Volatile;
        self
    }

    pub(crate) const fn with_preimage(mut self, preimage: Preimage) -> Self {
        self.preimage = Some(preimage);
        self
    }
}

/// A scalar function with the result type that the plan decided.
pub(crate) struct Function {
    spec: &'static Spec,
    result: DataType,
    on_error: OnError,
    signature: Signature,
}

impl Function {
    pub(crate) fn udf(spec: &'static Spec, result: DataType, on_error: OnError) -> Arc<ScalarUDF> {
        let signature = Signature::user_defined(spec.volatility);
        Arc::new(ScalarUDF::new_from_impl(Self { spec, result, on_error, signature }))
    }

    /// Runs the kernel over no rows, so that it refuses what it cannot take.
    pub(crate) fn check(
        spec: &'static Spec,
        result: &DataType,
        arguments: &[(DataType, Option<ScalarValue>)],
    ) -> Result<()> {
        let internal = |error: DataFusionError| crate::Error::Internal(error.to_string());
        let arrays = arguments
            .iter()
            .map(|(data_type, constant)| match constant {
                Some(constant) => constant.to_array_of_size(1).map_err(internal).and_then(as_views),
                None => Ok(arrow::array::new_empty_array(data_type)),
            })
            .collect::<Result<Vec<_>>>()?;
        let call = Call { name: spec.name, arguments: &arrays, rows: 0, result, on_error: OnError::Fail };
        match (spec.kernel)(&call) {
            // A constant that has no value is the run's to report.
            Ok(_) | Err(crate::Error::Evaluation(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether some row may make the statement fail, whatever the arguments that are no constants.
    pub(crate) fn may_fail(&self, constants: &[Option<&ScalarValue>]) -> bool {
        let sound = || self.spec.sound.is_some_and(|sound| sound(constants));
        self.spec.fallible && self.on_error == OnError::Fail && !sound()
    }

    fn invoke(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = self.spec.volatility == Volatility::Immutable
            && args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let columns = args.args.iter().filter(|arg| matches!(arg, ColumnarValue::Array(_))).count();
        let mut arguments = Vec::with_capacity(args.args.len());
        for argument in args.args {
            let array = match argument {
                ColumnarValue::Array(array) => array,
                ColumnarValue::Scalar(scalar) => {
                    scalar.to_array_of_size(1).map_err(|e| crate::Error::Internal(e.to_string()))?
                }
            };
            arguments.push(as_views(array)?);
        }
        if constant {
            return Ok(ColumnarValue::Scalar(only_value(&self.run(&arguments, rows)?)?));
        }
        let array = match columns {
            1 => self.run_on_column(&mut arguments, rows)?,
            _ => self.run(&arguments, rows)?,
        };
        Ok(ColumnarValue::Array(array))
    }

    fn run(&self, arguments: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let (name, result, on_error) = (self.spec.name, &self.result, self.on_error);
        (self.spec.kernel)(&Call { name, arguments, rows, result, on_error })
    }

    /// Runs over one column and constants: where the column is of texts that come again, once for each of them.
    fn run_on_column(&self, arguments: &mut [ArrayRef], rows: usize) -> Result<ArrayRef> {
        let column = arguments.iter_mut().find(|argument| argument.len() == rows && rows != 1);
        if let Some(column) = column.filter(|_| self.spec.volatility != Volatility::Volatile)
            && let Some(repeats) = column.as_string_view_opt().and_then(Repeats::find)
        {
            *column = take(column, &repeats.first, None)?;
            let results = self.run(arguments, repeats.first.len())?;
            return Ok(take(&results, &repeats.of_row, None)?);
        }
        self.run(arguments, rows)
    }
}

/// The value of an array of one. Arrays and structs are taken whole: DataFusion's own way loses what their fields are marked
/// with.
fn only_value(array: &ArrayRef) -> Result<ScalarValue> {
    Ok(match array.data_type() {
        DataType::List(_) => ScalarValue::List(Arc::new(array.as_list::<i32>().clone())),
        DataType::Struct(_) => ScalarValue::Struct(Arc::new(array.as_struct().clone())),
        _ => ScalarValue::try_from_array(array, 0).map_err(|e| crate::Error::Internal(e.to_string()))?,
    })
}

/// Texts in the one form that kernels read; DataFusion's own rewrites sometimes leave another.
fn as_views(array: ArrayRef) -> Result<ArrayRef> {
    Ok(match array.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => arrow::compute::cast(&array, &DataType::Utf8View)?,
        DataType::Null => Arc::new(StringViewArray::new_null(array.len())),
        _ => array,
    })
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.spec.name)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.spec.name == other.spec.name && self.result == other.result && self.on_error == other.on_error
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.spec.name.hash(state);
        self.result.hash(state);
        self.on_error.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.spec.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> datafusion::common::Result<DataType> {
        Ok(self.result.clone())
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs<'_>) -> datafusion::common::Result<arrow::datatypes::FieldRef> {
        Ok(Arc::new(arrow::datatypes::Field::new(self.spec.name, self.result.clone(), true)))
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> datafusion::common::Result<Vec<DataType>> {
        Ok(arg_types.to_vec())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> datafusion::common::Result<ColumnarValue> {
        self.invoke(args).map_err(DataFusionError::from)
    }

    fn preimage(
        &self,
        args: &[Expr],
        literal: &Expr,
        info: &SimplifyContext,
    ) -> datafusion::common::Result<PreimageResult> {
        let (Some(preimage), Some(literal)) = (self.spec.preimage, literal.as_literal()) else {
            return Ok(PreimageResult::None);
        };
        let Some(first) = args.first() else { return Ok(PreimageResult::None) };
        let input = info.get_data_type(first)?;
        Ok(match preimage(args, literal, &input) {
            Some((index, lower, upper)) => PreimageResult::Range {
                expr: args[index].clone(),
                interval: Box::new(Interval::try_new(lower, upper)?),
            },
            None => PreimageResult::None,
        })
    }
}
