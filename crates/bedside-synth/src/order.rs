//! Provider orders of an admission in their order of time: poe and poe_detail, and through them pharmacy, prescriptions
//! and emar, whose rows refer to the orders.

use crate::admission::Admission;
use crate::culture::Infection;
use crate::dictionary::provider;
use crate::medication::{self, Prescription};
use crate::patient::Patient;
use crate::random::{Random, Topic};
use crate::table::{Sheets, Table};
use crate::time::{HOUR, MINUTE, Time};

/// Running numbers of a patient's orders and administrations, over all admissions.
#[derive(Debug, Default)]
pub(crate) struct Clerk {
    pub(crate) orders: i64,
    pub(crate) administrations: i64,
}

/// One order before it has a number.
struct Order {
    time: Time,
    kind: &'static str,
    subkind: &'static str,
    transaction: &'static str,
    /// Position, in the unsorted list, of the order that this one stops.
    stops: Option<usize>,
    stopped_by: Option<usize>,
    details: Vec<(&'static str, &'static str)>,
    prescription: Option<usize>,
}

/// Writes the orders of an admission and what follows from them.
pub(crate) fn write(
    patient: &mut Patient,
    admission: &Admission,
    infections: &[Infection],
    clerk: &mut Clerk,
    sheets: &mut Sheets,
) {
    let mut random = patient.random(Topic::Orders, admission.hadm);
    let prescriptions = medication::plan(patient, admission, infections);
    let mut orders = Vec::new();
    for (number, prescription) in prescriptions.iter().enumerate() {
        orders.push(Order { prescription: Some(number), ..order(prescription.ordered, "Medications", "") });
    }
    care(&mut random, admission, &mut orders);
    changes(&mut random, admission, &mut orders);

    let mut sorted: Vec<usize> = (0..orders.len()).collect();
    sorted.sort_by_key(|at| (orders[*at].time, *at));
    let mut numbers = vec![0; orders.len()];
    for at in &sorted {
        clerk.orders += 1;
        numbers[*at] = clerk.orders;
    }
    for at in sorted {
        put(patient, admission, &orders[at], numbers[at], &numbers, sheets);
    }
    let links: Vec<(&Prescription, i64)> = orders
        .iter()
        .zip(&numbers)
        .filter_map(|(order, number)| Some((&prescriptions[order.prescription?], *number)))
        .collect();
    medication::write(patient, admission, &links, clerk, sheets);
}

fn order(time: Time, kind: &'static str, subkind: &'static str) -> Order {
    Order {
        time,
        kind,
        subkind,
        transaction: "New",
        stops: None,
        stopped_by: None,
        details: Vec::new(),
        prescription: None,
    }
}

/// All orders but drugs: admission and discharge, code status, and the daily round.
fn care(random: &mut Random, admission: &Admission, orders: &mut Vec<Order>) {
    let begin = admission.admit;
    let mut add = |time: Time, kind, subkind, details: Vec<(&'static str, &'static str)>| {
        let time = time.max(begin).min(admission.discharge);
        orders.push(Order { details, ..order(time, kind, subkind) });
    };
    for _ in 0..random.between(1, 3) {
        let category = random.word(&[(80, "Admit to inpatient"), (20, "Place in observation")]);
        let place = random.word(&[(60, "Medicine"), (30, "Surgery"), (6, "ICU"), (4, "Cardiology NP")]);
        add(
            begin + random.between(0, 200) * MINUTE,
            "ADT orders",
            "Admit",
            vec![("Admit category", category), ("Admit to", place)],
        );
    }
    add(
        admission.discharge - random.between(1, 9) * HOUR,
        "ADT orders",
        "Discharge",
        vec![("Discharge Planning", "Finalized"), ("Discharge When", "Discharge Now")],
    );
    for stay in &admission.stays {
        add(stay.begin - random.between(5, 90) * MINUTE, "ADT orders", "Transfer", vec![("Transfer to", "ICU")]);
        add(
            stay.end - random.between(30, 400) * MINUTE,
            "ADT orders",
            "Transfer",
            vec![("Transfer to", random.any(&["Medicine", "Surgery", "Cardiology NP"]))],
        );
        if stay.dialysis.is_some() {
            add(stay.begin + random.between(10, 300) * MINUTE, "Hemodialysis", "Hemodialysis", Vec::new());
        }
        for _ in 0..random.round(stay.length() * 800 / 1000) {
            add(
                stay.begin + random.between(0, (stay.end - stay.begin) / 60) * MINUTE,
                "Respiratory",
                random.word(&RESPIRATORY),
                Vec::new(),
            );
        }
    }
    for _ in 0..random.round(900) {
        let stay = admission.stays.first();
        let at = match stay {
            Some(stay) if random.chance(500) => stay.begin + random.between(10, (stay.end - stay.begin) / 60) * MINUTE,
            _ => begin + random.between(10, 600) * MINUTE,
        };
        add(at, "General Care", "Code status", vec![("Code status", random.word(&CODE_STATUS))]);
    }
    let span = (admission.discharge - begin) / 60;
    for _ in 0..random.round(admission.days() * 6600 + 9_000) {
        let (kind, subkind) = *random.weighted(&DAILY);
        let details = details(random, kind, subkind);
        add(begin + random.between(0, span) * MINUTE, kind, subkind, details);
    }
}

fn details(random: &mut Random, kind: &str, subkind: &str) -> Vec<(&'static str, &'static str)> {
    match (kind, subkind) {
        ("General Care", "Tubes/Drains") if random.chance(800) => {
            vec![(
                "Tubes & Drains type",
                random.word(&[
                    (80, "Indwelling urinary catheter (IUC) - Foley"),
                    (10, "Chest tube"),
                    (6, "NGT"),
                    (4, "Closed suction drain"),
                ]),
            )]
        }
        ("IV therapy", "IV access request") if random.chance(400) => {
            vec![("Indication", random.any(&["Antibiotics", "Hydration", "TPN", "Blood products- Red cells"]))]
        }
        ("Consults", _) if random.chance(200) => {
            vec![("Consult Status", "Accepted"), ("Level of Urgency", "Routine (within 24 hours)")]
        }
        _ => Vec::new(),
    }
}

/// Some orders are changed, some stopped: each by a further order.
fn changes(random: &mut Random, admission: &Admission, orders: &mut Vec<Order>) {
    for at in 0..orders.len() {
        let fate = random.below(1000);
        let transaction = match fate {
            0..135 => "D/C",
            135..270 => "Change",
            _ => continue,
        };
        let time = (orders[at].time + random.between(10, 4000) * MINUTE).min(admission.discharge);
        let (kind, subkind) = (orders[at].kind, orders[at].subkind);
        orders[at].stopped_by = Some(orders.len());
        orders.push(Order { transaction, stops: Some(at), ..order(time, kind, subkind) });
    }
}

fn put(patient: &Patient, admission: &Admission, order: &Order, number: i64, numbers: &[i64], sheets: &mut Sheets) {
    let subject = patient.subject;
    let rows = sheets.of(Table::Poe);
    rows.sequence_id(subject, number).int(number).int(subject).int(admission.hadm).time(order.time);
    rows.text(order.kind).text(order.subkind).text(order.transaction);
    for other in [order.stops, order.stopped_by] {
        match other {
            Some(other) => rows.sequence_id(subject, numbers[other]),
            None => rows.null(),
        };
    }
    if number % 55 == 0 {
        rows.null();
    } else {
        provider::of(admission.hadm, (number % 9) as u64, rows);
    }
    rows.text("Inactive").end();
    let rows = sheets.of(Table::PoeDetail);
    for (field, value) in &order.details {
        rows.sequence_id(subject, number).int(number).int(subject).text(field).text(value).end();
    }
}

/// Days since an order was written are of no use here, but every kind of order occurs.
const DAILY: [(u32, (&str, &str)); 44] = [
    (850, ("Lab", "")),
    (180, ("General Care", "Other")),
    (135, ("IV therapy", "IV fluids")),
    (115, ("General Care", "Tubes/Drains")),
    (106, ("Radiology", "General Xray")),
    (100, ("Nutrition", "Diet Order")),
    (90, ("IV therapy", "IV access")),
    (82, ("General Care", "Vitals/Monitoring")),
    (78, ("General Care", "Telemetry")),
    (66, ("General Care", "Activity")),
    (46, ("General Care", "Restraints")),
    (37, ("Blood Bank", "Blood tests")),
    (33, ("Radiology", "CT Scan")),
    (26, ("Nutrition", "NPO/Diet for Procedure")),
    (25, ("Nutrition", "Tubefeeding Order")),
    (21, ("Consults", "Physical Therapy")),
    (20, ("Blood Bank", "Red Cell Product Order")),
    (17, ("Cardiology", "ECG")),
    (15, ("IV therapy", "IV access request")),
    (15, ("General Care", "Therapeutic devices/DVT/Prophylaxis")),
    (14, ("Cardiology", "Echo")),
    (14, ("General Care", "Wound Care")),
    (14, ("Nutrition", "Nutrition consult")),
    (10, ("ADT orders", "Postop")),
    (10, ("Consults", "Discharge Followup Appointment")),
    (10, ("Blood Bank", "Platelet Product Order")),
    (10, ("TPN", "Central TPN")),
    (10, ("Consults", "Social Work")),
    (9, ("Critical Care", "Hemodynamic monitoring")),
    (8, ("Radiology", "MRI")),
    (8, ("Radiology", "Interventional Radiology")),
    (7, ("Radiology", "Ultrasound")),
    (6, ("Blood Bank", "Frozen Plasma Product Order")),
    (5, ("General Care", "Precautions")),
    (5, ("Consults", "Occupational Therapy")),
    (5, ("Consults", "Speech/Swallowing")),
    (3, ("Neurology", "EEG")),
    (3, ("Consults", "Infectious Disease")),
    (2, ("Consults", "Palliative Care/Ethics Support")),
    (1, ("OB", "Obstetrics")),
    (1, ("Critical Care", "Intra-cranial monitoring")),
    (1, ("General Care", "Dialysis")),
    (1, ("Respiratory", "BiPAP")),
    (1, ("Radiology", "Angio")),
];

const RESPIRATORY: [(u32, &str); 4] =
    [(60, "Mechanical Ventilation"), (28, "Oxygen Therapy"), (9, "Extubate"), (3, "BiPAP")];

/// As ordered: two of the texts differ in blanks only, which concepts depend on.
const CODE_STATUS: [(u32, &str); 5] = [
    (560, "Resuscitate (Full code)"),
    (160, "Full code  (attempt resuscitation)"),
    (90, "DNAR (DO NOT attempt resuscitation for cardiac arrest) "),
    (160, "Do not resuscitate (DNR/DNI)"),
    (30, "Comfort care, see note"),
];

#[cfg(test)]
mod tests {
    use super::{CODE_STATUS, DAILY, RESPIRATORY};
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_of_order_occurs_and_blanks_are_kept() {
        let kinds: BTreeSet<&str> = DAILY.iter().map(|(_, (kind, _))| *kind).collect();
        assert!(kinds.len() >= 12, "{kinds:?}");
        assert!(RESPIRATORY.iter().any(|(_, name)| *name == "Extubate"));
        assert!(CODE_STATUS.iter().any(|(_, text)| text.ends_with(") ")));
        assert!(CODE_STATUS.iter().any(|(_, text)| text.contains("code  (")));
    }
}
