//! Recognition by tables, columns and row counts.

use super::RecognitionError;
use super::claim::Claim;
use super::decide::{Basis, Decision};
use super::fit::{CsvFile, Misfit, nearest_schema, possible, table};
use crate::catalogue;
use crate::model::{Family, Release};
use crate::path::{family_has, split};

/// The family whose best release the files fit best. MIMIC-III and IV share many table names: of equals the one that a name
/// claims, then MIMIC-III for names in capitals, as it is published, then MIMIC-IV.
pub(super) fn family(tables: &[&CsvFile<'_>], claim: Option<&Claim>) -> &'static Family {
    let families = catalogue().families();
    let capitals = tables.iter().all(|file| !split(file.path).1.starts_with(|c: char| c.is_ascii_lowercase()));
    let rank = |family: &&Family| {
        let misfit = family.releases.iter().map(|release| Misfit::of(release, tables)).min();
        let claimed = claim.is_some_and(|claim| claim.words.family == family.name);
        let usual = family.name == if capitals { "mimiciii" } else { "mimiciv" };
        (misfit, !claimed, !usual)
    };
    families.iter().min_by_key(rank).unwrap_or(&families[0])
}

/// Refuses files that only another family has.
pub(super) fn check_families(tables: &[&CsvFile<'_>], family: &Family) -> Result<(), RecognitionError> {
    let own = |file: &&&CsvFile<'_>| family_has(&family.name, &file.stem);
    let Some(foreign) = tables.iter().find(|file| !own(file)) else { return Ok(()) };
    let others = catalogue().families().iter().filter(|other| family_has(&other.name, &foreign.stem));
    let titles: Vec<_> = others.map(|other| other.title.as_str()).collect();
    let first = tables.iter().find(own).map_or("", |file| file.path);
    Err(RecognitionError::Mixed {
        first: first.to_owned(),
        first_release: family.title.clone(),
        second: foreign.path.to_owned(),
        second_release: titles.join(" or "),
    })
}

pub(super) fn by_content(
    family: &'static Family,
    claim: Option<&Claim>,
    tables: &[&CsvFile<'_>],
    fingerprint: &str,
) -> Result<Decision, RecognitionError> {
    let demo = claim.is_some_and(|claim| claim.words.demo);
    let fitting: Vec<&'static Release> = family
        .releases
        .iter()
        .filter(|release| Misfit::of(release, tables).fits() && (!demo || !release.kind_is_full()))
        .collect();
    if fitting.is_empty() {
        check_releases(tables)?;
    }
    let counts = Counts::compare(&fitting, tables);
    if let [release] = counts.remaining[..] {
        let reason = match (claim.filter(|_| demo), counts.matched.as_slice()) {
            (Some(claim), []) => claim.to_string(),
            (_, []) => "tables and columns".to_owned(),
            (_, matched) => format!("row counts of {}", matched.join(", ")),
        };
        return Ok(Decision {
            release: release.id.clone(),
            schema: release,
            basis: Basis::Content,
            reason,
            hint: None,
        });
    }
    local(family, tables, &fitting, &counts, fingerprint)
}

/// A copy of its own: several releases remain, or none.
fn local(
    family: &'static Family,
    tables: &[&CsvFile<'_>],
    fitting: &[&Release],
    counts: &Counts,
    fingerprint: &str,
) -> Result<Decision, RecognitionError> {
    let release = format!("{}-local-{fingerprint}", family.name).parse()?;
    let schema = nearest_schema(&family.name, tables).unwrap_or(&family.releases[0]);
    let names =
        |releases: &[&Release]| releases.iter().map(|release| release.id.to_string()).collect::<Vec<_>>().join(", ");
    let reason = if fitting.is_empty() {
        format!("tables and columns fit no published release; {} is nearest", schema.id)
    } else if counts.remaining.is_empty() {
        format!("tables and columns fit {}, row counts none of them", names(fitting))
    } else {
        format!("tables, columns and row counts fit {}", names(&counts.remaining))
    };
    let example = counts.remaining.last().unwrap_or(&schema);
    let hint = Some(format!("if it is a published release, name it, for example --release {}", example.id));
    Ok(Decision { release, schema, basis: Basis::Content, reason, hint })
}

/// What counted rows say.
struct Counts {
    /// The releases that they do not contradict, and where there are several to choose from, that they speak for.
    remaining: Vec<&'static Release>,
    /// The tables that speak for the remaining ones: `hosp.patients (100)`.
    matched: Vec<String>,
}

impl Counts {
    fn compare(fitting: &[&'static Release], tables: &[&CsvFile<'_>]) -> Self {
        let mut counts = Self { remaining: Vec::new(), matched: Vec::new() };
        for release in fitting {
            let compared = tables.iter().filter_map(|file| {
                let table = table(release, file)?;
                Some((table, file.rows?, table.rows.as_ref()?.rows))
            });
            let (same, other): (Vec<_>, Vec<_>) = compared.partition(|(_, counted, published)| counted == published);
            if other.is_empty()
                && (!same.is_empty() || fitting.len() == 1 || tables.iter().all(|file| file.rows.is_none()))
            {
                counts.remaining.push(release);
                counts.matched =
                    same.iter().map(|(table, rows, _)| format!("{}.{} ({rows})", table.module, table.name)).collect();
            }
        }
        counts
    }
}

/// Refuses files of which two fit no release together although each fits one.
fn check_releases(tables: &[&CsvFile<'_>]) -> Result<(), RecognitionError> {
    let possible: Vec<_> = tables.iter().map(|file| (file, possible(file))).collect();
    for (i, (second, theirs)) in possible.iter().enumerate() {
        for (first, ours) in &possible[..i] {
            if !ours.iter().any(|release| theirs.iter().any(|other| other.id == release.id)) {
                return Err(RecognitionError::Mixed {
                    first: first.path.to_owned(),
                    first_release: span(ours),
                    second: second.path.to_owned(),
                    second_release: span(theirs),
                });
            }
        }
    }
    Ok(())
}

/// `mimiciv-1.0`, or `mimiciv-2.0 to mimiciv-3.1` for several; demos follow their full release and go without saying.
fn span(releases: &[&Release]) -> String {
    let full: Vec<_> = releases.iter().filter(|release| release.kind_is_full()).collect();
    match full[..] {
        [only] => only.id.to_string(),
        [first, .., last] => format!("{} to {}", first.id, last.id),
        [] => "no known release".to_owned(),
    }
}
