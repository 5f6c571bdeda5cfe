use super::{FILES, catalogue, read, read_family};

#[test]
fn the_embedded_files_are_sound() {
    let read = read(&FILES).unwrap();
    assert_eq!(&read, catalogue());
    let ids: Vec<_> = read.releases().map(|release| release.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "mimiciii-1.4",
            "mimiciii-demo-1.4",
            "mimiciv-1.0",
            "mimiciv-2.0",
            "mimiciv-2.1",
            "mimiciv-2.2",
            "mimiciv-3.0",
            "mimiciv-3.1",
            "mimiciv-demo-2.2",
            "mimiciv-ed-1.0",
            "mimiciv-ed-2.0",
            "mimiciv-ed-2.2",
            "mimiciv-ed-demo-2.2",
            "mimiciv-note-2.2",
        ]
    );
}
