//! Urine, drains and other losses: outputevents.

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::fluid_items as fluid;
use crate::dictionary::items::Item;
use crate::dictionary::provider;
use crate::patient::Patient;
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::stay::Stay;
use crate::support::Urine;
use crate::table::{Sheets, Table};
use crate::text::Rows;
use crate::time::{HOUR, MINUTE, Time};

/// Writes everything that leaves the patient during a stay.
pub(crate) fn write(patient: &Patient, admission: &Admission, stay: &Stay, sheets: &mut Sheets) {
    let random = patient.random(Topic::Output, stay.id);
    let rows = sheets.of(Table::Outputevents);
    let mut losses = Losses { patient, admission, stay, random, rows };
    losses.urine();
    losses.drains();
    losses.theatre();
}

struct Losses<'a> {
    patient: &'a Patient,
    admission: &'a Admission,
    stay: &'a Stay,
    random: Random,
    rows: &'a mut Rows,
}

impl Losses<'_> {
    /// A catheter is read every hour or two, a bladder when it empties.
    fn urine(&mut self) {
        let (item, step) = match self.stay.urine {
            Urine::Catheter => (&fluid::FOLEY, 85),
            Urine::Void => (&fluid::VOID, 260),
            Urine::Condom => (&fluid::CONDOM_CATHETER, 180),
            Urine::Suprapubic => (&fluid::SUPRAPUBIC, 120),
            Urine::Nephrostomy => (&fluid::NEPHROSTOMY_RIGHT, 180),
            Urine::Stent => (&fluid::STENT_RIGHT, 180),
            Urine::Ileoconduit => (&fluid::ILEOCONDUIT, 150),
            Urine::Irrigated => (&fluid::IRRIGANT_OUT, 120),
            Urine::None => return,
        };
        let mut last = self.stay.begin;
        let mut time =
            (self.stay.begin + self.random.between(10, step) * MINUTE).floor(15 * MINUTE).max(self.stay.begin);
        while time < self.stay.end {
            let volume = self.volume(last, time);
            let rinse = self.rinse(time);
            self.put(item, time, volume + rinse);
            self.second(time, volume);
            last = time;
            let pause = if self.random.chance(25) { 500 } else { step };
            time = (time + self.random.between(pause * 6 / 10, pause * 14 / 10) * MINUTE)
                .floor(15 * MINUTE)
                .max(time + MINUTE);
        }
        // Once the catheter is out.
        if self.stay.urine == Urine::Catheter && self.random.chance(160) {
            let time = self.stay.end - 25 * MINUTE;
            if time > last && time > self.stay.begin {
                let volume = self.volume(last, time);
                let item = if self.random.chance(750) { &fluid::VOID } else { &fluid::STRAIGHT_CATHETER };
                self.put(item, time, volume);
            }
        }
    }

    /// What the other side adds.
    fn second(&mut self, time: Time, volume: i64) {
        match self.stay.urine {
            Urine::Nephrostomy => self.put(&fluid::NEPHROSTOMY_LEFT, time, volume * 2 / 3),
            Urine::Stent => self.put(&fluid::STENT_LEFT, time, volume * 2 / 3),
            _ => {}
        }
    }

    /// Rinses the bladder where that is done: how much comes out again, a little less or more than was put in.
    fn rinse(&mut self, time: Time) -> i64 {
        if self.stay.urine != Urine::Irrigated {
            return 0;
        }
        let put_in = self.random.between(5, 30) * 100;
        self.put(&fluid::IRRIGANT_IN, time, put_in);
        put_in * self.random.between(90, 108) / 100
    }

    /// Millilitres since the last entry: 1.3 mL/kg/h in the well, next to nothing when the kidneys fail.
    fn volume(&mut self, from: Time, until: Time) -> i64 {
        let minutes = ((until - from) / MINUTE).clamp(1, 24 * 60);
        let kidney = self.admission.course.level(Organ::Kidney, until);
        let shock = self.admission.course.level(Organ::Circulation, until);
        let share = (1000 - kidney * 95 / 100 - shock / 5).max(15);
        let usual = self.patient.weight * 13 * minutes / 60 / 100 * share / 1000;
        let volume = usual + self.random.bell(usual / 3 + 1);
        if self.random.chance(2) && self.random.chance(400) {
            // A slip of the keyboard, though none that no bag could hold.
            return (volume.max(1) * 10).min(4500);
        }
        if volume > 40 { volume / 5 * 5 } else { volume.max(0) }
    }

    fn drains(&mut self) {
        let surgery = self.admission.problem.has(Trait::HeartSurgery);
        let drains = [
            (&fluid::DRAIN_CHEST, if surgery { 900 } else { 90 }, 3, 45),
            (&fluid::DRAIN_WOUND, 110, 6, 60),
            (&fluid::DRAIN_VENTRICLE, if self.stay.skull { 600 } else { 0 }, 1, 6),
            (&fluid::GASTRIC_RESIDUAL, if self.stay.drips.is_empty() { 60 } else { 260 }, 6, 70),
            (&fluid::STOOL, 180, 16, 250),
        ];
        for (item, chance, hours, volume) in drains {
            if !self.random.chance(chance) {
                continue;
            }
            let mut time = self.stay.begin + self.random.between(1, 4) * HOUR;
            while time < self.stay.end {
                let amount = (volume + self.random.bell(volume / 2)).max(0);
                self.put(item, time, amount);
                time = time + self.random.between(hours, hours * 2) * HOUR;
            }
        }
    }

    fn theatre(&mut self) {
        if self.admission.problem.has(Trait::Surgery) && self.random.chance(600) {
            let urine = self.random.between(2, 16) * 100;
            self.put(&fluid::THEATRE_URINE, self.stay.begin, urine);
            if self.random.chance(500) {
                let blood = self.random.between(1, 12) * 50;
                self.put(&fluid::THEATRE_BLOOD, self.stay.begin, blood);
            }
        }
    }

    fn put(&mut self, item: &Item, time: Time, volume: i64) {
        let stay = self.stay.id;
        let stored = time + self.random.between(0, 50) * MINUTE;
        self.rows.int(self.patient.subject).int(self.admission.hadm).int(stay);
        self.rows.int(provider::caregiver(stay, time.0 / (12 * HOUR))).time(time).time(stored);
        self.rows.int(item.id).int(volume).text("ml").end();
    }
}
