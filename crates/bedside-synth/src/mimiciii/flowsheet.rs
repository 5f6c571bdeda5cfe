//! The flowsheet: rows of chartevents in the items of either system, one module per topic.

mod breathing;
mod dialysis;
mod families;
mod lines;
mod measures;
mod neurology;
mod vitals;

use super::dictionary::chart_items;
use super::numbers::{Book, Lines};
use super::table::Table;
use super::{Bed, caregiver};
use crate::course::Organ;
use crate::random::{Random, Topic};
use crate::text::{Rows, put_int};
use crate::time::{MINUTE, Time};

/// Writes everything that is charted at a bedside.
pub(super) fn write(bed: Bed<'_>, book: &mut Book<'_>) {
    let mut chart = Chart::new(bed, book.lines(Table::Chartevents));
    measures::write(&mut chart);
    vitals::write(&mut chart);
    neurology::write(&mut chart);
    breathing::write(&mut chart);
    lines::write(&mut chart);
    dialysis::write(&mut chart);
    families::write(&mut chart);
}

/// Writes rows of one bedside; knows whom and when they are about.
struct Chart<'a> {
    bed: Bed<'a>,
    random: Random,
    lines: Lines<'a>,
    /// `hadm_id,icustay_id,`
    who: Vec<u8>,
    /// The fields from charttime to cgid, for all rows of one moment.
    when: Vec<u8>,
    scratch: Rows,
    /// How often each list that goes round was asked.
    turn: usize,
}

impl<'a> Chart<'a> {
    fn new(bed: Bed<'a>, lines: Lines<'a>) -> Self {
        let random = bed.random(Topic::Vitals);
        let turn = bed.patient().index as usize;
        let mut chart = Self { bed, random, lines, who: Vec::new(), when: Vec::new(), scratch: Rows::default(), turn };
        chart.belongs(true, true);
        chart
    }

    /// Whether the rows from now on know their admission and their stay.
    fn belongs(&mut self, admission: bool, stay: bool) {
        self.who.clear();
        for (known, id) in [(admission, self.bed.visit.hadm), (stay, self.bed.icustay)] {
            if known {
                put_int(&mut self.who, id);
            }
            self.who.push(b',');
        }
    }

    /// Starts a topic with randomness of its own.
    fn topic(&mut self, topic: Topic) {
        self.random = self.bed.random(topic);
    }

    fn carevue(&self) -> bool {
        self.bed.carevue()
    }

    /// The item of this system.
    fn either(&self, carevue: i64, metavision: i64) -> i64 {
        if self.carevue() { carevue } else { metavision }
    }

    /// The next of a list that goes round over patients and entries, so that each member occurs.
    fn next<T: Copy>(&mut self, list: &[T]) -> T {
        self.turn += 1;
        list[self.turn % list.len()]
    }

    /// Sets the moment of the next rows; they are stored some minutes later.
    fn at(&mut self, time: Time) {
        let stored = time + self.random.between(0, 3) * self.random.between(1, 25) * MINUTE;
        self.at_stored(time, Some(stored));
    }

    fn at_stored(&mut self, time: Time, stored: Option<Time>) {
        // Some rows in ten thousand were never tied to a stay, fewer to no admission.
        let fate = self.random.below(6000);
        self.belongs(fate != 0, fate > 2);
        let time = time.max(self.bed.begin.floor(MINUTE)).min(self.bed.end);
        self.scratch.bytes.clear();
        self.scratch.time(time).maybe_time(stored.map(|stored| stored.max(time)));
        self.scratch.int(caregiver(self.bed.icustay, time));
        std::mem::swap(&mut self.when, &mut self.scratch.bytes);
    }

    /// The fields of a row up to cgid.
    fn start(&mut self, item: i64) -> &mut Rows {
        self.lines.start().raw(&self.who).int(item).raw(&self.when)
    }

    /// Warning and error of MetaVision, resultstatus and stopped of CareVue.
    fn finish(&mut self, item: i64, stopped: &str) {
        let carevue = self.carevue();
        let bits = self.random.bits();
        let rows = self.lines.rows();
        if carevue {
            rows.null().null();
            rows.quoted(if item.abs() % 64 == 7 && bits.is_multiple_of(8) { "Final" } else { "" })
                .quoted(stopped)
                .end();
        } else {
            rows.int(i64::from(bits.is_multiple_of(512))).int(i64::from(bits.is_multiple_of(300))).null().null().end();
        }
    }

    /// A number with `places` decimals, in `value` and `valuenum` alike.
    fn number(&mut self, item: i64, value: i64, places: u32) {
        let unit = if self.carevue() { chart_items::CAREVUE } else { chart_items::METAVISION }.unit(item);
        self.number_with_unit(item, value, places, unit);
    }

    fn number_with_unit(&mut self, item: i64, value: i64, places: u32, unit: &str) {
        self.start(item).quoted_decimal(value, places).decimal(value, places).quoted(unit);
        self.finish(item, "NotStopd");
    }

    /// A text, with the number of its score where it has one.
    fn word(&mut self, item: i64, text: &str, score: Option<i64>) {
        self.start(item).quoted(text).maybe_int(score).null();
        self.finish(item, "NotStopd");
    }

    /// A text of something that is there, or was taken out.
    fn placed(&mut self, item: i64, text: &str, stopped: &str) {
        self.start(item).quoted(text).null().null();
        self.finish(item, stopped);
    }

    /// A row whose value is missing.
    fn missing(&mut self, item: i64) {
        self.start(item).null().null().null();
        self.finish(item, "NotStopd");
    }

    /// Moments of this stretch, `step` seconds apart, mostly on a round clock.
    fn moments(&mut self, step: i64) -> Vec<Time> {
        let mut moments = self.bed.stay.moments(&mut self.random, step);
        moments.retain(|moment| self.bed.holds(*moment));
        moments
    }

    /// A moment somewhere in this stretch.
    fn moment(&mut self) -> Time {
        let minutes = (self.bed.end - self.bed.begin) / MINUTE;
        self.bed.begin + self.random.between(0, minutes - 1) * MINUTE
    }

    fn level(&self, organ: Organ, time: Time) -> i64 {
        self.bed.admission().course.level(organ, time)
    }
}
