//! FORMAT: values written by a printf pattern.
//! <https://cloud.google.com/bigquery/docs/reference/standard-sql/string_functions#format_string>

use crate::call::Call;
use crate::error::{Error, Result, fail};
use crate::function::Spec;
use crate::scalar::value_text::{cast_text, write_json};
use crate::{numeric, text};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type, Field, Float64Type, Int64Type};
use bedside_types::SqlType;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] = &[Spec::fallible("format", format)];

fn format(call: &Call<'_>) -> Result<ArrayRef> {
    let patterns = call.text(0)?;
    call.texts(|row| {
        let Some(pattern) = patterns.get(row) else { return Ok(None) };
        Writer { call, row, next: 1 }.write(pattern).map(|text| text.map(Cow::Owned))
    })
}

/// One row's pattern in progress.
struct Writer<'a> {
    call: &'a Call<'a>,
    row: usize,
    next: usize,
}

/// What stands between `%` and the verb.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "printf's flags are independent of each other")]
struct Flags {
    minus: bool,
    plus: bool,
    blank: bool,
    sharp: bool,
    zero: bool,
    group: bool,
    width: usize,
    precision: Option<usize>,
}

impl<'a> Writer<'a> {
    /// `None` if a NULL argument makes the whole result NULL.
    fn write(mut self, pattern: &str) -> Result<Option<String>> {
        let mut out = String::new();
        let mut characters = pattern.chars().peekable();
        while let Some(c) = characters.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let mut flags = Flags::default();
            while let Some(flag) = characters.next_if(|c| "-+ #0'".contains(*c)) {
                match flag {
                    '-' => flags.minus = true,
                    '+' => flags.plus = true,
                    ' ' => flags.blank = true,
                    '#' => flags.sharp = true,
                    '0' => flags.zero = true,
                    _ => flags.group = true,
                }
            }
            let Some(width) = self.number(&mut characters)? else { return Ok(None) };
            flags.minus |= width < Some(0);
            flags.width = width.unwrap_or_default().unsigned_abs() as usize;
            if characters.next_if_eq(&'.').is_some() {
                let Some(precision) = self.number(&mut characters)? else { return Ok(None) };
                flags.precision = Some(precision.unwrap_or_default().max(0) as usize);
            }
            if flags.width > 1 << 20 || flags.precision.is_some_and(|p| p > 1 << 20) {
                return fail("Output string too long while evaluating FORMAT");
            }
            let Some(verb) = characters.next() else {
                return fail("Invalid format string: it ends within a specifier");
            };
            if verb == '%' {
                out.push('%');
                continue;
            }
            match self.verb(verb, &flags)? {
                Some(text) => out.push_str(&pad(text, &flags)),
                None => return Ok(None),
            }
        }
        if self.next < self.call.count() {
            return fail("Too many arguments to FORMAT for its pattern");
        }
        Ok(Some(out))
    }

    /// Digits, or `*` for an argument: `Some(None)` where neither stands, `None` for a NULL argument.
    #[expect(clippy::option_option, reason = "absent and NULL are different things here")]
    fn number(&mut self, characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Option<Option<i64>>> {
        if characters.next_if_eq(&'*').is_some() {
            let (array, index) = self.argument()?;
            let Some(values) = array.as_primitive_opt::<Int64Type>() else {
                return fail("FORMAT needs an INT64 for `*`");
            };
            return Ok((!values.is_null(index)).then(|| Some(values.value(index))));
        }
        let mut value = None;
        while let Some(digit) = characters.next_if(char::is_ascii_digit) {
            let digit = i64::from(digit.to_digit(10).unwrap_or_default());
            value = Some(value.unwrap_or(0_i64).saturating_mul(10).saturating_add(digit));
        }
        Ok(Some(value))
    }

    fn argument(&mut self) -> Result<(&'a ArrayRef, usize)> {
        if self.next >= self.call.count() {
            return fail("Too few arguments to FORMAT for its pattern");
        }
        let (array, step) = self.call.argument(self.next)?;
        self.next += 1;
        Ok((array, self.row * step))
    }

    fn verb(&mut self, verb: char, flags: &Flags) -> Result<Option<String>> {
        let (array, row) = self.argument()?;
        if let Some(documents) = super::json::unboxed(array) {
            return json(documents, row, verb, flags);
        }
        if array.is_null(row) && !matches!(verb, 't' | 'T' | 'p' | 'P') {
            return Ok(None);
        }
        let wrong = || fail(format!("Invalid type {} for format specifier %{verb}", array.data_type()));
        Ok(Some(match verb {
            'd' | 'i' => match array.data_type() {
                DataType::Int64 => signed(&array.as_primitive::<Int64Type>().value(row).to_string(), flags),
                _ => return wrong(),
            },
            'x' | 'X' | 'o' => {
                let Some(values) = array.as_primitive_opt::<Int64Type>() else { return wrong() };
                let magnitude = values.value(row).unsigned_abs();
                let sign = if values.value(row) < 0 { "-" } else { "" };
                let digits = match verb {
                    'x' => format!("{}{magnitude:x}", if flags.sharp { "0x" } else { "" }),
                    'X' => format!("{}{magnitude:X}", if flags.sharp { "0X" } else { "" }),
                    _ => format!("{}{magnitude:o}", if flags.sharp { "0" } else { "" }),
                };
                format!("{sign}{digits}")
            }
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' => match array.data_type() {
                DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row), verb, flags),
                DataType::Decimal128(..) | DataType::Decimal256(..) => decimal(array, row, verb, flags)?,
                _ => return wrong(),
            },
            's' => match array.data_type() {
                DataType::Utf8View => cut(array.as_string_view().value(row), flags),
                _ => return wrong(),
            },
            't' => cut(&printable(array, row)?, flags),
            'T' => cut(&literal(array, row)?, flags),
            'p' | 'P' => {
                let mut out = String::new();
                write_json(&mut out, array, row, true)?;
                out
            }
            other => return fail(format!("Invalid format specifier character \"{other}\" in FORMAT string")),
        }))
    }
}

/// A JSON argument.
fn json(documents: &ArrayRef, row: usize, verb: char, flags: &Flags) -> Result<Option<String>> {
    let text = cast_text(documents, row)?;
    Ok(match verb {
        't' => Some(cut(&text.unwrap_or_else(|| "NULL".to_owned()), flags)),
        'T' => Some(cut(&text.map_or_else(|| "NULL".to_owned(), |text| format!("JSON {}", quoted(&text))), flags)),
        'p' => text,
        'P' => text.map(|text| super::json::indented(&text)),
        _ => return fail(format!("Invalid type JSON for format specifier %{verb}")),
    })
}

fn cut(text: &str, flags: &Flags) -> String {
    match flags.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    }
}

fn pad(text: String, flags: &Flags) -> String {
    let length = text.chars().count();
    if length >= flags.width {
        return text;
    }
    let missing = flags.width - length;
    if flags.minus {
        return text + &" ".repeat(missing);
    }
    let number = text.trim_start_matches(['-', '+', ' ']).starts_with(|c: char| c.is_ascii_digit());
    if flags.zero && number {
        let sign = text.len() - text.trim_start_matches(['-', '+', ' ']).len();
        return format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..]);
    }
    " ".repeat(missing) + &text
}

/// A number's text with the sign and the groups that the flags ask for.
fn signed(text: &str, flags: &Flags) -> String {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let sign = if negative {
        "-"
    } else if flags.plus {
        "+"
    } else if flags.blank {
        " "
    } else {
        ""
    };
    if !flags.group {
        return format!("{sign}{digits}");
    }
    let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
    let mut grouped = String::new();
    for (at, c) in digits[..whole].chars().enumerate() {
        if at > 0 && (whole - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("{sign}{grouped}{}", &digits[whole..])
}

fn float(value: f64, verb: char, flags: &Flags) -> String {
    let precision = flags.precision.unwrap_or(6);
    // There is one zero.
    let value = value + 0.0;
    let text = if !value.is_finite() {
        text::format_float(value)
    } else if matches!(verb, 'f' | 'F') {
        format!("{value:.precision$}")
    } else if matches!(verb, 'e' | 'E') {
        exponential(value, precision)
    } else {
        text::general(value, precision)
    };
    let text = signed(&text, flags);
    if verb.is_uppercase() { text.to_uppercase() } else { text }
}

/// C's `%e`: at least two digits of exponent with a sign.
fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// `%f` of decimals is exact; the other verbs go through a double.
fn decimal(array: &ArrayRef, row: usize, verb: char, flags: &Flags) -> Result<String> {
    let (value, scale) = match array.data_type() {
        DataType::Decimal128(..) => (num_bigint::BigInt::from(array.as_primitive::<Decimal128Type>().value(row)), 9),
        _ => (numeric::wide(array.as_primitive::<Decimal256Type>().value(row)), 38),
    };
    let text = numeric::format_decimal(&value, scale);
    if !matches!(verb, 'f' | 'F') {
        let value = text.parse().map_err(|_| Error::Internal("a decimal does not read as a double".to_owned()))?;
        return Ok(float(value, verb, flags));
    }
    let precision = flags.precision.unwrap_or(6);
    let rounded = if precision >= scale {
        value * num_bigint::BigInt::from(10).pow((precision - scale) as u32)
    } else {
        numeric::divide_big(&value, &num_bigint::BigInt::from(10).pow((scale - precision) as u32))
    };
    let digits = numeric::format_decimal(&rounded, precision);
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let text = if precision == 0 { whole.to_owned() } else { format!("{whole}.{fraction:0<precision$}") };
    Ok(signed(&text, flags))
}

/// `%t`: as people read it; `NULL` for NULL, doubles always with a point or an exponent.
fn printable(array: &ArrayRef, row: usize) -> Result<String> {
    if array.is_null(row) {
        return Ok("NULL".to_owned());
    }
    nested(array, row, printable).unwrap_or_else(|| match array.data_type() {
        DataType::Float64 => Ok(pointed(array.as_primitive::<Float64Type>().value(row))),
        DataType::BinaryView => {
            let bytes = array.as_binary_view().value(row);
            Ok(std::str::from_utf8(bytes).map_or_else(|_| escaped(bytes), str::to_owned))
        }
        _ => Ok(cast_text(array, row)?.unwrap_or_default()),
    })
}

fn escaped(bytes: &[u8]) -> String {
    let write = |byte: &u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(*byte)),
        b' '..=b'~' => char::from(*byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    bytes.iter().map(write).collect()
}

fn pointed(value: f64) -> String {
    let text = text::format_float(value);
    if value.is_finite() && !text.contains(['.', 'e']) { text + ".0" } else { text }
}

/// `%T`: as a literal of the type.
fn literal(array: &ArrayRef, row: usize) -> Result<String> {
    if array.is_null(row) {
        return Ok("NULL".to_owned());
    }
    if let Some(text) = nested(array, row, literal) {
        return text;
    }
    let word = match array.data_type() {
        DataType::Utf8View => return Ok(quoted(array.as_string_view().value(row))),
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            let text = pointed(value);
            return Ok(if value.is_finite() { text } else { format!("CAST(\"{text}\" AS FLOAT64)") });
        }
        DataType::BinaryView => {
            return Ok(format!("b\"{}\"", escaped(array.as_binary_view().value(row))));
        }
        DataType::Decimal128(..) => "NUMERIC",
        DataType::Decimal256(..) => "BIGNUMERIC",
        DataType::Date32 => "DATE",
        DataType::Timestamp(_, None) => "DATETIME",
        DataType::Timestamp(_, Some(_)) => "TIMESTAMP",
        DataType::Time64(_) => "TIME",
        data_type @ DataType::Struct(_) => {
            let range = SqlType::of_field(&Field::new("range", data_type.clone(), true));
            let word = range.map_or_else(String::new, |range| range.to_string());
            return Ok(format!("{word} \"{}\"", cast_text(array, row)?.unwrap_or_default()));
        }
        DataType::Interval(_) => {
            let text = cast_text(array, row)?.unwrap_or_default();
            return Ok(format!("INTERVAL \"{text}\" YEAR TO SECOND"));
        }
        _ => return Ok(cast_text(array, row)?.unwrap_or_default()),
    };
    Ok(format!("{word} \"{}\"", cast_text(array, row)?.unwrap_or_default()))
}

/// Double quotes, or single ones around a text that has double quotes only.
fn quoted(text: &str) -> String {
    let quote = if text.contains('"') && !text.contains('\'') { '\'' } else { '"' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Arrays as `[1, 2]`, structs as `(1, 2)`; `None` for other types.
fn nested(array: &ArrayRef, row: usize, element: fn(&ArrayRef, usize) -> Result<String>) -> Option<Result<String>> {
    let joined = |parts: Result<Vec<String>>, open: char, close: char| {
        parts.map(|parts| format!("{open}{}{close}", parts.join(", ")))
    };
    match array.data_type() {
        DataType::List(_) => {
            let values = array.as_list::<i32>().value(row);
            Some(joined((0..values.len()).map(|index| element(&values, index)).collect(), '[', ']'))
        }
        data_type @ DataType::Struct(_) if !SqlType::is_range(data_type) => {
            let columns = array.as_struct().columns();
            Some(joined(columns.iter().map(|column| element(column, row)).collect(), '(', ')'))
        }
        _ => None,
    }
}
