//! Wrong tokens, counted by address: guessing gets slow before it gets anywhere.

use crate::error::Failure;
use ring::digest::{SHA256, digest};
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

const MINUTE_MICROS: i64 = 60_000_000;
/// Addresses that are remembered at once.
const MOST_ADDRESSES: usize = 10_000;
/// Good tokens that are remembered at once.
const MOST_GOOD: usize = 10_000;

/// What went wrong in the last minute.
#[derive(Debug)]
pub(crate) struct Attempts {
    most: u32,
    by_address: Mutex<HashMap<Option<IpAddr>, Recent>>,
    /// Hashes of tokens that were good once.
    good: Mutex<HashSet<Vec<u8>>>,
}

#[derive(Clone, Copy, Debug)]
struct Recent {
    since: i64,
    failures: u32,
}

impl Attempts {
    /// At most so many in a minute.
    pub(crate) fn new(most: u32) -> Self {
        Self { most, by_address: Mutex::default(), good: Mutex::default() }
    }

    /// Remembers a token that was good; whether it still is, is decided anew every time.
    pub(crate) fn is_good(&self, token: &str) {
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        if good.len() >= MOST_GOOD {
            good.clear();
        }
        good.insert(hash(token));
    }

    /// Whether a token was good before.
    pub(crate) fn was_good(&self, token: &str) -> bool {
        self.good.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash(token))
    }

    /// Fails where too many went wrong from there.
    pub(crate) fn check(&self, address: Option<IpAddr>, now: i64) -> Result<(), Failure> {
        let by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        match by_address.get(&address) {
            Some(recent) if now - recent.since < MINUTE_MICROS && recent.failures >= self.most => {
                let seconds = (recent.since + MINUTE_MICROS - now) / 1_000_000 + 1;
                // A reason that clients do not repeat by themselves.
                let failure = Failure::new(429, "quotaExceeded", "Too many requests with a wrong token.");
                Err(Failure { retry_after: u64::try_from(seconds).ok(), ..failure })
            }
            _ => Ok(()),
        }
    }

    /// One more went wrong.
    pub(crate) fn failed(&self, address: Option<IpAddr>, now: i64) {
        let mut by_address = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if by_address.len() >= MOST_ADDRESSES {
            by_address.retain(|_, recent| now - recent.since < MINUTE_MICROS);
        }
        if by_address.len() >= MOST_ADDRESSES {
            by_address.clear();
        }
        let recent = by_address.entry(address).or_insert(Recent { since: now, failures: 0 });
        if now - recent.since >= MINUTE_MICROS {
            *recent = Recent { since: now, failures: 0 };
        }
        recent.failures = recent.failures.saturating_add(1);
    }
}

fn hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::{Attempts, MINUTE_MICROS};
    use std::net::{IpAddr, Ipv4Addr};

    #[test]
    fn an_address_that_guesses_has_to_wait_and_others_have_not() {
        let attempts = Attempts::new(3);
        let guesser = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        for _ in 0..3 {
            assert!(attempts.check(guesser, 0).is_ok());
            attempts.failed(guesser, 0);
        }
        let refused = attempts.check(guesser, 1_000_000).unwrap_err();
        assert_eq!((refused.status, refused.retry_after), (429, Some(60)));
        assert!(attempts.check(None, 1_000_000).is_ok());
        attempts.is_good("token");
        assert!(attempts.was_good("token") && !attempts.was_good("other"));
        assert!(attempts.check(guesser, MINUTE_MICROS).is_ok());
    }
}
