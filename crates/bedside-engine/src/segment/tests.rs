//! Functions over segments give what DataFusion's own operator gives.

use super::UseSegmentWindows;
use super::exec::SegmentWindowExec;
use super::function::Function;
use crate::stretch::ASCENDING;
use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringViewArray};
use arrow::compute::SortOptions;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::util::display::array_value_to_string;
use bedside_functions::Modifiers;
use datafusion::common::ScalarValue;
use datafusion::common::config::ConfigOptions;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::execution::TaskContext;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition};
use datafusion::physical_expr::expressions::{col, lit};
use datafusion::physical_expr::window::WindowExpr;
use datafusion::physical_expr::{LexOrdering, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::windows::{WindowAggExec, create_window_expr};
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionConfig;
use std::any::Any;
use std::sync::Arc;

struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn number(&mut self, limit: u64) -> Option<i64> {
        (self.below(6) > 0).then(|| self.below(limit) as i64)
    }
}

fn schema() -> SchemaRef {
    let field = |name: &str, data_type| Field::new(name, data_type, true);
    Arc::new(Schema::new(vec![
        field("k", DataType::Int64),
        field("o", DataType::Int64),
        field("v", DataType::Int64),
        field("x", DataType::Float64),
        field("s", DataType::Utf8View),
        field("id", DataType::Int64),
    ]))
}

/// Rows sorted by `k` and `o`, in batches of any length.
fn input(chance: &mut Chance, descending: bool) -> Arc<dyn ExecutionPlan> {
    let rows = chance.below(60);
    let mut number = |limit| -> ArrayRef { Arc::new((0..rows).map(|_| chance.number(limit)).collect::<Int64Array>()) };
    let mut columns = vec![number(4), number(9), number(5)];
    let doubles: Float64Array = (0..rows).map(|_| chance.number(6).map(|number| number as f64 / 4.0)).collect();
    let texts: StringViewArray = (0..rows).map(|_| chance.number(5).map(|number| format!("text {number}"))).collect();
    let id = Int64Array::from_iter_values(0..rows as i64);
    columns.extend([Arc::new(doubles) as ArrayRef, Arc::new(texts), Arc::new(id)]);
    let batch = RecordBatch::try_new(schema(), columns).unwrap();
    let mut batches = Vec::new();
    let mut start = 0;
    while start < batch.num_rows() {
        let length = (1 + chance.below(9) as usize).min(batch.num_rows() - start);
        batches.push(batch.slice(start, length));
        start += length;
    }
    let memory = MemorySourceConfig::try_new_exec(&[batches], schema(), None).unwrap();
    let key = |name: &str, options| PhysicalSortExpr::new(col(name, &schema()).unwrap(), options);
    let order = SortOptions { descending, nulls_first: !descending };
    let keys = [key("k", ASCENDING), key("o", order), key("id", ASCENDING)];
    Arc::new(SortExec::new(LexOrdering::new(keys).unwrap(), memory))
}

fn frames() -> Vec<WindowFrame> {
    use WindowFrameBound::{CurrentRow, Following, Preceding};
    let rows = |count: Option<u64>| ScalarValue::UInt64(count);
    let value = |count: i64| ScalarValue::Int64(Some(count));
    let of = |units, start, end| WindowFrame::new_bounds(units, start, end);
    let (by_rows, by_range) = (WindowFrameUnits::Rows, WindowFrameUnits::Range);
    vec![
        of(by_rows, Preceding(rows(None)), CurrentRow),
        of(by_rows, Preceding(rows(Some(2))), CurrentRow),
        of(by_rows, Preceding(rows(Some(3))), Preceding(rows(Some(1)))),
        of(by_rows, CurrentRow, Following(rows(Some(2)))),
        of(by_rows, Following(rows(Some(1))), Following(rows(None))),
        of(by_rows, Preceding(rows(None)), Following(rows(None))),
        of(by_range, Preceding(ScalarValue::Int64(None)), CurrentRow),
        of(by_range, CurrentRow, Following(ScalarValue::Int64(None))),
        of(by_range, Preceding(ScalarValue::Int64(None)), Following(ScalarValue::Int64(None))),
        of(by_range, Preceding(value(3)), CurrentRow),
        of(by_range, Preceding(value(2)), Following(value(1))),
        of(by_range, CurrentRow, Following(value(2))),
    ]
}

struct Call {
    function: WindowFunctionDefinition,
    arguments: Vec<Arc<dyn PhysicalExpr>>,
    ignore_nulls: bool,
}

fn calls() -> Vec<Call> {
    let column = |name: &str| col(name, &schema()).unwrap();
    let of = |name: &str, arguments: Vec<Arc<dyn PhysicalExpr>>, ignore_nulls| {
        let function = WindowFunctionDefinition::WindowUDF(bedside_functions::window(name).unwrap());
        Call { function, arguments, ignore_nulls }
    };
    let aggregate = |name: &str, argument: &str| {
        let types = [schema().field_with_name(argument).unwrap().data_type().clone()];
        let result = if name == "count" { DataType::Int64 } else { types[0].clone() };
        let function = match bedside_functions::plain_extreme(name) {
            Some(function) => function,
            None => bedside_functions::aggregate(name, &types, &result, Modifiers::default()).unwrap().function,
        };
        let function = WindowFunctionDefinition::AggregateUDF(function);
        Call { function, arguments: vec![column(argument)], ignore_nulls: false }
    };
    vec![
        of("row_number", vec![], false),
        of("rank", vec![], false),
        of("dense_rank", vec![], false),
        of("lag", vec![column("v"), lit(2_i64)], false),
        of("lead", vec![column("s")], true),
        of("first_value", vec![column("v")], false),
        of("first_value", vec![column("s")], true),
        of("last_value", vec![column("s")], false),
        of("last_value", vec![column("v")], true),
        of("nth_value", vec![column("v"), lit(2_i64)], false),
        aggregate("min", "v"),
        aggregate("max", "x"),
        aggregate("max", "s"),
        aggregate("count", "s"),
        aggregate("sum", "v"),
        aggregate("sum", "x"),
        aggregate("avg", "x"),
        aggregate("min", "x"),
        aggregate("stddev_samp", "x"),
    ]
}

fn window(call: &Call, frame: &WindowFrame, keys: &[&str], descending: bool) -> Arc<dyn WindowExpr> {
    let column = |name: &&str| col(name, &schema()).unwrap();
    let options = SortOptions { descending, nulls_first: !descending };
    let order = [PhysicalSortExpr::new(col("o", &schema()).unwrap(), options)];
    create_window_expr(
        &call.function,
        "w".to_owned(),
        &call.arguments,
        &keys.iter().map(column).collect::<Vec<_>>(),
        &order,
        Arc::new(frame.clone()),
        schema(),
        call.ignore_nulls,
        false,
        None,
    )
    .unwrap()
}

fn rows(plan: Arc<dyn ExecutionPlan>, context: TaskContext) -> Result<Vec<String>, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let batches = runtime.block_on(collect(plan, Arc::new(context))).map_err(|error| error.to_string())?;
    let row = |batch: &RecordBatch, row: usize| {
        let cells = batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap());
        cells.collect::<Vec<_>>().join("|")
    };
    Ok(batches.iter().flat_map(|batch| (0..batch.num_rows()).map(|number| row(batch, number))).collect())
}

fn context(batch_rows: usize) -> TaskContext {
    TaskContext::default().with_session_config(SessionConfig::new().with_batch_size(batch_rows))
}

#[test]
fn segments_give_the_rows_of_the_stock_operator() {
    let chance = &mut Chance(7);
    for call in calls() {
        for frame in frames() {
            for descending in [false, true] {
                if descending && frame.units == WindowFrameUnits::Range && !frame.start_bound.is_unbounded() {
                    continue;
                }
                let input = input(chance, descending);
                let keys: &[&str] = if chance.below(5) == 0 { &[] } else { &["k"] };
                let input = if keys.is_empty() { alone(&input) } else { input };
                let window = window(&call, &frame, keys, descending);
                let stock: Arc<dyn ExecutionPlan> =
                    Arc::new(WindowAggExec::try_new(vec![window], input, false).unwrap());
                let own = UseSegmentWindows.optimize(Arc::clone(&stock), &ConfigOptions::default()).unwrap();
                assert!((own.as_ref() as &dyn Any).is::<SegmentWindowExec>());
                let batch_rows = 1 + chance.below(20) as usize;
                let (expected, found) = (rows(stock, context(8192)), rows(own, context(batch_rows)));
                assert_eq!(expected, found, "{} {frame}", call.function.name());
            }
        }
    }
}

/// Sorted by the order alone, as a window without partitions wants it.
fn alone(input: &Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    let sort = (input.as_ref() as &dyn Any).downcast_ref::<SortExec>().unwrap();
    let keys = LexOrdering::new(sort.expr().iter().skip(1).cloned()).unwrap();
    Arc::new(SortExec::new(keys, Arc::clone(sort.input())))
}

#[test]
fn common_functions_are_computed_here() {
    for call in calls() {
        for frame in frames() {
            let window = window(&call, &frame, &["k"], false);
            let stock = matches!(call.function.name(), "lag" | "lead" | "nth_value" | "stddev_samp");
            assert_eq!(Function::new(&window, &schema()).is_stock(), stock, "{} {frame}", call.function.name());
        }
    }
}

#[test]
fn a_partition_beyond_the_budget_is_refused() {
    let batch = {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1); 4096]));
        let text: StringViewArray = (0..4096).map(|_| Some("a text that is longer than twelve bytes")).collect();
        let x: ArrayRef = Arc::new(Float64Array::from(vec![0.5; 4096]));
        let columns =
            vec![Arc::clone(&numbers), Arc::clone(&numbers), Arc::clone(&numbers), x, Arc::new(text), numbers];
        RecordBatch::try_new(schema(), columns).unwrap()
    };
    let memory = MemorySourceConfig::try_new_exec(&[vec![batch; 8]], schema(), None).unwrap();
    let call = &calls()[10];
    let window = window(call, &frames()[5], &[], false);
    let stock: Arc<dyn ExecutionPlan> = Arc::new(WindowAggExec::try_new(vec![window], memory, false).unwrap());
    let own = UseSegmentWindows.optimize(stock, &ConfigOptions::default()).unwrap();
    let limited = |bytes: usize| {
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(crate::memory::Budget::new(bytes))).build();
        context(1024).with_runtime(Arc::new(runtime.unwrap()))
    };
    let refusal = rows(Arc::clone(&own), limited(1 << 20)).unwrap_err();
    assert!(refusal.contains("SegmentWindowExec[0] wants"), "{refusal}");
    assert_eq!(rows(own, limited(64 << 20)).unwrap().len(), 8 * 4096);
}
