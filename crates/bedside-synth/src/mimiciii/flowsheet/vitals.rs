//! Heart, pressure, breathing rate, saturation, temperature and bedside glucose.

use super::Chart;
use crate::course::Organ;
use crate::dictionary::conditions::Chronic;
use crate::problem::Trait;
use crate::random::Topic;
use crate::signs::{Drift, Signs};
use crate::time::{DAY, HOUR, MINUTE};

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Vitals);
    hourly(chart);
    temperature(chart);
    glucose(chart);
}

fn hourly(chart: &mut Chart<'_>) {
    let (usual_heart, usual_pressure) = (chart.random.bell(8), chart.random.bell(10));
    let mut drift = Drift { usual_heart, usual_pressure, ..Drift::default() };
    let newborn = chart.bed.visit.is_newborn();
    let mut moments = chart.moments(HOUR);
    // The very begin of the stay, and a day later to the second: the ends of the first day's window.
    for edge in [chart.bed.stay.begin, chart.bed.stay.begin + DAY] {
        if chart.bed.holds(edge) && chart.random.chance(250) {
            moments.push(edge);
        }
    }
    moments.sort_unstable();
    let line_from = chart.bed.begin + chart.random.between(0, 3) * HOUR;
    let rhythm = chart.random.word(&RHYTHMS);
    for time in moments {
        let signs = drift.signs(&mut chart.random, chart.bed.patient(), chart.bed.admission(), chart.bed.stay, time);
        let signs = if newborn { of_newborn(signs) } else { signs };
        chart.at(time);
        reading(chart, (211, 220_045), signs.heart, 320);
        if chart.random.chance(8) {
            // Entered twice.
            reading(chart, (211, 220_045), signs.heart + 1, 320);
        }
        reading(chart, (618, 220_210), signs.breath, 89);
        if !chart.random.chance(25) {
            reading(chart, (646, 220_277), signs.saturation, 110);
        }
        pressures(chart, &signs, time >= line_from);
        if !chart.random.chance(100) {
            let item = chart.either(212, 220_048);
            chart.word(item, rhythm, None);
            let item = chart.either(161, 224_650);
            let ectopy = chart.random.word(&[(840, "None"), (110, "PVCs"), (50, "PACs")]);
            chart.word(item, ectopy, None);
        }
    }
}

fn of_newborn(mut signs: Signs) -> Signs {
    signs.heart += 62;
    signs.systolic = signs.systolic * 55 / 100;
    signs.diastolic = signs.diastolic * 55 / 100;
    signs.mean = signs.mean * 55 / 100;
    signs.breath += 26;
    signs
}

/// A reading; now and then one that cannot be true: a loose lead, a slip of the keyboard, none.
fn reading(chart: &mut Chart<'_>, items: (i64, i64), value: i64, high: i64) {
    let item = chart.either(items.0, items.1);
    match chart.random.below(4000) {
        0 => chart.number(item, 0, 0),
        1 => chart.number(item, high, 0),
        2 => chart.number(item, -value / 10, 0),
        3 => chart.number(item, value * 10 + 999, 0),
        4 => chart.missing(item),
        _ => chart.number(item, value, 0),
    }
}

fn pressures(chart: &mut Chart<'_>, signs: &Signs, line: bool) {
    let invasive = chart.bed.stay.arterial && line;
    if invasive && !chart.random.chance(60) {
        let shift = chart.random.bell(5);
        // A second line has items of its own in CareVue, one in MetaVision.
        let second = chart.bed.icustay % 11 == 0;
        let items = if second && chart.carevue() {
            [(6701, 0), (8555, 0), (6702, 0)]
        } else {
            [(51, 220_050), (8368, 220_051), (52, if second { 225_312 } else { 220_052 })]
        };
        for (item, value) in items.into_iter().zip([signs.systolic + shift, signs.diastolic + shift / 2, signs.mean]) {
            reading(chart, item, value, 420);
        }
    }
    if chart.random.chance(if invasive { 170 } else { 880 }) {
        // Taken by hand now and then.
        let items = if chart.carevue() && chart.random.chance(25) {
            [(442, 0), (8440, 0), (443, 0)]
        } else {
            [(455, 220_179), (8441, 220_180), (456, 220_181)]
        };
        for (item, value) in items.into_iter().zip([signs.systolic, signs.diastolic, signs.mean]) {
            reading(chart, item, value, 410);
        }
    }
    if chart.bed.stay.central && chart.carevue() {
        let value = 9 + chart.random.bell(4);
        chart.number(113, value, 0);
    }
}

const RHYTHMS: [(u32, &str); 6] = [
    (600, "Normal Sinus"),
    (150, "Sinus Tachy"),
    (120, "Atrial Fib"),
    (60, "Sinus Brady"),
    (40, "V Paced"),
    (30, "SR (Sinus Rhythm)"),
];

fn temperature(chart: &mut Chart<'_>) {
    let mut warmth = 0;
    let celsius = chart.random.chance(300);
    for time in chart.moments(3 * HOUR + 30 * MINUTE) {
        warmth = warmth * 3 / 4 + chart.random.bell(4);
        let course = &chart.bed.admission().course;
        // Tenths of a degree Celsius.
        let fever = course.level(Organ::Inflammation, time) * 19 / 1000;
        let cold = if course.minutes_to_death(time).is_some_and(|left| left < 600) { 18 } else { 0 };
        let surgery = chart.bed.admission().problem.has(Trait::HeartSurgery) && time - chart.bed.begin < 3 * HOUR;
        let value = 366 + fever - cold - if surgery { 34 } else { 0 } + warmth;
        chart.at(time);
        // The wrong scale for the item, or nothing that a body has.
        let value_f = 320 + value * 9 / 5;
        match (celsius, chart.random.below(500)) {
            (true, 0) => chart.number(chart.either(676, 223_762), value_f, 1),
            (false, 0) => chart.number(chart.either(678, 223_761), value, 1),
            (_, 1) => chart.number(chart.either(676, 223_762), 0, 1),
            (true, _) => chart.number(chart.either(676, 223_762), value, 1),
            (false, _) => {
                chart.number(chart.either(678, 223_761), value_f, 1);
                if chart.carevue() {
                    chart.number(677, value, 1);
                }
            }
        }
    }
}

fn glucose(chart: &mut Chart<'_>) {
    let patient = chart.bed.patient();
    let diabetes = patient.has(Chronic::Diabetes) || patient.has(Chronic::DiabetesComplicated);
    let keto = chart.bed.admission().problem.has(Trait::Ketoacidosis);
    let step = if keto { HOUR } else { *chart.random.pick(&[4, 6, 6, 8, 12]) * HOUR };
    for time in chart.moments(step) {
        let peak = chart.level(Organ::Inflammation, time);
        let base = 112 + peak * 30 / 1000 + if diabetes { 50 } else { 0 };
        let sugar = if keto { chart.level(Organ::Kidney, time) * 600 / 1000 } else { 0 };
        let value = (base + sugar + chart.random.bell(26).max(-70)).max(22);
        chart.at(time);
        let rare = chart.random.chance(300);
        let item = match (chart.carevue(), rare) {
            (true, false) => 807,
            (true, true) => chart.next(&[811, 1529, 3745, 3744]),
            (false, false) => 225_664,
            (false, true) => chart.next(&[220_621, 226_537]),
        };
        match chart.random.below(500) {
            0 => chart.missing(item),
            1 => chart.number(item, 999_999, 0),
            2 => chart.number(item, 0, 0),
            _ => chart.number(item, value, 0),
        }
    }
}
