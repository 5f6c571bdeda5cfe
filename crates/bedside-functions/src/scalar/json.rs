//! Values as JSON text.

use crate::call::{Call, some};
use crate::error::Result;
use crate::function::Spec;
use crate::scalar::value_text::write_json;
use arrow::array::ArrayRef;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Spec] = &[Spec::total("to_json_string", to_text), Spec::total("to_json", to_text)];

/// NULL becomes the text `null`; an optional second argument of TRUE asks for line breaks.
fn to_text(call: &Call<'_>) -> Result<ArrayRef> {
    let (array, step) = call.argument(0)?;
    let pretty = if call.count() > 1 { Some(call.flag(1)?) } else { None };
    call.texts(|row| {
        let mut out = String::new();
        write_json(&mut out, array, row * step, false)?;
        let pretty = match &pretty {
            Some(pretty) => some!(pretty.get(row)),
            None => false,
        };
        Ok(Some(Cow::Owned(if pretty { indented(&out) } else { out })))
    })
}

/// JSON with a line for each element, two blanks a level, as BigQuery prints it.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut characters = json.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = characters.next() {
        if quoted {
            out.push(c);
            (quoted, escaped) = (escaped || c != '"', !escaped && c == '\\');
            continue;
        }
        match c {
            '"' => {
                quoted = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                if characters.peek().is_some_and(|next| matches!(next, '}' | ']')) {
                    out.extend(characters.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn lines_break_outside_of_texts_only() {
        assert_eq!(
            indented(r#"{"a":[1,2],"b":"x,\"y","c":[]}"#),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": \"x,\\\"y\",\n  \"c\": []\n}"
        );
    }
}
