//! Interval joins give the rows of the hash joins in whose place they stand.

use super::{ChooseIntervalJoin, HoldSmallSides};
use crate::memory::{MergeLargeJoins, Thrift};
use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::util::display::array_value_to_string;
use bedside_functions::OnError;
use datafusion::common::config::ConfigOptions;
use datafusion::common::{JoinSide, JoinType, NullEquality};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, Column, lit};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr, conjunction};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::ensure_requirements::EnsureRequirements;
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};
use datafusion::physical_plan::joins::{HashJoinExecBuilder, PartitionMode};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionConfig;
use std::sync::Arc;

/// Of each side: a number of the row, two keys, two whole numbers and two doubles.
const COLUMNS: [&str; 7] = ["id", "k", "h", "a", "b", "x", "y"];

/// Numbers that look random and are the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn number(&mut self, limit: u64) -> Option<i64> {
        (self.below(10) > 0).then(|| self.below(limit) as i64)
    }

    fn double(&mut self) -> Option<f64> {
        match self.below(12) {
            0 => None,
            1 => Some(f64::NAN),
            2 => Some(-0.0),
            3 => Some(0.0),
            4 => Some(f64::NEG_INFINITY),
            _ => Some(self.below(8) as f64 - 4.0),
        }
    }
}

fn schema() -> SchemaRef {
    let field = |name: &&str| {
        let data_type = if matches!(*name, "x" | "y") { DataType::Float64 } else { DataType::Int64 };
        Field::new(*name, data_type, *name != "id")
    };
    Arc::new(Schema::new(COLUMNS.iter().map(field).collect::<Vec<_>>()))
}

fn input(chance: &mut Chance, rows: u64) -> Arc<dyn ExecutionPlan> {
    let mut number = |limit| -> ArrayRef { Arc::new((0..rows).map(|_| chance.number(limit)).collect::<Int64Array>()) };
    let numbers = [number(5), number(2), number(12), number(12)];
    let mut double = || -> ArrayRef { Arc::new((0..rows).map(|_| chance.double()).collect::<Float64Array>()) };
    let doubles = [double(), double()];
    let id: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows as i64));
    let batch = RecordBatch::try_new(schema(), [id].into_iter().chain(numbers).chain(doubles).collect()).unwrap();
    let mut partitions = vec![Vec::new(), Vec::new()];
    let mut start = 0;
    while start < batch.num_rows() {
        let length = (1 + chance.below(7) as usize).min(batch.num_rows() - start);
        partitions[chance.below(2) as usize].push(batch.slice(start, length));
        start += length;
    }
    MemorySourceConfig::try_new_exec(&partitions, schema(), None).unwrap()
}

type Part = Arc<dyn PhysicalExpr>;

/// `l.a` is the left side's `a`.
fn column(name: &str) -> Part {
    let (side, name) = name.split_once('.').unwrap();
    let place = COLUMNS.iter().position(|column| *column == name).unwrap();
    Arc::new(Column::new(name, if side == "l" { place } else { COLUMNS.len() + place }))
}

fn binary(left: Part, operator: Operator, right: Part) -> Part {
    Arc::new(BinaryExpr::new(left, operator, right))
}

fn compare(left: &str, operator: Operator, right: &str) -> Part {
    binary(column(left), operator, column(right))
}

/// A comparison of doubles, which is a function of ours.
fn call(function: &str, left: &str, right: &str) -> Part {
    let udf = bedside_functions::scalar(function, &DataType::Boolean, OnError::Fail).unwrap();
    let result = Arc::new(Field::new("result", DataType::Boolean, true));
    let arguments = vec![column(left), column(right)];
    Arc::new(ScalarFunctionExpr::new(function, udf, arguments, result, Arc::new(ConfigOptions::default())))
}

fn conditions() -> Vec<Vec<Part>> {
    use Operator::{Gt, GtEq, Lt, LtEq, Minus, Plus};
    let shifted = |name: &str, operator, by: i64| binary(column(name), operator, lit(by));
    let checked = |name: &str, by: i64| -> Part {
        Arc::new(BinaryExpr::new(column(name), Plus, lit(by)).with_fail_on_overflow(true))
    };
    vec![
        vec![compare("r.a", Gt, "l.a"), compare("r.a", LtEq, "l.b")],
        vec![compare("r.a", GtEq, "l.a"), compare("r.a", LtEq, "l.b")],
        vec![compare("l.a", Lt, "r.a"), compare("l.b", Gt, "r.a")],
        vec![compare("l.a", Gt, "r.a"), compare("l.a", Lt, "r.b")],
        vec![compare("r.a", LtEq, "l.a"), compare("r.b", GtEq, "l.a"), compare("r.id", Lt, "l.id")],
        vec![compare("l.a", LtEq, "r.b"), compare("r.a", LtEq, "l.b")],
        vec![compare("r.a", Lt, "l.a")],
        vec![compare("r.a", GtEq, "l.a"), compare("r.x", Operator::IsDistinctFrom, "l.x")],
        vec![
            binary(column("r.a"), GtEq, shifted("l.a", Minus, 3)),
            binary(shifted("l.a", Plus, 1), Gt, column("r.a")),
            binary(shifted("l.id", Operator::Modulo, 3), Operator::NotEq, shifted("r.id", Operator::Modulo, 3)),
        ],
        vec![binary(shifted("r.a", Plus, 2), Gt, column("l.a")), binary(shifted("r.a", Minus, 2), LtEq, column("l.a"))],
        vec![call("$greater_or_equal", "r.x", "l.x"), call("$less", "r.x", "l.y")],
        vec![call("$less_or_equal", "l.x", "r.y"), call("$greater", "l.y", "r.x")],
        // Fails for a row whose `a` is 11, if that has a partner at all.
        vec![binary(column("r.a"), Lt, checked("l.a", i64::MAX - 10)), compare("r.b", GtEq, "l.b")],
        vec![binary(checked("r.a", i64::MAX - 10), Gt, column("l.a"))],
    ]
}

fn filter(parts: &[Part]) -> JoinFilter {
    let both = [JoinSide::Left, JoinSide::Right];
    let indices = both.iter().flat_map(|side| (0..COLUMNS.len()).map(|index| ColumnIndex { index, side: *side }));
    let fields = both.iter().flat_map(|_| schema().fields().to_vec()).collect::<Vec<_>>();
    JoinFilter::new(conjunction(parts.to_vec()), indices.collect(), Arc::new(Schema::new(fields)))
}

/// All rows as text, sorted; or that there was an error.
fn rows(plan: Arc<dyn ExecutionPlan>, batch_rows: usize) -> Result<Vec<String>, String> {
    let config = SessionConfig::new().with_batch_size(batch_rows);
    let context = Arc::new(TaskContext::default().with_session_config(config));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let batches = runtime.block_on(collect(plan, context)).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    for batch in batches {
        assert!(batch.num_rows() <= batch_rows.max(1) * 2, "{} rows in a batch", batch.num_rows());
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap());
            rows.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    rows.sort();
    Ok(rows)
}

/// The plan with what its operators require, over so many partitions.
fn ready(plan: Arc<dyn ExecutionPlan>, partitions: usize) -> Arc<dyn ExecutionPlan> {
    let mut options = ConfigOptions::default();
    options.execution.target_partitions = partitions;
    EnsureRequirements::new().optimize(plan, &options).unwrap()
}

/// What takes the place of a hash join that has one of these modes.
struct Way {
    mode: PartitionMode,
    rule: fn(Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan>,
    /// The operators that it makes.
    makes: &'static [&'static str],
}

const SORTED: Way = Way {
    mode: PartitionMode::Partitioned,
    rule: |plan| ChooseIntervalJoin.optimize(plan, &ConfigOptions::default()).unwrap(),
    makes: &["IntervalJoinExec"],
};

const HELD: Way = Way {
    mode: PartitionMode::CollectLeft,
    rule: |plan| HoldSmallSides.optimize(plan, &ConfigOptions::default()).unwrap(),
    makes: &["LookupJoinExec"],
};

/// Joins that are not to hold a side, whatever their condition.
const MERGED: Way = Way {
    mode: PartitionMode::Partitioned,
    rule: |plan| MergeLargeJoins::new(1 << 30, Thrift::Most).optimize(plan, &ConfigOptions::default()).unwrap(),
    makes: &["IntervalJoinExec", "SortMergeJoinExec", "ProjectionExec"],
};

fn check(way: &Way, seed: u64, join_type: JoinType, parts: &[Part], keys: &[&str]) -> usize {
    let chance = &mut Chance(seed);
    let (most_left, most_right) = (chance.below(80), chance.below(80));
    let (left, right) = (input(chance, most_left), input(chance, most_right));
    let on = keys.iter().map(|key| {
        let place = COLUMNS.iter().position(|column| column == key).unwrap();
        let column: Part = Arc::new(Column::new(key, place));
        (Arc::clone(&column), column)
    });
    let equality = if seed.is_multiple_of(5) { NullEquality::NullEqualsNull } else { NullEquality::NullEqualsNothing };
    let projection = (seed.is_multiple_of(3) && join_type == JoinType::Left).then(|| vec![7, 0, 10]);
    let hash = HashJoinExecBuilder::new(left, right, on.collect(), join_type)
        .with_filter((!parts.is_empty()).then(|| filter(parts)))
        .with_partition_mode(way.mode)
        .with_null_equality(equality)
        .with_projection(projection)
        .build_exec()
        .unwrap();
    let other = (way.rule)(Arc::clone(&hash));
    assert!(way.makes.contains(&other.name()), "{} for {parts:?}", other.name());
    let partitions = 1 + chance.below(3) as usize;
    let batch_rows = [1, 3, 16, 8192][chance.below(4) as usize];
    let expected = rows(ready(hash, partitions), 8192);
    let found = rows(ready(other, partitions), batch_rows);
    match (&expected, &found) {
        (Err(_), Err(_)) => 0,
        (Ok(expected), Ok(found)) => {
            assert_eq!(expected, found, "seed {seed}, {join_type}, {parts:?}");
            expected.len()
        }
        _ => panic!("seed {seed}, {join_type}, {parts:?}: {expected:?}, {found:?}"),
    }
}

fn check_all(way: &Way, kinds: &[JoinType], conditions: &[Vec<Part>], keys: &[&[&str]]) {
    let (mut total, mut seed) = (0, 0);
    for parts in conditions {
        for kind in kinds {
            for keys in keys {
                seed += 1;
                total += check(way, seed, *kind, parts, keys);
            }
        }
    }
    assert!(total > 500, "only {total} rows");
}

/// All but full joins.
const KINDS: [JoinType; 7] = [
    JoinType::Inner,
    JoinType::Left,
    JoinType::Right,
    JoinType::LeftSemi,
    JoinType::RightSemi,
    JoinType::LeftAnti,
    JoinType::RightAnti,
];

/// Keys that repeat.
const KEYS: &[&[&str]] = &[&["k"], &["k", "h"], &["h"]];

#[test]
fn interval_joins_give_the_rows_of_hash_joins() {
    check_all(&SORTED, &KINDS, &conditions(), KEYS);
}

#[test]
fn joins_that_hold_a_side_give_the_rows_of_hash_joins() {
    let kinds = [JoinType::Inner, JoinType::Right, JoinType::RightSemi, JoinType::RightAnti];
    check_all(&HELD, &kinds, &conditions(), KEYS);
    // Equal keys alone, and keys that come once.
    let mut some = vec![Vec::new(); 8];
    some.extend(conditions().into_iter().step_by(3));
    check_all(&HELD, &kinds, &some, &[&["id"], &["id", "k"], &["k"], &["h", "k"]]);
}

/// DataFusion's merge join would fail this for left and right joins.
#[test]
fn merge_joins_give_the_rows_of_hash_joins() {
    check_all(&MERGED, &KINDS, &conditions(), KEYS);
}
