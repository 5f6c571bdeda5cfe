//! Height, weight, code status and the problem list.

use super::Chart;
use crate::course::Organ;
use crate::dictionary::chart_items as item;
use crate::random::Topic;
use crate::time::{DAY, HOUR, MINUTE};

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Measures);
    height(chart);
    weight(chart);
    code_status(chart);
    problems(chart);
}

fn height(chart: &mut Chart<'_>) {
    if chart.random.chance(250) {
        return;
    }
    let height = chart.patient.height;
    let moment = chart.stay.begin + chart.random.between(5, 240) * MINUTE;
    chart.at(moment);
    let inches = (height * 100 + 127) / 254;
    match chart.random.below(100) {
        // Feet taken for inches, centimetres for inches: a height that no concept believes.
        0 => chart.number(&item::HEIGHT_CM, 61, 0),
        1 => chart.number(&item::HEIGHT_INCHES, height / 10, 0),
        2..30 => chart.number(&item::HEIGHT_INCHES, inches / 10, 0),
        _ => {
            chart.number(&item::HEIGHT_INCHES, inches / 10, 0);
            chart.number(&item::HEIGHT_CM, height / 10, 0);
        }
    }
}

fn weight(chart: &mut Chart<'_>) {
    let weight = chart.patient.weight;
    if !chart.random.chance(40) {
        let moment = chart.stay.begin + chart.random.between(0, 90) * MINUTE;
        chart.at(moment);
        match chart.random.below(300) {
            0 => chart.number(&item::WEIGHT_ADMISSION, 0, 1),
            1 => chart.missing(&item::WEIGHT_ADMISSION),
            _ => chart.number(&item::WEIGHT_ADMISSION, weight, 1),
        }
    }
    let mut change = 0;
    for time in chart.moments(DAY) {
        if time - chart.stay.begin < 10 * HOUR || chart.random.chance(350) {
            continue;
        }
        // Fluids come and go, tenths of a kilogram a day.
        change += 8 * chart.admission.course.level(Organ::Circulation, time) / 300 - 6 + chart.random.bell(9);
        let moment = time.midnight() + chart.random.between(1, 6) * HOUR;
        chart.at(moment);
        chart.number(&item::WEIGHT_DAILY, weight + change, 1);
    }
}

fn code_status(chart: &mut Chart<'_>) {
    let dies = chart.admission.died();
    let mut status = *chart.random.weighted(if dies { &CODES_OF_THE_DYING } else { &CODES });
    if chart.random.chance(600) {
        let moment = chart.stay.begin + chart.random.between(10, 400) * MINUTE;
        chart.at(moment);
        chart.word(&item::CODE_STATUS, status, None);
    }
    if dies && chart.stay.end + HOUR >= chart.admission.discharge && chart.random.chance(700) {
        status = "Comfort measures only";
        let moment =
            chart.stay.end - chart.random.between(30, 900).min((chart.stay.end - chart.stay.begin) / 60) * MINUTE;
        chart.at(moment);
        chart.word(&item::CODE_STATUS, status, None);
    }
}

const CODES: [(u32, &str); 5] = [
    (830, "Full code"),
    (70, "DNR / DNI"),
    (50, "DNR (do not resuscitate)"),
    (20, "DNI (do not intubate)"),
    // A text that the concept does not know.
    (30, "Other/Remarks"),
];
const CODES_OF_THE_DYING: [(u32, &str); 4] =
    [(500, "Full code"), (300, "DNR / DNI"), (150, "DNR (do not resuscitate)"), (50, "DNI (do not intubate)")];

fn problems(chart: &mut Chart<'_>) {
    if chart.random.chance(130) {
        return;
    }
    let texts =
        ["Alteration in nutrition", "Anxiety", "Pain, acute", "Risk for injury", "Skin, \"at risk\"", "Fluid balance"];
    for day in 0..=(chart.stay.end - chart.stay.begin - HOUR) / DAY {
        let moment = chart.stay.begin + day * DAY + chart.random.between(0, 50) * MINUTE;
        chart.at(moment);
        chart.word(&item::PROBLEM_LIST, chart.admission.problem.name, None);
        if chart.random.chance(500) {
            let text = *chart.random.pick(&texts);
            chart.word(&item::PROBLEM_LIST, text, None);
        }
    }
}
