"""Starting: a whole process for one statement."""

from settings import median, say
from worker import run_to_end

HEART_RATE = "SELECT stay_id, AVG(valuenum) AS average FROM {}mimiciv_icu.chartevents{} WHERE itemid = 220045 GROUP BY stay_id"


def measure(settings, place):
    say("  cold start")
    ours = {"select_1": "SELECT 1", "one_item": HEART_RATE.format("`physionet-data.", "`")}
    theirs = {"select_1": "SELECT 1", "one_item": HEART_RATE.format("", "")}
    script = "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=True).sql(sys.argv[2]).to_arrow_table()"
    result = {}
    for name in ours:
        output = place / "cold.arrow"
        commands = {
            "bedside": settings.bedside(place / "home", "query", ours[name], "--format", "arrow", "--output", output),
            "duckdb": [settings.python, "-c", script, place / "loaded.duckdb", theirs[name]],
        }
        times = {engine: [] for engine in commands}
        for _ in range(settings.rounds):
            for engine, command in commands.items():
                times[engine].append(run_to_end(command, settings.environment)["seconds"])
        result[name] = {engine: median(of) for engine, of in times.items()}
    return result
