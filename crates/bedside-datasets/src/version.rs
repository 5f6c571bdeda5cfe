//! Numeric comparison of versions: 2.10 is newer than 2.9.

/// The numbers in a version, for comparison: `demo-2.10` gives 2, 10.
pub(crate) fn numbers(version: &str) -> Vec<u64> {
    version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

/// Whether the text is a version alone: digits and at least one point between them.
pub(crate) fn is_dotted(text: &str) -> bool {
    let mut parts = text.split('.');
    parts.all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())) && text.contains('.')
}

#[cfg(test)]
mod tests {
    use super::{is_dotted, numbers};

    #[test]
    fn versions_compare_by_number() {
        assert!(numbers("2.10") > numbers("2.9"));
        assert!(numbers("demo-2.2") < numbers("demo-3.0"));
        for (text, dotted) in
            [("3.1", true), ("1.4.0", true), ("3", false), ("3.", false), (".1", false), ("v3.1", false)]
        {
            assert_eq!(is_dotted(text), dotted, "{text}");
        }
    }
}
