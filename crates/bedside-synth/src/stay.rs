//! ICU stays: when they are and what keeps the patient alive meanwhile.

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::conditions::Chronic;
use crate::patient::Patient;
use crate::problem::{Problem, Trait};
use crate::random::Random;
use crate::support::{self, Breathing, Dialysis, Drip, Urine};
use crate::time::{DAY, HOUR, MINUTE, Time};

/// One ICU stay.
#[derive(Debug)]
pub(crate) struct Stay {
    pub(crate) id: i64,
    pub(crate) first_unit: &'static str,
    pub(crate) last_unit: &'static str,
    pub(crate) begin: Time,
    pub(crate) end: Time,
    /// What the patient breathes, without gaps from begin to end.
    pub(crate) breathing: Vec<Breathing>,
    pub(crate) drips: Vec<Drip>,
    pub(crate) dialysis: Option<Dialysis>,
    pub(crate) urine: Urine,
    /// Whether pressure is measured in an artery.
    pub(crate) arterial: bool,
    /// Whether pressure is measured in the skull.
    pub(crate) skull: bool,
    pub(crate) central: bool,
}

/// When a stay is, before it has an identifier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) begin: Time,
    pub(crate) end: Time,
}

impl Stay {
    pub(crate) fn new(id: i64, first_unit: &'static str, last_unit: &'static str, begin: Time, end: Time) -> Self {
        Self {
            id,
            first_unit,
            last_unit,
            begin,
            end,
            breathing: Vec::new(),
            drips: Vec::new(),
            dialysis: None,
            urine: Urine::Catheter,
            arterial: false,
            skull: false,
            central: false,
        }
    }

    /// Length in thousandths of a day.
    pub(crate) fn length(&self) -> i64 {
        (self.end - self.begin) * 1000 / DAY
    }

    /// What the patient breathes at a time.
    pub(crate) fn breathing_at(&self, time: Time) -> Option<&Breathing> {
        self.breathing.iter().find(|part| time >= part.begin && time < part.end)
    }

    /// Moments from the first to the last of the stay, `step` seconds apart, mostly on a round clock; some are left out,
    /// and some more come between.
    pub(crate) fn moments(&self, random: &mut Random, step: i64) -> Vec<Time> {
        let (begin, end) = (self.begin, self.end);
        let grid = step.min(HOUR);
        let mut moments = Vec::new();
        let mut now = (begin + random.between(0, step / 2)).floor(grid);
        while now < end {
            let shift = if random.chance(130) { random.between(1, grid / MINUTE - 1) * MINUTE } else { 0 };
            let moment = now + shift;
            if moment >= begin && moment < end && !random.chance(40) {
                moments.push(moment);
            }
            now = now + step;
        }
        moments
    }

    pub(crate) fn tube_at(&self, time: Time) -> bool {
        self.breathing_at(time).is_some_and(|part| part.kind.has_tube())
    }
}

/// When the stays of an admission are.
pub(crate) fn plan(
    random: &mut Random,
    admit: Time,
    stays: u64,
    severity: i64,
    fatal: bool,
    problem: &Problem,
) -> Vec<Window> {
    let mut windows = Vec::new();
    let before = if problem.has(Trait::Surgery) { &MINUTES_BEFORE_SURGERY } else { &MINUTES_BEFORE };
    let mut begin = admit + random.quantile(before) * MINUTE + random.between(0, 59);
    for _ in 0..stays {
        // The worse the illness, the longer the stay: half of the place in the distribution comes from severity.
        let minutes = random.quantile(&MINUTES_OF_STAY) * (400 + severity * 6 / 10) / 900;
        let minutes = if fatal { minutes.max(4 * 60) } else { minutes.max(35) };
        let end = begin + minutes * MINUTE + random.between(0, 59);
        windows.push(Window { begin, end });
        begin = end + random.between(18, 110) * HOUR + random.between(0, 3599);
    }
    windows
}

/// Decides on the support of every stay of an admission.
pub(crate) fn equip(patient: &Patient, random: &mut Random, admission: &mut Admission) {
    let mut stays = std::mem::take(&mut admission.stays);
    let mut tracheostomy = false;
    for stay in &mut stays {
        let shock = admission.course.level(Organ::Circulation, admission.course.peak.max(stay.begin).min(stay.end));
        stay.breathing = support::breathing(random, admission, stay, &mut tracheostomy);
        stay.drips = support::drips(random, patient, admission, stay);
        stay.dialysis = support::dialysis(random, patient, admission, stay);
        let tube = stay.breathing.iter().any(|part| part.kind.has_tube());
        let surgery = admission.problem.has(Trait::Surgery);
        stay.arterial = random.chance(if surgery || tube { 750 } else { 120 + shock / 4 });
        stay.central = !stay.drips.is_empty() || random.chance(250);
        stay.skull = admission.problem.has(Trait::SkullPressure) && random.chance(380);
        stay.urine = support::urine(random, admission);
        if patient.has(Chronic::EndStageKidney) && random.chance(300) {
            stay.urine = Urine::None;
        }
    }
    admission.stays = stays;
}

/// Minutes from admission to the ICU at every tenth; a few at once, some days later.
const MINUTES_BEFORE: [i64; 11] = [0, 2, 40, 90, 130, 200, 330, 900, 2200, 5200, 24_000];
const MINUTES_BEFORE_SURGERY: [i64; 11] = [5, 300, 420, 520, 640, 800, 1300, 2400, 4200, 7000, 20_000];

/// Minutes in the ICU at every twentieth, with a tail of weeks; measured on the 140 stays of the open demo.
const MINUTES_OF_STAY: [i64; 21] = [
    40, 960, 1180, 1300, 1520, 1670, 1780, 2000, 2500, 2780, 3000, 3500, 4160, 4600, 5420, 7000, 7350, 9150, 12_000,
    18_000, 34_000,
];
