//! Fluids, drips and doses in the ICU: inputevents, and what is in them: ingredientevents.

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::fluid_items as fluid;
use crate::dictionary::items::Item;
use crate::dictionary::provider;
use crate::identifier::Counter;
use crate::patient::Patient;
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::stay::Stay;
use crate::support::Method;
use crate::table::{Sheets, Table};
use crate::text::Rows;
use crate::time::{DAY, HOUR, MINUTE, Time};

/// Writes all that runs into the patient during a stay.
pub(crate) fn write(patient: &mut Patient, admission: &Admission, stay: &Stay, sheets: &mut Sheets) {
    let random = patient.random(Topic::Infusion, stay.id);
    let mut pump = Pump { patient, admission, stay, random, sheets };
    for drip in &stay.drips {
        pump.drip(drip.item, drip.unit, &drip.steps, drip.weight, DRIPS);
    }
    pump.sedation();
    pump.dialysis();
    pump.carriers();
    pump.doses();
    pump.blood();
    pump.feeding();
}

/// Columns that follow from the kind of order.
#[derive(Clone, Copy)]
struct Mode {
    category: &'static str,
    secondary: &'static str,
    description: &'static str,
}

const DRIPS: Mode = Mode { category: "01-Drips", secondary: "02-Fluids (Crystalloids)", description: "Continuous Med" };
const FLUIDS: Mode =
    Mode { category: "02-Fluids (Crystalloids)", secondary: "Additive (Crystalloid)", description: "Continuous IV" };
const BOLUS: Mode = Mode { category: "03-IV Fluid Bolus", secondary: "", description: "Bolus" };
const PUSH: Mode = Mode { category: "05-Med Bolus", secondary: "", description: "Drug Push" };
const INSULIN: Mode = Mode { category: "06-Insulin (Non IV)", secondary: "", description: "Drug Push" };
const BLOOD: Mode = Mode { category: "07-Blood Products", secondary: "", description: "Continuous IV" };
const ANTIBIOTICS: Mode =
    Mode { category: "08-Antibiotics (IV)", secondary: "02-Fluids (Crystalloids)", description: "Drug Push" };
const PROPHYLAXIS: Mode = Mode { category: "11-Prophylaxis (Non IV)", secondary: "", description: "Drug Push" };
const ENTERAL: Mode =
    Mode { category: "13-Enteral Nutrition", secondary: "Additives (EN)", description: "Continuous IV" };
const ORAL: Mode = Mode { category: "14-Oral/Gastric Intake", secondary: "", description: "Bolus" };
const THEATRE: Mode = Mode { category: "16-Pre Admission/Non-ICU", secondary: "", description: "Bolus" };

const MAIN: &str = "Main order parameter";
const MIXED: &str = "Mixed solution";
/// Two words, each padded to fifty characters, as in the published files.
const ADDITIVE: &str =
    "Additives                                         Ampoule                                           ";

/// One interval of one order.
#[derive(Clone, Copy)]
struct Order {
    id: i64,
    link: i64,
    begin: Time,
    end: Time,
    mode: Mode,
    status: &'static str,
    /// Tenths of a kilogram.
    weight: i64,
    /// Volume of the bag in mL.
    bag: Option<i64>,
}

/// One thing in an order: amounts and rates in millionths.
struct Component<'a> {
    item: &'a Item,
    amount: i64,
    amount_unit: &'a str,
    rate: Option<(i64, &'a str)>,
    role: &'a str,
}

struct Pump<'a> {
    patient: &'a mut Patient,
    admission: &'a Admission,
    stay: &'a Stay,
    random: Random,
    sheets: &'a mut Sheets,
}

const MILLION: i64 = 1_000_000;

impl Pump<'_> {
    fn order(&mut self, begin: Time, end: Time, mode: Mode, link: Option<i64>, status: &'static str) -> Option<Order> {
        let begin = begin.max(self.stay.begin).floor(MINUTE).max(self.stay.begin);
        let end = end.min(self.stay.end).max(begin + MINUTE);
        if end > self.stay.end {
            return None;
        }
        let id = self.patient.ids.next(Counter::Order)?;
        Some(Order { id, link: link.unwrap_or(id), begin, end, mode, status, weight: self.patient.weight, bag: None })
    }

    /// A drip with its changes of rate, mixed into a carrier.
    fn drip(&mut self, item: Item, unit: &str, steps: &[(Time, i64)], weight: Option<i64>, mode: Mode) {
        let mut link = None;
        let bag = *self.random.pick(&[50, 100, 250, 250, 500]);
        for (number, pair) in steps.windows(2).enumerate() {
            let ((begin, rate), (end, _)) = (pair[0], pair[1]);
            let status = match number + 2 == steps.len() {
                true => "FinishedRunning",
                false if self.random.chance(90) => "Paused",
                false if self.random.chance(90) => "Stopped",
                false => "ChangeDose/Rate",
            };
            let Some(order) = self.order(begin, end, mode, link, status) else { continue };
            let order = Order { weight: weight.unwrap_or(order.weight), bag: Some(bag), ..order };
            link = Some(order.link);
            let minutes = (order.end - order.begin) / MINUTE;
            // Per minute or per hour, per kilogram or not, micrograms or milligrams: the amount is in mg or units.
            let per_minute = if unit.ends_with("/min") { rate } else { rate / 60 };
            let by_weight = if unit.contains("/kg/") { per_minute * order.weight / 10 } else { per_minute };
            let amount = by_weight * minutes;
            let amount = if unit.starts_with("mcg") { amount / 1000 } else { amount };
            let amount_unit = if item.unit.is_empty() { "mg" } else { item.unit };
            self.put(order, &Component { item: &item, amount, amount_unit, rate: Some((rate, unit)), role: MAIN });
            let carrier = if item.id % 3 == 0 { &fluid::DEXTROSE } else { &fluid::SALINE };
            let flow = 5 * MILLION + self.random.between(0, 25) * MILLION / 2;
            let volume = Component {
                item: carrier,
                amount: flow * minutes / 60,
                amount_unit: "ml",
                rate: Some((flow, "mL/hour")),
                role: MIXED,
            };
            self.put(order, &volume);
            self.ingredients(order, flow * minutes / 60, Some(flow), 0);
        }
    }

    /// Something given at once.
    fn dose(&mut self, item: &Item, time: Time, amount: i64, mode: Mode) {
        let Some(order) = self.order(time, time + MINUTE, mode, None, "FinishedRunning") else { return };
        let bagged = !matches!(mode.category, "06-Insulin (Non IV)" | "11-Prophylaxis (Non IV)");
        let order = Order { bag: bagged.then_some(100), ..order };
        let unit = if item.unit == "mL" { "ml" } else { item.unit };
        self.put(order, &Component { item, amount, amount_unit: unit, rate: None, role: MAIN });
        if unit == "ml" {
            self.ingredients(order, amount, None, 0);
        } else if mode.secondary.starts_with("02") && self.random.chance(600) {
            let volume = 100 * MILLION;
            let carrier =
                Component { item: &fluid::SALINE, amount: volume, amount_unit: "ml", rate: None, role: MIXED };
            self.put(order, &carrier);
            self.ingredients(order, volume, None, 0);
        }
    }

    /// A fluid over some hours.
    fn run(&mut self, item: &Item, begin: Time, hours: i64, rate: i64, mode: Mode) {
        let status = self.random.word(&[(850, "FinishedRunning"), (90, "ChangeDose/Rate"), (60, "Stopped")]);
        let Some(order) = self.order(begin, begin + hours * HOUR, mode, None, status) else { return };
        let order = Order { bag: Some(1000), ..order };
        let amount = rate * ((order.end - order.begin) / MINUTE) / 60;
        let main = Component { item, amount, amount_unit: "ml", rate: Some((rate, "mL/hour")), role: MAIN };
        self.put(order, &main);
        let energy = if item.id == fluid::TUBE_FEED.id { 2 } else { 0 };
        self.ingredients(order, amount, Some(rate), energy);
    }

    fn put(&mut self, order: Order, component: &Component<'_>) {
        let rows = self.sheets.of(Table::Inputevents);
        head(rows, self.patient.subject, self.admission.hadm, self.stay.id, &order);
        rows.int(component.item.id).decimal(component.amount, 6).text(component.amount_unit);
        match component.rate {
            Some((rate, unit)) => rows.decimal(rate, 6).text(unit),
            None => rows.null().null(),
        };
        rows.int(order.id).int(order.link).text(order.mode.category).text(order.mode.secondary).text(component.role);
        rows.text(order.mode.description).decimal(order.weight, 1);
        match order.bag {
            Some(volume) => rows.int(volume).text("ml"),
            None => rows.null().null(),
        };
        rows.int(0).int(i64::from(order.id % 31 == 0)).text(order.status).decimal(component.amount, 6);
        match component.rate {
            Some((rate, _)) => rows.decimal(rate, 6),
            None => rows.decimal(component.amount, 6),
        };
        rows.end();
    }

    /// Water in all of it, energy and protein in food.
    fn ingredients(&mut self, order: Order, volume: i64, rate: Option<i64>, energy: i64) {
        if volume == 0 {
            return;
        }
        let kind = match order.mode.category {
            "13-Enteral Nutrition" | "14-Oral/Gastric Intake" => &fluid::ENTERAL,
            "07-Blood Products" => &fluid::BLOOD,
            _ => &fluid::INTRAVENOUS,
        };
        let mut parts = vec![(&fluid::WATER, 1, "ml"), (kind, 1, "ml")];
        if energy > 0 {
            parts.push((&fluid::CALORIES, energy, "Kcal"));
            parts.push((&fluid::PROTEIN, 1, "grams"));
        } else if self.random.chance(250) {
            parts.push((&fluid::CALORIES, 1, "Kcal"));
        }
        for (item, factor, unit) in parts {
            let rows = self.sheets.of(Table::Ingredientevents);
            head(rows, self.patient.subject, self.admission.hadm, self.stay.id, &order);
            rows.int(item.id).decimal(volume * factor, 6).text(unit);
            match rate {
                Some(rate) => rows.decimal(rate * factor, 6).text("mL/hour"),
                None => rows.null().null(),
            };
            rows.int(order.id)
                .int(order.link)
                .text(order.status)
                .int(0)
                .decimal(rate.unwrap_or(volume) * factor, 6)
                .end();
        }
    }

    /// Sedatives while a tube is in, with changes every few hours.
    fn sedation(&mut self) {
        for part in &self.stay.breathing {
            if !part.kind.has_tube() {
                continue;
            }
            let choices = [
                (700, fluid::PROPOFOL, "mcg/kg/min", 35 * MILLION),
                (550, fluid::OPIOID, "mcg/hour", 90 * MILLION),
                (220, fluid::BENZODIAZEPINE, "mg/hour", 3 * MILLION),
            ];
            for (chance, item, unit, rate) in choices {
                if !self.random.chance(chance) {
                    continue;
                }
                let mut steps = Vec::new();
                let mut time = part.begin;
                while time < part.end {
                    steps.push((time.floor(MINUTE), rate * self.random.between(4, 16) / 10));
                    time = time + self.random.between(2, 14) * HOUR;
                }
                steps.push((part.end.floor(MINUTE), 0));
                self.drip(item, unit, &steps, None, DRIPS);
            }
        }
        let circulation = self.admission.course.level(Organ::Heart, self.stay.begin);
        let keto = self.admission.problem.has(Trait::Ketoacidosis);
        let others = [
            (if keto { 950 } else { 90 }, fluid::INSULIN_DRIP, "units/hour", 5 * MILLION),
            (110 + circulation / 5, fluid::HEPARIN_DRIP, "units/hour", 1000 * MILLION),
            (40 + circulation / 6, fluid::ANTIARRHYTHMIC, "mg/min", MILLION / 2),
            (40 + circulation / 8, fluid::DIURETIC_DRIP, "mg/hour", 8 * MILLION),
        ];
        for (chance, item, unit, rate) in others {
            if self.random.chance(chance) {
                let hours = (self.stay.end - self.stay.begin) / HOUR;
                let mut time = self.stay.begin + self.random.between(0, hours / 3) * HOUR;
                let end = (time + self.random.between(6, 72) * HOUR).min(self.stay.end);
                let mut steps = Vec::new();
                while time < end {
                    steps.push((time.floor(MINUTE), rate * self.random.between(5, 15) / 10));
                    time = time + self.random.between(1, 9) * HOUR;
                }
                steps.push((end.floor(MINUTE), 0));
                self.drip(item, unit, &steps, None, DRIPS);
            }
        }
    }

    /// Potassium and calcium of a continuous circuit; now and then a bag that was hung but not run.
    fn dialysis(&mut self) {
        let Some(dialysis) = &self.stay.dialysis else { return };
        if !matches!(dialysis.method, Method::Continuous(_)) {
            return;
        }
        for (item, unit, rate) in
            [(fluid::POTASSIUM_CRRT, "mEq/hour", 3 * MILLION), (fluid::CALCIUM_CRRT, "grams/hour", 16 * MILLION / 10)]
        {
            let mut steps = Vec::new();
            let mut time = dialysis.begin;
            while time < dialysis.end {
                let stopped = self.random.chance(40);
                steps.push((time, if stopped { 0 } else { rate * self.random.between(5, 14) / 10 }));
                time = time + self.random.between(1, 8) * HOUR;
            }
            steps.push((dialysis.end, 0));
            self.drip(item, unit, &steps, None, DRIPS);
        }
    }

    /// Lines kept open, maintenance fluids, boluses for low pressure, and what was given in theatre.
    fn carriers(&mut self) {
        let mut time = self.stay.begin;
        while time < self.stay.end {
            let hours = self.random.between(2, 6);
            let item = *self.random.pick(&[fluid::SALINE, fluid::SALINE, fluid::DEXTROSE, fluid::BALANCED]);
            if self.random.chance(800) {
                let rate = self.random.between(1, 15) * 10 * MILLION;
                self.run(&item, time, hours, rate, FLUIDS);
            }
            time = time + hours * HOUR;
        }
        let circulation = self.admission.course.level(Organ::Circulation, self.admission.course.peak);
        for _ in 0..self.random.round(300 + circulation * 3) {
            let at = self.random.between(0, (self.stay.end - self.stay.begin) / MINUTE / 2);
            self.run(&fluid::BALANCED, self.stay.begin + at * MINUTE, 1, 500 * MILLION, BOLUS);
        }
        if self.admission.problem.has(Trait::Surgery) && self.random.chance(700) {
            let amount = self.random.between(5, 40) * 100 * MILLION;
            self.dose(&fluid::THEATRE_FLUID, self.stay.begin, amount, THEATRE);
        }
    }

    fn doses(&mut self) {
        let length = self.stay.length();
        let infected = self.admission.problem.infected;
        // Item, mean doses a day in hundredths, amount, kind.
        let table = [
            (fluid::OPIOID_PUSH, 150, 50 * MILLION, PUSH),
            (fluid::SEDATIVE_PUSH, 50, MILLION, PUSH),
            (fluid::DIURETIC_PUSH, 45, 40 * MILLION, PUSH),
            (fluid::ANTIHYPERTENSIVE_PUSH, 35, 10 * MILLION, PUSH),
            (fluid::INSULIN_SUBCUTANEOUS, 150, 4 * MILLION, INSULIN),
            (fluid::PROPHYLAXIS_HEPARIN, 110, MILLION, PROPHYLAXIS),
            (fluid::PROPHYLAXIS_STOMACH, 90, MILLION, PROPHYLAXIS),
            (fluid::ANTIBIOTIC_A, infected / 6, MILLION, ANTIBIOTICS),
            (fluid::ANTIBIOTIC_B, infected / 8, MILLION, ANTIBIOTICS),
            (fluid::TUBE_DRUGS, 180, 60 * MILLION, ORAL),
            (fluid::TUBE_FLUSH, 190, 30 * MILLION, ORAL),
            (fluid::ORAL_INTAKE, 330, 180 * MILLION, ORAL),
        ];
        for (item, daily, amount, mode) in table {
            for _ in 0..self.random.round(length * daily / 100) {
                let time = self.moment();
                let amount = amount * self.random.between(1, 4) / 2;
                self.dose(&item, time, amount, mode);
            }
        }
        self.replacement();
    }

    /// Electrolytes: an ampoule in a bag.
    fn replacement(&mut self) {
        let table = [(fluid::POTASSIUM_BOLUS, 75, 20), (fluid::MAGNESIUM_BOLUS, 50, 2), (fluid::CALCIUM_BOLUS, 40, 2)];
        for (item, daily, amount) in table {
            for _ in 0..self.random.round(self.stay.length() * daily / 100) {
                let time = self.moment();
                let Some(order) = self.order(time, time + HOUR, FLUIDS, None, "FinishedRunning") else { continue };
                let order = Order { bag: Some(100), ..order };
                let main = Component {
                    item: &fluid::DEXTROSE,
                    amount: 100 * MILLION,
                    amount_unit: "ml",
                    rate: Some((100 * MILLION, "mL/hour")),
                    role: MAIN,
                };
                self.put(order, &main);
                let unit = item.unit;
                self.put(
                    order,
                    &Component { item: &item, amount: amount * MILLION, amount_unit: unit, rate: None, role: ADDITIVE },
                );
                self.ingredients(order, 100 * MILLION, Some(100 * MILLION), 0);
            }
        }
    }

    fn blood(&mut self) {
        let bleeding = self.admission.problem.has(Trait::Bleeding);
        let level = self.admission.course.level(Organ::Blood, self.admission.course.peak);
        let factor = if bleeding { 3 } else { 1 };
        for (item, mean, rate) in [
            (fluid::RED_CELLS, level * 2, 350),
            (fluid::PLATELETS, level * 7 / 10, 330),
            (fluid::PLASMA, level * 6 / 10, 500),
            (fluid::ALBUMIN, level, 250),
        ] {
            for _ in 0..self.random.round(mean * factor) {
                let time = self.moment();
                self.run(&item, time, 1, rate * MILLION, BLOOD);
            }
        }
    }

    fn feeding(&mut self) {
        if self.stay.length() < 2000 || !self.stay.breathing.iter().any(|part| part.kind.ventilated()) {
            return;
        }
        let mut time = self.stay.begin + DAY;
        while time < self.stay.end {
            let hours = self.random.between(4, 14);
            let rate = self.random.between(2, 7) * 10 * MILLION;
            self.run(&fluid::TUBE_FEED, time, hours, rate, ENTERAL);
            time = time + hours * HOUR;
        }
    }

    fn moment(&mut self) -> Time {
        self.stay.begin + self.random.between(0, ((self.stay.end - self.stay.begin) / MINUTE - 2).max(0)) * MINUTE
    }
}

/// The columns that both tables begin with, up to storetime.
fn head(rows: &mut Rows, subject: i64, hadm: i64, stay: i64, order: &Order) {
    // A few orders were never tied to the stay.
    let tied = order.id % 900 != 0;
    rows.int(subject).int(hadm).maybe_int(tied.then_some(stay));
    rows.int(provider::caregiver(stay, order.begin.0 / (12 * HOUR)));
    rows.time(order.begin).time(order.end).time(order.end + order.id % 40 * MINUTE);
}
