//! Plain fields: values read straight from the text up to the comma or line feed behind them, in one go.
//!
//! Nearly every field of every file is plain. Whatever is not (blanks around a number, an exponent, doubled quotes, a value
//! that is none) gives `None`, and the whole record is read again by the ways that know every dress and every fault.

use super::time::{DAY_MICROS, days, time_of_day};
use memchr::memchr;

/// A value, and where the delimiter behind it stands.
pub(crate) type Read<T> = Option<(T, usize)>;

/// A field with nothing in it.
#[inline]
pub(crate) fn is_empty(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|byte| is_delimiter(*byte))
}

/// Digits, at most 18 of them, with or without a minus.
#[inline]
pub(crate) fn int64(text: &[u8], at: usize) -> Read<i64> {
    let (negative, start) = sign(text, at);
    let (value, end) = digits(text, start, 0);
    let count = end - start;
    let ends = text.get(end).is_some_and(|byte| is_delimiter(*byte));
    (ends && (1..=18).contains(&count)).then_some((if negative { -(value as i64) } else { value as i64 }, end))
}

/// At most 15 digits with or without a point among them: digits and power of ten are exact doubles, so one division rounds
/// correctly (Clinger, "How to read floating point numbers accurately", 1990).
#[inline]
pub(crate) fn float64(text: &[u8], at: usize) -> Read<f64> {
    let (negative, start) = sign(text, at);
    let (mut value, mut end) = digits(text, start, 0);
    let mut count = end - start;
    let mut places = 0;
    if text.get(end) == Some(&b'.') {
        let point = end;
        (value, end) = digits(text, point + 1, value);
        places = end - point - 1;
        count += places;
    }
    let ends = text.get(end).is_some_and(|byte| is_delimiter(*byte));
    if !ends || !(1..=15).contains(&count) {
        return None;
    }
    let value = value as f64 / super::number::POWERS[places];
    Some((if negative { -value } else { value }, end))
}

/// The day that the last time was of, as text and number: neighbours mostly share it.
#[derive(Debug, Default)]
pub(crate) struct LastDay {
    text: [u8; 10],
    days: i32,
}

impl LastDay {
    /// `YYYY-MM-DD HH:MM:SS`, as microseconds since 1970-01-01.
    #[inline]
    pub(crate) fn datetime(&mut self, text: &[u8], at: usize) -> Read<i64> {
        let field = text.get(at..at + 20)?;
        if field[10] != b' ' || !is_delimiter(field[19]) {
            return None;
        }
        let days = self.days(&field[..10])?;
        Some((i64::from(days) * DAY_MICROS + time_of_day(&field[11..19]).ok()?, at + 19))
    }

    /// `YYYY-MM-DD`, as days since 1970-01-01.
    #[inline]
    pub(crate) fn date(&mut self, text: &[u8], at: usize) -> Read<i32> {
        let field = text.get(at..at + 11)?;
        if !is_delimiter(field[10]) {
            return None;
        }
        Some((self.days(&field[..10])?, at + 10))
    }

    #[inline]
    fn days(&mut self, text: &[u8]) -> Option<i32> {
        // No day is of zero bytes, so that the first is never taken for the last.
        if self.text != text {
            self.days = days(text).ok()?;
            self.text.copy_from_slice(text);
        }
        Some(self.days)
    }
}

/// A text, in quotes or not, that stands in the file as it is meant.
#[inline]
pub(crate) fn text(text: &[u8], at: usize) -> Read<&[u8]> {
    if text.get(at) == Some(&b'"') {
        let start = at + 1;
        let end = start + memchr(b'"', text.get(start..)?)?;
        let inner = &text[start..end];
        let ends = text.get(end + 1).is_some_and(|byte| is_delimiter(*byte));
        // Line feeds are to be counted.
        return (ends && memchr(b'\n', inner).is_none()).then_some((inner, end + 1));
    }
    let rest = text.get(at..)?;
    let end = rest.iter().position(|byte| matches!(byte, b',' | b'\n' | b'"' | b'\r'))?;
    is_delimiter(rest[end]).then_some((&rest[..end], at + end))
}

#[inline]
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b',' | b'\n')
}

#[inline]
fn sign(text: &[u8], at: usize) -> (bool, usize) {
    let negative = text.get(at) == Some(&b'-');
    (negative, at + usize::from(negative))
}

/// Appends the digits from `at` on to `value`, and tells where they end. More than 19 digits wrap; callers count them.
#[inline]
fn digits(text: &[u8], at: usize, mut value: u64) -> (u64, usize) {
    let mut end = at;
    while let Some(digit) = text.get(end).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit <= 9) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    (value, end)
}

#[cfg(test)]
mod tests {
    use super::{LastDay, float64, int64, text};
    use crate::csv::{number, time};
    use proptest::prelude::*;

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        for field in ["", "-", "1 ", " 1", "+1", "1e3", "1234567890123456789", "\"1\"", "1\r", "x"] {
            assert_eq!(int64(format!("{field}\n").as_bytes(), 0), None, "{field:?}");
        }
        for field in ["", ".", "-", "1e3", "NaN", "1.5 ", "1..5", "1234567890123456"] {
            assert_eq!(float64(format!("{field}\n").as_bytes(), 0), None, "{field:?}");
        }
        for field in ["a\"b", "\"a\"b", "\"a\"\"b\"", "a\r", "\"a\nb\""] {
            assert_eq!(text(format!("{field}\n").as_bytes(), 0), None, "{field:?}");
        }
        for field in [
            "2150-01-02",
            "2150-01-02T03:04:05",
            "2150-01-02 03:04:05.1",
            "2150-02-30 00:00:00",
            " 2150-01-02 03:04:05",
        ] {
            assert_eq!(LastDay::default().datetime(format!("{field}\n").as_bytes(), 0), None, "{field:?}");
        }
    }

    #[test]
    fn nothing_is_read_beyond_the_text() {
        for field in ["1", "1.5", "2150-01-02 03:04:05", "\"a", "a"] {
            for length in 0..=field.len() {
                let bytes = &field.as_bytes()[..length];
                assert_eq!(int64(bytes, 0), None);
                assert_eq!(float64(bytes, 0), None);
                assert_eq!(text(bytes, 0), None);
                assert_eq!(LastDay::default().datetime(bytes, 0), None);
                assert_eq!(LastDay::default().date(bytes, 0), None);
            }
        }
    }

    #[test]
    fn texts_are_as_they_stand() {
        assert_eq!(text(b"a b,c\n", 0), Some((&b"a b"[..], 3)));
        assert_eq!(text(b"x,\"a, b\"\n", 2), Some((&b"a, b"[..], 8)));
        assert_eq!(text(b"\"\"\n", 0), Some((&b""[..], 2)));
    }

    proptest! {
        /// What is read at all is read as the ways for every dress read it.
        #[test]
        fn plain_values_are_the_values(
            field in prop_oneof!["-?[0-9]{1,19}", "-?[0-9]{0,16}\\.?[0-9]{0,8}", "[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?"],
            delimiter in prop_oneof![Just(','), Just('\n')],
        ) {
            let line = format!("{field}{delimiter}");
            let (line, field) = (line.as_bytes(), field.as_bytes());
            if let Some((value, end)) = int64(line, 0) {
                prop_assert_eq!((number::int64(field), end), (Ok(value), field.len()));
            }
            if let Some((value, end)) = float64(line, 0) {
                prop_assert_eq!((number::float64(field).map(f64::to_bits), end), (Ok(value.to_bits()), field.len()));
            }
            let mut last = LastDay::default();
            for _ in 0..2 {
                if let Some((value, end)) = last.datetime(line, 0) {
                    prop_assert_eq!((time::datetime(field), end), (Ok(value), field.len()));
                }
                if let Some((value, end)) = last.date(line, 0) {
                    prop_assert_eq!((time::date(field), end), (Ok(value), field.len()));
                }
            }
        }
    }
}
