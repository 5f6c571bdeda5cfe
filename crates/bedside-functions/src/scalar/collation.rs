//! The collation `und:ci`: texts that differ in case alone are equal.
//!
//! BigQuery compares by the Unicode Collation Algorithm (<https://www.unicode.org/reports/tr10>) at its second level, where case and
//! compatible forms do not count and marks do. Keys here say the same of equality, by case folding and decomposition, and of the
//! order of ASCII and of letters with marks. Other letters stand behind by code point, where the algorithm has tables.

use crate::call::Call;
use crate::error::Result;
use crate::function::Spec;
use arrow::array::ArrayRef;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("$collation_key", |call| each(call, key)),
    Spec::total("$collation_fold", |call| each(call, |text| text.chars().map(folded).collect())),
];

/// Punctuation and symbols of ASCII in the order of the Unicode collation; digits and letters follow.
const SYMBOLS: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

fn each(call: &Call<'_>, make: fn(&str) -> String) -> Result<ArrayRef> {
    let texts = call.text(0)?;
    call.texts(|row| Ok(texts.get(row).map(|text| Cow::Owned(make(text)))))
}

/// A text by whose bytes texts are compared: letters without their marks, then the marks where there are any.
fn key(text: &str) -> String {
    let decomposed: String = text.nfkd().collect();
    let folded: String = caseless::default_case_fold_str(&decomposed).nfkd().collect();
    let mut key = String::with_capacity(folded.len() + 8);
    for c in folded.chars().filter(|c| !is_combining_mark(*c)) {
        push(&mut key, c);
    }
    let marks = folded.chars().any(is_combining_mark);
    if marks {
        key.push('\0');
        key.extend(folded.chars().filter(|c| !is_ignored(*c)));
    }
    key
}

/// What has no weight at all: controls and joiners.
fn is_ignored(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Appends a character so that white space stands before symbols, these before digits, and these before letters.
fn push(key: &mut String, c: char) {
    if is_ignored(c) {
        return;
    }
    if c.is_alphabetic() {
        key.push(c);
    } else if c.is_numeric() {
        key.push('\u{3}');
        key.push(c);
    } else if c.is_whitespace() {
        key.push('\u{1}');
        key.push(c);
    } else {
        key.push('\u{2}');
        match SYMBOLS.find(c) {
            Some(place) => key.push(char::from(place as u8 + b' ')),
            None => key.push(c),
        }
    }
}

/// A character in small letters where that is one character, so that places in a text stay what they are.
fn folded(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn case_and_compatible_forms_are_one_and_marks_are_not() {
        for (a, b) in [
            ("abc", "ABC"),
            ("stra\u{df}e", "STRASSE"),
            ("\u{e9}", "E\u{301}"),
            ("\u{ff21}", "a"),
            ("oran\u{2060}ge", "Orange"),
        ] {
            assert_eq!(key(a), key(b), "{a} {b}");
        }
        for (a, b) in [("e", "\u{e9}"), ("a", "b"), ("a", "a "), ("", "a")] {
            assert_ne!(key(a), key(b), "{a} {b}");
        }
    }

    #[test]
    fn the_order_is_white_space_symbols_digits_letters_then_marks() {
        let sorted = ["", " ", "_", "-", "?", "$", "1", "2", "a", "A1", "ab", "e", "\u{c9}", "ea", "\u{e9}b", "Z"];
        for pair in sorted.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{pair:?}");
        }
    }
}
