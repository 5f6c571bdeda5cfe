//! Numbers in the place of texts that come again and again, while rows are grouped by them.

use crate::error::{Error, Result};
use crate::repeats::Repeats;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, StringViewArray, StringViewBuilder};
use arrow::compute::take;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use indexmap::IndexSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

/// Two functions that belong together: from a text to its number, the same for the same text on all threads of a
/// statement, and back. Which number a text gets says nothing; NULL stays NULL. They keep every text that they have seen.
#[derive(Clone, Debug)]
pub struct Numbering {
    /// STRING → INT64.
    pub number: Arc<ScalarUDF>,
    /// INT64 → STRING.
    pub text: Arc<ScalarUDF>,
}

impl Numbering {
    /// Functions that have seen no text yet.
    #[must_use]
    pub fn new() -> Self {
        let texts = Arc::new(Texts::default());
        let udf = |direction| {
            let signature = Signature::any(1, Volatility::Stable);
            Arc::new(ScalarUDF::new_from_impl(Numbered { texts: Arc::clone(&texts), direction, signature }))
        };
        Self { number: udf(Direction::Number), text: udf(Direction::Text) }
    }
}

impl Default for Numbering {
    fn default() -> Self {
        Self::new()
    }
}

/// The texts, each in the place of its number.
#[derive(Default)]
struct Texts(RwLock<IndexSet<Box<str>>>);

impl Texts {
    fn numbers_of(&self, texts: &StringViewArray) -> Result<ArrayRef> {
        let Some(repeats) = Repeats::find(texts) else { return Ok(Arc::new(self.number_each(texts))) };
        let different = take(texts, &repeats.first, None)?;
        let numbers = self.number_each(different.as_string_view());
        Ok(take(&numbers, &repeats.of_row, None)?)
    }

    fn number_each(&self, texts: &StringViewArray) -> Int64Array {
        // Whoever died here has added whole texts.
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let numbers: Vec<Option<usize>> = texts.iter().map(|text| known.get_index_of(text?)).collect();
        drop(known);
        if numbers.iter().enumerate().all(|(row, number)| number.is_some() || texts.is_null(row)) {
            return numbers.into_iter().map(|number| Some(number? as i64)).collect();
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut number = |(text, number): (Option<&str>, Option<usize>)| {
            let text = text?;
            Some(number.or_else(|| known.get_index_of(text)).unwrap_or_else(|| known.insert_full(text.into()).0) as i64)
        };
        texts.iter().zip(numbers).map(&mut number).collect()
    }

    fn texts_of(&self, numbers: &Int64Array) -> Result<ArrayRef> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut builder = StringViewBuilder::with_capacity(numbers.len());
        for number in numbers {
            let text = number.map(|number| known.get_index(number as usize));
            match text {
                Some(None) => return Err(Error::Internal("a number that no text has".to_owned())),
                other => builder.append_option(other.flatten()),
            }
        }
        Ok(Arc::new(builder.finish()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Direction {
    Number,
    Text,
}

struct Numbered {
    texts: Arc<Texts>,
    direction: Direction,
    signature: Signature,
}

impl fmt::Debug for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the texts.
        f.debug_struct("Numbered").field("direction", &self.direction).finish_non_exhaustive()
    }
}

impl PartialEq for Numbered {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.texts, &other.texts) && self.direction == other.direction
    }
}

impl Eq for Numbered {}

impl Hash for Numbered {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.texts).hash(state);
        self.direction.hash(state);
    }
}

impl ScalarUDFImpl for Numbered {
    fn name(&self) -> &str {
        match self.direction {
            Direction::Number => "$number_of_text",
            Direction::Text => "$text_of_number",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> datafusion::common::Result<DataType> {
        Ok(match self.direction {
            Direction::Number => DataType::Int64,
            Direction::Text => DataType::Utf8View,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> datafusion::common::Result<ColumnarValue> {
        let array = ColumnarValue::values_to_arrays(&args.args)?.swap_remove(0);
        let result = match self.direction {
            Direction::Number => array.as_string_view_opt().map(|texts| self.texts.numbers_of(texts)),
            Direction::Text => array.as_primitive_opt::<Int64Type>().map(|numbers| self.texts.texts_of(numbers)),
        };
        let unknown = || Error::Internal(format!("{} was given {}", self.name(), array.data_type()));
        Ok(ColumnarValue::Array(result.ok_or_else(unknown)??))
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;
    use arrow::array::{Array, ArrayRef, AsArray, StringViewArray};
    use arrow::datatypes::Int64Type;
    use std::collections::HashSet;
    use std::thread;

    /// With texts that fit a view and such that do not, NULLs among them.
    fn texts(rows: usize, kinds: usize) -> StringViewArray {
        let kind = |row: usize| match row * 7 % kinds {
            0 => None,
            kind if kind % 2 == 0 => Some(format!("Medical Intensive Care Unit {kind}")),
            kind => Some(kind.to_string()),
        };
        (0..rows).map(kind).collect()
    }

    #[test]
    fn every_text_comes_back_on_every_thread() {
        let known = Texts::default();
        let numbers = |rows: usize, kinds: usize| -> ArrayRef { known.numbers_of(&texts(rows, kinds)).unwrap() };
        let all: Vec<ArrayRef> = thread::scope(|scope| {
            let work = [(8192, 30), (8192, 5000), (10, 30), (8192, 900)];
            let handles: Vec<_> = work.map(|(rows, kinds)| scope.spawn(move || numbers(rows, kinds))).into();
            handles.into_iter().map(|handle| handle.join().unwrap()).collect()
        });
        for (numbers, (rows, kinds)) in all.iter().zip([(8192, 30), (8192, 5000), (10, 30), (8192, 900)]) {
            let numbers = numbers.as_primitive::<Int64Type>();
            assert_eq!(known.texts_of(numbers).unwrap().as_ref(), &texts(rows, kinds) as &dyn Array);
            let different: HashSet<i64> = numbers.iter().flatten().collect();
            let expected: HashSet<String> = texts(rows, kinds).iter().flatten().map(str::to_owned).collect();
            assert_eq!(different.len(), expected.len());
        }
    }

    #[test]
    fn a_number_that_was_never_given_is_an_error() {
        assert!(Texts::default().texts_of(&vec![3_i64].into()).is_err());
    }
}
