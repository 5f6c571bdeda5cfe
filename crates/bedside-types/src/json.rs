//! JSON documents: reading, canonical text, and places in them.
//!
//! A JSON value of GoogleSQL is kept as its canonical text: keys sorted by bytes, of equal keys the first, numbers as INT64 or
//! unsigned where they are whole, else as the shortest text of the nearest double (`1e3` is `1000.0`).

use std::fmt::Write as _;

/// A document or a part of one. Numbers keep their text, members their order and their duplicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A text, without its escapes.
    Text(String),
    /// Elements.
    Array(Vec<Json>),
    /// Members as they were written.
    Object(Vec<(String, Json)>),
}

/// What canonical text does with a number that no double holds exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WideNumbers {
    /// Refuses it.
    Exact,
    /// Rounds it.
    Round,
}

/// Why a text is no JSON value; in BigQuery's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not by the grammar; the byte where reading stopped.
    #[error("syntax error while parsing value - unexpected input at byte {0}")]
    Syntax(usize),
    /// Nothing but blanks.
    #[error("attempting to parse an empty input; check that your input string or stream contains the expected JSON")]
    Empty,
    /// Larger than every double.
    #[error("number overflow parsing '{0}'")]
    Overflow(String),
    /// A number that no double holds.
    #[error("Input number: {0} cannot round-trip through string representation")]
    Wide(String),
}

/// BigQuery refuses documents that are nested deeper.
const DEEPEST: usize = 500;

impl Json {
    /// Reads a whole text.
    ///
    /// # Errors
    /// [`JsonError`], never about numbers.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader { text, at: 0 };
        reader.blanks();
        if reader.at == text.len() {
            return Err(JsonError::Empty);
        }
        let value = reader.value(0).ok_or(JsonError::Syntax(reader.at))?;
        reader.blanks();
        if reader.at == text.len() { Ok(value) } else { Err(JsonError::Syntax(reader.at)) }
    }

    /// Reads the value that a text begins with, whatever follows it, as the functions do that take JSON in a STRING.
    pub fn parse_start(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        reader.blanks();
        reader.value(0)
    }

    /// The value in the form that JSON columns hold.
    ///
    /// # Errors
    /// [`JsonError::Overflow`], and [`JsonError::Wide`] if such numbers are refused.
    pub fn canonical(self, wide: WideNumbers) -> Result<Self, JsonError> {
        Ok(match self {
            Self::Number(text) => Self::Number(canonical_number(&text, wide)?),
            Self::Array(elements) => {
                Self::Array(elements.into_iter().map(|e| e.canonical(wide)).collect::<Result<_, _>>()?)
            }
            Self::Object(members) => {
                let mut kept: Vec<(String, Self)> = Vec::with_capacity(members.len());
                for (name, value) in members {
                    kept.push((name, value.canonical(wide)?));
                }
                kept.sort_by(|a, b| a.0.cmp(&b.0));
                kept.dedup_by(|later, first| later.0 == first.0);
                Self::Object(kept)
            }
            other => other,
        })
    }

    /// The first member of that name; `None` for what is no object too.
    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The element at a place from 0; `None` for what is no array too.
    pub fn element(&self, place: usize) -> Option<&Self> {
        match self {
            Self::Array(elements) => elements.get(place),
            _ => None,
        }
    }

    /// A text, number or boolean as text without quotes; `None` for the others.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(text) | Self::Text(text) => Some(text.clone()),
            Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// Appends the text without blanks.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => write_json_text(out, text),
            Self::Array(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    element.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    write_json_text(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// What [`Json::write`] writes.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }
}

/// Appends a text in JSON's quotes, escaped as BigQuery does.
pub fn write_json_text(out: &mut String, value: &str) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || c == '\u{2028}' || c == '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn canonical_number(text: &str, wide: WideNumbers) -> Result<String, JsonError> {
    if !text.contains(['.', 'e', 'E']) {
        if let Ok(value) = text.parse::<i64>() {
            return Ok(value.to_string());
        }
        if let Ok(value) = text.parse::<u64>() {
            return Ok(value.to_string());
        }
    }
    let value: f64 = text.parse().unwrap_or(f64::INFINITY);
    if value.is_infinite() {
        return Err(JsonError::Overflow(text.to_owned()));
    }
    if wide == WideNumbers::Exact && digits_of(text) != digits_of(&format!("{value:e}")) {
        return Err(JsonError::Wide(text.to_owned()));
    }
    Ok(double(value))
}

/// A double by its shortest digits: plain from 10^-4 to below 10^15, else with an exponent of at least two digits.
fn double(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..15).contains(&exponent) {
        let plain = format!("{value}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The digits of a number without leading and trailing zeros, and the power of ten of the last.
fn digits_of(text: &str) -> (String, i64) {
    let text = text.trim_start_matches('-');
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let last = exponent.parse::<i64>().unwrap_or(0) - fraction.len() as i64 + (digits.len() - trimmed.len()) as i64;
    let trimmed = trimmed.trim_start_matches('0');
    (trimmed.to_owned(), if trimmed.is_empty() { 0 } else { last })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().bytes().take_while(|b| b" \t\r\n".contains(b)).count();
    }

    fn take(&mut self, wanted: &str) -> Option<()> {
        if !self.rest().starts_with(wanted) {
            return None;
        }
        self.at += wanted.len();
        Some(())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        match self.rest().bytes().next()? {
            b'n' => self.take("null").map(|()| Json::Null),
            b't' => self.take("true").map(|()| Json::Bool(true)),
            b'f' => self.take("false").map(|()| Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => self.array(depth),
            b'{' => self.object(depth),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        self.take("[")?;
        self.blanks();
        let mut elements = Vec::new();
        if self.take("]").is_some() {
            return Some(Json::Array(elements));
        }
        loop {
            self.blanks();
            elements.push(self.value(depth + 1)?);
            self.blanks();
            if self.take("]").is_some() {
                return Some(Json::Array(elements));
            }
            self.take(",")?;
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.take("{")?;
        self.blanks();
        let mut members = Vec::new();
        if self.take("}").is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.blanks();
            let name = self.string()?;
            self.blanks();
            self.take(":")?;
            self.blanks();
            members.push((name, self.value(depth + 1)?));
            self.blanks();
            if self.take("}").is_some() {
                return Some(Json::Object(members));
            }
            self.take(",")?;
        }
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        let _ = self.take("-");
        if self.take("0").is_none() {
            self.digits()?;
        }
        if self.take(".").is_some() {
            self.digits()?;
        }
        if self.rest().starts_with(['e', 'E']) {
            self.at += 1;
            if self.rest().starts_with(['+', '-']) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(Json::Number(self.text[start..self.at].to_owned()))
    }

    fn digits(&mut self) -> Option<()> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        (count > 0).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut out = String::new();
        loop {
            let c = self.rest().chars().next()?;
            self.at += c.len_utf8();
            match c {
                '"' => return Some(out),
                '\\' => {
                    let escaped = self.rest().chars().next()?;
                    self.at += escaped.len_utf8();
                    out.push(match escaped {
                        '"' | '\\' | '/' => escaped,
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'u' => self.unicode()?,
                        _ => return None,
                    });
                }
                c if c < ' ' => return None,
                c => out.push(c),
            }
        }
    }

    /// The character of `\uXXXX`, of two such for those beyond the first plane.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hexadecimal()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        self.take("\\u")?;
        let second = self.hexadecimal()?;
        if !(0xdc00..0xe000).contains(&second) {
            return None;
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Json, JsonError, WideNumbers};

    // Recorded from Google's reference implementation.
    #[test]
    fn canonical_text_is_as_googlesql_writes_it() {
        for (text, canonical) in [
            (r#" {"b":  2, "a":[1,2.50,null,"x\u00e9"]} "#, r#"{"a":[1,2.5,null,"xé"],"b":2}"#),
            (r#"{"a": 1, "a": 2}"#, r#"{"a":1}"#),
            ("1e3", "1000.0"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("1.0", "1.0"),
            ("12345678901234567890", "12345678901234567890"),
            ("1e20", "1e+20"),
            ("1e-7", "1e-07"),
            ("[[[]]]", "[[[]]]"),
            (r#""\ud83d\ude00""#, "\"😀\""),
        ] {
            let value = Json::parse(text).and_then(|json| json.canonical(WideNumbers::Exact));
            assert_eq!(value.map(|json| json.text()).as_deref(), Ok(canonical), "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["nan", "[1,]", "{", "1 2", "01", "1.", "'a'", "\"\u{1}\"", r#""\x""#, r#""\ud83d""#, "[1"] {
            assert!(matches!(Json::parse(text), Err(JsonError::Syntax(_))), "{text}");
        }
        assert_eq!(Json::parse("  "), Err(JsonError::Empty));
        let exact = |text| Json::parse(text).and_then(|json| json.canonical(WideNumbers::Exact));
        assert_eq!(exact("1e400"), Err(JsonError::Overflow("1e400".to_owned())));
        assert!(matches!(exact("1.00000000000000001"), Err(JsonError::Wide(_))));
        assert!(matches!(exact("123456789012345678901234"), Err(JsonError::Wide(_))));
        let deep = "[".repeat(100_000);
        assert!(Json::parse(&deep).is_err());
        assert_eq!(Json::parse_start("{\"a\": 1} x").map(|json| json.text()).as_deref(), Some("{\"a\":1}"));
    }
}
