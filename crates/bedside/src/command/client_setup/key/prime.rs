//! Random primes, for keys. The well-kept library that makes keys would change the features of crates that half of the program
//! is built on; these keys let one client in to one server.

use crate::failure::Failure;
use num_bigint::BigUint;
use ring::rand::{SecureRandom, SystemRandom};

/// Rounds of Miller and Rabin's test. Each lets a composite number pass with a chance below 1/4; of random candidates of this
/// size, far fewer (FIPS 186-5, table B.1 asks for 5).
const ROUNDS: usize = 32;
/// Odd primes that candidates are divided by before they are tested.
const SMALL: u32 = 2000;

/// A prime of so many bits, its two highest set so that the product of two has twice as many, and for which the public
/// exponent (a prime) has an inverse.
pub(crate) fn prime(bits: u64, exponent: &BigUint) -> Result<BigUint, Failure> {
    let random = SystemRandom::new();
    let small = small_primes();
    loop {
        let mut bytes = vec![0; (bits / 8) as usize];
        random.fill(&mut bytes).map_err(|_| Failure::internal("the system gives no random numbers"))?;
        let mut candidate = BigUint::from_bytes_be(&bytes);
        for bit in [0, bits - 1, bits - 2] {
            candidate.set_bit(bit, true);
        }
        let fits = (&candidate - 1_u32) % exponent != BigUint::default();
        if fits && small.iter().all(|prime| &candidate % *prime != BigUint::default()) && is_prime(&candidate, &random)?
        {
            return Ok(candidate);
        }
    }
}

/// Miller and Rabin's test with random bases.
fn is_prime(candidate: &BigUint, random: &SystemRandom) -> Result<bool, Failure> {
    let one = BigUint::from(1_u32);
    let less = candidate - &one;
    let twos = less.trailing_zeros().unwrap_or_default();
    let odd = &less >> twos;
    let mut bytes = vec![0; (candidate.bits() / 8) as usize];
    for _ in 0..ROUNDS {
        random.fill(&mut bytes).map_err(|_| Failure::internal("the system gives no random numbers"))?;
        let base = BigUint::from_bytes_be(&bytes) % (&less - 2_u32) + 2_u32;
        let mut power = base.modpow(&odd, candidate);
        if power == one || power == less {
            continue;
        }
        let reaches_minus_one = (1..twos).any(|_| {
            power = &power * &power % candidate;
            power == less
        });
        if !reaches_minus_one {
            return Ok(false);
        }
    }
    Ok(true)
}

fn small_primes() -> Vec<u32> {
    (3..SMALL).step_by(2).filter(|n| (3..).step_by(2).take_while(|d| d * d <= *n).all(|d| n % d != 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_prime, prime, small_primes};
    use num_bigint::BigUint;
    use ring::rand::SystemRandom;

    #[test]
    fn primes_are_told_from_other_numbers() {
        let random = SystemRandom::new();
        let check = |text: &str| is_prime(&text.parse::<BigUint>().unwrap(), &random).unwrap();
        // 2^127 - 1, and the largest prime below 2^64.
        assert!(check("170141183460469231731687303715884105727") && check("18446744073709551557"));
        // Carmichael numbers, a strong pseudoprime to bases 2 to 37, a product of two primes.
        for composite in ["825265", "9746347772161", "3317044064679887385961981", "18446744073709551559"] {
            assert!(!check(composite), "{composite}");
        }
        assert_eq!(small_primes()[..5], [3, 5, 7, 11, 13]);
    }

    #[test]
    fn a_prime_has_its_bits_and_leaves_the_exponent_an_inverse() {
        let exponent = BigUint::from(65_537_u32);
        let found = prime(256, &exponent).unwrap();
        assert!(found.bits() == 256 && found.bit(0) && found.bit(254));
        assert!(exponent.modinv(&(found - 1_u32)).is_some());
    }
}
