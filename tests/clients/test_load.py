"""google-cloud-bigquery: frames and files into tables."""

import io
import unittest
import uuid

import common
from google.cloud import bigquery


class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = common.client()
        cls.name = f"loads_{uuid.uuid4().hex[:8]}"
        cls.client.create_dataset(cls.name)

    @classmethod
    def tearDownClass(cls):
        cls.client.delete_dataset(cls.name, delete_contents=True)

    def rows(self, table):
        return [tuple(row.values()) for row in self.client.query(f"SELECT * FROM {self.name}.{table} ORDER BY 1").result()]

    def test_a_frame(self):
        import pandas

        frame = pandas.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, 2.5]})
        job = self.client.load_table_from_dataframe(frame, f"local.{self.name}.frame")
        job.result()
        self.assertEqual((job.output_rows, self.rows("frame")), (2, [(1, "x", 1.5), (2, None, 2.5)]))
        self.client.load_table_from_dataframe(frame, f"local.{self.name}.frame").result()
        self.assertEqual(len(self.rows("frame")), 4)
        config = bigquery.LoadJobConfig(write_disposition="WRITE_TRUNCATE")
        self.client.load_table_from_dataframe(frame, f"local.{self.name}.frame", job_config=config).result()
        self.assertEqual(len(self.rows("frame")), 2)

    def test_csv(self):
        text = b"a,b\n1,x\n2,\"y,\nz\"\n3,\n"
        schema = [bigquery.SchemaField("a", "INTEGER"), bigquery.SchemaField("b", "STRING")]
        config = bigquery.LoadJobConfig(source_format="CSV", skip_leading_rows=1, schema=schema, allow_quoted_newlines=True)
        self.client.load_table_from_file(io.BytesIO(text), f"local.{self.name}.csv", job_config=config).result()
        self.assertEqual(self.rows("csv"), [(1, "x"), (2, "y,\nz"), (3, None)])

    def test_json(self):
        rows = [{"a": 1, "b": {"c": ["x", "y"]}}, {"a": 2}]
        schema = [bigquery.SchemaField("a", "INTEGER"), bigquery.SchemaField("b", "RECORD", fields=[bigquery.SchemaField("c", "STRING", "REPEATED")])]
        config = bigquery.LoadJobConfig(schema=schema)
        self.client.load_table_from_json(rows, f"local.{self.name}.json", job_config=config).result()
        self.assertEqual(self.rows("json")[0], (1, {"c": ["x", "y"]}))

    def test_what_is_wrong_with_a_file(self):
        config = bigquery.LoadJobConfig(source_format="CSV", schema=[bigquery.SchemaField("a", "INTEGER")])
        with self.assertRaisesRegex(Exception, "x"):
            self.client.load_table_from_file(io.BytesIO(b"1\nx\n"), f"local.{self.name}.bad", job_config=config).result()

    def test_a_large_file_comes_in_parts(self):
        text = b"a\n" + b"".join(b"%d\n" % number for number in range(200_000))
        config = bigquery.LoadJobConfig(source_format="CSV", skip_leading_rows=1, schema=[bigquery.SchemaField("a", "INTEGER")])
        self.client.load_table_from_file(io.BytesIO(text), f"local.{self.name}.large", job_config=config, size=None).result()
        (row,) = self.client.query(f"SELECT COUNT(*) AS n, SUM(a) AS s FROM {self.name}.large").result()
        self.assertEqual((row.n, row.s), (200_000, 199_999 * 100_000))


if __name__ == "__main__":
    unittest.main()
