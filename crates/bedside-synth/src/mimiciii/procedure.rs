//! Lines, ventilation, dialysis and imaging in MetaVision (procedureevents_mv), and dates in both systems (datetimeevents).

use super::numbers::{Book, Lines};
use super::table::Table;
use super::{Bed, caregiver};
use crate::random::{Random, Topic};
use crate::support::{Air, Method, Urine};
use crate::time::{DAY, HOUR, MINUTE, Time};

/// Writes the procedures and the dates of a stay.
pub(super) fn write(bed: Bed<'_>, book: &mut Book<'_>) {
    dates(bed, book);
    if bed.carevue() {
        return;
    }
    let random = bed.random(Topic::Procedure);
    let mut list = List { bed, random, order: bed.icustay * 1000, lines: book.lines(Table::ProcedureeventsMv) };
    list.access();
    list.ventilation();
    list.dialysis();
    list.tasks();
}

struct List<'a> {
    bed: Bed<'a>,
    random: Random,
    /// The last order.
    order: i64,
    lines: Lines<'a>,
}

/// What follows from the kind of procedure.
#[derive(Clone, Copy)]
struct Kind {
    category: &'static str,
    description: &'static str,
    /// Whether its length is charted.
    lasts: bool,
}

const LINE: Kind = Kind { category: "Invasive Lines", description: "Task", lasts: true };
const PERIPHERAL: Kind = Kind { category: "Peripheral Lines", description: "Task", lasts: true };
const VENTILATION: Kind = Kind { category: "Ventilation", description: "Task", lasts: true };
const TUBE: Kind = Kind { category: "Intubation/Extubation", description: "Electrolytes", lasts: false };
const DIALYSIS: Kind = Kind { category: "Dialysis", description: "Task", lasts: true };
const FILTER: Kind = Kind { category: "CRRT Filter Change", description: "Electrolytes", lasts: false };
const IMAGING: Kind = Kind { category: "Imaging", description: "Electrolytes", lasts: false };
const PROCEDURES: Kind = Kind { category: "Procedures", description: "Electrolytes", lasts: false };

/// Sites as charted, some with a full stop or with a letter more.
const VENOUS: &[&str] =
    &["Right IJ", "Left IJ", "Right Subclavian", "Right Femoral", "Right Femoral.", "Left Femoral", "Left Femoral."];
const ARTERIAL: &[&str] =
    &["Right Radial", "Left Radial", "Right Femoral", "Left Brachial", "Right Brachial", "Left Axilla"];
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

/// Lines that go round, so that each occurs: item, sites, whether some are charted as arterial.
const RARE_LINES: [(i64, &[&str]); 20] = [
    (224_264, ARM),
    (224_267, VENOUS),
    (224_268, VENOUS),
    (225_199, VENOUS),
    (225_789, VENOUS),
    (224_272, VENOUS),
    (225_202, &[""]),
    (225_203, VENOUS),
    (225_315, VENOUS),
    (227_719, VENOUS),
    (224_269, VENOUS),
    (228_169, VENOUS),
    (228_286, &["Right Proximal Tibia"]),
    (225_204, ARM),
    (224_560, VENOUS),
    (224_273, VENOUS),
    (225_761, VENOUS),
    (228_201, VENOUS),
    (228_202, VENOUS),
    (225_205, ARM),
];

impl List<'_> {
    fn access(&mut self) {
        let length = self.bed.stay.length();
        for _ in 0..self.random.round(800 + length * 25 / 100) {
            let item = *self.random.pick(&[224_275, 224_277, 224_274]);
            self.line(
                item,
                &["Right Metacarpal", "Left Metacarpal", "Left Cephalic Lower Arm"],
                "Peripheral",
                PERIPHERAL,
            );
        }
        if self.bed.stay.arterial {
            // One in ten without its group, one in twenty under the wrong one.
            let group = *self.random.weighted(&[(850, "Invasive Arterial"), (100, ""), (50, "Invasive Venous")]);
            self.line(225_752, ARTERIAL, group, LINE);
        }
        if self.bed.stay.central {
            let group = *self.random.weighted(&[(880, "Invasive Venous"), (70, ""), (50, "Invasive Arterial")]);
            self.line(224_263, VENOUS, group, LINE);
        }
        if self.bed.stay.skull {
            self.line(226_124, &["R Ventricular", "L Ventricular"], "", LINE);
        }
        for turn in 0..2 {
            if self.random.chance(550) {
                let at = (self.bed.patient().index as usize * 3 / 5 * 2 + turn) % RARE_LINES.len();
                let (item, sites) = RARE_LINES[at];
                let group = *self.random.weighted(&[(600, "Invasive Venous"), (250, "Invasive Arterial"), (150, "")]);
                self.line(item, sites, group, LINE);
            }
        }
        if self.bed.stay.dialysis.as_ref().is_some_and(|dialysis| dialysis.method != Method::Peritoneal) {
            self.line(224_270, VENOUS, "Invasive Venous", LINE);
        }
    }

    fn line(&mut self, item: i64, sites: &[&str], group: &str, kind: Kind) {
        let span = self.bed.end - self.bed.begin;
        let begin = self.bed.begin + self.random.between(0, span / 3 / MINUTE) * MINUTE;
        let end = if self.random.chance(550) { self.bed.end } else { begin + self.random.between(span / 4, span) };
        let site = *self.random.pick(sites);
        self.put(item, begin.floor(MINUTE), end.min(self.bed.end).floor(MINUTE), kind, (site, group));
    }

    fn ventilation(&mut self) {
        let last = self.bed.stay.breathing.len().saturating_sub(1);
        for (number, part) in self.bed.stay.breathing.iter().enumerate() {
            let (begin, end) = (part.begin.max(self.bed.begin), part.end.min(self.bed.end));
            if end <= begin || !part.kind.ventilated() {
                continue;
            }
            let (begin, end) = (begin.floor(MINUTE), end.floor(MINUTE));
            let item = if matches!(part.kind, Air::Mask { .. }) { 225_794 } else { 225_792 };
            self.put(item, begin, end, VENTILATION, ("", ""));
            if !part.kind.has_tube() {
                continue;
            }
            if self.random.chance(600) {
                self.put(224_385, begin, begin + MINUTE, TUBE, ("", ""));
            }
            let died = number == last && self.bed.admission().died();
            if !died && end < self.bed.end && self.random.chance(900) {
                let item = *self.random.weighted(&[(880, 227_194), (80, 225_468), (40, 225_477)]);
                self.put(item, end, end + MINUTE, TUBE, ("", ""));
            }
        }
    }

    fn dialysis(&mut self) {
        let Some(dialysis) = &self.bed.stay.dialysis else { return };
        let (begin, end) = (dialysis.begin.max(self.bed.begin), dialysis.end.min(self.bed.end));
        if end <= begin {
            return;
        }
        let item = match dialysis.method {
            Method::Hemodialysis => 225_441,
            Method::Peritoneal => 225_805,
            Method::Continuous("CVVHD") => 225_803,
            Method::Continuous("CVVHDF") => 225_809,
            Method::Continuous("SCUF") => 225_955,
            Method::Continuous(_) => 225_802,
        };
        self.put(item, begin, end, DIALYSIS, ("", ""));
        if matches!(dialysis.method, Method::Continuous(_)) && self.random.chance(700) {
            let middle = (begin + (end - begin) / 2).floor(MINUTE);
            self.put(225_436, middle, middle + MINUTE, FILTER, ("", ""));
        }
    }

    fn tasks(&mut self) {
        let tasks = [
            (225_459, 480, IMAGING),
            (221_214, 150, IMAGING),
            (221_217, 60, IMAGING),
            (225_432, 70, IMAGING),
            (225_402, 160, PROCEDURES),
            (225_401, 160, PROCEDURES),
            (225_454, 90, PROCEDURES),
            (225_451, 80, PROCEDURES),
            (225_966, 60, PROCEDURES),
        ];
        for (item, daily, kind) in tasks {
            for _ in 0..self.random.round(self.bed.stay.length() * daily / 1000) {
                let span = (self.bed.end - self.bed.begin) / MINUTE;
                let time =
                    (self.bed.begin + self.random.between(0, span - 1) * MINUTE).floor(MINUTE).max(self.bed.begin);
                self.put(item, time, time + MINUTE, kind, ("", ""));
            }
        }
    }

    /// A row, and before it now and then the entry that it replaced.
    fn put(&mut self, item: i64, begin: Time, end: Time, kind: Kind, place: (&str, &str)) {
        self.order += 1;
        let begin = begin.max(self.bed.begin.floor(MINUTE));
        let end = end.max(begin);
        if self.random.chance(40) {
            let wrong = begin + self.random.between(5, 90) * MINUTE;
            self.row(item, begin, wrong.min(end), kind, place, "Rewritten");
        }
        let status = self.random.word(&[(950, "FinishedRunning"), (20, "Stopped"), (10, "Paused"), (20, "")]);
        self.row(item, begin, end, kind, place, status);
    }

    fn row(&mut self, item: i64, begin: Time, end: Time, kind: Kind, (site, group): (&str, &str), status: &str) {
        let bed = self.bed;
        let rewritten = status == "Rewritten";
        let tied = !self.random.chance(8);
        let valued = !self.random.chance(8);
        let canceled = rewritten && self.random.chance(700);
        let rows = self.lines.start();
        rows.int(bed.visit.hadm).maybe_int(tied.then_some(bed.icustay)).time(begin).time(end).int(item);
        let minutes = (end - begin) / MINUTE;
        match (kind.lasts, valued) {
            (_, false) => rows.null().null(),
            (false, _) => rows.int(1).quoted("None"),
            (true, _) if item == 225_441 => rows.decimal(minutes * 100 / 60, 2).quoted("hour"),
            (true, _) if kind.category == "Invasive Lines" && minutes > 20 * 1440 => {
                rows.decimal(minutes * 100 / 1440, 2).quoted("day")
            }
            (true, _) => rows.int(minutes).quoted("min"),
        };
        rows.quoted(site).quoted(group).time(end + 17 * MINUTE).int(caregiver(bed.icustay, begin));
        rows.int(self.order).int(self.order).quoted(kind.category).quoted(if item % 97 == 0 { "Task" } else { "" });
        rows.quoted(kind.description).int(i64::from(kind.lasts)).int(i64::from(self.order % 40 == 0));
        rows.int(if canceled { 1 } else { i64::from(rewritten) * 2 }).quoted(status);
        rows.quoted(if rewritten && !canceled { "RN" } else { "" }).quoted(if canceled { "MD" } else { "" });
        rows.maybe_time(rewritten.then(|| end + 30 * MINUTE)).end();
    }
}

/// Dates of lines: when they were placed, when dressing and tubing were changed.
fn dates(bed: Bed<'_>, book: &mut Book<'_>) {
    let mut random = bed.random(Topic::Dates);
    let mut lines = book.lines(Table::Datetimeevents);
    let carevue = bed.carevue();
    let groups: [(bool, &[i64], &[i64]); 5] = [
        (!bed.visit.is_newborn(), &[5684], &[225_754, 225_755]),
        (bed.stay.arterial, &[5685, 6705], &[224_288, 224_290, 224_287, 224_284]),
        (bed.stay.central, &[6704, 6703, 7152], &[224_280, 224_279, 224_282, 224_261]),
        (bed.stay.urine == Urine::Catheter, &[], &[224_878, 227_790]),
        (bed.stay.dialysis.is_some(), &[], &[225_318, 225_319, 225_321, 225_322, 225_324, 225_128]),
    ];
    for (present, old, new) in groups {
        let items = if carevue { old } else { new };
        if !present || items.is_empty() {
            continue;
        }
        let mut time = (bed.begin + random.between(5, 180) * MINUTE).floor(MINUTE);
        while time < bed.end {
            for item in items {
                let dated = random.chance(960);
                let value = bed.stay.begin.midnight() - random.between(0, 2) * DAY;
                let timed = !carevue && item % 4 == 0;
                let value = if timed { time.floor(HOUR) - random.between(0, 9) * HOUR } else { value };
                let error = !carevue && random.chance(6);
                let rows = lines.start();
                rows.int(bed.visit.hadm).int(bed.icustay).int(*item).time(time).time(time + 7 * MINUTE);
                rows.int(caregiver(bed.icustay, time)).maybe_time(dated.then_some(value));
                rows.quoted(if timed { "Date and Time" } else { "Date" });
                flags(rows, carevue, error).end();
            }
            time = time + random.between(4 * 60, 9 * 60) * MINUTE;
        }
    }
}

/// The last columns of tables that both systems fill: warning and error, or resultstatus and stopped.
pub(super) fn flags(rows: &mut crate::text::Rows, carevue: bool, error: bool) -> &mut crate::text::Rows {
    if carevue { rows.null().null().null().quoted("NotStopd") } else { rows.int(0).int(i64::from(error)).null().null() }
}

#[cfg(test)]
mod tests {
    use super::RARE_LINES;
    use crate::mimiciii::dictionary::fluid_items::PROCEDURE;

    #[test]
    fn lines_are_in_the_dictionary() {
        for (item, _) in RARE_LINES {
            assert!(PROCEDURE.list.iter().any(|known| known.id == item), "{item}");
        }
    }
}
