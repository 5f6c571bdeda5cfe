//! A key of one's own, in the form of Google's service-account files.

use crate::failure::Failure;
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding, SecretDocument};
use rsa::rand_core::OsRng;

/// The smallest key that libraries take without complaint.
const BITS: usize = 2048;

/// A key and where its holder gets tokens.
pub(crate) struct Key {
    id: String,
    token_uri: String,
    /// PKCS #8, DER.
    private: SecretDocument,
    pem: String,
    /// PKCS #1, DER.
    public: Vec<u8>,
}

impl Key {
    /// A new key; takes some tenths of a second.
    pub(crate) fn generate(token_uri: &str) -> Result<Self, Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::internal(format!("no key could be made: {error}"));
        let key = RsaPrivateKey::new(&mut OsRng, BITS).map_err(|error| failed(&error))?;
        let private = key.to_pkcs8_der().map_err(|error| failed(&error))?;
        let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| failed(&error))?.to_string();
        let public = key.to_public_key().to_pkcs1_der().map_err(|error| failed(&error))?.into_vec();
        Ok(Self { id: String::new(), token_uri: token_uri.to_owned(), private, pem, public })
    }

    /// The same with the name that the server knows it by.
    pub(crate) fn named(self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self }
    }

    /// What the server checks signatures with (PKCS #1, DER).
    pub(crate) fn public(&self) -> &[u8] {
        &self.public
    }

    /// Where it is exchanged for a token.
    pub(crate) fn token_uri(&self) -> &str {
        &self.token_uri
    }

    /// Its name.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// What signs (PKCS #8, DER).
    pub(crate) fn private(&self) -> &[u8] {
        self.private.as_bytes()
    }

    /// The file (<https://google.aip.dev/auth/4112>). Libraries read nothing but these fields.
    pub(crate) fn service_account(&self, project: &str) -> String {
        let file = serde_json::json!({
            "type": "service_account",
            "project_id": project,
            "private_key_id": self.id,
            "private_key": self.pem,
            "client_email": format!("bedside@{project}.iam.gserviceaccount.com"),
            "client_id": "0",
            "auth_uri": self.token_uri,
            "token_uri": self.token_uri,
        });
        format!("{file:#}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::Key;
    use data_encoding::BASE64;
    use ring::rand::SystemRandom;
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};

    #[test]
    fn what_the_file_signs_the_public_half_knows() {
        let key = Key::generate("http://127.0.0.1:9050/token").unwrap().named("k1");
        let file: serde_json::Value = serde_json::from_str(&key.service_account("p")).unwrap();
        assert_eq!((file["private_key_id"].as_str(), file["project_id"].as_str()), (Some("k1"), Some("p")));
        let pem = file["private_key"].as_str().unwrap();
        let lines = pem.strip_prefix("-----BEGIN PRIVATE KEY-----\n").unwrap();
        let lines = lines.strip_suffix("\n-----END PRIVATE KEY-----\n").unwrap();
        let private = BASE64.decode(lines.replace('\n', "").as_bytes()).unwrap();
        assert_eq!(private, key.private());
        let pair = RsaKeyPair::from_pkcs8(&private).unwrap();
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), b"text", &mut signature).unwrap();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public());
        assert!(public.verify(b"text", &signature).is_ok());
        assert!(public.verify(b"other", &signature).is_err());
    }
}
