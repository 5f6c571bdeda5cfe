//! Organ support during a stay: breathing, vasoactive drips, dialysis, and how urine is collected.

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::conditions::Chronic;
use crate::dictionary::fluid_items as fluid;
use crate::dictionary::items::Item;
use crate::patient::Patient;
use crate::problem::Trait;
use crate::random::Random;
use crate::stay::Stay;
use crate::time::{DAY, HOUR, MINUTE, Time};

/// A stretch of one kind of breathing.
#[derive(Clone, Debug)]
pub(crate) struct Breathing {
    pub(crate) kind: Air,
    pub(crate) begin: Time,
    pub(crate) end: Time,
}

/// What a patient breathes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Air {
    /// Room air.
    Room,
    /// Oxygen by cannula or mask: index into the devices.
    Oxygen(usize),
    HighFlow,
    /// Ventilation by mask; `hamilton` when the ventilator itself does it.
    Mask {
        hamilton: bool,
    },
    /// Ventilation by tube with one ventilator.
    Tube(Ventilator),
    /// A cannula in the windpipe, on a mask or on a ventilator.
    Tracheostomy {
        ventilator: bool,
    },
}

/// Makers of ventilators; the Hamilton has modes of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ventilator {
    Drager,
    Hamilton,
    PuritanBennett,
    Avea,
}

impl Air {
    pub(crate) fn has_tube(self) -> bool {
        matches!(self, Self::Tube(_))
    }

    /// Whether a machine breathes.
    pub(crate) fn ventilated(self) -> bool {
        matches!(self, Self::Tube(_) | Self::Tracheostomy { ventilator: true } | Self::Mask { .. })
    }
}

/// Devices for oxygen, with the least and the most flow in litres a minute. Blanks at the end are as charted.
pub(crate) const DEVICES: [(u32, &str, i64, i64); 10] = [
    (600, "Nasal cannula", 1, 6),
    (90, "Face tent", 8, 15),
    (70, "Aerosol-cool", 8, 12),
    (55, "Venti mask ", 6, 12),
    (50, "Non-rebreather", 10, 15),
    (40, "Medium conc mask ", 6, 10),
    (30, "High flow neb", 12, 15),
    (25, "Oxymizer", 4, 12),
    (12, "Ultrasonic neb", 6, 10),
    (8, "Vapomist", 4, 8),
];

/// A continuous infusion.
#[derive(Clone, Debug)]
pub(crate) struct Drip {
    pub(crate) item: Item,
    /// Unit of the rate.
    pub(crate) unit: &'static str,
    /// Starts with their rates in millionths of the unit; the last entry is the end.
    pub(crate) steps: Vec<(Time, i64)>,
    /// Overrides the patient's weight: a mistake that real charts hold.
    pub(crate) weight: Option<i64>,
}

/// Blood cleaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Continuous, with the mode as charted.
    Continuous(&'static str),
    Hemodialysis,
    Peritoneal,
}

#[derive(Clone, Debug)]
pub(crate) struct Dialysis {
    pub(crate) method: Method,
    pub(crate) begin: Time,
    pub(crate) end: Time,
}

/// How urine is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urine {
    Catheter,
    Void,
    Condom,
    Suprapubic,
    Nephrostomy,
    Stent,
    Ileoconduit,
    Irrigated,
    None,
}

/// Breathing from the start of the stay to its end.
pub(crate) fn breathing(
    random: &mut Random,
    admission: &Admission,
    stay: &Stay,
    tracheostomy: &mut bool,
) -> Vec<Breathing> {
    let length = stay.end - stay.begin;
    let lung = admission.course.level(Organ::Lung, admission.course.peak);
    let mut parts: Vec<(Air, i64)> = Vec::new();
    if *tracheostomy {
        parts.push((Air::Tracheostomy { ventilator: random.chance(400) }, length));
    } else if random.chance(admission.problem.ventilated * (600 + lung) / 1000) {
        invasive(random, admission, length, &mut parts, tracheostomy);
    } else if random.chance(if admission.problem.has(Trait::Airways) { 450 } else { 30 + lung / 8 }) {
        parts.push((Air::Oxygen(device(random)), random.between(1, 4) * HOUR));
        parts.push((Air::Mask { hamilton: random.chance(500) }, random.between(4, 40) * HOUR));
    } else if random.chance(40 + lung / 6) {
        parts.push((Air::HighFlow, random.between(8, 60) * HOUR));
    }
    weaning(random, lung, length, &mut parts);

    let mut now = stay.begin;
    let mut breathing = Vec::new();
    for (kind, seconds) in parts {
        let end = (now + seconds).min(stay.end);
        if end > now {
            breathing.push(Breathing { kind, begin: now, end });
        }
        now = end;
    }
    breathing
}

fn device(random: &mut Random) -> usize {
    let total: u64 = DEVICES.iter().map(|device| u64::from(device.0)).sum();
    let mut rest = random.below(total);
    for (index, device) in DEVICES.iter().enumerate() {
        if rest < u64::from(device.0) {
            return index;
        }
        rest -= u64::from(device.0);
    }
    0
}

fn invasive(
    random: &mut Random,
    admission: &Admission,
    length: i64,
    parts: &mut Vec<(Air, i64)>,
    tracheostomy: &mut bool,
) {
    let ventilator = *random.weighted(&[
        (640, Ventilator::Drager),
        (250, Ventilator::Hamilton),
        (70, Ventilator::PuritanBennett),
        (40, Ventilator::Avea),
    ]);
    // Surgery patients arrive with a tube; half of the others get it in the first hours.
    if !admission.problem.has(Trait::Surgery) && random.chance(450) {
        parts.push((Air::Oxygen(device(random)), random.between(1, 18) * HOUR));
    }
    let tube = if admission.course.fatal {
        length
    } else if admission.problem.has(Trait::HeartSurgery) {
        random.between(4, 26) * HOUR
    } else {
        (length * random.between(15, 85) / 100).min(18 * DAY)
    };
    if tube > 5 * DAY && random.chance(500) {
        *tracheostomy = true;
        parts.push((Air::Tube(ventilator), tube * 6 / 10));
        parts.push((Air::Tracheostomy { ventilator: true }, tube * 4 / 10));
        parts.push((Air::Tracheostomy { ventilator: false }, length));
        return;
    }
    parts.push((Air::Tube(ventilator), tube));
    match random.below(100) {
        // The tube comes out too early and goes back.
        0..12 => {
            parts.push((Air::HighFlow, random.between(3, 20) * HOUR));
            parts.push((Air::Tube(ventilator), random.between(12, 72) * HOUR));
        }
        12..24 => parts.push((Air::Mask { hamilton: random.chance(500) }, random.between(4, 24) * HOUR)),
        24..40 => parts.push((Air::HighFlow, random.between(6, 40) * HOUR)),
        _ => {}
    }
}

/// Oxygen by lighter and lighter devices, then room air.
fn weaning(random: &mut Random, lung: i64, length: i64, parts: &mut Vec<(Air, i64)>) {
    if parts.is_empty() && random.chance(550 - lung / 2) {
        parts.push((Air::Room, length));
        return;
    }
    for _ in 0..random.between(1, 2) {
        parts.push((Air::Oxygen(device(random)), random.between(4, 30) * HOUR));
    }
    parts.push((Air::Oxygen(0), random.between(6, 60) * HOUR));
    if random.chance(700) {
        parts.push((Air::Room, length));
    } else {
        parts.push((Air::Oxygen(0), length));
    }
}

/// A vasoactive or paralysing drug: item, usual unit, chance by circulation and heart level, rates.
struct Agent {
    item: Item,
    unit: &'static str,
    /// Thousandths, at full level of the circulation and of the heart.
    by_circulation: i64,
    by_heart: i64,
    /// Millionths of the unit: the least and the most.
    low: i64,
    high: i64,
}

const AGENTS: [Agent; 9] = [
    Agent {
        item: fluid::NOREPINEPHRINE,
        unit: "mcg/kg/min",
        by_circulation: 780,
        by_heart: 60,
        low: 20_000,
        high: 600_000,
    },
    Agent {
        item: fluid::PHENYLEPHRINE,
        unit: "mcg/kg/min",
        by_circulation: 420,
        by_heart: 150,
        low: 200_000,
        high: 4_000_000,
    },
    Agent {
        item: fluid::VASOPRESSIN,
        unit: "units/hour",
        by_circulation: 230,
        by_heart: 20,
        low: 1_200_000,
        high: 3_600_000,
    },
    Agent {
        item: fluid::EPINEPHRINE,
        unit: "mcg/kg/min",
        by_circulation: 60,
        by_heart: 60,
        low: 10_000,
        high: 250_000,
    },
    Agent {
        item: fluid::DOPAMINE,
        unit: "mcg/kg/min",
        by_circulation: 40,
        by_heart: 90,
        low: 2_000_000,
        high: 18_000_000,
    },
    Agent {
        item: fluid::DOBUTAMINE,
        unit: "mcg/kg/min",
        by_circulation: 10,
        by_heart: 110,
        low: 1_500_000,
        high: 9_000_000,
    },
    Agent { item: fluid::MILRINONE, unit: "mcg/kg/min", by_circulation: 0, by_heart: 130, low: 125_000, high: 600_000 },
    Agent {
        item: fluid::CISATRACURIUM,
        unit: "mcg/kg/min",
        by_circulation: 80,
        by_heart: 0,
        low: 1_000_000,
        high: 4_000_000,
    },
    Agent {
        item: fluid::VECURONIUM,
        unit: "mg/hour",
        by_circulation: 45,
        by_heart: 0,
        low: 2_000_000,
        high: 8_000_000,
    },
];

/// The vasoactive drips of a stay. Norepinephrine, phenylephrine and vasopressin are sometimes charted in other units.
pub(crate) fn drips(random: &mut Random, patient: &Patient, admission: &Admission, stay: &Stay) -> Vec<Drip> {
    let tube = stay.breathing.iter().any(|part| part.kind.has_tube());
    let worst = admission.course.peak.max(stay.begin).min(stay.end);
    let circulation = admission.course.level(Organ::Circulation, worst);
    let heart = admission.course.level(Organ::Heart, worst);
    let mut drips = Vec::new();
    for agent in &AGENTS {
        let paralysing = matches!(agent.item.id, 222_062 | 221_555);
        let mut chance = agent.by_circulation * circulation / 1000 + agent.by_heart * heart / 1000;
        // Sicker patients get more agents than their number suggests.
        chance = chance * (300 + circulation) / 1000;
        if admission.problem.has(Trait::HeartSurgery) && agent.item.id == fluid::PHENYLEPHRINE.id {
            chance = 700;
        }
        if (!paralysing || tube) && random.chance(chance) {
            drips.push(drip(random, patient, admission, stay, agent));
        }
    }
    drips
}

fn drip(random: &mut Random, patient: &Patient, admission: &Admission, stay: &Stay, agent: &Agent) -> Drip {
    let (mut unit, mut factor, mut weight) = (agent.unit, (1, 1), None);
    match agent.item.id {
        221_906 if random.chance(35) => {
            unit = "mg/kg/min";
            if random.chance(500) {
                // The weight was entered as 1, the rate is in micrograms after all.
                weight = Some(10);
            } else {
                factor = (1, 1000);
            }
        }
        221_749 if random.chance(60) => {
            unit = "mcg/min";
            factor = (patient.weight, 10);
        }
        222_315 if random.chance(350) => {
            unit = "units/min";
            factor = (1, 60);
        }
        _ => {}
    }
    let length = stay.end - stay.begin;
    let begin = stay.begin + random.between(0, length / 6);
    let hours = if admission.problem.has(Trait::HeartSurgery) { random.between(3, 20) } else { random.between(4, 70) };
    let end = if admission.course.fatal { stay.end } else { (begin + hours * HOUR).min(stay.end) };
    let mut steps = Vec::new();
    let mut now = begin.floor(MINUTE);
    while now < end {
        let level = admission.course.level(Organ::Circulation, now).max(admission.course.level(Organ::Heart, now) / 2);
        let span = agent.high - agent.low;
        let rate = agent.low + span * level / 1000 * level / 1000 + random.bell(span / 12).max(-agent.low / 2);
        steps.push((now, rate.max(agent.low / 2) * factor.0 / factor.1));
        now = now + random.between(20, 400) * MINUTE;
    }
    steps.push((end.floor(MINUTE).max(begin.floor(MINUTE) + MINUTE), 0));
    Drip { item: agent.item, unit, steps, weight }
}

/// Dialysis of a stay, if any.
pub(crate) fn dialysis(random: &mut Random, patient: &Patient, admission: &Admission, stay: &Stay) -> Option<Dialysis> {
    let length = stay.end - stay.begin;
    let kidney = admission.course.peaks[Organ::Kidney as usize];
    let chronic = patient.has(Chronic::EndStageKidney);
    let chance = if chronic { 750 } else { (kidney - 430).max(0) * 8 / 10 };
    if length < 10 * HOUR || !random.chance(chance) {
        return None;
    }
    let shocked = admission.course.peaks[Organ::Circulation as usize] > 450;
    let method = if random.chance(if shocked { 750 } else { 150 }) {
        Method::Continuous(random.word(&[(330, "CVVHDF"), (230, "CVVH"), (240, "CVVHD"), (200, "SCUF")]))
    } else if random.chance(330) {
        Method::Peritoneal
    } else {
        Method::Hemodialysis
    };
    let begin = (stay.begin + random.between(HOUR, length / 2)).floor(HOUR);
    let hours = match method {
        Method::Continuous(_) => random.between(14, 160),
        Method::Hemodialysis => random.between(3, 5),
        Method::Peritoneal => random.between(12, 60),
    };
    let end = (begin + hours * HOUR).min(stay.end - HOUR);
    (end > begin + HOUR).then_some(Dialysis { method, begin, end })
}

/// How urine is collected.
pub(crate) fn urine(random: &mut Random, admission: &Admission) -> Urine {
    if admission.problem.service == "GU" {
        return *random.weighted(&[
            (3, Urine::Nephrostomy),
            (3, Urine::Stent),
            (2, Urine::Ileoconduit),
            (2, Urine::Irrigated),
        ]);
    }
    *random.weighted(&[
        (800, Urine::Catheter),
        (130, Urine::Void),
        (22, Urine::Condom),
        (10, Urine::Suprapubic),
        (8, Urine::Nephrostomy),
        (5, Urine::Stent),
        (6, Urine::Ileoconduit),
        (8, Urine::Irrigated),
        (11, Urine::None),
    ])
}
