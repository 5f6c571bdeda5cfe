//! Reads a name that people or PhysioNet gave to a release: `mimic-iv-clinical-database-demo-2.2`, `mimiciv_v3_1_hosp`.

use crate::version::is_dotted;

/// What the words of a name say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// `mimiciv`, `mimiciii`, `mimiciv-ed`, `mimiciv-note`.
    pub(crate) family: String,
    /// `demo` is among them.
    pub(crate) demo: bool,
    /// With points, without `v`: `3.1`.
    pub(crate) version: Option<String>,
    /// `hosp`, `icu`, `core`, `ed`, `note`, `clinical`, `notes`.
    pub(crate) module: Option<String>,
}

/// Words that say nothing about which release it is.
const NEUTRAL: [&str; 12] = [
    "csv",
    "data",
    "database",
    "deidentified",
    "download",
    "downloaded",
    "extracted",
    "files",
    "free",
    "full",
    "text",
    "unzipped",
];

/// Reads a name; `None` when it does not begin with a family, or has words that are not understood (`subset`, `backup`): such
/// a name makes no claim.
pub(crate) fn read(name: &str) -> Option<Words> {
    let name = name.to_ascii_lowercase();
    let name = [".zip", ".tar.gz", ".tar", ".physionet.org"]
        .iter()
        .fold(name.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name));
    let mut words = name.split(['-', '_', ' ', '(', ')']).filter(|word| !word.is_empty()).peekable();
    let number = match words.next()? {
        "mimiciv" | "mimic4" => "iv",
        "mimiciii" | "mimic3" => "iii",
        // Up to 1.0 the datasets of MIMIC-IV were called `mimic_hosp`.
        "mimic" => words.next_if(|word| matches!(*word, "iv" | "iii")).unwrap_or("iv"),
        _ => return None,
    };
    let (mut demo, mut module, mut version, mut integers) = (false, None, None, Vec::new());
    for word in words {
        let bare = word.strip_prefix('v').unwrap_or(word);
        match word {
            "demo" => demo = true,
            "hosp" | "icu" | "core" | "ed" | "note" => module = module.or(Some(word)),
            // In MIMIC-IV's names `clinical` and `notes` are prose: mimic-iv-clinical-database-demo.
            "clinical" | "notes" if number == "iii" => module = module.or(Some(word)),
            "notes" => module = module.or(Some("note")),
            "clinical" => {}
            _ if is_dotted(bare) => version = version.or(Some(bare.to_owned())),
            _ if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()) => integers.push(bare),
            _ if NEUTRAL.contains(&word) => {}
            _ => return None,
        }
    }
    // `3_1`, and `v3-1-01` in the names of access points; after a version with points an integer is a browser's `(1)`.
    let version = version.or_else(|| (integers.len() >= 2).then(|| format!("{}.{}", integers[0], integers[1])));
    let family = match (number, module) {
        ("iv", Some("ed")) => "mimiciv-ed",
        ("iv", Some("note")) => "mimiciv-note",
        ("iv", _) => "mimiciv",
        _ => "mimiciii",
    };
    Some(Words { family: family.to_owned(), demo, version, module: module.map(str::to_owned) })
}
