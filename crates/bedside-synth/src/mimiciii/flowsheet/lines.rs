//! Invasive lines in CareVue: eight slots with a type and a site each.

use super::Chart;
use crate::random::Topic;
use crate::support::Method;
use crate::time::{HOUR, MINUTE};

/// Items of type and site by slot.
const SLOTS: [(i64, i64); 8] =
    [(229, 8392), (235, 8393), (241, 8394), (247, 8395), (253, 8396), (259, 8397), (265, 8398), (271, 8399)];

/// Types that go round, so that each occurs.
const RARE_TYPES: [&str; 19] = [
    "PICC line",
    "Introducer",
    "Trauma Line",
    "Portacath",
    "Venous Access",
    "Hickman",
    "PacerIntroducer",
    "TripleIntroducer",
    "IABP",
    "PA line",
    "CCO PA Line",
    "Pre-Sep Catheter",
    "Midline",
    "RIC",
    "PermaCath",
    "Sheath",
    "Dialysis Line",
    "AVA Line",
    "Multi-lumen",
];

const SITES: [&str; 18] = [
    "Right IJ",
    "Left IJ",
    "Right Subclavian",
    "Left Femoral",
    "Left Femoral.",
    "Right Femoral",
    "Right Femoral.",
    "Right Antecub",
    "Left Antecub",
    "Left Antecube",
    "Right Antecube",
    "Left Brachial",
    "Left Brachial.",
    "Right Brachial.",
    "Right Axilla",
    "Right Axilla.",
    "Left Axilla.",
    "Right Radial",
];

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Lines);
    if !chart.carevue() || chart.bed.visit.is_newborn() {
        return;
    }
    let mut types = Vec::new();
    if chart.bed.stay.arterial {
        types.push("A-Line");
    }
    if chart.bed.stay.central {
        types.push("Multi-lumen");
    }
    if chart.bed.stay.dialysis.as_ref().is_some_and(|dialysis| dialysis.method != Method::Peritoneal) {
        types.push("Dialysis Line");
    }
    if chart.random.chance(450) {
        types.push(chart.next(&RARE_TYPES));
    }
    // Slots are not filled from the first on.
    let first = chart.bed.patient().index as usize % 5;
    for (number, kind) in types.into_iter().enumerate() {
        let (type_item, site_item) = SLOTS[(first + number) % SLOTS.len()];
        line(chart, kind, type_item, site_item);
    }
}

/// One line, looked at every few hours until it is taken out.
fn line(chart: &mut Chart<'_>, kind: &str, type_item: i64, site_item: i64) {
    let site = chart.next(&SITES);
    let span = (chart.bed.end - chart.bed.begin) / HOUR;
    let mut time = (chart.bed.begin + chart.random.between(0, span / 4) * HOUR).floor(HOUR).max(chart.bed.begin);
    let end = time + chart.random.between(span / 4, span) * HOUR;
    while time < end.min(chart.bed.end) {
        let stored = if chart.random.chance(20) { None } else { Some(time + 20 * MINUTE) };
        chart.at_stored(time, stored);
        let fate = chart.random.below(60);
        match fate {
            // Only the site, only the type, another site, another type at the same time, no mark.
            0 => chart.placed(site_item, site, "NotStopd"),
            1 => chart.placed(type_item, kind, "NotStopd"),
            2 => {
                chart.placed(type_item, kind, "NotStopd");
                chart.placed(site_item, "Right IJ", "NotStopd");
            }
            3 => {
                chart.placed(type_item, kind, "NotStopd");
                chart.at_stored(time, Some(time + 50 * MINUTE));
                chart.placed(type_item, "Multi-lumen", "NotStopd");
                chart.placed(site_item, site, "NotStopd");
            }
            4 => {
                chart.placed(type_item, kind, "");
                chart.placed(site_item, site, "");
            }
            _ => {
                chart.placed(type_item, kind, "NotStopd");
                chart.placed(site_item, site, "NotStopd");
            }
        }
        // Sixteen hour boundaries end an episode for one definition, seventeen for another.
        let pause = *chart.random.weighted(&[(900, 4), (60, 15), (25, 16), (15, 17)]);
        time = time + pause * HOUR + chart.random.between(0, 3) * 20 * MINUTE;
    }
    if time < chart.bed.end {
        chart.at(time);
        chart.placed(type_item, kind, "D/C'd");
        chart.placed(site_item, site, "D/C'd");
    }
}
