//! The netrc file: which name and password go to which host.

use super::Login;

/// The login for a host: its `machine` entry, else `default`. Macros and accounts are passed over, `#` starts a comment
/// where a keyword could stand (a password may contain it).
pub(crate) fn find(text: &str, host: &str) -> Option<Login> {
    let mut found = None;
    let mut fallback = None;
    for entry in entries(text) {
        let Some(password) = entry.password else { continue };
        let login = Login { host: Some(host.to_owned()), user: entry.user.unwrap_or_default(), password };
        match entry.machine {
            Some(machine) if machine.eq_ignore_ascii_case(host) => {
                found.get_or_insert(login);
            }
            Some(_) => {}
            None => fallback = fallback.or(Some(login)),
        }
    }
    found.or(fallback)
}

#[derive(Default)]
struct Entry {
    /// `None` for `default`.
    machine: Option<String>,
    user: Option<String>,
    password: Option<String>,
}

fn entries(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut rest = text;
    while let Some(keyword) = word(&mut rest) {
        match keyword {
            "machine" => entries.push(Entry { machine: word(&mut rest).map(str::to_owned), ..Entry::default() }),
            "default" => entries.push(Entry::default()),
            "macdef" => rest = rest.split_once("\n\n").map_or("", |(_, after)| after),
            "login" | "user" | "password" | "account" => {
                let value = word(&mut rest).map(str::to_owned);
                match (entries.last_mut(), keyword) {
                    (None, _) | (_, "account") => {}
                    (Some(entry), "password") => entry.password = value,
                    (Some(entry), _) => entry.user = value,
                }
            }
            comment if comment.starts_with('#') => rest = rest.split_once('\n').map_or("", |(_, after)| after),
            _ => {}
        }
    }
    entries
}

/// The next word, cut off the front; the line break that ends it stays.
fn word<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let text = rest.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    *rest = after;
    (!word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, host: &str, expected: Option<(&str, &str)>) {
        let login = find(text, host);
        assert_eq!(login.as_ref().map(|login| (login.user.as_str(), login.password.as_str())), expected);
    }

    #[test]
    fn finds_the_machine_or_the_default() {
        let text = "# mine\nmachine a.org login ann password p#1 # not b\nmachine b.org\n\tlogin bob\n\taccount x\n\
                    \tpassword p2\ndefault login any password p3\n";
        check(text, "a.org", Some(("ann", "p#1")));
        check(text, "B.ORG", Some(("bob", "p2")));
        check(text, "c.org", Some(("any", "p3")));
        check("machine a.org login ann password p", "c.org", None);
        check("", "a.org", None);
    }

    #[test]
    fn the_first_entry_counts_and_one_without_a_password_does_not() {
        check("machine a login x machine a login y password 1 machine a login z password 2", "a", Some(("y", "1")));
    }

    #[test]
    fn a_macro_is_passed_over_up_to_its_empty_line() {
        check("macdef init\nmachine a login no password no\n\nmachine a login x password y", "a", Some(("x", "y")));
    }
}
