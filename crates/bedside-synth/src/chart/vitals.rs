//! Heart, pressure, breathing rate, saturation, temperature, rhythm and bedside glucose.

use super::Chart;
use crate::course::Organ;
use crate::dictionary::chart_items as item;
use crate::dictionary::conditions::Chronic;
use crate::problem::Trait;
use crate::random::Topic;
use crate::signs::{Drift, Signs};
use crate::time::{HOUR, MINUTE, Time};

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Vitals);
    hourly(chart);
    temperature(chart);
    glucose(chart);
}

fn hourly(chart: &mut Chart<'_>) {
    let usual_heart = chart.random.bell(8);
    let usual_pressure = chart.random.bell(10);
    let mut drift = Drift { usual_heart, usual_pressure, ..Drift::default() };
    let moments = more_in_crisis(chart);
    let rhythm = usual_rhythm(chart);
    // The stay's first pressure is taken by cuff, also where an arterial line follows.
    let line_from = chart.stay.begin + chart.random.between(0, 3) * HOUR;
    for time in moments {
        let signs = drift.signs(&mut chart.random, chart.patient, chart.admission, chart.stay, time);
        chart.at(time);
        let value = artifact(chart, signs.heart, 0, 0, 320);
        chart.number(&item::HEART_RATE, value, 0);
        let value = artifact(chart, signs.breath, 0, 0, 89);
        chart.number(&item::RESPIRATORY_RATE, value, 0);
        if !chart.random.chance(25) {
            let value = artifact(chart, signs.saturation, 0, 0, 110);
            chart.number(&item::OXYGEN_SATURATION, value, 0);
        }
        pressures(chart, &signs, time >= line_from);
        heart_rhythm(chart, rhythm);
    }
}

/// Every hour, and every quarter of an hour while the circulation fails.
fn more_in_crisis(chart: &mut Chart<'_>) -> Vec<Time> {
    let mut moments = Vec::new();
    for time in chart.moments(HOUR) {
        moments.push(time);
        if chart.admission.course.level(Organ::Circulation, time) > 600 && chart.random.chance(180) {
            moments.extend((1..4).map(|quarter| time + quarter * 15 * MINUTE).filter(|more| *more < chart.stay.end));
        }
        if chart.random.chance(90) {
            moments.push(time);
        }
    }
    moments.sort_unstable();
    // Two entries of one moment are a repeated charting; more come only from the sorting above.
    moments.dedup_by(|later, earlier| later == earlier && later.0 % 7 != 0);
    moments
}

/// Now and then a reading that cannot be true: a loose lead, a flushed line, a slip of the keyboard.
fn artifact(chart: &mut Chart<'_>, value: i64, low: i64, lowest: i64, high: i64) -> i64 {
    match chart.random.below(4000) {
        0 => low,
        1 => high,
        2 => lowest + value / 10,
        3 => value * 10 + 999,
        _ => value,
    }
}

fn pressures(chart: &mut Chart<'_>, signs: &Signs, line: bool) {
    let invasive = chart.stay.arterial && line;
    if invasive && !chart.random.chance(60) {
        let shift = chart.random.bell(5);
        let values = [signs.systolic + shift, signs.diastolic + shift / 2, signs.mean + shift / 2];
        // A second line has items of its own.
        let second = chart.stay.id % 23 == 0;
        let items = if second {
            [&item::ART_SYSTOLIC, &item::ART_DIASTOLIC, &item::ART_MEAN]
        } else {
            [&item::ABP_SYSTOLIC, &item::ABP_DIASTOLIC, &item::ABP_MEAN]
        };
        for (which, value) in items.into_iter().zip(values) {
            let value = artifact(chart, value, -23, 0, 420);
            chart.number(which, value, 0);
        }
    }
    let cuff = if invasive { 170 } else { 880 };
    if chart.random.chance(cuff) {
        let items = [&item::NIBP_SYSTOLIC, &item::NIBP_DIASTOLIC, &item::NIBP_MEAN];
        for (which, value) in items.into_iter().zip([signs.systolic, signs.diastolic, signs.mean]) {
            let value = artifact(chart, value, 0, 0, 410);
            chart.number(which, value, 0);
        }
        if chart.random.chance(2) {
            chart.number(&item::DOPPLER_PRESSURE, signs.systolic, 0);
        }
        if chart.random.chance(1) {
            let pressure = chart.random.between(6, 24);
            chart.number(&item::BLADDER_PRESSURE, pressure, 0);
        }
    }
}

fn usual_rhythm(chart: &mut Chart<'_>) -> &'static str {
    let surgery = chart.admission.problem.has(Trait::HeartSurgery);
    match chart.random.below(100) {
        0..13 => "AF (Atrial Fibrillation)",
        13..17 => "1st AV (First degree AV Block) ",
        17..19 => "A Flut (Atrial Flutter) ",
        19..21 => "V Paced",
        21..28 if surgery => "A Paced",
        _ => "",
    }
}

fn heart_rhythm(chart: &mut Chart<'_>, usual: &str) {
    if chart.random.chance(100) {
        return;
    }
    let heart = chart.rows.count;
    let text = match chart.random.below(100) {
        _ if !usual.is_empty() && !heart.is_multiple_of(9) => usual,
        0 => "VT (Ventricular Tachycardia) ",
        1 => "JR (Junctional Rhythm) ",
        2..30 => "ST (Sinus Tachycardia) ",
        30..40 => "SB (Sinus Bradycardia)",
        _ => "SR (Sinus Rhythm)",
    };
    chart.word(&item::HEART_RHYTHM, text, None);
    if chart.random.chance(6) {
        chart.word(&item::HEART_RHYTHM, "AF (Atrial Fibrillation)", None);
    }
    if chart.random.chance(870) {
        let ectopy = chart.random.word(&[(840, "None"), (110, "PVCs"), (45, "PACs"), (5, "Vent. Bigeminy")]);
        chart.word(&item::ECTOPY_TYPE, ectopy, None);
        if ectopy != "None" && chart.random.chance(750) {
            let frequency = chart.random.word(&FREQUENCIES);
            chart.word(&item::ECTOPY_FREQUENCY, frequency, None);
        }
        if ectopy != "None" && chart.random.chance(60) {
            let second = chart.random.any(&["PACs", "PVCs", "Nodal Bigeminy"]);
            chart.word(&item::ECTOPY_TYPE_2, second, None);
            let frequency = chart.random.word(&FREQUENCIES);
            chart.word(&item::ECTOPY_FREQUENCY_2, frequency, None);
        }
    }
}

const FREQUENCIES: [(u32, &str); 4] = [(60, "Rare"), (30, "Occasional"), (10, "Frequent"), (4, "Runs Vtach")];

fn temperature(chart: &mut Chart<'_>) {
    let mut drift = Drift::default();
    let celsius = chart.random.chance(160);
    let continuous = chart.stay.arterial && chart.random.chance(120);
    for time in chart.moments(if continuous { HOUR } else { 3 * HOUR + 30 * MINUTE }) {
        drift.warmth = drift.warmth * 3 / 4 + chart.random.bell(4);
        let course = &chart.admission.course;
        // Tenths of a degree Celsius.
        let fever = course.level(Organ::Inflammation, time) * 19 / 1000;
        let cold = if course.minutes_to_death(time).is_some_and(|left| left < 600) { 18 } else { 0 };
        let surgery = chart.admission.problem.has(Trait::HeartSurgery) && time - chart.stay.begin < 3 * HOUR;
        let warmth = 366 + fever - cold - if surgery { 14 } else { 0 } + drift.warmth;
        chart.at(time);
        if celsius {
            let value = artifact(chart, warmth, 0, 0, 988);
            chart.number(&item::TEMPERATURE_C, value, 1);
        } else {
            let value = artifact(chart, 320 + warmth * 9 / 5, 366, 60, 10_000);
            chart.number(&item::TEMPERATURE_F, value, 1);
        }
        if continuous {
            chart.number(&item::TEMPERATURE_BLOOD, warmth + 2, 1);
        }
        if !chart.random.chance(50) {
            let site = chart.random.word(&[
                (700, "Oral"),
                (110, "Axillary"),
                (50, "Rectal"),
                (40, "Esophogeal"),
                (50, "Temporal"),
                (50, "Blood"),
            ]);
            chart.word(&item::TEMPERATURE_SITE, if continuous { "Blood" } else { site }, None);
        }
    }
}

fn glucose(chart: &mut Chart<'_>) {
    let diabetes = chart.patient.has(Chronic::Diabetes) || chart.patient.has(Chronic::DiabetesComplicated);
    let keto = chart.admission.problem.has(Trait::Ketoacidosis);
    let step = if keto { HOUR } else { *chart.random.pick(&[4, 6, 6, 8, 12]) * HOUR };
    for time in chart.moments(step) {
        let peak = chart.admission.course.level(Organ::Inflammation, time);
        let base = 112 + peak * 30 / 1000 + if diabetes { 50 } else { 0 };
        let sugar = if keto { chart.admission.course.level(Organ::Kidney, time) * 600 / 1000 } else { 0 };
        let value = base + sugar + chart.random.bell(26).max(-70);
        chart.at(time);
        match chart.random.below(1000) {
            0..4 => chart.missing(&item::GLUCOSE_FINGER),
            4..700 => chart.number(&item::GLUCOSE_FINGER, value.max(22), 0),
            700..930 => chart.number(&item::GLUCOSE_SERUM, value.max(22), 0),
            _ => chart.number(&item::GLUCOSE_WHOLE_BLOOD, value.max(22), 0),
        }
    }
}
