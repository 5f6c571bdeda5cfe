//! What MIMIC is, resolved per release: families, releases, tables, columns, keys.

use bedside_types::{ReleaseId, SqlType};

/// Every family and release that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    pub(crate) families: Vec<Family>,
}

impl Catalogue {
    /// The families: MIMIC-III, MIMIC-IV, MIMIC-IV-ED, MIMIC-IV-Note.
    pub fn families(&self) -> &[Family] {
        &self.families
    }

    /// A family by its name in release names: `mimiciv`, `mimiciii`, `mimiciv-ed`, `mimiciv-note`.
    pub fn family(&self, name: &str) -> Option<&Family> {
        self.families.iter().find(|family| family.name == name)
    }

    /// A published release; `None` for synthetic and local ones, whose schema is found with [`Catalogue::schema`].
    pub fn release(&self, id: &ReleaseId) -> Option<&Release> {
        self.releases().find(|release| release.id == *id)
    }

    /// All published releases, the oldest of each family first, demos after the full ones.
    pub fn releases(&self) -> impl Iterator<Item = &Release> {
        self.families.iter().flat_map(|family| &family.releases)
    }

    /// The full release whose schema a synthetic, local or demo release follows: `("mimiciv", "2.2")`.
    pub fn schema(&self, family: &str, schema_version: &str) -> Option<&Release> {
        self.family(family)?.releases.iter().find(|release| release.id.version() == schema_version)
    }
}

/// A line of releases: MIMIC-IV is one, its emergency department another.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// The name that its releases begin with: `mimiciv-ed`.
    pub name: String,
    /// The name for people: `MIMIC-IV-ED`.
    pub title: String,
    /// What holds for every release: site, years, identifiers, dates.
    pub notes: Vec<String>,
    /// The modules of all releases.
    pub modules: Vec<Module>,
    /// Small tables whose row counts tell releases with the same columns apart.
    pub telling_tables: Vec<String>,
    /// The full releases, oldest first, then the demos.
    pub releases: Vec<Release>,
}

impl Family {
    /// The newest full release.
    pub fn newest(&self) -> Option<&Release> {
        self.releases.iter().rfind(|release| release.kind_is_full())
    }
}

/// A part of a release, which is a dataset for SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// `hosp`, `icu`, `core`, `ed`, `note`, `clinical`, `notes`.
    pub name: String,
    /// One sentence.
    pub description: String,
}

/// One published version of a family.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// `mimiciv-3.1`, `mimiciv-demo-2.2`.
    pub id: ReleaseId,
    /// `mimiciv`.
    pub family: String,
    /// The full release whose schema this one has: `2.2` for the demo 2.2, the own version for a full release.
    pub schema_version: String,
    /// `MIMIC-IV demo 2.2`.
    pub title: String,
    /// The day it was published, `YYYY-MM-DD`, where known.
    pub released: Option<String>,
    /// DOI without a prefix: `10.13026/kpb9-mt58`.
    pub doi: String,
    /// The licence's name.
    pub license: String,
    /// The project's name in PhysioNet's addresses: `https://physionet.org/content/<slug>/`.
    pub slug: String,
    /// The modules that it has.
    pub modules: Vec<String>,
    /// Number of patients, for demos.
    pub patients: Option<u64>,
    /// What it changed from the one before.
    pub changes: Vec<String>,
    /// What else to know.
    pub notes: Vec<String>,
    /// The tables, module by module.
    pub tables: Vec<Table>,
}

impl Release {
    /// A table by module and name, without regard to case.
    pub fn table(&self, module: &str, name: &str) -> Option<&Table> {
        self.tables
            .iter()
            .find(|table| table.module.eq_ignore_ascii_case(module) && table.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn kind_is_full(&self) -> bool {
        self.id.kind() == bedside_types::ReleaseKind::Full
    }
}

/// One table of one release.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// `hosp`.
    pub module: String,
    /// Lower case: `admissions`.
    pub name: String,
    /// The file as published, relative to the release's root: `hosp/admissions.csv.gz`, `ADMISSIONS.csv`.
    pub file: String,
    /// One sentence.
    pub description: String,
    /// The key that names a row, if one is known.
    pub primary_key: Option<Key>,
    /// Other columns that are unique, each a declared key.
    pub alternate_keys: Vec<Vec<String>>,
    /// References to other tables that this release has.
    pub foreign_keys: Vec<ForeignKey>,
    /// The columns in file order.
    pub columns: Vec<Column>,
    /// Rows as published, where known.
    pub rows: Option<RowCount>,
    /// How it is sorted in the warehouse.
    pub order: Order,
    /// The column that says when a row's event happened (or began), if there is one.
    pub time: Option<String>,
    /// What else to know.
    pub notes: Vec<String>,
}

impl Table {
    /// A column by name, without regard to case.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// Columns that name a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The columns.
    pub columns: Vec<String>,
    /// How sure it is: duplicates of a declared key are an error, of another a warning.
    pub status: KeyStatus,
}

/// How a key is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// In the public constraint script.
    Declared,
    /// Stated in the documentation only.
    Documented,
    /// Neither, but it holds in the open demo. NULL counts as a value: `emar_detail` has one row per `emar_id` without a
    /// `parent_field_ordinal`.
    Observed,
}

/// A reference from columns to the key of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The columns here.
    pub columns: Vec<String>,
    /// The family of the table referred to: another one where ED and Note join MIMIC-IV.
    pub family: String,
    /// Its module in this release.
    pub module: String,
    /// Its name.
    pub table: String,
    /// The columns there, in the order of `columns`.
    pub referenced: Vec<String>,
    /// How it is known.
    pub status: ForeignKeyStatus,
    /// Rows without a parent that the release is known to have. Counted in the demos only, so `None` elsewhere says nothing.
    pub known_orphans: Option<u64>,
}

/// How a foreign key is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForeignKeyStatus {
    /// In the public constraint script.
    Declared,
    /// A documented join; some rows may have no parent.
    Logical,
}

/// A published row count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowCount {
    /// The rows.
    pub rows: u64,
    /// Where the figure comes from.
    pub source: String,
}

/// How a table is sorted in the warehouse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// `subject_id`, then stay or admission, then time. Empty for a table without patients (a dictionary), which stays in
    /// file order.
    pub patient: Vec<String>,
    /// `itemid`, `subject_id`, time, for the tables that are also kept by item; empty for the others.
    pub item: Vec<String>,
}

/// One column of one table of one release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name, in the case of the published schema: `subject_id`, `ORIGINALAMOUNT`. Headers match it in any case.
    pub name: String,
    /// The type in BigQuery's copy.
    pub sql_type: SqlType,
    /// Whether NULL is allowed by the public build scripts.
    pub nullable: bool,
    /// One sentence.
    pub description: String,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// Known values of a closed list, as text; not all of them where `note` says so.
    pub values: Vec<String>,
    /// The range or form of its values.
    pub value_range: Option<String>,
    /// The coding system of its values: ICD, LOINC, HCPCS.
    pub code_system: Option<String>,
    /// What to expect in the text of the files: padding, the word `None`.
    pub quirk: Option<String>,
    /// What else to know, such as differences between releases.
    pub note: Option<String>,
    /// The type in the community's PostgreSQL build.
    pub postgres: String,
    /// The type in the Glue catalogue of the public CloudFormation template (MIMIC-III only).
    pub athena: Option<String>,
}
