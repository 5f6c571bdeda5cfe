//! Urine, drains, dialysis and other losses: outputevents.

use super::dictionary::fluid_items::OUTPUT;
use super::numbers::{Book, Lines};
use super::table::Table;
use super::{Bed, caregiver};
use crate::course::Organ;
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::support::{Method, Urine};
use crate::time::{HOUR, MINUTE, Time};

/// Writes everything that leaves the patient.
pub(super) fn write(bed: Bed<'_>, book: &mut Book<'_>) {
    let random = bed.random(Topic::Output);
    let mut losses = Losses { bed, random, lines: book.lines(Table::Outputevents) };
    losses.urine();
    losses.drains();
    losses.dialysis();
}

struct Losses<'a> {
    bed: Bed<'a>,
    random: Random,
    lines: Lines<'a>,
}

/// Ways of collecting urine in CareVue; the last ones go round, so that each occurs.
const RARE_CAREVUE: [i64; 6] = [43_175, 40_405, 40_428, 40_085, 40_086, 40_715];
const RARE_METAVISION: [i64; 3] = [226_567, 226_563, 226_560];

impl Losses<'_> {
    /// A catheter is read every hour or two, a bladder when it empties.
    fn urine(&mut self) {
        let carevue = self.bed.carevue();
        let (first, second, step) = match (self.bed.stay.urine, carevue) {
            (Urine::Catheter, true) => (40_055, None, 75),
            (Urine::Catheter, false) => (226_559, None, 75),
            (Urine::Void, true) => (40_069, None, 260),
            (Urine::Void, false) => (226_560, None, 260),
            (Urine::Condom, true) => (40_094, None, 180),
            (Urine::Condom, false) => (226_561, None, 180),
            (Urine::Suprapubic, true) => (40_715, None, 120),
            (Urine::Suprapubic, false) => (226_563, None, 120),
            (Urine::Nephrostomy, true) => (40_057, Some(40_056), 180),
            (Urine::Nephrostomy, false) => (226_564, Some(226_565), 180),
            (Urine::Stent, true) => (40_096, Some(40_651), 180),
            (Urine::Stent, false) => (226_557, Some(226_558), 180),
            (Urine::Ileoconduit, true) => (40_473, None, 150),
            (Urine::Ileoconduit, false) => (226_584, None, 150),
            (Urine::Irrigated, true) => (40_055, None, 120),
            (Urine::Irrigated, false) => (227_489, None, 120),
            (Urine::None, _) => return,
        };
        let mut last = self.bed.begin;
        let first_look = (self.bed.begin + self.random.between(10, step) * MINUTE).floor(15 * MINUTE);
        let mut time = self.edge(first_look);
        while time < self.bed.end {
            let volume = self.volume(last, time);
            let rinse = self.rinse(time);
            self.measured(first, time, volume + rinse);
            if let Some(second) = second {
                self.measured(second, time, volume * 2 / 3);
            }
            last = time;
            let pause = if self.random.chance(25) { 500 } else { step };
            time = (time + self.random.between(pause * 6 / 10, pause * 14 / 10) * MINUTE)
                .floor(15 * MINUTE)
                .max(time + MINUTE);
        }
        self.rare(carevue);
    }

    /// Now and then the first entry falls on the very begin of the stay.
    fn edge(&mut self, time: Time) -> Time {
        if self.random.chance(40) { self.bed.begin } else { time.max(self.bed.begin) }
    }

    fn rare(&mut self, carevue: bool) {
        let list: &[i64] = if carevue { &RARE_CAREVUE } else { &RARE_METAVISION };
        let index = self.bed.patient().index as usize;
        let item = list[(index / 3) % list.len()];
        let span = (self.bed.end - self.bed.begin) / MINUTE;
        let time = self.bed.begin + self.random.between(1, span - 1) * MINUTE;
        let volume = self.volume(time - 2 * HOUR, time);
        self.put(item, time, Some(volume), false);
        // Exactly a day after the begin: the end of the first day's window.
        let day = self.bed.stay.begin + 24 * HOUR;
        if self.bed.holds(day) && self.random.chance(150) {
            let volume = self.volume(day - HOUR, day);
            self.put(if carevue { 40_055 } else { 226_559 }, day, Some(volume), false);
        }
    }

    /// A volume as charted: mostly right, at times missing, marked as an error, entered twice or far too large.
    fn measured(&mut self, item: i64, time: Time, volume: i64) {
        match self.random.below(700) {
            0 => self.put(item, time, None, false),
            1 => self.put(item, time, Some(volume * 100 + 5000), false),
            2 if !self.bed.carevue() => self.put(item, time, Some(volume), true),
            3 => {
                self.put(item, time, Some(volume), false);
                self.put(item, time, Some(volume), false);
            }
            _ => self.put(item, time, Some(volume), false),
        }
    }

    /// Rinses the bladder where that is done: how much comes out again.
    fn rinse(&mut self, time: Time) -> i64 {
        if self.bed.stay.urine != Urine::Irrigated || self.bed.carevue() {
            return 0;
        }
        let put_in = self.random.between(5, 30) * 100;
        // A sign that someone added by hand.
        let charted = if self.random.chance(30) { -put_in } else { put_in };
        self.put(227_488, time, Some(charted), false);
        put_in * self.random.between(90, 108) / 100
    }

    /// Millilitres since the last entry: 1.3 mL/kg/h in the well, next to nothing when the kidneys fail.
    fn volume(&mut self, from: Time, until: Time) -> i64 {
        let minutes = ((until - from) / MINUTE).clamp(1, 24 * 60);
        let course = &self.bed.admission().course;
        let (kidney, shock) = (course.level(Organ::Kidney, until), course.level(Organ::Circulation, until));
        let share = (1000 - kidney * 95 / 100 - shock / 5).max(15);
        let usual = self.bed.patient().weight * 13 * minutes / 60 / 100 * share / 1000;
        let volume = usual + self.random.bell(usual / 3 + 1);
        if volume > 40 { volume / 5 * 5 } else { volume.max(0) }
    }

    fn drains(&mut self) {
        let carevue = self.bed.carevue();
        let heart = self.bed.admission().problem.has(Trait::HeartSurgery);
        let surgery = self.bed.admission().problem.has(Trait::Surgery);
        let drains = [
            ([40_076, 226_588], if heart { 900 } else { 60 }, 2, 40),
            ([40_071, 226_599], if surgery { 350 } else { 60 }, 5, 60),
            ([40_052, 226_575], 160, 6, 90),
            ([40_054, 226_579], 260, 10, 220),
            ([40_067, 226_571], 40, 30, 120),
            ([40_061, 226_627], if surgery { 500 } else { 0 }, 500, 400),
            ([40_064, 226_626], if surgery { 300 } else { 0 }, 500, 250),
        ];
        for (items, chance, hours, volume) in drains {
            if !self.random.chance(chance) {
                continue;
            }
            let item = items[usize::from(!carevue)];
            let mut time = self.bed.begin + self.random.between(1, 4) * HOUR;
            while time < self.bed.end {
                let amount = (volume + self.random.bell(volume / 2)).max(0);
                self.put(item, time, Some(amount), false);
                time = time + self.random.between(hours, hours * 2) * HOUR;
            }
        }
    }

    /// What dialysis takes off, under whatever name the nurse typed into CareVue.
    fn dialysis(&mut self) {
        let Some(dialysis) = &self.bed.stay.dialysis else { return };
        if !self.bed.carevue() {
            return;
        }
        let (begin, end, method) =
            (dialysis.begin.max(self.bed.begin), dialysis.end.min(self.bed.end), dialysis.method);
        let names: Vec<i64> = OUTPUT
            .list
            .iter()
            .filter(|item| (40_286..50_000).contains(&item.id) && is_dialysis(item.label))
            .map(|item| item.id)
            .collect();
        let index = self.bed.patient().index as usize;
        let mut turn = index * 5;
        let mut time = begin;
        while time <= end {
            let volume = match method {
                Method::Continuous(_) => self.random.between(80, 260),
                _ => self.random.between(300, 1200),
            };
            let volume = if self.random.chance(40) { 0 } else { volume };
            self.put(names[turn % names.len()], time, Some(volume), false);
            turn += 1;
            time = time + self.random.between(1, 3) * HOUR;
        }
        let time = end.min(self.bed.end - MINUTE);
        self.put(40_286, time, Some(1800), false);
    }

    fn put(&mut self, item: i64, time: Time, volume: Option<i64>, error: bool) {
        let bed = self.bed;
        // A few rows were never tied to the stay, or to the admission.
        let tied = !self.random.chance(4);
        let admitted = tied || !self.random.chance(100);
        let stored = time + self.random.between(0, 50) * MINUTE;
        let rows = self.lines.start();
        rows.maybe_int(admitted.then_some(bed.visit.hadm)).maybe_int(tied.then_some(bed.icustay)).time(time).int(item);
        rows.maybe_int(volume).quoted(if bed.carevue() { "ml" } else { "mL" }).time(stored);
        rows.int(caregiver(bed.icustay, time)).null().null().maybe_int(error.then_some(1)).end();
    }
}

fn is_dialysis(label: &str) -> bool {
    let label = label.to_lowercase();
    ["dialy", "cvvh"].iter().any(|part| label.contains(part))
}
