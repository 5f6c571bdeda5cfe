"""sqlalchemy-bigquery: inspection and queries."""

import unittest

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, inspect, select, text


class SqlAlchemy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.engine = create_engine("bigquery://physionet-data/mimiciv_icu")

    def test_inspection(self):
        inspector = inspect(self.engine)
        self.assertIn("mimiciv_hosp", inspector.get_schema_names())
        self.assertIn("icustays", inspector.get_table_names())
        columns = {column["name"]: str(column["type"]) for column in inspector.get_columns("icustays")}
        self.assertEqual((columns["stay_id"], columns["intime"]), ("INTEGER", "DATETIME"))

    def test_a_query(self):
        with self.engine.connect() as connection:
            (count,) = connection.execute(text("SELECT COUNT(*) FROM icustays WHERE los > :days"), {"days": 1.0}).one()
            self.assertGreater(count, 0)

    def test_a_table_of_its_own_words(self):
        icustays = Table("icustays", MetaData(), Column("stay_id", Integer), Column("subject_id", Integer))
        with self.engine.connect() as connection:
            rows = connection.execute(select(icustays.c.subject_id, func.count(icustays.c.stay_id)).where(icustays.c.stay_id > 5).group_by(icustays.c.subject_id)).all()
            self.assertGreater(len(rows), 0)

    def test_reflection(self):
        icustays = Table("icustays", MetaData(), autoload_with=self.engine)
        with self.engine.connect() as connection:
            self.assertEqual(len(connection.execute(select(icustays).limit(2)).all()), 2)


if __name__ == "__main__":
    unittest.main()
