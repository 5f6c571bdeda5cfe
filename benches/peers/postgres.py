"""PostgreSQL, where its programs are installed: loading and a few queries, at the smallest size measured.

Typed tables, COPY, then the indexes that the community's build scripts make on these columns, then ANALYZE. Queries run
under `EXPLAIN ANALYZE`, which counts planning and making the rows but not sending them: PostgreSQL has no Arrow.
"""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import catalogue
import sqlglot
from loading import fresh
from settings import HERE, median, say
from worker import folder_bytes

QUERIES = ("01_one_item", "02_pivot", "06_labs_first_day", "10_missingness", "17_whole_table", "19_fluid_balance")
INDEXES = {"icu.chartevents": ("itemid", "stay_id"), "hosp.labevents": ("itemid", "subject_id")}
PORT = "54329"


def measure(settings, data, size):
    """None where PostgreSQL is not installed or does not start."""
    programs = find()
    if programs is None:
        return None
    say(f"PostgreSQL, {size} patients")
    place = fresh(settings.work / "postgres").resolve()
    try:
        server = Server(settings, programs, place)
    except SystemExit as error:
        say(f"PostgreSQL was not measured: {error}")
        return None
    try:
        return {"size": size, "version": server.version(), "loading": server.load(data), "queries": server.queries()}
    finally:
        server.stop()
        shutil.rmtree(place)


def find():
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    folders += [Path(found).resolve().parent] if found else []
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


class Server:
    """A server of our own on a socket in `place`."""

    def __init__(self, settings, programs, place):
        self.settings, self.programs, self.place = settings, programs, place
        # The server refuses to run as root.
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.prefix:
            shutil.chown(place, "postgres")
            for folder in place.parents:
                if folder.stat().st_mode & 0o005 != 0o005:
                    raise SystemExit(f"PostgreSQL, which does not run as root, cannot enter {folder}: use --work")
        self.call("initdb", "-D", place / "data", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-k {place} -p {PORT} -c listen_addresses='' -c shared_buffers=1GB -c work_mem=256MB -c maintenance_work_mem=512MB"
        options += f" -c max_wal_size=8GB -c max_parallel_workers_per_gather={settings.threads - 1}"
        self.call("pg_ctl", "-D", place / "data", "-o", options, "-l", place / "log", "-w", "start")

    def call(self, program, *arguments):
        command = [*self.prefix, self.programs / program, *arguments]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=self.place)
        if done.returncode:
            raise SystemExit(f"{program}: {done.stderr}")
        return done.stdout

    def sql(self, text):
        options = ["-h", self.place, "-p", PORT, "-d", "postgres", "-XqAt", "-v", "ON_ERROR_STOP=1"]
        return self.call("psql", *options, "-c", text)

    def version(self):
        return self.sql("SHOW server_version").strip()

    def load(self, data):
        start = time.perf_counter()
        for module in ("hosp", "icu"):
            self.sql(f"CREATE SCHEMA mimiciv_{module}")
        for module, name, path, columns in catalogue.tables(data):
            types = ", ".join(f"{column} {catalogue.POSTGRES_TYPES[kind]}" for column, kind, _ in columns)
            texts = ", ".join(column for column, kind, nullable in columns if kind == "STRING" and not nullable)
            options = "FORMAT csv, HEADER true" + (f", FORCE_NOT_NULL ({texts})" if texts else "")
            self.sql(f"CREATE TABLE mimiciv_{module}.{name} ({types})")
            self.sql(f"COPY mimiciv_{module}.{name} FROM PROGRAM 'gunzip -c {path.resolve()}' ({options})")
        for table, columns in INDEXES.items():
            for column in columns:
                self.sql(f"CREATE INDEX ON mimiciv_{table} ({column})")
        self.sql("ANALYZE")
        return {"seconds": time.perf_counter() - start, "bytes": folder_bytes(self.place / "data/base")}

    def queries(self):
        result = {}
        for name in QUERIES:
            text = (HERE / f"queries/{name}.duckdb.sql").read_text()
            text = sqlglot.transpile(text, read="duckdb", write="postgres")[0]
            explained = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {text}"
            times = []
            for _ in range(1 + self.settings.rounds):
                [plan] = json.loads(self.sql(explained))
                times.append((plan["Planning Time"] + plan["Execution Time"]) / 1000)
            result[name] = {"seconds": median(times[1:]), "rows": plan["Plan"]["Actual Rows"]}
        return result

    def stop(self):
        self.call("pg_ctl", "-D", self.place / "data", "-m", "immediate", "stop")
