//! Oxygen devices and flows, ventilators with their modes and measures.

use super::Chart;
use crate::course::Organ;
use crate::dictionary::chart_items as item;
use crate::random::Topic;
use crate::support::{Air, Breathing, DEVICES, Ventilator};
use crate::time::{HOUR, MINUTE, Time};

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Breathing);
    for part in chart.stay.breathing.clone() {
        let moments = moments(chart, &part);
        let settings = Settings::new(chart, &part);
        for (number, time) in moments.into_iter().enumerate() {
            // Two people at one bedside store their entries apart; that decides which device comes first.
            let stored = time + chart.random.between(1, 40) * MINUTE;
            chart.at_stored(time, stored);
            device(chart, &part, time, stored);
            if part.kind.ventilated() {
                ventilator(chart, &part, &settings, time, number % 2 == 0);
            } else if part.kind == Air::HighFlow {
                let value = oxygen(chart, time);
                chart.number(&item::INSPIRED_OXYGEN, value, 0);
            }
        }
    }
}

/// At the start, then every few hours.
fn moments(chart: &mut Chart<'_>, part: &Breathing) -> Vec<Time> {
    let step = if part.kind.ventilated() { 200 } else { 260 };
    let mut moments = Vec::new();
    let mut time = part.begin + chart.random.between(0, 20) * MINUTE;
    while time < part.end {
        let round = if chart.random.chance(700) { time.floor(HOUR) } else { time.floor(MINUTE) };
        if round >= part.begin && round < part.end && moments.last() != Some(&round) {
            moments.push(round);
        }
        time = time + chart.random.between(step * 6 / 10, step * 14 / 10) * MINUTE;
    }
    moments
}

/// The device, and the flow that it runs on. Without a flow entry of the same moment concepts do not see a device, so
/// some of each kind has one.
fn device(chart: &mut Chart<'_>, part: &Breathing, time: Time, stored: Time) {
    let (text, low, high, flow) = match part.kind {
        Air::Room => ("None", 0, 0, 220),
        Air::Oxygen(index) => {
            let (_, text, low, high) = DEVICES[index];
            (text, low, high, 900)
        }
        Air::HighFlow => ("High flow nasal cannula", 25, 60, 900),
        Air::Mask { .. } => (chart.random.word(&[(550, "Bipap mask "), (450, "CPAP mask ")]), 5, 15, 800),
        Air::Tube(_) => ("Endotracheal tube", 10, 15, 40),
        Air::Tracheostomy { ventilator: true } => ("Tracheostomy tube", 8, 12, 450),
        Air::Tracheostomy { ventilator: false } => ("Trach mask ", 6, 15, 900),
    };
    if chart.random.chance(60) {
        let other = chart.random.any(&["Other", "T-piece", "Medium conc mask ", "None"]);
        chart.word(&item::OXYGEN_DEVICE, other, None);
    } else {
        chart.word(&item::OXYGEN_DEVICE, text, None);
    }
    if chart.random.chance(flow) {
        let flow = chart.random.between(low, high);
        let masked = matches!(part.kind, Air::Mask { .. }) && chart.random.chance(500);
        chart.number(if masked { &item::OXYGEN_FLOW_BIPAP } else { &item::OXYGEN_FLOW }, flow, 0);
        if chart.random.chance(8) {
            // A correction, stored later, of the same moment.
            chart.at_stored(time, stored + 20 * MINUTE);
            chart.number(&item::OXYGEN_FLOW, flow + 1, 0);
        }
    }
    if matches!(part.kind, Air::Oxygen(index) if index > 0) && chart.random.chance(250) {
        second_devices(chart, time, stored);
    }
}

/// A cannula under the mask, and what else lies about.
fn second_devices(chart: &mut Chart<'_>, time: Time, stored: Time) {
    chart.at_stored(time, stored + 5 * MINUTE);
    let flow = chart.random.between(2, 6);
    chart.number(&item::OXYGEN_FLOW_ADDITIONAL, flow, 0);
    chart.word(&item::OXYGEN_DEVICE, "Nasal cannula", None);
    if chart.random.chance(250) {
        chart.word(&item::OXYGEN_DEVICE, "Venti mask ", None);
        if chart.random.chance(500) {
            chart.word(&item::OXYGEN_DEVICE, "Aerosol-cool", None);
            chart.word(&item::OXYGEN_DEVICE, "Other", None);
        }
    }
}

/// What a ventilator is set to for one stretch.
struct Settings {
    ventilator: Ventilator,
    /// Millilitres, by height.
    tidal: i64,
    rate: i64,
    peep: i64,
    mode: &'static str,
    weaning_mode: &'static str,
}

impl Settings {
    fn new(chart: &mut Chart<'_>, part: &Breathing) -> Self {
        let ventilator = match part.kind {
            Air::Tube(ventilator) => ventilator,
            Air::Mask { hamilton: true } => Ventilator::Hamilton,
            _ => Ventilator::Drager,
        };
        let masked = matches!(part.kind, Air::Mask { .. });
        let random = &mut chart.random;
        let (mode, weaning_mode) = match (ventilator, masked) {
            (Ventilator::Hamilton, true) => (random.word(&MASK_MODES), "NIV"),
            (Ventilator::Hamilton, false) => (random.word(&HAMILTON_MODES), "SPONT"),
            // A mask on an ordinary ventilator is charted without a mode.
            (_, true) => ("", ""),
            (Ventilator::Drager, _) => (random.word(&DRAGER_MODES), "CPAP/PSV"),
            (_, _) => (random.word(&OTHER_MODES), "CPAP/PPS"),
        };
        let inches_over_five_feet = chart.patient.height * 10 / 254 - 60;
        let ideal = 50 + inches_over_five_feet.max(0) * 23 / 10;
        Self {
            ventilator,
            tidal: (ideal * random.between(60, 85) / 10 + 9) / 10 * 10,
            rate: random.between(12, 24),
            peep: *random.weighted(&[(600, 5), (150, 8), (150, 10), (60, 12), (40, 15)]),
            mode,
            weaning_mode,
        }
    }
}

/// Per cent of inspired oxygen.
fn oxygen(chart: &mut Chart<'_>, time: Time) -> i64 {
    let lung = chart.admission.course.level(Organ::Lung, time);
    ((36 + lung * 55 / 1000 + chart.random.bell(8)) / 5 * 5).clamp(30, 100)
}

fn ventilator(chart: &mut Chart<'_>, part: &Breathing, settings: &Settings, time: Time, full: bool) {
    let weaned = time - part.begin > (part.end - part.begin) * 6 / 10;
    let mode = if weaned { settings.weaning_mode } else { settings.mode };
    if settings.ventilator == Ventilator::Hamilton && !mode.is_empty() {
        chart.word(&item::VENTILATOR_MODE_HAMILTON, mode, Some(5));
    } else if !mode.is_empty() {
        let mode = if chart.random.chance(25) { "Standby" } else { mode };
        chart.word(&item::VENTILATOR_MODE, mode, Some(2));
    }
    if full {
        let name = match settings.ventilator {
            Ventilator::Drager => "Drager",
            Ventilator::Hamilton => "Hamilton",
            Ventilator::PuritanBennett => "PB 7200",
            Ventilator::Avea => "Avea",
        };
        chart.word(&item::VENTILATOR_TYPE, name, Some(1));
    }
    inspired(chart, time);
    let lung = chart.admission.course.level(Organ::Lung, time);
    let peep = settings.peep + if lung > 700 { 3 } else { 0 };
    let peep = match chart.random.below(600) {
        0 => 105,
        1 => -1,
        _ => peep,
    };
    chart.number(&item::PEEP_SET, peep, 0);
    if chart.random.chance(150) {
        let value = peep + chart.random.between(0, 3);
        chart.number(&item::PEEP_TOTAL, value, 0);
    }
    volumes(chart, settings, weaned);
}

/// The fraction of oxygen: mostly per cent, at times a fraction, at times nonsense.
fn inspired(chart: &mut Chart<'_>, time: Time) {
    let percent = oxygen(chart, time);
    match chart.random.below(500) {
        0..5 => chart.number(&item::INSPIRED_OXYGEN, percent, 2),
        5 => chart.number(&item::INSPIRED_OXYGEN, percent / 10, 0),
        6 => chart.number(&item::INSPIRED_OXYGEN, 20, 2),
        7 => chart.number(&item::INSPIRED_OXYGEN, 200, 0),
        8 => chart.missing(&item::INSPIRED_OXYGEN),
        _ => chart.number(&item::INSPIRED_OXYGEN, percent, 0),
    }
}

fn volumes(chart: &mut Chart<'_>, settings: &Settings, weaned: bool) {
    let observed = settings.tidal + chart.random.bell(45);
    let spontaneous = if weaned { settings.rate + chart.random.bell(4) } else { chart.random.between(0, 6) };
    let total = if weaned { spontaneous.max(6) } else { settings.rate + spontaneous / 2 };
    chart.number(&item::TIDAL_OBSERVED, observed.max(120), 0);
    chart.number(&item::RATE_TOTAL, total, 0);
    chart.number(&item::RATE_SPONTANEOUS, spontaneous.max(0), 0);
    chart.number(&item::MINUTE_VOLUME, observed.max(120) * total / 100, 1);
    if weaned {
        let value = (observed + chart.random.bell(20)).max(100);
        chart.number(&item::TIDAL_SPONTANEOUS, value, 0);
    } else {
        chart.number(&item::TIDAL_SET, settings.tidal, 0);
        chart.number(&item::RATE_SET, settings.rate, 0);
        if chart.random.chance(450) {
            let value = settings.peep + 11 + chart.random.bell(4).max(-6);
            chart.number(&item::PLATEAU_PRESSURE, value, 0);
            let value = 55 + chart.random.bell(12);
            chart.number(&item::FLOW_RATE, value, 0);
        }
    }
}

/// Modes of list A of the ventilation concept, the commonest first.
const DRAGER_MODES: [(u32, &str); 22] = [
    (350, "CMV/ASSIST/AutoFlow"),
    (120, "CMV/ASSIST"),
    (90, "CPAP/PSV"),
    (80, "CMV/AutoFlow"),
    (70, "MMV/PSV/AutoFlow"),
    (60, "SIMV/PSV/AutoFlow"),
    (50, "PCV+Assist"),
    (45, "APRV"),
    (20, "SIMV/PSV"),
    (15, "CMV"),
    (15, "MMV/PSV"),
    (12, "PCV+"),
    (12, "PCV+/PSV"),
    (12, "SIMV/AutoFlow"),
    (10, "SIMV"),
    (10, "MMV"),
    (10, "MMV/AutoFlow"),
    (8, "APRV/Biphasic+ApnPress"),
    (8, "APRV/Biphasic+ApnVol"),
    (8, "CPAP/PSV+Apn TCPL"),
    (8, "CPAP/PSV+ApnPres"),
    (8, "CPAP/PSV+ApnVol"),
];
const OTHER_MODES: [(u32, &str); 17] = [
    (20, "(S) CMV"),
    (20, "APV (cmv)"),
    (10, "Ambient"),
    (15, "Apnea Ventilation"),
    (15, "P-CMV"),
    (20, "PRES/AC"),
    (25, "PRVC/AC"),
    (15, "PRVC/SIMV"),
    (15, "PSV/SBT"),
    (15, "SIMV/PRES"),
    (15, "SIMV/VOL"),
    (8, "SYNCHRON MASTER"),
    (8, "SYNCHRON SLAVE"),
    (30, "VOL/AC"),
    (15, "CPAP/PPS"),
    (10, "CPAP"),
    (10, "CMV/ASSIST"),
];
const HAMILTON_MODES: [(u32, &str); 10] = [
    (400, "APV (cmv)"),
    (130, "P-CMV"),
    (120, "ASV"),
    (80, "Ambient"),
    (60, "(S) CMV"),
    (60, "SIMV"),
    (50, "APV (simv)"),
    (40, "P-SIMV"),
    (30, "VS"),
    (30, "APRV"),
];
const MASK_MODES: [(u32, &str); 3] = [(300, "NIV"), (350, "NIV-ST"), (350, "DuoPaP")];
