"""Polars in one warm process: `polars_worker.py PARQUET_FOLDER`, a JSON object a line in and out.

It reads the Parquet files that DuckDB wrote, lazily, with its streaming engine. Those of the queries are here that it can
express with the same rows without writing the algorithm out: no joins over ranges of time, no SQL's LIKE over several tables.
"""

import json
import sys
import time
from pathlib import Path

import polars as pl
import pyarrow.ipc

FOLDER = Path(sys.argv[1])


def table(name):
    return pl.scan_parquet(FOLDER / f"{name}.parquet")


def events():
    return table("icu/chartevents")


def one_item():
    value = pl.col("valuenum")
    heart_rate = events().filter(pl.col("itemid") == 220045)
    return heart_rate.group_by("stay_id").agg(pl.len(), value.min().alias("low"), value.mean().alias("mean"), value.max().alias("high"))


def pivot():
    columns = {
        "heart_rate": [220045],
        "sbp": [220050, 220179],
        "mbp": [220052, 220181],
        "resp_rate": [220210],
        "spo2": [220277],
    }
    means = [pl.col("valuenum").filter(pl.col("itemid").is_in(items)).mean().alias(name) for name, items in columns.items()]
    fahrenheit = pl.col("valuenum").filter(pl.col("itemid") == 223761)
    means.append(((fahrenheit - 32) / 1.8).mean().alias("temperature"))
    items = [item for group in columns.values() for item in group] + [223761]
    rows = events().filter(pl.col("itemid").is_in(items), pl.col("stay_id").is_not_null())
    return rows.group_by("stay_id", "charttime").agg(means)


def time_weighted():
    value = pl.col("valuenum")
    rows = events().filter(pl.col("itemid").is_in([220052, 220181]), value > 0, value < 300)
    rows = rows.sort("stay_id", "charttime", "itemid", "valuenum")
    rows = rows.with_columns(pl.col("charttime").shift(-1).over("stay_id").alias("next")).filter(pl.col("next") > pl.col("charttime"))
    minute = pl.col("next").dt.truncate("1m") - pl.col("charttime").dt.truncate("1m")
    rows = rows.with_columns(minute.dt.total_minutes().clip(upper_bound=240).alias("minutes")).filter(pl.col("minutes") > 0)
    weighted = (value * pl.col("minutes")).sum() / pl.col("minutes").sum()
    return rows.group_by("stay_id").agg(weighted.alias("mbp"), pl.col("minutes").sum())


def missingness():
    rows = events().join(table("icu/d_items").select("itemid", "label"), on="itemid")
    return rows.group_by("itemid", "label").agg(
        pl.len(),
        pl.col("stay_id").drop_nulls().n_unique().alias("stays"),
        pl.col("valuenum").is_null().sum().alias("without_number"),
        pl.col("value").is_null().sum().alias("without_value"),
        (pl.col("warning") == 1).sum().alias("warnings"),
    )


def top_drugs():
    rows = table("hosp/prescriptions").filter(pl.col("drug").is_not_null())
    counts = rows.group_by(pl.col("drug").str.to_lowercase()).agg(pl.col("subject_id").n_unique().alias("patients"), pl.len())
    return counts.sort("patients", "drug", descending=[True, False]).head(100)


def six_tables():
    service = table("hosp/services").sort("hadm_id", "transfertime", "curr_service").group_by("hadm_id").agg(pl.col("curr_service").first())
    rows = (
        table("icu/inputevents")
        .select("stay_id", "itemid", "amount")
        .join(table("icu/icustays").select("stay_id", "hadm_id", "first_careunit", "los"), on="stay_id")
        .join(table("hosp/admissions").select("hadm_id", "subject_id", "admission_location"), on="hadm_id")
        .join(table("hosp/patients").select("subject_id", "gender"), on="subject_id")
        .join(table("icu/d_items").select("itemid", "label"), on="itemid")
        .join(service, on="hadm_id")
    )
    keys = ["gender", "admission_location", "first_careunit", "curr_service", "label"]
    return rows.group_by(keys).agg(pl.len(), pl.col("amount").sum(), pl.col("los").mean())


def distinct():
    rows = events().join(table("icu/d_items").select("itemid", "category"), on="itemid")
    columns = ["subject_id", "hadm_id", "itemid", "value"]
    return rows.group_by("category").agg(pl.col(name).drop_nulls().n_unique() for name in columns)


def percentiles():
    rows = table("hosp/labevents").filter(pl.col("valuenum").is_not_null())
    shares = (0.05, 0.5, 0.95)
    return rows.group_by("itemid").agg(pl.col("valuenum").quantile(share, "linear").alias(f"p{share}") for share in shares)


def window():
    value = pl.col("valuenum")
    rows = events().filter(pl.col("itemid") == 220277, value.is_not_null()).select("stay_id", "charttime", "valuenum")
    return rows.sort("stay_id", "charttime", "valuenum").with_columns(
        value.rolling_mean(6, min_samples=1).over("stay_id").alias("recent"),
        value.cum_min().over("stay_id").alias("lowest"),
        value.shift(1).over("stay_id").alias("before"),
    )


def whole_table():
    delay = pl.col("storetime").dt.truncate("1m") - pl.col("charttime").dt.truncate("1m")
    return events().select(
        pl.len(),
        pl.col("valuenum").count().alias("numbers"),
        pl.col("valuenum").mean().alias("average"),
        pl.col("charttime").min().alias("first"),
        pl.col("charttime").max().alias("last"),
        delay.dt.total_minutes().mean().alias("delay"),
    )


def wide_export():
    stays = table("icu/icustays").select("stay_id", "first_careunit", "last_careunit", "intime", "outtime", "los")
    items = table("icu/d_items").select("itemid", "label", "abbreviation", "category", "unitname")
    return table("icu/inputevents").join(stays, on="stay_id").join(items, on="itemid")


QUERIES = {
    "01_one_item": one_item,
    "02_pivot": pivot,
    "05_time_weighted": time_weighted,
    "10_missingness": missingness,
    "11_top_drugs": top_drugs,
    "12_six_tables": six_tables,
    "13_distinct": distinct,
    "14_percentiles": percentiles,
    "16_window": window,
    "17_whole_table": whole_table,
    "18_wide_export": wide_export,
}


def run(query, save=None):
    start = time.perf_counter()
    rows = QUERIES[query]().collect(engine="streaming").to_arrow()
    seconds = time.perf_counter() - start
    if save:
        with pyarrow.ipc.new_file(save, rows.schema) as writer:
            writer.write_table(rows)
    return {"seconds": seconds, "rows": rows.num_rows}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"names": list(QUERIES)} if "names" in request else run(**request)
        except Exception as error:  # whatever it is, the other side has to hear of it
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
