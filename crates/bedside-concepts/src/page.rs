//! The page beside a definition: what one row is, the key, and what each column means.

use crate::list::NAMES;
use bedside_types::{Position, SqlType};
use serde::Deserialize;
use std::collections::HashSet;
use std::ops::Range;
use toml::Spanned;

/// What a reader has to know of a derived table, and what is checked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// What one row is.
    pub row: String,
    /// The columns that together are unique, whatever the input; empty where there is no key.
    pub key: Vec<String>,
    /// Why there is no key, or what else to know of it.
    pub key_note: Option<String>,
    /// Publications that the definition follows.
    pub literature: Vec<String>,
    /// What surprises, in a clinician's words.
    pub caveats: Vec<String>,
    /// The code list that its rows are, where no SELECT makes them.
    pub list: Option<PageList>,
    /// The columns in order.
    pub columns: Vec<PageColumn>,
}

/// A code list that the user gives, as a page describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageList {
    /// Its name, that of the option: `ccs` for `--ccs`.
    pub name: String,
    /// What to look for.
    pub title: String,
}

/// A column as its page describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct PageColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub sql_type: SqlType,
    /// Its unit: UCUM where it has one, `{score}` and its like else.
    pub unit: Option<String>,
    /// What it means.
    pub meaning: String,
    /// Whether every row has a value, whatever the input.
    pub not_null: bool,
    /// The values that are expected, both ends included.
    pub range: Option<(f64, f64)>,
}

/// What is wrong with a page, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageFault {
    pub(crate) position: Position,
    pub(crate) why: String,
}

impl Page {
    /// Reads a page strictly: every key is known, every fact fits the others.
    pub(crate) fn parse(text: &str) -> Result<Self, PageFault> {
        let document: Document = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            PageFault { position: position(text, at), why: error.message().replace('\n', " ") }
        })?;
        let fault = |span: Range<usize>, why: String| PageFault { position: position(text, span.start), why };
        if document.row.get_ref().trim().is_empty() {
            return Err(fault(document.row.span(), "row does not say what one row is".to_owned()));
        }
        let columns = document.column.into_iter().map(|column| column.read(&fault)).collect::<Result<Vec<_>, _>>()?;
        if columns.is_empty() {
            return Err(fault(0..0, "there is no [[column]]".to_owned()));
        }
        let mut names = HashSet::new();
        for (column, span) in &columns {
            if !names.insert(column.name.to_lowercase()) {
                return Err(fault(span.clone(), format!("column {} is described twice", column.name)));
            }
        }
        let columns: Vec<_> = columns.into_iter().map(|(column, _)| column).collect();
        let mut key: Vec<String> = Vec::new();
        for name in document.key.get_ref() {
            if !columns.iter().any(|column| column.name == *name.get_ref()) {
                return Err(fault(name.span(), format!("the key has {}, which is no column", name.get_ref())));
            }
            if key.contains(name.get_ref()) {
                return Err(fault(name.span(), format!("the key has {} twice", name.get_ref())));
            }
            key.push(name.get_ref().clone());
        }
        let list = document.list.map(|list| list.read(&columns, &fault)).transpose()?;
        if key.is_empty() && document.key_note.is_none() {
            return Err(fault(document.key.span(), "a table without a key needs a key_note that says why".to_owned()));
        }
        Ok(Self {
            row: document.row.into_inner(),
            key,
            key_note: document.key_note,
            literature: document.literature,
            caveats: document.caveats,
            list,
            columns,
        })
    }
}

/// The shape of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    row: Spanned<String>,
    key: Spanned<Vec<Spanned<String>>>,
    key_note: Option<String>,
    literature: Vec<String>,
    caveats: Vec<String>,
    list: Option<ListText>,
    column: Vec<ColumnText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListText {
    name: Spanned<String>,
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnText {
    name: Spanned<String>,
    #[serde(rename = "type")]
    sql_type: Spanned<String>,
    unit: Option<String>,
    meaning: Spanned<String>,
    #[serde(default)]
    not_null: bool,
    range: Option<Spanned<(f64, f64)>>,
}

impl ListText {
    fn read(
        self,
        columns: &[PageColumn],
        fault: &dyn Fn(Range<usize>, String) -> PageFault,
    ) -> Result<PageList, PageFault> {
        let name = self.name.get_ref();
        if !NAMES.contains(&name.as_str()) {
            return Err(fault(self.name.span(), format!("there is no code list {name}, only {}", NAMES.join(", "))));
        }
        if let Some(column) = columns.iter().find(|column| column.sql_type != SqlType::String) {
            let why = format!("column {} is {}, but a code list holds texts", column.name, column.sql_type);
            return Err(fault(self.name.span(), why));
        }
        Ok(PageList { name: self.name.into_inner(), title: self.title })
    }
}

impl ColumnText {
    fn read(self, fault: &dyn Fn(Range<usize>, String) -> PageFault) -> Result<(PageColumn, Range<usize>), PageFault> {
        let name = self.name.get_ref();
        if name.is_empty() {
            return Err(fault(self.name.span(), "a column has no name".to_owned()));
        }
        let sql_type: SqlType = (self.sql_type.get_ref().parse())
            .map_err(|error: bedside_types::TypeNameError| fault(self.sql_type.span(), error.to_string()))?;
        if self.meaning.get_ref().trim().is_empty() {
            return Err(fault(self.meaning.span(), format!("column {name} has no meaning")));
        }
        if let Some(range) = &self.range {
            let (low, high) = *range.get_ref();
            let is_number =
                matches!(sql_type, SqlType::Int64 | SqlType::Float64 | SqlType::Numeric | SqlType::BigNumeric);
            if !is_number {
                return Err(fault(range.span(), format!("column {name} is {sql_type}, which has no range")));
            }
            if low > high || low.is_nan() || high.is_nan() {
                return Err(fault(range.span(), format!("the range of column {name} ends before it begins")));
            }
        }
        let span = self.name.span();
        let column = PageColumn {
            name: self.name.into_inner(),
            sql_type,
            unit: self.unit,
            meaning: self.meaning.into_inner(),
            not_null: self.not_null,
            range: self.range.map(Spanned::into_inner),
        };
        Ok((column, span))
    }
}

/// The place of a byte in a text.
fn position(text: &str, at: usize) -> Position {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    Position::new(line, column)
}

#[cfg(test)]
mod tests {
    use super::Page;

    const SOUND: &str = "row = 'One row.'\nkey = ['a']\nliterature = []\ncaveats = []\n\n[[column]]\nname = 'a'\n\
                         type = 'INT64'\nmeaning = 'An a.'\nnot_null = true\nrange = [0, 1.5]\n";

    fn check(from: &str, to: &str, line: u32, expected: &str) {
        assert!(SOUND.contains(from));
        let fault = Page::parse(&SOUND.replace(from, to)).unwrap_err();
        assert!(fault.why.contains(expected), "{fault:?}");
        assert_eq!(fault.position.line, line, "{fault:?}");
    }

    #[test]
    fn a_page_is_read() {
        let page = Page::parse(SOUND).unwrap();
        assert_eq!((page.key[0].as_str(), page.columns[0].range), ("a", Some((0.0, 1.5))));
        assert!(page.columns[0].not_null);
    }

    #[test]
    fn faults_have_their_line() {
        check("row = 'One row.'\n", "", 1, "missing field `row`");
        check("'One row.'", "' '", 1, "row does not say");
        check("['a']", "['b']", 2, "the key has b, which is no column");
        check("['a']", "['a', 'a']", 2, "the key has a twice");
        check("['a']", "[]", 2, "needs a key_note");
        check("caveats = []", "caveats = []\nauthor = 'me'", 5, "unknown field `author`");
        check("not_null = true", "notnull = true", 10, "unknown field `notnull`");
        check("'INT64'", "'INTEGRE'", 8, "INTEGRE");
        check("'An a.'", "''", 9, "column a has no meaning");
        check("[0, 1.5]", "[2, 1]", 11, "ends before it begins");
        check("'INT64'", "'STRING'", 11, "which has no range");
        check("range = [0, 1.5]\n", "[[column]]\nname = 'A'\ntype = 'DATE'\nmeaning = 'x'\n", 12, "described twice");
        check("key = ['a']", "key = ['a'", 3, "missing comma");
        check("\n[[column]]", "[list]\nname = 'icd'\ntitle = 'x'\n[[column]]", 6, "there is no code list icd");
        check("\n[[column]]", "[list]\nname = 'ccs'\ntitle = 'x'\n[[column]]", 6, "column a is INT64, but a code list");
    }
}
