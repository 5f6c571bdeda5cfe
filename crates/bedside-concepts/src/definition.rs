//! Definitions: one SELECT in one file and a page beside it, from the program itself and from folders of the user's.

use crate::error::{Error, Result};
use crate::page::Page;
use bedside_sql::{TableName, table_names};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The files under `concepts/mimiciv/`, by their path there.
const EMBEDDED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A derived table as it is to be.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The table: the name of the file.
    pub name: String,
    /// The folder: `score`; empty for a file that lies in none.
    pub group: String,
    /// The SQL file as messages name it: `concepts/mimiciv/score/sofa.sql`.
    pub file: String,
    /// One SELECT in GoogleSQL.
    pub sql: String,
    /// What is known of its rows and columns.
    pub page: Page,
    /// The tables that the SQL names, as often as it names them.
    pub inputs: Vec<TableName>,
}

/// All definitions, by name; one that is not sound is kept with what is wrong with it, so that it stops only what needs it.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    all: BTreeMap<String, Result<Arc<Definition>, Arc<Error>>>,
    files: BTreeMap<String, String>,
}

impl Definitions {
    /// The definitions that are part of the program: the 65 tables of `mimiciv_derived`.
    pub fn embedded() -> Self {
        let mut definitions = Self::default();
        for (path, sql) in EMBEDDED.iter().filter(|(path, _)| has_extension(Path::new(path), "sql")) {
            let page_path = with_toml(path);
            let page = EMBEDDED.iter().find(|(path, _)| *path == page_path).map(|(_, page)| (*page).to_owned());
            definitions.add(&format!("concepts/mimiciv/{path}"), (*sql).to_owned(), page);
        }
        definitions
    }

    /// Adds the definitions of a folder: every `.sql` in it and below, each with a `.toml` of the same name beside it.
    ///
    /// # Errors
    /// [`Error::Io`] if the folder cannot be read. What is wrong with a file is kept with its name.
    pub fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let mut files = Vec::new();
        find(folder, &mut files)?;
        files.sort();
        for path in files.iter().filter(|path| has_extension(path, "sql")) {
            let sql = read(path)?;
            let page = path.with_extension("toml");
            let page = if page.is_file() { Some(read(&page)?) } else { None };
            self.add(&path.to_string_lossy(), sql, page);
        }
        for path in files.iter().filter(|path| has_extension(path, "toml")) {
            if !path.with_extension("sql").is_file() {
                let file = path.to_string_lossy().into_owned();
                let name = stem(&file).to_owned();
                let hint = format!("write the SELECT into {}", path.with_extension("sql").display());
                let why = "a page without a definition beside it".to_owned();
                self.put(&name, &file, Err(Error::File { file: file.clone(), why, hint }));
            }
        }
        Ok(())
    }

    /// The names in order, those that are not sound included.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// The sound definitions by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.all.values().filter_map(|definition| definition.as_ref().ok())
    }

    /// The definition of that name, if it is sound.
    pub fn get(&self, name: &str) -> Option<&Arc<Definition>> {
        self.all.get(name)?.as_ref().ok()
    }

    /// The definition of that name.
    ///
    /// # Errors
    /// [`Error::UnknownConcept`] with the nearest name. A definition that is not sound is not found here.
    pub fn require(&self, name: &str) -> Result<&Arc<Definition>> {
        self.get(name).ok_or_else(|| self.unknown(name))
    }

    /// What is wrong with the definitions that are not sound, by name.
    pub fn faults(&self) -> impl Iterator<Item = (&str, &Arc<Error>)> {
        self.all.iter().filter_map(|(name, definition)| Some((name.as_str(), definition.as_ref().err()?)))
    }

    pub(crate) fn unknown(&self, name: &str) -> Error {
        let nearest = bedside_types::nearest(name, self.names()).map(str::to_owned);
        Error::UnknownConcept { name: name.to_owned(), nearest }
    }

    fn add(&mut self, file: &str, sql: String, page: Option<String>) {
        let definition = Definition::read(file, sql, page);
        self.put(stem(file), file, definition);
    }

    fn put(&mut self, name: &str, file: &str, definition: Result<Definition>) {
        let definition = match self.files.get(name) {
            Some(first) => {
                let (table, first, second) = (name.to_owned(), first.clone(), file.to_owned());
                Err(Error::Twice { table, first, second })
            }
            None => definition,
        };
        self.files.entry(name.to_owned()).or_insert_with(|| file.to_owned());
        self.all.insert(name.to_owned(), definition.map(Arc::new).map_err(Arc::new));
    }
}

impl Definition {
    fn read(file: &str, sql: String, page: Option<String>) -> Result<Self> {
        let name = stem(file);
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(is_letter) {
            let why = format!("`{name}` cannot be the name of a table");
            let hint = "name the file with small letters, digits and `_`, a letter first".to_owned();
            return Err(Error::File { file: file.to_owned(), why, hint });
        }
        let page_file = with_toml(file);
        let page = page.ok_or_else(|| {
            let hint =
                format!("say in {page_file} what one row is, its key and each column: see docs/reference/concepts.md");
            Error::File { file: file.to_owned(), why: "there is no page beside it".to_owned(), hint }
        })?;
        let page = Page::parse(&page).map_err(|fault| Error::Page {
            file: page_file,
            position: fault.position,
            why: fault.why,
        })?;
        let inputs = table_names(&sql).map_err(|source| Error::Sql { file: file.to_owned(), source })?;
        Ok(Self { name: name.to_owned(), group: group(file), file: file.to_owned(), sql, page, inputs })
    }

    /// The derived tables that it reads, each once, with the first place that names each.
    pub fn parents(&self) -> BTreeMap<&str, &TableName> {
        let mut parents = BTreeMap::new();
        for input in &self.inputs {
            if let Some(table) = derived(&input.path) {
                parents.entry(table).or_insert(input);
            }
        }
        parents
    }

    /// The other tables that it reads, each once: `mimiciv_icu.icustays`.
    pub fn raw_inputs(&self) -> Vec<String> {
        let raw = self.inputs.iter().filter(|input| derived(&input.path).is_none());
        let mut names: Vec<_> = raw.map(|input| without_project(&input.path).join(".")).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The derived table that a path names.
pub(crate) fn derived(path: &[String]) -> Option<&str> {
    match without_project(path) {
        [dataset, table] if dataset == "mimiciv_derived" => Some(table),
        _ => None,
    }
}

/// A path without its project: dataset and table.
pub(crate) fn without_project(path: &[String]) -> &[String] {
    if path.len() == 3 { &path[1..] } else { path }
}

fn with_toml(file: &str) -> String {
    format!("{}.toml", file.strip_suffix(".sql").unwrap_or(file))
}

/// The name of a file without folders and extension.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The folder that a file lies in.
fn group(file: &str) -> String {
    file.rsplit(['/', '\\']).nth(1).unwrap_or_default().to_owned()
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let error = |source| Error::Io { path: folder.to_path_buf(), source };
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if has_extension(&path, "sql") || has_extension(&path, "toml") {
            files.push(path);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests {
    use super::Definitions;

    #[test]
    fn the_embedded_definitions_are_sound() {
        let definitions = Definitions::embedded();
        let faults: Vec<_> = definitions.faults().map(|(name, error)| format!("{name}: {error}")).collect();
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(definitions.iter().count(), 65);
        let sofa = definitions.get("sofa").unwrap();
        assert_eq!((sofa.group.as_str(), sofa.file.as_str()), ("score", "concepts/mimiciv/score/sofa.sql"));
        assert_eq!(sofa.raw_inputs(), ["mimiciv_icu.icustays"]);
        assert!(definitions.require("soffa").unwrap_err().hint().unwrap().contains("sofa"));
    }
}
