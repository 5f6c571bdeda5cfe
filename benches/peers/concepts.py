"""All derived tables: from scratch, and each by itself."""

import shutil
import subprocess

import catalogue
import dialect
from loading import checked
from queries import one
from settings import median, say
from worker import run_to_end


def from_scratch(settings, place, duckdb):
    """Builds all tables anew with each engine, in turn. Leaves them built in `place/home` and in the database."""
    say("  derived tables from scratch")
    plain, built = place / "home", place / "built"
    runs = {"bedside": [], "duckdb": []}
    for _ in range(settings.long_rounds):
        shutil.rmtree(built, ignore_errors=True)
        # Files are never changed once written, so links will do.
        subprocess.run(["cp", "-al", plain, built], check=True)
        runs["bedside"].append(run_to_end(settings.bedside(built, "--memory", settings.memory, "concepts", "build"), settings.environment))
        runs["duckdb"].append(build_duckdb(duckdb))
    shutil.rmtree(plain)
    built.rename(plain)
    keys = {"bedside": ("seconds", "processor", "peak_bytes"), "duckdb": ("seconds", "processor")}
    return {engine: {key: median([run[key] for run in of]) for key in keys[engine]} for engine, of in runs.items()}


def build_duckdb(duckdb):
    checked(duckdb.ask(do="execute", sql="DROP SCHEMA IF EXISTS mimiciv_derived CASCADE; CREATE SCHEMA mimiciv_derived"))
    steps = [f"CREATE TABLE mimiciv_derived.{name} AS {dialect.duckdb(text)}" for name, text, _ in catalogue.concepts()]
    answers = [checked(duckdb.ask(do="execute", sql=sql)) for sql in [*steps, "CHECKPOINT"]]
    return {key: sum(answer[key] for answer in answers) for key in ("seconds", "processor")}


def each(settings, place, bedside, duckdb):
    """Every definition as a query on tables that are there, engines taking turns."""
    say("  derived tables one by one")
    result = {}
    for name, text, _ in catalogue.concepts():
        theirs = dialect.duckdb(text)
        takes = {
            "bedside": lambda **more: bedside.ask(sql=text, **more),
            "duckdb_loaded": lambda **more: duckdb.ask(do="run", sql=theirs, **more),
        }
        result[name] = one(settings, place, takes)
    return result
