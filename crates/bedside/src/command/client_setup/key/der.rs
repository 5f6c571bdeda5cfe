//! As much of DER (ITU-T X.690) as a key needs.

use num_bigint::BigUint;

/// SEQUENCE.
pub(crate) fn sequence(content: &[u8]) -> Vec<u8> {
    element(0x30, content)
}

/// OCTET STRING.
pub(crate) fn octets(content: &[u8]) -> Vec<u8> {
    element(0x04, content)
}

/// INTEGER that is not negative.
pub(crate) fn integer(value: &BigUint) -> Vec<u8> {
    let mut bytes = value.to_bytes_be();
    // A first bit would be a sign.
    if bytes.first().is_some_and(|byte| *byte >= 0x80) {
        bytes.insert(0, 0);
    }
    element(0x02, &bytes)
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut out = vec![tag];
    if content.len() < 0x80 {
        out.push(content.len() as u8);
    } else {
        out.push(0x80 | significant.len() as u8);
        out.extend_from_slice(significant);
    }
    out.extend_from_slice(content);
    out
}

#[cfg(test)]
mod tests {
    use super::{integer, octets, sequence};
    use num_bigint::BigUint;

    #[test]
    fn lengths_and_signs_are_ders() {
        assert_eq!(integer(&BigUint::from(0_u32)), [2, 1, 0]);
        assert_eq!(integer(&BigUint::from(127_u32)), [2, 1, 127]);
        assert_eq!(integer(&BigUint::from(65_537_u32)), [2, 3, 1, 0, 1]);
        assert_eq!(integer(&BigUint::from(128_u32)), [2, 2, 0, 128]);
        assert_eq!(sequence(&[1, 2]), [0x30, 2, 1, 2]);
        assert_eq!(octets(&[0; 200])[..3], [4, 0x81, 200]);
        assert_eq!(octets(&[0; 300])[..4], [4, 0x82, 1, 44]);
    }
}
