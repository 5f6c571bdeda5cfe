"""What MIMIC-IV is, from datasets/mimiciv.toml: for peers, which must be told the types that we know."""

import gzip
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# GoogleSQL's types in DuckDB.
DUCKDB_TYPES = {
    "INT64": "BIGINT",
    "FLOAT64": "DOUBLE",
    "STRING": "VARCHAR",
    "DATETIME": "TIMESTAMP",
    "DATE": "DATE",
    "NUMERIC": "DECIMAL(38, 9)",
}
# And in PostgreSQL.
POSTGRES_TYPES = {
    "INT64": "bigint",
    "FLOAT64": "double precision",
    "STRING": "text",
    "DATETIME": "timestamp",
    "DATE": "date",
    "NUMERIC": "numeric(38, 9)",
}


def tables(data: Path):
    """The tables whose files are in a folder: module, name, file; of its columns name, GoogleSQL type and whether it may be NULL."""
    catalogue = tomllib.loads((ROOT / "datasets/mimiciv.toml").read_text())
    for table in catalogue["table"]:
        path = data / table["module"] / f"{table['name']}.csv.gz"
        if not path.exists():
            continue
        types = {column["name"].lower(): (column["type"], column.get("nullable", True)) for column in table["columns"]}
        with gzip.open(path, "rt") as file:
            header = file.readline().strip().lower().split(",")
        yield table["module"], table["name"], path, [(name, *types[name]) for name in header]


def concepts():
    """The derived tables, parents first: name, definition in GoogleSQL, page of facts."""
    found = {path.stem: path for path in sorted((ROOT / "concepts/mimiciv").glob("*/*.sql"))}
    texts = {name: path.read_text() for name, path in found.items()}
    done: list[str] = []
    while len(done) < len(found):
        ready = [name for name in found if name not in done and parents(texts[name], found) <= set(done)]
        if not ready:
            raise SystemExit("the definitions of the derived tables go round in a circle")
        done += ready
    for name in done:
        yield name, texts[name], tomllib.loads(found[name].with_suffix(".toml").read_text())


def parents(text: str, names) -> set[str]:
    return {name for name in names if f"mimiciv_derived.{name}`" in text}
