//! Dialysis as charted: circuits every hour, sessions, bags in the belly, and the catheter.

use super::Chart;
use crate::dictionary::chart_items as item;
use crate::random::Topic;
use crate::support::{Dialysis, Method};
use crate::time::{HOUR, MINUTE, Time};

pub(super) fn write(chart: &mut Chart<'_>) {
    let Some(dialysis) = chart.stay.dialysis.clone() else { return };
    chart.topic(Topic::Dialysis);
    match dialysis.method {
        Method::Continuous(mode) => continuous(chart, &dialysis, mode),
        Method::Hemodialysis => session(chart, &dialysis),
        Method::Peritoneal => peritoneal(chart, &dialysis),
    }
    if dialysis.method != Method::Peritoneal {
        catheter(chart, &dialysis);
    }
}

fn hours(dialysis: &Dialysis) -> impl Iterator<Item = Time> {
    let (begin, end) = (dialysis.begin, dialysis.end);
    (0..).map(move |hour| begin + hour * HOUR).take_while(move |time| *time < end)
}

fn continuous(chart: &mut Chart<'_>, dialysis: &Dialysis, mode: &str) {
    let citrate = chart.random.chance(600);
    let flow = chart.random.between(6, 11) * 20;
    let fluid = chart.random.any(&["Prismasate K0", "Prismasate K2", "Prismasate K4"]);
    let goal = chart.random.between(-1, 3) * 50;
    for (number, time) in hours(dialysis).enumerate() {
        chart.at(time);
        if number == 0 || chart.random.chance(330) {
            chart.word(&item::CRRT_MODE, mode, None);
        }
        integrity(chart, number);
        circuit(chart, flow, mode, goal);
        if citrate {
            chart.number(&item::CITRATE, flow * 3 / 2, 0);
        } else {
            let dose = chart.random.between(2, 9) * 100;
            chart.number(&item::HEPARIN_DOSE, dose, 0);
            if chart.random.chance(300) {
                chart.word(&item::HEPARIN_CONCENTRATION, "1000", Some(1000));
            }
        }
        if chart.random.chance(350) {
            chart.word(&item::REPLACEMENT_FLUID, fluid, None);
            chart.word(&item::DIALYSATE_FLUID, fluid, None);
        }
        if chart.random.chance(25) {
            let reason = chart.random.any(&["Clotted", "Filter pressure", "Scheduled", "Access Changed"]);
            chart.word(&item::FILTER_CHANGE_REASON, reason, None);
        }
        if chart.random.chance(60) {
            chart.number(&item::VOLUME_NOT_REMOVED, chart.stay.id % 90, 0);
        }
    }
}

/// The state of the circuit; several entries of one moment are common.
fn integrity(chart: &mut Chart<'_>, number: usize) {
    if number == 0 {
        chart.word(&item::SYSTEM_INTEGRITY, "Initiated", None);
        return;
    }
    let state = chart.random.word(&[
        (855, "Active"),
        (30, "Recirculating"),
        (30, "Reinitiated"),
        (30, "New Filter"),
        (30, "Discontinued"),
        (25, "Clotted"),
    ]);
    chart.word(&item::SYSTEM_INTEGRITY, state, None);
    if chart.random.chance(350) {
        let clots = chart.random.word(&[
            (380, "No Clot Present"),
            (230, "Clots Present"),
            (180, "Clots Increasing"),
            (150, "Clot Increasing"),
            (60, "Clotted"),
        ]);
        chart.word(&item::SYSTEM_INTEGRITY, clots, None);
    }
}

fn circuit(chart: &mut Chart<'_>, flow: i64, mode: &str, goal: i64) {
    let random = &mut chart.random;
    let pressures = [-70 + random.bell(25), 150 + random.bell(40), 30 + random.bell(25), 80 + random.bell(25)];
    let items = [&item::ACCESS_PRESSURE, &item::FILTER_PRESSURE, &item::EFFLUENT_PRESSURE, &item::RETURN_PRESSURE];
    for (which, pressure) in items.into_iter().zip(pressures) {
        if !chart.random.chance(60) {
            chart.number(which, pressure, 0);
        }
    }
    chart.number(&item::BLOOD_FLOW, flow, 0);
    if mode != "CVVH" && mode != "SCUF" {
        chart.number(&item::DIALYSATE_RATE, flow * 5, 0);
    }
    if mode != "SCUF" {
        chart.number(&item::REPLACEMENT_RATE, flow * 8, 0);
        chart.number(&item::PREFILTER_RATE, flow * 6, 0);
        chart.number(&item::POSTFILTER_RATE, 200, 0);
    }
    let removed = (goal + 120 + chart.random.bell(60)).max(0);
    chart.number(&item::FLUID_REMOVAL, removed, 0);
    chart.number(&item::ULTRAFILTRATE, removed + flow * 12, 0);
    if chart.random.chance(800) {
        chart.number(&item::CURRENT_GOAL, -goal, 0);
    }
}

fn session(chart: &mut Chart<'_>, dialysis: &Dialysis) {
    let flow = chart.random.between(30, 45) * 10;
    for time in hours(dialysis) {
        chart.at(time);
        chart.number(&item::BLOOD_FLOW, flow, 0);
        if chart.random.chance(300) {
            chart.number(&item::ART_LUMEN, 13, 1);
            chart.number(&item::VEN_LUMEN, 14, 1);
        }
    }
    chart.at(dialysis.end);
    let removed = chart.random.between(5, 40) * 100;
    chart.number(&item::HEMODIALYSIS_OUTPUT, removed, 0);
    let site = chart.random.any(&["Right IJ", "Left arm fistula", "Right arm graft"]);
    chart.word(&item::ACCESS_SITE, site, None);
    chart.word(&item::ACCESS_TYPE, if site.ends_with("IJ") { "Catheter" } else { "Fistula, \"AV\"" }, None);
    chart.word(&item::SITE_APPEARANCE, "WNL", None);
}

fn peritoneal(chart: &mut Chart<'_>, dialysis: &Dialysis) {
    let added = chart.random.chance(700);
    for time in hours(dialysis).step_by(4) {
        chart.at(time);
        let volume = chart.random.between(15, 25) * 100;
        chart.number(&item::PD_VOLUME_IN, volume, 0);
        chart.number(&item::PD_DWELL_TIME, 4, 0);
        chart.word(&item::PD_SOLUTION, if volume > 2000 { "Dextrose 2.5%" } else { "Dextrose 1.5%" }, None);
        chart.word(&item::PD_CATHETER_STATUS, "In use", None);
        if added {
            chart.word(&item::PD_MEDICATION_1, "Heparin", None);
            chart.number(&item::PD_AMOUNT_1, 1000, 0);
            chart.word(&item::PD_UNITS_1, "units", None);
        }
        if added && chart.random.chance(300) {
            chart.word(&item::PD_MEDICATION_2, "Potassium", None);
            chart.number(&item::PD_AMOUNT_2, 4, 0);
            chart.word(&item::PD_UNITS_2, "mEq", None);
        }
        chart.at(time + 4 * HOUR);
        let out = volume + chart.random.between(-100, 500);
        chart.number(&item::PD_VOLUME_OUT, out, 0);
        chart.word(&item::PD_APPEARANCE, "Clear", None);
    }
    chart.at(chart.stay.begin + 30 * MINUTE);
    chart.word(&item::PD_CATHETER_TYPE, "Tenckhoff", None);
    chart.word(&item::PD_CATHETER_STATUS, "Not in use", None);
}

fn catheter(chart: &mut Chart<'_>, dialysis: &Dialysis) {
    let kind = chart.random.any(&["Tunneled", "Temporary, 2 lumen"]);
    let mut time = dialysis.begin - 2 * HOUR;
    while time < chart.stay.end {
        chart.at(time);
        chart.word(&item::CATHETER_TYPE, kind, None);
        chart.word(&item::CATHETER_APPEARANCE, if time < dialysis.end { "In use" } else { "Not in use" }, None);
        chart.word(&item::CATHETER_DRESSING, "Transparent", None);
        chart.number(&item::CATHETER_OCCLUSIVE, 1, 0);
        chart.number(&item::CATHETER_OUTSIDE, 0, 0);
        chart.number(&item::CATHETER_CONFIRMED, 1, 0);
        time = time + 6 * HOUR;
    }
    if chart.random.chance(300) {
        chart.at(chart.stay.end - 20 * MINUTE);
        chart.number(&item::CATHETER_DISCONTINUED, 1, 0);
        chart.number(&item::CATHETER_CULTURED, i64::from(kind == "Tunneled"), 0);
    }
}
