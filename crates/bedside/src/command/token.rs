//! `bedside token`: what clients show to be let in.

use super::Context;
use super::jobs::time;
use crate::arguments::{OutputArguments, TokenArguments, TokenCommand};
use crate::failure::Failure;
use crate::notice::say;
use crate::output::{Destination, Listing, print_listing, text};
use crate::session::Session;
use bedside_types::{SqlType, Value};
use std::io::Write;

/// Makes, lists or revokes.
pub(crate) fn run(context: &Context, arguments: &TokenArguments) -> Result<(), Failure> {
    let session = Session::open(context, None)?;
    match &arguments.command {
        TokenCommand::Create(arguments) => {
            let new = session.gate()?.create_token(&arguments.name)?;
            let mut destination = Destination::stdout();
            let written = destination.write_all(format!("{}\n", new.text).as_bytes());
            written.map_err(|error| Failure::io("cannot write the token", &error))?;
            destination.finish()?;
            say(&format!(
                "this is token {}, shown this once; bedside token revoke {} takes it back",
                new.token.id, new.token.id
            ));
            Ok(())
        }
        TokenCommand::List(arguments) => list(&session, &arguments.output),
        TokenCommand::Revoke(arguments) => {
            let token = session.gate()?.revoke_token(&arguments.id)?;
            say(&format!("token {} ({}) is revoked", token.id, token.name));
            Ok(())
        }
    }
}

fn list(session: &Session, output: &OutputArguments) -> Result<(), Failure> {
    let mut listing = Listing::new(&[
        ("id", SqlType::String),
        ("name", SqlType::String),
        ("created", SqlType::String),
        ("last_used", SqlType::String),
        ("revoked", SqlType::String),
    ]);
    for token in session.gate()?.tokens()? {
        let moment = |at: Option<i64>| at.map_or(Value::Null, |at| text(time(at)));
        let created = text(time(token.created));
        listing.push([text(token.id), text(token.name), created, moment(token.used), moment(token.revoked)]);
    }
    print_listing(&listing, output)
}
