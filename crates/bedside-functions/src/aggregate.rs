//! Aggregate functions, over groups and over windows.

mod collected;
mod count_distinct;
mod exact;
mod finish;
mod fold;
mod quantile_sketches;
mod sketches;
mod spread;
mod sums;
mod tallies;

pub use collected::Modifiers;

pub(crate) use sketches::PRECISION_BITS;

use collected::{Collected, CollectedGroups};
use datafusion::common::not_impl_err;
use datafusion::functions_aggregate::{count, min_max};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, Signature, Volatility};
use fold::{Groups, Output, Single};
use sketches::Distinct;
use spread::Spread;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;
use sums::{BigNumericSum, FloatSum, IntSum, IntervalSum, NumericSum};
use tallies::{Bits, Extremes, Truth};

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};

/// An aggregate chosen for a call.
#[derive(Clone, Debug)]
pub struct Aggregate {
    /// The implementation.
    pub function: Arc<AggregateUDF>,
    /// Whether the engine's own DISTINCT is to be asked for; otherwise the implementation sees to it.
    pub distinct: bool,
}

/// Names that [`aggregate`] implements; `$single` gives the one value of a scalar subquery.
pub(crate) const NAMES: &[&str] = &[
    "any_value",
    "approx_count_distinct",
    "approx_quantiles",
    "approx_top_count",
    "approx_top_sum",
    "array_agg",
    "array_concat_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "corr",
    "count",
    "count_star",
    "countif",
    "covar_pop",
    "covar_samp",
    "hll_count.init",
    "hll_count.merge",
    "hll_count.merge_partial",
    "kll_quantiles.init_float64",
    "kll_quantiles.init_int64",
    "kll_quantiles.merge_float64",
    "kll_quantiles.merge_int64",
    "kll_quantiles.merge_partial",
    "kll_quantiles.merge_point_float64",
    "kll_quantiles.merge_point_int64",
    "logical_and",
    "logical_or",
    "max",
    "min",
    "percentile_cont",
    "percentile_disc",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "var_pop",
    "var_samp",
    "$single",
];

/// The aggregate of that name for arguments of these types (the function's own, then `HAVING`'s, then `ORDER BY`'s) and
/// this result type.
pub fn aggregate(name: &str, arguments: &[DataType], result: &DataType, modifiers: Modifiers) -> Option<Aggregate> {
    let name = *NAMES.iter().find(|known| **known == name)?;
    let plain = !modifiers.needs_rows();
    let float = arguments.first() == Some(&DataType::Float64);
    let nested = arguments.first().is_some_and(DataType::is_nested);
    match name {
        "count_star" | "count" if plain => {
            return Some(Aggregate { function: count::count_udaf(), distinct: false });
        }
        // NaNs are one value, and 0 and -0 too: doubles are counted by our own rules.
        "count"
            if modifiers == (Modifiers { distinct: true, ..modifiers.clone() })
                && only_distinct(&modifiers)
                && !float
                && !nested =>
        {
            return Some(Aggregate { function: counter(arguments), distinct: true });
        }
        "approx_count_distinct" if plain && !float && !nested => {
            return Some(Aggregate { function: counter(arguments), distinct: true });
        }
        "min" | "any_value" if plain && !float && !nested => {
            return Some(Aggregate { function: min_max::min_udaf(), distinct: false });
        }
        "max" if plain && !float && !nested => {
            return Some(Aggregate { function: min_max::max_udaf(), distinct: false });
        }
        _ => {}
    }
    // DataFusion takes some names for its own functions, which have no second argument.
    let shown = if modifiers.having_max.is_some() { format!("{name} having") } else { name.to_owned() };
    let own = Own {
        name,
        shown,
        arguments: arguments.to_vec(),
        result: result.clone(),
        modifiers,
        signature: Signature::user_defined(Volatility::Immutable),
    };
    Some(Aggregate { function: Arc::new(AggregateUDF::new_from_impl(own)), distinct: false })
}

fn counter(arguments: &[DataType]) -> Arc<AggregateUDF> {
    if arguments.first() == Some(&DataType::Int64) { count_distinct::function() } else { count::count_udaf() }
}

fn only_distinct(modifiers: &Modifiers) -> bool {
    modifiers.order.is_empty() && modifiers.limit.is_none() && modifiers.having_max.is_none()
}

/// Whether a function is SUM of INT64 with nothing inside its call.
pub fn adds_whole_numbers(function: &AggregateUDF) -> bool {
    let own = function.inner().downcast_ref::<Own>();
    own.is_some_and(|own| own.name == "sum" && matches!(own.shape(), Shape::IntSum))
}

/// MIN or MAX as DataFusion has it, for doubles that hold no NaN.
pub fn plain_extreme(name: &str) -> Option<Arc<AggregateUDF>> {
    match name {
        "min" => Some(min_max::min_udaf()),
        "max" => Some(min_max::max_udaf()),
        _ => None,
    }
}

/// An aggregate of ours with all that the plan decided about it.
#[derive(Debug)]
struct Own {
    name: &'static str,
    shown: String,
    arguments: Vec<DataType>,
    result: DataType,
    modifiers: Modifiers,
    signature: Signature,
}

/// How an aggregate keeps its state.
enum Shape {
    IntSum,
    FloatSum,
    NumericSum,
    BigNumericSum,
    IntervalSum,
    Truth,
    Bits,
    Extremes,
    Distinct,
    Spread,
    Rows,
}

/// Calls a generic function for the fold of a shape.
macro_rules! with_fold {
    ($shape:expr, $name:ident => $body:expr, $otherwise:expr) => {
        match $shape {
            Shape::IntSum => {
                type $name = IntSum;
                $body
            }
            Shape::FloatSum => {
                type $name = FloatSum;
                $body
            }
            Shape::NumericSum => {
                type $name = NumericSum;
                $body
            }
            Shape::BigNumericSum => {
                type $name = BigNumericSum;
                $body
            }
            Shape::IntervalSum => {
                type $name = IntervalSum;
                $body
            }
            Shape::Truth => {
                type $name = Truth;
                $body
            }
            Shape::Bits => {
                type $name = Bits;
                $body
            }
            Shape::Extremes => {
                type $name = Extremes;
                $body
            }
            Shape::Distinct => {
                type $name = Distinct;
                $body
            }
            Shape::Spread | Shape::Rows => $otherwise,
        }
    };
}

/// Whether [`over_frames`] computes a function.
pub fn folds(function: &AggregateUDF) -> bool {
    let own = function.inner().downcast_ref::<Own>();
    own.is_some_and(|own| !matches!(own.shape(), Shape::Spread | Shape::Rows))
}

/// A function of one argument over frames of its rows, one result a frame; frames that move forward share their work.
///
/// # Errors
/// [`Error::Evaluation`](crate::Error::Evaluation) as for a group of the same rows;
/// [`Error::Internal`](crate::Error::Internal) for functions that do not [fold](folds).
pub fn over_frames(
    function: &AggregateUDF,
    values: &ArrayRef,
    frames: impl Iterator<Item = Range<usize>>,
) -> Result<ArrayRef, crate::Error> {
    let unknown = || crate::Error::Internal(format!("{} over frames", function.name()));
    let own = function.inner().downcast_ref::<Own>().ok_or_else(unknown)?;
    with_fold!(own.shape(), F => fold::over_frames::<F>(values, frames, &own.output()), Err(unknown()))
}

impl Own {
    fn shape(&self) -> Shape {
        if self.modifiers.needs_rows() {
            return Shape::Rows;
        }
        match (self.name, self.arguments.first()) {
            ("sum" | "avg", Some(DataType::Int64)) => Shape::IntSum,
            ("sum" | "avg", Some(DataType::Float64)) => Shape::FloatSum,
            ("sum" | "avg", Some(DataType::Decimal128(..))) => Shape::NumericSum,
            ("sum" | "avg", Some(DataType::Decimal256(..))) => Shape::BigNumericSum,
            ("sum" | "avg", Some(DataType::Interval(_))) => Shape::IntervalSum,
            ("countif" | "logical_and" | "logical_or", _) => Shape::Truth,
            ("bit_and" | "bit_or" | "bit_xor", _) => Shape::Bits,
            ("hll_count.init", _) => Shape::Distinct,
            ("min" | "max" | "any_value", Some(DataType::Float64)) => Shape::Extremes,
            ("stddev_samp" | "stddev_pop" | "var_samp" | "var_pop" | "corr" | "covar_pop" | "covar_samp", _) => {
                Shape::Spread
            }
            _ => Shape::Rows,
        }
    }

    fn output(&self) -> Output {
        // ANY_VALUE of doubles is the smallest, so that it does not depend on the order of the rows.
        let function =
            if self.name == "any_value" && matches!(self.shape(), Shape::Extremes) { "min" } else { self.name };
        Output { function, result: self.result.clone() }
    }

    fn rows(&self, sliding: bool) -> Box<dyn Accumulator> {
        Box::new(Collected::new(self.output(), self.row_modifiers(), self.arguments.clone(), sliding))
    }

    /// The modifiers of an aggregate that keeps rows.
    fn row_modifiers(&self) -> Modifiers {
        let mut modifiers = self.modifiers.clone();
        // These pass NULLs over by definition.
        modifiers.ignore_nulls |= matches!(self.name, "string_agg" | "sum" | "avg" | "min" | "max" | "any_value");
        modifiers
    }
}

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.arguments == other.arguments
            && self.result == other.result
            && self.modifiers == other.modifiers
    }
}

impl Eq for Own {}

impl Hash for Own {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.arguments.hash(state);
        self.result.hash(state);
        self.modifiers.hash(state);
    }
}

impl AggregateUDFImpl for Own {
    fn name(&self) -> &str {
        &self.shown
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> datafusion::common::Result<DataType> {
        Ok(self.result.clone())
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> datafusion::common::Result<Vec<DataType>> {
        Ok(arg_types.to_vec())
    }

    fn is_nullable(&self) -> bool {
        !matches!(self.name, "countif" | "count" | "approx_count_distinct" | "hll_count.merge")
    }

    fn default_value(&self, data_type: &DataType) -> datafusion::common::Result<datafusion::common::ScalarValue> {
        if self.is_nullable() {
            return datafusion::common::ScalarValue::try_from(data_type);
        }
        Ok(datafusion::common::ScalarValue::Int64(Some(0)))
    }

    fn accumulator(&self, _: AccumulatorArgs<'_>) -> datafusion::common::Result<Box<dyn Accumulator>> {
        let output = self.output();
        Ok(with_fold!(self.shape(), F => Box::new(Single::<F>::new(output)), match self.shape() {
            Shape::Spread => Box::new(Spread::new(output, false)) as Box<dyn Accumulator>,
            _ => self.rows(false),
        }))
    }

    fn create_sliding_accumulator(&self, _: AccumulatorArgs<'_>) -> datafusion::common::Result<Box<dyn Accumulator>> {
        let output = self.output();
        Ok(with_fold!(self.shape(), F => Box::new(Single::<F>::sliding(output)), match self.shape() {
            Shape::Spread => Box::new(Spread::new(output, true)) as Box<dyn Accumulator>,
            _ => self.rows(true),
        }))
    }

    fn groups_accumulator_supported(&self, _: AccumulatorArgs<'_>) -> bool {
        !matches!(self.shape(), Shape::Spread)
    }

    fn create_groups_accumulator(
        &self,
        _: AccumulatorArgs<'_>,
    ) -> datafusion::common::Result<Box<dyn GroupsAccumulator>> {
        let output = self.output();
        with_fold!(
            self.shape(),
            F => Ok(Box::new(Groups::<F>::new(output))),
            match self.shape() {
                Shape::Rows => {
                    Ok(Box::new(CollectedGroups::new(output, self.row_modifiers(), self.arguments.clone())))
                }
                _ => not_impl_err!("{} keeps one state at a time", self.name),
            }
        )
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> datafusion::common::Result<Vec<FieldRef>> {
        let data_type = match self.shape() {
            Shape::Rows => collected::state_type(&self.arguments),
            _ => DataType::Binary,
        };
        Ok(vec![Arc::new(Field::new(format!("{}[state]", args.name), data_type, true))])
    }
}
