"""google-cloud-bigquery: which exception comes of which fault. None of them is tried again."""

import unittest

import common
from google.api_core import exceptions


class Errors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = common.client()

    def check(self, text, kind, part):
        with self.assertRaises(kind) as caught:
            self.client.query(text).result()
        self.assertIn(part, str(caught.exception))

    def test_what_is_wrong_with_a_statement(self):
        self.check("SELEC 1", exceptions.BadRequest, "Syntax error")
        self.check("SELECT x", exceptions.BadRequest, "Unrecognized name: x at [1:8]")
        self.check("SELECT 1 + 'a'", exceptions.BadRequest, "at [1:")
        self.check("SELECT 1/0", exceptions.BadRequest, "division by zero")
        self.check("SELECT * FROM mimiciv_icu.nothing", exceptions.NotFound, "Not found: Table")
        self.check("SELECT * FROM nothing.nothing", exceptions.NotFound, "Not found")
        self.check("DROP TABLE `physionet-data.mimiciv_icu.icustays`", exceptions.Forbidden, "")
        self.check("CREATE TABLE nowhere.t AS SELECT 1 AS x", exceptions.NotFound, "nowhere")

    def test_what_is_not_there(self):
        for ask in [
            lambda: self.client.get_table("mimiciv_icu.nothing"),
            lambda: self.client.get_dataset("nothing"),
            lambda: self.client.get_job("nothing"),
            lambda: list(self.client.list_tables("nothing")),
            lambda: self.client.cancel_job("nothing"),
        ]:
            with self.assertRaises(exceptions.NotFound):
                ask()

    def test_what_is_there_already(self):
        self.client.create_dataset("twice", exists_ok=True)
        with self.assertRaises(exceptions.Conflict):
            self.client.create_dataset("twice")
        self.client.delete_dataset("twice")
        self.client.delete_dataset("twice", not_found_ok=True)


if __name__ == "__main__":
    unittest.main()
