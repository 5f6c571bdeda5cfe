//! People of the hospital: providers (`P` and five characters) and caregivers of the ICU system (numbers).

use crate::random::mix;
use crate::text::Rows;

/// How many there are, whatever the number of patients.
const PROVIDERS: u64 = 4000;
const CAREGIVERS: u64 = 1500;

/// The provider of a thing, the same whenever it is asked for.
pub(crate) fn of(thing: i64, part: u64, rows: &mut Rows) {
    let number = mix(thing as u64 ^ (part << 48)) % PROVIDERS;
    rows.raw(&name(number)).raw(b",");
}

/// The caregiver of a stay in one shift of twelve hours.
pub(crate) fn caregiver(stay: i64, shift: i64) -> i64 {
    caregiver_number(mix(stay as u64 ^ (shift as u64).rotate_left(32)) % CAREGIVERS)
}

/// All rows of the table provider, in ascending order.
pub(crate) fn write_providers(rows: &mut Rows) {
    let mut names: Vec<[u8; 6]> = (0..PROVIDERS).map(name).collect();
    names.sort_unstable();
    for name in names {
        rows.raw(&name).raw(b",").end();
    }
}

/// All rows of the table caregiver, in ascending order.
pub(crate) fn write_caregivers(rows: &mut Rows) {
    for number in caregivers() {
        rows.int(number).end();
    }
}

/// The numbers of all caregivers, in ascending order.
pub(crate) fn caregivers() -> Vec<i64> {
    let mut numbers: Vec<i64> = (0..CAREGIVERS).map(caregiver_number).collect();
    numbers.sort_unstable();
    numbers
}

/// `P`, two digits, three letters or digits. Multiplying by a number coprime to the range keeps names apart.
fn name(number: u64) -> [u8; 6] {
    const SIGNS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut rest = (number * 1_159_523 + 77) % (100 * 36 * 36 * 36);
    let mut text = *b"P00000";
    for at in [5, 4, 3] {
        text[at] = SIGNS[(rest % 36) as usize];
        rest /= 36;
    }
    text[2] = b'0' + (rest % 10) as u8;
    text[1] = b'0' + (rest / 10) as u8;
    text
}

fn caregiver_number(number: u64) -> i64 {
    (number * 65 + 13 + number % 61) as i64
}

#[cfg(test)]
mod tests {
    use super::{CAREGIVERS, PROVIDERS, caregiver_number, name};
    use std::collections::HashSet;

    #[test]
    fn names_and_numbers_are_unique() {
        assert_eq!((0..PROVIDERS).map(name).collect::<HashSet<_>>().len() as u64, PROVIDERS);
        assert_eq!((0..CAREGIVERS).map(caregiver_number).collect::<HashSet<_>>().len() as u64, CAREGIVERS);
    }
}
