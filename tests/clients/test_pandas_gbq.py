"""pandas-gbq: read_gbq and to_gbq."""

import unittest
import uuid

import common
import pandas
import pandas_gbq


class PandasGbq(unittest.TestCase):
    def test_read_gbq(self):
        frame = pandas_gbq.read_gbq("SELECT x, 'é' AS s FROM UNNEST(GENERATE_ARRAY(1, 30000)) AS x ORDER BY x", project_id="local", progress_bar_type=None)
        self.assertEqual((len(frame), int(frame.x.sum()), frame.s.iloc[0]), (30000, 30000 * 30001 // 2, "é"))

    def test_read_gbq_of_mimic(self):
        frame = pandas_gbq.read_gbq("SELECT * FROM `physionet-data.mimiciv_icu.icustays`", project_id="local", progress_bar_type=None)
        self.assertGreater(len(frame), 5)
        few = pandas_gbq.read_gbq("SELECT * FROM `physionet-data.mimiciv_icu.icustays`", project_id="local", max_results=3, progress_bar_type=None)
        self.assertEqual(len(few), 3)

    def test_to_gbq(self):
        name = f"gbq_{uuid.uuid4().hex[:8]}"
        frame = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})
        pandas_gbq.to_gbq(frame, f"{name}.t", project_id="local", progress_bar=False)
        back = pandas_gbq.read_gbq(f"SELECT * FROM {name}.t ORDER BY a", project_id="local", progress_bar_type=None)
        self.assertEqual(back.values.tolist(), [[1, "x"], [2, "y"]])
        with self.assertRaises(pandas_gbq.gbq.TableCreationError):
            pandas_gbq.to_gbq(frame, f"{name}.t", project_id="local", progress_bar=False)
        common.client().delete_dataset(name, delete_contents=True)

    def test_an_error_keeps_its_reason(self):
        with self.assertRaisesRegex(Exception, "Unrecognized name"):
            pandas_gbq.read_gbq("SELECT nothing", project_id="local", progress_bar_type=None)


if __name__ == "__main__":
    unittest.main()
