//! Just enough of a csv reader to check files that are known to be sound.

use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// One field as it stands in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) text: String,
    pub(crate) quoted: bool,
}

/// The folder with the open demo releases: `data` in BEDSIDE_SHARED, else in `../shared` beside the workspace. `None`,
/// with a message, where there is none.
pub(crate) fn demos() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let shared = std::env::var_os("BEDSIDE_SHARED").map_or_else(|| workspace.join("../shared"), PathBuf::from);
    let data = shared.join("data");
    if data.is_dir() {
        return Some(data);
    }
    println!("skipped: the open demo releases are not in {}", data.display());
    None
}

/// The text of a csv or csv.gz file.
pub(crate) fn read(path: &Path) -> String {
    let mut text = String::new();
    open(path).read_to_string(&mut text).unwrap();
    text
}

/// The first line of a csv or csv.gz file.
pub(crate) fn first_line(path: &Path) -> String {
    let mut line = String::new();
    open(path).read_line(&mut line).unwrap();
    line
}

fn open(path: &Path) -> Box<dyn BufRead> {
    let file = BufReader::new(File::open(path).unwrap());
    if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(BufReader::new(MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    }
}

/// Calls `each` with every record, the header included. Panics on a quote that never closes.
pub(crate) fn records(text: &str, mut each: impl FnMut(&[Field])) {
    let bytes = text.as_bytes();
    let (mut fields, mut used, mut at) = (Vec::<Field>::new(), 0, 0);
    while at < bytes.len() {
        if used == fields.len() {
            fields.push(Field::default());
        }
        let field = &mut fields[used];
        field.text.clear();
        field.quoted = bytes[at] == b'"';
        used += 1;
        if field.quoted {
            loop {
                let end = at + 1 + text[at + 1..].find('"').expect("a quote closes");
                field.text.push_str(&text[at + 1..end]);
                at = end + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                field.text.push('"');
            }
        }
        let end = bytes[at..].iter().position(|byte| matches!(byte, b',' | b'\n')).map_or(bytes.len(), |end| at + end);
        field.text.push_str(text[at..end].trim_end_matches('\r'));
        at = end + 1;
        if bytes.get(end) != Some(&b',') {
            each(&fields[..used]);
            used = 0;
        } else if at == bytes.len() {
            panic!("the file ends in a comma");
        }
    }
}

#[test]
fn quotes_line_breaks_and_empty_fields_are_read() {
    let mut seen = Vec::new();
    let text = "a,\"b, \"\"c\"\"\",\r\n\"\",,\"x\ny\"\n1,2,3";
    records(text, |fields| seen.push(fields.iter().map(|f| (f.text.clone(), f.quoted)).collect::<Vec<_>>()));
    let plain = |text: &str| (text.to_owned(), false);
    let quoted = |text: &str| (text.to_owned(), true);
    assert_eq!(
        seen,
        [
            [plain("a"), quoted("b, \"c\""), plain("")],
            [quoted(""), plain(""), quoted("x\ny")],
            [plain("1"), plain("2"), plain("3")],
        ]
    );
}
