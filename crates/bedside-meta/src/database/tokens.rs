//! Tokens in the file.

use super::Database;
use crate::error::Result;
use crate::token::{NewToken, Presented, Token};
use rusqlite::{OptionalExtension, Row, params};

/// How exactly the last use is kept, milliseconds: a client that asks a thousand times a minute writes once.
const USE_GRAIN: i64 = 60_000;

const COLUMNS: &str = "id, name, created, used, revoked";

impl Database {
    /// Makes a token; its text is given this once.
    ///
    /// # Errors
    /// [`crate::Error::Random`], [`crate::Error::Sqlite`].
    pub fn create_token(&self, name: &str, now: i64) -> Result<NewToken> {
        let (new, hash) = NewToken::make(name, now)?;
        self.inner().connection.execute(
            "INSERT INTO tokens (id, name, hash, created) VALUES (?1, ?2, ?3, ?4)",
            params![new.token.id, name, hash.as_slice(), now],
        )?;
        Ok(new)
    }

    /// Makes a key: who signs with the other half of it (PKCS #1, DER) is let in. It is listed and revoked as tokens are.
    ///
    /// # Errors
    /// [`crate::Error::Random`], [`crate::Error::Sqlite`].
    pub fn create_key(&self, name: &str, public_key: &[u8], now: i64) -> Result<Token> {
        let (new, _) = NewToken::make(name, now)?;
        // No text has an empty hash: nobody is let in by a token of this id.
        self.inner().connection.execute(
            "INSERT INTO tokens (id, name, hash, created, public_key) VALUES (?1, ?2, x'', ?3, ?4)",
            params![new.token.id, name, now, public_key],
        )?;
        Ok(new.token)
    }

    /// The public half of the key of that id, unless it is none or was revoked.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn key(&self, id: &str, now: i64) -> Result<Option<Vec<u8>>> {
        let inner = self.inner();
        let text = "SELECT public_key, used FROM tokens WHERE id = ?1 AND revoked IS NULL AND public_key IS NOT NULL";
        let mut statement = inner.connection.prepare_cached(text)?;
        let found = statement.query_row(params![id], |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?)));
        let Some((key, used)) = found.optional()? else { return Ok(None) };
        if used.is_none_or(|used| now - used >= USE_GRAIN) {
            inner.connection.execute("UPDATE tokens SET used = ?2 WHERE id = ?1", params![id, now])?;
        }
        Ok(Some(key))
    }

    /// All tokens, the oldest first, revoked ones included.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn tokens(&self) -> Result<Vec<Token>> {
        let inner = self.inner();
        let mut statement = inner.connection.prepare(&format!("SELECT {COLUMNS} FROM tokens ORDER BY created, id"))?;
        let found = statement.query_map([], token)?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// Revokes the token of that id. `None` where there is none.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn revoke_token(&self, id: &str, now: i64) -> Result<Option<Token>> {
        let inner = self.inner();
        let text = format!("UPDATE tokens SET revoked = COALESCE(revoked, ?2) WHERE id = ?1 RETURNING {COLUMNS}");
        Ok(inner.connection.query_row(&text, params![id, now], token).optional()?)
    }

    /// The token that a text is, unless it is none or was revoked.
    ///
    /// # Errors
    /// [`crate::Error::Sqlite`].
    pub fn token(&self, text: &str, now: i64) -> Result<Option<Token>> {
        let Some(presented) = Presented::read(text) else { return Ok(None) };
        let inner = self.inner();
        let query = format!("SELECT {COLUMNS}, hash FROM tokens WHERE id = ?1");
        let mut statement = inner.connection.prepare_cached(&query)?;
        let found = statement.query_row(params![presented.id], |row| Ok((token(row)?, row.get::<_, Vec<u8>>(5)?)));
        let Some((mut token, hash)) = found.optional()? else { return Ok(None) };
        if !presented.is(&hash) || token.revoked.is_some() {
            return Ok(None);
        }
        if token.used.is_none_or(|used| now - used >= USE_GRAIN) {
            inner.connection.execute("UPDATE tokens SET used = ?2 WHERE id = ?1", params![token.id, now])?;
            token.used = Some(now);
        }
        Ok(Some(token))
    }
}

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    Ok(Token { id: row.get(0)?, name: row.get(1)?, created: row.get(2)?, used: row.get(3)?, revoked: row.get(4)? })
}
