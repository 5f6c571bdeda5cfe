//! Clients that take their time.

use crate::fixture::{PROJECT, Served, answer, refused, rest};
use bedside_bigquery::Limits;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn impatient() -> Limits {
    Limits { patience: Duration::from_millis(200), connections: 20, ..Limits::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_head_and_half_a_body_are_not_waited_for() {
    let served = Served::start(impatient()).await;
    let mut connection = served.connect().await;
    connection.write_all(b"POST /bigquery/v2/projects/local/queries HTTP/1.1\r\nContent-Le").await.unwrap();
    let said = rest(&mut connection).await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{said}");
    for path in
        [format!("{PROJECT}/queries"), "/upload/bigquery/v2/projects/local/jobs?uploadType=multipart".to_owned()]
    {
        let mut connection = served.connect().await;
        let head = served.head("POST", &path);
        let begun = format!("{head}Content-Type: multipart/related; boundary=b\r\nContent-Length: 100\r\n\r\n--b\r\n");
        connection.write_all(begun.as_bytes()).await.unwrap();
        let said = rest(&mut connection).await;
        let (status, document) = answer(&said);
        assert!(status == 408 && refused(408, &document), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_as_may_connect_keep_nobody_out_for_long() {
    let served = Served::start(impatient()).await;
    let mut idle = Vec::new();
    for opening in
        ["", "G", "PRI * HTT", "GET / HTTP/1.1\r\n", &format!("{}\r\n", served.head("GET", "/bigquery/v2/projects"))]
    {
        for _ in 0..10 {
            let mut connection = served.connect().await;
            connection.write_all(opening.as_bytes()).await.unwrap();
            idle.push(connection);
        }
    }
    // Comes to its turn when those before it have said nothing for long enough.
    assert_eq!(served.get("/bigquery/v2/projects").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_reads_is_not_kept_for_ever() {
    let served = Served::start(Limits { connections: 1, ..impatient() }).await;
    let text = "SELECT REPEAT('x', 1000) AS s FROM UNNEST(GENERATE_ARRAY(1, 9000)) AS x";
    let mut deaf = served.connect().await;
    deaf.write_all(&served.query(text)).await.unwrap();
    // Some of it came, so the answer is on its way; the rest fits into no buffer.
    deaf.read_exact(&mut [0; 1000]).await.unwrap();
    // There is room for one connection: this one is let in when that one is given up.
    assert_eq!(served.get("/bigquery/v2/projects").await.0, 200);
}
