"""google-cloud-bigquery: projects, datasets, tables and their rows."""

import unittest
import uuid

import common
from google.cloud import bigquery


class Resources(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = common.client()
        cls.name = f"resources_{uuid.uuid4().hex[:8]}"
        cls.client.create_dataset(cls.name)

    @classmethod
    def tearDownClass(cls):
        cls.client.delete_dataset(cls.name, delete_contents=True)

    def test_projects_and_datasets_of_mimic(self):
        self.assertIn("physionet-data", [project.project_id for project in self.client.list_projects()])
        datasets = [dataset.dataset_id for dataset in self.client.list_datasets("physionet-data")]
        self.assertIn("mimiciv_icu", datasets)
        self.assertIn("mimiciv_derived", datasets)
        self.assertIn(self.name, [dataset.dataset_id for dataset in self.client.list_datasets()])

    def test_tables_of_mimic(self):
        tables = [table.table_id for table in self.client.list_tables("physionet-data.mimiciv_icu")]
        self.assertIn("chartevents", tables)
        table = self.client.get_table("physionet-data.mimiciv_icu.icustays")
        columns = {field.name: field for field in table.schema}
        self.assertEqual((columns["stay_id"].field_type, columns["intime"].field_type, columns["los"].field_type), ("INTEGER", "DATETIME", "FLOAT"))
        self.assertTrue(columns["los"].description)
        self.assertEqual(table.num_rows, len(list(self.client.list_rows(table))))

    def test_list_rows(self):
        table = self.client.get_table("physionet-data.mimiciv_icu.icustays")
        rows = list(self.client.list_rows(table, max_results=3, start_index=1, selected_fields=[table.schema[2], table.schema[0]]))
        self.assertEqual(len(rows), 3)
        again = list(self.client.list_rows(table, max_results=4))
        self.assertEqual([row.subject_id for row in rows], [row.subject_id for row in again[1:]])
        self.assertEqual(len(list(self.client.list_rows(table, page_size=2))), table.num_rows)

    def test_a_table_of_ones_own(self):
        schema = [bigquery.SchemaField("a", "INTEGER", "REQUIRED", description="A."), bigquery.SchemaField("b", "STRING"), bigquery.SchemaField("c", "RECORD", "REPEATED", fields=[bigquery.SchemaField("d", "DATE")])]
        made = self.client.create_table(bigquery.Table(f"local.{self.name}.t", schema))
        self.assertEqual([(f.name, f.field_type, f.mode, f.description) for f in made.schema][0], ("a", "INTEGER", "REQUIRED", "A."))
        errors = self.client.insert_rows_json(made, [{"a": 1, "b": "é", "c": [{"d": "2150-01-31"}]}, {"a": 2}])
        self.assertEqual(errors, [])
        errors = self.client.insert_rows_json(made, [{"b": "x"}])
        self.assertEqual(errors[0]["index"], 0)
        rows = list(self.client.query(f"SELECT a, b, c FROM {self.name}.t ORDER BY a").result())
        self.assertEqual((rows[0].a, rows[0].b, rows[0].c[0]["d"].year, rows[1].c), (1, "é", 2150, []))
        made.description = "Mine."
        self.assertEqual(self.client.update_table(made, ["description"]).description, "Mine.")
        copied = self.client.copy_table(f"local.{self.name}.t", f"local.{self.name}.u")
        copied.result()
        self.assertEqual(self.client.get_table(f"local.{self.name}.u").num_rows, 2)
        self.client.delete_table(f"local.{self.name}.u")
        self.client.delete_table(f"local.{self.name}.u", not_found_ok=True)

    def test_a_view(self):
        view = bigquery.Table(f"local.{self.name}.v")
        view.view_query = "SELECT COUNT(*) AS n FROM `physionet-data.mimiciv_icu.icustays`"
        made = self.client.create_table(view)
        self.assertEqual((made.table_type, [field.name for field in made.schema]), ("VIEW", ["n"]))
        (row,) = self.client.query(f"SELECT n FROM {self.name}.v").result()
        self.assertGreater(row.n, 5)

    def test_a_dataset_is_described(self):
        dataset = self.client.get_dataset(self.name)
        dataset.description, dataset.labels = "For tests.", {"study": "sepsis"}
        dataset = self.client.update_dataset(dataset, ["description", "labels"])
        self.assertEqual((dataset.description, dataset.labels), ("For tests.", {"study": "sepsis"}))


if __name__ == "__main__":
    unittest.main()
