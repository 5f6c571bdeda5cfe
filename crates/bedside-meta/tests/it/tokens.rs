//! Tokens.

use bedside_meta::Database;

#[test]
fn a_token_lets_in_until_it_is_revoked() {
    let home = tempfile::tempdir().unwrap();
    let database = Database::open(home.path(), 0).unwrap();
    let new = database.create_token("laptop", 5).unwrap();
    let found = database.token(&new.text, 100_000).unwrap().unwrap();
    assert_eq!((found.id.as_str(), found.used), (new.token.id.as_str(), Some(100_000)));
    // The last use is kept to the minute.
    assert_eq!(database.token(&new.text, 100_001).unwrap().unwrap().used, Some(100_000));
    let forged = format!("{}x", new.text);
    for text in [forged.as_str(), "", "bedside_", &new.text[1..]] {
        assert_eq!(database.token(text, 0).unwrap(), None, "{text}");
    }
    assert_eq!(database.revoke_token(&new.token.id, 7).unwrap().unwrap().revoked, Some(7));
    assert_eq!(database.revoke_token(&new.token.id, 9).unwrap().unwrap().revoked, Some(7));
    assert_eq!(database.token(&new.text, 0).unwrap(), None);
    assert_eq!(database.revoke_token("nobody", 0).unwrap(), None);
    assert_eq!(database.tokens().unwrap().len(), 1);
}

#[test]
fn the_text_of_a_token_is_nowhere_in_the_file() {
    let home = tempfile::tempdir().unwrap();
    let database = Database::open(home.path(), 0).unwrap();
    let new = database.create_token("laptop", 5).unwrap();
    let secret = new.text.rsplit('_').next().unwrap().as_bytes();
    for entry in std::fs::read_dir(home.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let content = std::fs::read(&path).unwrap();
            assert!(!content.windows(secret.len()).any(|window| window == secret), "{}", path.display());
        }
    }
}
