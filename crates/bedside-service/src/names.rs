//! Projects as clients call them and as they are kept.

use bedside_engine::{DEFAULT_PROJECT, PUBLIC_PROJECT};
use bedside_meta::{DatasetReference, TableReference};
use bedside_sql::TablePath;

/// What one client calls the project of people's own datasets, and what it is kept under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) client: String,
    pub(crate) kept: String,
}

impl Names {
    /// For a client of that project. A configured project is kept under its own name, any other is a name of the first, but for
    /// MIMIC's.
    pub(crate) fn new(client: &str, configured: &[String]) -> Self {
        let own = configured.first().map_or(DEFAULT_PROJECT, String::as_str);
        let is_kept =
            [DEFAULT_PROJECT, PUBLIC_PROJECT].contains(&client) || configured.iter().any(|project| project == client);
        let kept = if is_kept { client } else { own };
        Self { client: client.to_owned(), kept: kept.to_owned() }
    }

    /// What a project that a client wrote is kept under.
    pub(crate) fn kept<'a>(&'a self, project: &'a str) -> &'a str {
        if project == self.client { &self.kept } else { project }
    }

    /// A table as the client writes it.
    pub(crate) fn table(&self, path: &TablePath) -> TableReference {
        TableReference {
            project: self.shown(&path.project).to_owned(),
            dataset: path.dataset.clone(),
            table: path.table.clone(),
        }
    }

    /// A dataset as the client writes it.
    pub(crate) fn dataset(&self, path: &TablePath) -> DatasetReference {
        DatasetReference { project: self.shown(&path.project).to_owned(), dataset: path.dataset.clone() }
    }

    fn shown<'a>(&'a self, project: &'a str) -> &'a str {
        if project == self.kept { &self.client } else { project }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;
    use bedside_sql::TablePath;

    #[test]
    fn any_project_is_a_name_of_the_own_one_but_for_those_that_are_configured() {
        let path =
            |project: &str| TablePath { project: project.to_owned(), dataset: "d".to_owned(), table: "t".to_owned() };
        let configured = ["one".to_owned(), "two".to_owned()];
        for (client, projects, kept) in [
            ("my-project", &[][..], "local"),
            ("my-project", &configured, "one"),
            ("two", &configured, "two"),
            ("local", &configured, "local"),
        ] {
            let names = Names::new(client, projects);
            assert_eq!(names.kept, kept, "{client}");
            assert_eq!(names.kept(client), kept);
            assert_eq!(names.table(&path(kept)).project, client);
            assert_eq!(names.table(&path("physionet-data")).project, "physionet-data");
        }
        let public = Names::new("physionet-data", &[]);
        assert_eq!(public.kept("physionet-data"), "physionet-data");
        assert_eq!(public.table(&path("local")).project, "local");
    }
}
