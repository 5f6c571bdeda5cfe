//! `bedside describe DATETIME_DIFF`: what a function of GoogleSQL takes and gives, from the registry.

use crate::arguments::OutputArguments;
use crate::failure::Failure;
use crate::notice::say;
use crate::output::{Listing, print_listing, text};
use bedside_sql::{Function, FunctionKind};
use bedside_types::SqlType;

/// The function of that name; `()` after it says that no table or column is meant.
pub(super) fn named(name: &str) -> Option<&'static Function> {
    bedside_sql::function(name.trim_end_matches("()")).filter(|function| !function.name.starts_with('$'))
}

/// Says why a function of BigQuery's is refused; false if it is none of those.
pub(super) fn is_refused(name: &str) -> bool {
    let name = name.trim_end_matches("()");
    let Some(refused) = bedside_sql::refused_function(name) else { return false };
    say(&format!("{} ({}) is not supported: {}", name.to_uppercase(), refused.family, refused.reason));
    if let Some(instead) = refused.instead {
        say(&format!("instead: {instead}"));
    }
    true
}

/// Explains a function: its signatures go to the output.
pub(super) fn describe(function: &Function, output: &OutputArguments) -> Result<(), Failure> {
    let kind = match function.kind {
        FunctionKind::Scalar => "function",
        FunctionKind::Aggregate => "aggregate function, also over windows",
        FunctionKind::Window => "function over windows",
    };
    say(&format!("{} ({}), {kind}: {}", function.name.to_uppercase(), function.family, function.description));
    if !function.aliases.is_empty() {
        say(&format!("also written {}", function.aliases.join(", ").to_uppercase()));
    }
    if let Some(difference) = bedside_sql::differences().find(|other| other.name.eq_ignore_ascii_case(function.name)) {
        say(&format!("otherwise than on BigQuery it {}", difference.text));
    }
    let mut listing = Listing::new(&[("call", SqlType::String), ("result", SqlType::String)]);
    for signature in function.signatures {
        let (arguments, result) = signature.split_once("->").unwrap_or((signature, ""));
        listing.push([text(format!("{}({})", function.name.to_uppercase(), arguments.trim())), text(result.trim())]);
    }
    print_listing(&listing, output)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn functions_are_found_by_any_of_their_names() {
        assert_eq!(named("datetime_diff").map(|f| f.name), Some("datetime_diff"));
        assert_eq!(named("POWER()").map(|f| f.name), Some("pow"));
        assert!(named("$add").is_none() && named("chartevents").is_none());
    }
}
