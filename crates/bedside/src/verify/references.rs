//! Whether every row that refers to another table finds its row there.

use super::{Outcome, quoted, sql_name};
use crate::failure::Failure;
use crate::notice::counted;
use crate::session::Session;
use bedside_datasets::{ForeignKey, ForeignKeyStatus};
use bedside_engine::{Inventory, facts};
use bedside_store::{Manifest, TableEntry};
use bedside_types::ReleaseKind;

/// One outcome per reference whose other table is loaded.
pub(crate) fn check(
    session: &Session,
    inventory: &Inventory,
    manifest: &Manifest,
    table: &TableEntry,
) -> Result<Vec<Outcome>, Failure> {
    let Some(facts) = facts(manifest, table) else { return Ok(Vec::new()) };
    let Some(name) = sql_name(manifest, &table.module, &table.name) else { return Ok(Vec::new()) };
    let mut outcomes = Vec::new();
    for reference in &facts.foreign_keys {
        let Some(parents) = parent_manifest(inventory, manifest, reference) else { continue };
        let Some(parent) = parents.table(&reference.module, &reference.table) else { continue };
        let missing = |entry: &TableEntry, columns: &[String]| columns.iter().any(|name| entry.column(name).is_none());
        if missing(table, &reference.columns) || missing(parent, &reference.referenced) {
            continue;
        }
        let Some(parent_name) = sql_name(parents, &reference.module, &reference.table) else { continue };
        let orphans = session.count(&orphan_count(&name, &parent_name, reference))?;
        outcomes.push(outcome(reference, orphans, table.rows, manifest.kind));
    }
    Ok(outcomes)
}

/// The release that holds the table referred to: the same one, or for another family the one of the same version.
fn parent_manifest<'a>(
    inventory: &'a Inventory,
    manifest: &'a Manifest,
    reference: &ForeignKey,
) -> Option<&'a Manifest> {
    if reference.family == manifest.family {
        return Some(manifest);
    }
    let release = format!("{}-{}", reference.family, manifest.release.version()).parse().ok()?;
    inventory.manifest(&release).map(|manifest| &**manifest)
}

/// Counts the rows without a parent; a NULL in the reference refers to nothing.
fn orphan_count(child: &str, parent: &str, reference: &ForeignKey) -> String {
    let (columns, referenced) = (quoted(&reference.columns), quoted(&reference.referenced));
    let present: Vec<String> = columns.iter().map(|column| format!("c.{column} IS NOT NULL")).collect();
    let same: Vec<String> =
        columns.iter().zip(&referenced).map(|(column, referenced)| format!("c.{column} = p.{referenced}")).collect();
    let keys = referenced.join(", ");
    format!(
        "SELECT COUNT(*) FROM {child} AS c LEFT JOIN (SELECT DISTINCT {keys} FROM {parent}) AS p ON {} \
         WHERE {} AND p.{} IS NULL",
        same.join(" AND "),
        present.join(" AND "),
        referenced.first().map_or("", String::as_str)
    )
}

fn outcome(reference: &ForeignKey, orphans: u64, rows: u64, kind: ReleaseKind) -> Outcome {
    if orphans == 0 {
        return Outcome::Good;
    }
    let columns = reference.columns.join(", ");
    let what = format!(
        "{} of {rows} without a row in {}.{} ({columns})",
        counted(orphans, "row"),
        reference.module,
        reference.table
    );
    let known = reference.known_orphans == Some(orphans);
    // Synthetic data are made to keep every reference.
    let lenient = reference.status == ForeignKeyStatus::Logical && kind != ReleaseKind::Synthetic;
    if known || lenient { Outcome::Expected(what) } else { Outcome::Bad(what) }
}

#[cfg(test)]
mod tests {
    use super::{orphan_count, outcome};
    use crate::verify::Outcome;
    use bedside_datasets::{ForeignKey, ForeignKeyStatus};
    use bedside_types::ReleaseKind;

    fn reference(status: ForeignKeyStatus, known_orphans: Option<u64>) -> ForeignKey {
        ForeignKey {
            columns: vec!["itemid".into()],
            family: "mimiciv".into(),
            module: "icu".into(),
            table: "d_items".into(),
            referenced: vec!["itemid".into()],
            status,
            known_orphans,
        }
    }

    #[test]
    fn orphans_are_bad_unless_the_release_is_known_to_have_them() {
        let (declared, logical) = (ForeignKeyStatus::Declared, ForeignKeyStatus::Logical);
        let (demo, synthetic) = (ReleaseKind::Demo, ReleaseKind::Synthetic);
        for (status, known, orphans, kind, expected) in [
            (declared, None, 0, demo, "good"),
            (declared, None, 1, demo, "BAD"),
            (declared, Some(1), 1, demo, "as known"),
            (declared, Some(1), 2, demo, "BAD"),
            (logical, None, 1, demo, "as known"),
            (logical, None, 1, synthetic, "BAD"),
        ] {
            let found: Outcome = outcome(&reference(status, known), orphans, 10, kind);
            assert_eq!(found.word(), expected, "{status:?} {known:?} {orphans} {kind:?}");
        }
    }

    #[test]
    fn a_null_refers_to_nothing() {
        let sql = orphan_count("`a`.`t`", "`a`.`d_items`", &reference(ForeignKeyStatus::Declared, None));
        assert!(sql.ends_with("WHERE c.`itemid` IS NOT NULL AND p.`itemid` IS NULL"), "{sql}");
    }
}
