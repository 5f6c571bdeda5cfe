"""bigrquery's requests, byte for byte as its source makes them (1.5): httr with a bearer token, no ids, `fields`, slashes at the
end, startIndex instead of page tokens."""

import http.client
import json
import unittest
import urllib.parse

import common

AGENT = "bigrquery/1.5.1 (GPN:RStudio; ) gargle/1.5.2 httr/1.4.7"


def send(method, path, body=None):
    address = urllib.parse.urlsplit(common.URL)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    headers = {"Host": address.netloc, "User-Agent": AGENT, "Accept-Encoding": "deflate, gzip", "Accept": "application/json, text/xml, application/xml, */*", "Authorization": f"Bearer {common.TOKEN}"}
    data = None
    if body is not None:
        data = json.dumps(body, separators=(",", ":")).encode()
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(data))}
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(data)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


class Bigrquery(unittest.TestCase):
    def test_bq_project_query_and_bq_table_download(self):
        text = "SELECT x, TIMESTAMP '2020-01-01 00:00:00+00' AS t, 1.5 AS f, TRUE AS b FROM UNNEST(GENERATE_ARRAY(1, 25)) AS x ORDER BY x"
        body = {"configuration": {"query": {"query": text, "useLegacySql": False, "priority": "INTERACTIVE"}}}
        status, job = send("POST", "/bigquery/v2/projects/local/jobs/?fields=jobReference&prettyPrint=false", body)
        self.assertEqual(status, 200)
        place = f"/bigquery/v2/projects/local/jobs/{job['jobReference']['jobId']}"
        location = f"location={job['jobReference']['location']}"
        while send("GET", f"{place}?fields=status&prettyPrint=false&{location}")[1]["status"]["state"] != "DONE":
            pass
        _, found = send("GET", f"{place}?fields=configuration%28query%28destinationTable%29%29&prettyPrint=false&{location}")
        table = found["configuration"]["query"]["destinationTable"]
        path = f"/bigquery/v2/projects/{table['projectId']}/datasets/{table['datasetId']}/tables/{table['tableId']}"
        status, resource = send("GET", f"{path}?fields=numRows&prettyPrint=false")
        self.assertEqual((status, resource["numRows"]), (200, "25"))
        _, resource = send("GET", f"{path}?fields=schema&prettyPrint=false")
        self.assertEqual([field["type"] for field in resource["schema"]["fields"]], ["INTEGER", "TIMESTAMP", "FLOAT", "BOOLEAN"])
        rows = []
        for start in [0, 10, 20]:
            status, page = send("GET", f"{path}/data/?startIndex={start}&maxResults=10&prettyPrint=false")
            self.assertEqual((status, page["totalRows"]), (200, "25"))
            rows += page["rows"]
        self.assertEqual([row["f"][0]["v"] for row in rows], [str(x) for x in range(1, 26)])
        self.assertEqual([cell["v"] for cell in rows[0]["f"][1:]], ["1.5778368E9", "1.5", "true"])

    def test_db_list_tables_and_a_dry_run(self):
        status, found = send("GET", "/bigquery/v2/projects/physionet-data/datasets/mimiciv_icu/tables?maxResults=50&prettyPrint=false&fields=nextPageToken%2Ctables%28tableReference%29")
        self.assertIn("icustays", [table["tableReference"]["tableId"] for table in found["tables"]])
        body = {"configuration": {"query": {"query": "SELECT stay_id FROM mimiciv_icu.icustays", "useLegacySql": False}, "dryRun": True}}
        status, job = send("POST", "/bigquery/v2/projects/local/jobs/?prettyPrint=false", body)
        self.assertGreater(int(job["statistics"]["totalBytesProcessed"]), 0)


if __name__ == "__main__":
    unittest.main()
