//! Dates and times as BigQuery writes them: no fraction of a second or six digits.

use bedside_types::{Fraction, date_digits, interval_text, time_digits};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A DATE from days since 1970-01-01: `2150-01-31`.
pub(crate) fn push_date(out: &mut Vec<u8>, days: i64) {
    out.extend_from_slice(&date_digits(days));
}

/// A TIME from microseconds since midnight: `10:00:00`, `10:00:00.250000`.
pub(crate) fn push_time(out: &mut Vec<u8>, micros: i64) {
    out.extend_from_slice(&time_digits(micros)[..Fraction::Six.end_of_time(micros)]);
}

/// A DATETIME from microseconds since 1970-01-01: `2150-01-31T10:00:00`.
pub(crate) fn push_datetime(out: &mut Vec<u8>, micros: i64) {
    push_date(out, micros.div_euclid(MICROS_PER_DAY));
    out.push(b'T');
    push_time(out, micros.rem_euclid(MICROS_PER_DAY));
}

/// An INTERVAL in canonical form: `1-2 3 4:5:6.500000`.
pub(crate) fn push_interval(out: &mut Vec<u8>, months: i32, days: i32, nanos: i64) {
    out.extend_from_slice(interval_text(months, days, nanos, Fraction::Six).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::push_datetime;

    #[test]
    fn the_calendar_holds_from_year_1_to_9999() {
        for (micros, expected) in [
            (0, "1970-01-01T00:00:00"),
            (-1, "1969-12-31T23:59:59.999999"),
            (5_680_317_600_000_000, "2150-01-01T10:00:00"),
            (951_782_400_250_000, "2000-02-29T00:00:00.250000"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999"),
        ] {
            let mut out = Vec::new();
            push_datetime(&mut out, micros);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
