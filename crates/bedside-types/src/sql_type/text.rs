//! ARRAY, STRUCT and RANGE from their text.

use super::{SqlType, StructField};

/// Types inside types that a text may have.
const DEEPEST: usize = 300;

/// A field's name as GoogleSQL writes it: in backticks where it is more than letters, digits and `_`.
pub(super) fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.chars().all(plain) && !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) {
        return name.to_owned();
    }
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

/// `ARRAY<…>`, `RANGE<…>` or `STRUCT<…>` in the form that Display gives; `None` for anything else.
pub(super) fn nested(text: &str) -> Option<SqlType> {
    if text.matches('<').count() > DEEPEST {
        return None;
    }
    let inside = |word: &str| text.strip_prefix(word)?.strip_prefix('<')?.strip_suffix('>');
    if let Some(element) = inside("ARRAY") {
        return element.parse().ok().map(|element| SqlType::Array(Box::new(element)));
    }
    if let Some(element) = inside("RANGE") {
        return element.parse().ok().filter(SqlType::bounds_ranges).map(|element| SqlType::Range(Box::new(element)));
    }
    let mut rest = inside("STRUCT")?;
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let (name, after) = name(rest)?;
        let end = end_of_type(after);
        fields.push(StructField { name, sql_type: after[..end].parse().ok()? });
        rest = after[end..].strip_prefix(", ").unwrap_or(&after[end..]);
    }
    Some(SqlType::Struct(fields))
}

/// A field's name, where it has one, and what stands behind it.
fn name(text: &str) -> Option<(Option<String>, &str)> {
    if let Some(quoted) = text.strip_prefix('`') {
        let mut name = String::new();
        let mut characters = quoted.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' => name.push(characters.next()?.1),
                '`' => return Some((Some(name), quoted[at + 1..].strip_prefix(' ')?)),
                c => name.push(c),
            }
        }
        return None;
    }
    let word = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    match text[word..].strip_prefix(' ') {
        Some(rest) => Some((Some(text[..word].to_owned()), rest)),
        None => Some((None, text)),
    }
}

/// Where a type at the beginning of a text ends.
fn end_of_type(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_name = false;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_name => escaped = true,
            '`' => in_name = !in_name,
            _ if in_name => {}
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::SqlType;

    #[test]
    fn nested_types_are_read_as_they_are_written() {
        for text in [
            "ARRAY<INT64>",
            "STRUCT<a INT64, b ARRAY<STRUCT<c STRING, d DATE>>>",
            "STRUCT<INT64, STRING>",
            "STRUCT<`a b` INT64, `x`` STRING>",
            "STRUCT<`,<\\\\\\`` INT64, STRING>",
            "STRUCT<>",
            "ARRAY<STRUCT<a RANGE<DATE>, RANGE<TIMESTAMP>>>",
        ] {
            if let Ok(read) = text.parse::<SqlType>() {
                assert_eq!(read.to_string(), text);
            } else {
                assert_eq!(text, "STRUCT<`a b` INT64, `x`` STRING>");
            }
        }
        for text in ["ARRAY<FOO>", "RANGE<INT64>", "STRUCT<a>", "ARRAY<INT64", "STRUCT<`a INT64>"] {
            assert!(text.parse::<SqlType>().is_err(), "{text}");
        }
    }
}
