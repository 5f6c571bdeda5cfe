//! Inputs in CareVue: one row per look at the pump, amounts up to then, rates from then on.

use super::{MILLION, transfusions};
use crate::mimiciii::dictionary::fluid_items::INPUT_CAREVUE;
use crate::mimiciii::numbers::{Book, Lines};
use crate::mimiciii::table::Table;
use crate::mimiciii::{Bed, caregiver};
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::support::{Drip, Method};
use crate::time::{DAY, HOUR, MINUTE, Time};

pub(super) fn write(bed: Bed<'_>, book: &mut Book<'_>) {
    let random = bed.random(Topic::Infusion);
    let order = bed.icustay * 1000;
    let mut pump =
        Pump { bed, random, order, turn: bed.patient().index as usize, lines: book.lines(Table::InputeventsCv) };
    if !bed.visit.is_newborn() {
        for drip in &bed.stay.drips {
            pump.vasoactive(drip);
        }
        pump.rare_drips();
        pump.sedation();
        pump.boluses();
        pump.before();
    }
    pump.fluids();
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

/// One row: amounts and rates in millionths.
#[derive(Clone, Copy, Default)]
struct Entry<'a> {
    item: i64,
    amount: Option<i64>,
    amount_unit: &'a str,
    rate: Option<i64>,
    rate_unit: &'a str,
    stopped: &'a str,
    route: &'a str,
    new: bool,
}

/// Vasoactive and paralysing drugs that go round, so that each occurs: item, unit of the rate, rate.
const RARE_DRIPS: [(i64, &str, i64); 29] = [
    (30_042, "mcgkgmin", 5 * MILLION),
    (30_306, "mcgkgmin", 4 * MILLION),
    (30_043, "mcgkgmin", 8 * MILLION),
    (30_307, "mcgkgmin", 18 * MILLION),
    (30_044, "mcgmin", 4 * MILLION),
    (30_119, "mcgkgmin", MILLION / 20),
    (30_309, "mcgkgmin", MILLION / 5),
    (30_046, "mcgmin", 3 * MILLION),
    (30_125, "mcgkgmin", MILLION / 2),
    (30_047, "mcgmin", 12 * MILLION),
    (30_120, "mcgkgmin", MILLION / 10),
    (30_127, "mcgmin", 120 * MILLION),
    (30_128, "mcgkgmin", 2 * MILLION),
    (30_051, "Uhr", 24 * MILLION / 10),
    (42_273, "", MILLION / 25),
    (42_802, "", MILLION / 25),
    (30_114, "mcgkgmin", 2 * MILLION),
    (30_138, "mcgkgmin", MILLION),
    (30_113, "mcgkgmin", 8 * MILLION),
    (42_174, "", 3 * MILLION),
    (42_385, "", 3 * MILLION),
    (41_916, "", 2 * MILLION),
    (42_100, "", 4 * MILLION),
    (42_045, "", 3 * MILLION),
    (42_246, "", 2 * MILLION),
    (42_291, "", 5 * MILLION),
    (42_590, "", 3 * MILLION),
    (42_284, "", 2 * MILLION),
    (45_096, "", 6 * MILLION),
];

/// What was given elsewhere before the stay: red cells, then plasma.
const BEFORE: [i64; 18] = [
    42_324, 44_172, 42_588, 44_236, 42_239, 46_410, 46_407, 46_418, 46_612, 46_684, 46_124, 44_819, 42_740, 46_530,
    44_044, 46_122, 45_669, 42_323,
];

impl Pump<'_> {
    /// A drip of the plan, under one of CareVue's items for it.
    fn vasoactive(&mut self, drip: &Drip) {
        let weight = self.bed.patient().weight;
        // Rates of the plan are per kilogram and minute, but for vasopressin and vecuronium, which are per hour.
        let (item, unit, factor) = match drip.item.id {
            221_906 => *self.random.weighted(&[(700, (30_120, "mcgkgmin", 10)), (300, (30_047, "mcgmin", weight))]),
            221_289 => *self.random.weighted(&[
                (400, (30_119, "mcgkgmin", 10)),
                (300, (30_309, "mcgkgmin", 10)),
                (300, (30_044, "mcgmin", weight)),
            ]),
            221_749 => *self.random.weighted(&[(700, (30_128, "mcgkgmin", 10)), (300, (30_127, "mcgmin", weight))]),
            222_315 => {
                *self.random.weighted(&[(850, (30_051, "Uhr", 10)), (90, (42_273, "", 10)), (60, (42_802, "", 10))])
            }
            221_662 => (*self.random.pick(&[30_043, 30_043, 30_307]), "mcgkgmin", 10),
            221_653 => (*self.random.pick(&[30_042, 30_042, 30_306]), "mcgkgmin", 10),
            221_986 => (30_125, "mcgkgmin", 10),
            221_555 => (30_114, "mcgkgmin", 10),
            _ => (30_138, "mghr", 10),
        };
        let Some((end, _)) = drip.steps.last() else { return };
        let steps: Vec<(Time, i64)> = drip.steps.iter().map(|(time, rate)| (*time, rate * factor / 10)).collect();
        self.drip(item, unit, &steps, *end);
        // A second item of the same drug at the same time, for the length of a shift.
        let twin = match item {
            30_120 => 30_047,
            30_043 => 30_307,
            30_128 => 30_127,
            _ => return,
        };
        if self.random.chance(120) {
            let until = (steps[0].0 + 8 * HOUR).min(*end);
            self.drip(twin, if twin == 30_307 { unit } else { "mcgmin" }, &steps, until);
        }
    }

    fn rare_drips(&mut self) {
        for _ in 0..3 {
            let (item, unit, rate) = RARE_DRIPS[self.turn * 3 % RARE_DRIPS.len()];
            self.turn += 7;
            if !self.random.chance(450) {
                continue;
            }
            let span = (self.bed.end - self.bed.begin) / HOUR;
            let begin = (self.bed.begin + self.random.between(0, span / 2) * HOUR).floor(HOUR).max(self.bed.begin);
            let end = begin + self.random.between(2, 9) * HOUR;
            let steps: Vec<(Time, i64)> =
                (0..4).map(|step| (begin + step * 2 * HOUR, rate * self.random.between(6, 14) / 10)).collect();
            self.drip(item, unit, &steps, end);
        }
    }

    /// A drip, looked at every hour: with holes, pauses, stops and restarts.
    fn drip(&mut self, item: i64, unit: &str, steps: &[(Time, i64)], end: Time) {
        let end = end.min(self.bed.end);
        let Some((begin, _)) = steps.first() else { return };
        let mut time = begin.max(&self.bed.begin).floor(HOUR).max(self.bed.begin);
        let typed = item >= 40_000;
        let mut stopped = false;
        let mut first = true;
        while time < end {
            let rate = steps.iter().rfind(|step| step.0 <= time).map_or(steps[0].1, |step| step.1);
            let amount = Some(self.random.between(2, 30) * MILLION);
            let entry =
                Entry { item, amount_unit: "ml", rate_unit: unit, route: "IV Drip", new: first, ..Entry::default() };
            let entry = match self.random.below(60) {
                // No rate charted, a pause, a stop, both.
                0 => Entry { amount, ..entry },
                1 => Entry { rate: Some(0), amount: Some(0), ..entry },
                2 => Entry { rate: Some(rate), amount, stopped: "Stopped", ..entry },
                3 => Entry { rate: Some(0), stopped: "D/C'd", ..entry },
                _ if stopped => Entry { rate: Some(rate), amount, stopped: "Restart", ..entry },
                _ => Entry { rate: Some(rate), amount, ..entry },
            };
            stopped = matches!(entry.stopped, "Stopped" | "D/C'd");
            first = false;
            // Typed items hold the rate where the amount belongs, the other way round for some.
            let entry = match (typed, self.random.below(10)) {
                (true, 0) => entry,
                (true, 1) => Entry { amount: None, ..entry },
                (true, _) => {
                    Entry { amount: entry.rate, rate: entry.amount.filter(|_| self.turn.is_multiple_of(2)), ..entry }
                }
                _ => entry,
            };
            self.put(time, entry);
            if self.random.chance(12) {
                self.put(time, entry);
            }
            let pause = if self.random.chance(20) { self.random.between(6, 12) } else { 1 };
            time = time + pause * HOUR;
        }
        if end < self.bed.end && self.random.chance(800) {
            let stopped = self.random.any(&["Stopped", "D/C'd", "D/C'd", ""]);
            let rate = (!typed && self.random.chance(500)).then_some(0);
            self.put(
                end.floor(MINUTE).max(time - HOUR),
                Entry { item, rate, rate_unit: unit, stopped, route: "IV Drip", ..Entry::default() },
            );
        }
        self.order += 1;
    }

    fn sedation(&mut self) {
        let heart = self.bed.admission().problem.has(Trait::HeartSurgery);
        let tube = self.bed.stay.breathing.iter().any(|part| part.kind.has_tube());
        let share = |condition: bool, chance: i64| if condition { chance } else { chance / 8 };
        let drips = [
            (30_131, "mcgkgmin", 35 * MILLION, share(tube, 600)),
            (30_118, "mcghr", 90 * MILLION, share(tube, 450)),
            (30_124, "mghr", 3 * MILLION, share(tube, 300)),
            (30_045, "Uhr", 4 * MILLION, share(heart, 700)),
            (30_025, "Uhr", 1000 * MILLION, 130),
            (30_121, "mcgkgmin", MILLION, share(heart, 350)),
            (30_112, "mgmin", MILLION / 2, 70),
            (30_123, "mghr", 8 * MILLION, 60),
        ];
        for (item, unit, rate, chance) in drips {
            if !self.random.chance(chance) {
                continue;
            }
            let span = (self.bed.end - self.bed.begin) / HOUR;
            let begin = self.bed.begin + self.random.between(0, span / 4) * HOUR;
            let end = begin + self.random.between(4, 50) * HOUR;
            let steps: Vec<(Time, i64)> =
                (0..8).map(|step| (begin + step * 5 * HOUR, rate * self.random.between(4, 16) / 10)).collect();
            self.drip(item, unit, &steps, end);
        }
    }

    /// Maintenance, carriers and drugs, every hour or two.
    fn fluids(&mut self) {
        let newborn = self.bed.visit.is_newborn();
        let adults: [(i64, i64, i64, &str, &str); 9] = [
            (30_018, 850, 1, "ml", "Intravenous Push"),
            (30_013, 850, 1, "ml", "Intravenous Push"),
            (30_056, 550, 2, "ml", "Oral"),
            (30_144, 400, 3, "ml", "Gastric/Feeding Tube"),
            (30_072, 300, 1, "ml", "Gastric/Feeding Tube"),
            (30_032, 60, 1, "ml", "Intravenous Infusion"),
            (30_026, 300, 12, "mEq", "Intravenous Push"),
            (30_023, 160, 14, "mg", "Intravenous Push"),
            (30_126, 160, 6, "mg", "Intravenous Push"),
        ];
        let newborns: [(i64, i64, i64, &str, &str); 3] = [
            (30_032, 700, 2, "ml", "Intravenous Infusion"),
            (30_056, 800, 3, "ml", "Oral"),
            (30_013, 500, 3, "ml", "Intravenous Push"),
        ];
        let list = if newborn { &newborns[..] } else { &adults[..] };
        for (item, chance, hours, unit, route) in list {
            if !self.random.chance(*chance) {
                continue;
            }
            self.order += 1;
            let span = (self.bed.end - self.bed.begin) / HOUR;
            let mut time = (self.bed.begin + self.random.between(0, span / 5) * HOUR).floor(HOUR).max(self.bed.begin);
            let end = if newborn { self.bed.end } else { time + self.random.between(span / 3, span) * HOUR };
            while time < end.min(self.bed.end) {
                let usual = if newborn { 8 } else { 60 };
                let amount = self.random.between(1, usual * 2) * MILLION;
                // Without an amount where nobody read the bag.
                let amount = (!self.random.chance(30)).then_some(amount);
                let unit = if self.random.chance(15) { "cc" } else { unit };
                self.put(time, Entry { item: *item, amount, amount_unit: unit, route, ..Entry::default() });
                time = time + self.random.between(1, (hours * 2 - 1).max(1)) * HOUR;
            }
        }
    }

    /// Crystalloid and colloid boluses; the typed names go round, so that each occurs.
    fn boluses(&mut self) {
        let is_bolus = |label: &str, id: i64| !is_dialysis(label) && !BEFORE.contains(&id);
        let typed: Vec<i64> = INPUT_CAREVUE
            .list
            .iter()
            .filter(|item| is_bolus(item.label, item.id) && !RARE_DRIPS.iter().any(|drip| drip.0 == item.id))
            .filter(|item| item.id >= 40_000 || matches!(item.id, 30_008..=30_021 | 30_058..=30_065 | 30_159..=30_190))
            .map(|item| item.id)
            .collect();
        let index = self.bed.patient().index as usize;
        for number in 0..9 {
            let item = typed[(index * 4 + number * 5) % typed.len()];
            let span = (self.bed.end - self.bed.begin) / MINUTE;
            let time =
                (self.bed.begin + self.random.between(0, span - 1) * MINUTE).floor(15 * MINUTE).max(self.bed.begin);
            // Around the limits that tell a bolus from maintenance, in tenths of a millilitre.
            let tenths = *self.random.weighted(&[
                (300, 5000),
                (200, 2500),
                (150, 10_000),
                (60, 1000),
                (60, 1003),
                (60, 2480),
                (60, 2484),
                (40, 20_000),
                (30, 20_500),
                (40, 500),
            ]);
            let unit = *self.random.weighted(&[(930, "ml"), (40, "cc"), (30, "")]);
            self.order += 1;
            let entry = Entry {
                item,
                amount: Some(tenths * MILLION / 10),
                amount_unit: unit,
                route: "Intravenous Push",
                ..Entry::default()
            };
            self.put(time, entry);
            if self.random.chance(60) {
                self.put(time, entry);
            }
        }
    }

    fn blood(&mut self) {
        let (cells, plasma) = transfusions(self.bed.admission());
        for (items, mean, volume) in [([30_179, 30_001, 30_004], cells, 350), ([30_005, 30_180, 30_005], plasma, 280)] {
            for _ in 0..self.random.round(mean) {
                let item = *self.random.pick(&items);
                let span = (self.bed.end - self.bed.begin) / MINUTE;
                let mut time =
                    (self.bed.begin + self.random.between(0, span - 1) * MINUTE).floor(MINUTE).max(self.bed.begin);
                self.order += 1;
                for part in 0..*self.random.weighted(&[(60, 1), (25, 2), (15, 3)]) {
                    let amount = Some((volume + self.random.bell(30)) * MILLION / (part + 1));
                    let entry =
                        Entry { item, amount, amount_unit: "ml", route: "Intravenous Push", ..Entry::default() };
                    let entry = match self.random.below(25) {
                        0 => Entry { amount: None, ..entry },
                        1 => Entry { amount: None, stopped: "Stopped", ..entry },
                        2 => Entry { amount: Some(0), ..entry },
                        _ => entry,
                    };
                    self.put(time, entry);
                    time = time + self.random.between(20, 150) * MINUTE;
                    if time >= self.bed.end {
                        break;
                    }
                }
            }
        }
    }

    /// What the emergency room and the theatre gave.
    fn before(&mut self) {
        if !self.random.chance(350) {
            return;
        }
        self.order += 1;
        for number in 0..3 {
            let item = BEFORE[(self.bed.patient().index as usize * 2 + number * 5) % BEFORE.len()];
            let amount = Some(self.random.between(1, 4) * 300 * MILLION);
            self.put(
                self.bed.begin + 10 * MINUTE,
                Entry { item, amount, amount_unit: "ml", route: "Intravenous Push", ..Entry::default() },
            );
        }
    }

    /// Fluids of dialysis, under whatever name was typed.
    fn dialysis(&mut self) {
        let Some(dialysis) = &self.bed.stay.dialysis else { return };
        let names: Vec<i64> =
            INPUT_CAREVUE.list.iter().filter(|item| is_dialysis(item.label)).map(|item| item.id).collect();
        let (begin, end) = (dialysis.begin.max(self.bed.begin), dialysis.end.min(self.bed.end));
        let mut turn = self.bed.patient().index as usize * 3;
        let mut time = begin;
        self.order += 1;
        while time < end {
            let amount = if self.random.chance(50) { 0 } else { self.random.between(20, 200) * MILLION };
            let unit = if matches!(dialysis.method, Method::Continuous(_)) { "ml" } else { "cc" };
            self.put(
                time,
                Entry {
                    item: names[turn % names.len()],
                    amount: Some(amount),
                    amount_unit: unit,
                    route: "Intravenous Push",
                    ..Entry::default()
                },
            );
            turn += 1;
            time = time + self.random.between(1, 2) * HOUR;
        }
    }

    fn put(&mut self, time: Time, entry: Entry<'_>) {
        let bed = self.bed;
        let tied = !self.random.chance(4);
        let admitted = tied || !self.random.chance(200);
        let places = 6;
        let order = self.order;
        let rows = self.lines.start();
        rows.maybe_int(admitted.then_some(bed.visit.hadm)).maybe_int(tied.then_some(bed.icustay));
        rows.time(time).int(entry.item);
        match entry.amount {
            Some(amount) => rows.decimal(amount, places).quoted(entry.amount_unit),
            None => rows.null().null(),
        };
        match entry.rate {
            Some(rate) => rows.decimal(rate, places).quoted(entry.rate_unit),
            None => rows.null().null(),
        };
        rows.time(time + order % 50 * MINUTE).int(caregiver(bed.icustay, time));
        rows.int(order + time.0 % (8 * DAY) / HOUR).int(order);
        rows.quoted(entry.stopped).maybe_int(entry.new.then_some(1));
        if order % 90 == 0 {
            rows.decimal(entry.amount.unwrap_or(MILLION), places);
        } else {
            rows.null();
        }
        rows.quoted(if entry.amount.is_some() { "ml" } else { "" }).quoted(entry.route);
        match entry.rate {
            Some(_) if order % 2 == 0 => rows.int(order % 40 + 1).quoted("ml/hr"),
            _ => rows.null().null(),
        };
        rows.quoted(if order % 700 == 0 { "Right Femoral" } else { "" }).end();
    }
}

fn is_dialysis(label: &str) -> bool {
    let label = label.to_lowercase();
    ["dialys", "cvvh", "cvvdh", "crrt"].iter().any(|part| label.contains(part))
}
