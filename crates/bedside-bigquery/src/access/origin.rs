//! Requests that a web page could make are refused: those for another host than this server's (a name that was pointed here
//! after the page was loaded), and those that a page of another origin sends.

use crate::error::Failure;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use std::net::IpAddr;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The hosts that this server answers to.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    address: IpAddr,
    names: Vec<String>,
}

impl Hosts {
    /// Those of the address that is listened on, and more names.
    pub(crate) fn new(address: IpAddr, names: &[String]) -> Self {
        Self { address, names: names.iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Fails for a request that a page elsewhere may have caused.
    ///
    /// # Errors
    /// 403 that says why.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = match (uri.authority(), hosts.next()) {
            // HTTP/2 has the host in the address.
            (Some(authority), _) => authority.as_str(),
            (None, Some(value)) => value.to_str().unwrap_or_default(),
            (None, None) => return Err(refused("the request names no host")),
        };
        if hosts.next().is_some() || !self.is_ours(name_of(host)) {
            return Err(refused(
                "the request is for a host that this server is not; `bedside serve --host-name` adds names",
            ));
        }
        if let Some(origin) = headers.get(header::ORIGIN) {
            let origin = origin.to_str().unwrap_or_default();
            let own = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            if own.is_none_or(|own| !own.eq_ignore_ascii_case(host)) {
                return Err(refused("the request comes from a web page of another origin"));
            }
        }
        let site = headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
        match site {
            None | Some(b"same-origin" | b"none") => Ok(()),
            Some(_) => Err(refused("the request comes from a web page of another origin")),
        }
    }

    fn is_ours(&self, host: &str) -> bool {
        if self.names.iter().any(|name| name.eq_ignore_ascii_case(host)) {
            return true;
        }
        let everywhere = self.address.is_unspecified();
        let loopback = self.address.is_loopback() || everywhere;
        match host.parse::<IpAddr>() {
            // A page cannot have an address of ours as its host unless we served it.
            Ok(address) => everywhere || address == self.address || loopback && address.is_loopback(),
            Err(_) => loopback && host.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// A host without its port and without the brackets of IPv6.
fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn refused(why: &str) -> Failure {
    Failure::new(403, "forbidden", format!("Forbidden: {why}."))
}

#[cfg(test)]
mod tests {
    use super::Hosts;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
    use std::net::IpAddr;

    fn check(listening: &str, headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let hosts = Hosts::new(listening.parse::<IpAddr>().unwrap(), &["bigquery.example".to_owned()]);
        hosts.check(&Uri::from_static("/projects"), &map).is_ok()
    }

    #[test]
    fn only_our_own_names_are_answered() {
        for host in ["127.0.0.1:9050", "localhost:9050", "LOCALHOST", "[::1]:9050", "bigquery.example:443"] {
            assert!(check("127.0.0.1", &[("host", Box::leak(host.to_owned().into_boxed_str()))]), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "192.168.1.1", "localhost.evil.example:9050", "", "[::1"]
        {
            let refused = !check("127.0.0.1", &[("host", Box::leak(host.to_owned().into_boxed_str()))]);
            assert!(refused || host == "[::1", "{host}");
        }
        assert!(check("0.0.0.0", &[("host", "192.168.1.1:9050")]));
        assert!(!check("0.0.0.0", &[("host", "evil.example")]));
        assert!(!check("192.168.1.1", &[("host", "localhost")]));
        assert!(!check("127.0.0.1", &[]));
        assert!(!check("127.0.0.1", &[("host", "127.0.0.1"), ("host", "evil.example")]));
    }

    #[test]
    fn pages_of_other_origins_are_refused() {
        let host = ("host", "127.0.0.1:9050");
        assert!(check("127.0.0.1", &[host, ("origin", "http://127.0.0.1:9050")]));
        for origin in ["http://evil.example", "null", "http://127.0.0.1:8888", "http://127.0.0.1"] {
            let origin = ("origin", &*Box::leak(origin.to_owned().into_boxed_str()));
            assert!(!check("127.0.0.1", &[host, origin]), "{origin:?}");
        }
        assert!(!check("127.0.0.1", &[host, ("sec-fetch-site", "cross-site")]));
        assert!(check("127.0.0.1", &[host, ("sec-fetch-site", "same-origin")]));
    }
}
