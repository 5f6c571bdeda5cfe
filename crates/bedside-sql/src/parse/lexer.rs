//! Text → tokens with their places.

use crate::error::{Result, SqlError};
use bedside_types::Position;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word without quotes, as typed: a keyword or a name.
    Word(String),
    /// A name in backticks.
    Quoted(String),
    Integer(String),
    Float(String),
    String(String),
    Bytes(Vec<u8>),
    Symbol(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) position: Position,
    /// Whether nothing stands between this token and the one before.
    pub(super) joined: bool,
    /// Bytes of the text before it.
    pub(super) start: usize,
    /// Bytes of the text up to its end.
    pub(super) end: usize,
}

/// Longer ones first, so that `<=` is not `<` and `=`.
const SYMBOLS: &[&str] = &[
    "@@", "|>", "||", "<<", ">>", "<=", ">=", "<>", "!=", "=>", "->", "+=", "-=", "(", ")", "[", "]", "{", "}", ",",
    ";", ".", "+", "-", "*", "/", "=", "<", ">", "&", "|", "^", "~", "@", "?", ":", "%", "!", "$",
];

/// The tokens of a text, the end included.
pub(super) fn lex(text: &str) -> Result<Vec<Lexeme>> {
    let mut lexer = Lexer { text, at: 0, position: Position::new(1, 1) };
    let mut lexemes = Vec::with_capacity(text.len() / 4 + 1);
    loop {
        let before = lexer.at;
        lexer.skip_blank()?;
        let (position, joined, start) = (lexer.position, lexer.at == before, lexer.at);
        let token = lexer.token()?;
        let last = token == Token::End;
        lexemes.push(Lexeme { token, position, joined, start, end: lexer.at });
        if last {
            return Ok(lexemes);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    position: Position,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        if c == '\n' {
            self.position = Position::new(self.position.line + 1, 1);
        } else {
            self.position.column += 1;
        }
        Some(c)
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }

    fn skip_blank(&mut self) -> Result<()> {
        loop {
            let rest = self.rest();
            if rest.starts_with('#') || rest.starts_with("--") {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
            } else if let Some(comment) = rest.strip_prefix("/*") {
                let start = self.position;
                let Some(length) = comment.find("*/") else {
                    return Err(SqlError::syntax("Unclosed comment", start));
                };
                let end = self.at + length + 4;
                while self.at < end {
                    self.next();
                }
            } else if rest.starts_with(|c: char| c.is_whitespace() || c == '\u{feff}') {
                self.next();
            } else {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<Token> {
        let Some(first) = self.peek() else { return Ok(Token::End) };
        if let Some(prefix) = self.string_prefix() {
            return self.string(prefix);
        }
        if first == '`' {
            return self.quoted_name();
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Token::Word(self.take(|c| c.is_ascii_alphanumeric() || c == '_')));
        }
        if first.is_ascii_digit() || first == '.' && self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| self.rest().starts_with(**symbol)) {
            self.skip(symbol.len());
            return Ok(Token::Symbol(symbol));
        }
        Err(SqlError::syntax(format!("Illegal input character \"{}\"", first.escape_default()), self.position))
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
        self.text[start..self.at].to_owned()
    }

    fn number(&mut self) -> Result<Token> {
        let start = self.at;
        if self.rest().starts_with("0x") || self.rest().starts_with("0X") {
            self.skip(2);
            self.take(|c| c.is_ascii_hexdigit());
            let text = self.text[start..self.at].to_owned();
            return self.whole(Token::Integer(text));
        }
        let mut float = false;
        self.take(|c| c.is_ascii_digit());
        if self.peek() == Some('.') {
            float = true;
            self.next();
            self.take(|c| c.is_ascii_digit());
        }
        let exponent = self.rest();
        let digits = exponent.trim_start_matches(['e', 'E']);
        let signed = digits.strip_prefix(['+', '-']).unwrap_or(digits);
        if digits.len() + 1 == exponent.len() && signed.starts_with(|c: char| c.is_ascii_digit()) {
            float = true;
            self.skip(exponent.len() - signed.len());
            self.take(|c| c.is_ascii_digit());
        }
        let text = self.text[start..self.at].to_owned();
        // `my-project-1.dataset.table`: the parser puts a path together again from `1.` and `dataset`.
        if text.ends_with('.') {
            return Ok(Token::Float(text));
        }
        self.whole(if float { Token::Float(text) } else { Token::Integer(text) })
    }

    fn whole(&self, token: Token) -> Result<Token> {
        if self.peek().is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
            return Err(SqlError::syntax("Missing whitespace between literal and alias", self.position));
        }
        Ok(token)
    }

    fn quoted_name(&mut self) -> Result<Token> {
        let start = self.position;
        self.next();
        let mut name = String::new();
        loop {
            match self.peek() {
                None | Some('\n') => return Err(SqlError::syntax("Unclosed identifier literal", start)),
                Some('`') if name.is_empty() => {
                    return Err(SqlError::syntax("Invalid empty identifier", start));
                }
                Some('`') => {
                    self.next();
                    return Ok(Token::Quoted(name));
                }
                Some('\\') => self.escape(&mut Sink::Text(&mut name))?,
                Some(c) => {
                    self.next();
                    name.push(c);
                }
            }
        }
    }

    /// Whether a string starts here, and how.
    fn string_prefix(&self) -> Option<Prefix> {
        let rest = self.rest().as_bytes();
        let letters = rest.iter().take(2).take_while(|b| matches!(b, b'r' | b'R' | b'b' | b'B')).count();
        let quote = *rest.get(letters)?;
        if !matches!(quote, b'\'' | b'"') {
            return None;
        }
        let has = |letter: u8| rest[..letters].iter().any(|b| b.eq_ignore_ascii_case(&letter));
        if letters == 2 && !(has(b'r') && has(b'b')) {
            return None;
        }
        let triple = rest[letters..].starts_with(&[quote; 3]);
        Some(Prefix { letters, quote: quote as char, triple, raw: has(b'r'), bytes: has(b'b') })
    }

    fn string(&mut self, prefix: Prefix) -> Result<Token> {
        let start = self.position;
        let kind = match (prefix.triple, prefix.bytes) {
            (false, false) => "string literal",
            (true, false) => "triple-quoted string literal",
            (false, true) => "bytes literal",
            (true, true) => "triple-quoted bytes literal",
        };
        let close: String = std::iter::repeat_n(prefix.quote, if prefix.triple { 3 } else { 1 }).collect();
        self.skip(prefix.letters + close.len());
        let (mut text, mut bytes) = (String::new(), Vec::new());
        loop {
            if self.rest().starts_with(&close) {
                self.skip(close.len());
                return Ok(if prefix.bytes { Token::Bytes(bytes) } else { Token::String(text) });
            }
            let mut sink = if prefix.bytes { Sink::Bytes(&mut bytes) } else { Sink::Text(&mut text) };
            match self.peek() {
                None => return Err(SqlError::syntax(format!("Unclosed {kind}"), start)),
                Some('\n' | '\r') if !prefix.triple => {
                    return Err(SqlError::syntax(format!("Unclosed {kind}"), start));
                }
                // Line ends in a text are one `\n` however the file was saved.
                Some('\r') => {
                    self.next();
                    if self.peek() != Some('\n') {
                        sink.push('\n');
                    }
                }
                Some('\\') if prefix.raw => {
                    // A backslash keeps its follower from closing the literal, and both stay.
                    sink.push('\\');
                    self.next();
                    match self.next() {
                        Some(c) => sink.push(c),
                        None => return Err(SqlError::syntax(format!("Unclosed {kind}"), start)),
                    }
                }
                Some('\\') => self.escape(&mut sink)?,
                Some(c) => {
                    self.next();
                    sink.push(c);
                }
            }
        }
    }

    /// An escape sequence (<https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#escape_sequences>).
    fn escape(&mut self, sink: &mut Sink<'_>) -> Result<()> {
        let start = self.position;
        self.next();
        let bad = |what: &str| Err(SqlError::syntax(format!("Illegal escape sequence: {what}"), start));
        let Some(letter) = self.next() else { return bad("\\") };
        match letter {
            'a' => sink.push('\u{7}'),
            'b' => sink.push('\u{8}'),
            'f' => sink.push('\u{c}'),
            'n' => sink.push('\n'),
            'r' => sink.push('\r'),
            't' => sink.push('\t'),
            'v' => sink.push('\u{b}'),
            '\\' | '?' | '"' | '\'' | '`' => sink.push(letter),
            'x' | 'X' | 'u' | 'U' | '0'..='3' => {
                let (digits, radix, given) = match letter {
                    'x' | 'X' => (2, 16, String::new()),
                    'u' => (4, 16, String::new()),
                    'U' => (8, 16, String::new()),
                    first => (2, 8, first.to_string()),
                };
                let text: String = given.chars().chain(self.rest().chars().take(digits)).collect();
                let code = u32::from_str_radix(&text, radix).ok().filter(|_| !text.contains(['+', '-']));
                let whole = text.chars().count() == digits + given.len();
                let wide = matches!(letter, 'u' | 'U');
                match code.filter(|_| whole) {
                    Some(code) if sink.push_code(code, wide) => self.skip(digits),
                    _ => return bad(&format!("\\{letter}")),
                }
            }
            other => return bad(&format!("\\{other}")),
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Prefix {
    letters: usize,
    quote: char,
    triple: bool,
    raw: bool,
    bytes: bool,
}

/// Where a literal's characters go.
enum Sink<'a> {
    Text(&'a mut String),
    Bytes(&'a mut Vec<u8>),
}

impl Sink<'_> {
    fn push(&mut self, c: char) {
        match self {
            Self::Text(text) => text.push(c),
            Self::Bytes(bytes) => bytes.extend(c.encode_utf8(&mut [0; 4]).bytes()),
        }
    }

    /// A code point, or a byte of BYTES; false where there is no such thing.
    fn push_code(&mut self, code: u32, wide: bool) -> bool {
        match self {
            Self::Text(text) => char::from_u32(code).map(|c| text.push(c)).is_some(),
            Self::Bytes(bytes) => !wide && u8::try_from(code).map(|byte| bytes.push(byte)).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, lex};

    fn tokens(text: &str) -> Vec<Token> {
        lex(text).unwrap().into_iter().map(|l| l.token).filter(|t| *t != Token::End).collect()
    }

    #[test]
    fn every_kind_of_literal_is_read() {
        let text = |s: &str| vec![Token::String(s.to_owned())];
        assert_eq!(tokens(r"'it\'s'"), text("it's"));
        assert_eq!(tokens(r#""a\n\x41\u00e9\101""#), text("a\nA\u{e9}A"));
        assert_eq!(tokens(r"r'\d+\''"), text(r"\d+\'"));
        assert_eq!(tokens("'''a'b\r\nc'''"), text("a'b\nc"));
        assert_eq!(tokens("\"\"\"x\"y\"\"\""), text("x\"y"));
        assert_eq!(tokens(r"b'\xff' Rb'\x'"), [Token::Bytes(vec![255]), Token::Bytes(br"\x".to_vec())]);
        assert_eq!(tokens("1 0x1F .5 1. 1e-3 1.5E2").len(), 6);
        assert_eq!(tokens("`a b`.c"), [Token::Quoted("a b".into()), Token::Symbol("."), Token::Word("c".into())]);
        assert_eq!(tokens("1 # x\n-- y\n/* z\n*/ 2"), [Token::Integer("1".into()), Token::Integer("2".into())]);
    }

    #[test]
    fn broken_literals_name_their_start() {
        for (text, message) in [
            ("SELECT 'abc", "Syntax error: Unclosed string literal at [1:8]"),
            ("'a\nb'", "Syntax error: Unclosed string literal at [1:1]"),
            ("x /* ", "Syntax error: Unclosed comment at [1:3]"),
            ("``", "Syntax error: Invalid empty identifier at [1:1]"),
            (r"'\q'", r"Syntax error: Illegal escape sequence: \q at [1:2]"),
            (r"'\xg1'", r"Syntax error: Illegal escape sequence: \x at [1:2]"),
            ("12ab", "Syntax error: Missing whitespace between literal and alias at [1:3]"),
            ("é", "Syntax error: Illegal input character \"\\u{e9}\" at [1:1]"),
            ("b'''", "Syntax error: Unclosed triple-quoted bytes literal at [1:1]"),
        ] {
            assert_eq!(lex(text).unwrap_err().to_string(), message, "{text}");
        }
    }
}
