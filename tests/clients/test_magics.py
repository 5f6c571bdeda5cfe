"""%%bigquery in IPython."""

import unittest

from IPython.core.interactiveshell import InteractiveShell


class Magics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shell = InteractiveShell.instance()
        cls.shell.run_line_magic("load_ext", "bigquery_magics")

    def test_a_cell(self):
        self.shell.run_cell_magic("bigquery", "stays --project local", "SELECT COUNT(*) AS n FROM `physionet-data.mimiciv_icu.icustays`")
        self.assertGreater(int(self.shell.user_ns["stays"].n.iloc[0]), 5)

    def test_parameters(self):
        self.shell.user_ns["days"] = {"days": 2}
        self.shell.run_cell_magic("bigquery", "long --project local --params $days", "SELECT @days + 1 AS x")
        self.assertEqual(int(self.shell.user_ns["long"].x.iloc[0]), 3)


if __name__ == "__main__":
    unittest.main()
