//! Where settings come from: flags, then environment variables (both read by the argument parser), then the
//! configuration file, then defaults.

use crate::arguments::{Bytes, GlobalArguments};
use crate::failure::Failure;
use bedside_types::{ErrorCode, nearest};
use etcetera::BaseStrategy;
use serde::Deserialize;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Names a configuration file other than the usual one.
const FILE_VARIABLE: &str = "BEDSIDE_CONFIG";
/// The variable that the argument parser reads for `--home`.
const HOME_VARIABLE: &str = "BEDSIDE_HOME";
/// Memory to use where the machine does not tell how much it has.
const MEMORY_FALLBACK: u64 = 4 << 30;
/// The settings that a configuration file may have.
const KEYS: [&str; 5] = ["home", "memory", "threads", "price", "projects"];

/// Settings in force.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Configuration {
    /// The folder that holds the data.
    pub(crate) home: PathBuf,
    /// How the program has to be called to find this home again: `bedside`, or with the `--home` that was given.
    pub(crate) invocation: String,
    /// Memory that loads and queries may use, where somebody said so.
    pub(crate) memory: Option<Bytes>,
    /// Threads to work with.
    pub(crate) threads: usize,
    /// US dollars that a TiB costs where statements would otherwise run, for estimates.
    pub(crate) price: Option<f64>,
    /// Project names beside `physionet-data` that answer to the same datasets.
    pub(crate) projects: Vec<String>,
}

/// The file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigurationFile {
    home: Option<PathBuf>,
    memory: Option<String>,
    threads: Option<NonZeroUsize>,
    price: Option<f64>,
    projects: Option<Vec<String>>,
}

impl Configuration {
    /// The settings for flags and environment `arguments`.
    pub(crate) fn resolve(arguments: &GlobalArguments) -> Result<Self, Failure> {
        let (path, file) = read_file()?;
        let memory = file.memory.as_deref().map(|text| {
            text.parse::<Bytes>().map_err(|why| Failure::usage(format!("{}: memory: {why}", path.display())))
        });
        let variable = env::var_os(HOME_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        let without_flag = variable.or(file.home.map(expand_tilde));
        let home = match arguments.home.clone().or_else(|| without_flag.clone()) {
            Some(home) => std::path::absolute(&home).map_err(|e| Failure::io("cannot tell the home's place", &e))?,
            None => default_home()?,
        };
        let invocation = match &arguments.home {
            Some(flag) if without_flag.as_ref() != Some(flag) => format!("bedside --home {}", flag.display()),
            _ => "bedside".to_owned(),
        };
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Ok(Self {
            home,
            invocation,
            memory: arguments.memory.or(memory.transpose()?),
            threads: arguments.threads.or(file.threads).map_or_else(cores, NonZeroUsize::get),
            price: file.price,
            projects: file.projects.unwrap_or_default(),
        })
    }

    /// Memory for queries: what was said, else a quarter of the machine's.
    pub(crate) fn query_memory(&self) -> Bytes {
        self.memory.unwrap_or_else(quarter_of_memory)
    }
}

/// The configuration file's path and content; the default content where the usual place has none.
fn read_file() -> Result<(PathBuf, ConfigurationFile), Failure> {
    let named = env::var_os(FILE_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    let usual = || Some(etcetera::choose_base_strategy().ok()?.config_dir().join("bedside").join("config.toml"));
    let Some(path) = named.clone().or_else(usual) else { return Ok(Default::default()) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok((path.clone(), parse(&path, &text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {
            Ok((path, ConfigurationFile::default()))
        }
        Err(error) => Err(Failure::io(format!("cannot read the configuration file {}", path.display()), &error)),
    }
}

fn parse(path: &Path, text: &str) -> Result<ConfigurationFile, Failure> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        let message = error.message().lines().next().unwrap_or_default();
        let failure = |message: &str| {
            Failure::new(ErrorCode::InvalidQuery, format!("{}, line {line}: {message}", path.display()))
        };
        match message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
            Some(key) => {
                let known = match nearest(key, KEYS) {
                    Some(key) => format!("did you mean `{key}`?"),
                    None => format!("known settings are {}", KEYS.join(", ")),
                };
                failure(&format!("unknown setting `{key}`")).with_hint(known)
            }
            None => failure(message),
        }
    })
}

fn default_home() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy()
        .map_err(|_| Failure::usage("no home folder is known for you").with_hint("say where with --home FOLDER"))?;
    Ok(strategy.data_dir().join("bedside"))
}

/// `~/x` in the file means what it means in a shell.
fn expand_tilde(path: PathBuf) -> PathBuf {
    match (path.strip_prefix("~"), etcetera::home_dir()) {
        (Ok(rest), Ok(home)) => home.join(rest),
        _ => path,
    }
}

/// A quarter of the machine's memory where the system says how much that is (Linux: `/proc/meminfo`).
fn quarter_of_memory() -> Bytes {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = text.lines().find_map(|line| {
        let kib: u64 = line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib * 1024)
    });
    Bytes(total.map_or(MEMORY_FALLBACK, |bytes| bytes / 4))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::path::Path;

    fn message(text: &str) -> String {
        let failure = parse(Path::new("config.toml"), text).unwrap_err();
        format!("{}; {}", failure.message, failure.hint.unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_in_the_file_is_said_with_its_line() {
        for (text, expected) in [
            (
                "home = \"/x\"\nmemry = \"1GiB\"\n",
                "config.toml, line 2: unknown setting `memry`; did you mean `memory`?",
            ),
            (
                "colour = 1",
                "config.toml, line 1: unknown setting `colour`; known settings are home, memory, threads, price, projects",
            ),
        ] {
            assert_eq!(message(text), expected);
        }
        assert!(message("\nhome = 3").starts_with("config.toml, line 2: invalid type"), "{}", message("\nhome = 3"));
        assert!(message("home = ").starts_with("config.toml, line 1: "), "{}", message("home = "));
    }

    #[test]
    fn a_whole_file_is_read() {
        let file = parse(Path::new("c"), "home='/x'\nmemory='8GiB'\nprice=6.25\nprojects=['mine']\n").unwrap();
        assert_eq!((file.price, file.projects), (Some(6.25), Some(vec!["mine".to_owned()])));
    }
}
