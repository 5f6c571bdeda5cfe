//! The first line: which column stands where.

use super::record::{Quotes, Quoting, read_record, undouble};

/// The column names of a file, as it writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The names, blanks around them cut.
    pub(crate) names: Vec<String>,
    /// Why the line breaks the rules of CSV, if it does; the names are then the best guess.
    pub(crate) malformed: Option<String>,
}

/// Where a table's columns stand in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matching {
    /// For each column of the table its place in the file.
    pub(crate) places: Vec<Option<usize>>,
    /// Places in the file that no column of the table has.
    pub(crate) unknown: Vec<usize>,
    /// A name that appears twice in the file.
    pub(crate) twice: Option<String>,
}

impl Header {
    /// Reads the first line, which has neither byte order mark nor line ending.
    pub(crate) fn read(line: &[u8]) -> Self {
        let mut fields = Vec::new();
        let record = read_record(line, 0, Quotes::Some, &mut fields);
        let stray = record.stray.map(|at| format!("a stray quote in field {}", at + 1));
        let Ok(text) = std::str::from_utf8(line) else {
            return Self { names: Vec::new(), malformed: Some("it is not UTF-8".to_owned()) };
        };
        if stray.is_some() || record.next < line.len() {
            // As the MIMIC-III demo's NOTEEVENTS.csv: `"row_id, "subject_id", "hadm_id"`.
            let names = text.split(',').map(|name| name.trim().trim_matches('"').trim().to_owned()).collect();
            return Self { names, malformed: stray.or_else(|| Some("a line break in a name".to_owned())) };
        }
        let mut owned = Vec::new();
        let names: Vec<String> = fields
            .iter()
            .map(|field| {
                let bytes = &line[field.start..field.end];
                let name = if field.quoting == Quoting::Doubled {
                    undouble(bytes, &mut owned);
                    owned.as_slice()
                } else {
                    bytes
                };
                String::from_utf8_lossy(name).trim().to_owned()
            })
            .collect();
        let unnamed = names.iter().position(String::is_empty).map(|at| format!("field {} has no name", at + 1));
        let control = names.iter().position(|name| name.contains(char::is_control));
        let malformed = unnamed.or_else(|| control.map(|at| format!("a control character in field {}", at + 1)));
        Self { names, malformed }
    }

    /// Matches these names with a table's columns, without regard to case.
    pub(crate) fn matching<'a>(&self, columns: impl Iterator<Item = &'a str>) -> Matching {
        let place = |column: &str| self.names.iter().position(|name| name.eq_ignore_ascii_case(column));
        let places: Vec<_> = columns.map(place).collect();
        let unknown = (0..self.names.len()).filter(|at| !places.contains(&Some(*at))).collect();
        let repeats = |at: usize| self.names[..at].iter().any(|name| name.eq_ignore_ascii_case(&self.names[at]));
        let twice = (0..self.names.len()).find(|at| repeats(*at)).map(|at| self.names[at].clone());
        Matching { places, unknown, twice }
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    fn names(line: &str) -> (Vec<String>, bool) {
        let header = Header::read(line.as_bytes());
        (header.names, header.malformed.is_some())
    }

    #[test]
    fn names_come_in_any_dress() {
        for (line, expected, malformed) in [
            ("a,b", vec!["a", "b"], false),
            ("\"A\",\"B, c\"", vec!["A", "B, c"], false),
            (" a , b ", vec!["a", "b"], false),
            ("\"row_id, \"subject_id\", \"text\"", vec!["row_id", "subject_id", "text"], true),
            ("a,,b", vec!["a", "", "b"], true),
            ("\"a,b", vec!["a", "b"], true),
            ("", vec![""], true),
        ] {
            let expected = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(names(line), (expected, malformed), "{line}");
        }
    }

    #[test]
    fn columns_match_by_name_in_any_case_and_order() {
        let matching = Header::read(b"VALUE,extra,Subject_Id").matching(["subject_id", "value", "warning"].into_iter());
        assert_eq!(matching.places, [Some(2), Some(0), None]);
        assert_eq!(matching.unknown, [1]);
        assert_eq!(matching.twice, None);
        assert_eq!(Header::read(b"a,b,A").matching(["a"].into_iter()).twice.as_deref(), Some("A"));
    }
}
