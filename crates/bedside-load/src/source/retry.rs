//! How long to wait before a request is tried again.

use super::Retry;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

impl Retry {
    /// The wait after `failed` tries in a row, or `None` to give up. `pause` is what the server asked for, `jitter` a
    /// random number from 0 to 1: half of a computed wait is fixed, half random, so that clients do not come back in step.
    pub(crate) fn wait(&self, failed: u32, pause: Option<Duration>, jitter: f64) -> Option<Duration> {
        if failed >= self.attempts || pause.is_some_and(|pause| pause > self.longest_pause) {
            return None;
        }
        let doublings = failed.saturating_sub(1).min(30);
        let longest = self.first_wait.saturating_mul(1 << doublings).min(self.longest_wait);
        let wait = longest.mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0);
        Some(pause.map_or(wait, |pause| pause.max(wait)))
    }
}

/// A random number from 0 to 1, good enough to keep clients apart.
pub(crate) fn jitter() -> f64 {
    RandomState::new().hash_one(0_u8) as f64 / u64::MAX as f64
}

/// What a Retry-After header asks for: seconds, or a date, which counts from the server's own Date header.
pub(crate) fn pause(retry_after: Option<&str>, date: Option<&str>) -> Option<Duration> {
    let text = retry_after?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    let now = chrono::DateTime::parse_from_rfc2822(date?.trim()).ok()?;
    Some((until - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn retry() -> Retry {
        Retry { attempts: 6, first_wait: SECOND, longest_wait: 10 * SECOND, longest_pause: 100 * SECOND }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_then_give_up() {
        let check = |failed, jitter, expected| assert_eq!(retry().wait(failed, None, jitter), expected, "{failed}");
        check(1, 1.0, Some(SECOND));
        check(1, 0.0, Some(SECOND / 2));
        check(2, 1.0, Some(2 * SECOND));
        check(4, 1.0, Some(8 * SECOND));
        check(5, 1.0, Some(10 * SECOND));
        check(6, 1.0, None);
    }

    #[test]
    fn a_pause_that_the_server_asks_for_is_kept_or_refused() {
        let check = |pause, expected| assert_eq!(retry().wait(1, Some(pause), 1.0), expected);
        check(Duration::ZERO, Some(SECOND));
        check(30 * SECOND, Some(30 * SECOND));
        check(100 * SECOND, Some(100 * SECOND));
        check(101 * SECOND, None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let check = |text, date, expected| assert_eq!(pause(text, date), expected);
        check(None, None, None);
        check(Some("7"), None, Some(7 * SECOND));
        let date = Some("Wed, 21 Oct 2015 07:28:00 GMT");
        check(Some("Wed, 21 Oct 2015 07:28:30 GMT"), date, Some(30 * SECOND));
        check(Some("Wed, 21 Oct 2015 07:27:30 GMT"), date, Some(Duration::ZERO));
        check(Some("Wed, 21 Oct 2015 07:28:30 GMT"), None, None);
        check(Some("soon"), date, None);
    }

    #[test]
    fn jitter_is_between_0_and_1() {
        assert!((0..100).all(|_| (0.0..=1.0).contains(&jitter())));
    }
}
