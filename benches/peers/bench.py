"""Compares bedside with its peers on the same files; `cargo xtask bench` calls it with all it needs.

    bench.py --program BEDSIDE --stopwatch STOPWATCH --work FOLDER --data SIZE=FOLDER … [--quick] [--json FILE]
"""

import argparse
import json
import os
import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path

import cold
import concepts
import loading
import postgres
import queries
import report
from settings import Settings, say

# The largest size at which what takes seconds is measured more than once.
LARGE = 3000


def main():
    arguments = parse()
    result = {"machine": machine(arguments.threads), "sizes": {}}
    for size, data in arguments.data:
        say(f"{size} patients, {data}")
        result["sizes"][size] = measure(settings(arguments, size), Path(data))
    result["postgres"] = postgres.measure(settings(arguments, 0), Path(arguments.data[0][1]), arguments.data[0][0])
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(result, indent=1) + "\n")
    print(report.text(result))
    wrong = report.wrong(result)
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


def measure(settings, data):
    """Everything at one size."""
    place = loading.fresh(settings.work / "run")
    result = {"loading": loading.measure(settings, data, place)}
    duckdb = loading.duckdb_worker(settings, place / "loaded.duckdb")
    result["concepts"] = concepts.from_scratch(settings, place, duckdb)
    say("  DuckDB's other forms")
    parquet = place / "parquet"
    result["loading"]["duckdb_sort"] = loading.checked(duckdb.ask(do="sort"))
    result["loading"]["duckdb_parquet"] = loading.checked(duckdb.ask(do="write_parquet", data=str(data), folder=str(parquet)))
    result["loading"]["duckdb_parquet"]["bytes"] = loading.folder_bytes(parquet)
    duckdb.close()

    # The workers that answer queries have done nothing before.
    duckdb = loading.duckdb_worker(settings, place / "loaded.duckdb")
    loading.checked(duckdb.ask(do="open_parquet", folder=str(parquet)))
    bedside = queries.bedside_worker(settings, place / "home")
    polars = queries.polars_worker(settings, parquet)
    result["queries"] = queries.measure(settings, place, bedside, duckdb, polars, subject(duckdb, place))
    workers = {"bedside": bedside, "duckdb": duckdb, "polars": polars}
    result["query_peak_bytes"] = {name: worker.peak_bytes() for name, worker in workers.items()}
    result["each_concept"] = concepts.each(settings, place, bedside, duckdb)
    for worker in workers.values():
        worker.close()
    result["cold"] = cold.measure(settings, place)
    shutil.rmtree(place)
    return result


def subject(duckdb, place):
    """The patient in the middle by number of chart rows."""
    path = place / "subject.arrow"
    counts = "SELECT subject_id FROM mimiciv_icu.chartevents GROUP BY subject_id ORDER BY COUNT(*), subject_id"
    loading.checked(duckdb.ask(do="run", sql=counts, save=str(path)))
    table = queries.read(path)
    return table.column(0)[table.num_rows // 2].as_py()


def settings(arguments, size):
    rounds, long_rounds = (2, 1) if arguments.quick else (5, 1 if size > LARGE else 3)
    return Settings(
        program=Path(arguments.program),
        stopwatch=Path(arguments.stopwatch),
        python=Path(sys.executable),
        work=Path(arguments.work),
        threads=arguments.threads,
        memory=arguments.memory,
        rounds=rounds,
        long_rounds=long_rounds,
    )


def machine(threads):
    model = None
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)
    return {
        "processor": model or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": threads,
        "system": f"{platform.system()} {platform.release()}",
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "load_before": os.getloadavg()[0],
        "versions": {name: metadata.version(name) for name in ("duckdb", "polars", "pyarrow", "sqlglot")},
    }


def parse():
    parser = argparse.ArgumentParser()
    for name in ("program", "stopwatch", "work"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--data", required=True, action="append", type=sized, help="patients=folder of csv.gz, smallest first")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--memory", type=int, default=4 << 30, help="bytes for each engine")
    parser.add_argument("--quick", action="store_true", help="only that everything runs and gives the same rows")
    parser.add_argument("--json")
    return parser.parse_args()


def sized(text):
    size, _, folder = text.partition("=")
    return int(size), folder


if __name__ == "__main__":
    main()
