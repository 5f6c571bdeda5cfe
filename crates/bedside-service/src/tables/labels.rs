//! Labels in the form that options have them: `[("team", "icu")]`.

use std::collections::BTreeMap;

/// The labels that an option's text says.
pub(crate) fn read(text: &str) -> BTreeMap<String, String> {
    let mut strings = Vec::new();
    let mut characters = text.chars();
    while let Some(quote) = characters.by_ref().find(|c| matches!(c, '"' | '\'')) {
        let mut string = String::new();
        while let Some(c) = characters.next() {
            match c {
                '\\' => string.extend(characters.next()),
                c if c == quote => break,
                c => string.push(c),
            }
        }
        strings.push(string);
    }
    let pairs = strings.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone()));
    pairs.collect()
}

/// The text of an option with these labels; `None` where there are none.
pub(crate) fn write(labels: &BTreeMap<String, String>) -> Option<String> {
    let literal = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let pairs = labels.iter().map(|(key, value)| format!("({}, {})", literal(key), literal(value)));
    let pairs: Vec<_> = pairs.collect();
    (!pairs.is_empty()).then(|| format!("[{}]", pairs.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use std::collections::BTreeMap;

    #[test]
    fn labels_survive_and_those_of_a_statement_are_read() {
        let labels: BTreeMap<_, _> =
            [("a", "x"), ("b", ""), ("c", "\"\\'")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        assert_eq!(read(&write(&labels).unwrap()), labels);
        assert_eq!(write(&BTreeMap::new()), None);
        let written = read("[STRUCT('team', \"icu\"), ('x', 'y')]");
        assert_eq!(
            written.into_iter().collect::<Vec<_>>(),
            [("team".to_owned(), "icu".to_owned()), ("x".to_owned(), "y".to_owned())]
        );
    }
}
