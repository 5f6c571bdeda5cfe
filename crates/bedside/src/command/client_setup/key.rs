//! A key of one's own, in the form of Google's service-account files.

mod der;
mod prime;

use crate::failure::Failure;
use data_encoding::BASE64;
use der::{integer, octets, sequence};
use num_bigint::BigUint;
use prime::prime;
use ring::signature::RsaKeyPair;

/// Bits of each of the two primes: the smallest key that libraries take without complaint.
const PRIME_BITS: u64 = 1024;
/// The public exponent of nearly every key.
const EXPONENT: u32 = 65_537;
/// `rsaEncryption` of PKCS #1 with its NULL parameters.
const ALGORITHM: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
/// Characters of a line in PEM.
const LINE: usize = 64;

/// A key and where its holder gets tokens.
pub(crate) struct Key {
    id: String,
    token_uri: String,
    /// PKCS #8, DER.
    private: Vec<u8>,
    /// PKCS #1, DER.
    public: Vec<u8>,
}

impl Key {
    /// A new key; takes about a second.
    pub(crate) fn generate(token_uri: &str) -> Result<Self, Failure> {
        let exponent = BigUint::from(EXPONENT);
        let (p, q) = (prime(PRIME_BITS, &exponent)?, prime(PRIME_BITS, &exponent)?);
        let (modulus, one) = (&p * &q, BigUint::from(1_u32));
        let (less_p, less_q) = (&p - &one, &q - &one);
        let failed = || Failure::internal("no key could be made");
        let private = exponent.modinv(&(&less_p * &less_q)).ok_or_else(failed)?;
        let coefficient = q.modinv(&p).ok_or_else(failed)?;
        let (for_p, for_q) = (&private % &less_p, &private % &less_q);
        let zero = BigUint::default();
        let numbers = [&zero, &modulus, &exponent, &private, &p, &q, &for_p, &for_q, &coefficient];
        let inner = sequence(&numbers.map(integer).concat());
        let private = sequence(&[integer(&zero), ALGORITHM.to_vec(), octets(&inner)].concat());
        // Checks everything about a key that can be checked.
        RsaKeyPair::from_pkcs8(&private).map_err(|_| failed())?;
        let public = sequence(&[integer(&modulus), integer(&exponent)].concat());
        Ok(Self { id: String::new(), token_uri: token_uri.to_owned(), private, public })
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
        &self.private
    }

    /// The file (<https://google.aip.dev/auth/4112>). Libraries read nothing but these fields.
    pub(crate) fn service_account(&self, project: &str) -> String {
        let text = BASE64.encode(&self.private);
        let lines: Vec<&str> = text.as_bytes().chunks(LINE).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        let file = serde_json::json!({
            "type": "service_account",
            "project_id": project,
            "private_key_id": self.id,
            "private_key": pem,
            "client_email": format!("bedside@{project}.iam.gserviceaccount.com"),
            "client_id": "0",
            "auth_uri": self.token_uri,
            "token_uri": self.token_uri,
        });
        format!("{file:#}\n")
    }
}
