//! `bedside demo`: made-up data, loaded, tables derived from them, and three first answers.

use super::{Context, concepts, load, query, serve, synth};
use crate::arguments::{DemoArguments, ServeArguments};
use crate::failure::Failure;
use crate::notice::{hint, say};
use crate::output::{Destination, RowWriter};
use crate::session::Session;
use crate::terminal::{Style, Terminal};
use bedside_concepts::{Definitions, Family};
use bedside_synth::Options;
use std::io::Write;
use std::time::Instant;

/// The seed of the demo's data.
const SEED: u64 = 7;

/// A question, and the SQL that answers it.
struct Example {
    question: &'static str,
    sql: &'static str,
}

/// Questions of clinicians; `$icu`, `$hosp` and `$derived` stand for the datasets of the demo's own release.
const EXAMPLES: [Example; 3] = [
    Example {
        question: "Heart rate of one patient, hour by hour, through the first half day in the ICU",
        sql: "\
WITH stay AS (
  SELECT stay_id, intime
  FROM `$icu.icustays`
  WHERE los > 1
  ORDER BY stay_id
  LIMIT 1
)
SELECT
  DATETIME_DIFF(c.charttime, s.intime, HOUR) AS hour,
  COUNT(*) AS measurements,
  ROUND(AVG(c.valuenum), 1) AS heart_rate,
  MIN(c.valuenum) AS lowest,
  MAX(c.valuenum) AS highest
FROM stay AS s
JOIN `$icu.chartevents` AS c
  ON c.stay_id = s.stay_id
WHERE c.itemid = 220045 -- Heart Rate
  AND c.valuenum > 0
  AND DATETIME_DIFF(c.charttime, s.intime, HOUR) BETWEEN 0 AND 11
GROUP BY hour
ORDER BY hour",
    },
    Example {
        question: "Organ failure on the first day (SOFA) by ICU, and how many patients died in the hospital",
        sql: "\
SELECT
  i.first_careunit,
  COUNT(*) AS stays,
  ROUND(AVG(s.sofa), 1) AS mean_sofa,
  COUNTIF(s.sofa >= 6) AS sofa_6_and_more,
  ROUND(100 * AVG(a.hospital_expire_flag), 1) AS mortality_percent
FROM `$derived.first_day_sofa` AS s
JOIN `$icu.icustays` AS i
  ON i.stay_id = s.stay_id
JOIN `$hosp.admissions` AS a
  ON a.hadm_id = i.hadm_id
GROUP BY i.first_careunit
ORDER BY stays DESC, i.first_careunit",
    },
    Example {
        question: "Sepsis-3: stays with suspected infection and a SOFA of 2 or more, against survival",
        sql: "\
SELECT
  COALESCE(s.sepsis3, FALSE) AS sepsis3,
  COUNT(*) AS stays,
  ROUND(AVG(s.sofa_score), 1) AS mean_sofa_at_suspicion,
  SUM(a.hospital_expire_flag) AS deaths,
  ROUND(100 * AVG(a.hospital_expire_flag), 1) AS mortality_percent
FROM `$icu.icustays` AS i
JOIN `$hosp.admissions` AS a
  ON a.hadm_id = i.hadm_id
LEFT JOIN `$derived.sepsis3` AS s
  ON s.stay_id = i.stay_id
GROUP BY 1
ORDER BY 1 DESC",
    },
];

/// Makes and loads the data unless they are there, then asks.
pub(crate) fn run(context: &Context, arguments: &DemoArguments) -> Result<(), Failure> {
    let start = Instant::now();
    let options = Options { threads: synth::threads(context), ..Options::new(arguments.patients, SEED) };
    let release = options.release()?;
    let warehouse = context.warehouse()?;
    match warehouse.manifest(&release)? {
        Some(manifest) if load::is_complete(&manifest) => say(&format!("{release} is loaded already")),
        _ => {
            let folder = warehouse.home().join("scratch").join(release.as_str());
            say(&format!("1. making {} synthetic patients: {release}", arguments.patients));
            synth::make(&options, &folder, &context.stop)?;
            say(&format!("2. loading them into {}", warehouse.home().display()));
            load::load_folder(context, &folder)?;
            // The files have done their service; what was loaded from them stays.
            std::fs::remove_dir_all(&folder)
                .map_err(|error| Failure::io(format!("cannot remove {}", folder.display()), &error))?;
        }
    }
    say(&format!("3. building {} tables derived from them", Definitions::embedded(Family::MimicIv).names().count()));
    concepts::build_release(context, &release, concepts::Detail::Sums)?;
    let names = bedside_datasets::dataset_names(&release, "3.1");
    let dataset = |module: &str| {
        let rule = names.iter().find(|rule| !rule.movable && rule.modules.iter().any(|known| known == module));
        rule.map(|rule| rule.name.to_string()).ok_or_else(|| Failure::internal(format!("{release} has no {module}")))
    };
    let (icu, hosp, derived) = (dataset("icu")?, dataset("hosp")?, dataset("derived")?);
    let session = Session::open(context, None)?;
    for (number, example) in EXAMPLES.iter().enumerate() {
        let sql = example.sql.replace("$icu", &icu).replace("$hosp", &hosp).replace("$derived", &derived);
        show(&session, number + 1, example.question, &sql)?;
    }
    drop(session);
    next_steps(context, &icu, start);
    if arguments.no_serve {
        return Ok(());
    }
    say("");
    serve::run(context, &ServeArguments::usual())
}

/// A question, its SQL and its answer.
fn show(session: &Session, number: usize, question: &str, sql: &str) -> Result<(), Failure> {
    let terminal = Terminal::stdout();
    let mut out = Destination::stdout();
    let title = terminal.paint(Style::Title, &format!("Question {number}: {question}"));
    let text = terminal.paint(Style::Faint, sql);
    writeln!(out, "\n{title}\n\n{text}\n").map_err(|error| Failure::io("cannot write the result", &error))?;
    let start = Instant::now();
    let (mut script, rows) = session.query(sql)?;
    let format = crate::arguments::FormatArgument::Table;
    let mut writer = RowWriter::new(format, rows.columns(), out, terminal)?;
    let ran = script.run(rows, None, |batch| writer.write(batch))?;
    let omitted = writer.finish()?;
    say(&query::footer(ran, omitted, start.elapsed(), None));
    Ok(())
}

fn next_steps(context: &Context, icu: &str, start: Instant) {
    say("");
    say("These are synthetic data: no figure from them means anything about patients.");
    say(&format!(
        "Done in {:.1} s. The data are in {}.",
        start.elapsed().as_secs_f64(),
        context.configuration.home.display()
    ));
    say("");
    hint("what to do next");
    let program = &context.configuration.invocation;
    for (command, purpose) in [
        ("shell", "ask interactively"),
        ("search lactate", "which item, which column"),
        ("describe sofa", "what its columns mean, and where it comes from"),
        ("load ~/physionet/mimic-iv-3.1", "your own copy of MIMIC"),
    ] {
        say(&format!("  {:44} {purpose}", format!("{program} {command}")));
    }
    say(&format!("  {program} query 'SELECT COUNT(*) FROM {icu}.chartevents'"));
}
