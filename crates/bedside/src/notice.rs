//! Short messages to the person at the keyboard, on standard error.

use crate::terminal::{Style, Terminal};
use std::io::{self, Write};

/// A plain line.
pub(crate) fn say(text: &str) {
    put(text);
}

/// A line that says something may be wrong.
pub(crate) fn warn(text: &str) {
    put(&format!("{} {text}", Terminal::stderr().paint(Style::Warning, "warning:")));
}

/// A line that says what went wrong, where the command goes on.
pub(crate) fn error(text: &str) {
    put(&format!("{} {text}", Terminal::stderr().paint(Style::Error, "error:")));
}

/// A line that says what to do next.
pub(crate) fn hint(text: &str) {
    put(&format!("{} {text}", Terminal::stderr().paint(Style::Hint, "hint:")));
}

fn put(text: &str) {
    // Nothing is left to do when standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 table`, `31 tables`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Bytes with three digits and a decimal unit: `15.2 MB`.
pub(crate) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    let mut unit = "B";
    for larger in ["kB", "MB", "GB", "TB"] {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = larger;
    }
    match value {
        _ if unit == "B" => format!("{bytes} B"),
        value if value < 9.995 => format!("{value:.2} {unit}"),
        value if value < 99.95 => format!("{value:.1} {unit}"),
        value => format!("{value:.0} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, grouped, size};

    #[test]
    fn numbers_are_easy_to_read() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!((counted(1, "table"), counted(31, "table")), ("1 table".into(), "31 tables".into()));
        for (bytes, expected) in
            [(0, "0 B"), (999, "999 B"), (1_000, "1.00 kB"), (15_230_000, "15.2 MB"), (999_900_000, "1.00 GB")]
        {
            assert_eq!(size(bytes), expected);
        }
    }
}
