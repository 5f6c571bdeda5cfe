//! Oxygen devices and flows, ventilators with their modes and measures, extubation.

use super::Chart;
use crate::course::Organ;
use crate::random::Topic;
use crate::support::{Air, Breathing};
use crate::time::{HOUR, MINUTE, Time};

/// Devices for oxygen in CareVue and in MetaVision. Blanks at the end are as charted.
const DEVICES: [(u32, (&str, &str)); 16] = [
    (500, ("Nasal Cannula", "Nasal cannula")),
    (60, ("Cannula", "Nasal cannula")),
    (90, ("Face Tent", "Face tent")),
    (60, ("Aerosol-Cool", "Aerosol-cool")),
    (40, ("Trach Mask", "Trach mask ")),
    (40, ("Hi Flow Neb", "High flow neb")),
    (60, ("Non-Rebreather", "Non-rebreather")),
    (50, ("Venti Mask", "Venti mask ")),
    (40, ("Medium Conc Mask", "Medium conc mask ")),
    (30, ("Vapotherm", "High flow nasal cannula")),
    (30, ("T-Piece", "T-piece")),
    (25, ("Ultrasonic Neb", "Ultrasonic neb")),
    (25, ("Heated Neb", "Vapomist")),
    (25, ("TranstrachealCat", "Vapomist")),
    (25, ("Hood", "Other")),
    (25, ("Hut", "Other")),
];

/// Settings and measures of ventilators that go round, so that each occurs.
const RARE_CAREVUE: [i64; 46] = [
    445, 449, 450, 1340, 1486, 1600, 639, 654, 681, 218, 436, 444, 221, 1, 1211, 1655, 2000, 5865, 5866, 60, 437, 505,
    686, 3459, 501, 502, 503, 223, 667, 668, 669, 670, 671, 672, 543, 448, 684, 682, 683, 535, 506, 219, 615, 5865,
    5866, 221,
];
const RARE_METAVISION: [i64; 12] =
    [224_746, 224_747, 226_873, 224_738, 224_419, 224_750, 227_187, 224_707, 224_709, 224_705, 224_706, 224_702];

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Breathing);
    for part in chart.bed.stay.breathing.clone() {
        let device = *chart.random.weighted(&DEVICES);
        for time in moments(chart, &part) {
            chart.at(time);
            if part.kind.ventilated() {
                ventilator(chart, &part, time);
            } else {
                oxygen(chart, part.kind, device, time);
            }
        }
        if part.kind.has_tube() {
            extubation(chart, part.end);
        }
    }
}

/// At the start, then every few hours, with a gap at times that is longer than an episode of ventilation allows.
fn moments(chart: &mut Chart<'_>, part: &Breathing) -> Vec<Time> {
    let step = if part.kind.ventilated() { 170 } else { 240 };
    let mut moments = Vec::new();
    let mut time = part.begin + chart.random.between(0, 20) * MINUTE;
    while time < part.end {
        let round = if chart.random.chance(700) { time.floor(HOUR) } else { time.floor(MINUTE) };
        if round >= part.begin && chart.bed.holds(round) && moments.last() != Some(&round) {
            moments.push(round);
        }
        let pause = match chart.random.below(60) {
            // Eight hours to the second, and one minute more.
            0 => 480,
            1 => 481,
            2 => 700,
            _ => chart.random.between(step * 6 / 10, step * 14 / 10),
        };
        time = time + pause * MINUTE;
    }
    moments
}

fn oxygen(chart: &mut Chart<'_>, kind: Air, device: (&str, &str), time: Time) {
    let item = chart.either(467, 226_732);
    let (old, new) = match kind {
        Air::Room => ("None", "None"),
        Air::HighFlow => ("Vapotherm", "High flow nasal cannula"),
        Air::Tracheostomy { .. } => ("Trach Mask", "Trach mask "),
        _ => device,
    };
    let (old, new) = if chart.random.chance(50) { ("Other", "Other") } else { (old, new) };
    chart.word(item, if chart.carevue() { old } else { new }, None);
    if kind == Air::Room {
        return;
    }
    let item = chart.either(470, 223_834);
    let flow = chart.random.between(2, 15);
    chart.number(item, flow, 0);
    if chart.random.chance(120) {
        let item = chart.either(471, 227_287);
        chart.number(item, flow / 2, 0);
        if chart.carevue() {
            chart.word(468, "Nasal Cannula", None);
        }
    }
    if chart.carevue() && chart.random.chance(100) {
        let mode = chart.random.any(&["Continuous", "CPAP Mask", "At Night"]);
        chart.word(469, mode, None);
    }
    if chart.random.chance(300) {
        inspired(chart, time);
    }
}

fn ventilator(chart: &mut Chart<'_>, part: &Breathing, time: Time) {
    let masked = matches!(part.kind, Air::Mask { .. });
    let carevue = chart.carevue();
    let weaned = time - part.begin > (part.end - part.begin) * 6 / 10;
    if masked {
        let (old, new) = *chart.random.pick(&[("Bipap Mask", "Bipap mask "), ("CPAP Mask", "CPAP mask ")]);
        let item = chart.either(467, 226_732);
        chart.word(item, if carevue { old } else { new }, None);
        if carevue && chart.random.chance(200) {
            chart.word(469, "CPAP", None);
        }
        inspired(chart, time);
        if chart.random.chance(600) {
            return;
        }
    } else {
        let item = chart.either(467, 226_732);
        let trach = matches!(part.kind, Air::Tracheostomy { .. });
        let new = if trach { "Tracheostomy tube" } else { "Endotracheal tube" };
        let old = if chart.random.chance(20) { "T-Piece" } else { "Ventilator" };
        chart.word(item, if carevue { old } else { new }, None);
        inspired(chart, time);
    }
    let mode = if weaned {
        chart.random.word(&[(500, "CPAP+PS"), (250, "Pressure Support"), (250, "CPAP")])
    } else {
        chart.random.word(&[
            (550, "Assist Control"),
            (250, "SIMV+PS"),
            (90, "SIMV"),
            (50, "TCPCV"),
            (40, "Other/Remarks"),
            (20, "PCV"),
        ])
    };
    if carevue {
        chart.word(720, mode, None);
    } else {
        chart.word(223_849, if weaned { "CPAP/PSV" } else { "CMV/ASSIST/AutoFlow" }, Some(2));
        let kind = chart.random.word(&[(700, "Drager"), (200, "Hamilton"), (60, "PB 7200"), (40, "Other")]);
        chart.word(223_848, kind, Some(1));
    }
    measures(chart, part, time, weaned);
}

fn measures(chart: &mut Chart<'_>, part: &Breathing, time: Time, weaned: bool) {
    let lung = chart.level(Organ::Lung, time);
    let newborn = chart.bed.visit.is_newborn();
    let tidal = if newborn { chart.bed.patient().weight * 6 / 10 } else { 420 + part.begin.0 / HOUR % 160 };
    let (rate, peep) = (if newborn { 35 } else { 14 } + chart.random.between(0, 6), 5 + lung / 160);
    let tidal_now = (tidal + chart.random.bell(40)).max(3);
    let mut put = |items: (i64, i64), value: i64, places: u32| {
        let item = chart.either(items.0, items.1);
        chart.number(item, value, places);
    };
    put((682, 224_685), tidal_now, 0);
    put((683, 224_684), tidal, 0);
    put((448, 224_687), tidal_now * rate / 100, 1);
    put((535, 224_695), 20 + lung / 60, 0);
    put((506, 220_339), peep, 0);
    put((615, 224_690), rate, 0);
    if weaned {
        put((684, 224_686), tidal_now - 20, 0);
        put((444, 224_701), 10, 0);
    } else {
        put((543, 224_696), 17 + lung / 70, 0);
        put((444, 224_697), 9 + lung / 120, 0);
        put((505, 224_700), peep + 1, 0);
    }
    for _ in 0..3 {
        let item = if chart.carevue() { chart.next(&RARE_CAREVUE) } else { chart.next(&RARE_METAVISION) };
        let value = chart.random.between(8, 30);
        chart.number(item, value, 0);
    }
}

/// The fraction of oxygen: mostly per cent, in CareVue a fraction, at times nonsense.
fn inspired(chart: &mut Chart<'_>, time: Time) {
    let lung = chart.level(Organ::Lung, time);
    let percent = ((36 + lung * 55 / 1000 + chart.random.bell(8)) / 5 * 5).clamp(25, 100);
    if !chart.carevue() {
        match chart.random.below(200) {
            0..3 => chart.number(223_835, percent, 2),
            3 => chart.number(223_835, percent / 10, 0),
            4 => chart.number(223_835, 20, 2),
            5 => chart.number(223_835, 200, 0),
            6 => chart.number(223_835, 1, 0),
            7 => chart.number(223_835, 21, 0),
            8 => chart.missing(223_835),
            _ => chart.number(223_835, percent, 0),
        }
        return;
    }
    match chart.random.below(200) {
        0..20 => chart.number(3420, percent, 0),
        20..40 => chart.number(3422, percent, 0),
        40 => chart.number(190, 20, 2),
        41 => chart.number(190, percent, 0),
        42 => chart.missing(190),
        _ => chart.number(190, percent, 2),
    }
}

/// How a tube came out: charted in CareVue, a procedure in MetaVision.
fn extubation(chart: &mut Chart<'_>, time: Time) {
    if !chart.carevue() || !chart.bed.holds(time) || chart.random.chance(150) {
        return;
    }
    chart.at(time.floor(MINUTE));
    let text = chart.random.word(&[(850, "Extubated"), (100, "Self Extubation"), (50, "Intubated")]);
    chart.word(640, text, None);
}
