//! Views where they are used.

use super::{Resolver, Rows, create};
use crate::catalog::ViewDefinition;
use crate::error::{Result, SqlError};
use crate::parse;
use crate::syntax::Statement;
use bedside_types::Position;

/// Views inside views that a statement may go through.
const MAX_VIEWS: usize = 16;

impl Resolver<'_> {
    /// A view's rows. Its text sees neither the statement's CTEs nor its parameters' rows, only stored tables and views; what is
    /// wrong with it is said where the statement names the view.
    pub(super) fn view(&mut self, view: &ViewDefinition, position: Position) -> Result<Rows> {
        let name = format!("{}.{}", view.path.dataset, view.path.table);
        if self.views.len() > MAX_VIEWS {
            let message = format!(
                "View {name} is nested too deeply: views refer to each other over more than {MAX_VIEWS} levels"
            );
            return Err(SqlError::too_large(message, position));
        }
        let ctes = std::mem::take(&mut self.ctes);
        self.views.push(view.default_dataset.clone());
        let rows = self.view_rows(view);
        self.views.pop();
        self.ctes = ctes;
        rows.map_err(|error| error.inside_kept(&format!("view '{name}'"), position))
    }

    fn view_rows(&mut self, view: &ViewDefinition) -> Result<Rows> {
        let statements = parse::parse(&view.text)?;
        let [Statement::Query(query)] = statements.as_slice() else {
            return Err(SqlError::internal("a view's text is no query", Position::new(1, 1)));
        };
        let mut rows = self.top_query(query)?;
        if let Some(names) = &view.columns {
            create::rename(&mut rows, names, query.position)?;
        }
        for column in &mut rows.columns {
            column.literal = None;
        }
        Ok(rows)
    }
}
