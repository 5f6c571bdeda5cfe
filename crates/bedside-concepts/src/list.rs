//! Code lists: rows of texts that are no part of a release. The user gives them, the home keeps them, builds read them there.

use crate::definition::{Definition, Definitions};
use crate::error::{Error, Result};
use crate::family::Family;
use crate::input::hexadecimal;
use crate::page::Page;
use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use bedside_store::Warehouse;
use csv::{Position, StringRecord};
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

/// The lists that there are, by the name of the option that gives them: `--ccs`.
pub(crate) const NAMES: [&str; 1] = ["ccs"];

/// What a packed file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// No list is that long; a file that unpacks to more is not one.
const MOST_BYTES: u64 = 256 << 20;

/// A code list as it is kept, read by the page of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeList {
    /// The cells of every row, in the order of the page's columns; an empty field is `None`.
    rows: Vec<Vec<Option<String>>>,
    /// The size of its text.
    pub(crate) bytes: u64,
    /// Of its text, in hexadecimal digits.
    pub(crate) sha256: String,
}

/// Checks a list that comes from `place` (csv with a header line, packed by gzip or not) and keeps it in the home under
/// `name`, where the builds of all releases find it. Gives its rows, the header not counted.
///
/// # Errors
/// [`Error::CodeList`] with the line for a file that does not hold such a list; [`Error::Store`].
pub fn keep_code_list(warehouse: &Warehouse, name: &str, place: &str, content: &[u8]) -> Result<u64> {
    let definition = table_of_list(name).ok_or_else(|| Error::Internal(format!("there is no code list {name}")))?;
    let text = unpacked(place, content)?;
    let list = CodeList::read(place, &text, &definition.page)?;
    warehouse.put_code_list(name, &text)?;
    Ok(list.rows.len() as u64)
}

/// The table that is made of the list of that name.
fn table_of_list(name: &str) -> Option<Arc<Definition>> {
    let all = Family::ALL.map(Definitions::embedded);
    let uses = |definition: &&Arc<Definition>| definition.page.list.as_ref().is_some_and(|list| list.name == name);
    all.iter().flat_map(Definitions::iter).find(uses).cloned()
}

impl CodeList {
    /// The list that the home keeps for a page that is made of one; `None` where it has not been given.
    pub(crate) fn kept(warehouse: &Warehouse, page: &Page) -> Result<Option<Self>> {
        let Some(list) = &page.list else { return Ok(None) };
        let Some(text) = warehouse.code_list(&list.name)? else { return Ok(None) };
        Self::read(&file(&list.name), &text, page).map(Some)
    }

    fn read(place: &str, text: &[u8], page: &Page) -> Result<Self> {
        let fault = |line: u64, why: String| Error::CodeList {
            place: place.to_owned(),
            line,
            why,
            hint: format!(
                "give a csv or csv.gz file with the header line {}",
                page.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(",")
            ),
        };
        let reject = |error: &csv::Error| {
            let line = error.position().map_or(1, Position::line);
            fault(line, reason(error))
        };
        let mut reader = csv::ReaderBuilder::new().from_reader(text);
        let header = reader.headers().map_err(|error| reject(&error))?;
        let places = places(header, page).map_err(|why| fault(1, why))?;
        let mut rows = Vec::new();
        let mut lines: HashMap<String, u64> = HashMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| reject(&error))?;
            let line = record.position().map_or(0, Position::line);
            let cell = |at: &usize| record.get(*at).filter(|cell| !cell.is_empty()).map(str::to_owned);
            let row: Vec<Option<String>> = places.iter().map(cell).collect();
            let columns = || page.columns.iter().zip(&row);
            if let Some((column, _)) = columns().find(|(column, cell)| column.not_null && cell.is_none()) {
                return Err(fault(line, format!("{} is empty", column.name)));
            }
            let in_key = columns().filter(|(column, _)| page.key.contains(&column.name));
            let key: Vec<&str> = in_key.map(|(_, cell)| cell.as_deref().unwrap_or_default()).collect();
            let key = key.join(", ");
            if let Some(first) = lines.get(&key) {
                return Err(fault(line, format!("{} `{key}` was in line {first} already", page.key.join(", "))));
            }
            lines.insert(key, line);
            rows.push(row);
        }
        if rows.is_empty() {
            return Err(fault(1, "there are no rows below the header".to_owned()));
        }
        Ok(Self { rows, bytes: text.len() as u64, sha256: hexadecimal(&Sha256::digest(text)) })
    }

    /// All rows, sorted by the columns at `sort`.
    pub(crate) fn batch(&self, page: &Page, sort: &[usize]) -> Result<RecordBatch> {
        let mut rows: Vec<&Vec<Option<String>>> = self.rows.iter().collect();
        rows.sort_by(|left, right| {
            sort.iter().map(|at| left[*at].cmp(&right[*at])).find(|order| order.is_ne()).unwrap_or(left.cmp(right))
        });
        let column =
            |at: usize| -> ArrayRef { Arc::new(rows.iter().map(|row| row[at].as_deref()).collect::<StringArray>()) };
        let columns: Vec<ArrayRef> = (0..page.columns.len()).map(column).collect();
        let fields = page.columns.iter().map(|column| Field::new(&column.name, DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        RecordBatch::try_new(schema, columns).map_err(|error| Error::Internal(format!("no batch of a list: {error}")))
    }
}

/// How provenance names the file of a list: its place in the home.
pub(crate) fn file(name: &str) -> String {
    Warehouse::code_list_place(name)
}

fn unpacked(place: &str, content: &[u8]) -> Result<Vec<u8>> {
    let fault =
        |why: String, hint: &str| Error::CodeList { place: place.to_owned(), line: 0, why, hint: hint.to_owned() };
    if !content.starts_with(&GZIP) {
        return Ok(content.to_vec());
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(content).take(MOST_BYTES + 1).read_to_end(&mut text).map_err(|error| {
        fault(format!("it is packed, but cannot be unpacked: {error}"), "the file may be cut off: fetch it again")
    })?;
    if text.len() as u64 > MOST_BYTES {
        return Err(fault(format!("it unpacks to more than {MOST_BYTES} bytes"), "check that it is the right file"));
    }
    Ok(text)
}

/// Where in the file each column of the page is. Other columns are a fault too: then it is another list.
fn places(header: &StringRecord, page: &Page) -> Result<Vec<usize>, String> {
    let names: Vec<String> =
        header.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_lowercase()).collect();
    let shown = |names: &[&str]| match names.len() {
        1 => format!("column {}", names[0]),
        _ => format!("columns {}", names.join(", ")),
    };
    let wanted: Vec<&str> = page.columns.iter().map(|column| column.name.as_str()).collect();
    let missing: Vec<&str> = wanted.iter().copied().filter(|name| !names.iter().any(|found| found == name)).collect();
    if !missing.is_empty() {
        return Err(format!("the header line lacks {}", shown(&missing)));
    }
    let others: Vec<&str> = names.iter().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
    if !others.is_empty() {
        return Err(format!("the header line has {}, which such a list does not have", shown(&others)));
    }
    Ok(wanted.iter().filter_map(|name| names.iter().position(|found| found == name)).collect())
}

/// What is wrong with a line, in few words and without its place.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields instead of {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not text in UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeList, table_of_list, unpacked};
    use crate::error::Error;

    const HEADER: &str =
        "icd9_code,ccs_level1,ccs_group1,ccs_level2,ccs_group2,ccs_level3,ccs_group3,ccs_level4,ccs_group4\n";

    fn read(text: &str) -> Result<CodeList, Error> {
        CodeList::read("list.csv", text.as_bytes(), &table_of_list("ccs").unwrap().page)
    }

    #[test]
    fn rows_are_read_by_the_names_of_the_header() {
        let list = read(&format!("{HEADER}010  ,1,a [1.],1.1,b,,,,\n01000,1,\"a, b\",,,,,,\n")).unwrap();
        assert_eq!(
            list.rows[0][..4],
            [Some("010  ".into()), Some("1".into()), Some("a [1.]".into()), Some("1.1".into())]
        );
        assert_eq!(list.rows[1][2..4], [Some("a, b".into()), None]);
        let page = &table_of_list("ccs").unwrap().page;
        assert_eq!(list.batch(page, &[0]).unwrap().num_rows(), 2);
        let turned = read("CCS_GROUP1,icd9_code,ccs_level1,ccs_level2,ccs_group2,ccs_level3,ccs_group3,ccs_level4,ccs_group4\r\na [1.],010  ,1,1.1,b,,,,\r\n01000,x,,,,,,,\r\n").unwrap();
        assert_eq!(turned.rows[0], list.rows[0]);
        assert_ne!(turned.sha256, list.sha256);
    }

    #[test]
    fn what_is_no_such_list_is_named_with_its_line() {
        let check = |text: &str, expected: &str| {
            let error = read(text).unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert!(error.hint().unwrap().contains("icd9_code,ccs_level1"));
        };
        check(
            "",
            "list.csv:1: the header line lacks columns icd9_code, ccs_level1, ccs_group1, ccs_level2, ccs_group2, ccs_level3, ccs_group3, ccs_level4, ccs_group4",
        );
        check(
            &format!("{}\na\n", HEADER.trim().replace(",ccs_group4", "")),
            "list.csv:1: the header line lacks column ccs_group4",
        );
        check(
            &format!("{},more\n", HEADER.trim()),
            "list.csv:1: the header line has column more, which such a list does not have",
        );
        check(HEADER, "list.csv:1: there are no rows below the header");
        check(&format!("{HEADER}a,1,2,3,4,5,6,7,8\nb,1\n"), "list.csv:3: 2 fields instead of 9");
        check(&format!("{HEADER}a,1,2,3,4,5,6,7,8\n,1,2,3,4,5,6,7,8\n"), "list.csv:3: icd9_code is empty");
        check(
            &format!("{HEADER}a,1,2,3,4,5,6,7,8\na,1,2,3,4,5,6,7,8\n"),
            "list.csv:3: icd9_code `a` was in line 2 already",
        );
    }

    #[test]
    fn a_packed_file_that_is_cut_off_is_told() {
        let error = unpacked("list.csv.gz", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1]).unwrap_err();
        assert!(error.to_string().starts_with("list.csv.gz: it is packed, but cannot be unpacked: "), "{error}");
        assert!(error.hint().unwrap().contains("cut off"));
    }
}
