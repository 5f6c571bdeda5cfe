"""The bq command, where it is installed, set up by `bedside client-setup bq` alone."""

import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import unittest
import uuid


def bq(*words, fails=False):
    done = subprocess.run(["bq", "--headless", "--quiet", *words], capture_output=True, text=True, timeout=120)
    if (done.returncode != 0) != fails:
        raise AssertionError(f"bq {words}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


@unittest.skipUnless(shutil.which("bq"), "bq is not installed")
class Bq(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.name = f"bq_{uuid.uuid4().hex[:8]}"
        bq("mk", "--dataset", cls.name)

    @classmethod
    def tearDownClass(cls):
        bq("rm", "-r", "-f", "-d", cls.name)

    def test_query(self):
        rows = json.loads(bq("--format=json", "query", "SELECT 1 AS a, 'é' AS b"))
        self.assertEqual(rows, [{"a": "1", "b": "é"}])
        text = bq("--format=csv", "query", "--max_rows=300", "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 250)) AS x ORDER BY x")
        self.assertEqual(len(list(csv.reader(io.StringIO(text)))), 251)
        self.assertIn("will process", subprocess.run(["bq", "query", "--dry_run", "SELECT stay_id FROM mimiciv_icu.icustays"], capture_output=True, text=True).stdout)
        rows = json.loads(bq("--format=json", "query", "--parameter=a:INT64:5", "--parameter=b:ARRAY<STRING>:[\"x\"]", "SELECT @a + 1 AS a, @b[OFFSET(0)] AS b"))
        self.assertEqual(rows, [{"a": "6", "b": "x"}])
        self.assertIn("bytes billed", bq("query", "--maximum_bytes_billed=1", "SELECT * FROM mimiciv_icu.icustays", fails=True))
        self.assertIn("Unrecognized name", bq("query", "SELECT nothing", fails=True))

    def test_looking_around(self):
        self.assertIn("physionet-data", bq("ls", "-p"))
        self.assertIn("mimiciv_icu", bq("ls", "--datasets", "physionet-data:"))
        self.assertIn("icustays", bq("ls", "-n", "500", "physionet-data:mimiciv_icu"))
        self.assertIn("stay_id", bq("show", "physionet-data:mimiciv_icu.icustays"))
        self.assertEqual(len(json.loads(bq("--format=json", "head", "-n", "2", "physionet-data:mimiciv_icu.icustays"))), 2)
        self.assertIn("SUCCESS", bq("ls", "-j", "-n", "3"))

    def test_tables_of_ones_own(self):
        bq("query", "--max_rows=0", "--replace", f"--destination_table={self.name}.t", "SELECT 1 AS a, 'x' AS b")
        bq("cp", "-f", f"{self.name}.t", f"{self.name}.u")
        rows = json.loads(bq("--format=json", "query", f"SELECT * FROM {self.name}.u"))
        self.assertEqual(rows, [{"a": "1", "b": "x"}])
        # bq extracts to gs:// only.
        file = pathlib.Path(os.environ["BEDSIDE_EXCHANGE"]) / "u.csv"
        file.write_text("a,b\n1,x\n")
        bq("load", "--source_format=CSV", "--skip_leading_rows=1", f"{self.name}.v", str(file), "a:INTEGER,b:STRING")
        self.assertEqual(json.loads(bq("--format=json", "head", f"{self.name}.v")), rows)
        bq("rm", "-f", "-t", f"{self.name}.v")
        self.assertIn("Not found", bq("show", f"{self.name}.v", fails=True))

    def test_a_script_and_the_job_of_it(self):
        bq("query", f"CREATE TABLE {self.name}.s AS SELECT 1 AS x; SELECT x FROM {self.name}.s")
        self.assertEqual(json.loads(bq("--format=json", "head", f"{self.name}.s")), [{"x": "1"}])
        bq("--synchronous_mode=false", "query", "SELECT 1")
        job = json.loads(bq("--format=json", "ls", "-j", "-n", "1"))[0]["jobReference"]["jobId"]
        self.assertIn("DONE", bq("--format=json", "show", "-j", job))
        bq("cancel", job)


if __name__ == "__main__":
    unittest.main()
