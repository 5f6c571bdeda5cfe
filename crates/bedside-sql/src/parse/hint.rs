//! Hints: `@{name = value, …}` and `@5`. BigQuery plans by them; what a statement means does not depend on them, so they are
//! read and passed over.

use super::lexer::{Lexeme, Token};
use crate::error::{Result, SqlError};

/// The tokens without their hints.
pub(super) fn without_hints(lexemes: Vec<Lexeme>) -> Result<Vec<Lexeme>> {
    let is = |at: usize, symbol: &str| {
        lexemes.get(at).is_some_and(|lexeme| matches!(&lexeme.token, Token::Symbol(text) if *text == symbol))
    };
    let number = |at: usize| lexemes.get(at).is_some_and(|lexeme| matches!(lexeme.token, Token::Integer(_)));
    let starts = |at: usize| is(at, "@") && (is(at + 1, "{") || number(at + 1));
    if !(0..lexemes.len()).any(starts) {
        return Ok(lexemes);
    }
    let mut gone = vec![false; lexemes.len()];
    let mut at = 0;
    while at < lexemes.len() {
        if !starts(at) {
            at += 1;
            continue;
        }
        let end = if number(at + 1) { at + 1 } else { end_of_list(&lexemes, at + 2)? };
        gone[at..=end].fill(true);
        at = end + 1;
    }
    Ok(lexemes.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(lexeme, _)| lexeme).collect())
}

/// The place of the `}` of a list of hints, each a name and a value.
fn end_of_list(lexemes: &[Lexeme], first: usize) -> Result<usize> {
    let symbol = |at: usize| match lexemes.get(at).map(|lexeme| &lexeme.token) {
        Some(Token::Symbol(text)) => *text,
        _ => "",
    };
    let fault = |at: usize, what: &str| {
        let position = lexemes[at.min(lexemes.len() - 1)].position;
        Err(SqlError::syntax(format!("Expected {what} in a hint"), position))
    };
    let mut at = first;
    loop {
        loop {
            if !matches!(lexemes.get(at).map(|lexeme| &lexeme.token), Some(Token::Word(_) | Token::Quoted(_))) {
                return fault(at, "a name");
            }
            at += 1;
            if symbol(at) != "." {
                break;
            }
            at += 1;
        }
        if symbol(at) != "=" {
            return fault(at, "\"=\"");
        }
        at += 1;
        let mut depth = 0_usize;
        let value = at;
        loop {
            match symbol(at) {
                "(" | "[" => depth += 1,
                ")" | "]" if depth > 0 => depth -= 1,
                "," | "}" if depth == 0 => break,
                ";" | "{" | "}" => return fault(at, "\"}\""),
                _ if lexemes.get(at).is_none_or(|lexeme| lexeme.token == Token::End) => return fault(at, "\"}\""),
                _ => {}
            }
            at += 1;
        }
        if at == value {
            return fault(at, "a value");
        }
        if symbol(at) == "}" {
            return Ok(at);
        }
        at += 1;
    }
}
