"""DuckDB in one warm process: `duckdb_worker.py FILE THREADS MEMORY_BYTES`, a JSON object a line in and out.

Its best honest form: types given, so that nothing is sniffed; as many threads as bedside; the order of insertion need not be
kept. `form` says what a statement reads: "loaded" is DuckDB's own tables in the files' order, "by_item" has chartevents and
labevents sorted by item, patient and time, "parquet" reads the Parquet files that DuckDB wrote of its tables.
"""

import json
import sys
import time
from pathlib import Path

import catalogue
import duckdb
import pyarrow.ipc

# What the item layout of bedside holds too.
BY_ITEM = {"icu": "chartevents", "hosp": "labevents"}


def main() -> None:
    file, threads, memory = sys.argv[1:]
    connection = duckdb.connect(file)
    connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false; SET memory_limit = '{memory} B'")
    deeds = {"load": load, "sort": sort, "write_parquet": write_parquet, "open_parquet": open_parquet, "run": run, "execute": execute}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = deeds[request.pop("do")](connection, **request)
        except Exception as error:  # whatever it is, the other side has to hear of it
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


def load(connection, data):
    """csv.gz into tables of DuckDB's own."""
    start = time.perf_counter()
    for module in ("hosp", "icu", "derived"):
        connection.execute(f"CREATE SCHEMA mimiciv_{module}")
    for module, name, path, columns in catalogue.tables(Path(data)):
        types = ", ".join(f"'{column}': '{catalogue.DUCKDB_TYPES[kind]}'" for column, kind, _ in columns)
        # In a text column that is never NULL, an empty field is the empty text.
        texts = ", ".join(f"'{column}'" for column, kind, nullable in columns if kind == "STRING" and not nullable)
        options = f"auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', force_not_null = [{texts}]"
        source = f"read_csv('{path}', {options}, columns = {{{types}}})"
        connection.execute(f"CREATE TABLE mimiciv_{module}.{name} AS SELECT * FROM {source}")
    connection.execute("CHECKPOINT")
    return {"seconds": time.perf_counter() - start}


def sort(connection):
    """The two item tables once more, sorted by item."""
    start = time.perf_counter()
    connection.execute("CREATE SCHEMA by_item; SET preserve_insertion_order = true")
    for module, name in BY_ITEM.items():
        order = "itemid, subject_id, charttime"
        connection.execute(f"CREATE TABLE by_item.{name} AS SELECT * FROM mimiciv_{module}.{name} ORDER BY {order}")
    connection.execute("SET preserve_insertion_order = false; CHECKPOINT")
    return {"seconds": time.perf_counter() - start}


def write_parquet(connection, data, folder):
    """Parquet as DuckDB writes it, compressed as bedside compresses."""
    start = time.perf_counter()
    for module, name, _, _ in catalogue.tables(Path(data)):
        target = Path(folder) / module / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        connection.execute(f"COPY mimiciv_{module}.{name} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    return {"seconds": time.perf_counter() - start}


def open_parquet(connection, folder):
    for path in sorted(Path(folder).glob("*/*.parquet")):
        schema = f"parquet_{path.parent.name}"
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        connection.execute(f"CREATE OR REPLACE VIEW {schema}.{path.stem} AS SELECT * FROM '{path}'")
    return {}


def execute(connection, sql):
    """A statement that gives no rows."""
    start = time.perf_counter()
    connection.execute(sql)
    return {"seconds": time.perf_counter() - start}


def run(connection, sql, form="loaded", save=None):
    """A query with all its rows as an Arrow table."""
    sql = in_form(sql, form)
    start = time.perf_counter()
    table = connection.sql(sql).to_arrow_table()
    seconds = time.perf_counter() - start
    if save:
        with pyarrow.ipc.new_file(save, table.schema) as writer:
            writer.write_table(table)
    return {"seconds": seconds, "rows": table.num_rows}


def in_form(sql, form):
    if form == "by_item":
        for module, name in BY_ITEM.items():
            sql = sql.replace(f"mimiciv_{module}.{name}", f"by_item.{name}")
    if form == "parquet":
        sql = sql.replace("mimiciv_icu.", "parquet_icu.").replace("mimiciv_hosp.", "parquet_hosp.")
    return sql


if __name__ == "__main__":
    main()
