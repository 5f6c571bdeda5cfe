//! Notes: discharge summaries, echo and radiology reports, electrocardiograms and what nurses and doctors write.

mod echo;
mod prose;

use super::numbers::{Book, Lines};
use super::table::Table;
use super::{System, Visit, caregiver};
use crate::random::{Random, Topic};
use crate::time::{DAY, HOUR, MINUTE, Time};
use std::fmt::Write as _;

/// Writes the notes of an admission.
pub(super) fn write(visit: &Visit<'_>, book: &mut Book<'_>) {
    let random = visit.patient.random(Topic::Note, visit.admission.hadm);
    let mut desk = Desk { visit, random, lines: book.lines(Table::Noteevents), text: String::new() };
    desk.bedside();
    desk.reports();
    desk.echoes();
    desk.sizes();
    desk.summary();
}

struct Desk<'a> {
    visit: &'a Visit<'a>,
    random: Random,
    lines: Lines<'a>,
    text: String,
}

/// The columns of a note beside its text.
struct Heading<'a> {
    category: &'a str,
    description: &'a str,
    time: Time,
    /// Whether the clock is known, beside the day.
    timed: bool,
    /// Whether someone at the bedside wrote and stored it.
    written: bool,
    /// Whether it belongs to the admission.
    tied: bool,
}

impl Desk<'_> {
    /// What was written at the bedside, shift by shift.
    fn bedside(&mut self) {
        for bed in self.visit.beds() {
            let newborn = self.visit.is_newborn();
            let mut time = bed.begin + self.random.between(60, 400) * MINUTE;
            while time < bed.end {
                match bed.system {
                    System::CareVue => {
                        self.text.clear();
                        let length = if newborn { 9 } else { 12 };
                        prose::nursing(&mut self.random, &mut self.text, length, newborn);
                        let description = "Report";
                        self.put(&Heading {
                            category: "Nursing/other",
                            description,
                            time,
                            timed: true,
                            written: true,
                            tied: true,
                        });
                    }
                    System::MetaVision => self.progress(time),
                }
                let pause = if bed.system == System::CareVue { (3, 9) } else { (6, 15) };
                time = time + self.random.between(pause.0 * 60, pause.1 * 60) * MINUTE;
            }
        }
    }

    fn progress(&mut self, time: Time) {
        // Categories have blanks at the end as published.
        let (category, description, length) = *self.random.weighted(&[
            (480, ("Nursing", "Nursing Progress Note", 16)),
            (230, ("Physician ", "Physician Resident Progress Note", 60)),
            (80, ("Physician ", "Intensivist Note", 45)),
            (80, ("Respiratory ", "Respiratory Care Shift Note", 8)),
            (40, ("General", "Generic Note", 9)),
            (30, ("Rehab Services", "Physical Therapy Progress Note", 14)),
            (20, ("Social Work", "Social Work Progress Note", 10)),
            (20, ("Case Management ", "Case Management Continuing Stay Review", 6)),
            (10, ("Pharmacy", "Antibiotic Dosing", 5)),
            (10, ("Consult", "Consult", 30)),
        ]);
        self.text.clear();
        prose::nursing(&mut self.random, &mut self.text, length, false);
        self.put(&Heading { category, description, time, timed: true, written: true, tied: true });
    }

    /// Films and electrocardiograms, in the whole admission and before it.
    fn reports(&mut self) {
        let (admit, days) = (self.visit.admission.admit, self.visit.admission.days());
        for day in -1..days {
            for _ in 0..self.random.round(820) {
                let time = admit + day * DAY + self.random.between(0, 24 * 60 - 1) * MINUTE;
                if self.visit.is_newborn() && time < admit {
                    continue;
                }
                self.text.clear();
                let description = prose::radiology(&mut self.random, &mut self.text, &shifted(time));
                self.put(&Heading {
                    category: "Radiology",
                    description,
                    time,
                    timed: true,
                    written: false,
                    tied: day >= 0,
                });
            }
            if !self.visit.is_newborn() {
                for _ in 0..self.random.round(330) {
                    let time = admit + day * DAY + 9 * HOUR;
                    self.text.clear();
                    prose::cardiogram(&mut self.random, &mut self.text);
                    self.put(&Heading {
                        category: "ECG",
                        description: "Report",
                        time,
                        timed: false,
                        written: false,
                        tied: day >= 0,
                    });
                }
            }
        }
    }

    /// Echo reports in the admission, and some of the weeks before it that belong to none.
    fn echoes(&mut self) {
        let admission = self.visit.admission;
        let inside = self.random.round(if self.visit.is_newborn() { 120 } else { 900 });
        for _ in 0..inside {
            let hours = ((admission.discharge - admission.admit) / HOUR).clamp(1, 96);
            let time = admission.admit + self.random.between(0, hours - 1) * HOUR + self.random.between(0, 59) * MINUTE;
            self.echo(time, true);
        }
        for _ in 0..self.random.round(if self.visit.is_newborn() { 0 } else { 200 }) {
            let time = admission.admit - self.random.between(12, 50 * 24) * HOUR;
            self.echo(time, false);
        }
    }

    fn echo(&mut self, time: Time, tied: bool) {
        self.text.clear();
        echo::report(&mut self.random, &mut self.text, self.visit.patient, time, &shifted(time));
        self.put(&Heading { category: "Echo", description: "Report", time, timed: false, written: false, tied });
    }

    /// Notes of nutrition and of breathing that tell a height or the weight that goes with it.
    fn sizes(&mut self) {
        let patient = self.visit.patient;
        let time = self.visit.admission.admit + 30 * HOUR;
        if self.visit.is_newborn() {
            return;
        }
        if self.random.chance(250) {
            self.text.clear();
            let height = patient.height / 10;
            let height = match self.random.below(10) {
                0 => format!("Height: {} cm", height * 10 / 25),
                1 => format!("Height: {height}.5 cm"),
                2 => "Height: not measured, about 5 feet".to_owned(),
                _ => format!("Height    Admit weight\n{height} cm    {} kg", patient.weight / 10),
            };
            _ = writeln!(self.text, "Subjective\n\"No appetite\", per family.\nObjective\n{height}");
            prose::nursing(&mut self.random, &mut self.text, 8, false);
            let description = "Clinical Nutrition Note";
            self.put(&Heading { category: "Nutrition", description, time, timed: true, written: true, tied: true });
        }
        if self.random.chance(150) {
            self.text.clear();
            let ideal = 45 + (patient.height - 1520).max(0) / 25;
            let ideal = match self.random.below(6) {
                0 => format!("{ideal}."),
                1 => "0".to_owned(),
                2 => "not known".to_owned(),
                _ => format!("{ideal}.{}", self.random.between(0, 9)),
            };
            _ = writeln!(
                self.text,
                "Demographics\nDay of mechanical ventilation: 1\nIdeal body weight: {ideal} kg\nIdeal tidal volume: 300 mL"
            );
            prose::nursing(&mut self.random, &mut self.text, 6, false);
            let description = "Respiratory Care Shift Note";
            self.put(&Heading { category: "Respiratory ", description, time, timed: true, written: true, tied: true });
        }
    }

    /// The summary of the admission, and here and there an addendum.
    fn summary(&mut self) {
        if self.random.chance(60) {
            return;
        }
        let admission = self.visit.admission;
        self.text.clear();
        // One in a hundred runs to tens of kilobytes.
        let length = if self.random.chance(10) { 600 } else { 70 + admission.days().min(40) * 3 };
        let (begin, end) = (shifted(admission.admit), shifted(admission.discharge));
        _ = writeln!(self.text, "Admission Date:  {begin}              Discharge Date:   {end}\n");
        _ = writeln!(
            self.text,
            "Sex:  {}\n\nService: {}\n",
            if self.visit.patient.female { "F" } else { "M" },
            admission.problem.service
        );
        _ = writeln!(self.text, "Chief Complaint:\n{}\n", admission.problem.name);
        prose::summary(&mut self.random, &mut self.text, length);
        let time = admission.discharge;
        self.put(&Heading {
            category: "Discharge summary",
            description: "Report",
            time,
            timed: false,
            written: false,
            tied: true,
        });
        if self.random.chance(90) {
            self.text.clear();
            prose::nursing(&mut self.random, &mut self.text, 6, false);
            self.put(&Heading {
                category: "Discharge summary",
                description: "Addendum",
                time,
                timed: false,
                written: false,
                tied: true,
            });
        }
    }

    fn put(&mut self, heading: &Heading<'_>) {
        let error = heading.written && self.random.chance(4);
        let rows = self.lines.start();
        rows.maybe_int(heading.tied.then_some(self.visit.hadm)).time(heading.time.midnight());
        rows.maybe_time(heading.timed.then_some(heading.time));
        rows.maybe_time(heading.written.then(|| heading.time + 23 * MINUTE));
        rows.quoted(heading.category).quoted(heading.description);
        rows.maybe_int(heading.written.then(|| caregiver(self.visit.hadm, heading.time)));
        rows.quoted(if error { "1" } else { "" }).quoted(&self.text).end();
    }
}

/// A date as notes have it after de-identification.
fn shifted(time: Time) -> String {
    let (year, month, day) = bedside_types::date_of(time.0.div_euclid(DAY));
    format!("[**{year}-{month}-{day}**]")
}
