//! Hashes and identifiers.

use super::{Function, scalar};

const FAMILY: &str = "hash";

pub(super) const FUNCTIONS: &[Function] = &[
    scalar(FAMILY, "farm_fingerprint", &[], &["STRING -> INT64", "BYTES -> INT64"], "FarmHash Fingerprint64"),
    scalar(FAMILY, "md5", &[], &["STRING -> BYTES", "BYTES -> BYTES"], "MD5, 16 bytes"),
    scalar(FAMILY, "sha1", &[], &["STRING -> BYTES", "BYTES -> BYTES"], "SHA-1, 20 bytes"),
    scalar(FAMILY, "sha256", &[], &["STRING -> BYTES", "BYTES -> BYTES"], "SHA-256, 32 bytes"),
    scalar(FAMILY, "sha512", &[], &["STRING -> BYTES", "BYTES -> BYTES"], "SHA-512, 64 bytes"),
    scalar(FAMILY, "generate_uuid", &[], &["-> STRING"], "a random UUID, new for every row"),
    scalar(FAMILY, "rand", &[], &["-> FLOAT64"], "a random number in [0, 1), new for every row"),
    scalar(FAMILY, "session_user", &[], &["-> STRING"], "who runs the statement"),
];
