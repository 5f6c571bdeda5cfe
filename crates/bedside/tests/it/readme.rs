//! What the README shows is what the program prints.

use crate::harness::Place;

#[test]
fn the_commands_of_the_readme_print_what_it_shows() {
    let place = Place::new();
    place.stdout(&["demo", "--no-serve"]);
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let mut commands = 0;
    for block in readme.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        for shown in block.split("$ bedside ").skip(1) {
            let (line, expected) = shown.split_once('\n').unwrap();
            let mut arguments = words(line);
            // The README shows a terminal; here nothing is one.
            arguments.extend(["--format".to_owned(), "table".to_owned()]);
            let output = place.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            let printed = if output.status.success() { output.stdout } else { output.stderr };
            assert_eq!(String::from_utf8_lossy(&printed), expected, "bedside {line}");
            commands += 1;
        }
    }
    assert!(commands >= 3, "the README shows only {commands} commands");
}

/// A command line's words; single quotes hold one together.
fn words(line: &str) -> Vec<String> {
    let pieces = line.split('\'').enumerate();
    pieces
        .flat_map(|(at, piece)| match at % 2 {
            0 => piece.split_whitespace().map(str::to_owned).collect(),
            _ => vec![piece.to_owned()],
        })
        .collect()
}
