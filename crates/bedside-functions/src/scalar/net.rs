//! NET.*: hosts of URLs and addresses of the internet
//! (<https://cloud.google.com/bigquery/docs/reference/standard-sql/net_functions>).

use crate::call::{Call, some};
use crate::error::{Result, fail};
use crate::function::Spec;
use arrow::array::ArrayRef;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Spec] = &[
    Spec::total("net.host", |call| of_url(call, |host| Some(host))),
    Spec::total("net.public_suffix", |call| of_url(call, public_suffix)),
    Spec::total("net.reg_domain", |call| of_url(call, registered_domain)),
    Spec::fallible("net.ip_from_string", |call| {
        let a = call.text(0)?;
        call.blobs(|row| {
            let text = some!(a.get(row));
            match address(text) {
                Some(address) => Ok(Some(Cow::Owned(address))),
                None => fail(format!("NET.IP_FROM_STRING() encountered an unparseable IP-address: {text}")),
            }
        })
    }),
    Spec::total("net.safe_ip_from_string", |call| {
        let a = call.text(0)?;
        call.blobs(|row| Ok(a.get(row).and_then(address).map(Cow::Owned)))
    }),
    Spec::fallible("net.ip_to_string", to_text),
    Spec::fallible("net.ip_net_mask", mask),
    Spec::fallible("net.ip_trunc", truncate),
    Spec::fallible("net.ipv4_from_int64", from_number),
    Spec::fallible("net.ipv4_to_int64", to_number),
];

fn of_url(call: &Call<'_>, part: for<'t> fn(&'t str) -> Option<&'t str>) -> Result<ArrayRef> {
    let a = call.text(0)?;
    call.texts(|row| Ok(a.get(row).and_then(host).and_then(part).map(Cow::Borrowed)))
}

/// What stands between the scheme and user of a URL and its port and path.
fn host(url: &str) -> Option<&str> {
    let url = url.trim_matches(|c: char| c <= ' ');
    let scheme = url.find("//").filter(|at| {
        let before = &url[..*at];
        (before.is_empty() || before.ends_with(':')) && !before.contains(['/', '?', '#', '\\'])
    });
    let rest = scheme.map_or(url, |at| &url[at + 2..]);
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // The colons of an address in brackets are no port's.
    let after_brackets = host.rfind(']').map_or(0, |at| at + 1);
    let end = if host.starts_with('[') && after_brackets == 0 {
        host.len()
    } else {
        host[after_brackets..].find(':').map_or(host.len(), |at| after_brackets + at)
    };
    let host = host[..end].trim_start_matches('.');
    (!host.is_empty()).then_some(host)
}

/// Where the public suffix begins by the list's public part; `None` where the list has none.
fn suffix_start(host: &str) -> Option<usize> {
    let lower = host.to_lowercase();
    // Places of the lower text are places of the host only where both are of one length.
    if lower.len() != host.len() {
        return None;
    }
    let mut end_of_private = lower.as_str();
    loop {
        let suffix = psl::suffix(end_of_private.as_bytes())?;
        match suffix.typ()? {
            psl::Type::Icann => return Some(host.len() - suffix.as_bytes().len()),
            // A private suffix stands below a public one.
            psl::Type::Private => {
                let from = lower.len() - suffix.as_bytes().len();
                end_of_private = lower[from..].split_once('.')?.1;
            }
        }
    }
}

fn public_suffix(host: &str) -> Option<&str> {
    suffix_start(host).map(|start| &host[start..])
}

fn registered_domain(host: &str) -> Option<&str> {
    let start = suffix_start(host)?;
    let before = host[..start].strip_suffix('.')?;
    let label = before.rfind('.').map_or(0, |at| at + 1);
    (label < before.len()).then(|| &host[label..])
}

/// An address in network order.
fn address(text: &str) -> Option<Vec<u8>> {
    Some(match text.parse().ok()? {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    })
}

fn to_text(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.blob(0)?;
    call.texts(|row| {
        let bytes = some!(a.get(row));
        if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
            return Ok(Some(Cow::Owned(Ipv4Addr::from(octets).to_string())));
        }
        match <[u8; 16]>::try_from(bytes) {
            Ok(octets) => Ok(Some(Cow::Owned(written(Ipv6Addr::from(octets))))),
            Err(_) => fail(format!(
                "NET.IP_TO_STRING() encountered an invalid IP address. Expected 4 (for IPv4) or 16 (for IPv6) bytes but \
                 got {}",
                bytes.len()
            )),
        }
    })
}

/// As inet_ntop writes it: an IPv4 address in the last 32 bits stays one.
fn written(address: Ipv6Addr) -> String {
    let segments = address.segments();
    let embedded = segments[..6].iter().all(|segment| *segment == 0) && segments[6] != 0;
    match (embedded, address.to_ipv4()) {
        (true, Some(inner)) => format!("::{inner}"),
        _ => address.to_string(),
    }
}

/// So many leading bits of so many bytes.
fn leading(length: usize, bits: i64) -> impl Iterator<Item = u8> {
    (0..length as i64).map(move |byte| match bits - byte * 8 {
        ..=0 => 0,
        bits @ 1..8 => !(0xff_u8 >> bits),
        _ => 0xff,
    })
}

fn mask(call: &Call<'_>) -> Result<ArrayRef> {
    let (length, bits) = (call.int(0)?, call.int(1)?);
    call.blobs(|row| {
        let (length, bits) = (some!(length.get(row)), some!(bits.get(row)));
        if !matches!(length, 4 | 16) {
            return fail(format!(
                "The first argument of NET.IP_NET_MASK() must be either 4 (for IPv4) or 16 (for IPv6); got {length}"
            ));
        }
        if !(0..=length * 8).contains(&bits) {
            return fail(format!(
                "The second argument of NET.IP_NET_MASK() must be between 0 and the first argument * 8; got {bits}"
            ));
        }
        Ok(Some(Cow::Owned(leading(length as usize, bits).collect())))
    })
}

fn truncate(call: &Call<'_>) -> Result<ArrayRef> {
    let (address, bits) = (call.blob(0)?, call.int(1)?);
    call.blobs(|row| {
        let (bytes, bits) = (some!(address.get(row)), some!(bits.get(row)));
        if !matches!(bytes.len(), 4 | 16) {
            return fail(format!(
                "The first argument of NET.IP_TRUNC() must have length 4 (for IPv4) or 16 (for IPv6); got {}",
                bytes.len()
            ));
        }
        if !(0..=bytes.len() as i64 * 8).contains(&bits) {
            return fail(format!(
                "The second argument of NET.IP_TRUNC() must be between 0 and 8 * LENGTH(first argument); got {bits}"
            ));
        }
        let kept = bytes.iter().zip(leading(bytes.len(), bits)).map(|(byte, mask)| byte & mask);
        Ok(Some(Cow::Owned(kept.collect())))
    })
}

fn from_number(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.int(0)?;
    call.blobs(|row| {
        let value = some!(a.get(row));
        if !(-0x8000_0000..=0xffff_ffff).contains(&value) {
            return fail(format!(
                "NET.IPV4_FROM_INT64() encountered an invalid integer IP. Expected range: [-0x80000000, 0xFFFFFFFF]; got \
                 {value}"
            ));
        }
        Ok(Some(Cow::Owned((value as u32).to_be_bytes().to_vec())))
    })
}

fn to_number(call: &Call<'_>) -> Result<ArrayRef> {
    let a = call.blob(0)?;
    call.ints(|row| {
        let bytes = some!(a.get(row));
        match <[u8; 4]>::try_from(bytes) {
            Ok(octets) => Ok(Some(i64::from(u32::from_be_bytes(octets)))),
            Err(_) => fail(format!(
                "NET.IPV4_TO_INT64() encountered a non-IPv4 address. Expected 4 bytes but got {}",
                bytes.len()
            )),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{host, public_suffix, registered_domain};

    // From BigQuery's page on the functions, and its note that the list's private part is passed over.
    #[test]
    fn hosts_suffixes_and_domains_are_as_documented() {
        for (url, expected) in [
            ("", (None, None, None)),
            ("http://abc.xyz", (Some("abc.xyz"), Some("xyz"), Some("abc.xyz"))),
            ("//user:password@a.b:80/path?query", (Some("a.b"), None, None)),
            ("https://[::1]:80", (Some("[::1]"), None, None)),
            ("http://例子.卷筒纸.中国", (Some("例子.卷筒纸.中国"), Some("中国"), Some("卷筒纸.中国"))),
            ("    www.Example.Co.UK    ", (Some("www.Example.Co.UK"), Some("Co.UK"), Some("Example.Co.UK"))),
            ("mailto:?to=&subject=&body=", (Some("mailto"), None, None)),
            ("http://a.b.blogspot.com", (Some("a.b.blogspot.com"), Some("com"), Some("blogspot.com"))),
            ("http://com", (Some("com"), Some("com"), None)),
        ] {
            let found = host(url);
            let parts = (found, found.and_then(public_suffix), found.and_then(registered_domain));
            assert_eq!(parts, expected, "{url}");
        }
    }
}
