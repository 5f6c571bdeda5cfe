"""google-cloud-bigquery: statements and their rows."""

import datetime
import decimal
import unittest
import uuid

import common
from google.api_core import exceptions
from google.cloud import bigquery

STAYS = "`physionet-data.mimiciv_icu.icustays`"
LARGE = "SELECT x, CONCAT('row ', CAST(x AS STRING)) AS text FROM UNNEST(GENERATE_ARRAY(1, 40000)) AS x ORDER BY x"


class Query(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = common.client()
        # What no server can make work: see the guide.
        cls.frames = {} if common.version() >= (3, 14) or not common.has_storage() else {"create_bqstorage_client": False}

    def test_query_result_iterates(self):
        rows = list(self.client.query("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL ORDER BY a").result())
        self.assertEqual([tuple(row.values()) for row in rows], [(1, "x"), (2, None)])
        self.assertEqual(rows[0].a, 1)

    def test_the_demo_is_there(self):
        (row,) = self.client.query(f"SELECT COUNT(*) AS n FROM {STAYS}").result()
        self.assertGreater(row.n, 5)

    def test_to_dataframe(self):
        frame = self.client.query("SELECT 1 AS a, 'x' AS b, 1.5 AS c").to_dataframe(**self.frames)
        self.assertEqual(frame.values.tolist(), [[1, "x", 1.5]])

    def test_an_empty_result_has_its_columns(self):
        frame = self.client.query("SELECT 1 AS a, 'x' AS b FROM UNNEST([1]) WHERE FALSE").to_dataframe(**self.frames)
        self.assertEqual((frame.shape, list(frame.columns)), ((0, 2), ["a", "b"]))

    def test_many_rows_come_whole(self):
        frame = self.client.query(LARGE).to_dataframe(**self.frames)
        self.assertEqual((len(frame), frame.x.sum(), frame.text.iloc[-1]), (40000, 40000 * 40001 // 2, "row 40000"))

    def test_to_arrow(self):
        table = self.client.query(LARGE).to_arrow(**self.frames)
        self.assertEqual((table.num_rows, table.column_names), (40000, ["x", "text"]))

    def test_pages(self):
        pages = [list(page) for page in self.client.query(LARGE).result(page_size=15000).pages]
        self.assertEqual([len(page) for page in pages], [15000, 15000, 10000])
        rows = list(self.client.query(LARGE).result(max_results=7))
        self.assertEqual(len(rows), 7)

    @unittest.skipIf(common.version() < (3, 14), "query_and_wait came later")
    def test_query_and_wait(self):
        rows = self.client.query_and_wait(LARGE)
        self.assertEqual((rows.total_rows, sum(1 for _ in rows)), (40000, 40000))
        self.assertEqual(len(self.client.query_and_wait(LARGE, max_results=5).to_dataframe()), 5)
        frame = self.client.query_and_wait(LARGE).to_dataframe()
        self.assertEqual(len(frame), 40000)

    def test_named_parameters(self):
        structure = bigquery.StructQueryParameter("s", bigquery.ScalarQueryParameter("x", "INT64", 1), bigquery.ScalarQueryParameter("y", "STRING", "é"))
        values = [
            ("i", "INT64", -5),
            ("f", "FLOAT64", 1.5),
            ("n", "NUMERIC", decimal.Decimal("1.000000001")),
            ("b", "BOOL", True),
            ("t", "STRING", "it's \"quoted\"\n"),
            ("by", "BYTES", b"\x00\xff"),
            ("d", "DATE", datetime.date(2150, 1, 31)),
            ("dt", "DATETIME", datetime.datetime(2150, 1, 31, 10, 0, 0, 1)),
            ("ti", "TIME", datetime.time(23, 59, 59, 999999)),
            ("ts", "TIMESTAMP", datetime.datetime(2020, 1, 1, 0, 0, 0, 123456, tzinfo=datetime.timezone.utc)),
            ("nothing", "INT64", None),
        ]
        parameters = [bigquery.ScalarQueryParameter(name, kind, value) for name, kind, value in values]
        parameters += [structure, bigquery.ArrayQueryParameter("a", "INT64", [1, 2, 3]), bigquery.ArrayQueryParameter("empty", "STRING", [])]
        text = "SELECT " + ", ".join(f"@{name}" for name, _, _ in values) + ", @s, @a, @empty, @s.y"
        (row,) = self.client.query(text, job_config=bigquery.QueryJobConfig(query_parameters=parameters)).result()
        self.assertEqual(list(row.values()), [value for _, _, value in values] + [{"x": 1, "y": "é"}, [1, 2, 3], [], "é"])

    def test_positional_parameters(self):
        parameters = [bigquery.ScalarQueryParameter(None, "INT64", 2), bigquery.ArrayQueryParameter(None, "STRING", ["a", "b"])]
        (row,) = self.client.query("SELECT ? + 1, ?", job_config=bigquery.QueryJobConfig(query_parameters=parameters)).result()
        self.assertEqual(list(row.values()), [3, ["a", "b"]])

    def test_dry_run(self):
        job = self.client.query(f"SELECT stay_id, los FROM {STAYS}", job_config=bigquery.QueryJobConfig(dry_run=True))
        (count,) = self.client.query(f"SELECT COUNT(*) AS n, COUNT(los) AS los FROM {STAYS}").result()
        self.assertEqual(job.state, "DONE")
        self.assertEqual(job.total_bytes_processed, 8 * (count.n + count.los))

    def test_a_limit_on_bytes_is_kept(self):
        config = bigquery.QueryJobConfig(maximum_bytes_billed=1)
        with self.assertRaisesRegex(Exception, "bytes billed: 1"):
            self.client.query(f"SELECT * FROM {STAYS}", job_config=config).result()

    def test_default_dataset(self):
        config = bigquery.QueryJobConfig(default_dataset="physionet-data.mimiciv_icu")
        (row,) = self.client.query("SELECT COUNT(*) AS n FROM icustays", job_config=config).result()
        self.assertGreater(row.n, 5)

    def test_labels_priority_and_job_ids_are_kept(self):
        name = f"mine_{uuid.uuid4().hex}"
        config = bigquery.QueryJobConfig(labels={"study": "sepsis"}, priority="BATCH")
        self.client.query("SELECT 1", job_id=name, job_config=config).result()
        job = self.client.get_job(name)
        self.assertEqual((job.labels, job.priority, job.state, job.statement_type), ({"study": "sepsis"}, "BATCH", "DONE", "SELECT"))
        with self.assertRaises(exceptions.Conflict):
            self.client.query("SELECT 2", job_id=name, retry=None, job_retry=None).result()
        self.assertIn(name, [job.job_id for job in self.client.list_jobs(max_results=20)])

    def test_a_script_and_its_children(self):
        job = self.client.query("CREATE TEMP TABLE t AS SELECT 1 AS x; SELECT x + 1 AS y FROM t;")
        self.assertEqual([row.y for row in job.result()], [2])
        self.assertEqual((job.statement_type, job.num_child_jobs), ("SCRIPT", 2))
        self.assertEqual(len(list(self.client.list_jobs(parent_job=job.job_id))), 2)

    def test_statements_that_write(self):
        name = f"writes_{uuid.uuid4().hex}"
        self.assertEqual(list(self.client.query(f"CREATE SCHEMA {name}").result()), [])
        self.client.query(f"CREATE TABLE {name}.t AS SELECT 1 AS x UNION ALL SELECT 2").result()
        job = self.client.query(f"UPDATE {name}.t SET x = x + 1 WHERE TRUE")
        self.assertEqual((list(job.result()), job.num_dml_affected_rows), ([], 2))
        config = bigquery.QueryJobConfig(destination=f"local.{name}.u", write_disposition="WRITE_TRUNCATE")
        for _ in range(2):
            rows = self.client.query(f"SELECT x FROM {name}.t ORDER BY x", job_config=config).result()
            self.assertEqual([row.x for row in rows], [2, 3])
        self.assertEqual(self.client.get_table(f"local.{name}.u").num_rows, 2)
        self.client.delete_dataset(name, delete_contents=True)

    def test_cancel(self):
        slow = "SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 1000000)) a JOIN UNNEST(GENERATE_ARRAY(1, 1000000)) b ON MOD(a * b, 7) = 3"
        job = self.client.query(slow)
        job.cancel()
        with self.assertRaises(Exception):
            job.result(retry=None, timeout=30)
        job.reload()
        self.assertEqual((job.state, job.error_result["reason"]), ("DONE", "stopped"))


if __name__ == "__main__":
    unittest.main()
