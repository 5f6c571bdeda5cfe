//! Assertions that holders of a key file sign (RFC 7523), in the form that Google's libraries write: RS256, `kid` names the key.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;

/// How far clocks may differ.
const SKEW_SECONDS: i64 = 300;
/// Google's libraries ask for an hour.
const LONGEST_SECONDS: i64 = 3600;
/// Longer texts are no assertions.
const LONGEST_TEXT: usize = 8192;

/// An assertion whose signature is not checked yet.
#[derive(Debug)]
pub(crate) struct Assertion<'a> {
    key_id: String,
    claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: String,
}

#[derive(Debug, Deserialize)]
struct Claims {
    iat: f64,
    exp: f64,
}

impl<'a> Assertion<'a> {
    /// The parts of a text in three parts; `None` for others.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let decode = |part: &str| BASE64URL_NOPAD.decode(part.trim_end_matches('=').as_bytes()).ok();
        let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
        let claims: Claims = serde_json::from_slice(&decode(claims)?).ok()?;
        let signature = decode(signature)?;
        (header.alg == "RS256").then_some(Self { key_id: header.kid, claims, signed, signature })
    }

    /// The name of the key that it says it is signed with.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Whether a key (PKCS #1, DER) signed it, for now (seconds since 1970).
    pub(crate) fn is_signed_by(&self, public_key: &[u8], now: i64) -> bool {
        let Claims { iat, exp } = self.claims;
        let now = now as f64;
        let (skew, longest) = (SKEW_SECONDS as f64, (LONGEST_SECONDS + SKEW_SECONDS) as f64);
        let in_time = now < exp + skew && now > iat - skew && exp - iat <= longest;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key);
        in_time && key.verify(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Assertion;
    use data_encoding::BASE64URL_NOPAD;

    #[test]
    fn what_is_no_assertion_is_none() {
        let part = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
        let text = |alg: &str, claims: &str| {
            format!("{}.{}.{}", part(&format!("{{\"alg\":\"{alg}\",\"kid\":\"k\"}}")), part(claims), part("s"))
        };
        let good = text("RS256", "{\"iat\":1,\"exp\":2}");
        let assertion = Assertion::read(&good).unwrap();
        assert_eq!(assertion.key_id(), "k");
        assert!(!assertion.is_signed_by(b"no key", 1));
        for bad in
            ["", "a.b.c", "bat_x", &text("none", "{\"iat\":1,\"exp\":2}"), &text("RS256", "{}"), &"x.".repeat(9000)]
        {
            assert!(Assertion::read(bad).is_none(), "{bad}");
        }
    }
}
