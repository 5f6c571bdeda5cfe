//! `bedside client-setup`: what a client needs to find the server, written and printed.

mod check;
mod key;
mod write;

use super::Context;
use crate::arguments::{Client, ClientSetupArguments};
use crate::failure::Failure;
use crate::notice::say;
use crate::output::Destination;
use crate::session;
use bedside_service::Service;
use std::io::Write;
use std::path::PathBuf;
use write::write_private;

/// The project of clients where nobody names one.
const PROJECT: &str = "local";

/// What the files and texts are made from.
struct Setup {
    /// `http://127.0.0.1:9050`.
    url: String,
    project: String,
    folder: PathBuf,
}

/// Writes files, prints the rest.
pub(crate) fn run(context: &Context, arguments: &ClientSetupArguments) -> Result<(), Failure> {
    let url = arguments.url.trim_end_matches('/').to_owned();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(
            Failure::usage(format!("`{url}` is no address of a server")).with_hint("write it as http://127.0.0.1:9050")
        );
    }
    let project = arguments.project.clone().or_else(|| context.configuration.projects.first().cloned());
    let folder = arguments.out.clone().unwrap_or_else(|| context.configuration.home.join("client"));
    let folder = std::path::absolute(&folder).map_err(|error| Failure::io("cannot tell the folder's place", &error))?;
    let setup = Setup { url, project: project.unwrap_or_else(|| PROJECT.to_owned()), folder };
    let service = session::service(context)?;
    let (text, access) = match arguments.client {
        Client::Python => setup.python(&service)?,
        Client::Bq => setup.bq(&service)?,
        Client::R => setup.r(&service)?,
        Client::Jdbc => setup.jdbc(&service)?,
    };
    let mut out = Destination::stdout();
    out.write_all(text.as_bytes()).map_err(|error| Failure::io("cannot write what a client needs", &error))?;
    out.finish()?;
    if arguments.check {
        let answer = check::run(&setup.url, &setup.project, &access)?;
        say(&format!("checked: {answer}"));
    }
    Ok(())
}

/// How a check gets in.
enum Access {
    Token(String),
    Key(key::Key),
}

impl Setup {
    /// A service-account file whose `token_uri` is ours: google-auth exchanges what it signs for a token.
    fn python(&self, service: &Service) -> Result<(String, Access), Failure> {
        let key = key::Key::generate(&format!("{}/token", self.url))?;
        let record = service.create_key("client-setup python", key.public())?;
        let key = key.named(&record.id);
        let file = self.folder.join("service-account.json");
        write_private(&file, &key.service_account(&self.project))?;
        let text = [
            ("BIGQUERY_EMULATOR_HOST", self.url.clone()),
            ("GOOGLE_APPLICATION_CREDENTIALS", file.display().to_string()),
            ("GOOGLE_CLOUD_PROJECT", self.project.clone()),
        ];
        Ok((exports(&text), Access::Key(key)))
    }

    /// A file with a token, and the settings of gcloud as variables, so that nothing of gcloud's own is changed.
    fn bq(&self, service: &Service) -> Result<(String, Access), Failure> {
        let token = token(service, "client-setup bq")?;
        let (token_file, settings) = (self.folder.join("bq-token"), self.folder.join("bigqueryrc"));
        write_private(&token_file, &format!("{token}\n"))?;
        write_private(&settings, "[query]\n--use_legacy_sql=false\n")?;
        let text = [
            ("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", token_file.display().to_string()),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_BIGQUERY", format!("{}/", self.url)),
            ("CLOUDSDK_CORE_PROJECT", self.project.clone()),
            ("BIGQUERYRC", settings.display().to_string()),
        ];
        Ok((exports(&text), Access::Token(token)))
    }

    /// bigrquery has its addresses as constants, which are replaced, and wants a token object of httr.
    fn r(&self, service: &Service) -> Result<(String, Access), Failure> {
        let token = token(service, "client-setup r")?;
        let file = self.folder.join("bedside.R");
        let text = include_str!("client_setup/bedside.R").replace("$URL", &self.url).replace("$TOKEN", &token);
        write_private(&file, &text.replace("$PROJECT", &self.project))?;
        let line = format!("source(\"{}\")  # in .Rprofile, or before the first query\n", file.display());
        Ok((line, Access::Token(token)))
    }

    /// The address that Google's driver takes; the token is part of it.
    fn jdbc(&self, service: &Service) -> Result<(String, Access), Failure> {
        let token = token(service, "client-setup jdbc")?;
        let host = self.url.split_once("://").map_or(self.url.as_str(), |(_, host)| host);
        let text = format!(
            "jdbc:bigquery://{url};ProjectId={project};OAuthType=2;OAuthAccessToken={token};\
             EndpointOverrides=BIGQUERY={url},READ_API={host}\n",
            url = self.url,
            project = self.project,
        );
        Ok((text, Access::Token(token)))
    }
}

fn token(service: &Service, name: &str) -> Result<String, Failure> {
    Ok(service.create_token(name)?.text)
}

/// Lines that a shell takes.
fn exports(variables: &[(&str, String)]) -> String {
    variables.iter().fold(String::new(), |text, (name, value)| text + &format!("export {name}={}\n", quoted(value)))
}

/// A word that a shell leaves as it is.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:._-".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::exports;

    #[test]
    fn a_shell_reads_back_what_was_meant() {
        let lines = exports(&[("A", "http://127.0.0.1:9050".into()), ("B", "/home/o'neil/a b".into())]);
        assert_eq!(lines, "export A=http://127.0.0.1:9050\nexport B='/home/o'\\''neil/a b'\n");
    }
}
