"""Every derived table over the API, cell by cell as `bedside query` has it: by tabledata.list, and as the result of a query."""

import collections
import json
import math
import os
import subprocess
import unittest

import common
from common import request

DATASETS = ["mimiciv_derived", "mimiciii_derived"]
PUBLIC = "/bigquery/v2/projects/physionet-data"


def ask(path, body=None):
    status, _, document = request("POST" if body else "GET", path, body)
    if status != 200:
        raise AssertionError(f"{path}: {status} {document}")
    return document


def pages(first, path, separator):
    """All rows from a first page on."""
    rows = list(first.get("rows", []))
    while "pageToken" in first:
        first = ask(f"{path}{separator}pageToken={first['pageToken']}")
        rows += first["rows"]
    return rows


def value(cell, field):
    """A cell as the command line's JSON has it."""
    if field.get("mode") == "REPEATED":
        return [value(element["v"], {**field, "mode": "NULLABLE"}) for element in cell]
    if cell is None:
        return None
    kind = field["type"]
    if kind == "RECORD":
        return {inner["name"]: value(part["v"], inner) for part, inner in zip(cell["f"], field["fields"])}
    if kind == "INTEGER":
        return int(cell)
    if kind == "FLOAT":
        number = float(cell)
        return cell if math.isnan(number) or math.isinf(number) else number
    if kind == "NUMERIC":
        # As TO_JSON_STRING: a number where a reader of JSON cannot lose digits, else a text.
        return cell if "." in cell else int(cell)
    if kind == "BOOLEAN":
        return {"true": True, "false": False}[cell]
    return cell


def written(row):
    """A row as text that is equal where every cell is. NaN is a text already, and a whole float and an integer differ by type alone."""
    return json.dumps({name: float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell for name, cell in row.items()}, sort_keys=True)


def of_api(rows, schema):
    fields = schema["fields"]
    return collections.Counter(written({field["name"]: value(cell["v"], field) for field, cell in zip(fields, row["f"])}) for row in rows)


def of_command_line(table):
    done = subprocess.run([common.PROGRAM, "query", "--format", "ndjson", f"SELECT * FROM `physionet-data.{table}`"], check=True, capture_output=True, text=True)
    return collections.Counter(written(json.loads(line)) for line in done.stdout.splitlines())


class Concepts(unittest.TestCase):
    maxDiff = 2000

    def test_every_derived_table_is_the_same_by_every_way(self):
        tables = cells = 0
        present = {dataset["datasetReference"]["datasetId"] for dataset in ask(f"{PUBLIC}/datasets?maxResults=1000").get("datasets", [])}
        for dataset in DATASETS:
            if dataset not in present:
                continue
            for listed in ask(f"{PUBLIC}/datasets/{dataset}/tables?maxResults=1000")["tables"]:
                name = listed["tableReference"]["tableId"]
                with self.subTest(f"{dataset}.{name}"):
                    path = f"{PUBLIC}/datasets/{dataset}/tables/{name}"
                    expected = of_command_line(f"{dataset}.{name}")
                    schema = ask(path)["schema"]
                    data = pages(ask(f"{path}/data?formatOptions.timestampOutputFormat=ISO8601_STRING"), f"{path}/data?formatOptions.timestampOutputFormat=ISO8601_STRING", "&")
                    self.assertEqual(of_api(data, schema), expected)
                    body = {"query": f"SELECT * FROM `physionet-data.{dataset}.{name}`", "useLegacySql": False, "timeoutMs": 100_000}
                    answer = ask("/bigquery/v2/projects/local/queries", body)
                    place = f"/bigquery/v2/projects/local/queries/{answer['jobReference']['jobId']}"
                    self.assertEqual(of_api(pages(answer, place, "?"), answer["schema"]), expected)
                    tables += 1
                    cells += sum(expected.values()) * len(schema["fields"])
        self.assertGreaterEqual(tables, 60)
        print(f"concepts: {tables} derived tables with {cells} cells are the same over the API")


if __name__ == "__main__":
    unittest.main()
