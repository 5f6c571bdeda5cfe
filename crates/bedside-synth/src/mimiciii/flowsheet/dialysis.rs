//! Dialysis: circuits, sessions and exchanges with their settings and texts.

use super::Chart;
use crate::random::Topic;
use crate::support::{Dialysis, Method};
use crate::time::{HOUR, MINUTE, Time};

/// Hourly settings and measures of a circuit: items, value.
const CIRCUIT: [((i64, i64), i64); 9] = [
    ((29, 224_149), 60),
    ((173, 224_151), 45),
    ((192, 224_150), 150),
    ((624, 224_152), 110),
    ((79, 224_144), 120),
    ((142, 225_183), 100),
    ((146, 224_154), 1000),
    ((611, 224_153), 1500),
    ((5683, 224_191), 180),
];

/// Other measures of MetaVision, which go round.
const CIRCUIT_METAVISION: [(i64, i64); 8] = [
    (228_004, 180),
    (224_145, 500),
    (228_005, 900),
    (228_006, 200),
    (226_457, 220),
    (227_438, 20),
    (224_404, 1),
    (224_406, 1),
];

/// Texts about access and fluids, which go round.
const WORDS_METAVISION: [(i64, &str); 17] = [
    (225_977, "Prismasate K2"),
    (225_976, "Prismasate K4"),
    (225_958, "None"),
    (224_135, "Right IJ"),
    (224_139, "WNL"),
    (225_323, "WNL"),
    (225_954, "Tunneled (Hickman)"),
    (227_124, "Dialysis"),
    (225_776, "Transparent"),
    (225_740, "1"),
    (227_753, "Yes"),
    (225_956, "Clotted"),
    (227_290, "CVVH"),
    (227_290, "SCUF"),
    (227_290, "Other"),
    (225_952, "Heparin"),
    (227_638, "Antibiotics"),
];
const CHECKS_METAVISION: [i64; 3] = [226_118, 227_357, 225_725];

/// Texts of CareVue about access, which go round.
const WORDS_CAREVUE: [(i64, &str); 12] = [
    (148, "Right Femoral"),
    (149, "Temporary"),
    (150, "PRISMA"),
    (151, "WNL"),
    (152, "CVVH"),
    (152, "CVVHD"),
    (152, "CVVHDF"),
    (152, "SCUF"),
    (152, "Peritoneal"),
    (152, "Other"),
    (612, "Yes"),
    (7949, "12"),
];

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Dialysis);
    let Some(dialysis) = chart.bed.stay.dialysis.clone() else { return };
    let (begin, end) = (dialysis.begin.max(chart.bed.begin), dialysis.end.min(chart.bed.end));
    if end <= begin {
        return;
    }
    chart.turn *= 3;
    match dialysis.method {
        Method::Continuous(mode) => circuit(chart, mode, begin, end),
        Method::Hemodialysis => session(chart, begin, end),
        Method::Peritoneal => exchanges(chart, &dialysis, begin, end),
    }
    if chart.carevue() {
        procedures(chart, dialysis.method, begin, end);
    }
}

fn circuit(chart: &mut Chart<'_>, mode: &str, begin: Time, end: Time) {
    let mut time = begin.floor(MINUTE);
    let mut started = true;
    while time < end {
        chart.at(time);
        state(chart, started);
        started = false;
        for (items, usual) in CIRCUIT {
            let item = chart.either(items.0, items.1);
            let value = usual + chart.random.bell(usual / 10 + 1);
            match chart.random.below(50) {
                0 => chart.number(item, 0, 0),
                1 => {}
                2 => chart.word(item, "Unable", None),
                _ => chart.number(item, value, 0),
            }
        }
        if chart.carevue() {
            let infusing = if chart.random.chance(900) { "Yes" } else { "No" };
            chart.word(147, infusing, None);
            let (item, text) = chart.next(&WORDS_CAREVUE);
            let text = if item == 152 && chart.random.chance(700) { mode } else { text };
            chart.word(item, text, (item == 7949).then_some(12));
        } else {
            for _ in 0..2 {
                let (item, value) = chart.next(&CIRCUIT_METAVISION);
                chart.number(item, value, 0);
            }
            metavision_words(chart, Some(mode));
        }
        // Two hour boundaries keep an episode together, three do not.
        let pause = *chart.random.weighted(&[(900, 60), (50, 119), (30, 180), (20, 300)]);
        time = time + pause * MINUTE;
    }
    let end = end.floor(MINUTE);
    if end > time - HOUR && end < chart.bed.end {
        chart.at(end);
        let item = chart.either(665, 224_146);
        let text = if chart.carevue() { chart.random.any(&["Clotted", "DC'd", "DC"]) } else { "Discontinued" };
        chart.word(item, text, None);
    }
}

/// The circuit as a whole: started, running, clotting.
fn state(chart: &mut Chart<'_>, started: bool) {
    let item = chart.either(665, 224_146);
    if chart.carevue() {
        let text = if started {
            "Initiated"
        } else {
            chart.random.word(&[
                (500, "Active"),
                (200, "No Clot Present"),
                (120, "Clots Present"),
                (90, "Clot Increasing"),
                (50, "Initiated"),
                (40, "Clotted"),
            ])
        };
        chart.word(item, text, None);
        return;
    }
    let text = if started {
        chart.random.any(&["New Filter", "Reinitiated"])
    } else {
        chart.random.word(&[
            (700, "Active"),
            (100, "Clots Present"),
            (60, "No Clot Present"),
            (40, "Recirculating"),
            (40, "Reinitiated"),
            (30, "Discontinued"),
            (30, "New Filter"),
        ])
    };
    chart.word(item, text, None);
}

fn metavision_words(chart: &mut Chart<'_>, mode: Option<&str>) {
    for _ in 0..2 {
        let (item, text) = chart.next(&WORDS_METAVISION);
        match mode {
            Some(mode) if item == 227_290 && chart.random.chance(600) => chart.word(item, mode, None),
            // A reason for changing the filter ends an episode, so it is rare.
            _ if item == 225_956 && chart.random.chance(700) => {}
            _ => chart.word(item, text, None),
        }
    }
    if chart.random.chance(300) {
        let item = chart.next(&CHECKS_METAVISION);
        chart.number(item, 1, 0);
    }
}

fn session(chart: &mut Chart<'_>, begin: Time, end: Time) {
    for time in [begin, begin + (end - begin) / 2, end - MINUTE] {
        chart.at(time.floor(MINUTE));
        if chart.carevue() {
            for _ in 0..3 {
                let (item, text) = chart.next(&WORDS_CAREVUE);
                if item != 612 {
                    chart.word(item, text, None);
                }
            }
        } else {
            metavision_words(chart, None);
        }
    }
    if !chart.carevue() {
        chart.at((end - MINUTE).floor(MINUTE));
        chart.number(226_499, 2200, 0);
        chart.number(227_438, 300, 0);
    }
}

fn exchanges(chart: &mut Chart<'_>, dialysis: &Dialysis, begin: Time, end: Time) {
    let mut time = begin.floor(MINUTE);
    while time < end {
        chart.at(time);
        if chart.carevue() {
            chart.word(152, "Peritoneal", None);
            chart.word(148, "Abdomen", None);
        } else {
            let taken = chart.random.between(1500, 2400);
            for (item, value) in [(225_806, 2000), (225_807, taken), (225_810, 4), (225_959, 500), (227_639, 250)] {
                chart.number(item, value, 0);
            }
            let status = if time == dialysis.begin.floor(MINUTE) { "Capped" } else { "In use" };
            for (item, text) in [
                (225_965, status),
                (225_951, "Clear"),
                (225_953, "Dianeal 2.5%"),
                (225_963, "Tenckhoff"),
                (225_961, "units"),
                (227_640, "mg"),
                (225_952, "Heparin"),
                (227_638, "Antibiotics"),
            ] {
                if chart.random.chance(700) {
                    chart.word(item, text, None);
                }
            }
        }
        time = time + chart.random.between(3, 6) * HOUR;
    }
}

/// When a treatment began and ended, as a procedure of CareVue.
fn procedures(chart: &mut Chart<'_>, method: Method, begin: Time, end: Time) {
    let (start, stop) = match method {
        Method::Continuous(_) if chart.bed.patient().index.is_multiple_of(2) => ("CAVH Start", "CAVH D/C"),
        Method::Continuous(_) => ("CVVHD Start", "CVVHD D/C"),
        Method::Hemodialysis => ("Hemodialysis st", "Hemodialysis end"),
        Method::Peritoneal => ("Peritoneal Dial", "Peritoneal Dial"),
    };
    chart.at(begin.floor(MINUTE));
    chart.word(582, start, None);
    chart.at((end - MINUTE).floor(MINUTE));
    chart.word(582, stop, None);
}
