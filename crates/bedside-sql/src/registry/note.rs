//! What BigQuery's reference lists as functions and is syntax here, and functions that answer otherwise than BigQuery's.

/// A name of the reference with what there is to say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// In capitals.
    pub name: &'static str,
    /// As a sentence without a full stop.
    pub text: &'static str,
}

const fn note(name: &'static str, text: &'static str) -> Note {
    Note { name, text }
}

pub(super) const FORMS: &[Note] = &[
    note(
        "CAST",
        "`CAST(value AS type [FORMAT pattern [AT TIME ZONE zone]])`, types with parameters too: `STRING(10)`, `NUMERIC(10, 2)`",
    ),
    note("SAFE_CAST", "the same, NULL where the value does not convert"),
    note("ARRAY", "`ARRAY(subquery)`, `[a, b]`, `ARRAY<type>[a, b]`"),
    note("STRUCT", "`STRUCT(a AS x, b)`, `STRUCT<type, …>(a, b)`, `(a, b)`"),
    note("CASE", "`CASE WHEN … THEN … ELSE … END`, `CASE x WHEN … THEN … END`"),
    note("UNNEST", "in FROM with and without `WITH OFFSET`, and in `IN UNNEST(array)`"),
    note(
        "GAP_FILL",
        "in FROM: `GAP_FILL(TABLE t, ts_column => 'time', bucket_width => INTERVAL n part [, partitioning_columns => ['a', …]] \
         [, value_columns => [('x', 'null' | 'locf' | 'linear'), …]] [, origin => time] [, ignore_null_values => FALSE])`, a \
         query in parentheses instead of a table too",
    ),
    note(
        "RANGE_SESSIONIZE",
        "in FROM: `RANGE_SESSIONIZE(TABLE t, 'range', ['key', …] [, 'MEETS' | 'OVERLAPS'])`, a query in parentheses instead of a \
         table too; gives the table's columns and `session_range`",
    ),
    note("GROUPING", "with `ROLLUP`, `CUBE` and `GROUPING SETS`"),
];

pub(super) const DIFFERENCES: &[Note] = &[
    note("APPROX_COUNT_DISTINCT", "counts exactly"),
    note("APPROX_QUANTILES", "gives the exact elements"),
    note("APPROX_TOP_COUNT", "counts exactly; of equally frequent values the smaller ones stand first"),
    note("APPROX_TOP_SUM", "sums exactly; of equally heavy values the smaller ones stand first"),
    note("ANY_VALUE", "gives the smallest value, so that it does not depend on the order of the rows"),
    note("ARRAY_AGG", "without ORDER BY in the order of the input where that has one"),
    note("AVG", "of FLOAT64 is exact before it is rounded once, whatever the order of the rows"),
    note("HLL_COUNT.INIT", "gives bytes of this program's own; sketches are not exchanged with BigQuery"),
    note("HLL_COUNT.MERGE_PARTIAL", "gives bytes of this program's own"),
    note(
        "COLLATE",
        "knows `'und:ci'` and `''`; texts are equal that differ in case or in compatible forms alone; their order is that of the \
         Unicode collation for ASCII and for letters with marks, other letters stand behind by code point",
    ),
    note(
        "KLL_QUANTILES.INIT_FLOAT64",
        "gives bytes of this program's own; sketches are not exchanged with BigQuery, and are the same whatever the order of the rows",
    ),
    note("KLL_QUANTILES.INIT_INT64", "gives bytes of this program's own, as KLL_QUANTILES.INIT_FLOAT64 does"),
    note("KLL_QUANTILES.MERGE_PARTIAL", "gives bytes of this program's own"),
    note("SEARCH", "takes LOG_ANALYZER and NO_OP_ANALYZER without options"),
    note("SUM", "of FLOAT64 is exact before it is rounded once, whatever the order of the rows"),
    note("TEXT_ANALYZE", "takes LOG_ANALYZER and NO_OP_ANALYZER without options"),
];
