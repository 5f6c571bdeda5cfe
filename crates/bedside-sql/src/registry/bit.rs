//! Bits and bytes.

use super::{Function, scalar};

const FAMILY: &str = "bit";

pub(super) const FUNCTIONS: &[Function] =
    &[scalar(FAMILY, "bit_count", &[], &["INT64 -> INT64", "BYTES -> INT64"], "the number of bits that are set")];
