//! CREATE FUNCTION, TABLE FUNCTION and PROCEDURE, and dropping them.

use super::statement::{parts, refused};
use super::table_function::taken;
use super::{Resolver, Rows};
use crate::catalog::{FunctionDefinition, Routine, RoutinePlace, TableFunctionDefinition};
use crate::error::{Result, SqlError, SqlErrorKind};
use crate::script::check_procedure;
use crate::syntax::{
    CreateFunction, CreateMode, CreateProcedure, CreateTableFunction, Mode, Name, OptionItem, Parameter, RoutineText,
    Statement,
};
use crate::tree::{
    self, Change, CreateRoutine, DropKind, Expression, ExpressionKind, Operation, RoutineKind, RoutineParameter,
};
use crate::{TablePath, parse};
use bedside_types::{Position, SqlType};
use std::sync::Arc;

/// Options of functions and procedures; all but the description have no effect here.
const ROUTINE_OPTIONS: &[&str] = &["description", "strict_mode", "data_governance_type", "tags"];

/// What the text of a statement that made a routine makes; `default_dataset` is that of bare names when it did.
pub(crate) fn routine_of_text(name: &str, text: &str, default_dataset: Option<&str>) -> Result<Routine> {
    let kept = default_dataset.map(str::to_owned);
    match parse::parse(text)?.pop() {
        Some(Statement::CreateFunction(create)) => {
            let mut function = definition(&create, name)?;
            function.kept = Some(kept);
            Ok(Routine::Function(Arc::new(function)))
        }
        Some(Statement::CreateTableFunction(create)) => {
            let CreateTableFunction { parameters, returns, query, .. } = *create;
            let name = name.to_owned();
            let function = TableFunctionDefinition { name, parameters, returns, query, default_dataset: kept };
            Ok(Routine::TableFunction(Arc::new(function)))
        }
        Some(Statement::CreateProcedure(_)) => {
            let procedure = crate::ProcedureDefinition::of_text(name, text, default_dataset)?;
            Ok(Routine::Procedure(Arc::new(procedure)))
        }
        _ => Err(SqlError::internal("a routine's text makes no routine", Position::new(1, 1))),
    }
}

fn definition(create: &CreateFunction, name: &str) -> Result<FunctionDefinition> {
    let returns = match &create.returns {
        Some(declared) if !declared.parameters.is_empty() => {
            return Err(SqlError::unsupported("A type with parameters here", declared.position));
        }
        declared => declared.as_ref().map(|declared| declared.sql_type.clone()),
    };
    Ok(FunctionDefinition {
        name: name.to_owned(),
        parameters: create.parameters.clone(),
        returns,
        body: create.body.clone(),
        aggregate: create.aggregate,
        kept: None,
    })
}

impl Resolver<'_> {
    pub(super) fn create_function(&mut self, create: &CreateFunction) -> Result<Change> {
        let names = parts(&create.name);
        let mut function = definition(create, &names.join("."))?;
        if create.temporary {
            let existing = self.catalog.function(&function.name).is_some();
            let taken = || format!("Already Exists: Function {}", names.join("."));
            let operation = operation(create.mode, existing, taken, create.name[0].position)?;
            self.check_function(&function, create)?;
            return Ok(Change::CreateFunction { operation, function: Arc::new(function) });
        }
        function.kept = Some(self.catalog.default_dataset().map(str::to_owned));
        let kind = if create.aggregate { RoutineKind::AggregateFunction } else { RoutineKind::Function };
        let known = self.check_function(&function, create)?;
        let returns = function.returns.clone().or(known).map(|sql_type| sql_type.to_string());
        let parameters = listed(&create.parameters);
        self.kept_routine(kind, create.mode, &create.name, &create.text, &create.options, (parameters, returns))
    }

    /// Looks at a body with parameters of declared types, and gives the type that it has. With parameters of any type it means
    /// something only where types are known.
    fn check_function(&mut self, function: &FunctionDefinition, create: &CreateFunction) -> Result<Option<SqlType>> {
        if create.parameters.iter().any(|parameter| parameter.sql_type.is_none()) {
            return Ok(None);
        }
        if function.aggregate {
            return self.check_aggregate(function, create.body.position).map(Some);
        }
        let arguments = create.parameters.iter().map(|parameter| {
            let sql_type = parameter.sql_type.clone().unwrap_or(SqlType::Int64);
            // A column that nothing gives: a value of which only the type is known.
            Expression { kind: ExpressionKind::Column(self.new_column()), sql_type, position: parameter.name.position }
        });
        let arguments = arguments.collect::<Vec<_>>();
        Ok(Some(self.inlined(function, arguments, create.body.position)?.sql_type))
    }

    pub(super) fn create_table_function(&mut self, create: &CreateTableFunction) -> Result<Change> {
        let RoutinePlace { path, .. } = self.routine_place(&create.name)?;
        let function = TableFunctionDefinition {
            name: format!("{}.{}.{}", path.project, path.dataset, path.table),
            parameters: create.parameters.clone(),
            returns: create.returns.clone(),
            query: create.query.clone(),
            default_dataset: self.catalog.default_dataset().map(str::to_owned),
        };
        let rows = self.check_table_function(&function, create.name[0].position)?;
        let declared = create.returns.as_ref();
        let declared =
            declared.map(|columns| table_type(columns.iter().map(|(name, sql_type)| (name.text.as_str(), sql_type))));
        let columns = |rows: &Rows| {
            let columns = rows.columns.iter();
            table_type(columns.map(|column| (column.name.as_deref().unwrap_or_default(), &column.sql_type)))
        };
        let returns = declared.or_else(|| rows.as_ref().map(columns));
        let parameters = create.parameters.iter().map(|parameter| RoutineParameter {
            name: parameter.name.text.clone(),
            mode: None,
            sql_type: taken(&parameter.takes),
        });
        let parameters = parameters.collect();
        let kind = RoutineKind::TableFunction;
        self.kept_routine(kind, create.mode, &create.name, &create.text, &create.options, (parameters, returns))
    }

    pub(super) fn create_procedure(&mut self, create: &CreateProcedure) -> Result<Change> {
        check_procedure(create)?;
        let parameters = create.parameters.iter().map(|parameter| RoutineParameter {
            name: parameter.name.text.clone(),
            mode: Some(match parameter.mode {
                Mode::In => "IN",
                Mode::Out => "OUT",
                Mode::InOut => "INOUT",
            }),
            sql_type: type_text(parameter.sql_type.as_ref()),
        });
        let parameters = parameters.collect();
        let kind = RoutineKind::Procedure;
        self.kept_routine(kind, create.mode, &create.name, &create.text, &create.options, (parameters, None))
    }

    fn kept_routine(
        &mut self,
        kind: RoutineKind,
        mode: CreateMode,
        name: &[Name],
        text: &RoutineText,
        options: &[OptionItem],
        (parameters, returns): (Vec<RoutineParameter>, Option<String>),
    ) -> Result<Change> {
        let position = name[0].position;
        let RoutinePlace { path, found } = self.routine_place(name)?;
        let taken = || format!("Already Exists: Routine {}:{}.{}", path.project, path.dataset, path.table);
        let operation = operation(mode, found.is_some(), taken, position)?;
        if let (Operation::Replace, Some(other)) = (operation, found.filter(|found| *found != kind)) {
            let message = format!(
                "{}.{} is a {}, which a {} cannot replace",
                path.dataset,
                path.table,
                other.words(),
                kind.words()
            );
            return Err(SqlError::rule(message, position));
        }
        let options = self.options(options, ROUTINE_OPTIONS)?;
        let default_dataset = self.catalog.default_dataset().map(str::to_owned);
        let (text, body) = (text.statement.clone(), text.body.clone());
        let routine =
            CreateRoutine { path, kind, operation, text, body, default_dataset, parameters, returns, options };
        Ok(Change::CreateRoutine(routine))
    }

    fn routine_place(&self, name: &[Name]) -> Result<RoutinePlace> {
        self.catalog.routine_place(&parts(name)).map_err(|refusal| refused(refusal, name[0].position))
    }

    /// What DROP FUNCTION, TABLE FUNCTION or PROCEDURE is about, and whether it is there.
    pub(super) fn dropped_routine(
        &self,
        kind: crate::syntax::DropKind,
        name: &[Name],
    ) -> Result<(DropKind, TablePath, bool)> {
        use crate::syntax::DropKind as Written;
        let (dropped, kinds): (_, &[RoutineKind]) = match kind {
            Written::TableFunction => (tree::DropKind::TableFunction, &[RoutineKind::TableFunction]),
            Written::Procedure => (tree::DropKind::Procedure, &[RoutineKind::Procedure]),
            _ => (tree::DropKind::Function, &[RoutineKind::Function, RoutineKind::AggregateFunction]),
        };
        let parts = parts(name);
        if let ([one], Written::Function) = (parts.as_slice(), kind) {
            let there = self.catalog.function(one).is_some();
            // A name alone is the session's, unless the default dataset may have such a function.
            if there || self.catalog.default_dataset().is_none() || self.routine_place(name).is_err() {
                let path = TablePath { project: String::new(), dataset: String::new(), table: one.clone() };
                return Ok((dropped, path, there));
            }
        }
        let RoutinePlace { path, found } = self.routine_place(name)?;
        match found {
            Some(found) if !kinds.contains(&found) => {
                let message = format!("{}.{} is a {}", path.dataset, path.table, found.words());
                Err(SqlError::rule(message, name[0].position).with_hint(format!(
                    "DROP {}",
                    match found {
                        RoutineKind::AggregateFunction => "FUNCTION",
                        other => other.words(),
                    }
                )))
            }
            found => Ok((dropped, path, found.is_some())),
        }
    }
}

fn operation(mode: CreateMode, there: bool, taken: impl Fn() -> String, position: Position) -> Result<Operation> {
    match (there, mode) {
        (false, _) => Ok(Operation::Create),
        (true, CreateMode::Replace) => Ok(Operation::Replace),
        (true, CreateMode::IfNotExists) => Ok(Operation::Skip),
        (true, CreateMode::Plain) => Err(SqlError::new(SqlErrorKind::Exists, taken(), position)),
    }
}

fn listed(parameters: &[Parameter]) -> Vec<RoutineParameter> {
    let parameters = parameters.iter().map(|parameter| RoutineParameter {
        name: parameter.name.text.clone(),
        mode: None,
        sql_type: type_text(parameter.sql_type.as_ref()),
    });
    parameters.collect()
}

fn type_text(sql_type: Option<&SqlType>) -> String {
    sql_type.map_or_else(|| "ANY TYPE".to_owned(), ToString::to_string)
}

pub(super) fn table_type<'c>(columns: impl Iterator<Item = (&'c str, &'c SqlType)>) -> String {
    let columns: Vec<String> = columns.map(|(name, sql_type)| format!("{name} {sql_type}")).collect();
    format!("TABLE<{}>", columns.join(", "))
}
