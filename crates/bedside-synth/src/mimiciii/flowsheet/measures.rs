//! Height, weight, code status, and single entries that some definition looks for.

use super::Chart;
use crate::course::Organ;
use crate::random::Topic;
use crate::time::{DAY, HOUR, MINUTE};

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Measures);
    if chart.bed.visit.is_newborn() {
        newborn(chart);
        return;
    }
    height(chart);
    weight(chart);
    code_status(chart);
    if chart.carevue() {
        typed(chart);
        words(chart);
    }
}

/// Centimetres or inches, now and then of something else than a person.
fn height(chart: &mut Chart<'_>) {
    if chart.random.chance(300) {
        return;
    }
    let (centimetres, hundredths) = (chart.bed.patient().height, (chart.bed.patient().height * 1000 + 127) / 254);
    let moment = chart.bed.begin + chart.random.between(5, 240) * MINUTE;
    chart.at(moment);
    let inches = if chart.carevue() { chart.next(&[920, 1394, 4187, 3486]) } else { 226_707 };
    let metric = if chart.carevue() { chart.next(&[3485, 4188]) } else { 226_730 };
    match chart.random.below(30) {
        0 => chart.number(inches, 6, 0),
        1 => chart.number(inches, centimetres / 10, 0),
        2 => chart.number(metric, 0, 0),
        3 => chart.number(metric, 61, 0),
        4..17 => chart.number(inches, hundredths, 2),
        17..24 => chart.number(metric, centimetres, 1),
        _ => {
            chart.number(inches, hundredths, 2);
            chart.number(metric, centimetres, 1);
        }
    }
}

fn weight(chart: &mut Chart<'_>) {
    let weight = chart.bed.patient().weight;
    if !chart.random.chance(120) {
        let moment = chart.bed.begin + chart.random.between(0, 90) * MINUTE;
        // Charted hours before the stay for some, exactly a day after its begin for others.
        let moment = match chart.random.below(25) {
            0 => chart.bed.stay.begin + DAY,
            _ => moment,
        };
        chart.at(moment);
        let item = chart.either(762, 226_512);
        match chart.random.below(100) {
            0 => chart.number(item, 0, 1),
            1 => chart.missing(item),
            _ => chart.number(item, weight, 1),
        }
        if chart.random.chance(40) {
            let item = chart.either(763, 224_639);
            chart.number(item, weight, 1);
        }
    }
    let mut change = 0;
    for time in chart.moments(DAY) {
        if time - chart.bed.begin < 10 * HOUR || chart.random.chance(350) {
            continue;
        }
        change += 8 * chart.level(Organ::Circulation, time) / 300 - 6 + chart.random.bell(9);
        let moment = time.midnight() + chart.random.between(1, 6) * HOUR;
        chart.at(moment);
        let item = chart.either(763, 224_639);
        chart.number(item, weight + change, 1);
        if chart.random.chance(15) {
            // Two weights at one moment.
            chart.number(item, weight + change + 2, 1);
        }
    }
}

/// Grams by text, kilograms, pounds and ounces.
fn newborn(chart: &mut Chart<'_>) {
    let grams = chart.bed.patient().weight * 100 + chart.random.between(0, 99);
    chart.at(chart.bed.begin + 15 * MINUTE);
    match chart.random.below(10) {
        0..4 => chart.number(3723, grams, 3),
        // Grams in the item of kilograms: no weight that a definition takes.
        4 => chart.number(3723, grams, 0),
        5 => chart.word(4183, &grams.to_string(), Some(grams)),
        6 => chart.word(4183, &format!("{}.{:03}", grams / 1000, grams % 1000), None),
        7 => chart.word(4183, &format!("{} kg", grams / 1000), None),
        8 => chart.word(4183, "50", Some(50)),
        _ => {}
    }
    let length = 300 + grams / 20;
    match chart.random.below(6) {
        0 => chart.number(4188, length, 1),
        1 => chart.number(3485, length, 1),
        2 => chart.number(4187, length * 1000 / 254, 2),
        3 => chart.number(3486, length * 1000 / 254, 2),
        4 => chart.number(4188, 1200, 1),
        _ => {}
    }
    let mut change = 0;
    let imperial = chart.random.chance(250);
    for time in chart.moments(DAY) {
        change += chart.random.between(-20, 55);
        let grams = grams + change;
        chart.at(time);
        let ounces = grams * 10_000 / 2835;
        match (imperial, chart.random.below(20)) {
            (false, 0) => chart.number(3580, 0, 3),
            (false, 1) | (true, 2..18) => {
                chart.number(3581, ounces / 1600, 0);
                chart.number(3582, ounces % 1600, 2);
            }
            (true, 0) => chart.number(3581, ounces / 1600, 0),
            (true, 1) => chart.number(3582, ounces % 1600, 2),
            _ => chart.number(3580, grams, 3),
        }
    }
}

/// Texts of CareVue are cut after sixteen characters.
const CODES_CAREVUE: [(u32, &str); 7] = [
    (700, "Full Code"),
    (110, "Do Not Resuscita"),
    (70, "Do Not Intubate"),
    (50, "CPR Not Indicate"),
    (40, "Other/Remarks"),
    (20, "Comfort Measures"),
    (10, "Remarks"),
];
const CODES_METAVISION: [(u32, &str); 5] = [
    (780, "Full code"),
    (90, "DNR / DNI"),
    (60, "DNR (do not resuscitate)"),
    (35, "DNI (do not intubate)"),
    (35, "Other/Remarks"),
];

fn code_status(chart: &mut Chart<'_>) {
    let dies = chart.bed.admission().died();
    let item = chart.either(128, 223_758);
    let mut status =
        if chart.carevue() { chart.random.word(&CODES_CAREVUE) } else { chart.random.word(&CODES_METAVISION) };
    if chart.random.chance(120) {
        return;
    }
    // CareVue's nurses charted it every shift, MetaVision's once and when it changed.
    let step = if chart.carevue() { 5 * HOUR } else { 60 * HOUR };
    for time in chart.moments(step) {
        if chart.random.chance(30) {
            status =
                if chart.carevue() { chart.random.word(&CODES_CAREVUE) } else { chart.random.word(&CODES_METAVISION) };
        }
        chart.at(time);
        if chart.random.chance(5) {
            chart.missing(item);
        } else {
            chart.word(item, status, None);
        }
    }
    if dies && chart.bed.end + HOUR >= chart.bed.admission().discharge && chart.random.chance(600) {
        let before = chart.random.between(30, 900).min((chart.bed.end - chart.bed.begin) / MINUTE - 1);
        chart.at(chart.bed.end - before * MINUTE);
        chart.word(item, if chart.carevue() { "Comfort Measures" } else { "Comfort measures only" }, None);
    }
}

/// Drugs that someone charted in the flowsheet instead of the inputs: paralysing ones, then dextran, then adenosine.
const TYPED: [i64; 17] =
    [1856, 2164, 2548, 2285, 2290, 2670, 2546, 1098, 2390, 2511, 1028, 1858, 2510, 3087, 6937, 3088, 4649];

fn typed(chart: &mut Chart<'_>) {
    if !chart.random.chance(400) {
        return;
    }
    let item = chart.next(&TYPED);
    let mut time = chart.moment();
    for _ in 0..chart.random.between(2, 9) {
        if !chart.bed.holds(time) {
            break;
        }
        chart.at(time);
        let tenths = match item {
            4649 => *chart.random.pick(&[60, 120, 0]),
            2510 | 3087 | 6937 | 3088 => *chart.random.pick(&[1000, 1001, 2500, 5000, 20_000, 300]),
            // Rates up to ten, amounts above.
            _ => *chart.random.pick(&[15, 20, 30, 0, 100, 120, 8]),
        };
        if chart.random.chance(60) {
            chart.missing(item);
        } else {
            let stopped = chart.random.word(&[(900, "NotStopd"), (60, "D/C'd"), (40, "Stopped")]);
            chart.start(item).quoted_decimal(tenths, 1).decimal(tenths, 1).null();
            chart.finish(item, stopped);
        }
        let pause = if chart.random.chance(100) { 9 * 60 } else { 60 };
        time = time + pause * MINUTE;
    }
}

/// Texts that tell of dialysis where one would not look for it.
const DIALYSIS_WORDS: [(i64, &str); 11] = [
    (917, "+ INITIATE DIALYSIS"),
    (917, "BLEEDING FROM DIALYSIS CATHETER"),
    (917, "FAILED DIALYSIS CATH."),
    (917, "FEBRILE SYNDROME;DIALYSIS"),
    (917, "HYPOTENSION WITH HEMODIALYSIS"),
    (917, "HYPOTENSION.GLOGGED DIALYSIS"),
    (917, "INFECTED DIALYSIS CATHETER"),
    (466, "Dialysis RN"),
    (927, "Dialysis Solutions"),
    (6250, "dialys"),
    (582, "Bronchoscopy"),
];

fn words(chart: &mut Chart<'_>) {
    let moment = chart.bed.begin + chart.random.between(5, 200) * MINUTE;
    chart.at(moment);
    let reason = chart.bed.admission().problem.name.to_uppercase();
    if chart.random.chance(220) {
        let (item, text) = chart.next(&DIALYSIS_WORDS);
        chart.word(item, text, None);
    } else {
        chart.word(917, &reason, None);
        chart.word(927, "None", None);
    }
    if chart.random.chance(200) {
        chart.word(582, "Chest X-Ray", None);
        chart.word(466, "IV Nurse", None);
    }
}
