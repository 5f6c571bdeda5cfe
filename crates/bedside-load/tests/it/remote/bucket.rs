//! Buckets of both clouds, as one server on loopback speaks for them.

use super::server::{Fault, Server};
use super::{access, find, noise, read, read_start};
use bedside_load::source::{Access, Signing, Source, SourceError};
use bedside_types::ErrorCode;

const BUCKET: &str = "mimiciv-3.1.physionet.org";
const CHART: &str = "icu/chartevents.csv.gz";

fn chart_path() -> String {
    format!("{BUCKET}/mimiciv/3.1/{CHART}")
}

fn chart() -> Vec<u8> {
    noise(3, 300_000)
}

/// The same bucket by the names of both clouds.
struct Bucket {
    server: Server,
    text: String,
    access: Access,
}

impl Bucket {
    fn source(&self) -> Source {
        Source::parse(&self.text, &self.access).unwrap()
    }
}

fn buckets() -> [Bucket; 2] {
    ["s3", "gs"].map(|scheme| {
        let server = Server::start(
            BUCKET,
            &[
                ("mimiciv/3.1/CHANGELOG.txt", b"3.1"),
                ("mimiciv/3.1/hosp/a b.csv", b"x\n1\n"),
                ("mimiciv/3.1/hosp/empty.csv", b""),
                (&format!("mimiciv/3.1/{CHART}"), &chart()),
                ("mimiciv/3.1/icu/.hidden.csv", b"x"),
                ("mimiciv/3.10/hosp/other.csv", b"x"),
            ],
        );
        let address = server.url("").trim_end_matches('/').to_owned();
        let options = match scheme {
            "s3" => vec![
                ("AWS_ENDPOINT_URL", address),
                ("AWS_ACCESS_KEY_ID", "ann".to_owned()),
                ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ],
            _ => vec![("GOOGLE_BASE_URL", address), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1".to_owned())],
        };
        let bucket_options = options.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        let signing = if scheme == "gs" { Signing::Anonymous } else { Signing::Automatic };
        let access = Access { bucket_options, signing, ..access() };
        Bucket { server, text: format!("{scheme}://{BUCKET}/mimiciv/3.1/"), access }
    })
}

#[test]
fn all_pages_of_the_list_below_the_prefix() {
    for bucket in buckets() {
        let source = bucket.source();
        let files = source.list().unwrap();
        let found: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.bytes)).collect();
        let expected = [("CHANGELOG.txt", 3), ("hosp/a b.csv", 4), ("hosp/empty.csv", 0), (CHART, 300_000)];
        assert_eq!(found, expected.map(|(path, bytes)| (path, Some(bytes))));
        assert!(files.iter().all(|file| file.version.is_some()));
        assert_eq!(source.name(), bucket.text);
        for file in &files {
            assert_eq!(source.stat(file).unwrap(), *file);
            let bytes = read(&source, file).unwrap();
            assert!(bytes == bucket.server.content().files[&format!("{BUCKET}/mimiciv/3.1/{}", file.path)]);
        }
        assert_eq!(source.read_small("CHANGELOG.txt", 100).unwrap().unwrap(), b"3.1");
        assert_eq!(source.read_small("README.md", 100).unwrap(), None);
    }
}

#[test]
fn an_empty_prefix_is_no_source() {
    for mut bucket in buckets() {
        bucket.text = bucket.text.replace("3.1/", "2.2/");
        let error = bucket.source().list().unwrap_err();
        assert_eq!(error.code(), ErrorCode::NotFound);
        assert!(error.to_string().contains("/mimiciv/2.2/"), "{error}");
    }
}

#[test]
fn cuts_pauses_and_ignored_ranges_are_survived() {
    let zero = || Some(("retry-after", "0".to_owned()));
    for faults in [
        vec![Fault::Cut(100_000), Fault::Cut(50_000)],
        vec![Fault::Status(429, zero()), Fault::Status(503, zero()), Fault::Status(500, None)],
        vec![Fault::Cut(100_000), Fault::Status(503, None), Fault::Cut(10)],
        vec![Fault::Cut(100_000), Fault::Whole(usize::MAX)],
        vec![Fault::Cut(100_000), Fault::Status(416, None)],
    ] {
        for bucket in buckets() {
            let source = bucket.source();
            let file = find(&source, CHART);
            bucket.server.faults(&chart_path(), faults.clone());
            assert!(read(&source, &file).unwrap() == chart(), "{} {faults:?}", bucket.text);
            let gets = bucket.server.gets(&chart_path());
            assert!(gets.len() > faults.len(), "{gets:?}");
            let cut = matches!(faults[0], Fault::Cut(_));
            assert_eq!(gets[1].range.is_some(), cut, "{gets:?}");
        }
    }
}

#[test]
fn refusals_and_changes_are_told() {
    #[track_caller]
    fn check(faults: &[Fault], code: ErrorCode, requests: usize) {
        for bucket in buckets() {
            let source = bucket.source();
            let file = find(&source, CHART);
            bucket.server.content().every = faults.last().cloned();
            bucket.server.faults(&chart_path(), faults.iter().cloned());
            let error = read(&source, &file).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert_eq!(bucket.server.gets(&chart_path()).len(), requests, "{error}");
            let text = error.to_string();
            assert!(text.contains(CHART) && text.contains(BUCKET) && !text.contains("secret"), "{text}");
        }
    }
    check(&[Fault::Status(403, None)], ErrorCode::AccessDenied, 1);
    check(&[Fault::Status(401, None)], ErrorCode::AccessDenied, 1);
    check(&[Fault::Status(404, None)], ErrorCode::NotFound, 1);
    check(&[Fault::Status(503, None)], ErrorCode::Unavailable, 4);
    check(&[Fault::Status(429, Some(("retry-after", "3600".to_owned())))], ErrorCode::Unavailable, 1);
    check(&[Fault::Replace(noise(8, 300_000))], ErrorCode::InvalidData, 1);
    check(&[Fault::Cut(100_000), Fault::Replace(noise(8, 300_000))], ErrorCode::InvalidData, 2);
}

#[test]
fn requests_are_signed_unless_anonymous_and_name_who_pays() {
    let [mut amazon, mut google] = buckets();
    amazon.access.requester = Some("mine".to_owned());
    google.access.requester = Some("my-project".to_owned());
    amazon.source().list().unwrap();
    google.source().list().unwrap();
    let logged = amazon.server.content().log[0].clone();
    let signature = logged.authorization.unwrap();
    assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=ann/") && !signature.contains("secret"), "{signature}");
    assert_eq!(logged.payer.as_deref(), Some("requester"));
    let logged = google.server.content().log[0].clone();
    assert_eq!((logged.authorization, logged.project.as_deref()), (None, Some("my-project")));
    google.access.requester = None;
    google.access.bucket_options.push(("GOOGLE_USER_PROJECT".to_owned(), "other".to_owned()));
    google.source().list().unwrap();
    assert_eq!(google.server.content().log.last().unwrap().project.as_deref(), Some("other"));
    amazon.access.signing = Signing::Anonymous;
    amazon.source().list().unwrap();
    assert_eq!(amazon.server.content().log.last().unwrap().authorization, None);
}

#[test]
fn a_later_run_goes_on_where_the_first_was_killed() {
    for bucket in buckets() {
        let home = tempfile::tempdir().unwrap();
        let much = noise(9, 3_000_000);
        bucket.server.content().files.insert(chart_path(), much.clone());
        let source = bucket.source().with_cache(home.path());
        let file = find(&source, CHART);
        read_start(&source, &file, 2_000_000);
        let again = bucket.source().with_cache(home.path());
        assert!(read(&again, &file).unwrap() == much);
        assert!(bucket.server.gets(&chart_path())[1].range.is_some());
    }
}

#[test]
fn plain_http_leads_to_this_machine_only() {
    for (scheme, option) in [("s3", "AWS_ENDPOINT"), ("gs", "GOOGLE_BASE_URL")] {
        let endpoint = (option.to_owned(), "http://bucket.invalid".to_owned());
        let options = Access { bucket_options: vec![endpoint], signing: Signing::Anonymous, ..access() };
        let error = Source::parse(&format!("{scheme}://{BUCKET}/"), &options).unwrap_err();
        assert!(matches!(&error, SourceError::Unsupported { .. }), "{error}");
        assert!(error.to_string().contains("http://bucket.invalid is not encrypted"), "{error}");
    }
}

#[test]
fn a_file_is_put_whole_or_in_parts_and_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    for bucket in buckets() {
        // Google's store signs what it writes, whatever it is told; this key asks nobody for a token.
        let base = bucket.server.url("");
        let key = format!(
            "{{\"disable_oauth\": true, \"gcs_base_url\": \"{}\", \"client_email\": \"\", \"private_key\": \"\", \"private_key_id\": \"\"}}",
            base.trim_end_matches('/')
        );
        let mut access = Access { signing: Signing::Automatic, ..bucket.access.clone() };
        access.bucket_options.push(("GOOGLE_SERVICE_ACCOUNT_KEY".to_owned(), key));
        let source = Source::parse(&bucket.text, &access).unwrap();
        for (name, bytes) in [("out/empty.csv", 0), ("out/small table.csv", 1_000), ("out/large.parquet", 40_000_000)] {
            let (file, content) = (folder.path().join("file"), noise(7, bytes));
            std::fs::write(&file, &content).unwrap();
            let path = format!("{BUCKET}/mimiciv/3.1/{name}");
            bucket.server.faults(&path, [Fault::Status(503, None)]);
            source.put(name, &file).unwrap();
            assert!(bucket.server.content().files[&path] == content, "{name}");
        }
        let file = folder.path().join("file");
        let path = format!("{BUCKET}/mimiciv/3.1/out/denied.csv");
        bucket.server.faults(&path, [Fault::Status(403, None)]);
        let error = source.put("out/denied.csv", &file).unwrap_err();
        assert_eq!(error.code(), ErrorCode::AccessDenied);
        // What was begun is given up.
        assert!(bucket.server.content().parts.is_empty() && !bucket.server.content().files.contains_key(&path));
        assert!(matches!(source.put("out/x", &folder.path().join("none")), Err(SourceError::Read { .. })));
    }
    let local = Source::parse(&folder.path().display().to_string(), &access()).unwrap();
    assert_eq!(local.put("x", &folder.path().join("file")).unwrap_err().code(), ErrorCode::Unsupported);
}
