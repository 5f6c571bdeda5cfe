//! Functions and procedures of people's own datasets.

use super::StatementCatalog;
use bedside_sql::tree::RoutineKind;
use bedside_sql::{Refusal, Routine, RoutinePlace, TablePath, routine_of_text};

impl StatementCatalog {
    /// The routine that a path names; one whose text this program cannot read is none.
    pub(super) fn stored_routine(&self, path: &[String]) -> Option<Routine> {
        let (project, dataset, name) = match path {
            [project, dataset, name] => (Some(project.as_str()), dataset, name),
            [dataset, name] => (None, dataset, name),
            [name] => return self.stored_routine(&self.in_default(name)?),
            _ => return None,
        };
        let dataset = self.personal(project, dataset)?;
        let routine = dataset.routines.get(name)?;
        let full = format!("{}.{}.{name}", dataset.project, dataset.name);
        routine_of_text(&full, &routine.text, routine.default_dataset.as_deref()).ok()
    }

    /// Where a statement makes or drops a routine; see [`bedside_sql::Catalog::routine_place`].
    pub(super) fn written_routine(&self, path: &[String]) -> Result<RoutinePlace, Refusal> {
        let (project, dataset, name) = match path {
            [project, dataset, name] => (Some(project.as_str()), dataset, name),
            [dataset, name] => (None, dataset, name),
            [name] => match self.in_default(name) {
                Some(path) => return self.written_routine(&path),
                None => {
                    let message = format!(
                        "Routine name \"{name}\" missing dataset while no default dataset is set in the request."
                    );
                    return Err(Refusal::invalid_name(message).with_hint("CREATE TEMP FUNCTION needs no dataset"));
                }
            },
            _ => return Err(Refusal::not_found(format!("Not found: Routine {}", path.join(".")))),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || name.len() > 256 || !name.chars().all(plain) {
            return Err(Refusal::invalid_name(format!(
                "Invalid routine ID \"{name}\". Routine IDs must be alphanumeric (plus underscores) and must be at most \
                 256 characters long."
            )));
        }
        let owner = self.written_dataset(project, dataset)?;
        let found = owner.routines.get(name).and_then(|routine| RoutineKind::of_words(&routine.kind));
        let path = TablePath { project: owner.project.clone(), dataset: owner.name.clone(), table: name.clone() };
        Ok(RoutinePlace { path, found })
    }
}
