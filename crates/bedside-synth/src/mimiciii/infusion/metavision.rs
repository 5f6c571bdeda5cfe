//! Inputs in MetaVision: one row per interval of one order, also those that were rewritten later.

use super::{MILLION, transfusions};
use crate::mimiciii::numbers::{Book, Lines};
use crate::mimiciii::table::Table;
use crate::mimiciii::{Bed, caregiver};
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::support::Method;
use crate::time::{DAY, HOUR, MINUTE, Time};

pub(super) fn write(bed: Bed<'_>, book: &mut Book<'_>) {
    let random = bed.random(Topic::Infusion);
    let order = bed.icustay * 1000;
    let mut pump =
        Pump { bed, random, order, turn: bed.patient().index as usize, lines: book.lines(Table::InputeventsMv) };
    for drip in &bed.stay.drips {
        pump.drip(drip.item.id, drip.unit, &drip.steps, drip.weight);
    }
    pump.rare_drips();
    pump.sedation();
    pump.boluses();
    pump.doses();
    pump.blood();
    pump.dialysis();
}

struct Pump<'a> {
    bed: Bed<'a>,
    random: Random,
    /// The last order.
    order: i64,
    /// Where the lists that go round stand.
    turn: usize,
    lines: Lines<'a>,
}

/// Columns that follow from the kind of order.
#[derive(Clone, Copy)]
struct Kind {
    category: &'static str,
    secondary: &'static str,
    description: &'static str,
}

const DRIPS: Kind = Kind { category: "01-Drips", secondary: "02-Fluids (Crystalloids)", description: "Continuous Med" };
const FLUIDS: Kind =
    Kind { category: "02-Fluids (Crystalloids)", secondary: "Additive (Crystalloid)", description: "Continuous IV" };
const BOLUS: Kind = Kind { category: "03-IV Fluid Bolus", secondary: "", description: "Bolus" };
const COLLOIDS: Kind = Kind { category: "04-Fluids (Colloids)", secondary: "", description: "Continuous IV" };
const PUSH: Kind = Kind { category: "05-Med Bolus", secondary: "", description: "Drug Push" };
const BLOOD: Kind = Kind { category: "07-Blood Products", secondary: "", description: "Continuous IV" };
const ORAL: Kind = Kind { category: "14-Oral/Gastric Intake", secondary: "", description: "Bolus" };
const BEFORE: Kind = Kind { category: "16-Pre Admission/Non-ICU", secondary: "", description: "Bolus" };

const MAIN: &str = "Main order parameter";
const MIXED: &str = "Mixed solution";
/// Two words, each padded to fifty characters, as in the published files.
const ADDITIVE: &str =
    "Additives                                         Ampoule                                           ";

/// One interval: amounts and rates in millionths.
#[derive(Clone, Copy)]
struct Entry<'a> {
    item: i64,
    begin: Time,
    end: Time,
    amount: i64,
    amount_unit: &'a str,
    rate: Option<i64>,
    rate_unit: &'a str,
    kind: Kind,
    role: &'a str,
    /// Overrides the patient's weight, in tenths of a kilogram.
    weight: Option<i64>,
}

/// Drugs that go round, so that each occurs: item, unit of the rate, rate.
const RARE_DRIPS: [(i64, &str, i64); 10] = [
    (221_653, "mcg/kg/min", 5 * MILLION),
    (221_662, "mcg/kg/min", 16 * MILLION),
    (221_289, "mcg/kg/min", MILLION / 10),
    (227_692, "mcg/min", 3 * MILLION),
    (221_986, "mcg/kg/min", MILLION / 2),
    (222_315, "units/min", MILLION / 25),
    (221_282, "mg/min", 6 * MILLION),
    (222_062, "mg/hour", 6 * MILLION),
    (221_555, "mg/kg/hour", MILLION / 5),
    (221_906, "mcg/kg/min", MILLION / 8),
];

impl Pump<'_> {
    /// A drip with its changes of rate; all its intervals share the number of the first order.
    fn drip(&mut self, item: i64, unit: &str, steps: &[(Time, i64)], weight: Option<i64>) {
        let link = self.order + 1;
        for (number, pair) in steps.windows(2).enumerate() {
            let ((begin, rate), (end, _)) = (pair[0], pair[1]);
            let begin = begin.max(self.bed.begin.floor(MINUTE));
            let end = end.min(self.bed.end);
            if end < begin || begin > self.bed.end {
                continue;
            }
            // Zero is a rate, too, and here and there none was entered.
            let rate = match self.random.below(60) {
                0 => Some(0),
                1 => None,
                _ => Some(rate),
            };
            let minutes = (end - begin) / MINUTE;
            let per_minute = rate.map(|rate| if unit.ends_with("/min") { rate } else { rate / 60 });
            let amount = per_minute.map_or(MILLION, |rate| {
                let weight = if unit.contains("/kg/") { self.bed.patient().weight } else { 10 };
                let amount = rate * weight / 10 * minutes;
                if unit.starts_with("mcg") { amount / 1000 } else { amount }
            });
            let last = number + 2 == steps.len();
            let status = match (last, self.random.below(100)) {
                (true, 0..70) => "FinishedRunning",
                (true, _) => "Stopped",
                (_, 0..8) => "Paused",
                (_, 8) => "Flushed",
                (_, 9..11) => "",
                _ => "Changed",
            };
            let entry = Entry {
                item,
                begin,
                end,
                amount,
                amount_unit: if unit.starts_with("units") { "units" } else { "mg" },
                rate,
                rate_unit: unit,
                kind: DRIPS,
                role: MAIN,
                weight,
            };
            self.put(entry, link, status);
            if self.random.chance(380) {
                let flow = self.random.between(5, 40) * MILLION;
                let carrier = if item % 3 == 0 { 220_949 } else { 225_158 };
                let amount = flow * minutes / 60;
                self.row(
                    Entry {
                        item: carrier,
                        amount,
                        amount_unit: "ml",
                        rate: Some(flow),
                        rate_unit: "mL/hour",
                        role: MIXED,
                        ..entry
                    },
                    link,
                    status,
                );
            }
        }
    }

    fn rare_drips(&mut self) {
        for _ in 0..2 {
            let (item, unit, rate) = RARE_DRIPS[self.turn / 5 * 3 % RARE_DRIPS.len()];
            self.turn += 35;
            if !self.random.chance(450) {
                continue;
            }
            let span = (self.bed.end - self.bed.begin) / HOUR;
            let begin = (self.bed.begin + self.random.between(0, span / 2) * HOUR + 7 * MINUTE).floor(MINUTE);
            let steps: Vec<(Time, i64)> =
                (0..4).map(|step| (begin + step * 110 * MINUTE, rate * self.random.between(6, 14) / 10)).collect();
            self.drip(item, unit, &steps, None);
        }
    }

    fn sedation(&mut self) {
        let tube = self.bed.stay.breathing.iter().any(|part| part.kind.has_tube());
        let share = |condition: bool, chance: i64| if condition { chance } else { chance / 8 };
        let heart = self.bed.admission().problem.has(Trait::HeartSurgery);
        for (item, unit, rate, chance) in [
            (222_168, "mcg/kg/min", 35 * MILLION, share(tube, 650)),
            (221_744, "mcg/hour", 90 * MILLION, share(tube, 500)),
            (221_668, "mg/hour", 3 * MILLION, share(tube, 250)),
            (223_258, "units/hour", 4 * MILLION, share(heart, 700)),
            (225_152, "units/hour", 1000 * MILLION, 150),
            (221_794, "mg/hour", 8 * MILLION, 70),
        ] {
            if !self.random.chance(chance) {
                continue;
            }
            let span = (self.bed.end - self.bed.begin) / HOUR;
            let mut time = (self.bed.begin + self.random.between(0, span / 4) * HOUR).floor(MINUTE);
            let mut steps = Vec::new();
            for _ in 0..self.random.between(2, 12) {
                steps.push((time, rate * self.random.between(4, 16) / 10));
                time = time + self.random.between(60, 500) * MINUTE;
            }
            self.drip(item, unit, &steps, None);
        }
    }

    /// Crystalloids and colloids, with rates and amounts in every unit that they are charted in.
    fn boluses(&mut self) {
        const CRYSTALLOIDS: [i64; 10] =
            [225_158, 225_828, 225_944, 225_797, 225_159, 225_823, 225_825, 225_827, 225_941, 226_089];
        const COLLOIDS_GIVEN: [i64; 7] = [220_864, 220_862, 225_174, 225_795, 225_796, 220_861, 220_863];
        let index = self.turn / 5;
        for number in 0..self.random.between(4, 8) as usize {
            let item = CRYSTALLOIDS[(index * 3 + number * 7) % 10];
            let volume = *self.random.pick(&[100, 248, 249, 250, 500, 500, 1000]);
            let (amount, amount_unit) = match self.random.below(10) {
                0 => (volume * MILLION / 1000, "L"),
                1 => (volume * MILLION, "mg"),
                _ => (volume * MILLION, "ml"),
            };
            let (rate, rate_unit, minutes) = match self.random.below(10) {
                0..4 => (None, "", 1),
                4..8 => (Some(volume * MILLION * 2), "mL/hour", 30),
                8 => (Some(volume * MILLION / 30), "mL/min", 30),
                _ => (Some(12 * MILLION), "mL/kg/hour", 30),
            };
            let entry = self.entry(item, amount, minutes, BOLUS);
            self.bolus(Entry { amount_unit, rate, rate_unit, ..entry });
        }
        if self.random.chance(500) {
            let item = COLLOIDS_GIVEN[index % 7];
            let (rate, rate_unit) = *self.random.pick(&[
                (250 * MILLION, "mL/hour"),
                (100 * MILLION, "mL/hour"),
                (4 * MILLION, "mL/min"),
                (3 * MILLION, "mL/kg/hour"),
            ]);
            let (amount, amount_unit) = *self.random.pick(&[
                (250 * MILLION, "ml"),
                (250 * MILLION, "ml"),
                (MILLION / 4, "L"),
                (100 * MILLION, "ml"),
                (12 * MILLION, "grams"),
            ]);
            let entry = self.entry(item, amount, 60, COLLOIDS);
            self.bolus(Entry { amount_unit, rate: Some(rate), rate_unit, ..entry });
        }
        if self.random.chance(120) {
            let item = *self.random.pick(&[226_365, 226_376]);
            let entry = self.entry(item, 500 * MILLION, 1, BEFORE);
            self.bolus(entry);
        }
    }

    fn bolus(&mut self, entry: Entry<'_>) {
        self.order += 1;
        let status = self.random.word(&[(900, "FinishedRunning"), (60, "Stopped"), (25, "Paused"), (15, "")]);
        self.put(entry, self.order, status);
    }

    /// An interval at some time of the stay, in millilitres, without a rate.
    fn entry(&mut self, item: i64, amount: i64, minutes: i64, kind: Kind) -> Entry<'static> {
        let span = (self.bed.end - self.bed.begin) / MINUTE;
        let begin = (self.bed.begin + self.random.between(0, (span - minutes).max(1)) * MINUTE).floor(MINUTE);
        // Some begin with the stay, or a day later to the second: the ends of the first day's window.
        let begin = match self.random.below(80) {
            0 => self.bed.begin,
            1 if self.bed.holds(self.bed.stay.begin + DAY) => self.bed.stay.begin + DAY,
            _ => begin,
        };
        let end = begin + minutes * MINUTE;
        Entry { item, begin, end, amount, amount_unit: "ml", rate: None, rate_unit: "", kind, role: MAIN, weight: None }
    }

    fn doses(&mut self) {
        let table = [
            (220_949, 300, 100 * MILLION, "ml", FLUIDS),
            (225_158, 200, 100 * MILLION, "ml", FLUIDS),
            (225_943, 220, 100 * MILLION, "ml", FLUIDS),
            (225_799, 250, 60 * MILLION, "ml", ORAL),
            (226_453, 180, 30 * MILLION, "ml", ORAL),
            (226_452, 200, 180 * MILLION, "ml", ORAL),
            (223_258, 200, 4 * MILLION, "units", PUSH),
            (225_975, 150, MILLION, "dose", PUSH),
            (225_798, 90, MILLION, "dose", PUSH),
            (225_893, 70, MILLION, "dose", PUSH),
            (225_907, 90, MILLION, "dose", PUSH),
            (225_910, 60, MILLION, "dose", PUSH),
            (225_154, 110, 2 * MILLION, "mg", PUSH),
            (221_794, 90, 40 * MILLION, "mg", PUSH),
        ];
        for (item, daily, amount, unit, kind) in table {
            for _ in 0..self.random.round(self.bed.stay.length() * daily / 100) {
                let amount = amount * self.random.between(1, 4) / 2;
                let entry = Entry { amount_unit: unit, ..self.entry(item, amount, 1, kind) };
                self.bolus(entry);
            }
        }
        for (item, daily, amount, unit) in
            [(225_166, 70, 20 * MILLION, "mEq"), (222_011, 45, 2 * MILLION, "grams"), (225_161, 2, 30 * MILLION, "ml")]
        {
            for _ in 0..self.random.round(self.bed.stay.length() * daily / 100) {
                let entry = self.entry(item, amount, 60, FLUIDS);
                self.order += 1;
                let link = self.order;
                self.put(Entry { amount_unit: unit, role: ADDITIVE, ..entry }, link, "FinishedRunning");
                let carrier = Entry {
                    item: 220_949,
                    amount: 100 * MILLION,
                    rate: Some(100 * MILLION),
                    rate_unit: "mL/hour",
                    ..entry
                };
                self.row(carrier, link, "FinishedRunning");
            }
        }
    }

    fn blood(&mut self) {
        let (cells, plasma) = transfusions(self.bed.admission());
        for (item, before, mean, volume) in [(225_168, 227_070, cells, 350), (220_970, 227_072, plasma, 280)] {
            for _ in 0..self.random.round(mean) {
                let minutes = self.random.between(30, 150);
                let amount = (volume + self.random.bell(30)) * MILLION;
                let rate = Some(amount * 60 / minutes);
                let entry = Entry { rate, rate_unit: "mL/hour", ..self.entry(item, amount, minutes, BLOOD) };
                let amount = if self.random.chance(20) { 0 } else { amount };
                self.bolus(Entry { amount, ..entry });
            }
            if self.random.chance(60 + mean / 8) {
                let entry = self.entry(before, 350 * MILLION, 1, BEFORE);
                self.bolus(Entry { begin: self.bed.begin, end: self.bed.begin + MINUTE, ..entry });
            }
        }
    }

    /// Potassium and calcium of a continuous circuit; now and then a bag that was hung but not run.
    fn dialysis(&mut self) {
        let Some(dialysis) = &self.bed.stay.dialysis else { return };
        let (begin, end) = (dialysis.begin.max(self.bed.begin), dialysis.end.min(self.bed.end));
        if !matches!(dialysis.method, Method::Continuous(_)) || end <= begin {
            return;
        }
        for (item, unit, rate, amount_unit) in [
            (227_536, "mEq./hour", 3 * MILLION, "mEq."),
            (227_525, "grams/hour", 16 * MILLION / 10, "grams"),
            (227_529, "mL/hour", 180 * MILLION, "ml"),
        ] {
            self.order += 1;
            let link = self.order;
            let mut time = begin.floor(MINUTE);
            while time < end {
                let until = (time + self.random.between(1, 8) * HOUR).min(end);
                let flow = if self.random.chance(40) { 0 } else { rate * self.random.between(5, 14) / 10 };
                let base = self.entry(item, flow * ((until - time) / MINUTE) / 60, 1, DRIPS);
                let entry = Entry { begin: time, end: until, amount_unit, rate: Some(flow), rate_unit: unit, ..base };
                self.put(entry, link, "Changed");
                time = until;
            }
        }
    }

    /// A row, and before it now and then the entries that it replaced.
    fn put(&mut self, entry: Entry<'_>, link: i64, status: &str) {
        if self.random.chance(220) {
            let wrong = entry.rate.map(|rate| rate * 2);
            let end = entry.end - self.random.between(0, ((entry.end - entry.begin) / MINUTE - 1).max(0)) * MINUTE;
            self.row(Entry { rate: wrong, end, amount: entry.amount * 2, ..entry }, link, "Rewritten");
        }
        self.row(entry, link, status);
    }

    fn row(&mut self, entry: Entry<'_>, link: i64, status: &str) {
        let bed = self.bed;
        self.order += 1;
        let tied = !self.random.chance(5);
        let admitted = tied || !self.random.chance(200);
        let rewritten = status == "Rewritten";
        let canceled = rewritten && self.random.chance(260);
        let bag = matches!(entry.kind.description, "Continuous Med" | "Continuous IV");
        let order = self.order;
        let rows = self.lines.start();
        rows.maybe_int(admitted.then_some(bed.visit.hadm)).maybe_int(tied.then_some(bed.icustay));
        rows.time(entry.begin).time(entry.end.max(entry.begin)).int(entry.item);
        rows.decimal(entry.amount, 6).quoted(entry.amount_unit);
        match entry.rate {
            Some(rate) => rows.decimal(rate, 6).quoted(entry.rate_unit),
            None => rows.null().null(),
        };
        rows.time(entry.end.max(entry.begin) + order % 40 * MINUTE).int(caregiver(bed.icustay, entry.begin));
        rows.int(order).int(link).quoted(entry.kind.category).quoted(entry.kind.secondary).quoted(entry.role);
        rows.quoted(entry.kind.description).decimal(entry.weight.unwrap_or(bed.patient().weight), 1);
        if bag {
            rows.int(250).quoted("ml");
        } else {
            rows.null().null();
        }
        rows.int(0).int(i64::from(order % 31 == 0));
        rows.int(if canceled { 1 } else { i64::from(rewritten) * 2 }).quoted(status);
        rows.quoted(if rewritten && !canceled { "RN" } else { "" }).quoted(if canceled { "RN" } else { "" });
        rows.maybe_time(rewritten.then(|| entry.end + 25 * MINUTE)).decimal(entry.amount, 6);
        rows.decimal(entry.rate.unwrap_or(entry.amount), 6).end();
    }
}
