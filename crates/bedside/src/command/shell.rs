//! `bedside shell`: statements typed one after the other.

use super::{Context, describe, query};
use crate::arguments::{FormatArgument, OutputArguments, ShellArguments};
use crate::failure::Failure;
use crate::inventory::{personal, require_dataset, table};
use crate::notice::{hint, say};
use crate::output::{Destination, Listing, RowWriter, count, print_listing, text};
use crate::session::{Script, Session, provenance};
use crate::shell::{HELP, MetaCommand, Names, first, is_blank};
use crate::terminal::Terminal;
use bedside_engine::Inventory;
use bedside_service::{PlannedQuery, Statement};
use bedside_sql::Parameters;
use bedside_types::{ErrorCode, SqlType};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor, Helper, Highlighter, Hinter, Validator};
use std::fs::OpenOptions;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

const PROMPT: &str = "bedside> ";
const CONTINUATION: &str = "      -> ";
/// Statements that Up brings back.
const HISTORY: usize = 10_000;

/// What the shell keeps between statements.
struct Shell<'a> {
    context: &'a Context,
    session: Session,
    dataset: Option<String>,
    format: FormatArgument,
    timing: Timing,
    failed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Timing {
    Shown,
    Hidden,
}

enum Next {
    Read,
    Quit,
}

/// Reads statements until the end of input. Without a terminal it runs what it is given and fails if a statement did.
pub(crate) fn run(context: &Context, arguments: &ShellArguments) -> Result<(), Failure> {
    let interactive = io::stdin().is_terminal();
    let format = if Terminal::stdout().is_terminal() { FormatArgument::Table } else { FormatArgument::Csv };
    let mut shell = Shell {
        context,
        session: Session::open(context, arguments.dataset.as_deref())?.reaching(context, &arguments.places)?,
        dataset: arguments.dataset.clone(),
        format,
        timing: Timing::Shown,
        failed: 0,
    };
    let mut editor = editor(&shell)?;
    let history = history_file(&context.configuration.home);
    if interactive {
        greet(&shell)?;
        if let Some(history) = &history {
            // A history that cannot be read is only inconvenient.
            drop(editor.load_history(history));
        }
    }
    shell.converse(&mut editor)?;
    if let Some(history) = history.filter(|_| interactive) {
        drop(editor.save_history(&history));
    }
    match shell.failed {
        failed if failed > 0 && !interactive => {
            Err(Failure::usage(format!("{} failed", crate::notice::counted(failed, "statement"))))
        }
        _ => Ok(()),
    }
}

impl Shell<'_> {
    fn converse(&mut self, editor: &mut Editor<Tab, FileHistory>) -> Result<(), Failure> {
        let mut pending = String::new();
        loop {
            let prompt = if is_blank(&pending) { PROMPT } else { CONTINUATION };
            match editor.readline(prompt) {
                Ok(line) if is_blank(&pending) && line.trim_start().starts_with('\\') => {
                    remember(editor, line.trim());
                    if let Next::Quit = self.obey(&line, editor) {
                        return Ok(());
                    }
                }
                Ok(line)
                    if is_blank(&pending) && matches!(line.trim(), "exit" | "quit" | "help" | "exit;" | "quit;") =>
                {
                    hint("\\q leaves, \\? helps");
                }
                Ok(line) => {
                    pending.push_str(&line);
                    pending.push('\n');
                    while let Some((statement, rest)) = first(&pending) {
                        let (statement, rest) = (statement.to_owned(), rest.trim_start().to_owned());
                        remember(editor, &format!("{};", statement.trim()));
                        self.answer(&statement);
                        pending = rest;
                    }
                }
                Err(ReadlineError::Interrupted) => pending.clear(),
                Err(ReadlineError::Eof) => {
                    // A script may leave out the last `;`.
                    if !is_blank(&pending) {
                        self.answer(&pending);
                    }
                    return Ok(());
                }
                Err(ReadlineError::Io(error)) => return Err(Failure::io("cannot read from the terminal", &error)),
                Err(error) => return Err(Failure::internal(error.to_string())),
            }
        }
    }

    /// Runs a statement and prints what comes of it.
    fn answer(&mut self, statement: &str) {
        if is_blank(statement) {
            return;
        }
        self.context.stop.store(false, Ordering::Relaxed);
        let result = self.query(statement);
        self.context.stop.store(false, Ordering::Relaxed);
        if let Err(failure) = result {
            self.failed += 1;
            failure.print();
            if failure.code == ErrorCode::Stopped {
                self.start_afresh();
            }
        }
    }

    /// A new engine: what was stopped may keep the threads of the old one for a while.
    fn start_afresh(&mut self) {
        match Session::open(self.context, self.dataset.as_deref()) {
            Ok(session) => self.session = session.after(&self.session),
            Err(failure) => failure.print(),
        }
    }

    fn query(&self, statement: &str) -> Result<(), Failure> {
        let mut script = self.session.script(statement, &Parameters::None, None)?;
        while let Some(statement) = script.next()? {
            match statement {
                Statement::Query(query) => self.rows(&mut script, query)?,
                Statement::Change(change) => script.change(change)?.iter().for_each(query::tell),
            }
        }
        Ok(())
    }

    fn rows(&self, script: &mut Script, query: PlannedQuery) -> Result<(), Failure> {
        let start = Instant::now();
        let terminal = Terminal::stdout();
        let mut writer = RowWriter::new(self.format, query.columns(), Destination::stdout(), terminal)?;
        let said = provenance(&query.kinds());
        let ran = script.run(query, None, |batch| writer.write(batch))?;
        let omitted = writer.finish()?;
        if self.timing == Timing::Shown && Terminal::stderr().is_terminal() {
            say(&query::footer(ran, omitted, start.elapsed(), None));
        }
        if let Some(provenance) = said {
            say(&query::provenance_line(provenance));
        }
        Ok(())
    }

    fn obey(&mut self, line: &str, editor: &mut Editor<Tab, FileHistory>) -> Next {
        match MetaCommand::parse(line) {
            Ok(MetaCommand::Quit) => return Next::Quit,
            Ok(command) => {
                if let Err(failure) = self.carry_out(command, editor) {
                    self.failed += 1;
                    failure.print();
                }
            }
            Err(failure) => {
                self.failed += 1;
                failure.print();
            }
        }
        Next::Read
    }

    fn carry_out(&mut self, command: MetaCommand, editor: &mut Editor<Tab, FileHistory>) -> Result<(), Failure> {
        let output = OutputArguments { format: Some(self.format), output: None };
        let inventory = || inventory_of(self.context);
        match command {
            MetaCommand::Help => say(HELP.trim_end()),
            MetaCommand::Quit => {}
            MetaCommand::Datasets => {
                let arguments = crate::arguments::DatasetsArguments { output };
                super::datasets::run(self.context, &arguments)?;
            }
            MetaCommand::Describe(name) => {
                let inventory = inventory()?;
                let qualified = self.dataset.as_ref().map(|dataset| format!("{dataset}.{name}"));
                let here = self.dataset.as_deref().and_then(|dataset| inventory.dataset(dataset));
                let name = match (here.and_then(|dataset| table(dataset, &name)), qualified) {
                    (Some(_), Some(qualified)) => qualified,
                    _ => name,
                };
                describe::describe(self.context, &inventory, &name, &output)?;
            }
            MetaCommand::Tables(dataset) => {
                tables(&inventory()?, dataset.or(self.dataset.clone()).as_deref(), &output)?;
            }
            MetaCommand::Dataset(Some(name)) => {
                let inventory = inventory()?;
                if personal(&inventory, &name).is_none() {
                    require_dataset(&inventory, &name)?;
                }
                self.session = Session::open(self.context, Some(&name))?.after(&self.session);
                self.dataset = Some(name);
                if let Some(tab) = editor.helper_mut() {
                    tab.names = Names::gather(&inventory_of(self.context)?);
                }
            }
            MetaCommand::Dataset(None) => {
                say(self.dataset.as_deref().unwrap_or("no dataset is set: name tables as dataset.table"));
            }
            MetaCommand::Format(Some(format)) => self.format = format,
            MetaCommand::Format(None) => say(&format!("{:?}", self.format).to_lowercase()),
            MetaCommand::Timing => {
                self.timing = if self.timing == Timing::Shown { Timing::Hidden } else { Timing::Shown };
                say(if self.timing == Timing::Shown { "timing is shown" } else { "timing is hidden" });
            }
        }
        Ok(())
    }
}

fn inventory_of(context: &Context) -> Result<Inventory, Failure> {
    Ok(Inventory::read(&context.warehouse()?)?)
}

/// The tables of a dataset, or of all current ones.
fn tables(inventory: &Inventory, dataset: Option<&str>, output: &OutputArguments) -> Result<(), Failure> {
    let mut listing = Listing::new(&[("table", SqlType::String), ("rows", SqlType::Int64)]);
    let own = match dataset {
        None => inventory.personal().iter().map(AsRef::as_ref).collect(),
        Some(name) => personal(inventory, name).into_iter().collect::<Vec<_>>(),
    };
    let datasets = match dataset {
        None => inventory.current().collect(),
        Some(_) if !own.is_empty() => vec![],
        Some(name) => vec![require_dataset(inventory, name)?],
    };
    for dataset in own {
        for (name, table) in &dataset.tables {
            listing.push([text(format!("{}.{name}", dataset.name)), count(table.rows)]);
        }
    }
    for dataset in &datasets {
        for table in dataset.tables() {
            listing.push([text(format!("{}.{}", dataset.name, table.name)), count(table.rows)]);
        }
    }
    print_listing(&listing, output)
}

fn greet(shell: &Shell<'_>) -> Result<(), Failure> {
    say(&format!("bedside {}, GoogleSQL; \\? helps, \\q leaves", env!("CARGO_PKG_VERSION")));
    let inventory = inventory_of(shell.context)?;
    if inventory.manifests().is_empty() {
        hint("nothing is loaded yet: bedside demo, or bedside load SOURCE");
    }
    for dataset in inventory.current() {
        let release = &dataset.manifest.release;
        say(&format!("{} is {release} ({})", dataset.name, release.kind().word()));
    }
    Ok(())
}

fn remember(editor: &mut Editor<Tab, FileHistory>, line: &str) {
    // A line that is not remembered is only inconvenient.
    drop(editor.add_history_entry(line));
}

fn editor(shell: &Shell<'_>) -> Result<Editor<Tab, FileHistory>, Failure> {
    let cannot = |error: ReadlineError| Failure::internal(format!("cannot use the terminal: {error}"));
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .max_history_size(HISTORY)
        .map_err(cannot)?
        .history_ignore_dups(true)
        .map_err(cannot)?
        .history_ignore_space(true)
        .build();
    let mut editor = Editor::with_config(config).map_err(cannot)?;
    editor.set_helper(Some(Tab { names: Names::gather(&inventory_of(shell.context)?) }));
    Ok(editor)
}

/// The history file, made private before anything is written to it: statements may tell about patients.
fn history_file(home: &Path) -> Option<PathBuf> {
    let path = home.join("shell_history");
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path).ok()?;
    Some(path)
}

/// What the Tab key asks.
#[derive(Helper, Hinter, Highlighter, Validator)]
struct Tab {
    names: Names,
}

impl Completer for Tab {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.names.complete(line, position))
    }
}
