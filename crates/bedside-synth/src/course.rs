//! How ill a person is: one level per organ, over an admission. Everything that is measured leans on these levels, so
//! that a high lactate, a low pressure and a running vasopressor meet in one patient.

use crate::time::{HOUR, Time};

/// What can fail. The order is that of the levels in [`crate::problem::Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Organ {
    Circulation,
    Lung,
    Kidney,
    Liver,
    Blood,
    Brain,
    Heart,
    Inflammation,
    /// Nothing: for measures that do not move with illness.
    None,
}

/// Number of organs with a level.
pub(crate) const ORGANS: usize = 8;

/// Levels over one admission, 0 (well) to 1000 (as bad as it gets).
#[derive(Clone, Debug)]
pub(crate) struct Course {
    /// Start of the illness, mostly the admission.
    pub(crate) begin: Time,
    /// When it is worst.
    pub(crate) peak: Time,
    /// Discharge or death.
    pub(crate) end: Time,
    /// Levels at the peak.
    pub(crate) peaks: [i64; ORGANS],
    /// Levels that never go below this, from chronic illness.
    pub(crate) floors: [i64; ORGANS],
    /// Whether it ends in death.
    pub(crate) fatal: bool,
}

impl Course {
    /// The level of an organ. Kidney and liver values trail the insult by most of a day.
    pub(crate) fn level(&self, organ: Organ, time: Time) -> i64 {
        if organ == Organ::None {
            return 0;
        }
        let lag = match organ {
            Organ::Kidney => 20 * HOUR,
            Organ::Liver => 14 * HOUR,
            Organ::Inflammation => 6 * HOUR,
            _ => 0,
        };
        let height = self.share(time - lag) * self.peaks[organ as usize] / 1000;
        height.max(self.floors[organ as usize]).clamp(0, 1000)
    }

    /// Minutes until death at `time`; `None` for those who live.
    pub(crate) fn minutes_to_death(&self, time: Time) -> Option<i64> {
        self.fatal.then(|| (self.end - time) / 60)
    }

    /// The share of the peak that is reached, in thousandths.
    fn share(&self, time: Time) -> i64 {
        let last = if self.fatal { 1080 } else { 140 };
        if time <= self.begin {
            // Illness begins a day before it brings people to hospital.
            (400 - (self.begin - time) * 400 / (24 * HOUR)).max(0)
        } else if time <= self.peak {
            between(self.begin, self.peak, 400, 1000, time)
        } else if time <= self.end {
            between(self.peak, self.end, 1000, last, time)
        } else {
            (last - (time - self.end) * last / (14 * 24 * HOUR)).max(0)
        }
    }
}

/// Linear from `low` at `from` to `high` at `until`.
fn between(from: Time, until: Time, low: i64, high: i64, time: Time) -> i64 {
    low + (high - low) * (time - from) / (until - from).max(1)
}

#[cfg(test)]
mod tests {
    use super::{Course, Organ};
    use crate::time::{HOUR, Time};

    #[test]
    fn illness_rises_to_its_peak_and_falls_unless_it_kills() {
        let at = |hours: i64| Time(hours * HOUR);
        let mut course = Course {
            begin: at(0),
            peak: at(10),
            end: at(110),
            peaks: [800; 8],
            floors: [100, 0, 0, 0, 0, 0, 0, 0],
            fatal: false,
        };
        let level = |course: &Course, hours| course.level(Organ::Circulation, at(hours));
        assert_eq!(level(&course, -1000), 100, "chronic illness stays");
        assert!(level(&course, 0) < level(&course, 5) && level(&course, 5) < level(&course, 10));
        assert_eq!(level(&course, 10), 800);
        assert!(level(&course, 60) < 800 && level(&course, 110) < 150);
        assert!(course.level(Organ::Kidney, at(30)) > course.level(Organ::Kidney, at(10)), "creatinine trails");
        course.fatal = true;
        assert!(level(&course, 110) > 800);
        assert_eq!(course.minutes_to_death(at(109)), Some(60));
    }
}
