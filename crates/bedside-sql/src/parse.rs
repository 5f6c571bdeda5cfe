//! Text → syntax tree, by recursive descent over tokens. It never goes back, so it is linear in the text; nesting is
//! counted here, so that no later step can meet a tree that is too deep.

mod alteration;
mod call;
mod control;
mod creation;
mod expression;
mod gap_fill;
mod group;
mod hint;
mod lexer;
mod merge;
mod modification;
mod pipe;
mod pivot;
mod primary;
mod query;
mod refused;
mod routine;
mod sessionize;
mod set_operation;
mod table;
mod transfer;
mod window;

use crate::error::{Result, SqlError};
use crate::syntax::{Name, Node, Statement, Steps};
use bedside_types::{Position, SqlType, StructField};
use lexer::{Lexeme, Token};

/// Nesting of parentheses, subqueries, CASE, calls and types that a text may have.
pub(crate) const MAX_DEPTH: usize = 300;

/// Operands of one chain of arithmetic, and joins of one FROM: these make the tree as deep as they are long.
pub(crate) const MAX_CHAIN: usize = 1_000;

/// BigQuery's bound on a statement's text, bytes.
const MAX_TEXT: usize = 1 << 20;

/// Every statement of a text, between semicolons.
pub(crate) fn parse(text: &str) -> Result<Vec<Statement>> {
    Ok(script(text)?.into_iter().map(|step| step.statement).collect())
}

/// The same with what each is of the text.
pub(crate) fn script(text: &str) -> Result<Steps> {
    if text.len() > MAX_TEXT {
        let message = "The query is too large. The maximum standard SQL query length is 1024.00K characters";
        return Err(SqlError::too_large(message, Position::new(1, 1)));
    }
    Parser::new(text)?.script()
}

/// Whether a text ends inside the statements of another one: behind BEGIN, THEN, DO.
pub(crate) fn is_open(text: &str) -> bool {
    let Ok(mut parser) = Parser::new(text) else { return false };
    parser.script().is_err() && parser.blocks > 0 && parser.peek() == &Token::End
}

/// One expression: the text of a column's default.
pub(crate) fn expression(text: &str) -> Result<Node> {
    let mut parser = Parser::new(text)?;
    let node = parser.expression()?;
    if parser.peek() == &Token::End { Ok(node) } else { Err(parser.expected("end of input")) }
}

/// The type that a whole text names.
pub(crate) fn parse_type(text: &str) -> Result<SqlType> {
    let mut parser = Parser::new(text)?;
    let sql_type = parser.sql_type()?;
    if parser.peek() == &Token::End { Ok(sql_type) } else { Err(parser.expected("end of type")) }
}

struct Parser {
    text: String,
    lexemes: Vec<Lexeme>,
    at: usize,
    depth: usize,
    /// Statements that the current one is inside of.
    blocks: usize,
    positional: usize,
}

/// Words that name nothing unless in backticks
/// (<https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#reserved_keywords>).
const RESERVED: &[&str] = &[
    "ALL",
    "AND",
    "ANY",
    "ARRAY",
    "AS",
    "ASC",
    "ASSERT_ROWS_MODIFIED",
    "AT",
    "BETWEEN",
    "BY",
    "CASE",
    "CAST",
    "COLLATE",
    "CONTAINS",
    "CREATE",
    "CROSS",
    "CUBE",
    "CURRENT",
    "DEFAULT",
    "DEFINE",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "ENUM",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXISTS",
    "EXTRACT",
    "FALSE",
    "FETCH",
    "FOLLOWING",
    "FOR",
    "FROM",
    "FULL",
    "GROUP",
    "GROUPING",
    "GROUPS",
    "HASH",
    "HAVING",
    "IF",
    "IGNORE",
    "IN",
    "INNER",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOOKUP",
    "MERGE",
    "NATURAL",
    "NEW",
    "NO",
    "NOT",
    "NULL",
    "NULLS",
    "OF",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PARTITION",
    "PRECEDING",
    "PROTO",
    "QUALIFY",
    "RANGE",
    "RECURSIVE",
    "RESPECT",
    "RIGHT",
    "ROLLUP",
    "ROWS",
    "SELECT",
    "SET",
    "SOME",
    "STRUCT",
    "TABLESAMPLE",
    "THEN",
    "TO",
    "TREAT",
    "TRUE",
    "UNBOUNDED",
    "UNION",
    "UNNEST",
    "USING",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHIN",
];

fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

impl Parser {
    fn new(text: &str) -> Result<Self> {
        let lexemes = hint::without_hints(lexer::lex(text)?)?;
        Ok(Self { text: text.to_owned(), lexemes, at: 0, depth: 0, blocks: 0, positional: 0 })
    }

    fn statement(&mut self) -> Result<Statement> {
        let Token::Word(word) = self.peek() else { return self.query().map(Statement::Query) };
        match word.to_ascii_uppercase().as_str() {
            "CREATE" => self.create(),
            "DROP" => self.drop_object(),
            "ALTER" => self.alter(),
            "INSERT" => self.insert(),
            "UPDATE" => self.update(),
            "DELETE" => self.delete(),
            "MERGE" => self.merge(),
            "TRUNCATE" => self.truncate(),
            "EXPORT" if self.is_word_at(1, "DATA") => self.export_data(),
            "LOAD" if self.is_word_at(1, "DATA") => self.load_data(),
            "EXPLAIN" => {
                self.at += 1;
                self.query().map(Statement::Explain)
            }
            other => match self.other_statement(other) {
                Some(refusal) => Err(refusal),
                None => self.query().map(Statement::Query),
            },
        }
    }

    /// The text from a token up to the one before the current.
    fn source_from(&self, first: usize) -> String {
        let end = self.lexemes[self.at.max(first + 1) - 1].end;
        self.text[self.lexemes[first].start..end].to_owned()
    }

    fn peek(&self) -> &Token {
        &self.lexemes[self.at].token
    }

    fn peek_at(&self, ahead: usize) -> &Token {
        &self.lexemes[(self.at + ahead).min(self.lexemes.len() - 1)].token
    }

    fn position(&self) -> Position {
        self.lexemes[self.at].position
    }

    /// Goes past the current token and gives it; the end stays where it is.
    fn next(&mut self) -> Token {
        let token = self.lexemes[self.at].token.clone();
        self.at = (self.at + 1).min(self.lexemes.len() - 1);
        token
    }

    fn is_word(&self, word: &str) -> bool {
        self.is_word_at(0, word)
    }

    fn is_word_at(&self, ahead: usize, word: &str) -> bool {
        matches!(self.peek_at(ahead), Token::Word(text) if text.eq_ignore_ascii_case(word))
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.is_symbol_at(0, symbol)
    }

    fn is_symbol_at(&self, ahead: usize, symbol: &str) -> bool {
        matches!(self.peek_at(ahead), Token::Symbol(text) if *text == symbol)
    }

    fn accept(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.at += 1;
        }
        found
    }

    /// Several words in a row, all or none.
    fn accept_words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(ahead, word)| self.is_word_at(ahead, word));
        if found {
            self.at += words.len();
        }
        found
    }

    fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, word: &str) -> Result<()> {
        if self.accept(word) { Ok(()) } else { Err(self.expected(&format!("keyword {word}"))) }
    }

    fn expect_symbol(&mut self, symbol: &str) -> Result<()> {
        if self.accept_symbol(symbol) { Ok(()) } else { Err(self.expected(&format!("\"{symbol}\""))) }
    }

    fn expected(&self, what: &str) -> SqlError {
        SqlError::syntax(format!("Expected {what} but got {}", self.found()), self.position())
    }

    fn unexpected(&self) -> SqlError {
        SqlError::syntax(format!("Unexpected {}", self.found()), self.position())
    }

    /// The current token in GoogleSQL's words.
    fn found(&self) -> String {
        match self.peek() {
            Token::Word(text) if is_reserved(text) => format!("keyword {}", text.to_ascii_uppercase()),
            Token::Word(text) => format!("identifier \"{text}\""),
            Token::Quoted(text) => format!("identifier `{text}`"),
            Token::Integer(text) => format!("integer literal \"{text}\""),
            Token::Float(text) => format!("floating point literal \"{text}\""),
            Token::String(_) => "string literal".to_owned(),
            Token::Bytes(_) => "bytes literal".to_owned(),
            Token::Symbol(text) => format!("\"{text}\""),
            Token::End => "end of statement".to_owned(),
        }
    }

    /// Runs a step one level deeper.
    fn nested<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("The statement is nested too deeply: more than {MAX_DEPTH} levels");
            return Err(SqlError::too_large(message, self.position()));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    /// An identifier, quoted or not reserved.
    fn identifier(&mut self) -> Result<Name> {
        let position = self.position();
        match self.peek() {
            Token::Word(text) if is_reserved(text) => Err(self.unexpected()),
            Token::Word(text) | Token::Quoted(text) => {
                let text = text.clone();
                self.at += 1;
                Ok(Name { text, position })
            }
            _ => Err(self.unexpected()),
        }
    }

    /// An identifier after a dot, where reserved words are names too.
    fn identifier_after_dot(&mut self) -> Result<Name> {
        let position = self.position();
        match self.peek() {
            Token::Word(text) | Token::Quoted(text) => {
                let text = text.clone();
                self.at += 1;
                Ok(Name { text, position })
            }
            _ => Err(self.unexpected()),
        }
    }

    /// `AS name`, or a name that is not reserved.
    fn alias(&mut self) -> Result<Option<Name>> {
        if self.accept("AS") {
            return self.identifier().map(Some);
        }
        match self.peek() {
            Token::Word(text) if is_reserved(text) => Ok(None),
            Token::Word(_) | Token::Quoted(_) => self.identifier().map(Some),
            _ => Ok(None),
        }
    }

    /// A type as in CAST.
    fn sql_type(&mut self) -> Result<SqlType> {
        self.nested(|parser| {
            let position = parser.position();
            if parser.accept("ARRAY") {
                parser.expect_symbol("<")?;
                let element = parser.sql_type()?;
                parser.close_angle()?;
                if matches!(element, SqlType::Array(_)) {
                    return Err(SqlError::types("Arrays of arrays are not supported", position));
                }
                return Ok(SqlType::Array(Box::new(element)));
            }
            if parser.accept("STRUCT") {
                return parser.struct_type();
            }
            if parser.accept("RANGE") {
                return parser.range_type(position);
            }
            if parser.is_word("GEOGRAPHY") {
                return Err(SqlError::unsupported(format!("The type {}", parser.found()), position));
            }
            if parser.accept("INTERVAL") {
                return Ok(SqlType::Interval);
            }
            let name = parser.identifier()?;
            if parser.is_symbol("(") {
                return Err(SqlError::unsupported("A type with parameters here", parser.position())
                    .with_hint("write the type alone, and ROUND, SUBSTR or LEFT where digits or length matter"));
            }
            name.text.parse().map_err(|_| SqlError::name(format!("Type not found: {}", name.text), position))
        })
    }

    fn struct_type(&mut self) -> Result<SqlType> {
        self.expect_symbol("<")?;
        let mut fields = Vec::new();
        while !self.is_symbol(">") && !self.is_symbol(">>") {
            // `name type` or `type`: two words, or a word before ARRAY or STRUCT, are a named field.
            let named = matches!(self.peek_at(1), Token::Word(_) | Token::Quoted(_));
            let name = if named { Some(self.identifier()?.text) } else { None };
            fields.push(StructField { name, sql_type: self.sql_type()? });
            if !self.accept_symbol(",") {
                break;
            }
        }
        self.close_angle()?;
        Ok(SqlType::Struct(fields))
    }

    fn range_type(&mut self, position: Position) -> Result<SqlType> {
        self.expect_symbol("<")?;
        let element = self.sql_type()?;
        self.close_angle()?;
        if !element.bounds_ranges() {
            return Err(SqlError::types(format!("Unsupported type: RANGE<{element}> is not supported"), position));
        }
        Ok(SqlType::Range(Box::new(element)))
    }

    /// One `>`, taking half of a `>>` where types nest.
    fn close_angle(&mut self) -> Result<()> {
        if self.is_symbol(">>") {
            self.lexemes[self.at].token = Token::Symbol(">");
            self.lexemes[self.at].position.column += 1;
            return Ok(());
        }
        self.expect_symbol(">")
    }
}

#[cfg(test)]
mod tests;
