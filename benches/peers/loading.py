"""csv.gz into each engine's own store, in turn, against nothing but inflating the largest file."""

import os
import shutil
import sys

from settings import HERE, median, say
from worker import Worker, folder_bytes, run_to_end

LARGEST = "icu/chartevents.csv.gz"


def measure(settings, data, place):
    """Loads with both engines and leaves the last home and database in `place`."""
    say("  loading")
    runs = {"bedside": [], "duckdb": [], "bedside_chartevents": [], "gunzip_chartevents": []}
    alone = only_largest(data, place)
    for _ in range(settings.long_rounds):
        runs["bedside"].append(load_bedside(settings, data, fresh(place / "home")))
        runs["duckdb"].append(load_duckdb(settings, data, place / "loaded.duckdb"))
        runs["gunzip_chartevents"].append(run_to_end(["sh", "-c", f"gunzip -c '{data / LARGEST}' > /dev/null"]))
        local = ["--release", "mimiciv-local-00000001"]
        runs["bedside_chartevents"].append(load_bedside(settings, alone, fresh(place / "alone_home"), *local))
    result = {name: {key: median([run[key] for run in of]) for key in ("seconds", "processor", "peak_bytes")} for name, of in runs.items()}
    shutil.rmtree(place / "alone_home")
    result["source_bytes"] = sum(path.stat().st_size for path in data.glob("*/*.csv.gz"))
    result["bedside"]["bytes"] = folder_bytes(place / "home/releases")
    item = sum(folder_bytes(folder) for folder in (place / "home/releases").glob("*/*/*/*") if "item" in folder.name)
    result["bedside"]["bytes_one_layout"] = result["bedside"]["bytes"] - item
    result["duckdb"]["bytes"] = (place / "loaded.duckdb").stat().st_size
    return result


def load_bedside(settings, data, home, *arguments):
    return run_to_end(settings.bedside(home, "load", data, "--no-concepts", *arguments), settings.environment)


def load_duckdb(settings, data, file):
    """In a process of its own, whose peak memory is that of the load."""
    file.unlink(missing_ok=True)
    worker = duckdb_worker(settings, file)
    answer = checked(worker.ask(do="load", data=str(data)))
    answer["peak_bytes"] = worker.peak_bytes()
    worker.close()
    return answer


def duckdb_worker(settings, file):
    return Worker([settings.python, HERE / "duckdb_worker.py", file, settings.threads, settings.memory])


def only_largest(data, place):
    """A source of the patients and the largest table alone."""
    alone = fresh(place / "alone")
    for name in ("hosp/patients.csv.gz", LARGEST):
        (alone / name).parent.mkdir(parents=True)
        os.symlink((data / name).resolve(), alone / name)
    return alone


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def checked(answer):
    if "error" in answer:
        sys.exit(answer["error"])
    return answer
