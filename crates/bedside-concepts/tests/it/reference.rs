//! The reference shows what the pages say.

use bedside_concepts::{Definitions, reference};

#[test]
fn the_reference_is_what_the_pages_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/concepts.md");
    let text = reference(&Definitions::embedded());
    if std::env::var_os("BEDSIDE_ACCEPT").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == text, "docs/reference/concepts.md is not up to date: run this test with BEDSIDE_ACCEPT=1");
}
