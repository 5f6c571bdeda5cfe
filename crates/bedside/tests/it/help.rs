//! Help texts.

use crate::harness::Place;

#[test]
fn help_of_the_program() {
    insta::assert_snapshot!(Place::new().transcript(&["--help"]));
}

#[test]
fn help_of_every_command() {
    let place = Place::new();
    let commands = [
        "demo",
        "synth",
        "load",
        "concepts",
        "verify",
        "alias",
        "remove",
        "status",
        "query",
        "shell",
        "jobs",
        "token",
        "serve",
        "client-setup",
        "datasets",
        "describe",
        "search",
        "completions",
    ];
    for command in commands {
        insta::assert_snapshot!(format!("help-{command}"), place.transcript(&[command, "--help"]));
    }
}

#[test]
fn completions_know_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.stdout(&["completions", shell]);
        assert!(script.contains("keep-going") && script.contains("describe"), "{shell}");
    }
}
