//! Scalar functions, one file per family.

mod arithmetic;
mod arrays;
mod byte_patterns;
mod bytes;
mod cast;
mod chance;
mod comparison;
mod construction;
mod difference;
mod extraction;
mod format_time;
mod interval;
mod json;
mod json_path;
mod like_lists;
mod math;
mod parse_time;
mod patterns;
mod precise;
mod printf;
mod shift;
mod strings;
mod truncation;
pub(crate) mod value_text;
mod words;

pub use json::JSON_BOX;

use crate::function::Spec;
use std::collections::HashMap;
use std::sync::LazyLock;

const FAMILIES: [&[Spec]; 21] = [
    arithmetic::FUNCTIONS,
    arrays::FUNCTIONS,
    bytes::FUNCTIONS,
    cast::FUNCTIONS,
    chance::FUNCTIONS,
    comparison::FUNCTIONS,
    construction::FUNCTIONS,
    difference::FUNCTIONS,
    extraction::FUNCTIONS,
    format_time::FUNCTIONS,
    interval::FUNCTIONS,
    json::FUNCTIONS,
    like_lists::FUNCTIONS,
    math::FUNCTIONS,
    parse_time::FUNCTIONS,
    patterns::FUNCTIONS,
    printf::FUNCTIONS,
    shift::FUNCTIONS,
    strings::FUNCTIONS,
    truncation::FUNCTIONS,
    words::FUNCTIONS,
];

static INDEX: LazyLock<HashMap<&'static str, &'static Spec>> =
    LazyLock::new(|| FAMILIES.iter().flat_map(|family| family.iter()).map(|spec| (spec.name, spec)).collect());

/// The function's declaration, if there is one of that name.
pub(crate) fn spec(name: &str) -> Option<&'static Spec> {
    INDEX.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, INDEX};

    #[test]
    fn no_name_is_declared_twice() {
        assert_eq!(INDEX.len(), FAMILIES.iter().map(|family| family.len()).sum::<usize>());
    }
}
