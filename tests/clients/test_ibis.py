"""ibis on its BigQuery backend."""

import unittest

import ibis


class Ibis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connection = ibis.bigquery.connect(project_id="local", dataset_id="physionet-data.mimiciv_icu")

    def test_tables(self):
        self.assertIn("icustays", self.connection.list_tables())
        self.assertIn("mimiciv_hosp", self.connection.list_databases(catalog="physionet-data"))

    def test_an_expression(self):
        stays = self.connection.table("icustays")
        count = stays.filter(stays.los > 1).count().execute()
        frame = stays.group_by("first_careunit").aggregate(n=stays.count(), los=stays.los.mean()).order_by("first_careunit").execute()
        self.assertGreater(count, 0)
        self.assertEqual(frame.n.sum(), stays.count().execute())

    def test_sql(self):
        frame = self.connection.sql("SELECT first_careunit, COUNT(*) AS n FROM `physionet-data.mimiciv_icu.icustays` GROUP BY 1").execute()
        self.assertGreater(len(frame), 0)


if __name__ == "__main__":
    unittest.main()
