//! Nursing assessments, alarms and charted labs: the bulk of a flowsheet, in made-up items.

use super::Chart;
use crate::chart::{FAMILIES, Family, Values};
use crate::mimiciii::dictionary::first_item;
use crate::random::Topic;
use crate::time::{DAY, MINUTE};

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Assessment);
    let newborn = chart.bed.visit.is_newborn();
    for family in FAMILIES {
        // A newborn is looked at less often and for fewer things.
        let share = if newborn { family.share / 3 } else { family.share };
        if !chart.random.chance(share) {
            continue;
        }
        if family.per_day == 0 {
            let moment = chart.bed.begin + chart.random.between(5, 300) * MINUTE;
            chart.at(moment);
            entry(chart, family);
            continue;
        }
        for time in chart.moments(DAY * 9 / family.per_day) {
            chart.at(time);
            entry(chart, family);
        }
    }
}

/// One charting of all parts, a few left out.
fn entry(chart: &mut Chart<'_>, family: &Family) {
    let first = first_item(family, chart.carevue());
    let usual = chart.bed.icustay as u64;
    for number in 0..family.parts.len() {
        let bits = chart.random.bits();
        if bits.is_multiple_of(32) {
            continue;
        }
        let item = first + number as i64;
        // Three in four entries repeat what is usual for this patient and item.
        let place = if bits & 0x60 == 0 { bits >> 8 } else { usual / 7 + number as u64 };
        match family.values {
            Values::Words(words) => chart.word(item, words[(place % words.len() as u64) as usize], None),
            Values::Points(points) => {
                let (text, score) = points[(place % points.len() as u64) as usize];
                chart.word(item, text, Some(score));
            }
            Values::Range(centre, spread, places, unit) => {
                let value = centre + centre * (number as i64 % 5) / 10 + chart.random.bell(spread);
                if bits & 0x7f00 == 0 {
                    chart.missing(item);
                } else {
                    chart.number_with_unit(item, value, places, unit);
                }
            }
            Values::Check => chart.number_with_unit(item, i64::from(bits & 0xf00 != 0), 0, ""),
        }
    }
}
