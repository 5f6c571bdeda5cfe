//! What a join asks of a pair of rows beside equal keys: the bounds that are searched, and the rest.

use super::ordinal::is_ordinal;
use arrow::datatypes::{DataType, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{JoinSide, Result, internal_datafusion_err};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, Column};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr, conjunction, split_conjunction};
use datafusion::physical_expr_common::physical_expr::is_volatile;
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};
use std::fmt;
use std::sync::Arc;

/// A condition in the form that is searched. Without a bound all rows of a key are looked at.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// The side whose rows look for partners.
    pub(super) streamed: JoinSide,
    /// The buffered value is above this.
    pub(super) lower: Option<Bound>,
    /// The buffered value is below this.
    pub(super) upper: Option<Bound>,
    /// What is left of the condition.
    pub(super) rest: Option<JoinFilter>,
    /// All of it, for rows whose bounds cannot be computed; `None` where equal keys are all that is asked.
    pub(super) whole: Option<JoinFilter>,
}

/// A comparison of the two sides.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    /// A value of the buffered side.
    pub(super) buffered: Arc<dyn PhysicalExpr>,
    /// The value of the streamed side that bounds it.
    pub(super) streamed: Arc<dyn PhysicalExpr>,
    pub(super) edge: Edge,
}

/// Whether the bound itself is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Inside,
    Outside,
}

/// `left operator right`, of one value of each side.
struct Comparison {
    left: Arc<dyn PhysicalExpr>,
    operator: Operator,
    right: Arc<dyn PhysicalExpr>,
}

/// A bound found among the parts of a condition.
struct Found {
    place: usize,
    kind: Kind,
    bound: Bound,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lower,
    Upper,
}

impl Condition {
    /// The condition of a join as it is searched if the rows of one side are streamed; `None` if it has no range.
    pub(super) fn of(filter: &JoinFilter, streamed: JoinSide, left: &Schema, right: &Schema) -> Result<Option<Self>> {
        let parts = split_conjunction(filter.expression());
        let mut bounds = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            if let Some(comparison) = Comparison::of(part, filter, left, right)? {
                bounds.push(comparison.bound(place, streamed));
            }
        }
        let (lower, upper) = chosen(&bounds);
        if lower.is_none() && upper.is_none() {
            return Ok(None);
        }
        let used = [lower, upper].map(|found| found.map(|found| found.place));
        let rest = parts.iter().enumerate().filter(|(place, _)| !used.contains(&Some(*place)));
        let rest: Vec<_> = rest.map(|(_, part)| Arc::clone(part)).collect();
        let rest = if rest.is_empty() { None } else { Some(narrowed(filter, conjunction(rest))?) };
        let bound = |found: Option<&Found>| found.map(|found| found.bound.clone());
        Ok(Some(Self { streamed, lower: bound(lower), upper: bound(upper), rest, whole: Some(filter.clone()) }))
    }

    /// A condition of which every part is checked pair by pair.
    pub(super) fn without_range(filter: Option<&JoinFilter>, streamed: JoinSide) -> Self {
        Self { streamed, lower: None, upper: None, rest: None, whole: filter.cloned() }
    }

    /// Whether both bounds are of one value, so that all partners of a row stand together.
    pub(super) fn is_containment(&self) -> bool {
        matches!((&self.lower, &self.upper), (Some(lower), Some(upper)) if lower.buffered.eq(&upper.buffered))
    }
}

/// The bounds to search by, lower and upper: two of one buffered value if there are such, else one of each kind.
fn chosen(bounds: &[Found]) -> (Option<&Found>, Option<&Found>) {
    let of_kind = |kind: Kind| bounds.iter().filter(move |found| found.kind == kind);
    for upper in of_kind(Kind::Upper) {
        let same = of_kind(Kind::Lower).find(|lower| lower.bound.buffered.eq(&upper.bound.buffered));
        if same.is_some() {
            return (same, Some(upper));
        }
    }
    (of_kind(Kind::Lower).next(), of_kind(Kind::Upper).next())
}

impl Comparison {
    /// A part of a condition that compares the sides; `None` if it does not, or its values cannot be searched.
    fn of(part: &Arc<dyn PhysicalExpr>, filter: &JoinFilter, left: &Schema, right: &Schema) -> Result<Option<Self>> {
        let Some((first, operator, second)) = comparison(part) else { return Ok(None) };
        let (first, operator, second) = match (side(first, filter), side(second, filter)) {
            (Some(JoinSide::Left), Some(JoinSide::Right)) => (first, operator, second),
            (Some(JoinSide::Right), Some(JoinSide::Left)) => match operator.swap() {
                Some(operator) => (second, operator, first),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let types = (first.data_type(filter.schema())?, second.data_type(filter.schema())?);
        let doubles = types.0 == DataType::Float64;
        // DataFusion's own operators order doubles totally, ours as IEEE does.
        if types.0 != types.1 || !is_ordinal(&types.0) || doubles != part.is::<ScalarFunctionExpr>() {
            return Ok(None);
        }
        if is_volatile(first) || is_volatile(second) {
            return Ok(None);
        }
        Ok(Some(Self { left: of_side(first, filter, left)?, operator, right: of_side(second, filter, right)? }))
    }

    /// As a bound of the buffered side's value.
    fn bound(self, place: usize, streamed: JoinSide) -> Found {
        let edge = match self.operator {
            Operator::LtEq | Operator::GtEq => Edge::Inside,
            _ => Edge::Outside,
        };
        let less = matches!(self.operator, Operator::Lt | Operator::LtEq);
        let (buffered, streamed, below) = match streamed {
            JoinSide::Left => (self.right, self.left, !less),
            _ => (self.left, self.right, less),
        };
        let kind = if below { Kind::Upper } else { Kind::Lower };
        Found { place, kind, bound: Bound { buffered, streamed, edge } }
    }
}

/// Two values and how they are compared.
type Compared<'a> = (&'a Arc<dyn PhysicalExpr>, Operator, &'a Arc<dyn PhysicalExpr>);

fn comparison(part: &Arc<dyn PhysicalExpr>) -> Option<Compared<'_>> {
    if let Some(binary) = part.downcast_ref::<BinaryExpr>() {
        let known = matches!(binary.op(), Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq);
        return known.then_some((binary.left(), *binary.op(), binary.right()));
    }
    let call = part.downcast_ref::<ScalarFunctionExpr>()?;
    let operator = match call.fun().name() {
        "$less" => Operator::Lt,
        "$less_or_equal" => Operator::LtEq,
        "$greater" => Operator::Gt,
        "$greater_or_equal" => Operator::GtEq,
        _ => return None,
    };
    let [first, second] = call.args() else { return None };
    Some((first, operator, second))
}

/// The one side that an expression reads.
fn side(expression: &Arc<dyn PhysicalExpr>, filter: &JoinFilter) -> Option<JoinSide> {
    let mut found = None;
    for column in collect_columns(expression) {
        let side = filter.column_indices().get(column.index())?.side;
        if found.is_some_and(|found| found != side) {
            return None;
        }
        found = Some(side);
    }
    found
}

/// An expression of a condition's columns as one of a side's.
fn of_side(expression: &Arc<dyn PhysicalExpr>, filter: &JoinFilter, schema: &Schema) -> Result<Arc<dyn PhysicalExpr>> {
    let changed = Arc::clone(expression).transform_up(|part| {
        let Some(column) = part.downcast_ref::<Column>() else { return Ok(Transformed::no(part)) };
        let place = place(filter, column.index())?.index;
        let column: Arc<dyn PhysicalExpr> = Arc::new(Column::new(schema.field(place).name(), place));
        Ok(Transformed::yes(column))
    });
    changed.map(|changed| changed.data)
}

/// A part of a condition that reads no more columns than it needs.
fn narrowed(filter: &JoinFilter, expression: Arc<dyn PhysicalExpr>) -> Result<JoinFilter> {
    let mut used: Vec<usize> = collect_columns(&expression).iter().map(Column::index).collect();
    used.sort_unstable();
    let schema = Arc::new(filter.schema().project(&used)?);
    let indices = used.iter().map(|index| place(filter, *index).cloned()).collect::<Result<_>>()?;
    let changed = expression.transform_up(|part| {
        let Some(column) = part.downcast_ref::<Column>() else { return Ok(Transformed::no(part)) };
        let index = used.partition_point(|used| *used < column.index());
        let column: Arc<dyn PhysicalExpr> = Arc::new(Column::new(column.name(), index));
        Ok(Transformed::yes(column))
    })?;
    Ok(JoinFilter::new(changed.data, indices, schema))
}

fn place(filter: &JoinFilter, index: usize) -> Result<&ColumnIndex> {
    let found = filter.column_indices().get(index);
    found.ok_or_else(|| internal_datafusion_err!("a condition reads a column that is not there"))
}

/// The bounds, the buffered value first.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (bound, inside, outside) in [(&self.lower, ">=", ">"), (&self.upper, "<=", "<")] {
            if let Some(Bound { buffered, streamed, edge }) = bound {
                let operator = if *edge == Edge::Inside { inside } else { outside };
                write!(f, "{separator}{buffered} {operator} {streamed}")?;
                separator = " AND ";
            }
        }
        Ok(())
    }
}
