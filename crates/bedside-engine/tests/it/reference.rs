//! `docs/reference/googlesql.md` is what the registry says. With `BEDSIDE_UPDATE=1` the test writes it anew.

use crate::registry::MISSING;
use bedside_sql::{Function, differences, forms, functions, refused_functions};
use std::fmt::Write as _;

const HEAD: &str = "\
# GoogleSQL in bedside

Made from the registry of functions by `BEDSIDE_UPDATE=1 cargo test -p bedside-engine --test it reference`; do not edit.

Every function and operator of [BigQuery's reference](https://cloud.google.com/bigquery/docs/reference/standard-sql/functions-all)
is here: the chapters list those that are there, *Different* those that answer otherwise than BigQuery's and how, *Refused*
those that are not there and why. Statements: [queries](queries.md), and [those that write](statements.md). What is not listed is refused by
name; nothing is ignored and nothing answers differently in silence.

`[x]` may be left out, `x...` may repeat, `(x, y)...` repeats whole, `name => x = v` is given by name and is `v` where it is left
out (in brackets it can be given by place too). `PART` is a date part such as `DAY` or `WEEK(MONDAY)`, `T` and `U` are any type,
`O` one that can be ordered, `E` one that can be compared. Every scalar function takes the prefix `SAFE.`, which makes an error
NULL.
";

#[test]
fn the_reference_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/googlesql.md");
    let text = reference();
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == text, "docs/reference/googlesql.md is out of date");
}

fn reference() -> String {
    let mut text = HEAD.to_owned();
    let mut family = "";
    for function in functions() {
        if function.family != family {
            family = function.family;
            let _ =
                write!(text, "\n## {family}\n\n| function | arguments and result | what it gives |\n|---|---|---|\n");
        }
        let _ = writeln!(text, "| {} | {} | {} |", names(function), signatures(function), what(function));
    }
    text.push_str("\n## Syntax\n\n| name | how it is written |\n|---|---|\n");
    for form in forms() {
        let _ = writeln!(text, "| `{}` | {} |", form.name, form.text);
    }
    text.push_str("\n## Different\n\n| function | how it differs from BigQuery's |\n|---|---|\n");
    for difference in differences() {
        let _ = writeln!(text, "| `{}` | {} |", difference.name, difference.text);
    }
    text.push_str("\n## Refused\n\n| family | functions | why | instead |\n|---|---|---|---|\n");
    for group in refused_functions() {
        let names = group.names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let instead = group.instead.unwrap_or_default();
        let _ = writeln!(text, "| {} | {names} | {} | {instead} |", group.family, group.reason);
    }
    text
}

fn names(function: &Function) -> String {
    let names = std::iter::once(&function.name).chain(function.aliases);
    names.map(|name| format!("`{}`", name.trim_start_matches('$').to_uppercase())).collect::<Vec<_>>().join(", ")
}

fn signatures(function: &Function) -> String {
    let code = |signature: &&str| format!("`{}`", signature.replace('|', "\\|"));
    function.signatures.iter().map(code).collect::<Vec<_>>().join("<br>")
}

fn what(function: &Function) -> String {
    let refused = if MISSING.contains(&function.name) { " **Refused: not there yet.**" } else { "" };
    format!("{}{refused}", function.description.replace('|', "\\|"))
}
