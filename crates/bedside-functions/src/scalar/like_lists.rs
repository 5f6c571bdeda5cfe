//! `LIKE ANY UNNEST(patterns)` and `LIKE ALL UNNEST(patterns)`.

use crate::call::{Call, Texts};
use crate::error::{Error, Result};
use crate::function::Spec;
use crate::scalar::arrays::Lists;
use crate::scalar::{byte_patterns, patterns};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("$like_any", |call| by_type(call, Quantifier::Any)),
    Spec::fallible("$like_all", |call| by_type(call, Quantifier::All)),
];

/// How many patterns have to fit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    Any,
    All,
}

/// STRING or BYTES.
fn by_type(call: &Call<'_>, quantifier: Quantifier) -> Result<ArrayRef> {
    let lists = Lists::of(call, 1)?;
    if matches!(call.argument_type(0)?, DataType::BinaryView) {
        let Some(patterns) = lists.values().as_binary_view_opt() else { return wrong(call) };
        let operand = call.blob(0)?;
        return settled(
            call,
            &lists,
            quantifier,
            |row| operand.get(row),
            |blob, at| byte_patterns::fits(blob, patterns.value(at)),
        );
    }
    let Some(patterns) = lists.values().as_string_view_opt() else { return wrong(call) };
    let operand: Texts<'_> = call.text(0)?;
    settled(call, &lists, quantifier, |row| operand.get(row), |text, at| patterns::fits(text, patterns.value(at)))
}

fn wrong<T>(call: &Call<'_>) -> Result<T> {
    Err(Error::Internal(format!("{} of {}", call.name, call.argument_type(1)?)))
}

/// What one pattern settles; else NULL where the operand or a pattern is NULL; else the other. Without patterns the other, too.
fn settled<T: Copy>(
    call: &Call<'_>,
    lists: &Lists<'_>,
    quantifier: Quantifier,
    operand: impl Fn(usize) -> Option<T>,
    fits: impl Fn(T, usize) -> Result<bool>,
) -> Result<ArrayRef> {
    // The outcome of one pattern that settles all.
    let decides = quantifier == Quantifier::Any;
    call.flags(|row| {
        let (start, end) = lists.range(row).unwrap_or_default();
        if start == end {
            return Ok(Some(!decides));
        }
        let Some(value) = operand(row) else { return Ok(None) };
        let mut null = false;
        for at in start..end {
            if lists.values().is_null(at) {
                null = true;
            } else if fits(value, at)? == decides {
                return Ok(Some(decides));
            }
        }
        Ok(if null { None } else { Some(!decides) })
    })
}
