//! Texts as people mean them: Unicode normal forms, Soundex, edit distance.

use crate::call::{Call, some};
use crate::error::{Result, fail};
use crate::function::Spec;
use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::fallible("normalize", |call| normalize(call, |text| Cow::Borrowed(text))),
    Spec::fallible("normalize_and_casefold", |call| {
        normalize(call, |text| Cow::Owned(caseless::default_case_fold_str(text)))
    }),
    Spec::total("soundex", |call| {
        let a = call.text(0)?;
        call.texts(|row| Ok(a.get(row).map(|text| Cow::Owned(soundex(text)))))
    }),
    Spec::fallible("edit_distance", edit_distance),
];

fn normalize(call: &Call<'_>, fold: fn(&str) -> Cow<'_, str>) -> Result<ArrayRef> {
    let a = call.text(0)?;
    let form = if call.count() > 1 { Some(call.text(1)?) } else { None };
    call.texts(|row| {
        let text = fold(some!(a.get(row)));
        let form = match &form {
            Some(form) => some!(form.get(row)),
            None => "NFC",
        };
        let normal = match form {
            "NFC" => text.nfc().collect(),
            "NFD" => text.nfd().collect(),
            "NFKC" => text.nfkc().collect(),
            "NFKD" => text.nfkd().collect::<String>(),
            other => return fail(format!("Invalid normalization mode: {other}")),
        };
        Ok(Some(Cow::Owned(normal)))
    })
}

/// The first letter as it is, then up to three digits for the sounds of those after it. Letters of one sound count once where
/// no letter of another sound stands between them; vowels, `h`, `w`, `y` and what is no Latin letter are passed over.
fn soundex(text: &str) -> String {
    fn sound(letter: u8) -> Option<char> {
        match letter.to_ascii_lowercase() {
            b'b' | b'f' | b'p' | b'v' => Some('1'),
            b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => Some('2'),
            b'd' | b't' => Some('3'),
            b'l' => Some('4'),
            b'm' | b'n' => Some('5'),
            b'r' => Some('6'),
            _ => None,
        }
    }
    let mut letters = text.bytes().filter(u8::is_ascii_alphabetic);
    let Some(first) = letters.next() else { return String::new() };
    let mut code = String::from(char::from(first));
    let mut last = sound(first);
    for letter in letters {
        let Some(digit) = sound(letter).filter(|digit| last != Some(*digit)) else { continue };
        code.push(digit);
        if code.len() == 4 {
            break;
        }
        last = Some(digit);
    }
    format!("{code:0<4}")
}

/// Levenshtein's distance in characters, in bytes for BYTES, at most the third argument.
fn edit_distance(call: &Call<'_>) -> Result<ArrayRef> {
    let most = call.int(2)?;
    let cut = |row: usize, distance: i64| {
        let most = some!(most.get(row));
        if most < 0 {
            return fail("Max distance must be non-negative");
        }
        Ok(Some(distance.min(most)))
    };
    if matches!(call.argument_type(0)?, DataType::Utf8View) {
        let (a, b) = (call.text(0)?, call.text(1)?);
        return call.ints(|row| {
            let (a, b): (Vec<char>, Vec<char>) =
                (some!(a.get(row)).chars().collect(), some!(b.get(row)).chars().collect());
            cut(row, distance(&a, &b))
        });
    }
    let (a, b) = (call.blob(0)?, call.blob(1)?);
    call.ints(|row| cut(row, distance(some!(a.get(row)), some!(b.get(row)))))
}

/// By rows of the matrix of distances between starts of both.
fn distance<T: PartialEq>(a: &[T], b: &[T]) -> i64 {
    let mut above: Vec<i64> = (0..=b.len() as i64).collect();
    for (row, x) in a.iter().enumerate() {
        let mut diagonal = above[0];
        above[0] = row as i64 + 1;
        for (column, y) in b.iter().enumerate() {
            let replaced = diagonal + i64::from(x != y);
            diagonal = above[column + 1];
            above[column + 1] = replaced.min(above[column] + 1).min(diagonal + 1);
        }
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, soundex};

    // Recorded from Google's reference implementation.
    #[test]
    fn words_sound_and_differ_as_googlesql_says() {
        for (word, code) in [
            ("Ashcraft", "A261"),
            ("Tymczak", "T520"),
            ("Pfister", "P236"),
            ("Honeyman", "H500"),
            ("lloyd", "l300"),
            ("O Hara", "O600"),
            ("été", "t000"),
            ("123", ""),
        ] {
            assert_eq!(soundex(word), code, "{word}");
        }
        assert_eq!((distance(b"kitten", b"sitting"), distance(b"", b"abc"), distance(b"a", b"a")), (3, 3, 0));
    }
}
