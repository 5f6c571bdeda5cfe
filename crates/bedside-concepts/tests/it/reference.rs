//! The reference shows what the pages say.

use bedside_concepts::{Definitions, Family, reference};

#[test]
fn the_reference_is_what_the_pages_say() {
    for family in Family::ALL {
        let name = format!("docs/reference/{}.md", family.dataset());
        let path = format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"));
        let text = reference(&Definitions::embedded(family));
        if std::env::var_os("BEDSIDE_ACCEPT").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == text, "{name} is not up to date: run this test with BEDSIDE_ACCEPT=1");
    }
}
