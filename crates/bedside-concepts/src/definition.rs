//! Definitions: one SELECT in one file and a page beside it, from the program itself and from folders of the user's.

use crate::error::{Error, Result};
use crate::family::Family;
use crate::page::Page;
use bedside_sql::{TableName, table_names};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A derived table as it is to be.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The family whose releases have it.
    pub family: Family,
    /// The table: the name of the file.
    pub name: String,
    /// The folder: `score`; empty for a file that lies in none.
    pub group: String,
    /// The file of the definition as messages name it: `concepts/mimiciv/score/sofa.sql`.
    pub file: String,
    /// What its rows are made by.
    pub origin: Origin,
    /// What is known of its rows and columns.
    pub page: Page,
}

/// What the rows of a derived table are made by.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A query.
    Select {
        /// One SELECT in GoogleSQL.
        sql: String,
        /// The tables that it names, as often as it names them.
        inputs: Vec<TableName>,
    },
    /// A list of codes that is no part of a release and is given by the user; the page says which.
    List,
}

/// All definitions of a family, by name; one that is not sound is kept with what is wrong with it, so that it stops only what
/// needs it.
#[derive(Clone, Debug)]
pub struct Definitions {
    family: Family,
    all: BTreeMap<String, Result<Arc<Definition>, Arc<Error>>>,
    files: BTreeMap<String, String>,
}

impl Definitions {
    /// No definitions yet.
    pub fn new(family: Family) -> Self {
        Self { family, all: BTreeMap::new(), files: BTreeMap::new() }
    }

    /// The definitions that are part of the program: the 65 tables of `mimiciv_derived`, the 85 of `mimiciii_derived`.
    pub fn embedded(family: Family) -> Self {
        let mut definitions = Self::new(family);
        let files: BTreeMap<&str, &str> = family.files().collect();
        for (path, text) in &files {
            let file = format!("concepts/{path}");
            let text = (*text).to_owned();
            if has_extension(Path::new(path), "sql") {
                let page = files.get(with_extension(path, "toml").as_str()).map(|page| (*page).to_owned());
                definitions.add(&file, text, page);
            } else if !files.contains_key(with_extension(path, "sql").as_str()) {
                definitions.add_page(&file, &text);
            }
        }
        definitions
    }

    /// Adds the definitions of a folder: every `.sql` in it and below, each with a `.toml` of the same name beside it. Those
    /// that read tables of another family are left to it.
    ///
    /// # Errors
    /// [`Error::Io`] if the folder cannot be read. What is wrong with a file is kept with its name.
    pub fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let mut files = Vec::new();
        find(folder, &mut files)?;
        files.sort();
        for path in &files {
            let (file, text) = (path.to_string_lossy(), read(path)?);
            if has_extension(path, "sql") {
                let page = path.with_extension("toml");
                let page = if page.is_file() { Some(read(&page)?) } else { None };
                self.add(&file, text, page);
            } else if !path.with_extension("sql").is_file() {
                self.add_page(&file, &text);
            }
        }
        Ok(())
    }

    /// The family whose releases they are built from.
    pub fn family(&self) -> Family {
        self.family
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
        let read = Definition::read(self.family, file, sql, page).transpose();
        read.into_iter().for_each(|definition| self.put(file, definition));
    }

    /// A page without a SELECT: of a code list, or of a definition that is missing.
    fn add_page(&mut self, file: &str, page: &str) {
        self.put(file, Definition::read_page(self.family, file, page));
    }

    fn put(&mut self, file: &str, definition: Result<Definition>) {
        let name = stem(file);
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
    /// `None` for one that is another family's.
    fn read(family: Family, file: &str, sql: String, page: Option<String>) -> Result<Option<Self>> {
        let name = table(file)?;
        let page_file = with_extension(file, "toml");
        let page = page.ok_or_else(|| {
            let hint =
                format!("say in {page_file} what one row is, its key and each column: see docs/reference/concepts.md");
            Error::File { file: file.to_owned(), why: "there is no page beside it".to_owned(), hint }
        })?;
        let inputs = table_names(&sql).map_err(|source| Error::Sql { file: file.to_owned(), source })?;
        let families: BTreeSet<Family> =
            inputs.iter().filter_map(|input| Family::of_dataset(dataset(input)?)).collect();
        if !families.is_empty() && !families.contains(&family) {
            return Ok(None);
        }
        if families.len() > 1 {
            let hint =
                "a derived table belongs to one release: join them in a query, or in CREATE TABLE in a dataset of \
                        your own"
                    .to_owned();
            let why = "it reads tables of MIMIC-IV and of MIMIC-III".to_owned();
            return Err(Error::File { file: file.to_owned(), why, hint });
        }
        let page = parse_page(&page_file, &page)?;
        if page.list.is_some() {
            let hint = format!("take [list] out of {page_file}, or delete {file}");
            let why = "its page says that its rows are those of a code list".to_owned();
            return Err(Error::File { file: file.to_owned(), why, hint });
        }
        let (group, origin) = (group(file), Origin::Select { sql, inputs });
        Ok(Some(Self { family, name: name.to_owned(), group, file: file.to_owned(), origin, page }))
    }

    fn read_page(family: Family, file: &str, page: &str) -> Result<Self> {
        let name = table(file)?.to_owned();
        let page = parse_page(file, page)?;
        if page.list.is_none() {
            let hint = format!("write the SELECT into {}", with_extension(file, "sql"));
            let why = "a page without a definition beside it".to_owned();
            return Err(Error::File { file: file.to_owned(), why, hint });
        }
        Ok(Self { family, name, group: group(file), file: file.to_owned(), origin: Origin::List, page })
    }

    /// The SELECT; `None` for the rows of a code list.
    pub fn sql(&self) -> Option<&str> {
        match &self.origin {
            Origin::Select { sql, .. } => Some(sql),
            Origin::List => None,
        }
    }

    /// The tables that the SELECT names, as often as it names them.
    pub fn inputs(&self) -> &[TableName] {
        match &self.origin {
            Origin::Select { inputs, .. } => inputs,
            Origin::List => &[],
        }
    }

    /// The derived tables that it reads, each once, with the first place that names each.
    pub fn parents(&self) -> BTreeMap<&str, &TableName> {
        let mut parents = BTreeMap::new();
        for input in self.inputs() {
            if let Some(table) = derived(self.family, &input.path) {
                parents.entry(table).or_insert(input);
            }
        }
        parents
    }

    /// The other tables that it reads, each once: `mimiciv_icu.icustays`.
    pub fn raw_inputs(&self) -> Vec<String> {
        let raw = self.inputs().iter().filter(|input| derived(self.family, &input.path).is_none());
        let mut names: Vec<_> = raw.map(|input| without_project(&input.path).join(".")).collect();
        names.sort();
        names.dedup();
        names
    }
}

/// The derived table of a family that a path names.
pub(crate) fn derived(family: Family, path: &[String]) -> Option<&str> {
    match without_project(path) {
        [dataset, table] if dataset == family.dataset() => Some(table),
        _ => None,
    }
}

/// A path without its project: dataset and table.
pub(crate) fn without_project(path: &[String]) -> &[String] {
    if path.len() == 3 { &path[1..] } else { path }
}

fn dataset(name: &TableName) -> Option<&str> {
    match without_project(&name.path) {
        [dataset, _] => Some(dataset),
        _ => None,
    }
}

/// The name of the table that a file defines.
fn table(file: &str) -> Result<&str> {
    let name = stem(file);
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(is_letter) {
        let why = format!("`{name}` cannot be the name of a table");
        let hint = "name the file with small letters, digits and `_`, a letter first".to_owned();
        return Err(Error::File { file: file.to_owned(), why, hint });
    }
    Ok(name)
}

fn parse_page(file: &str, text: &str) -> Result<Page> {
    let fault =
        |fault: crate::page::PageFault| Error::Page { file: file.to_owned(), position: fault.position, why: fault.why };
    Page::parse(text).map_err(fault)
}

fn with_extension(file: &str, extension: &str) -> String {
    format!("{}.{extension}", file.rsplit_once('.').map_or(file, |(stem, _)| stem))
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
    use super::{Definitions, Origin};
    use crate::Family::{MimicIii, MimicIv};

    #[test]
    fn the_embedded_definitions_are_sound() {
        for (family, tables) in [(MimicIv, 65), (MimicIii, 85)] {
            let definitions = Definitions::embedded(family);
            let faults: Vec<_> = definitions.faults().map(|(name, error)| format!("{name}: {error}")).collect();
            assert_eq!(faults, Vec::<String>::new());
            assert_eq!(definitions.iter().count(), tables);
        }
        let definitions = Definitions::embedded(MimicIv);
        let sofa = definitions.get("sofa").unwrap();
        assert_eq!((sofa.group.as_str(), sofa.file.as_str()), ("score", "concepts/mimiciv/score/sofa.sql"));
        assert_eq!(sofa.raw_inputs(), ["mimiciv_icu.icustays"]);
        assert!(definitions.require("soffa").unwrap_err().hint().unwrap().contains("sofa"));
    }

    #[test]
    fn the_one_table_without_a_select_is_a_code_list() {
        for family in crate::Family::ALL {
            let definitions = Definitions::embedded(family);
            let lists = definitions.iter().filter(|definition| matches!(definition.origin, Origin::List));
            let lists: Vec<_> = lists.map(|definition| (family, definition.name.as_str())).collect();
            assert_eq!(lists, if family == MimicIii { vec![(MimicIii, "ccs_multi_dx")] } else { vec![] });
        }
    }
}
