//! Nearest names, for messages about unknown ones.

/// The candidate nearest to `name`, without regard to case, if any is near enough to be what was meant.
///
/// Near enough is a Damerau-Levenshtein distance of at most a third of the longer name (at least 1): one slip in
/// `chartevent`, two in `first_day_sopha`. Of equally near candidates the first in their order wins.
pub fn nearest<'a, I>(name: &str, candidates: I) -> Option<&'a str>
where
    I: IntoIterator<Item = &'a str>,
{
    let wanted = name.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
            let longest = wanted.chars().count().max(candidate.chars().count());
            (distance <= (longest / 3).max(1) && distance < longest).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        let tables = ["admissions", "chartevents", "d_items"];
        assert_eq!(nearest("chartevent", tables), Some("chartevents"));
        assert_eq!(nearest("ADMISIONS", tables), Some("admissions"));
        assert_eq!(nearest("d_labitems_loinc", tables), None);
        assert_eq!(nearest("x", ["y"]), None);
    }
}
