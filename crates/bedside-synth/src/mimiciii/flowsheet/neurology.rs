//! Coma scale and pressure in the skull.

use super::Chart;
use crate::course::Organ;
use crate::random::Topic;
use crate::time::{DAY, HOUR};

/// Texts of the answers in CareVue and MetaVision, worst first.
const EYES: [(&str, &str); 4] = [
    ("1 No Response", "None"),
    ("2 To pain", "To Pain"),
    ("3 To speech", "To Speech"),
    ("4 Spontaneously", "Spontaneously"),
];
const VERBAL: [(&str, &str); 5] = [
    ("1 No Response", "No Response"),
    ("2 Incomp sounds", "Incomprehensible sounds"),
    ("3 Inapprop words", "Inappropriate Words"),
    ("4 Confused", "Confused"),
    ("5 Oriented", "Oriented"),
];
const MOTOR: [(&str, &str); 6] = [
    ("1 No Response", "No response"),
    ("2 Abnorm extensn", "Abnormal extension"),
    ("3 Abnorm flexion", "Abnormal Flexion"),
    ("4 Flex-withdraws", "Flex-withdraws"),
    ("5 Localizes Pain", "Localizes Pain"),
    ("6 Obeys Commands", "Obeys Commands"),
];

/// Items of pressure in the skull that go round, so that each occurs.
const RARE_PRESSURES: [i64; 15] =
    [1374, 2045, 2635, 2660, 2733, 2745, 2870, 2956, 2985, 5856, 7116, 8218, 8298, 8299, 8305];

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Neurology);
    if chart.bed.visit.is_newborn() {
        return;
    }
    coma_scale(chart);
    if chart.bed.stay.skull {
        skull_pressure(chart);
    }
}

fn coma_scale(chart: &mut Chart<'_>) {
    let mut moments = chart.moments(if chart.bed.stay.skull { HOUR } else { 4 * HOUR });
    // Six hours after an entry, to the second: what is carried forward must be younger.
    if let Some(first) = moments.first().copied()
        && chart.random.chance(100)
    {
        moments.push(first + 6 * HOUR);
        moments.push(chart.bed.stay.begin);
        moments.push(chart.bed.stay.begin + DAY);
        moments.retain(|moment| chart.bed.holds(*moment));
        moments.sort_unstable();
    }
    for time in moments {
        let tube = chart.bed.stay.tube_at(time);
        // Sedation adds to what the illness does.
        let depth = chart.level(Organ::Brain, time) + if tube { 250 } else { 0 } + chart.random.bell(110);
        chart.at(time);
        let item = chart.either(184, 220_739);
        answer(chart, item, &EYES, depth, 200);
        let item = chart.either(723, 223_900);
        if tube && !chart.random.chance(40) {
            let text = if chart.carevue() { "1.0 ET/Trach" } else { "No Response-ETT" };
            chart.word(item, text, Some(1));
            if chart.random.chance(10) {
                // A number beside the tube hides it.
                answer(chart, item, &VERBAL, depth, 220);
            }
        } else {
            answer(chart, item, &VERBAL, depth, 220);
        }
        let item = chart.either(454, 223_901);
        answer(chart, item, &MOTOR, depth, 380);
    }
}

fn answer(chart: &mut Chart<'_>, item: i64, answers: &[(&str, &str)], depth: i64, slack: i64) {
    let fate = chart.random.below(1000);
    if fate < 25 {
        return;
    }
    if fate < 27 {
        chart.missing(item);
        return;
    }
    let steps = answers.len() as i64 - 1;
    let lost = ((depth - slack).max(0) * steps / (1000 - slack)).min(steps);
    let (old, new) = answers[(steps - lost) as usize];
    chart.word(item, if chart.carevue() { old } else { new }, Some(steps - lost + 1));
}

fn skull_pressure(chart: &mut Chart<'_>) {
    for time in chart.moments(HOUR) {
        let brain = chart.level(Organ::Brain, time);
        let pressure = 7 + brain * 14 / 1000 + chart.random.bell(4);
        // A monitor that is open to the air reads nothing, a flushed one everything.
        let pressure = match chart.random.below(300) {
            0 => 0,
            1 => -5,
            2 => 100,
            _ => pressure.max(1),
        };
        chart.at(time);
        let item = chart.either(226, 220_765);
        chart.number(item, pressure, 0);
        if chart.random.chance(250) {
            let second = if chart.carevue() { chart.next(&RARE_PRESSURES) } else { 227_989 };
            let value = pressure + chart.random.bell(2);
            chart.number(second, value, 0);
        }
    }
}
