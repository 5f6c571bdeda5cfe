"""The comparison as Markdown, from the same dictionary that goes to JSON. A ratio is peer ÷ bedside: above 1 bedside is faster."""

import math

MEGA = 1_000_000
PEERS = ("duckdb_loaded", "duckdb_by_item", "duckdb_parquet", "polars")


def text(result):
    parts = [machine(result["machine"])]
    for size, of in result["sizes"].items():
        parts += [f"## {size:,} patients", loading(of["loading"], of), queries(of), concepts(of), starts(of["cold"])]
    if len(result["sizes"]) > 1:
        parts += ["## Growth", growth(result["sizes"])]
    if result["postgres"]:
        parts += ["## PostgreSQL", postgres(result)]
    return "\n\n".join(parts)


def wrong(result):
    """What must not be: an engine that fails, or gives other rows."""
    lines = []
    for size, of in result["sizes"].items():
        for part in ("queries", "each_concept"):
            for name, engines in of[part].items():
                for engine, answer in engines.items():
                    fault = answer.get("error") or answer.get("other_rows")
                    if fault:
                        lines.append(f"{size} patients, {name}, {engine}: {fault}")
    return lines


def machine(of):
    versions = ", ".join(f"{name} {version}" for name, version in of["versions"].items())
    memory = of["memory_bytes"] / (1 << 30)
    return f"{of['processor']}, {of['cores']} cores, {memory:.0f} GiB, {of['system']}; {of['threads']} threads each; {versions}; load before: {of['load_before']:.1f}."


def loading(of, whole):
    ours, theirs = of["bedside"], of["duckdb"]
    source = of["source_bytes"]
    rows = [
        ("bedside, both layouts", ours, ours["bytes"]),
        ("DuckDB, its own tables", theirs, theirs["bytes"]),
        ("bedside, chartevents alone, both layouts", of["bedside_chartevents"], None),
        ("gunzip of chartevents, nothing else", of["gunzip_chartevents"], None),
    ]
    lines = [
        f"csv.gz of {source / MEGA:,.1f} MB into a store:",
        "",
        "| what | s | processor s | peak MB | on disk MB |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, run, size in rows:
        peak = f"{run['peak_bytes'] / MEGA:,.0f}" if run.get("peak_bytes") and run is not of["gunzip_chartevents"] else ""
        lines.append(f"| {name} | {run['seconds']:.2f} | {run['processor']:.2f} | {peak} | {f'{size / MEGA:,.1f}' if size else ''} |")
    lines += [
        f"| DuckDB, sorting the two item tables as well | {of['duckdb_sort']['seconds']:.2f} | {of['duckdb_sort']['processor']:.2f} | | |",
        f"| DuckDB, writing its tables as Parquet | {of['duckdb_parquet']['seconds']:.2f} | {of['duckdb_parquet']['processor']:.2f} | | {of['duckdb_parquet']['bytes'] / MEGA:,.1f} |",
        "",
        f"Loading, DuckDB ÷ bedside: **{theirs['seconds'] / ours['seconds']:.2f}** by the clock, {theirs['processor'] / ours['processor']:.2f} by processor time. "
        f"chartevents against gunzip: **{of['bedside_chartevents']['seconds'] / of['gunzip_chartevents']['seconds']:.2f}** times. "
        f"Patient order alone takes {ours['bytes_one_layout'] / MEGA:,.1f} MB, **{ours['bytes_one_layout'] / source:.2f}** of the csv.gz.",
    ]
    return "\n".join(lines)


def queries(of):
    lines = [
        "Queries, milliseconds, median, warm, all rows as Arrow; peer ÷ bedside in brackets:",
        "",
        "| query | rows | bedside | of it planning | DuckDB | DuckDB by item | DuckDB Parquet | Polars |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, engines in of["queries"].items():
        ours = engines["bedside"]
        cells = [name, f"{ours.get('rows', 0):,}", milliseconds(ours), f"{ours.get('planning', 0) * 1000:.0f}"]
        cells += [compared(engines.get(peer), ours) for peer in PEERS]
        lines.append("| " + " | ".join(cells) + " |")
    means = [f"{mean(of['queries'], peer):.2f}" if mean(of["queries"], peer) else "" for peer in PEERS]
    lines.append("| **geometric mean of the ratios** | | | | " + " | ".join(f"**{value}**" for value in means) + " |")
    peaks = ", ".join(f"{name} {peak / MEGA:,.0f} MB" for name, peak in of["query_peak_bytes"].items() if peak)
    return "\n".join([*lines, "", f"Peak memory of the processes that answered: {peaks}."])


def concepts(of):
    ours, theirs = of["concepts"]["bedside"], of["concepts"]["duckdb"]
    lines = [
        f"All {len(of['each_concept'])} derived tables from scratch: bedside {ours['seconds']:.1f} s ({ours['processor']:.1f} s of processor, "
        f"peak {ours['peak_bytes'] / MEGA:,.0f} MB), DuckDB {theirs['seconds']:.1f} s ({theirs['processor']:.1f} s of processor); "
        f"DuckDB ÷ bedside **{theirs['seconds'] / ours['seconds']:.2f}**. bedside's time holds sorting, checking keys, hashing and publishing each table.",
        "",
        "Each definition as a query, milliseconds:",
        "",
        "| derived table | rows | bedside | of it planning | DuckDB |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, engines in of["each_concept"].items():
        ours = engines["bedside"]
        planning = f"{ours.get('planning', 0) * 1000:.0f}"
        cells = [name, f"{ours.get('rows', 0):,}", milliseconds(ours), planning, compared(engines["duckdb_loaded"], ours)]
        lines.append("| " + " | ".join(cells) + " |")
    totals = [sum(engines[name].get("seconds", 0) for engines in of["each_concept"].values()) for name in ("bedside", "duckdb_loaded")]
    lines.append(f"| **sum** | | {totals[0] * 1000:,.0f} | | {totals[1] * 1000:,.0f} ({totals[1] / totals[0]:.2f}) |")
    return "\n".join(lines)


def starts(of):
    name = {"select_1": "`SELECT 1`", "one_item": "the heart rate of every stay"}
    parts = [f"{name[key]}: bedside {run['bedside'] * 1000:.0f} ms, DuckDB (with Python) {run['duckdb'] * 1000:.0f} ms" for key, run in of.items()]
    return "Cold, a process for one statement: " + "; ".join(parts) + "."


def growth(sizes):
    names = [str(size) for size in sizes]
    lines = [
        "Seconds at each number of patients, bedside / DuckDB:",
        "",
        "| what | " + " | ".join(names) + " |",
        "|---|" + "--:|" * len(names),
    ]

    def row(title, ours, theirs):
        cells = [f"{ours(of):.3f} / {theirs(of):.3f} ({theirs(of) / ours(of):.2f})" for of in sizes.values()]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")

    for part, title in (("loading", "loading"), ("concepts", "all derived tables")):
        row(title, lambda of, part=part: of[part]["bedside"]["seconds"], lambda of, part=part: of[part]["duckdb"]["seconds"])
    for name in next(iter(sizes.values()))["queries"]:
        if all("seconds" in of["queries"][name][engine] for of in sizes.values() for engine in ("bedside", "duckdb_loaded")):
            row(
                name,
                lambda of, name=name: of["queries"][name]["bedside"]["seconds"],
                lambda of, name=name: of["queries"][name]["duckdb_loaded"]["seconds"],
            )
    return "\n".join(lines)


def postgres(result):
    of = result["postgres"]
    ours = result["sizes"][of["size"]]
    load = of["loading"]
    lines = [
        f"PostgreSQL {of['version']} at {of['size']:,} patients: loading with indexes {load['seconds']:.1f} s "
        f"(bedside {ours['loading']['bedside']['seconds']:.1f} s), {load['bytes'] / MEGA:,.0f} MB on disk.",
        "",
        "| query | bedside ms | PostgreSQL ms |",
        "|---|--:|--:|",
    ]
    for name, answer in of["queries"].items():
        bedside = ours["queries"][name]["bedside"]
        lines.append(f"| {name} | {milliseconds(bedside)} | {compared(answer, bedside)} |")
    return "\n".join(lines)


def mean(of, peer):
    """The geometric mean of peer ÷ bedside over the queries that both answered."""
    pairs = [(engines[peer]["seconds"], engines["bedside"]["seconds"]) for engines in of.values() if both(engines, peer)]
    return math.exp(sum(math.log(theirs / ours) for theirs, ours in pairs) / len(pairs)) if pairs else None


def both(engines, peer):
    return "seconds" in engines.get(peer, {}) and "seconds" in engines["bedside"]


def milliseconds(answer):
    return f"{answer['seconds'] * 1000:,.0f}" if "seconds" in answer else "failed"


def compared(answer, ours):
    if answer is None:
        return ""
    if "seconds" not in answer or "seconds" not in ours:
        return "failed"
    mark = " other rows" if "other_rows" in answer else ""
    return f"{answer['seconds'] * 1000:,.0f} ({answer['seconds'] / ours['seconds']:.2f}){mark}"
