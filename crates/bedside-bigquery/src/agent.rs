//! What is known of a client by its User-Agent, where protocols leave a choice that clients take differently.

use axum::http::{HeaderMap, header};

/// Whether a job's resource names the anonymous table that holds its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnonymousTable {
    /// It does: bigrquery, older pandas-gbq and `bq` read the rows there.
    Named,
    /// It does not. google-cloud-bigquery from 3.14 on reads rows over REST then; where it finds the name and its storage
    /// library is installed, it goes to Google's Storage API instead, wherever the rest of the requests went.
    Left,
    /// As [`AnonymousTable::Left`], but for the query by which ibis finds out where anonymous tables are.
    LeftExceptProbe,
}

/// ibis's query of that kind.
const PROBE: &str = "SELECT 1";

/// The first version of google-cloud-bigquery that reads a result without knowing its table.
const FIRST_WITHOUT: (u32, u32) = (3, 14);

/// What this client needs.
pub(crate) fn anonymous_table(headers: &HeaderMap) -> AnonymousTable {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let version = agent.split_ascii_whitespace().find_map(|word| word.strip_prefix("gccl/"));
    let python = agent.contains("gl-python/");
    match version.and_then(major_and_minor) {
        Some(version) if python && version >= FIRST_WITHOUT => {
            if agent.contains("ibis/") {
                AnonymousTable::LeftExceptProbe
            } else {
                AnonymousTable::Left
            }
        }
        _ => AnonymousTable::Named,
    }
}

impl AnonymousTable {
    /// Whether the resource of a job with this text names the table.
    pub(crate) fn is_named(self, text: Option<&str>) -> bool {
        match self {
            Self::Named => true,
            Self::Left => false,
            Self::LeftExceptProbe => text == Some(PROBE),
        }
    }
}

fn major_and_minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::{AnonymousTable, anonymous_table};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn the_python_client_decides_by_its_version() {
        for (agent, expected) in [
            ("gl-python/3.11.7 grpc/1.85.1 gax/2.44.0 gapic/3.47.0 gccl/3.47.0", AnonymousTable::Left),
            ("pandas-3.1.1 gl-python/3.11.7 gax/2.44.0 gapic/3.14.0 gccl/3.14.0", AnonymousTable::Left),
            ("gl-python/3.11.7 gax/2.11.0 gapic/3.13.0 gccl/3.13.0", AnonymousTable::Named),
            ("gl-python/3.11.7 gapic/2.6.1 gccl/2.6.1", AnonymousTable::Named),
            ("google-cloud-sdk528.0.0 google-api-python-client (gzip)", AnonymousTable::Named),
            ("bigrquery/1.5.0 (GPN:RStudio; ) gargle/1.5.2 httr/1.4.7", AnonymousTable::Named),
            ("ibis/12.0.0 gl-python/3.11.7 gapic/3.47.0 gccl/3.47.0", AnonymousTable::LeftExceptProbe),
            ("gl-python/3.11.7 gccl/unknown", AnonymousTable::Named),
            ("", AnonymousTable::Named),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
            assert_eq!(anonymous_table(&headers), expected, "{agent}");
        }
        assert_eq!(anonymous_table(&HeaderMap::new()), AnonymousTable::Named);
        let named = AnonymousTable::LeftExceptProbe;
        assert!(named.is_named(Some("SELECT 1")) && !named.is_named(Some("SELECT 2")));
    }
}
