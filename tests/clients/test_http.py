"""Plain HTTP: what no client library sends, and what a hostile one would."""

import gzip
import json
import socket
import time
import unittest
import urllib.parse

import common
from common import request

P = "/bigquery/v2/projects/local"
ADDRESS = (urllib.parse.urlsplit(common.URL).hostname, urllib.parse.urlsplit(common.URL).port)


def query(text, **more):
    return request("POST", f"{P}/queries", {"query": text, "useLegacySql": False, **more})


def raw(text, patience=10):
    """The answer to bytes as they are, until the server closes or has said a whole head."""
    with socket.create_connection(ADDRESS, timeout=patience) as connection:
        connection.sendall(text)
        connection.settimeout(patience)
        answer = b""
        try:
            while b"\r\n\r\n" not in answer:
                piece = connection.recv(65536)
                if not piece:
                    break
                answer += piece
        except TimeoutError:
            pass
        return answer


class Http(unittest.TestCase):
    def refused(self, answer, status, reason=None):
        code, _, document = answer
        self.assertEqual(code, status, document)
        error = document["error"]
        self.assertEqual(error["code"], status)
        self.assertTrue(error["message"] and error["errors"][0]["message"] and error["status"])
        if reason:
            self.assertEqual(error["errors"][0]["reason"], reason)
        self.assertNotIn(error["errors"][0]["reason"], ["backendError", "internalError", "rateLimitExceeded", "badGateway"])

    def test_spellings_of_one_place(self):
        body = {"query": "SELECT 1", "useLegacySql": False}
        for path in ["/bigquery/v2/projects/local/queries", "/projects/local/queries", "/bigquery/v2/bigquery/v2/projects/local/queries/"]:
            status, _, document = request("POST", path, body)
            self.assertEqual((status, document["rows"]), (200, [{"f": [{"v": "1"}]}]), path)

    def test_a_gzip_body(self):
        body = gzip.compress(json.dumps({"query": "SELECT 1", "useLegacySql": False}).encode())
        status, _, document = request("POST", f"{P}/queries", raw=body, headers={"Content-Encoding": "gzip"})
        self.assertEqual((status, document["totalRows"]), (200, "1"))
        self.refused(request("POST", f"{P}/queries", raw=b"no gzip", headers={"Content-Encoding": "gzip"}), 400)

    def test_discovery_needs_no_token(self):
        for path in ["/$discovery/rest?version=v2", "/discovery/v1/apis/bigquery/v2/rest"]:
            status, _, document = request("GET", path, token=None)
            self.assertEqual((status, document["rootUrl"]), (200, common.URL + "/"))

    def test_the_rows_key_is_left_out_where_none_are_asked_for(self):
        _, _, job = request("POST", f"{P}/jobs", {"configuration": {"query": {"query": "SELECT 1 AS x UNION ALL SELECT 2", "useLegacySql": False}}})
        name = job["jobReference"]["jobId"]
        _, _, document = request("GET", f"{P}/queries/{name}?maxResults=0")
        self.assertEqual((document["totalRows"], "rows" in document, "pageToken" in document), ("2", False, False))
        _, _, first = request("GET", f"{P}/queries/{name}?maxResults=1")
        _, _, second = request("GET", f"{P}/queries/{name}?pageToken={first['pageToken']}")
        self.assertEqual(len(first["rows"]) + len(second["rows"]), 2)
        self.assertNotIn("pageToken", second)

    def test_a_page_token_is_good_for_one_job(self):
        tokens = []
        for text in ["SELECT x FROM UNNEST([1, 2, 3]) AS x", "SELECT x FROM UNNEST([4, 5, 6]) AS x"]:
            _, _, document = query(text, maxResults=1)
            tokens.append((document["jobReference"]["jobId"], document["pageToken"]))
        self.refused(request("GET", f"{P}/queries/{tokens[0][0]}?pageToken={tokens[1][1]}"), 400, "invalid")
        for token in ["x", "AAAA", "%00", "9" * 500]:
            self.refused(request("GET", f"{P}/queries/{tokens[0][0]}?pageToken={token}"), 400, "invalid")

    def test_requests_are_idempotent_by_their_id(self):
        first, second = query("SELECT 7", requestId="same")[2], query("SELECT 7", requestId="same")[2]
        self.assertEqual(first["jobReference"], second["jobReference"])

    def test_timestamps_have_the_form_that_is_asked_for(self):
        text = "SELECT TIMESTAMP '2020-01-01 00:00:00.123456+00' AS t"
        value = lambda **more: query(text, **more)[2]["rows"][0]["f"][0]["v"]
        self.assertEqual(value(), "1.577836800123456E9")
        self.assertEqual(value(formatOptions={"useInt64Timestamp": True}), "1577836800123456")
        self.assertEqual(value(formatOptions={"timestampOutputFormat": "ISO8601_STRING"}), "2020-01-01T00:00:00.123456Z")

    def test_what_is_no_request(self):
        for body in [b"", b"{", b"[]", b"null", b'"x"', b'{"query": 5}', b'{"query": {"a": 1}}', b'{"query": "SELECT 1", "maxResults": -1}', b"\xff\xfe", b"[" * 100_000]:
            self.refused(request("POST", f"{P}/queries", raw=body), 400)
            self.refused(request("POST", f"{P}/jobs", raw=body), 400)
        for path in ["?maxResults=-1", "?maxResults=x", "?startIndex=-5", "?maxResults=99999999999999999999", "?pageToken=x", "?formatOptions.useInt64Timestamp=perhaps"]:
            self.refused(request("GET", f"/bigquery/v2/projects/physionet-data/datasets/mimiciv_icu/tables/icustays/data{path}"), 400)
        self.refused(request("GET", f"{P}/jobs?stateFilter=x"), 400)

    def test_what_is_not_there(self):
        for path in ["/", "/bigquery/v2", "/bigquery/v3/projects", f"{P}/nothing", f"{P}/jobs/nothing", f"{P}/queries/nothing", f"{P}/datasets/nothing", f"{P}/datasets/nothing/tables", f"{P}/datasets/nothing/tables/t", f"{P}/datasets/nothing/tables/t/data"]:
            self.refused(request("GET", path), 404, "notFound")
        self.refused(request("PUT", f"{P}/jobs"), 405)
        self.refused(request("POST", f"{P}/jobs/nothing/cancel"), 404)

    def test_tricks_in_names(self):
        for name in ["..", "%2e%2e", "..%2f..%2fetc", "a%00b", "a%2fb", "a%5cb", "%ff", "'; DROP", "x" * 2000]:
            name = urllib.parse.quote(name, safe="%")
            for path in [f"{P}/jobs/{name}", f"{P}/queries/{name}", f"{P}/datasets/{name}", f"{P}/datasets/{name}/tables", f"{P}/datasets/d/tables/{name}", f"{P}/datasets/d/tables/{name}/data", f"/bigquery/v2/projects/{name}/datasets"]:
                status, _, document = request("GET", path)
                self.assertIn(status, (400, 404), f"{path}: {document}")
                self.assertIn("error", document)
        body = {"configuration": {"query": {"query": "SELECT 1", "useLegacySql": False, "destinationTable": {"projectId": "local", "datasetId": "../../x", "tableId": "t"}}}}
        self.refused(request("POST", f"{P}/jobs", body), 400)
        self.refused(request("POST", f"{P}/jobs", {"jobReference": {"jobId": "../x"}, "configuration": {"query": {"query": "SELECT 1", "useLegacySql": False}}}), 400)

    def test_legacy_sql_and_others_are_refused_by_name(self):
        self.refused(query("SELECT 1", **{"useLegacySql": True}), 400, "invalidQuery")
        body = {"configuration": {"query": {"query": "SELECT 1"}}}
        self.assertEqual(request("POST", f"{P}/jobs", body)[0], 200)
        self.refused(request("POST", f"{P}/jobs", {"configuration": {}}), 400)

    def test_a_large_body(self):
        self.refused(request("POST", f"{P}/queries", raw=b" " * (21 << 20)), 413)
        bomb = gzip.compress(b" " * (64 << 20))
        self.refused(request("POST", f"{P}/queries", raw=bomb, headers={"Content-Encoding": "gzip"}), 413)

    def test_tokens(self):
        self.refused(request("GET", f"{P}/jobs", token=None), 401)
        self.refused(request("GET", f"{P}/jobs", token="bedside_0123456789abcdef_wrong"), 401)
        self.refused(request("GET", f"{P}/jobs", token=None, headers={"Authorization": "Basic eDp5"}), 401)
        self.refused(request("GET", "/bigquery/v2/projects", token=None), 401)
        self.refused(request("POST", "/upload/bigquery/v2/projects/local/jobs?uploadType=resumable", {}, token=None), 401)
        body = b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c"
        self.assertEqual(request("POST", "/token", raw=body, token=None)[0], 400)

    def test_wrong_tokens_are_counted_and_good_ones_go_on(self):
        codes = [request("GET", f"{P}/jobs", token=f"bedside_0123456789abcdef_{n}")[0] for n in range(60)]
        self.assertEqual(codes[-1], 429)
        self.assertEqual(request("GET", f"{P}/jobs")[0], 200)

    def test_web_pages_are_refused(self):
        self.refused(request("GET", "/$discovery/rest", headers={"Origin": "http://evil.example"}), 403)
        self.refused(request("GET", f"{P}/jobs", headers={"Origin": "null"}), 403)
        self.refused(request("GET", f"{P}/jobs", headers={"Host": "evil.example"}), 403)
        self.refused(request("POST", f"{P}/queries", {"query": "SELECT 1"}, headers={"Sec-Fetch-Site": "cross-site"}), 403)
        self.assertEqual(request("GET", f"{P}/jobs", headers={"Origin": common.URL})[0], 200)

    def test_smuggling(self):
        host = f"Host: {ADDRESS[0]}:{ADDRESS[1]}\r\n".encode()
        for head in [
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            b"Content-Length: -1\r\n\r\n",
            b"Content-Length: +5\r\n\r\nhello",
            b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
            b"Bad Header: x\r\n\r\n",
            b"X: a\r\n b\r\n\r\n",
        ]:
            answer = raw(b"POST /bigquery/v2/projects/local/queries HTTP/1.1\r\n" + host + head, patience=5)
            self.assertTrue(answer == b"" or answer.split(b" ")[1][:1] == b"4", answer)
        self.assertIn(b" 403 ", raw(b"GET /bigquery/v2/projects HTTP/1.1\r\n\r\n"))
        self.assertIn(b" 403 ", raw(b"GET http://evil.example/bigquery/v2/projects HTTP/1.1\r\n" + host + b"\r\n"))
        self.assertIn(b" 403 ", raw(b"GET /bigquery/v2/projects HTTP/1.1\r\n" + host + b"Host: evil.example\r\n\r\n"))
        self.assertTrue(raw(b"GET /" + b"x" * 300_000 + b" HTTP/1.1\r\n" + host + b"\r\n")[:12] in (b"", b"HTTP/1.1 414", b"HTTP/1.1 431"))

    def test_small_queries_are_fast(self):
        times = []
        for _ in range(50):
            start = time.monotonic()
            self.assertEqual(query("SELECT 1")[0], 200)
            times.append(time.monotonic() - start)
        self.assertLess(sorted(times)[25], 0.5)

    def test_many_slow_clients_keep_nobody_out(self):
        slow = [socket.create_connection(ADDRESS) for _ in range(50)]
        for connection in slow:
            connection.sendall(b"POST /bigquery/v2/projects/local/queries HTTP/1.1\r\nContent-Le")
        self.assertEqual(query("SELECT 1")[0], 200)
        for connection in slow:
            connection.close()


if __name__ == "__main__":
    unittest.main()
