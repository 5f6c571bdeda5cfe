"""The twenty queries: the same rows first, then times, engines taking turns."""

from rows import difference, read
from settings import HERE, median, say
from worker import Worker

FORMS = ("loaded", "by_item", "parquet")


def measure(settings, place, bedside, duckdb, polars, subject):
    say("  queries")
    result = {}
    for path in sorted((HERE / "queries").glob("*.google.sql")):
        name = path.name.removesuffix(".google.sql")
        ours = path.read_text().replace("{subject}", str(subject))
        theirs = path.with_name(f"{name}.duckdb.sql").read_text().replace("{subject}", str(subject))
        takes = {"bedside": lambda **more: bedside.ask(sql=ours, **more)}
        for form in FORMS:
            takes[f"duckdb_{form}"] = lambda form=form, **more: duckdb.ask(do="run", sql=theirs, form=form, **more)
        if polars and name in polars.names:
            takes["polars"] = lambda **more: polars.ask(query=name, **more)
        result[name] = one(settings, place, takes)
    return result


def one(settings, place, takes):
    """Checks and times one query on all engines."""
    saved = {engine: place / f"{engine}.arrow" for engine in takes}
    # This is the warm-up too.
    answers = {engine: take(save=str(saved[engine])) for engine, take in takes.items()}
    result = {}
    for engine, answer in answers.items():
        if "error" in answer:
            result[engine] = {"error": answer["error"]}
        elif engine != "bedside" and "error" not in answers["bedside"]:
            unlike = difference(saved["bedside"], saved[engine])
            result[engine] = {"rows": answer["rows"]} | ({"other_rows": unlike} if unlike else {})
        else:
            result[engine] = {"rows": answer["rows"]}
    times = {engine: [] for engine, answer in answers.items() if "error" not in answer}
    for _ in range(settings.rounds):
        for engine in times:
            times[engine].append(takes[engine]())
    for engine, of in times.items():
        for key in ("seconds", "processor", "planning"):
            if key in of[0]:
                result[engine][key] = median([answer[key] for answer in of])
    for path in saved.values():
        path.unlink(missing_ok=True)
    return result


def bedside_worker(settings, home):
    return Worker([settings.stopwatch, home, settings.threads, settings.memory])


def polars_worker(settings, folder):
    worker = Worker([settings.python, HERE / "polars_worker.py", folder], settings.environment)
    worker.names = worker.ask(names=True)["names"]
    return worker
