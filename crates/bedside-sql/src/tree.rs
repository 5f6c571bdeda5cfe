//! The typed tree: what a statement means once every name, type, coercion and function is decided.
//!
//! Two halves: [`Relation`]s produce rows, [`Expression`]s compute one value of a row. Columns have no names inside the
//! tree, only a [`ColumnId`] that is unique in the statement, so that scopes, aliases and duplicate names are settled
//! here and never again below. Names come back in [`Query::output`] alone.
//!
//! Syntax that is only another way to write something is gone: `USING`, `QUALIFY`, `* EXCEPT`, `PIVOT`, ordinals and
//! aliases in `GROUP BY`, simple `CASE`, `IF`, `BETWEEN`, query parameters. Every coercion is a [`ExpressionKind::Cast`].
//! Nothing here knows DataFusion, and nothing below this tree may coerce again.

mod change;
mod transfer;

use crate::catalog::TableSchema;
use bedside_types::{Position, SqlType, Value};
use std::sync::Arc;

pub use change::{
    AlterTable, Alteration, Change, CreateRoutine, CreateSchema, CreateTable, CreateView, Drop, DropKind, Insert,
    Lifetime, Merge, MergedRow, Operation, Rewrite, RoutineKind, RoutineParameter, SetOptions, TableOption,
};
pub use transfer::{Export, Load, LoadMode};

/// One statement of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// Rows.
    Query(Query),
    /// How the rows would be made.
    Explain(Query),
    /// Something is made, changed or dropped.
    Change(Box<Change>),
    /// Rows go into files.
    Export(Box<Export>),
    /// Rows come from files.
    Load(Box<Load>),
}

/// A query: a relation and which of its columns go out, in which order and under which names.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Where the rows come from. Their order counts if and only if `root` is a [`Relation::Sort`] or a
    /// [`Relation::Limit`] above one.
    pub root: Relation,
    /// The columns of the result. Names are spelled as written; at the top level they are unique without regard to case.
    pub output: Vec<OutputColumn>,
}

/// A column of a query's result.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputColumn {
    /// The name, `f0_`, `f1_`, … where the text gives none.
    pub name: String,
    /// Which column of the relation.
    pub column: ColumnId,
    /// Its type.
    pub sql_type: SqlType,
}

/// A column of some relation in the statement; unique in the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub u32);

/// A CTE; unique in the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CteId(pub u32);

/// Something that produces rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// One row without columns: a query without FROM.
    OneRow,
    /// A stored table. Only the columns that the statement refers to are listed; this is what bytes and rights go by.
    Table {
        /// What the catalogue said of it.
        table: Arc<TableSchema>,
        /// Place in the table's columns, and the id it has here.
        columns: Vec<(usize, ColumnId)>,
        /// `FOR SYSTEM_TIME AS OF`: a TIMESTAMP that reads no row.
        as_of: Option<Box<Expression>>,
        /// Where the text names it.
        position: Position,
    },
    /// A reference to a CTE of an enclosing [`Relation::With`], or to the rows of the last round of an enclosing
    /// [`Relation::Recursion`]; every reference has ids of its own.
    Cte {
        /// Which.
        cte: CteId,
        /// The id in the definition, and the id here.
        columns: Vec<(ColumnId, ColumnId)>,
    },
    /// CTEs, each visible to those after it and to the body. Unused ones are left out.
    With {
        /// In the order of the text.
        definitions: Vec<CteDefinition>,
        /// What uses them.
        body: Box<Relation>,
    },
    /// The input's columns and computed ones beside them.
    Project {
        /// Input.
        input: Box<Relation>,
        /// New columns; an expression sees the input's columns only.
        computed: Vec<(ColumnId, Expression)>,
    },
    /// Rows for which the predicate is TRUE.
    Filter {
        /// Input.
        input: Box<Relation>,
        /// BOOL.
        predicate: Expression,
    },
    /// A join; its columns are those of both sides.
    Join {
        /// Which rows without a partner stay.
        kind: JoinKind,
        /// Left side.
        left: Box<Relation>,
        /// Right side.
        right: Box<Relation>,
        /// BOOL over the columns of both sides; `None` pairs everything.
        condition: Option<Expression>,
    },
    /// One row per group; its columns are the keys and the aggregates. Without keys exactly one row. `DISTINCT` is this
    /// without aggregates.
    Aggregate {
        /// Input.
        input: Box<Relation>,
        /// Grouping keys.
        keys: Vec<(ColumnId, Expression)>,
        /// Aggregates.
        aggregates: Vec<(ColumnId, AggregateCall)>,
        /// `ROLLUP`, `CUBE`, `GROUPING SETS`; without them all keys group together.
        sets: Option<GroupingSets>,
    },
    /// The input's columns and window functions' values beside them.
    Window {
        /// Input.
        input: Box<Relation>,
        /// Calls; an expression in them sees the input's columns only.
        calls: Vec<(ColumnId, WindowCall)>,
    },
    /// Rows of several inputs one after the other, by position, of types made equal before.
    SetOperation {
        /// Which.
        kind: SetOperationKind,
        /// The inputs and which of their columns take part; at least two, but for a wildcard table that stands for one.
        inputs: Vec<(Relation, Vec<ColumnId>)>,
        /// The ids of the result's columns.
        columns: Vec<ColumnId>,
    },
    /// Rows that follow from rows: those of the base, then those that the step makes of the rows of the round before, until a
    /// round has none. At most [`MAX_ROUNDS`] rounds.
    Recursion {
        /// What the step calls the rows of the round before.
        cte: CteId,
        /// [`SetOperationKind::UnionAll`], or [`SetOperationKind::UnionDistinct`] where rows known before make no others.
        kind: SetOperationKind,
        /// The first rows, and which of their columns take part.
        base: Box<(Relation, Vec<ColumnId>)>,
        /// The rows that follow.
        step: Box<(Relation, Vec<ColumnId>)>,
        /// The ids of the result's columns, and of the rows of the round before.
        columns: Vec<ColumnId>,
    },
    /// One row per element of an array, beside the columns of the input (which the array may refer to).
    Unnest {
        /// What stands before it in FROM; [`Relation::OneRow`] where nothing does.
        input: Box<Relation>,
        /// ARRAY.
        array: Expression,
        /// The element; for an array of structs, one column per field follows by [`ExpressionKind::Field`].
        element: ColumnId,
        /// `WITH OFFSET`: INT64 from 0.
        offset: Option<ColumnId>,
        /// Whether a row whose array is NULL or empty goes or stays with a NULL element (`LEFT JOIN`).
        kind: UnnestKind,
    },
    /// The input in order.
    Sort {
        /// Input.
        input: Box<Relation>,
        /// Keys, the first first.
        keys: Vec<SortKey>,
    },
    /// Some of the input's rows.
    Limit {
        /// Input.
        input: Box<Relation>,
        /// At most so many; `None` for all.
        count: Option<u64>,
        /// After leaving out so many.
        offset: u64,
    },
}

/// Rounds of a recursion that may follow the base
/// (<https://cloud.google.com/bigquery/docs/recursive-ctes#troubleshoot_iteration_limit_errors>).
pub const MAX_ROUNDS: usize = 500;

/// Which keys group together: the rows are those of all sets, one after the other; a key that a set has not is NULL there.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupingSets {
    /// Places of keys; a set may occur twice.
    pub sets: Vec<Vec<usize>>,
    /// `GROUPING(key)`: an INT64 that is 1 where the key of that place is not in the row's set, else 0.
    pub marks: Vec<(ColumnId, usize)>,
}

/// A CTE's definition.
#[derive(Clone, Debug, PartialEq)]
pub struct CteDefinition {
    /// Its id.
    pub cte: CteId,
    /// Its name, for EXPLAIN and for writers of other dialects.
    pub name: String,
    /// What it is.
    pub query: Query,
    /// How often the statement refers to it.
    pub uses: u32,
}

/// Which rows without a partner a join keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// None.
    Inner,
    /// The left side's.
    Left,
    /// The right side's.
    Right,
    /// Both sides'.
    Full,
}

/// What becomes of a row whose array is NULL or empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnnestKind {
    /// It goes.
    Inner,
    /// It stays with a NULL element.
    Outer,
}

/// A set operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperationKind {
    /// `UNION ALL`.
    UnionAll,
    /// `UNION DISTINCT`.
    UnionDistinct,
    /// `INTERSECT DISTINCT`.
    IntersectDistinct,
    /// `EXCEPT DISTINCT`.
    ExceptDistinct,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// By what.
    pub expression: Expression,
    /// Which way.
    pub direction: Direction,
    /// Where NULLs go; decided here, so that nothing below has a default.
    pub nulls: Nulls,
}

/// Which way an order goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// Where NULLs stand in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// Before all values.
    First,
    /// After all values.
    Last,
}

/// An aggregate function and its modifiers.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateCall {
    /// Name in the registry: `sum`, `count`, `count_star`, `string_agg`.
    pub function: &'static str,
    /// Arguments, coerced to one of the function's signatures.
    pub arguments: Vec<Expression>,
    /// The result's type.
    pub sql_type: SqlType,
    /// `DISTINCT`.
    pub duplicates: Duplicates,
    /// `IGNORE NULLS` or `RESPECT NULLS` as written or as the function's default.
    pub null_handling: NullHandling,
    /// `ORDER BY` inside the call.
    pub order: Vec<SortKey>,
    /// `LIMIT` inside the call.
    pub limit: Option<u64>,
    /// `HAVING MAX x`, `HAVING MIN x`.
    pub having: Option<(Extreme, Box<Expression>)>,
    /// Where the text has it.
    pub position: Position,
}

/// Whether equal argument values count once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// All count.
    Kept,
    /// Equal values count once.
    Removed,
}

/// Whether NULL arguments take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullHandling {
    /// They take part.
    Respect,
    /// They are passed over.
    Ignore,
}

/// Largest or smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// Largest.
    Max,
    /// Smallest.
    Min,
}

/// A function over a window.
#[derive(Clone, Debug, PartialEq)]
pub struct WindowCall {
    /// The function with its arguments and modifiers; window-only functions (`row_number`, `lag`) take the same shape.
    pub call: AggregateCall,
    /// `PARTITION BY`.
    pub partition: Vec<Expression>,
    /// `ORDER BY`.
    pub order: Vec<SortKey>,
    /// The frame, written or by default; decided here.
    pub frame: Frame,
}

/// A window frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Counted in rows or in values of the one order key.
    pub unit: FrameUnit,
    /// Where it starts.
    pub start: Bound,
    /// Where it ends.
    pub end: Bound,
}

/// What a frame's bounds count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameUnit {
    /// Rows.
    Rows,
    /// Values of the order key; peers are in together.
    Range,
}

/// One end of a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// The partition's first row.
    UnboundedPreceding,
    /// So many before: INT64 for rows, the key's numeric type for ranges; never NULL or negative.
    Preceding(Value),
    /// The current row, with its peers for a range.
    CurrentRow,
    /// So many after.
    Following(Value),
    /// The partition's last row.
    UnboundedFollowing,
}

/// Something that computes one value per row.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it does.
    pub kind: ExpressionKind,
    /// The type of its value.
    pub sql_type: SqlType,
    /// Where the text has it.
    pub position: Position,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A constant.
    Literal(Value),
    /// A column of the input.
    Column(ColumnId),
    /// A column of an enclosing query's row: the subquery is correlated.
    OuterColumn(ColumnId),
    /// A scalar function or operator by its name in the registry: `datetime_diff`, `$add`, `$less`, `$and`, `$in`,
    /// `$array`, `$struct`. Date parts are STRING literals in capitals (`WEEK(MONDAY)`).
    Call {
        /// Name in the registry.
        function: &'static str,
        /// Arguments, coerced to one of the function's signatures.
        arguments: Vec<Expression>,
        /// What a run-time error becomes: `SAFE.` makes it NULL.
        on_error: OnError,
    },
    /// A conversion to this expression's type, written or implied.
    Cast {
        /// What is converted.
        operand: Box<Expression>,
        /// `SAFE_CAST` makes an error NULL.
        on_error: OnError,
    },
    /// `CASE WHEN … THEN … ELSE … END`; only the arm that is taken is evaluated.
    Case {
        /// Conditions (BOOL) and results.
        arms: Vec<(Expression, Expression)>,
        /// NULL where absent.
        otherwise: Option<Box<Expression>>,
    },
    /// A field of a STRUCT by its place.
    Field {
        /// STRUCT.
        operand: Box<Expression>,
        /// From 0.
        index: usize,
    },
    /// A subquery used as a value.
    Subquery {
        /// How.
        kind: SubqueryKind,
        /// The query; its [`ExpressionKind::OuterColumn`]s refer to the row at hand or further out.
        query: Box<Query>,
    },
}

/// What a run-time error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The statement fails.
    Fail,
    /// The value is NULL.
    Null,
}

/// How a subquery is used as a value.
#[derive(Clone, Debug, PartialEq)]
pub enum SubqueryKind {
    /// Its one column of at most one row, NULL for no row; more rows are an error.
    Scalar,
    /// Whether it has a row.
    Exists,
    /// Its one column as an ARRAY, in the query's order.
    Array,
    /// Whether its one column holds the operand, with SQL's three values.
    In(Box<Expression>),
}
