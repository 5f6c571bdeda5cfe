//! Which table a file could hold, by its path alone.

use crate::catalogue;

/// The table name that a file's name gives, lower case: `hosp/ADMISSIONS.CSV.gz` gives `admissions`. `None` for files that are
/// no csv, and for the shadow files that macOS leaves in zips.
pub(crate) fn stem(path: &str) -> Option<String> {
    let (directory, name) = split(path);
    let name = name.to_ascii_lowercase();
    let stem = name.strip_suffix(".gz").unwrap_or(&name).strip_suffix(".csv")?;
    let shadow = stem.starts_with('.') || directory.split('/').any(|part| part == "__MACOSX");
    (!shadow && !stem.is_empty()).then(|| stem.to_owned())
}

/// Directory and name; the directory of a file at the top is empty.
pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Whether any release of any family has a table of this name.
pub(crate) fn is_table(stem: &str) -> bool {
    catalogue().releases().any(|release| release.tables.iter().any(|table| table.name == stem))
}

/// Whether any release of a family has the table.
pub(crate) fn family_has(family: &str, stem: &str) -> bool {
    let family = catalogue().family(family);
    family.is_some_and(|family| {
        family.releases.iter().any(|release| release.tables.iter().any(|table| table.name == stem))
    })
}

/// Whether any release of any family has the table in that module.
pub(crate) fn module_has(module: &str, stem: &str) -> bool {
    catalogue().releases().any(|release| release.table(module, stem).is_some())
}

/// Whether a folder's name is that of a module.
pub(crate) fn is_module(folder: &str) -> bool {
    let mut modules = catalogue().families().iter().flat_map(|family| &family.modules);
    modules.any(|module| module.name.eq_ignore_ascii_case(folder))
}

/// The innermost folder above the file that is named as a module, lower case.
pub(crate) fn module_folder(path: &str) -> Option<String> {
    let (directory, _) = split(path);
    directory.rsplit('/').find(|folder| is_module(folder)).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::{module_folder, stem};

    #[test]
    fn a_file_names_its_table() {
        for (path, table, module) in [
            ("hosp/admissions.csv.gz", "admissions", "hosp"),
            ("ADMISSIONS.csv", "admissions", ""),
            ("a/ICU/b/ChartEvents.CSV.GZ", "chartevents", "icu"),
            ("core/hosp/x.csv", "x", "hosp"),
            ("LICENSE.txt", "", ""),
            ("admissions.gz", "", ""),
            ("hosp/._admissions.csv.gz", "", "hosp"),
            ("__MACOSX/hosp/admissions.csv", "", "hosp"),
            (".csv", "", ""),
        ] {
            assert_eq!(stem(path).unwrap_or_default(), table, "{path}");
            assert_eq!(module_folder(path).unwrap_or_default(), module, "{path}");
        }
    }
}
