//! Which concept a name means: MIMIC-IV and MIMIC-III have some names in common.

use crate::arguments::DefinitionArguments;
use crate::command::Context;
use crate::failure::Failure;
use bedside_concepts::{Definitions, Error, Family};
use bedside_engine::Inventory;
use bedside_types::{ErrorCode, nearest};

/// The concepts of every family, and of which families a release is loaded.
#[derive(Debug)]
pub(super) struct Concepts {
    all: Vec<Definitions>,
    present: Vec<Family>,
}

impl Concepts {
    /// The program's definitions and those of the user's folders.
    pub(super) fn read(context: &Context, arguments: &DefinitionArguments) -> Result<Self, Failure> {
        let mut all: Vec<Definitions> = Family::ALL.into_iter().map(Definitions::embedded).collect();
        for definitions in &mut all {
            for folder in &arguments.with {
                definitions.add_folder(folder)?;
            }
        }
        let inventory = Inventory::read(&context.warehouse()?)?;
        let is_loaded = |family: &Family| {
            inventory.manifests().iter().any(|manifest| Family::of(&manifest.release) == Some(*family))
        };
        let loaded: Vec<Family> = Family::ALL.into_iter().filter(is_loaded).collect();
        Ok(Self { all, present: if loaded.is_empty() { Family::ALL.to_vec() } else { loaded } })
    }

    /// The definitions of a family.
    pub(super) fn of(&self, family: Family) -> &Definitions {
        match family {
            Family::MimicIv => &self.all[0],
            Family::MimicIii => &self.all[1],
        }
    }

    /// The families that a release is loaded of, the newest first; all where nothing is loaded.
    pub(super) fn present(&self) -> &[Family] {
        &self.present
    }

    /// The concept that `mimiciii_derived.sofa` or `sofa` means; one that several families have must be of one of `among`.
    pub(super) fn find(&self, name: &str, among: &[Family]) -> Result<(Family, String), Failure> {
        let cleaned = name.replace('`', "");
        if let Some((dataset, table)) = cleaned.rsplit_once('.') {
            let dataset = dataset.rsplit('.').next().unwrap_or(dataset);
            let Some(family) = Family::of_derived(dataset) else {
                let datasets = Family::ALL.map(Family::dataset);
                let failure = Failure::new(ErrorCode::NotFound, format!("{dataset} holds no concepts"));
                return Err(failure.with_hint(format!("concepts are in {}", datasets.join(" and "))));
            };
            if self.has(family, table) {
                return Ok((family, table.to_owned()));
            }
            let failure = unknown(table, self.of(family).names());
            return Err(match Family::ALL.into_iter().find(|family| self.has(*family, table)) {
                Some(other) => failure.with_hint(format!("did you mean {}.{table}?", other.dataset())),
                None => failure,
            });
        }
        let holders: Vec<Family> = Family::ALL.into_iter().filter(|family| self.has(*family, &cleaned)).collect();
        let meant: Vec<Family> = holders.iter().copied().filter(|family| among.contains(family)).collect();
        match (holders.as_slice(), meant.as_slice()) {
            ([family], _) | (_, [family]) => Ok((*family, cleaned)),
            ([], _) => Err(unknown(&cleaned, self.all.iter().flat_map(Definitions::names))),
            _ => {
                let list =
                    |text: &dyn Fn(Family) -> String| holders.iter().map(|family| text(*family)).collect::<Vec<_>>();
                let titles = list(&|family| family.title().to_owned()).join(" and of ");
                let names = list(&|family| format!("{}.{cleaned}", family.dataset())).join(" or ");
                let failure = Failure::new(ErrorCode::InvalidQuery, format!("{cleaned} is a concept of {titles}"));
                Err(failure.with_hint(format!("write {names}")))
            }
        }
    }

    fn has(&self, family: Family, name: &str) -> bool {
        self.of(family).names().any(|known| known == name)
    }
}

fn unknown<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Failure {
    let nearest = nearest(name, names).map(str::to_owned);
    Error::UnknownConcept { name: name.to_owned(), nearest }.into()
}
