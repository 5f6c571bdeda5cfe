//! Web servers: list, credentials, cut connections, ranges, refusals, the cache.

use super::server::{Fault, Logged, Server, tag};
use super::{access, find, noise, read, read_start};
use bedside_load::source::{Access, Login, Source, SourceError, read_file};
use bedside_types::ErrorCode;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ROOT: &str = "files/mimiciv/3.1";
const CHART: &str = "icu/chartevents.csv.gz";
const CHART_URL: &str = "files/mimiciv/3.1/icu/chartevents.csv.gz";

/// A server with a list of checksums, a large and a small table, an empty one and a text.
fn server() -> Server {
    let line = |path: &str| format!("{} {path}\n", "0".repeat(64));
    let list = ["CHANGELOG.txt", CHART, "hosp/a b.csv", "hosp/empty.csv"].map(line).concat();
    Server::start(
        ROOT,
        &[
            ("SHA256SUMS.txt", list.as_bytes()),
            ("CHANGELOG.txt", b"3.1"),
            (CHART, &chart()),
            ("hosp/a b.csv", b"x\n1\n"),
            ("hosp/empty.csv", b""),
        ],
    )
}

fn chart() -> Vec<u8> {
    noise(7, 300_000)
}

fn source(server: &Server) -> Source {
    Source::parse(&server.url(ROOT), &access()).unwrap()
}

fn ranges(logged: &[Logged]) -> Vec<Option<u64>> {
    let from = |range: &String| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok();
    logged.iter().map(|logged| logged.range.as_ref().and_then(from)).collect()
}

#[test]
fn the_list_comes_from_the_checksums_with_sizes_and_versions() {
    let server = server();
    let source = source(&server);
    let files = source.list().unwrap();
    let found: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.bytes, file.version.is_some())).collect();
    let list = server.content().files[&format!("{ROOT}/SHA256SUMS.txt")].len() as u64;
    assert_eq!(
        found,
        [
            ("CHANGELOG.txt", None, false),
            ("SHA256SUMS.txt", Some(list), false),
            ("hosp/a b.csv", Some(4), true),
            ("hosp/empty.csv", Some(0), true),
            (CHART, Some(300_000), true),
        ]
    );
    assert_eq!(source.name(), server.url("files/mimiciv/3.1/"));
    assert_eq!(read(&source, &find(&source, "hosp/a b.csv")).unwrap(), b"x\n1\n");
    assert_eq!(read(&source, &find(&source, "hosp/empty.csv")).unwrap(), b"");
    assert_eq!(source.read_small("CHANGELOG.txt", 100).unwrap().unwrap(), b"3.1");
    assert_eq!(source.read_small("README.md", 100).unwrap(), None);
    assert!(matches!(source.read_small("CHANGELOG.txt", 2), Err(SourceError::TooLarge { .. })));
}

#[test]
fn one_file_is_read_by_its_address() {
    let server = server();
    let url = server.url(&format!("{ROOT}/CHANGELOG.txt"));
    assert_eq!(read_file(&url, &access(), 100).unwrap(), (url.clone(), b"3.1".to_vec()));
    assert!(matches!(read_file(&url, &access(), 2), Err(SourceError::TooLarge { .. })));
    let missing = read_file(&server.url("files/none.csv"), &access(), 100).unwrap_err();
    assert!(
        matches!(&missing, SourceError::NotFound { place, .. } if *place == server.url("files/none.csv")),
        "{missing}"
    );
    for text in [server.url("files/"), server.url("files/list.csv?raw=1"), "https://name:secret@".to_owned()] {
        let error = read_file(&text, &access(), 100).unwrap_err();
        assert!(matches!(error, SourceError::NotASource { .. }), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read_file(folder.path().to_str().unwrap(), &access(), 9), Err(SourceError::NotASource { .. })));
    let file = folder.path().join("list.csv");
    let text = file.to_str().unwrap();
    assert!(matches!(read_file(text, &access(), 9), Err(SourceError::NotFound { .. })));
    fs::write(&file, "a\n").unwrap();
    assert_eq!(read_file(text, &access(), 9).unwrap(), (text.to_owned(), b"a\n".to_vec()));
}

#[test]
fn a_server_without_head_tells_sizes_by_a_range() {
    let server = server();
    server.content().headless = true;
    let file = find(&source(&server), CHART);
    assert_eq!(file.bytes, Some(300_000));
    assert_eq!(read(&source(&server), &file).unwrap(), chart());
}

#[test]
fn a_server_may_forbid_what_does_not_exist() {
    let server = server();
    let source = source(&server);
    server.faults(&format!("{ROOT}/README.md"), [Fault::Status(403, None), Fault::Status(403, None)]);
    assert!(source.read_small("README.md", 100).is_err(), "nothing is known before the list");
    source.list().unwrap();
    assert_eq!(source.read_small("README.md", 100).unwrap(), None);
    server.faults(&format!("{ROOT}/CHANGELOG.txt"), [Fault::Status(403, None)]);
    assert!(source.read_small("CHANGELOG.txt", 100).is_err(), "what is listed exists");
}

#[test]
fn a_missing_or_wrong_list_is_refused_with_the_way_out() {
    let server = Server::start(ROOT, &[]);
    let error = source(&server).list().unwrap_err();
    assert!(matches!(&error, SourceError::NoFileList { .. }), "{error}");
    assert!(error.hint().unwrap().contains("wget"));
    server.content().files.insert(format!("{ROOT}/SHA256SUMS.txt"), b"not a list\n".to_vec());
    let error = source(&server).list().unwrap_err();
    assert!(error.to_string().contains("line 1 of SHA256SUMS.txt"), "{error}");
}

/// Reads the large file through `faults`; the bytes must be right. Gives the byte that each request began at.
#[track_caller]
fn check_recovers(faults: &[Fault]) -> Vec<Option<u64>> {
    let server = server();
    let source = source(&server);
    let file = find(&source, CHART);
    server.faults(CHART_URL, faults.iter().cloned());
    assert!(read(&source, &file).unwrap() == chart(), "the bytes differ after {faults:?}");
    let gets = server.gets(CHART_URL);
    for get in gets.iter().filter(|get| get.range.is_some()) {
        assert_eq!(get.if_range, Some(tag(&chart())), "a part is asked for only of the same file");
    }
    ranges(&gets)
}

#[test]
fn a_cut_connection_goes_on_at_the_byte_reached() {
    let asked = check_recovers(&[Fault::Cut(100_000), Fault::Cut(50_000)]);
    assert_eq!(asked.len(), 3);
    assert_eq!(asked[0], None);
    assert!(asked[1] > Some(0) && asked[1] <= Some(100_000), "{asked:?}");
    assert!(asked[2] > asked[1], "{asked:?}");
}

#[test]
fn many_cuts_are_survived_as_long_as_bytes_arrive() {
    let asked = check_recovers(&vec![Fault::Cut(20_000); 12]);
    assert!(asked.len() > 12, "{asked:?}");
}

#[test]
fn a_server_that_ignores_ranges_is_read_again_and_the_known_bytes_passed_over() {
    check_recovers(&[Fault::Cut(100_000), Fault::Whole(usize::MAX)]);
    check_recovers(&[Fault::Cut(100_000), Fault::Whole(50_000), Fault::Whole(200_000), Fault::Whole(usize::MAX)]);
}

#[test]
fn statuses_that_pass_are_waited_out() {
    let zero = || Some(("retry-after", "0".to_owned()));
    check_recovers(&[Fault::Status(429, zero()), Fault::Status(503, zero()), Fault::Status(429, None)]);
    check_recovers(&[Fault::Status(500, None), Fault::Status(502, None), Fault::Status(408, None)]);
    check_recovers(&[Fault::Cut(100_000), Fault::Status(503, zero()), Fault::Cut(100_000), Fault::Status(504, None)]);
}

#[test]
fn a_refused_range_of_an_unchanged_file_is_read_whole() {
    let asked = check_recovers(&[Fault::Cut(100_000), Fault::Status(416, None)]);
    assert_eq!(asked.last(), Some(&None), "{asked:?}");
    let asked = check_recovers(&[Fault::Cut(100_000), Fault::WrongPart]);
    assert_eq!(asked.last(), Some(&None), "{asked:?}");
}

#[test]
fn a_part_shorter_than_asked_for_is_not_the_end() {
    let asked = check_recovers(&[Fault::Cut(100_000), Fault::Short(50_000), Fault::Short(1)]);
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[3], asked[2].map(|byte| byte + 1), "{asked:?}");
}

#[test]
fn silence_counts_as_a_cut() {
    let server = server();
    let quick = Access { idle_timeout: Duration::from_millis(300), ..access() };
    let source = Source::parse(&server.url(ROOT), &quick).unwrap();
    let file = find(&source, CHART);
    server.faults(CHART_URL, [Fault::Stall(100_000)]);
    assert!(read(&source, &file).unwrap() == chart());
    assert_eq!(server.gets(CHART_URL).len(), 2);
}

#[test]
fn a_file_that_changes_is_noticed() {
    #[track_caller]
    fn check(faults: Vec<Fault>, nameless: bool) {
        let server = server();
        server.content().nameless = nameless;
        let source = source(&server);
        let file = find(&source, CHART);
        server.faults(CHART_URL, faults);
        let error = read(&source, &file).unwrap_err();
        assert!(matches!(&error, SourceError::Changed { .. }), "{error}");
        assert_eq!(error.code(), ErrorCode::InvalidData);
        assert!(error.to_string().contains(CHART_URL), "{error}");
    }
    // Same length, other ETag; shorter; longer; changed since it was listed.
    check(vec![Fault::Cut(100_000), Fault::Replace(noise(8, 300_000))], false);
    check(vec![Fault::Cut(100_000), Fault::Replace(noise(8, 1000))], false);
    check(vec![Fault::Cut(100_000), Fault::Replace(noise(8, 400_000))], false);
    check(vec![Fault::Replace(noise(8, 300_000))], false);
    // A server that names no versions: only the length tells.
    check(vec![Fault::Cut(100_000), Fault::Replace(noise(8, 1000))], true);
}

#[test]
fn stat_tells_a_new_version() {
    let server = server();
    let source = source(&server);
    let file = find(&source, CHART);
    assert_eq!(source.stat(&file).unwrap(), file);
    server.content().files.insert(CHART_URL.to_owned(), noise(8, 300_000));
    assert_ne!(source.stat(&file).unwrap().version, file.version);
}

/// Every request fails with `status`; gives the error and how many requests were made.
fn refused(status: u16, header: Option<(&'static str, String)>) -> (SourceError, usize) {
    let server = server();
    let source = source(&server);
    let file = find(&source, CHART);
    server.content().every = Some(Fault::Status(status, header));
    (read(&source, &file).unwrap_err(), server.gets(CHART_URL).len())
}

#[test]
fn refusals_are_told_at_once_and_faults_after_several_tries() {
    #[track_caller]
    fn check(status: u16, code: ErrorCode, requests: usize, part: &str) {
        let (error, made) = refused(status, None);
        assert_eq!((error.code(), made), (code, requests), "{error}");
        assert!(error.to_string().contains(part) && error.to_string().contains(CHART_URL), "{error}");
    }
    check(401, ErrorCode::AccessDenied, 1, "401 Unauthorized; no name and password were sent");
    check(403, ErrorCode::AccessDenied, 1, "403 Forbidden");
    check(404, ErrorCode::NotFound, 1, "does not exist");
    check(410, ErrorCode::NotFound, 1, "does not exist");
    check(400, ErrorCode::Unavailable, 1, "400 Bad Request");
    check(416, ErrorCode::Unavailable, 4, "416");
    check(429, ErrorCode::Unavailable, 4, "429 Too Many Requests");
    check(503, ErrorCode::Unavailable, 4, "tried 4 times");
}

#[test]
fn a_pause_that_is_too_long_is_not_waited_for() {
    let (error, requests) = refused(503, Some(("retry-after", "3600".to_owned())));
    assert_eq!(requests, 1);
    assert!(error.to_string().contains("asks to come back in 3600 s"), "{error}");
    assert!(error.hint().unwrap().contains("again later"));
}

#[test]
fn a_web_page_in_place_of_a_file_is_a_refusal() {
    let page = Some(("content-type", "text/html; charset=utf-8".to_owned()));
    let (error, _) = refused(200, page);
    assert!(matches!(&error, SourceError::AccessDenied { .. }), "{error}");
}

fn login() -> Login {
    Login { host: None, user: "ann".to_owned(), password: "s:cret".to_owned() }
}

/// `ann:s:cret` in base64.
const BASIC: &str = "Basic YW5uOnM6Y3JldA==";

#[test]
fn credentials_come_from_the_caller_the_url_or_a_netrc_file() {
    let server = server();
    server.content().authorization = Some(BASIC.to_owned());
    let home = tempfile::tempdir().unwrap();
    let netrc = home.path().join("netrc");
    fs::write(&netrc, "machine 127.0.0.1 login ann password s:cret").unwrap();
    let check = |text: String, access: Access, allowed: bool| {
        let listed = Source::parse(&text, &access).unwrap().list();
        assert_eq!(listed.is_ok(), allowed, "{listed:?}");
        if let Err(error) = listed {
            assert_eq!(error.code(), ErrorCode::AccessDenied);
            assert!(!format!("{error} {error:?} {:?}", error.hint()).contains("cret"), "{error:?}");
        }
    };
    let url = server.url(ROOT);
    check(url.clone(), access(), false);
    check(url.clone(), Access { logins: vec![login()], ..access() }, true);
    check(url.clone(), Access { netrc: Some(netrc), ..access() }, true);
    check(url.clone(), Access { netrc: Some(home.path().join("none")), ..access() }, false);
    check(url.replace("http://", "http://ann:s%3Acret@"), access(), true);
    let elsewhere = Login { host: Some("physionet.org".to_owned()), ..login() };
    check(url.clone(), Access { logins: vec![elsewhere], ..access() }, false);
    let wrong = Login { password: "cret?".to_owned(), ..login() };
    check(url, Access { logins: vec![wrong], ..access() }, false);
}

#[test]
fn credentials_never_follow_a_redirection_to_another_host() {
    let (server, other) = (server(), server());
    server.content().redirects.insert(CHART_URL.to_owned(), other.url("elsewhere"));
    server.content().redirects.insert(format!("{ROOT}/CHANGELOG.txt"), "/moved".to_owned());
    server.content().files.insert("moved".to_owned(), b"4".to_vec());
    other.content().files.insert("elsewhere".to_owned(), b"there".to_vec());
    let access = Access { logins: vec![login()], ..access() };
    let source = Source::parse(&server.url(ROOT), &access).unwrap();
    assert_eq!(source.read_small("CHANGELOG.txt", 9).unwrap().unwrap(), b"4");
    assert_eq!(source.read_small(CHART, 9).unwrap().unwrap(), b"there");
    assert!(server.content().log.iter().all(|logged| logged.authorization.as_deref() == Some(BASIC)));
    assert!(other.content().log.iter().all(|logged| logged.authorization.is_none()));
    assert_eq!(other.gets("elsewhere").len(), 1);
}

#[test]
fn redirections_in_a_circle_end() {
    let server = server();
    server.content().redirects.insert(CHART_URL.to_owned(), format!("/{CHART_URL}"));
    let error = source(&server).read_small(CHART, 9).unwrap_err();
    assert!(error.to_string().contains("more than 10 times"), "{error}");
}

#[test]
fn no_more_connections_than_allowed_are_open() {
    let server = server();
    let source = source(&server);
    let file = find(&source, CHART);
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| assert!(read(&source, &file).unwrap() == chart()));
        }
    });
    // Two at a time; each may count twice, as the server sees the end of an answer after its reader does.
    assert!(server.peak() <= 4, "{}", server.peak());
}

#[test]
fn a_reader_that_is_dropped_gives_its_connection_back() {
    let server = server();
    // Patience enough that only the drop can free the connection.
    let one = Access { http_connections: 1, idle_timeout: Duration::from_hours(1), ..access() };
    let source = Source::parse(&server.url(ROOT), &one).unwrap();
    let file = find(&source, CHART);
    server.faults(CHART_URL, [Fault::Stall(5000)]);
    let held = source.open(&file).unwrap();
    assert_eq!(source.stat(&file).unwrap(), file, "a question needs no transfer to end");
    drop(held);
    server.faults(CHART_URL, [Fault::Stall(5000)]);
    assert_eq!(read_start(&source, &file, 100), chart()[..100]);
    assert!(read(&source, &file).unwrap() == chart());
}

#[test]
fn a_reader_outlives_its_source() {
    let server = server();
    let source = source(&server);
    let file = find(&source, CHART);
    let mut reader = source.open(&file).unwrap();
    drop(source);
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).unwrap();
    assert!(bytes == chart());
}

#[test]
fn stop_ends_a_transfer_that_waits() {
    let server = server();
    let stop = Arc::new(AtomicBool::new(false));
    let source = Source::parse(&server.url(ROOT), &Access { stop: Some(Arc::clone(&stop)), ..access() }).unwrap();
    let file = find(&source, CHART);
    server.faults(CHART_URL, [Fault::Stall(1000)]);
    let mut reader = source.open(&file).unwrap();
    stop.store(true, Ordering::Relaxed);
    let error = SourceError::from_io(reader.read_to_end(&mut Vec::new()).unwrap_err(), CHART);
    assert_eq!(error.code(), ErrorCode::Stopped, "{error}");
    assert_eq!(source.list().unwrap_err().code(), ErrorCode::Stopped);
}

#[test]
fn after_a_failure_a_reader_never_looks_finished() {
    let server = server();
    let source = source(&server);
    let file = find(&source, CHART);
    server.content().every = Some(Fault::Status(503, None));
    server.faults(CHART_URL, [Fault::Cut(10_000)]);
    let mut reader = source.open(&file).unwrap();
    assert!(reader.read_to_end(&mut Vec::new()).is_err());
    assert!(reader.read(&mut [0; 10]).is_err());
}

/// A server whose large table is large enough to be kept.
fn server_with_much() -> (Server, Vec<u8>) {
    let server = server();
    let much = noise(9, 3_000_000);
    server.content().files.insert(CHART_URL.to_owned(), much.clone());
    (server, much)
}

#[test]
fn a_later_run_goes_on_where_the_first_was_killed() {
    let (server, much) = server_with_much();
    let home = tempfile::tempdir().unwrap();
    let first = source(&server).with_cache(home.path());
    let file = find(&first, CHART);
    assert!(read_start(&first, &file, 2_000_000) == much[..2_000_000]);
    drop(first);
    let again = source(&server).with_cache(home.path());
    let file = find(&again, CHART);
    assert!(read(&again, &file).unwrap() == much);
    let asked = ranges(&server.gets(CHART_URL));
    assert_eq!(asked.len(), 2);
    assert!(asked[1] >= Some(2_000_000), "{asked:?}");

    // Whole now: nothing more is fetched until it is discarded.
    assert!(read(&again, &file).unwrap() == much);
    assert_eq!(server.gets(CHART_URL).len(), 2);
    again.discard(&file).unwrap();
    assert!(fs::read_dir(home.path()).unwrap().next().is_none());
    assert!(read(&again, &file).unwrap() == much);
    assert_eq!(ranges(&server.gets(CHART_URL)).last(), Some(&None));
}

#[test]
fn a_look_at_the_start_of_a_file_leaves_nothing() {
    let (server, much) = server_with_much();
    let home = tempfile::tempdir().unwrap();
    let source = source(&server).with_cache(home.path());
    assert!(read_start(&source, &find(&source, CHART), 100_000) == much[..100_000]);
    assert_eq!(read(&source, &find(&source, "hosp/a b.csv")).unwrap(), b"x\n1\n");
    assert!(fs::read_dir(home.path()).unwrap().next().is_none());
}

#[test]
fn what_is_kept_of_another_version_is_not_used() {
    let (server, _) = server_with_much();
    let home = tempfile::tempdir().unwrap();
    let source = source(&server).with_cache(home.path());
    read_start(&source, &find(&source, CHART), 2_000_000);
    let other = noise(10, 2_500_000);
    server.content().files.insert(CHART_URL.to_owned(), other.clone());
    assert!(read(&source, &find(&source, CHART)).unwrap() == other);
    assert_eq!(ranges(&server.gets(CHART_URL)), [None, None]);
}

#[test]
fn what_is_kept_is_right_after_a_server_that_ignores_ranges() {
    let (server, much) = server_with_much();
    let home = tempfile::tempdir().unwrap();
    let source = source(&server).with_cache(home.path());
    let file = find(&source, CHART);
    read_start(&source, &file, 2_000_000);
    server.faults(CHART_URL, [Fault::Whole(50_000), Fault::Cut(10_000)]);
    assert!(read(&source, &file).unwrap() == much);
    server.content().every = Some(Fault::Status(503, None));
    assert!(read(&source, &file).unwrap() == much, "the kept copy is whole and right");
}

#[test]
fn a_server_that_is_not_there_is_told_soon() {
    let server = server();
    let url = server.url(ROOT);
    drop(server);
    let many = Access { retry: bedside_load::source::Retry { attempts: 1000, ..access().retry }, ..access() };
    let error = Source::parse(&url, &many).unwrap().list().unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unavailable);
    assert!(error.to_string().contains("tried 3 times"), "{error}");
}
