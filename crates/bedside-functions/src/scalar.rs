//! Scalar functions, one file per family.

mod arithmetic;
mod arrays;
mod bucket;
mod byte_patterns;
mod bytes;
mod cast;
mod cast_format;
mod chance;
mod collation;
mod comparison;
mod construction;
mod difference;
mod extraction;
mod format_time;
mod gap_fill;
mod interval;
mod json;
mod json_arrays;
mod json_change;
mod json_path;
mod json_scalars;
mod like_lists;
mod limits;
mod math;
mod net;
mod parse_time;
pub(crate) mod patterns;
mod precise;
mod printf;
pub(crate) mod quantiles;
mod ranges;
mod search;
mod shift;
mod sketches;
mod strings;
mod truncation;
pub(crate) mod value_text;
mod vectors;
mod words;

pub use json::JSON_BOX;

use crate::function::Spec;
use std::collections::HashMap;
use std::sync::LazyLock;

const FAMILIES: [&[Spec]; 35] = [
    arithmetic::FUNCTIONS,
    arrays::FUNCTIONS,
    bucket::FUNCTIONS,
    bytes::FUNCTIONS,
    cast::FUNCTIONS,
    cast_format::FUNCTIONS,
    chance::FUNCTIONS,
    collation::FUNCTIONS,
    comparison::FUNCTIONS,
    construction::FUNCTIONS,
    difference::FUNCTIONS,
    extraction::FUNCTIONS,
    format_time::FUNCTIONS,
    gap_fill::FUNCTIONS,
    interval::FUNCTIONS,
    json::FUNCTIONS,
    json_arrays::FUNCTIONS,
    json_change::FUNCTIONS,
    json_scalars::FUNCTIONS,
    like_lists::FUNCTIONS,
    limits::FUNCTIONS,
    math::FUNCTIONS,
    net::FUNCTIONS,
    parse_time::FUNCTIONS,
    patterns::FUNCTIONS,
    printf::FUNCTIONS,
    quantiles::FUNCTIONS,
    ranges::FUNCTIONS,
    search::FUNCTIONS,
    shift::FUNCTIONS,
    sketches::FUNCTIONS,
    strings::FUNCTIONS,
    truncation::FUNCTIONS,
    vectors::FUNCTIONS,
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
