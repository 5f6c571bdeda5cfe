//! Items of the dictionaries `d_items` and `d_labitems`, with how often each occurs.

use crate::failure::Failure;
use crate::inventory::current;
use crate::session::Session;
use bedside_engine::{Dataset, Inventory};
use std::collections::BTreeMap;

/// The dictionaries of items, and the columns that say of what kind an item is, in which unit it comes, and (MIMIC-III)
/// which bedside system has it. Not every release has them all.
const DICTIONARIES: [(&str, [&str; 3]); 2] =
    [("d_items", ["category", "unitname", "dbsource"]), ("d_labitems", ["fluid", "unitname", "dbsource"])];

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its number.
    pub(crate) itemid: i64,
    /// Its name.
    pub(crate) label: String,
    /// Its category, or the fluid that is measured in.
    pub(crate) category: String,
    /// The unit that its dictionary states.
    pub(crate) unit: Option<String>,
    /// The bedside system that it belongs to, where a release has several: `carevue`, `metavision`.
    pub(crate) system: Option<String>,
    /// The dictionary, `mimiciv_icu.d_items`.
    pub(crate) dictionary: String,
    /// Rows per event table, `mimiciv_icu.chartevents`; no entry where there are none.
    pub(crate) counts: BTreeMap<String, u64>,
}

impl Item {
    /// Rows of all tables.
    pub(crate) fn rows(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Its category, and its bedside system where there are several.
    pub(crate) fn kind(&self) -> String {
        let parts = [Some(self.category.as_str()), self.system.as_deref()];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// The items of the current dictionaries for which `condition` (over their columns) is true.
pub(crate) fn find(session: &Session, inventory: &Inventory, condition: &str) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    for dataset in current(inventory) {
        for (name, columns) in DICTIONARIES {
            let Some(table) = dataset.table(name) else { continue };
            let [category, unit, system] =
                columns.map(|column| if table.column(column).is_some() { column } else { "CAST(NULL AS STRING)" });
            let dictionary = format!("{}.{}", dataset.name, table.name);
            let sql = format!(
                "SELECT CAST(itemid AS STRING), label, {category}, {unit}, {system} FROM {dictionary} \
                 WHERE {condition} ORDER BY itemid"
            );
            for row in session.texts(&sql)? {
                let mut row = row.into_iter();
                let mut next = || row.next().flatten();
                let Some(itemid) = next().and_then(|text| text.parse().ok()) else { continue };
                items.push(Item {
                    itemid,
                    label: next().unwrap_or_default(),
                    category: next().unwrap_or_default(),
                    unit: next(),
                    system: next(),
                    dictionary: dictionary.clone(),
                    counts: counts(dataset, name, itemid),
                });
            }
        }
    }
    Ok(items)
}

/// How often an item occurs in the tables that refer to its dictionary: `labevents` to `d_labitems`, all others to
/// `d_items`.
fn counts(dataset: &Dataset, dictionary: &str, itemid: i64) -> BTreeMap<String, u64> {
    let tables = dataset.tables().filter(|table| (table.name == "labevents") == (dictionary == "d_labitems"));
    tables
        .filter(|table| table.name != dictionary)
        .filter_map(|table| {
            let rows = *table.item_counts.as_ref()?.get(&itemid)?;
            Some((format!("{}.{}", dataset.name, table.name), rows))
        })
        .collect()
}
