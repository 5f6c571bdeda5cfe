//! The flowsheet: rows of chartevents, one module per topic.

mod assessment;
mod breathing;
mod dialysis;
mod measures;
mod neurology;
mod vitals;

pub(crate) use assessment::{FAMILIES, Family, Values};

use crate::admission::Admission;
use crate::dictionary::items::Item;
use crate::dictionary::provider;
use crate::patient::Patient;
use crate::random::{Random, Topic};
use crate::stay::Stay;
use crate::table::{Sheets, Table};
use crate::text::{Rows, put_int};
use crate::time::{HOUR, MINUTE, Time};

/// Writes everything that is charted during a stay.
pub(crate) fn write(patient: &Patient, admission: &Admission, stay: &Stay, sheets: &mut Sheets) {
    let mut chart = Chart::new(patient, admission, stay, sheets.of(Table::Chartevents));
    measures::write(&mut chart);
    vitals::write(&mut chart);
    neurology::write(&mut chart);
    breathing::write(&mut chart);
    dialysis::write(&mut chart);
    assessment::write(&mut chart);
}

/// Writes rows of one stay; knows whom and when they are about.
struct Chart<'a> {
    patient: &'a Patient,
    admission: &'a Admission,
    stay: &'a Stay,
    rows: &'a mut Rows,
    random: Random,
    /// `subject_id,hadm_id,stay_id,`
    who: Vec<u8>,
    /// The fields up to storetime, for all rows of one moment.
    prefix: Vec<u8>,
}

impl<'a> Chart<'a> {
    fn new(patient: &'a Patient, admission: &'a Admission, stay: &'a Stay, rows: &'a mut Rows) -> Self {
        let mut who = Vec::new();
        for id in [patient.subject, admission.hadm, stay.id] {
            put_int(&mut who, id);
            who.push(b',');
        }
        let random = patient.random(Topic::Vitals, stay.id);
        Self { patient, admission, stay, rows, random, who, prefix: Vec::new() }
    }

    /// Starts a topic with randomness of its own.
    fn topic(&mut self, topic: Topic) {
        self.random = self.patient.random(topic, self.stay.id);
    }

    /// Sets the moment of the next rows; they are stored some minutes later.
    fn at(&mut self, time: Time) {
        let stored = time + self.random.between(0, 3) * self.random.between(1, 25) * MINUTE;
        self.at_stored(time, stored);
    }

    fn at_stored(&mut self, time: Time, stored: Time) {
        // Whatever a topic asks for: nothing is charted outside the stay, and nothing by the second.
        let time = (time.max(self.stay.begin) + MINUTE - 1).floor(MINUTE).min(self.stay.end);
        let stored = stored.max(time);
        // The prefix is written into the table's end, where the day's text is at hand, and taken back out.
        let from = self.rows.bytes.len();
        self.rows.raw(&self.who).int(provider::caregiver(self.stay.id, time.0 / (12 * HOUR))).time(time).time(stored);
        self.prefix.clear();
        self.prefix.extend_from_slice(&self.rows.bytes[from..]);
        self.rows.bytes.truncate(from);
    }

    /// A number with `places` decimals, in `value` and `valuenum` alike.
    fn number(&mut self, item: &Item, value: i64, places: u32) {
        self.number_with_unit(item, value, places, item.unit);
    }

    fn number_with_unit(&mut self, item: &Item, value: i64, places: u32, unit: &str) {
        let warning = self.random.bits().is_multiple_of(512);
        self.rows.raw(&self.prefix).int(item.id);
        self.rows.decimal(value, places).decimal(value, places).text(unit).int(i64::from(warning)).end();
    }

    /// A text, with the number of its score where it has one.
    fn word(&mut self, item: &Item, text: &str, score: Option<i64>) {
        self.rows.raw(&self.prefix).int(item.id).text(text).maybe_int(score).null().int(0).end();
    }

    /// A row whose value is missing.
    fn missing(&mut self, item: &Item) {
        self.rows.raw(&self.prefix).int(item.id).null().null().text(item.unit).int(0).end();
    }

    /// Moments from the first to the last of the stay, `step` seconds apart, mostly on a round clock; some are left out,
    /// and some more come between.
    fn moments(&mut self, step: i64) -> Vec<Time> {
        self.stay.moments(&mut self.random, step)
    }
}
