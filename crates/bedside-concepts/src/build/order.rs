//! How the rows of a derived table are kept: by patient, stay or admission, and time, as the release's own tables are.

use crate::page::Page;
use bedside_store::LayoutName;
use bedside_types::SqlType;

/// Ids, the widest first.
const IDS: [&str; 4] = ["subject_id", "stay_id", "icustay_id", "hadm_id"];

/// The order of a table's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowOrder {
    /// The column of the patient, where there is one: the table is then split on the release's subject ranges, else it is
    /// one file.
    pub(crate) patient: Option<usize>,
    /// The columns to sort by, counted from 0.
    pub(crate) sort: Vec<usize>,
    /// How many of these the manifest tells readers of.
    pub(crate) told: usize,
}

impl RowOrder {
    /// Ids, then the first time, then the key; what a table without a key has beside these breaks ties but is not told, so
    /// that the same rows always give the same files.
    pub(crate) fn of(page: &Page) -> Self {
        let place = |name: &str, sql_type: &SqlType| {
            page.columns
                .iter()
                .position(|column| column.name.eq_ignore_ascii_case(name) && column.sql_type == *sql_type)
        };
        let mut sort: Vec<usize> = IDS.iter().filter_map(|id| place(id, &SqlType::Int64)).collect();
        let is_time = |sql_type: &SqlType| matches!(sql_type, SqlType::Datetime | SqlType::Timestamp | SqlType::Date);
        sort.extend(page.columns.iter().position(|column| is_time(&column.sql_type)));
        let key = page.key.iter().filter_map(|name| page.columns.iter().position(|column| column.name == *name));
        let mut add = |places: &mut dyn Iterator<Item = usize>| {
            for at in places {
                if !sort.contains(&at) {
                    sort.push(at);
                }
            }
        };
        add(&mut key.into_iter());
        let told = sort.len();
        if page.key.is_empty() {
            sort.extend((0..page.columns.len()).filter(|at| !sort[..told].contains(at)).collect::<Vec<_>>());
        }
        // Readers look for the ranges' column by this very name.
        let patient = place("subject_id", &SqlType::Int64).filter(|at| page.columns[*at].name == "subject_id");
        Self { patient, sort, told }
    }

    /// The layout's name.
    pub(crate) fn layout(&self) -> LayoutName {
        if self.patient.is_some() { LayoutName::Patient } else { LayoutName::File }
    }
}

#[cfg(test)]
mod tests {
    use super::RowOrder;
    use crate::{Definitions, Family};
    use bedside_store::LayoutName::{File, Patient};

    #[test]
    fn tables_are_sorted_by_patient_stay_and_time() {
        let definitions = Definitions::embedded(Family::MimicIv);
        let three = Definitions::embedded(Family::MimicIii);
        for (definitions, name, layout, told) in [
            (&definitions, "vitalsign", Patient, "subject_id stay_id charttime"),
            (&definitions, "sofa", File, "stay_id starttime hr"),
            (&definitions, "age", Patient, "subject_id hadm_id admittime"),
            (&definitions, "first_day_sofa", Patient, "subject_id stay_id hadm_id"),
            (&three, "labs_first_day", Patient, "subject_id icustay_id hadm_id"),
            (&three, "blood_gas_first_day", File, "SUBJECT_ID ICUSTAY_ID HADM_ID CHARTTIME"),
            (&three, "pivoted_vital", File, "icustay_id charttime"),
            (&three, "ccs_dx", File, "icd9_code"),
        ] {
            let page = &definitions.get(name).unwrap().page;
            let order = RowOrder::of(page);
            let names: Vec<_> = order.sort[..order.told].iter().map(|at| page.columns[*at].name.as_str()).collect();
            assert_eq!((order.layout(), names.join(" ").as_str()), (layout, told), "{name}");
        }
        // Without a key all columns decide.
        let page = &definitions.get("rrt").unwrap().page;
        assert_eq!(RowOrder::of(page).sort.len(), page.columns.len());
    }
}
