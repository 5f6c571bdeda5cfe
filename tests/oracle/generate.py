"""Records what the reference implementation answers to every case, into gold/<family>.jsonl.

usage: python tests/oracle/generate.py [--all]
Answers that are recorded already are kept unless --all is given; cases that are gone go. The same seed gives the same cases.
"""

import hashlib
import json
import random
import re
import sys
from pathlib import Path

from cases import (
    aggregates,
    arrays,
    casts,
    conditions,
    dates,
    formats,
    grouping_sets,
    hashes,
    json_changes,
    jsons,
    likes,
    literals,
    maths,
    nets,
    operators,
    pipes,
    queries,
    ranges,
    recursions,
    series,
    set_operations,
    texts,
    unpivots,
    windows,
    withs,
)
from driver import Oracle

SEED = 20200229
GOLD = Path(__file__).parent / "gold"
FAMILIES = {
    "operator": operators,
    "cast": casts,
    "cast by format": formats,
    "literal": literals,
    "conditional": conditions,
    "aggregate": aggregates,
    "window": windows,
    "date and time": dates,
    "math": maths,
    "string": texts,
    "array": arrays,
    "hash": hashes,
    "json": jsons,
    "json change": json_changes,
    "net": nets,
    "time series": series,
    "range": ranges,
    "query": queries,
    "grouping sets": grouping_sets,
    "like any": likes,
    "pipe syntax": pipes,
    "recursion": recursions,
    "set operation by name": set_operations,
    "unpivot": unpivots,
    "with expression": withs,
}
NULL = re.compile(r"\bNULL\b")
EDGE = re.compile(
    r"'nan'|'-?inf'|-0\.0|''|\b922337203685477\d+|9999-12-31|0001-01-|02-29|\d[eE]-?\d{2,}|[^\x00-\x7f]|\[\]|"
    r"9{20,}|5e-324|\\x|\\u|b''"
)


def main():
    again = "--all" in sys.argv
    oracle = None
    GOLD.mkdir(exist_ok=True)
    for family, module in FAMILIES.items():
        path = GOLD / f"{family.replace(' ', '_')}.jsonl"
        lines = path.read_text().split("\n")[:-1] if path.exists() and not again else []
        recorded = {case["statement"]: case for case in map(json.loads, lines)}
        cases = []
        for statement in dict.fromkeys(module.cases(random.Random(SEED))):
            case = recorded.get(statement)
            if case is None:
                oracle = oracle or Oracle()
                answer = oracle.answer(statement)
                if outside(answer):
                    continue
                case = {"id": identity(statement), "family": family, "kind": kind(statement, answer), "statement": statement}
                case |= {"ordered": ordered(statement)} if "rows" in answer else {}
                case |= answer
            cases.append(case)
        text = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
        path.write_text(text)
        print(f"{family}: {len(cases)} cases, {sum(c['kind'] == 'refusal' for c in cases)} refusals")


def identity(statement):
    return hashlib.sha256(statement.encode()).hexdigest()[:12]


def kind(statement, answer):
    if "refusal" in answer:
        return "refusal"
    if EDGE.search(statement):
        return "edge"
    return "null" if NULL.search(statement) else "value"


def outside(answer):
    """What this build of the reference implementation does not have is no refusal of the language."""
    refused = answer.get("refusal")
    return refused is not None and refused["code"] not in ("INVALID_ARGUMENT", "OUT_OF_RANGE", "NOT_FOUND")


def ordered(statement):
    """Whether an ORDER BY stands outside every bracket, quote and comment, behind all pipe operators."""
    depth, at = 0, 0
    statement = statement.rsplit("|>", 1)[-1]
    plain = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`|--[^\n]*|#[^\n]*|/\*.*?\*/", " ", statement, flags=re.S)
    for word in re.finditer(r"[()\[\]]|\bORDER\s+BY\b", plain):
        if word[0] in "([":
            depth += 1
        elif word[0] in ")]":
            depth -= 1
        elif depth == 0:
            at = word.start()
    return at > 0


if __name__ == "__main__":
    main()
