//! Requests that are none, or that mean two things.

use crate::fixture::{PROJECT, Served, answer, refused};
use bedside_bigquery::Limits;

#[tokio::test(flavor = "multi_thread")]
async fn a_request_whose_end_is_unclear_is_never_followed_by_another() {
    let served = Served::start(Limits::default()).await;
    let head = served.head("POST", &format!("{PROJECT}/queries"));
    // A second request that must not be answered.
    let hidden = format!("GET /bigquery/v2/projects HTTP/1.1\r\nHost: {}\r\n\r\n", served.address);
    for (shape, rest) in [
        ("both lengths", format!("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}")),
        ("both, other order", format!("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{hidden}")),
        ("two lengths", format!("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello{hidden}")),
        ("a list of lengths", format!("Content-Length: 5, 6\r\n\r\nhello{hidden}")),
        ("a negative length", format!("Content-Length: -1\r\n\r\n{hidden}")),
        ("a length with a sign", format!("Content-Length: +5\r\n\r\nhello{hidden}")),
        ("a length in hexadecimal", format!("Content-Length: 0x5\r\n\r\nhello{hidden}")),
        ("an unknown encoding", format!("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{hidden}")),
        ("an encoding after chunked", format!("Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n{hidden}")),
        ("chunks twice", format!("Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n{hidden}")),
        ("a broken chunk", format!("Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n{hidden}")),
        ("a chunk that is too long", format!("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n\r\n{hidden}")),
        ("a blank before the colon", format!("Content-Length : 5\r\n\r\nhello{hidden}")),
        ("a folded header", format!("X: a\r\n b\r\nContent-Length: 0\r\n\r\n{hidden}")),
        ("a header with a NUL", format!("X: a\0b\r\nContent-Length: 0\r\n\r\n{hidden}")),
    ] {
        let said = served.raw(format!("{head}{rest}").as_bytes()).await;
        assert!(said.matches("HTTP/1.1 ").count() <= 1, "{shape}: {said}");
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{shape}: {said}");
    }
    assert_eq!(served.get("/bigquery/v2/projects").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_another_host_or_from_a_web_page_is_refused() {
    let served = Served::start(Limits::default()).await;
    let (address, token) = (served.address, &served.token);
    let with = |target: &str, headers: &str| {
        format!("GET {target} HTTP/1.1\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n{headers}\r\n")
    };
    let projects = "/bigquery/v2/projects";
    let host = format!("Host: {address}\r\n");
    for (target, headers, status) in [
        (projects, host.clone(), 200),
        (projects, format!("Host: localhost:{}\r\n", address.port()), 200),
        (projects, format!("{host}Origin: http://{address}\r\n"), 200),
        (projects, String::new(), 403),
        (projects, "Host: evil.example\r\n".to_owned(), 403),
        (projects, format!("{host}Host: evil.example\r\n"), 403),
        ("http://evil.example/bigquery/v2/projects", host.clone(), 403),
        (projects, format!("{host}Origin: http://evil.example\r\n"), 403),
        (projects, format!("{host}Origin: null\r\n"), 403),
        (projects, format!("{host}Sec-Fetch-Site: cross-site\r\n"), 403),
    ] {
        let (found, document) = answer(&served.raw(with(target, &headers).as_bytes()).await);
        assert_eq!(found, status, "{target} {headers}: {document}");
        assert!(status == 200 || refused(found, &document), "{document}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_heads_have_an_end() {
    let served = Served::start(Limits { body_bytes: 10_000, upload_bytes: 10_000, ..Limits::default() }).await;
    let queries = served.head("POST", &format!("{PROJECT}/queries"));
    // Refused by what it announces, before any of it came.
    for head in [queries.clone(), served.head("POST", "/upload/bigquery/v2/projects/local/jobs?uploadType=multipart")] {
        let boundary = "Content-Type: multipart/related; boundary=b\r\n";
        let said = served.raw(format!("{head}{boundary}Content-Length: 99999999999\r\n\r\n").as_bytes()).await;
        let (status, document) = answer(&said);
        assert!(status == 413 && refused(413, &document), "{said}");
    }
    // Refused when it gets there.
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000)).repeat(5);
    let said = served.raw(format!("{queries}Transfer-Encoding: chunked\r\n\r\n{chunk}").as_bytes()).await;
    assert_eq!(answer(&said).0, 413, "{said}");
    let long = served.raw(format!("GET /{} HTTP/1.1\r\n", "x".repeat(300_000)).as_bytes()).await;
    assert!(long.is_empty() || long.starts_with("HTTP/1.1 4"), "{long}");
    let many = served.raw(format!("{queries}{}\r\n", "X: y\r\n".repeat(1_000)).as_bytes()).await;
    assert!(many.is_empty() || many.starts_with("HTTP/1.1 4"), "{many}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_or_no_number_is_named() {
    let served = Served::start(Limits::default()).await;
    let nested = "[".repeat(5_000);
    for path in [format!("{PROJECT}/queries"), format!("{PROJECT}/jobs"), format!("{PROJECT}/datasets")] {
        for body in
            ["", "{", "[]", "null", "\"x\"", "{\"query\": 5}", "{\"query\": \"SELECT 1\", \"maxResults\": -1}", &nested]
        {
            let head = served.head("POST", &path);
            let request = format!("{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            let (status, document) = answer(&served.raw(request.as_bytes()).await);
            assert!(refused(status, &document), "{path} {body:.40}: {status} {document}");
        }
    }
    for path in [
        "/jobs/none",
        "/queries/none",
        "/datasets/none",
        "/datasets/none/tables",
        "/datasets/none/tables/t",
        "/datasets/none/tables/t/data",
        "/jobs?stateFilter=x",
        "/jobs?pageToken=x",
        "/jobs?maxResults=-1",
        "/datasets?pageToken=AAAA",
        "/datasets/none/tables/t/data?startIndex=-5",
        "/datasets/none/tables/t/data?maxResults=99999999999999999999",
        "/queries/none?timeoutMs=-1",
        "/nothing",
    ] {
        let (status, document) = served.get(&format!("{PROJECT}{path}")).await;
        assert!(refused(status, &document), "{path}: {status} {document}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_lead_nowhere_else() {
    let served = Served::start(Limits::default()).await;
    for name in [
        "..",
        "%2e%2e",
        "..%2f..%2fbedside.db",
        "a%00b",
        "a%2fb",
        "a%5cb",
        "%ff",
        "%27%3b--",
        "%60",
        &"x".repeat(2_000),
    ] {
        for path in [
            format!("{PROJECT}/jobs/{name}"),
            format!("{PROJECT}/queries/{name}"),
            format!("{PROJECT}/datasets/{name}"),
            format!("{PROJECT}/datasets/{name}/tables/t"),
            format!("{PROJECT}/datasets/d/tables/{name}"),
            format!("{PROJECT}/datasets/d/tables/{name}/data"),
            format!("/bigquery/v2/projects/{name}/datasets/d"),
        ] {
            let (status, document) = served.get(&path).await;
            assert!(matches!(status, 400 | 404) && refused(status, &document), "{path:.100}: {status} {document}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_belongs_to_one_job() {
    let served = Served::start(Limits::default()).await;
    let mut pages = Vec::new();
    for text in ["SELECT x FROM UNNEST([1, 2, 3]) AS x", "SELECT x FROM UNNEST([4, 5, 6]) AS x"] {
        let (_, document) = answer(&served.raw(&served.query(text)).await);
        let job = document["jobReference"]["jobId"].as_str().unwrap().to_owned();
        let (_, document) = served.get(&format!("{PROJECT}/queries/{job}?maxResults=1")).await;
        pages.push((job, document["pageToken"].as_str().unwrap().to_owned()));
    }
    let get = async |job: &str, token: &str| served.get(&format!("{PROJECT}/queries/{job}?pageToken={token}")).await;
    assert_eq!(get(&pages[0].0, &pages[0].1).await.1["rows"][0]["f"][0]["v"], "2");
    for token in [&pages[1].1, "x", "AAAA", "%00", &"9".repeat(500)] {
        let (status, document) = get(&pages[0].0, token).await;
        assert!(status == 400 && refused(status, &document), "{token}: {document}");
    }
}
