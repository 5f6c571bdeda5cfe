//! Tokens that are none.

use crate::fixture::{PROJECT, Served, advance, answer, refused};
use bedside_bigquery::Limits;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_counted_and_keep_nobody_else_out() {
    let served = Served::start(Limits { wrong_tokens: 5, ..Limits::default() }).await;
    let address = served.address;
    let asked = async |authorization: &str| {
        let request =
            format!("GET {PROJECT}/jobs HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{authorization}\r\n");
        served.raw(request.as_bytes()).await
    };
    assert_eq!(served.get(&format!("{PROJECT}/jobs")).await.0, 200);
    for authorization in ["", "Authorization: Basic eDp5\r\n", "Authorization: Bearer\r\n"] {
        let said = asked(authorization).await;
        let (status, document) = answer(&said);
        assert!(status == 401 && refused(401, &document) && said.contains("www-authenticate: Bearer"), "{said}");
    }
    let wrong = |n: usize| format!("Authorization: Bearer bedside_0123456789abcdef_{n}\r\n");
    let mut codes = Vec::new();
    for n in 0..8 {
        codes.push(answer(&asked(&wrong(n)).await).0);
    }
    assert_eq!(codes, [401, 401, 401, 401, 401, 429, 429, 429]);
    let said = asked(&wrong(9)).await;
    assert!(said.contains("retry-after: ") && refused(429, &answer(&said).1), "{said}");
    // The same secret with another ending, as long and as wrong.
    let near = format!("Authorization: Bearer {}x\r\n", &served.token[..served.token.len() - 1]);
    assert_eq!(answer(&asked(&near).await).0, 429);
    assert_eq!(served.get(&format!("{PROJECT}/jobs")).await.0, 200, "who was let in before is");
    advance(Duration::from_mins(2));
    assert_eq!(answer(&asked(&wrong(1)).await).0, 401);
    // A token that is revoked ends at once.
    let id = served.service.tokens().unwrap()[0].id.clone();
    served.service.revoke_token(&id).unwrap();
    assert_eq!(served.get(&format!("{PROJECT}/jobs")).await.0, 401);
}
