//! Drugs ordered and given: pharmacy, prescriptions, emar and emar_detail.

mod bedside;

use crate::admission::Admission;
use crate::culture::Infection;
use crate::dictionary::conditions::Chronic;
use crate::dictionary::drugs::{DRUGS, Drug, RARE_ANTIBIOTICS, Use};
use crate::dictionary::provider;
use crate::identifier::Counter;
use crate::order::Clerk;
use crate::patient::Patient;
use crate::problem::Trait;
use crate::random::{Random, Topic, mix};
use crate::stay::Stay;
use crate::table::{Sheets, Table};
use crate::text::Rows;
use crate::time::{DAY, HOUR, MINUTE, Time};

/// An order for one drug.
#[derive(Debug)]
pub(crate) struct Prescription {
    /// Name as ordered; mostly that of the drug.
    pub(crate) name: &'static str,
    pub(crate) drug: &'static Drug,
    pub(crate) ordered: Time,
    pub(crate) begin: Time,
    /// Now and then before the begin: an order that was stopped before it started.
    pub(crate) end: Time,
}

/// Decides on the drugs of an admission.
pub(crate) fn plan(patient: &Patient, admission: &Admission, infections: &[Infection]) -> Vec<Prescription> {
    let mut random = patient.random(Topic::Drugs, admission.hadm);
    let mut list = List { random: &mut random, admission, prescriptions: Vec::new() };
    list.home(patient);
    for infection in infections {
        list.antibiotics(infection.time);
    }
    if admission.problem.has(Trait::Surgery) {
        let before = admission.admit + list.random.between(2, 12) * HOUR;
        list.add(named("CefazoLIN"), "CefazoLIN", before, 20 * HOUR);
    }
    list.everyday();
    list.prescriptions
}

struct List<'a> {
    random: &'a mut Random,
    admission: &'a Admission,
    prescriptions: Vec<Prescription>,
}

impl List<'_> {
    fn add(&mut self, drug: &'static Drug, name: &'static str, begin: Time, length: i64) {
        // On the hour, within the admission.
        let begin = (begin.max(self.admission.admit) + HOUR - 1).floor(HOUR).min(self.admission.discharge);
        let mut end = (begin + length).min(self.admission.discharge).floor(HOUR);
        if self.random.chance(35) {
            end = begin - self.random.between(1, 6) * HOUR;
        }
        let ordered = begin - self.random.between(-50, 90) * MINUTE + self.random.between(0, 59);
        let ordered = ordered.max(self.admission.admit).min(self.admission.discharge);
        self.prescriptions.push(Prescription { name, drug, ordered, begin, end });
    }

    fn purpose(&mut self, purpose: Use) -> &'static Drug {
        of_purpose(self.random, purpose)
    }

    /// What people take at home is the same at every admission.
    fn home(&mut self, patient: &Patient) {
        let admission = self.admission;
        let mut home = Random::stream(patient.seed, patient.index, Topic::Drugs, 0);
        let mut drugs: Vec<&'static Drug> =
            (0..home.between(1, 3 + patient.anchor_age / 20)).map(|_| of_purpose(&mut home, Use::Home)).collect();
        let pressure = 180 + 250 * i64::from(patient.has(Chronic::Hypertension));
        if home.chance(pressure) {
            drugs.push(of_purpose(&mut home, Use::Pressure));
        }
        if home.chance(450) {
            drugs.push(of_purpose(&mut home, Use::Painkiller));
        }
        for drug in drugs {
            let mut begin = admission.admit + self.random.between(1, 30) * HOUR;
            // Held in the ICU, ordered again on the ward.
            for _ in 0..self.random.between(1, 2) {
                let length = self.random.between(1, 9) * DAY;
                self.add(drug, drug.name, begin, length);
                begin = begin + length;
                if begin >= admission.discharge {
                    break;
                }
            }
        }
    }

    /// One to three drugs within a day of the cultures, some of them ordered again in another dose.
    fn antibiotics(&mut self, cultures: Time) {
        for _ in 0..self.random.between(1, 3) {
            let rare = self.random.chance(90);
            let drug = if rare { of_purpose(self.random, Use::RareInfection) } else { self.purpose(Use::Infection) };
            let name = if rare { self.random.pick(RARE_ANTIBIOTICS) } else { drug.name };
            let mut begin = cultures + self.random.between(-8, 22) * HOUR;
            for _ in 0..*self.random.weighted(&[(50, 1), (35, 2), (15, 4)]) {
                let length = self.random.between(8, 150) * HOUR;
                self.add(drug, name, begin, length);
                begin = begin + length;
                if begin >= self.admission.discharge {
                    break;
                }
            }
        }
    }

    fn everyday(&mut self) {
        let admission = self.admission;
        let intensive: i64 = admission.stays.iter().map(Stay::length).sum();
        let count = self.random.round(6_000 + admission.days() * 3_300 + intensive * 62 / 10);
        let span = (admission.discharge - admission.admit) / HOUR;
        for _ in 0..count {
            let begin = admission.admit + self.random.between(0, span) * HOUR;
            let purpose = match self.random.below(100) {
                0..17 => Use::Fluid,
                17..19 => Use::LeftOut,
                19..60 if admission.in_icu(begin) => Use::Intensive,
                _ => Use::Common,
            };
            let drug = self.purpose(purpose);
            let hours =
                if drug.daily == -1 { self.random.between(1, 12) } else { self.random.quantile(&HOURS_OF_ORDER) };
            self.add(drug, drug.name, begin, hours * HOUR);
        }
    }
}

/// Hours that an order stands, at every tenth.
const HOURS_OF_ORDER: [i64; 11] = [1, 6, 12, 20, 27, 38, 54, 80, 120, 200, 500];

fn of_purpose(random: &mut Random, purpose: Use) -> &'static Drug {
    if purpose == Use::RareInfection {
        return &RARE;
    }
    let total: u64 = DRUGS.iter().filter(|drug| drug.purpose == purpose).map(|drug| u64::from(drug.weight)).sum();
    let mut rest = random.below(total);
    for drug in DRUGS.iter().filter(|drug| drug.purpose == purpose) {
        if rest < u64::from(drug.weight) {
            return drug;
        }
        rest -= u64::from(drug.weight);
    }
    &RARE
}

fn named(name: &str) -> &'static Drug {
    DRUGS.iter().find(|drug| drug.name == name).unwrap_or(&RARE)
}

/// Dose and route of the seldom ordered antibiotics.
const RARE: Drug = Drug {
    purpose: Use::RareInfection,
    weight: 1,
    name: "Antibiotic",
    route: "IV",
    dose: "500",
    unit: "mg",
    form: "VIAL",
    daily: 2,
};

/// Writes the orders that the pharmacy filled, and what nurses gave.
pub(crate) fn write(
    patient: &mut Patient,
    admission: &Admission,
    orders: &[(&Prescription, i64)],
    clerk: &mut Clerk,
    sheets: &mut Sheets,
) {
    let mut random = patient.random(Topic::Drugs, admission.hadm + 1);
    // Bedside scanning came ward by ward; a third of the admissions have none.
    let scanned = random.chance(670);
    let mut given = Vec::new();
    for (prescription, order) in orders {
        let Some(pharmacy) = patient.ids.next(Counter::Pharmacy) else { continue };
        // One order in a hundred is not known to the order system.
        let order_known = !random.chance(8);
        let line = Line { patient, admission, prescription, pharmacy, order: order_known.then_some(*order) };
        line.pharmacy(&mut random, sheets.of(Table::Pharmacy));
        line.prescription(&mut random, sheets.of(Table::Prescriptions));
        if scanned && order_known {
            bedside::doses(&mut random, admission, prescription, (pharmacy, *order), &mut given);
        }
    }
    bedside::write(patient, admission, &mut random, given, clerk, sheets);
}

/// One prescription with its identifiers.
struct Line<'a> {
    patient: &'a Patient,
    admission: &'a Admission,
    prescription: &'a Prescription,
    pharmacy: i64,
    order: Option<i64>,
}

impl Line<'_> {
    fn order_id(&self, rows: &mut Rows) {
        match self.order {
            Some(order) => rows.sequence_id(self.patient.subject, order),
            None => rows.null(),
        };
    }

    fn pharmacy(&self, random: &mut Random, rows: &mut Rows) {
        let (prescription, drug) = (self.prescription, self.prescription.drug);
        rows.int(self.patient.subject).int(self.admission.hadm).int(self.pharmacy);
        self.order_id(rows);
        rows.time(prescription.begin).time(prescription.end).text(prescription.name);
        rows.text(match drug.form {
            "BAG" if drug.purpose == Use::Fluid => "IV Large Volume",
            "BAG" | "BTL" | "SYR" if drug.route.starts_with("IV") => "IV Piggyback",
            _ if random.chance(3) => "Non-Formulary",
            _ => "Unit Dose",
        });
        rows.text(if prescription.end >= self.admission.discharge.floor(HOUR) {
            "Discontinued via patient discharge"
        } else {
            random.word(&[(650, "Discontinued"), (190, "Expired"), (160, "Inactive (Due to a change order)")])
        });
        rows.time(prescription.ordered).time(prescription.ordered).text(drug.route);
        let (frequency, hours) = schedule(drug.daily);
        rows.text(frequency).text(hours);
        rows.text(if drug.purpose == Use::Fluid { "C" } else { "" }).text(if drug.name == "Insulin" {
            "Y"
        } else {
            ""
        });
        rows.null().null().null();
        match drug.daily {
            0 => rows.null(),
            daily => rows.int(daily.abs()),
        };
        if drug.daily == -1 {
            rows.int(1).text("Doses");
        } else {
            rows.null().text("Ongoing");
        }
        if random.chance(700) {
            rows.int(36).text("Hours");
        } else {
            rows.int(365).text("Days");
        }
        rows.null().text(random.word(&[
            (780, "Omnicell"),
            (100, "Floor Stock Item"),
            (70, "LET CALL"),
            (50, "IV MED"),
        ]));
        rows.null().end();
    }

    /// The drug itself, and the bag that it is mixed into.
    fn prescription(&self, random: &mut Random, rows: &mut Rows) {
        let drug = self.prescription.drug;
        // A few orders have no dose or product.
        let blank = random.chance(2);
        self.component(rows, "MAIN", self.prescription.name, drug.dose, drug.unit, drug.form, blank);
        let mixed = drug.route.starts_with("IV") && matches!(drug.form, "VIAL" | "BAG") && drug.purpose != Use::Fluid;
        if mixed && random.chance(620) {
            let base = if random.chance(8) { self.prescription.name } else { random.word(&BASES) };
            self.component(rows, "BASE", base, "100", "mL", "BAG", false);
        }
        if mixed && random.chance(4) {
            self.component(rows, "ADDITIVE", "Potassium Chloride (additive)", "20", "mEq", "VIAL", false);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one row")]
    fn component(&self, rows: &mut Rows, role: &str, name: &str, dose: &str, unit: &str, form: &str, blank: bool) {
        let (prescription, drug) = (self.prescription, self.prescription.drug);
        rows.int(self.patient.subject).int(self.admission.hadm).int(self.pharmacy);
        self.order_id(rows);
        rows.maybe_int(self.order);
        if self.pharmacy % 190 == 0 {
            rows.null();
        } else {
            provider::of(self.admission.hadm, (self.pharmacy % 7) as u64, rows);
        }
        rows.time(prescription.begin).time(prescription.end).text(role).text(name);
        let number = mix(name.bytes().fold(7, |number, byte| mix(number ^ u64::from(byte))));
        let code = Code::of(name, number);
        rows.raw(code.text()).raw(b",");
        if blank {
            rows.null().text("0").null().null().null().null().null().null().null().null().end();
            return;
        }
        if role == "BASE" && number % 5 < 3 {
            rows.null();
        } else {
            digits(rows, number % 1_000_000, 6);
        }
        // Eleven digits; 0 where there is none.
        if role == "BASE" && number.is_multiple_of(3) {
            rows.text("0");
        } else {
            digits(rows, number % 100_000_000_000, 11);
        }
        rows.raw(dose.replace(',', "").as_bytes()).raw(b" ").raw(unit.as_bytes()).raw(b" ").text(form);
        // The form is an empty text in some rows and missing in most.
        if number.is_multiple_of(11) {
            rows.empty_text();
        } else {
            rows.null();
        }
        rows.text(dose).text(unit).text("1").text(form);
        match drug.daily {
            daily @ 1.. if role == "MAIN" => rows.int(daily),
            -1 if self.pharmacy % 3 > 0 => rows.int(1),
            _ => rows.null(),
        };
        rows.text(drug.route).end();
    }
}

/// A formulary code: the first letters of the name and a number.
pub(crate) struct Code {
    bytes: [u8; 6],
}

impl Code {
    pub(crate) fn of(name: &str, number: u64) -> Self {
        let mut bytes = *b"XXXX00";
        for (slot, letter) in bytes.iter_mut().zip(name.bytes().filter(u8::is_ascii_alphabetic).take(4)) {
            *slot = letter.to_ascii_uppercase();
        }
        bytes[4] = b'0' + (number / 10 % 10) as u8;
        bytes[5] = b'0' + (number % 10) as u8;
        Self { bytes }
    }

    pub(crate) fn text(&self) -> &[u8] {
        &self.bytes
    }
}

/// A number with leading zeros.
fn digits(rows: &mut Rows, number: u64, width: usize) {
    let mut text = [b'0'; 12];
    let mut rest = number;
    for slot in text[..width].iter_mut().rev() {
        *slot = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    rows.raw(&text[..width]).raw(b",");
}

/// Shorthand and hours of the day.
fn schedule(daily: i64) -> (&'static str, &'static str) {
    match daily {
        -1 => ("ONCE", "12"),
        1 => ("DAILY", "08"),
        2 => ("BID", "08, 20"),
        3 => ("TID", "08, 14, 20"),
        4 => ("Q6H", "02, 08, 14, 20"),
        6 => ("Q4H", "00, 04, 08, 12, 16, 20"),
        _ => ("PRN", ""),
    }
}

const BASES: [(u32, &str); 5] = [
    (40, "0.9% Sodium Chloride"),
    (25, "5% Dextrose"),
    (15, "Iso-Osmotic Dextrose"),
    (12, "0.9% Sodium Chloride (Mini Bag Plus)"),
    (8, "Bag"),
];
