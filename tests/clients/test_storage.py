"""The Storage Read API: what `bqstorage_client=` does, and the protocol itself."""

import unittest

import common
import grpc
import pyarrow
from google.cloud import bigquery_storage
from google.cloud.bigquery_storage_v1.services.big_query_read.transports import BigQueryReadGrpcTransport

ICUSTAYS = "projects/physionet-data/datasets/mimiciv_icu/tables/icustays"
CHART = "projects/physionet-data/datasets/mimiciv_icu/tables/chartevents"


def reader():
    """A client on a plain port, with the token that REST takes."""
    address = common.URL.removeprefix("http://")
    call = grpc.intercept_channel(grpc.insecure_channel(address), Bearer())
    return bigquery_storage.BigQueryReadClient(transport=BigQueryReadGrpcTransport(channel=call))


class Bearer(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    def intercept_unary_unary(self, go_on, details, request):
        return go_on(self.with_token(details), request)

    def intercept_unary_stream(self, go_on, details, request):
        return go_on(self.with_token(details), request)

    @staticmethod
    def with_token(details):
        metadata = [*(details.metadata or []), ("authorization", f"Bearer {common.TOKEN}")]
        return type("Details", (grpc.ClientCallDetails,), {"method": details.method, "timeout": details.timeout, "metadata": metadata, "credentials": None, "wait_for_ready": None, "compression": None})()


class Storage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client, cls.reader = common.client(), reader()

    def session(self, table, streams=0, **options):
        wanted = bigquery_storage.ReadSession(table=table, data_format=bigquery_storage.DataFormat.ARROW, read_options=options or None)
        return self.reader.create_read_session(parent="projects/local", read_session=wanted, max_stream_count=streams)

    def rows(self, session):
        batches = [self.reader.read_rows(stream.name).to_arrow(session) for stream in session.streams]
        return pyarrow.concat_tables(batches) if batches else None

    def test_a_frame_through_both_doors_is_the_same(self):
        text = "SELECT x, CAST(x AS STRING) AS s, DATETIME '2150-01-31' AS d FROM UNNEST(GENERATE_ARRAY(1, 40000)) AS x ORDER BY x"
        config = {"destination": None}
        rest = self.client.query(text).to_dataframe(create_bqstorage_client=False)
        table = self.client.get_table("physionet-data.mimiciv_icu.icustays")
        arrow = self.client.list_rows(table).to_arrow(bqstorage_client=self.reader)
        plain = self.client.list_rows(table).to_arrow(create_bqstorage_client=False)
        key = [("stay_id", "ascending")]
        self.assertEqual(arrow.sort_by(key).to_pylist(), plain.sort_by(key).to_pylist())
        self.assertEqual((len(rest), config["destination"]), (40000, None))

    def test_selected_columns_and_a_restriction(self):
        session = self.session(ICUSTAYS, selected_fields=["los", "stay_id"], row_restriction="los > 2 -- days")
        table = self.rows(session)
        (row,) = self.client.query("SELECT COUNT(*) AS n FROM mimiciv_icu.icustays WHERE los > 2").result()
        self.assertEqual(table.num_rows, row.n)
        self.assertEqual(sorted(table.column_names), ["los", "stay_id"])
        self.assertGreater(min(table.column("los").to_pylist()), 2)

    def test_streams_hold_every_row_once(self):
        (row,) = self.client.query("SELECT COUNT(*) AS n, SUM(itemid) AS s FROM mimiciv_icu.chartevents").result()
        for streams in [1, 4]:
            session = self.session(CHART, streams, selected_fields=["itemid"])
            table = self.rows(session)
            self.assertEqual((table.num_rows, sum(table.column("itemid").to_pylist())), (row.n, row.s))

    def test_an_offset_goes_on(self):
        session = self.session(ICUSTAYS, 1, selected_fields=["stay_id"])
        name = session.streams[0].name
        whole = self.reader.read_rows(name).to_arrow(session).column("stay_id").to_pylist()
        rest = self.reader.read_rows(name, offset=3).to_arrow(session).column("stay_id").to_pylist()
        self.assertEqual(rest, whole[3:])

    def test_an_empty_table_has_no_stream(self):
        session = self.session(ICUSTAYS, row_restriction="FALSE")
        self.assertEqual(len(session.streams), 0)

    def test_what_is_wrong_is_said(self):
        from google.api_core import exceptions

        for table, options, kind in [
            ("projects/physionet-data/datasets/mimiciv_icu/tables/nothing", {}, exceptions.NotFound),
            ("icustays", {}, exceptions.InvalidArgument),
            (ICUSTAYS, {"row_restriction": "nothing > 1"}, exceptions.InvalidArgument),
            (ICUSTAYS, {"selected_fields": ["nothing"]}, exceptions.GoogleAPICallError),
        ]:
            with self.assertRaises(kind):
                self.session(table, **options)
        with self.assertRaises(exceptions.NotFound):
            list(self.reader.read_rows("projects/local/locations/us/sessions/x/streams/0"))


if __name__ == "__main__":
    unittest.main()
