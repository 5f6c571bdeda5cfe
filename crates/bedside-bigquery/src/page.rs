//! Page tokens: where the next page begins, sealed, so that one of another job or table does not read on here.

use crate::error::Failure;
use data_encoding::BASE64URL_NOPAD;
use ring::hmac;

/// Bytes of the seal that a token carries.
const SEAL: usize = 16;

/// Makes and reads page tokens. Those of one key are worth nothing under another.
#[derive(Clone, Debug)]
pub(crate) struct PageTokens {
    key: hmac::Key,
}

impl PageTokens {
    /// Tokens sealed with a secret.
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }

    /// The token of the page of `scope` (a job, a table, …) that begins at a place.
    pub(crate) fn token(&self, scope: &str, place: u64) -> String {
        let mut bytes = place.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.seal(scope, place)[..SEAL]);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// Where the page of a token begins.
    ///
    /// # Errors
    /// For what is no token of this scope.
    pub(crate) fn place(&self, scope: &str, token: &str) -> Result<u64, Failure> {
        let place = BASE64URL_NOPAD.decode(token.as_bytes()).ok().and_then(|bytes| {
            let (place, seal) = bytes.split_first_chunk::<8>()?;
            let place = u64::from_be_bytes(*place);
            (seal == &self.seal(scope, place)[..SEAL]).then_some(place)
        });
        place.ok_or_else(|| Failure::invalid("Invalid page token.").at("pageToken"))
    }

    fn seal(&self, scope: &str, place: u64) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&place.to_be_bytes());
        context.update(scope.as_bytes());
        let mut seal = [0; 32];
        seal.copy_from_slice(context.sign().as_ref());
        seal
    }
}

#[cfg(test)]
mod tests {
    use super::PageTokens;

    #[test]
    fn a_token_is_good_for_its_scope_alone() {
        let tokens = PageTokens::new(&[7; 32]);
        let token = tokens.token("job p:a", 1_000_000);
        assert_eq!(tokens.place("job p:a", &token).ok(), Some(1_000_000));
        assert!(tokens.place("job p:b", &token).is_err());
        assert!(PageTokens::new(&[8; 32]).place("job p:a", &token).is_err());
        for bad in ["", "x", "AAAA", "é", &token[1..], &format!("{token}A")] {
            assert!(tokens.place("job p:a", bad).is_err(), "{bad}");
        }
    }
}
