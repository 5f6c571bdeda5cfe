//! Functions and procedures into a dataset's manifest.

use super::{Done, Writing, set_options, told};
use crate::change::{ChangeKind, kind_of};
use crate::error::Result;
use bedside_sql::tree::{CreateRoutine, Operation};
use bedside_store::{PersonalRoutine, RoutineParameter};
use std::collections::BTreeMap;

impl Writing<'_> {
    pub(super) fn create_routine(&self, create: &CreateRoutine) -> Result<Done> {
        if create.operation == Operation::Skip {
            return Ok((told(ChangeKind::Skipped, None), None));
        }
        let now = self.engine.now_text();
        let before = self.dataset.routines.get(&create.path.table);
        let parameters = create.parameters.iter().map(|parameter| RoutineParameter {
            name: parameter.name.clone(),
            mode: parameter.mode.map(str::to_owned),
            sql_type: parameter.sql_type.clone(),
        });
        let routine = PersonalRoutine {
            created: before.map_or_else(|| now.clone(), |before| before.created.clone()),
            updated: now,
            kind: create.kind.words().to_owned(),
            text: create.text.clone(),
            body: create.body.clone(),
            default_dataset: create.default_dataset.clone(),
            parameters: parameters.collect(),
            returns: create.returns.clone(),
            options: set_options(BTreeMap::new(), &create.options),
        };
        let published = self.publish(|dataset, _| {
            dataset.routines.insert(create.path.table.clone(), routine);
        })?;
        Ok((told(kind_of(create.operation), None), Some(published)))
    }
}
