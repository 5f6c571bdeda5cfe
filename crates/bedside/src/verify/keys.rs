//! Whether the keys that the catalogue names are unique in the loaded rows.

use super::{Outcome, quoted, sql_name};
use crate::failure::Failure;
use crate::notice::counted;
use crate::session::Session;
use bedside_datasets::KeyStatus;
use bedside_engine::facts;
use bedside_store::{Manifest, TableEntry};

/// One outcome per key.
pub(crate) fn check(session: &Session, manifest: &Manifest, table: &TableEntry) -> Result<Vec<Outcome>, Failure> {
    let Some(name) = sql_name(manifest, &table.module, &table.name) else { return Ok(Vec::new()) };
    let facts = facts(manifest, table);
    let primary = facts.iter().flat_map(|facts| &facts.primary_key).map(|key| (&key.columns, key.status));
    let declared = |columns| (columns, KeyStatus::Declared);
    let alternate = facts.iter().flat_map(|facts| &facts.alternate_keys).map(declared);
    let derived = table.derivation.iter().map(|derivation| &derivation.key).filter(|key| !key.is_empty()).map(declared);
    let mut outcomes = Vec::new();
    for (columns, status) in primary.chain(alternate).chain(derived) {
        if columns.iter().any(|column| table.column(column).is_none()) {
            continue;
        }
        let key = quoted(columns).join(", ");
        let sql = format!("SELECT COUNT(*) FROM (SELECT {key} FROM {name} GROUP BY {key} HAVING COUNT(*) > 1)");
        outcomes.push(match (session.count(&sql)?, status) {
            (0, _) => Outcome::Good,
            (repeated, KeyStatus::Declared) => {
                Outcome::Bad(format!("key ({}) repeats {}", columns.join(", "), counted(repeated, "value")))
            }
            (repeated, _) => {
                let (columns, values) = (columns.join(", "), counted(repeated, "value"));
                Outcome::Expected(format!("({columns}) repeats {values}; it is documented as a key but not declared"))
            }
        });
    }
    Ok(outcomes)
}
