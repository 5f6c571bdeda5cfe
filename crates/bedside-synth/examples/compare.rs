//! Compares releases of MIMIC-IV: `cargo run --release -p bedside-synth --example compare -- DEMO SYNTHETIC`.
//!
//! Prints the tables of `docs/reference/synthetic.md`: rows per ICU stay, the commonest items, the share of missing values,
//! lengths of stay and deaths.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool at the desk: it prints its figures and stops at the first broken file"
)]

#[path = "../tests/it/csv.rs"]
mod csv;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

fn main() -> Result<(), &'static str> {
    let folders: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let [one, two] = folders.as_slice() else {
        return Err("usage: compare DEMO SYNTHETIC");
    };
    let (one, two) = (Release::read(one), Release::read(two));
    rows(&one, &two);
    missing(&one, &two);
    items(&one, &two, "chartevents", "icu/d_items.csv.gz", 40);
    items(&one, &two, "labevents", "hosp/d_labitems.csv.gz", 25);
    people(&one, &two);
    Ok(())
}

/// What is counted of one release.
struct Release {
    folder: PathBuf,
    tables: BTreeMap<String, Table>,
    stays: f64,
}

#[derive(Default)]
struct Table {
    rows: u64,
    /// Missing cells per column, in file order.
    missing: Vec<(String, u64)>,
    items: HashMap<i64, u64>,
}

const EVENTS: [&str; 2] = ["chartevents", "labevents"];

impl Release {
    fn read(folder: &Path) -> Self {
        let mut tables = BTreeMap::new();
        for module in ["hosp", "icu"] {
            for entry in std::fs::read_dir(folder.join(module)).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy().replace(".csv.gz", "");
                let table = Table::read(&path, EVENTS.contains(&name.as_str()));
                tables.insert(name, table);
            }
        }
        let stays = tables["icustays"].rows as f64;
        Self { folder: folder.to_owned(), tables, stays }
    }

    fn per_stay(&self, table: &str) -> f64 {
        self.tables.get(table).map_or(0.0, |table| table.rows as f64) / self.stays
    }

    fn numbers(&self, file: &str, mut number: impl FnMut(&csv::Record<'_>) -> Option<f64>) -> Vec<f64> {
        let mut numbers = Vec::new();
        csv::each(&self.folder.join(file), |record| numbers.extend(number(record)));
        numbers.sort_by(f64::total_cmp);
        numbers
    }
}

impl Table {
    fn read(path: &Path, by_item: bool) -> Self {
        let names = csv::header(path);
        let mut table = Self { missing: names.into_iter().map(|name| (name, 0)).collect(), ..Self::default() };
        csv::each(path, |record| {
            table.rows += 1;
            for (count, cell) in table.missing.iter_mut().zip(record.fields()) {
                count.1 += u64::from(cell.is_none());
            }
            if by_item {
                *table.items.entry(record.int("itemid").unwrap()).or_default() += 1;
            }
        });
        table
    }
}

fn rows(one: &Release, two: &Release) {
    println!("\n## Rows per ICU stay\n\n| table | demo | synthetic | ratio |\n|---|---:|---:|---:|");
    for name in one.tables.keys() {
        if name.starts_with("d_") || name == "provider" || name == "caregiver" {
            continue;
        }
        let (a, b) = (one.per_stay(name), two.per_stay(name));
        println!("| {name} | {a:.1} | {b:.1} | {:.2} |", b / a);
    }
    println!("\nICU stays: {} in the demo, {} here.", one.stays, two.stays);
}

fn missing(one: &Release, two: &Release) {
    println!(
        "\n## Share of missing values\n\nColumns that are ever missing in the demo.\n\n| column | demo | synthetic |\n|---|---:|---:|"
    );
    for (name, table) in &one.tables {
        if name.starts_with("d_") || name == "emar_detail" || name == "pharmacy" {
            continue;
        }
        let Some(other) = two.tables.get(name) else { continue };
        for ((column, count), (_, mine)) in table.missing.iter().zip(&other.missing) {
            if *count > 0 {
                let share = |count: u64, rows: u64| 100.0 * count as f64 / rows as f64;
                println!(
                    "| {name}.{column} | {:.1} % | {:.1} % |",
                    share(*count, table.rows),
                    share(*mine, other.rows)
                );
            }
        }
    }
}

fn items(one: &Release, two: &Release, table: &str, dictionary: &str, most: usize) {
    println!("\n## Most frequent items of {table}\n\n| synthetic item | per stay | in the demo |\n|---|---:|---:|");
    let mut labels = HashMap::new();
    csv::each(&two.folder.join(dictionary), |record| {
        labels.insert(record.int("itemid").unwrap(), record.get("label").unwrap_or_default().to_owned());
    });
    let mut counts: Vec<(i64, u64)> = two.tables[table].items.iter().map(|(item, count)| (*item, *count)).collect();
    counts.sort_by_key(|(item, count)| (std::cmp::Reverse(*count), *item));
    for (item, count) in counts.into_iter().take(most) {
        let there = one.tables[table]
            .items
            .get(&item)
            .map_or_else(|| "made up".to_owned(), |count| format!("{:.1}", *count as f64 / one.stays));
        println!("| {item} {} | {:.1} | {there} |", labels[&item], count as f64 / two.stays);
    }
}

fn people(one: &Release, two: &Release) {
    println!("\n## People\n\n| measure | demo | synthetic |\n|---|---:|---:|");
    let line = |name: &str, values: [String; 2]| println!("| {name} | {} | {} |", values[0], values[1]);
    let both = [one, two];
    line("patients", both.map(|release| release.tables["patients"].rows.to_string()));
    line(
        "admissions per patient",
        both.map(|release| {
            format!("{:.2}", release.tables["admissions"].rows as f64 / release.tables["patients"].rows as f64)
        }),
    );
    line(
        "ICU stays per patient",
        both.map(|release| format!("{:.2}", release.stays / release.tables["patients"].rows as f64)),
    );
    let los = both.map(|release| release.numbers("icu/icustays.csv.gz", |record| record.get("los")?.parse().ok()));
    line("days in the ICU, mean", los.each_ref().map(|values| format!("{:.2}", mean(values))));
    for (name, place) in
        [("10 %", 0.1), ("quartile", 0.25), ("median", 0.5), ("third quartile", 0.75), ("90 %", 0.9), ("99 %", 0.99)]
    {
        line(
            &format!("days in the ICU, {name}"),
            los.each_ref().map(|values| format!("{:.2}", values[(values.len() as f64 * place) as usize])),
        );
    }
    line(
        "died in hospital, of admissions",
        both.map(|release| share(release, "hosp/admissions.csv.gz", "hospital_expire_flag")),
    );
    line("died in hospital, of admissions with ICU", both.map(icu_deaths));
    line(
        "died by the release's end, of patients",
        both.map(|release| {
            let table = &release.tables["patients"];
            let alive = table.missing.iter().find(|(name, _)| name == "dod").map_or(0, |(_, count)| *count);
            format!("{:.1} %", 100.0 - 100.0 * alive as f64 / table.rows as f64)
        }),
    );
    line(
        "women, of patients",
        both.map(|release| {
            let women = release
                .numbers("hosp/patients.csv.gz", |record| (record.get("gender") == Some("F")).then_some(1.0))
                .len();
            format!("{:.1} %", 100.0 * women as f64 / release.tables["patients"].rows as f64)
        }),
    );
    let ages =
        both.map(|release| release.numbers("hosp/patients.csv.gz", |record| record.get("anchor_age")?.parse().ok()));
    line("age, median", ages.map(|values| format!("{}", values[values.len() / 2])));
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn share(release: &Release, file: &str, column: &str) -> String {
    let values = release.numbers(file, |record| record.get(column)?.parse().ok());
    format!("{:.1} %", 100.0 * mean(&values))
}

fn icu_deaths(release: &Release) -> String {
    let mut icu = std::collections::HashSet::new();
    csv::each(&release.folder.join("icu/icustays.csv.gz"), |record| _ = icu.insert(record.int("hadm_id")));
    let values = release.numbers("hosp/admissions.csv.gz", |record| {
        icu.contains(&record.int("hadm_id")).then(|| record.int("hospital_expire_flag").unwrap_or_default() as f64)
    });
    format!("{:.1} %", 100.0 * mean(&values))
}
