//! Every header, type, key, reference, closed list of values and row count of the catalogue against the open demos.

use crate::csv::{Field, demos, first_line, read, records};
use bedside_datasets::{
    Column, Evidence, FileEvidence, Release, Table, catalogue, recognise, split_roots, tables_to_count,
};
use bedside_types::SqlType;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::Path;

/// Folder below `data` and release.
const DEMOS: [(&str, &str); 3] = [
    ("mimic-iii-clinical-database-demo-1.4", "mimiciii-demo-1.4"),
    ("mimic-iv-clinical-database-demo-2.2", "mimiciv-demo-2.2"),
    ("mimic-iv-ed-demo-2.2", "mimiciv-ed-demo-2.2"),
];

/// Each combination of values and how many rows have it.
type Keys = HashMap<String, u64>;
/// By family, module, table and columns.
type KeysOf = BTreeMap<(String, String, String, Vec<String>), Keys>;

#[test]
fn the_catalogue_describes_the_open_demos() {
    let Some(data) = demos() else { return };
    let mut keys = KeysOf::new();
    let wanted = wanted_keys();
    for (folder, id) in DEMOS {
        for table in &release(id).tables {
            let table_keys =
                check_table(&data.join(folder).join(&table.file), table, wanted.get(&place(release(id), table)));
            let (family, module, name) = place(release(id), table);
            keys.extend(
                table_keys
                    .into_iter()
                    .map(|(columns, keys)| ((family.clone(), module.clone(), name.clone(), columns), keys)),
            );
        }
    }
    for (_, id) in DEMOS {
        for table in &release(id).tables {
            check_keys(release(id), table, &keys);
        }
    }
}

fn release(id: &str) -> &'static Release {
    catalogue().release(&id.parse().unwrap()).unwrap()
}

fn place(release: &Release, table: &Table) -> (String, String, String) {
    (release.family.clone(), table.module.clone(), table.name.clone())
}

/// The combinations of columns, by table, that a key or a reference of any demo has.
fn wanted_keys() -> BTreeMap<(String, String, String), BTreeSet<Vec<String>>> {
    let mut wanted: BTreeMap<_, BTreeSet<Vec<String>>> = BTreeMap::new();
    for (_, id) in DEMOS {
        for table in &release(id).tables {
            let own = wanted.entry(place(release(id), table)).or_default();
            own.extend(table.primary_key.iter().map(|key| key.columns.clone()));
            own.extend(table.alternate_keys.iter().cloned());
            own.extend(table.foreign_keys.iter().map(|key| key.columns.clone()));
            for key in &table.foreign_keys {
                let parent = (key.family.clone(), key.module.clone(), key.table.clone());
                wanted.entry(parent).or_default().insert(key.referenced.clone());
            }
        }
    }
    wanted
}

/// Checks header, values and row count, and gives the keys that are wanted.
fn check_table(path: &Path, table: &Table, wanted: Option<&BTreeSet<Vec<String>>>) -> BTreeMap<Vec<String>, Keys> {
    let text = read(path);
    let place = |name: &String| table.columns.iter().position(|column| column.name == *name).unwrap();
    let wanted: Vec<(&Vec<String>, Vec<usize>)> =
        wanted.into_iter().flatten().map(|columns| (columns, columns.iter().map(place).collect())).collect();
    let mut keys: Vec<Keys> = vec![Keys::new(); wanted.len()];
    let mut rows = 0;
    let mut header = true;
    records(&text, |fields| {
        if std::mem::take(&mut header) {
            check_header(table, fields);
            return;
        }
        rows += 1;
        assert_eq!(fields.len(), table.columns.len(), "{}.{} row {rows}", table.module, table.name);
        for (column, field) in table.columns.iter().zip(fields) {
            check_value(column, field).unwrap_or_else(|why| panic!("{}.{} row {rows}: {why}", table.name, column.name));
        }
        for ((_, places), keys) in wanted.iter().zip(&mut keys) {
            let values = places.iter().map(|place| fields[*place].text.as_str());
            *keys.entry(values.collect::<Vec<_>>().join("\u{1f}")).or_default() += 1;
        }
    });
    assert_eq!(Some(rows), table.rows.as_ref().map(|count| count.rows), "{}.{}", table.module, table.name);
    wanted.into_iter().map(|(columns, _)| columns.clone()).zip(keys).collect()
}

fn check_header(table: &Table, fields: &[Field]) {
    let header: Vec<_> = fields.iter().map(|field| field.text.as_str()).collect();
    let mut names: Vec<_> = table.columns.iter().map(|column| column.name.clone()).collect();
    if table.module == "notes" {
        // Malformed in the open demo: `"row_id, "subject_id", ...`.
        assert_eq!(header.join(",").replace(['"', ' '], ""), names.join(","));
        return;
    }
    if table.module == "clinical" {
        // Either case occurs, all of a file in one.
        names = names.iter().map(|name| name.to_ascii_uppercase()).collect();
    }
    assert_eq!(header, names, "{}.{}", table.module, table.name);
}

fn check_value(column: &Column, field: &Field) -> Result<(), String> {
    let text = field.text.as_str();
    if text.is_empty() {
        let empty_text = column.sql_type == SqlType::String;
        return if column.nullable || empty_text { Ok(()) } else { Err("NULL in a NOT NULL column".to_owned()) };
    }
    let sound = match column.sql_type {
        SqlType::String => true,
        SqlType::Int64 => text.parse::<i64>().is_ok(),
        SqlType::Float64 => text.parse::<f64>().is_ok(),
        SqlType::Numeric => is_numeric(text),
        SqlType::Date => is_like(text, "0000-00-00"),
        SqlType::Datetime => {
            let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
            let digits = (1..=6).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit());
            is_like(seconds, "0000-00-00 00:00:00") && digits
        }
        _ => false,
    };
    if !sound {
        return Err(format!("`{text}` is no {}", column.sql_type));
    }
    // A list with a note is not said to be complete.
    let closed = !column.values.is_empty() && column.note.is_none();
    let number = |text: &str| text.parse::<f64>().ok();
    let listed = |value: &String| value == text || number(value).is_some_and(|value| number(text) == Some(value));
    if closed && !column.values.iter().any(listed) {
        return Err(format!("`{text}` is not in the list of values"));
    }
    Ok(())
}

/// Digits where the form has `0`, else the same characters.
fn is_like(text: &str, form: &str) -> bool {
    let same = |(have, want): (u8, u8)| if want == b'0' { have.is_ascii_digit() } else { have == want };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(same)
}

/// NUMERIC holds nine digits after the point.
fn is_numeric(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    !whole.is_empty()
        && whole.len() <= 29
        && fraction.len() <= 9
        && [whole, fraction].concat().bytes().all(|b| b.is_ascii_digit())
}

fn check_keys(release: &Release, table: &Table, keys: &KeysOf) {
    let keys_of = |family: &String, module: &String, name: &String, columns: &Vec<String>| {
        &keys[&(family.clone(), module.clone(), name.clone(), columns.clone())]
    };
    let own = |columns: &Vec<String>| keys_of(&release.family, &table.module, &table.name, columns);
    for columns in table.primary_key.iter().map(|key| &key.columns).chain(&table.alternate_keys) {
        let twice = own(columns).values().filter(|rows| **rows > 1).count();
        assert_eq!(twice, 0, "{}.{} {columns:?}", table.module, table.name);
    }
    for key in &table.foreign_keys {
        let parents: HashSet<_> = keys_of(&key.family, &key.module, &key.table, &key.referenced).keys().collect();
        let has_null = |values: &str| values.split('\u{1f}').any(str::is_empty);
        let orphans = own(&key.columns).iter().filter(|(values, _)| !has_null(values) && !parents.contains(values));
        let orphans: u64 = orphans.map(|(_, rows)| rows).sum();
        assert_eq!(Some(orphans), key.known_orphans, "{}.{} {:?}", table.module, table.name, key.columns);
    }
}

/// The headers, as a loader would give them. One of them is malformed and is split at its commas.
fn evidence(root: &Path, paths: &[String], name: &str) -> Evidence<'static> {
    let header = |path: &String| {
        let line = first_line(&root.join(path));
        line.trim_end().split(',').map(|name| name.trim_matches('"').to_owned()).collect()
    };
    let file = |path: &String| {
        let columns = path.contains(".csv").then(|| header(path));
        FileEvidence { path: path.clone(), columns, rows: None }
    };
    let files = paths.iter().map(file).collect();
    Evidence { names: vec![name.to_owned()], files, fingerprint: "00000000".to_owned(), ..Evidence::default() }
}

fn list(root: &Path, below: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(root.join(below)).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.path().is_dir() { list(root, &path, paths) } else { paths.push(path) }
    }
    paths.sort();
}

#[test]
fn the_open_demos_are_recognised_by_name_and_by_content() {
    let Some(data) = demos() else { return };
    let mut paths = Vec::new();
    list(&data, "", &mut paths);
    let roots = split_roots(&paths);
    let found: Vec<_> = roots.iter().map(|root| root.path.as_str()).collect();
    assert_eq!(found, DEMOS.map(|(folder, _)| folder));
    for (folder, id) in DEMOS {
        let mut paths = Vec::new();
        list(&data.join(folder), "", &mut paths);
        let named = recognise(&evidence(&data.join(folder), &paths, folder)).unwrap();
        assert_eq!((named.release.as_str(), named.files.len()), (id, release(id).tables.len()), "{}", named.reason);
        assert_eq!(named.ignored, [0; 0]);

        let mut unnamed = evidence(&data.join(folder), &paths, "download");
        for index in tables_to_count(&unnamed) {
            let mut rows = 0;
            records(&read(&data.join(folder).join(&unnamed.files[index].path)), |_| rows += 1);
            unnamed.files[index].rows = Some(rows - 1);
        }
        let unnamed = recognise(&unnamed).unwrap();
        assert_eq!(unnamed.release.as_str(), id, "{}", unnamed.reason);
    }
}
