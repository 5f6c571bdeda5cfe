//! Rows of csv text, written without a formatter: numbers are whole or have a fixed number of places.

use crate::time::{DAY, HOUR, MINUTE, Time};
use bedside_types::date_digits;

/// The text of one table, or of a part of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) bytes: Vec<u8>,
    pub(crate) count: u64,
    day: i64,
    day_text: [u8; 10],
}

impl Rows {
    /// An empty field: NULL.
    pub(crate) fn null(&mut self) -> &mut Self {
        self.bytes.push(b',');
        self
    }

    /// `""`: the empty string where the column is text, NULL elsewhere.
    pub(crate) fn empty_text(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(b"\"\",");
        self
    }

    /// Bytes that are whole fields already, with their commas.
    pub(crate) fn raw(&mut self, fields: &[u8]) -> &mut Self {
        self.bytes.extend_from_slice(fields);
        self
    }

    pub(crate) fn int(&mut self, number: i64) -> &mut Self {
        put_int(&mut self.bytes, number);
        self.bytes.push(b',');
        self
    }

    pub(crate) fn maybe_int(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.int(number),
            None => self.null(),
        }
    }

    /// `number` / 10^`places`, without trailing zeros: `decimal(3940, 2)` is 39.4.
    pub(crate) fn decimal(&mut self, number: i64, places: u32) -> &mut Self {
        put_decimal(&mut self.bytes, number, places);
        self.bytes.push(b',');
        self
    }

    /// Text, quoted only where it must be; an empty text is NULL.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        put_text(&mut self.bytes, text);
        self.bytes.push(b',');
        self
    }

    /// Text in quotes, as the files of MIMIC-III have it; an empty text is NULL, without quotes.
    pub(crate) fn quoted(&mut self, text: &str) -> &mut Self {
        if !text.is_empty() {
            put_quoted(&mut self.bytes, text);
        }
        self.bytes.push(b',');
        self
    }

    /// A decimal number in quotes: the text of a value.
    pub(crate) fn quoted_decimal(&mut self, number: i64, places: u32) -> &mut Self {
        self.bytes.push(b'"');
        put_decimal(&mut self.bytes, number, places);
        self.bytes.extend_from_slice(b"\",");
        self
    }

    pub(crate) fn maybe_text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    /// A `subject-sequence` identifier, as poe_id and emar_id are.
    pub(crate) fn sequence_id(&mut self, subject: i64, sequence: i64) -> &mut Self {
        put_int(&mut self.bytes, subject);
        self.bytes.push(b'-');
        put_int(&mut self.bytes, sequence);
        self.bytes.push(b',');
        self
    }

    /// `YYYY-MM-DD`.
    pub(crate) fn date(&mut self, time: Time) -> &mut Self {
        self.put_day(time);
        self.bytes.push(b',');
        self
    }

    /// `YYYY-MM-DD HH:MM:SS`.
    pub(crate) fn time(&mut self, time: Time) -> &mut Self {
        self.put_day(time);
        let seconds = time.of_day();
        let mut clock = *b" 00:00:00,";
        put_two(&mut clock, 1, seconds / HOUR);
        put_two(&mut clock, 4, seconds % HOUR / MINUTE);
        put_two(&mut clock, 7, seconds % MINUTE);
        self.bytes.extend_from_slice(&clock);
        self
    }

    pub(crate) fn maybe_time(&mut self, time: Option<Time>) -> &mut Self {
        match time {
            Some(time) => self.time(time),
            None => self.null(),
        }
    }

    /// Ends the row.
    pub(crate) fn end(&mut self) {
        if let Some(last) = self.bytes.last_mut() {
            *last = b'\n';
        }
        self.count += 1;
    }

    /// Neighbouring rows mostly fall on one day, so its text is kept.
    fn put_day(&mut self, time: Time) {
        let day = time.0.div_euclid(DAY);
        if day != self.day || self.day_text[0] == 0 {
            (self.day, self.day_text) = (day, date_digits(day));
        }
        self.bytes.extend_from_slice(&self.day_text);
    }
}

pub(crate) fn put_int(out: &mut Vec<u8>, number: i64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

pub(crate) fn put_decimal(out: &mut Vec<u8>, number: i64, places: u32) {
    let unit = 10_u64.pow(places);
    let size = number.unsigned_abs();
    if number < 0 {
        out.push(b'-');
    }
    put_int(out, (size / unit) as i64);
    let mut rest = size % unit;
    if rest == 0 {
        return;
    }
    out.push(b'.');
    let mut place = unit / 10;
    while rest > 0 {
        out.push(b'0' + (rest / place) as u8);
        rest %= place;
        place /= 10;
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if !bytes.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        out.extend_from_slice(bytes);
        return;
    }
    put_quoted(out, text);
}

fn put_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.as_bytes() {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

fn put_two(text: &mut [u8], at: usize, number: i64) {
    text[at] = b'0' + (number / 10) as u8;
    text[at + 1] = b'0' + (number % 10) as u8;
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use crate::time::Time;

    #[track_caller]
    fn check(write: impl Fn(&mut Rows), expected: &str) {
        let mut rows = Rows::default();
        write(&mut rows);
        rows.end();
        assert_eq!(String::from_utf8(rows.bytes).unwrap(), format!("{expected}\n"));
    }

    #[test]
    fn fields_are_written_as_physionet_does() {
        check(|rows| _ = rows.int(0).int(-12).int(i64::MAX), "0,-12,9223372036854775807");
        check(|rows| _ = rows.decimal(3940, 2).decimal(-5, 1).decimal(6000, 3).decimal(1, 3), "39.4,-0.5,6,0.001");
        check(|rows| _ = rows.text("a").text("").text("a,b").text("say \"x\"\n"), "a,,\"a,b\",\"say \"\"x\"\"\n\"");
        check(|rows| _ = rows.quoted("a").quoted("").quoted("\"").quoted_decimal(-15, 1), "\"a\",,\"\"\"\",\"-1.5\"");
        check(|rows| _ = rows.empty_text().null().maybe_int(None).sequence_id(7, 3), "\"\",,,7-3");
        let leap = Time::of_year(2152) + 59 * 86_400 + 3_723;
        check(
            |rows| _ = rows.time(leap).date(leap).time(leap + 86_400),
            "2152-02-29 01:02:03,2152-02-29,2152-03-01 01:02:03",
        );
    }
}
