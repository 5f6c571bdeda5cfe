//! The configuration file, the environment and their order.

use crate::harness::{Place, write};

#[test]
fn an_unknown_setting_is_named_with_its_line() {
    let place = Place::new();
    write(&place, "config.toml", "memory = \"2GiB\"\nhom = \"/x\"\n");
    let output = place.command(&["status"]).env("BEDSIDE_CONFIG", "config.toml").output().unwrap();
    insta::assert_snapshot!(place.transcript_of(&["status"], &output));
}

#[test]
fn a_configuration_file_that_was_named_must_be_there() {
    let place = Place::new();
    let output = place.command(&["status"]).env("BEDSIDE_CONFIG", "none.toml").output().unwrap();
    insta::assert_snapshot!(place.transcript_of(&["status"], &output));
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let place = Place::new();
    write(&place, "config.toml", "home = \"from-file\"\n");
    let home = |flag: Option<&str>, variable: Option<&str>| {
        let mut command = place.command(&["status"]);
        command.env("BEDSIDE_CONFIG", "config.toml").env_remove("BEDSIDE_HOME");
        if let Some(flag) = flag {
            command.args(["--home", flag]);
        }
        if let Some(variable) = variable {
            command.env("BEDSIDE_HOME", variable);
        }
        let stderr = String::from_utf8(command.output().unwrap().stderr).unwrap();
        let line = stderr.lines().find(|line| line.starts_with("home")).unwrap_or(&stderr).to_owned();
        line.rsplit('/').next().unwrap_or_default().to_owned()
    };
    assert_eq!(home(Some("from-flag"), Some("from-variable")), "from-flag");
    assert_eq!(home(None, Some("from-variable")), "from-variable");
    assert_eq!(home(None, None), "from-file");
}

#[cfg(unix)]
#[test]
fn the_home_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.stdout(&["status"]);
    assert_eq!(std::fs::metadata(place.home()).unwrap().permissions().mode() & 0o777, 0o700);
}
