//! Code lists from elsewhere: read, checked, kept in the home.

use crate::access;
use crate::arguments::CodeListArguments;
use crate::command::Context;
use crate::failure::Failure;
use crate::notice::{counted, say};
use bedside_concepts::keep_code_list;
use bedside_load::source::read_file;
use std::path::Path;

/// No list is that long, packed or not.
const MOST_BYTES: usize = 256 << 20;

/// Takes the lists that the arguments name; later builds need not be told again.
pub(crate) fn keep_code_lists(
    context: &Context,
    arguments: &CodeListArguments,
    netrc: Option<&Path>,
) -> Result<(), Failure> {
    let Some(text) = &arguments.ccs else { return Ok(()) };
    let access = access::access(netrc, &context.stop)?;
    let (place, content) = read_file(text, &access, MOST_BYTES)?;
    let rows = keep_code_list(&context.warehouse()?, "ccs", &place, &content)?;
    say(&format!("kept the code list ccs, {} from {place}", counted(rows, "row")));
    Ok(())
}
