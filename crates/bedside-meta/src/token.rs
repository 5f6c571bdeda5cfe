//! Tokens: who knows one is let in. The file has only their hashes.

use crate::error::{Error, Result};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// What every token begins with, so that a leaked one is recognised.
const PREFIX: &str = "bedside_";
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;

/// A token as it is kept. Times are milliseconds since 1970-01-01 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Names it; no secret.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// When it was made.
    pub created: i64,
    /// When it was last used, to the minute.
    pub used: Option<i64>,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

/// A token that was just made. This is the only time that its text is known.
#[derive(Clone)]
pub struct NewToken {
    /// What clients send.
    pub text: String,
    /// What is kept.
    pub token: Token,
}

/// A token's text, taken apart.
pub(crate) struct Presented {
    pub(crate) id: String,
    hash: [u8; 32],
}

impl NewToken {
    pub(crate) fn make(name: &str, now: i64) -> Result<(Self, [u8; 32])> {
        let (mut id, mut secret) = ([0_u8; ID_BYTES], [0_u8; SECRET_BYTES]);
        getrandom::fill(&mut id).map_err(|_| Error::Random)?;
        getrandom::fill(&mut secret).map_err(|_| Error::Random)?;
        let id = HEXLOWER.encode(&id);
        let text = format!("{PREFIX}{id}_{}", BASE64URL_NOPAD.encode(&secret));
        let hash = hash(&text);
        let token = Token { id, name: name.to_owned(), created: now, used: None, revoked: None };
        Ok((Self { text, token }, hash))
    }
}

impl Presented {
    /// `None` for a text that no token has.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let id = text.strip_prefix(PREFIX)?.get(..2 * ID_BYTES)?;
        Some(Self { id: id.to_owned(), hash: hash(text) })
    }

    /// Whether it is the one of that hash; takes the same time whatever differs.
    pub(crate) fn is(&self, kept: &[u8]) -> bool {
        self.hash.ct_eq(kept).into()
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// The text is a secret.
impl fmt::Debug for NewToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewToken({})", self.token.id)
    }
}

#[cfg(test)]
mod tests {
    use super::{NewToken, Presented};

    #[test]
    fn a_token_is_known_by_its_whole_text() {
        let (new, hash) = NewToken::make("laptop", 0).unwrap();
        let presented = Presented::read(&new.text).unwrap();
        assert_eq!(presented.id, new.token.id);
        assert!(presented.is(&hash));
        let other = format!("{}A", &new.text[..new.text.len() - 1]);
        assert!(other == new.text || !Presented::read(&other).unwrap().is(&hash));
        for text in ["", "bedside_", "bedside_0123", "Bearer x", "bedside_ä123456789012345"] {
            assert!(Presented::read(text).is_none_or(|presented| !presented.is(&hash)), "{text}");
        }
        assert!(!format!("{new:?}").contains(&new.text));
    }
}
