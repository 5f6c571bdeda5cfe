//! The definitions of derived tables over a few made-up rows each (`tests/concepts/*.slt`).
//!
//! A record gives every table that a definition reads as a CTE named after dataset and table, with the columns that are
//! read: `mimiciv_icu_icustays` for `physionet-data.mimiciv_icu.icustays`. `@group/table` stands for the definition, of
//! MIMIC-IV unless a family goes before it: `@mimiciii/firstday/gcs_first_day`.

use crate::fixture::workspace;

/// The text of a record with the definitions that it names put in, over its own CTEs.
pub(crate) fn with_definitions(text: &str) -> String {
    let mut parts = text.split('@');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '/')).unwrap_or(part.len());
        let (name, rest) = part.split_at(end);
        let name = if name.starts_with("mimiciii/") { name.to_owned() } else { format!("mimiciv/{name}") };
        let path = workspace().join("concepts").join(format!("{name}.sql"));
        let definition = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        whole.push_str("(\n");
        whole.push_str(&over_ctes(&definition));
        whole.push_str("\n)");
        whole.push_str(rest);
    }
    whole
}

fn over_ctes(definition: &str) -> String {
    let name = |part: &str| match part.strip_prefix("physionet-data.") {
        Some(path) => path.replace('.', "_"),
        None => part.to_owned(),
    };
    definition.split('`').map(name).collect()
}
