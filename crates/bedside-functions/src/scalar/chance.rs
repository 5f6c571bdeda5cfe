//! Functions that give another value for every row, and ERROR.

use crate::call::Call;
use crate::error::{Result, fail};
use crate::function::Spec;
use arrow::array::ArrayRef;
use std::borrow::Cow;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("rand", rand).volatile(),
    Spec::total("generate_uuid", generate_uuid).volatile(),
    Spec::fallible("error", error).volatile(),
];

/// A stream of random words (splitmix64), seeded by the operating system through the standard library's hasher.
struct Stream(u64);

impl Stream {
    fn new() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}

fn rand(call: &Call<'_>) -> Result<ArrayRef> {
    let mut stream = Stream::new();
    call.floats(|_| Ok(Some((stream.next() >> 11) as f64 / (1_u64 << 53) as f64)))
}

/// Version 4: 122 random bits.
fn generate_uuid(call: &Call<'_>) -> Result<ArrayRef> {
    // Two seeds, so that all bits are random.
    let (mut high, mut low) = (Stream::new(), Stream::new());
    call.texts(|_| {
        let high = high.next() & !0xf000 | 0x4000;
        let low = low.next() & !(0b11 << 62) | 0b10 << 62;
        let text = format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff
        );
        Ok(Some(Cow::Owned(text)))
    })
}

/// ERROR(message) fails as soon as it is evaluated.
fn error(call: &Call<'_>) -> Result<ArrayRef> {
    let message = call.text(0)?;
    call.ints(|row| fail(message.get(row).unwrap_or("ERROR function called with NULL value").to_owned()))
}
