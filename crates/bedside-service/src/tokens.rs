//! Tokens: who knows one is the owner.

use crate::error::{Error, Result};
use crate::principal::Principal;
use crate::service::Service;
use bedside_meta::{NewToken, Token};

/// A key that somebody signs with.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Whose it is.
    pub principal: Principal,
    /// Its public half (PKCS #1, DER).
    pub public_key: Vec<u8>,
}

impl Service {
    /// Who a token's text belongs to. Takes the same time for a wrong secret as for the right one.
    ///
    /// # Errors
    /// [`Error::Denied`] for a text that is no token, or one that was revoked.
    pub fn authenticate(&self, text: &str) -> Result<Principal> {
        match self.shared.database.token(text, self.shared.now())? {
            Some(_) => Ok(Principal::owner()),
            None => Err(Error::Denied("Invalid credentials".to_owned())),
        }
    }

    /// Makes a key for a name: who signs with the other half of `public_key` (PKCS #1, DER) is the owner.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is none, [`Error::State`].
    pub fn create_key(&self, name: &str, public_key: &[u8]) -> Result<Token> {
        Ok(self.shared.database.create_key(checked(name)?, public_key, self.shared.now())?)
    }

    /// The key of that id, to check a signature with.
    ///
    /// # Errors
    /// [`Error::Denied`] for one that is none, or was revoked.
    pub fn key(&self, id: &str) -> Result<SigningKey> {
        match self.shared.database.key(id, self.shared.now())? {
            Some(public_key) => Ok(SigningKey { principal: Principal::owner(), public_key }),
            None => Err(Error::Denied("Invalid credentials".to_owned())),
        }
    }

    /// Makes a token; its text is shown this once.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a name that is none, [`Error::State`].
    pub fn create_token(&self, name: &str) -> Result<NewToken> {
        Ok(self.shared.database.create_token(checked(name)?, self.shared.now())?)
    }

    /// All tokens, the oldest first, revoked ones included.
    ///
    /// # Errors
    /// [`Error::State`].
    pub fn tokens(&self) -> Result<Vec<Token>> {
        Ok(self.shared.database.tokens()?)
    }

    /// Revokes the token of that id, at once and for good.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn revoke_token(&self, id: &str) -> Result<Token> {
        let token = self.shared.database.revoke_token(id, self.shared.now())?;
        token.ok_or_else(|| Error::NotFound(format!("there is no token {id}")))
    }
}

fn checked(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.len() > 100 || name.chars().any(char::is_control) {
        return Err(Error::Invalid("a token's name has 1 to 100 bytes and no control characters".to_owned()));
    }
    Ok(name)
}
