//! Lines, ventilation, dialysis, imaging and the like: procedureevents.

use crate::admission::Admission;
use crate::dictionary::fluid_items as fluid;
use crate::dictionary::items::Item;
use crate::dictionary::provider;
use crate::identifier::Counter;
use crate::patient::Patient;
use crate::problem::Trait;
use crate::random::{Random, Topic};
use crate::stay::Stay;
use crate::support::{Air, Method};
use crate::table::{Sheets, Table};
use crate::text::Rows;
use crate::time::{HOUR, MINUTE, Time};

/// Writes the procedures of a stay.
pub(crate) fn write(patient: &mut Patient, admission: &Admission, stay: &Stay, sheets: &mut Sheets) {
    let random = patient.random(Topic::Procedure, stay.id);
    let rows = sheets.of(Table::Procedureevents);
    let mut list = List { patient, admission, stay, random, rows };
    list.lines();
    list.ventilation();
    list.dialysis();
    list.tasks();
}

/// Sites of invasive lines, some spelt in more than one way.
const VENOUS: &[&str] = &[
    "Right IJ",
    "Right IJ",
    "Right IJ",
    "Left IJ",
    "Right IJ.",
    "Right Subclavian",
    "Left Subclavian",
    "Right Femoral",
    "Right Femoral.",
    "Left Femoral",
    "Left Femoral.",
];
const ARTERIAL: &[&str] = &[
    "Right Radial",
    "Left Radial",
    "Right Radial",
    "Left Radial",
    "Right Femoral",
    "Left Brachial",
    "Right Brachial",
    "Left Axilla",
    "Right Axilla",
];
const ARM: &[&str] = &[
    "Right Brachial",
    "Right Brachial.",
    "Left Brachial",
    "Left Brachial.",
    "Right Antecub",
    "Right Antecube",
    "Left Antecub",
    "Left Antecube",
    "Right Axilla.",
    "Left Axilla.",
    "Right Axilla",
    "Left Axilla",
];
const PERIPHERAL: &[&str] =
    &["Right Metacarpal", "Left Metacarpal", "Right Antecubital", "Left Antecubital", "Right Cephalic Lower Arm"];
const NOWHERE: &[&str] = &[""];

/// Lines that are rarer than a central, an arterial and a peripheral one: item, weight, sites.
const RARE_LINES: &[(u32, (Item, &[&str]))] = &[
    (200, (fluid::PICC, ARM)),
    (90, (fluid::CORDIS, VENOUS)),
    (80, (fluid::PA_CATHETER, VENOUS)),
    (50, (fluid::CCO_CATHETER, VENOUS)),
    (40, (fluid::TRAUMA_LINE, VENOUS)),
    (30, (fluid::TRIPLE_INTRODUCER, VENOUS)),
    (40, (fluid::MIDLINE, ARM)),
    (40, (fluid::PORT, NOWHERE)),
    (30, (fluid::HICKMAN, VENOUS)),
    (25, (fluid::PHERESIS_CATHETER, VENOUS)),
    (25, (fluid::PRESEP_CATHETER, VENOUS)),
    (25, (fluid::RAPID_INFUSION, ARM)),
    (30, (fluid::VENOUS_SHEATH, VENOUS)),
    (25, (fluid::SHEATH_INSERTION, VENOUS)),
    (15, (fluid::AVA_LINE, VENOUS)),
    (15, (fluid::INTRAOSSEOUS, &["Right Proximal Tibia", "Left Proximal Tibia", "Right Humeral Head"])),
];
const PUMP_LINES: &[(u32, (Item, &[&str]))] = &[
    (40, (fluid::BALLOON_PUMP_LINE, VENOUS)),
    (20, (fluid::IMPELLA_LINE, VENOUS)),
    (20, (fluid::TANDEM_INFLOW, VENOUS)),
    (20, (fluid::TANDEM_OUTFLOW, VENOUS)),
];

struct List<'a> {
    patient: &'a mut Patient,
    admission: &'a Admission,
    stay: &'a Stay,
    random: Random,
    rows: &'a mut Rows,
}

impl List<'_> {
    fn lines(&mut self) {
        for _ in 0..self.random.round(1_500 + self.stay.length() * 35 / 100) {
            self.line(&fluid::PERIPHERAL_LINE, PERIPHERAL, "Peripheral", "Peripheral Lines");
        }
        if self.stay.arterial {
            self.line(&fluid::ARTERIAL_LINE, ARTERIAL, "Invasive Arterial", "Invasive Lines");
        }
        if self.stay.central {
            self.line(&fluid::MULTI_LUMEN, VENOUS, "Invasive Venous", "Invasive Lines");
        }
        if self.stay.skull {
            self.line(&fluid::ICP_CATHETER, &["R Ventricular", "L Ventricular"], "", "Invasive Lines");
        }
        if self.random.chance(420) {
            let (item, sites) = *self.random.weighted(RARE_LINES);
            self.line(&item, sites, "Invasive Venous", "Invasive Lines");
        }
        if self.admission.problem.has(Trait::Pump) && self.random.chance(300) {
            let (item, sites) = *self.random.weighted(PUMP_LINES);
            self.line(&item, sites, "Invasive Arterial", "Invasive Lines");
        }
        if self.stay.dialysis.as_ref().is_some_and(|dialysis| dialysis.method != Method::Peritoneal) {
            self.line(&fluid::DIALYSIS_CATHETER, VENOUS, "Invasive Venous", "Invasive Lines");
        }
        if self.random.chance(230) {
            self.line(&fluid::BLADDER_CATHETER, &["Urethral"], "Catheter, GU", "Tubes");
        }
    }

    fn line(&mut self, item: &Item, sites: &[&str], group: &str, category: &str) {
        let length = (self.stay.end - self.stay.begin) / MINUTE;
        let begin = self.stay.begin + self.random.between(0, length / 3) * MINUTE;
        let end = (begin + self.random.between(length / 3, length) * MINUTE).min(self.stay.end);
        // One line in three has no site.
        let site = if self.random.chance(350) { "" } else { self.random.pick(sites) };
        self.put(item, begin, end, Some((site, group)), category, true);
    }

    fn ventilation(&mut self) {
        let parts = &self.stay.breathing;
        for (number, part) in parts.iter().enumerate() {
            match part.kind {
                Air::Tube(_) => {
                    self.put(&fluid::VENTILATION, part.begin, part.end, None, "Ventilation", true);
                    if number > 0 {
                        self.task(&fluid::INTUBATION, part.begin, "Intubation/Extubation");
                    }
                    if number + 1 < parts.len() {
                        self.task(&fluid::EXTUBATION, part.end, "Intubation/Extubation");
                    }
                }
                Air::Tracheostomy { ventilator: true } => {
                    self.put(&fluid::VENTILATION, part.begin, part.end, None, "Ventilation", true);
                }
                Air::Mask { .. } => self.put(&fluid::MASK_VENTILATION, part.begin, part.end, None, "Ventilation", true),
                _ => {}
            }
        }
    }

    fn dialysis(&mut self) {
        let Some(dialysis) = &self.stay.dialysis else { return };
        let item = match dialysis.method {
            Method::Hemodialysis => &fluid::HEMODIALYSIS,
            Method::Peritoneal => &fluid::PERITONEAL_DIALYSIS,
            // A third of the circuits are entered under the general item, the others under their mode.
            Method::Continuous(_) if self.random.chance(350) => &fluid::DIALYSIS_CRRT,
            Method::Continuous("CVVHD") => &fluid::DIALYSIS_CVVHD,
            Method::Continuous("CVVHDF") => &fluid::DIALYSIS_CVVHDF,
            Method::Continuous("SCUF") => &fluid::DIALYSIS_SCUF,
            Method::Continuous(_) => &fluid::DIALYSIS_CRRT,
        };
        let category = if item.id == fluid::HEMODIALYSIS.id { "Continuous Procedures" } else { "Dialysis" };
        self.put(item, dialysis.begin, dialysis.end, None, category, true);
        if matches!(dialysis.method, Method::Continuous(_)) && self.random.chance(500) {
            let at = dialysis.begin + (dialysis.end - dialysis.begin) / 2;
            self.task(&fluid::FILTER_CHANGE, at.floor(MINUTE), "Procedures");
        }
    }

    fn tasks(&mut self) {
        let tasks = [
            (&fluid::CHEST_FILM, 330, "Imaging"),
            (&fluid::TOMOGRAPHY, 110, "Imaging"),
            (&fluid::ULTRASOUND, 90, "Procedures"),
            (&fluid::ELECTROCARDIOGRAM, 130, "Procedures"),
            (&fluid::CULTURE_BLOOD, 85, "Procedures"),
            (&fluid::CULTURE_URINE, 65, "Procedures"),
            (&fluid::FAMILY_TALK, 130, "Communication"),
            (&fluid::ENDOSCOPY, 15, "Procedures"),
        ];
        let minutes = ((self.stay.end - self.stay.begin) / MINUTE - 1).max(0);
        for (item, daily, category) in tasks {
            for _ in 0..self.random.round(self.stay.length() * daily / 1000) {
                let time = self.stay.begin + self.random.between(0, minutes) * MINUTE;
                self.task(item, time, category);
            }
        }
    }

    fn task(&mut self, item: &Item, time: Time, category: &str) {
        self.put(item, time, time + MINUTE, None, category, false);
    }

    fn put(&mut self, item: &Item, begin: Time, end: Time, place: Option<(&str, &str)>, category: &str, lasts: bool) {
        let begin = begin.max(self.stay.begin).min(self.stay.end - MINUTE);
        let end = end.min(self.stay.end).max(begin + MINUTE);
        let Some(order) = self.patient.ids.next(Counter::ProcedureOrder) else { return };
        let minutes = (end - begin) / MINUTE;
        let rows = &mut *self.rows;
        let stay = self.stay.id;
        rows.int(self.patient.subject).int(self.admission.hadm).int(stay);
        let known = order % 6 != 1;
        rows.maybe_int(known.then(|| provider::caregiver(stay, begin.0 / (12 * HOUR)))).time(begin).time(end);
        rows.time(end + order % 50 * MINUTE);
        if order % 6 == 0 {
            // One storetime in six has a fraction of a second; it goes before the comma.
            rows.bytes.pop();
            rows.raw(b".353,");
        }
        rows.int(item.id);
        match (lasts, item.unit) {
            (true, "hour") => rows.decimal(minutes * 1000 / 60, 3).text("hour"),
            (true, _) if minutes > 4000 && order % 5 == 0 => rows.decimal(minutes * 1000 / 1440, 3).text("day"),
            (true, _) => rows.int(minutes).text("min"),
            // The text None, not a missing unit.
            (false, _) => rows.int(1).text("None"),
        };
        let (site, group) = place.unwrap_or(("", ""));
        rows.text(site).text(if site.is_empty() { "" } else { group }).int(order).int(order).text(category);
        rows.text(if lasts { "ContinuousProcess" } else { "Task" }).decimal(self.patient.weight, 1);
        rows.int(i64::from(lasts)).int(0);
        rows.text(if order % 53 == 0 { "Stopped" } else { "FinishedRunning" });
        rows.int(if lasts { minutes } else { 1 }).int(i64::from(lasts)).end();
    }
}
