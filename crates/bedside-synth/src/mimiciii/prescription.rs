//! Drugs ordered: prescriptions, with whole days only.

use super::numbers::Book;
use super::table::Table;
use super::{Visit, start};
use crate::culture::Infection;
use crate::dictionary::drugs::{RARE_ANTIBIOTICS, Use};
use crate::medication::{self, Code};
use crate::random::{Random, Topic, mix};
use crate::text::Rows;
use crate::time::Time;

/// Writes the orders of an admission.
pub(super) fn write(visit: &Visit<'_>, infections: &[Infection], book: &mut Book<'_>) {
    let mut random = visit.patient.random(Topic::Prescription, visit.admission.hadm);
    // The order system came after the first years of CareVue: a tenth of the admissions have no orders.
    if visit.patient.index.is_multiple_of(5) && random.chance(500) {
        return;
    }
    let mut turn = visit.patient.index as usize * 2;
    for prescription in medication::plan(visit.patient, visit.admission, infections) {
        let drug = prescription.drug;
        let mut name = prescription.name;
        if drug.purpose == Use::RareInfection {
            // The rarer ones go round, so that each occurs.
            name = RARE_ANTIBIOTICS[turn % RARE_ANTIBIOTICS.len()];
            turn += 1;
        }
        let mut line = Line { visit, random: &mut random, begin: prescription.begin, end: prescription.end };
        line.put(
            book,
            &Component { role: "MAIN", name, dose: drug.dose, unit: drug.unit, form: drug.form, route: drug.route },
        );
        let mixed = drug.route.starts_with("IV") && matches!(drug.form, "VIAL" | "BAG") && drug.purpose != Use::Fluid;
        if mixed && line.random.chance(480) {
            let base = line.random.word(&BASES);
            line.put(
                book,
                &Component { role: "BASE", name: base, dose: "100", unit: "ml", form: "ml", route: drug.route },
            );
        }
        if mixed && line.random.chance(12) {
            let name = line.random.any(&["Potassium Chloride", "Vancomycin", "Gentamicin (additive)"]);
            line.put(
                book,
                &Component { role: "ADDITIVE", name, dose: "20", unit: "mEq", form: "ml", route: drug.route },
            );
        }
    }
}

/// One order.
struct Line<'a> {
    visit: &'a Visit<'a>,
    random: &'a mut Random,
    begin: Time,
    end: Time,
}

struct Component<'a> {
    role: &'a str,
    name: &'a str,
    dose: &'a str,
    unit: &'a str,
    form: &'a str,
    route: &'a str,
}

impl Line<'_> {
    fn put(&mut self, book: &mut Book<'_>, component: &Component<'_>) {
        let stay = self.visit.stay_at(self.begin);
        let random = &mut *self.random;
        let rows = start(book, Table::Prescriptions, self.visit);
        rows.maybe_int(stay).maybe_time((!random.chance(1)).then(|| self.begin.midnight()));
        rows.maybe_time((!random.chance(2)).then(|| self.end.midnight())).quoted(component.role).quoted(component.name);
        let number = mix(component.name.bytes().fold(7, |number, byte| mix(number ^ u64::from(byte))));
        // The names of the order system are known for half of the orders.
        if random.chance(560) {
            rows.quoted(component.name);
            rows.quoted(if number.is_multiple_of(9) { "" } else { component.name });
        } else {
            rows.null().null();
        }
        rows.raw(b"\"").raw(Code::of(component.name, number).text()).raw(b"\",");
        product(rows, component, number);
        rows.quoted(component.dose).quoted(component.unit);
        rows.quoted(if number.is_multiple_of(5) { "0.5" } else { "1" }).quoted(component.form);
        rows.quoted(if random.chance(3) { "" } else { component.route }).end();
    }
}

/// Sequence number, drug code and strength.
fn product(rows: &mut Rows, component: &Component<'_>, number: u64) {
    if component.role == "BASE" {
        rows.null().quoted("0");
    } else {
        rows.quoted(&format!("{:06}", number % 1_000_000)).quoted(&format!("{:011}", number % 100_000_000_000));
    }
    rows.quoted(&format!("{}{} {}", component.dose, component.unit, component.form));
}

const BASES: [(u32, &str); 5] =
    [(40, "NS"), (25, "D5W"), (15, "Iso-Osmotic Dextrose"), (12, "SW"), (8, "0.9% Sodium Chloride (Mini Bag Plus)")];
