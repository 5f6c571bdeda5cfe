//! Addresses of the internet.

use super::{Function, scalar};

const FAMILY: &str = "net";

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(FAMILY, "net.host", &[], &["STRING -> STRING"], "the host in a URL, NULL where there is none"),
    scalar(
        FAMILY,
        "net.public_suffix",
        &[],
        &["STRING -> STRING"],
        "the public suffix of the host in a URL (com, co.uk), by the list of publicsuffix.org without its private part",
    ),
    scalar(FAMILY, "net.reg_domain", &[], &["STRING -> STRING"], "the public suffix with the label before it"),
    scalar(
        FAMILY,
        "net.ip_from_string",
        &[],
        &["STRING -> BYTES"],
        "an address as 4 or 16 bytes; fails for any other text",
    ),
    scalar(FAMILY, "net.safe_ip_from_string", &[], &["STRING -> BYTES"], "the same, NULL for any other text"),
    scalar(FAMILY, "net.ip_to_string", &[], &["BYTES -> STRING"], "an address of 4 or 16 bytes as text"),
    scalar(
        FAMILY,
        "net.ip_net_mask",
        &[],
        &["INT64, INT64 -> BYTES"],
        "a mask of so many bytes with so many leading bits",
    ),
    scalar(FAMILY, "net.ip_trunc", &[], &["BYTES, INT64 -> BYTES"], "an address with its leading bits only"),
    scalar(FAMILY, "net.ipv4_from_int64", &[], &["INT64 -> BYTES"], "a number as an address of 4 bytes"),
    scalar(FAMILY, "net.ipv4_to_int64", &[], &["BYTES -> INT64"], "an address of 4 bytes as a number"),
];
