//! Who may ask at all: the token that every request carries, and the addresses that a browser may be led from.

mod attempts;
mod issued;
mod jwt;
mod origin;

pub(crate) use origin::Hosts;

use crate::error::Failure;
use attempts::Attempts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bedside_service::{Principal, Service};
use issued::{Grant, Issued};
use jwt::Assertion;
use std::net::IpAddr;

/// How long a token lives that was given for a key file.
const LIFETIME_SECONDS: i64 = 3600;

/// Whether requests need a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokens {
    /// Every request has to carry one.
    Demanded,
    /// Whoever reaches the server is its owner. Only for loopback.
    NotDemanded,
}

/// The address that a request came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Decides who asks.
#[derive(Debug)]
pub(crate) struct Access {
    tokens: Tokens,
    attempts: Attempts,
    issued: Issued,
    /// Microseconds since 1970.
    clock: fn() -> i64,
}

impl Access {
    pub(crate) fn new(tokens: Tokens, wrong_tokens: u32, clock: fn() -> i64) -> Self {
        Self { tokens, attempts: Attempts::new(wrong_tokens), issued: Issued::default(), clock }
    }

    /// Whose token the request carries.
    ///
    /// # Errors
    /// 401 without a token or with one that is none; 429 after many of those from one address.
    pub(crate) fn principal(&self, service: &Service, parts: &Parts) -> Result<Principal, Failure> {
        if self.tokens == Tokens::NotDemanded {
            return Ok(Principal::owner());
        }
        let token = bearer(&parts.headers).ok_or_else(|| unauthenticated("required", "Login Required."))?;
        let now = self.now();
        if let Some(grant) = self.issued.grant(token, now) {
            // A key that was revoked ends what it was exchanged for, too.
            let stands = grant.key.as_ref().is_none_or(|key| service.key(key).is_ok());
            return if stands { Ok(grant.principal) } else { Err(unauthenticated("authError", "Invalid Credentials")) };
        }
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
        // Whoever guesses from the same address keeps nobody out who was let in before.
        if !self.attempts.was_good(token) {
            self.attempts.check(peer, now)?;
        }
        let known = match Assertion::read(token) {
            // google-auth sends the assertion itself where it does not know the server as Google's.
            Some(assertion) => owner_of(service, &assertion, now),
            None => service.authenticate(token).ok(),
        };
        match known {
            Some(principal) => {
                self.attempts.is_good(token);
                Ok(principal)
            }
            None => {
                self.attempts.failed(peer, now);
                Err(unauthenticated("authError", "Invalid Credentials"))
            }
        }
    }

    /// A token for the holder of a key file: what its `token_uri` answers.
    ///
    /// # Errors
    /// 400 for an assertion that no known key signed, 429 after many of those.
    pub(crate) fn exchange(&self, service: &Service, assertion: &str, peer: Option<Peer>) -> Result<String, Failure> {
        let now = self.now();
        let peer = peer.map(|peer| peer.0);
        let key = Assertion::read(assertion).map(|assertion| assertion.key_id().to_owned()).unwrap_or_default();
        if !self.attempts.was_good(&key) {
            self.attempts.check(peer, now)?;
        }
        let expires = now + LIFETIME_SECONDS * 1_000_000;
        let grant = match (self.tokens, Assertion::read(assertion)) {
            (Tokens::NotDemanded, Some(_)) => Some(Grant { principal: Principal::owner(), key: None, expires }),
            (Tokens::Demanded, Some(assertion)) => owner_of(service, &assertion, now).map(|principal| {
                let key = Some(assertion.key_id().to_owned());
                Grant { principal, key, expires }
            }),
            (_, None) => None,
        };
        let Some(grant) = grant else {
            self.attempts.failed(peer, now);
            return Err(Failure::new(400, "invalid_grant", "Invalid JWT Signature."));
        };
        self.attempts.is_good(&key);
        self.issued.issue(grant, now)
    }

    /// Microseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Seconds that such a token lives.
    pub(crate) const fn lifetime() -> i64 {
        LIFETIME_SECONDS
    }
}

/// Whose key signed it.
fn owner_of(service: &Service, assertion: &Assertion<'_>, now: i64) -> Option<Principal> {
    let key = service.key(assertion.key_id()).ok()?;
    assertion.is_signed_by(&key.public_key, now / 1_000_000).then_some(key.principal)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

fn unauthenticated(reason: &str, message: &str) -> Failure {
    let advice = "`bedside client-setup` writes what a client needs, `bedside token create` makes a token.";
    Failure::new(401, reason, format!("{message} {advice}")).at("Authorization")
}
