//! Tokens that key files were exchanged for. They are in memory only: after a restart clients fetch new ones by themselves.

use crate::error::Failure;
use bedside_service::Principal;
use data_encoding::BASE64URL_NOPAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Tokens that are remembered at once; a client has one for an hour.
const MOST: usize = 10_000;

/// By the hash of the token: looking one up tells nothing of others by its time.
#[derive(Debug, Default)]
pub(crate) struct Issued {
    by_hash: Mutex<HashMap<Vec<u8>, Grant>>,
}

/// Whose a token is.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) principal: Principal,
    /// The key that it was given for; without one where no key is needed.
    pub(crate) key: Option<String>,
    /// When it ends, microseconds since 1970.
    pub(crate) expires: i64,
}

impl Issued {
    /// A new token.
    pub(crate) fn issue(&self, grant: Grant, now: i64) -> Result<String, Failure> {
        let mut secret = [0; 32];
        SystemRandom::new().fill(&mut secret).map_err(|_| Failure::internal("there is no randomness"))?;
        let token = format!("bat_{}", BASE64URL_NOPAD.encode(&secret));
        let mut by_hash = self.by_hash.lock().unwrap_or_else(PoisonError::into_inner);
        if by_hash.len() >= MOST {
            by_hash.retain(|_, grant| grant.expires > now);
        }
        if by_hash.len() >= MOST {
            by_hash.clear();
        }
        by_hash.insert(hash(&token), grant);
        Ok(token)
    }

    /// Whose token it is, if it is one and its time is not over.
    pub(crate) fn grant(&self, token: &str, now: i64) -> Option<Grant> {
        let by_hash = self.by_hash.lock().unwrap_or_else(PoisonError::into_inner);
        by_hash.get(&hash(token)).filter(|grant| grant.expires > now).cloned()
    }
}

fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::{Grant, Issued};
    use bedside_service::Principal;

    #[test]
    fn a_token_ends_with_its_hour() {
        let issued = Issued::default();
        let grant = Grant { principal: Principal::owner(), key: None, expires: 10 };
        let token = issued.issue(grant.clone(), 0).unwrap();
        assert_ne!(token, issued.issue(grant, 0).unwrap());
        assert!(issued.grant(&token, 9).is_some());
        assert!(issued.grant(&token, 10).is_none());
        assert!(issued.grant("bat_x", 0).is_none());
    }
}
