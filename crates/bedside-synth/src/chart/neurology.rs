//! Coma scale and pressure in the skull.

use super::Chart;
use crate::course::Organ;
use crate::dictionary::chart_items as item;
use crate::random::Topic;
use crate::time::HOUR;

/// Text and points of each answer, worst first.
const EYES: [(&str, i64); 4] = [("None", 1), ("To Pain", 2), ("To Speech", 3), ("Spontaneously", 4)];
const VERBAL: [(&str, i64); 5] =
    [("No Response", 1), ("Incomprehensible sounds", 2), ("Inappropriate Words", 3), ("Confused", 4), ("Oriented", 5)];
const MOTOR: [(&str, i64); 6] = [
    ("No response", 1),
    ("Abnormal extension", 2),
    ("Abnormal Flexion", 3),
    ("Flex-withdraws", 4),
    ("Localizes Pain", 5),
    ("Obeys Commands", 6),
];

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Neurology);
    coma_scale(chart);
    if chart.stay.skull {
        skull_pressure(chart);
    }
}

fn coma_scale(chart: &mut Chart<'_>) {
    let step = if chart.stay.skull { HOUR } else { 4 * HOUR };
    for time in chart.moments(step) {
        let brain = chart.admission.course.level(Organ::Brain, time);
        let tube = chart.stay.tube_at(time);
        // Sedation adds to what the illness does.
        let depth = brain + if tube { 250 } else { 0 } + chart.random.bell(110);
        chart.at(time);
        let part = |chart: &mut Chart<'_>, which, answers: &[(&str, i64)], slack: i64| {
            if chart.random.chance(22) {
                return;
            }
            let steps = answers.len() as i64 - 1;
            let lost = ((depth - slack).max(0) * steps / (1000 - slack)).min(steps);
            let (text, points) = answers[(steps - lost) as usize];
            chart.word(which, text, Some(points));
        };
        part(chart, &item::GCS_EYES, &EYES, 200);
        if tube && !chart.random.chance(40) {
            chart.word(&item::GCS_VERBAL, "No Response-ETT", Some(1));
        } else {
            part(chart, &item::GCS_VERBAL, &VERBAL, 220);
        }
        part(chart, &item::GCS_MOTOR, &MOTOR, 380);
    }
}

fn skull_pressure(chart: &mut Chart<'_>) {
    let both = chart.random.chance(200);
    for time in chart.moments(HOUR) {
        let brain = chart.admission.course.level(Organ::Brain, time);
        let pressure = 7 + brain * 14 / 1000 + chart.random.bell(4);
        // A monitor that is open to the air reads nothing, a flushed one everything.
        let pressure = match chart.random.below(400) {
            0 => 0,
            1 => -5,
            2 => 104,
            _ => pressure.max(1),
        };
        chart.at(time);
        chart.number(&item::ICP, pressure, 0);
        if both && chart.random.chance(700) {
            let value = (pressure + chart.random.bell(2)).max(1);
            chart.number(&item::ICP_2, value, 0);
        }
    }
}
