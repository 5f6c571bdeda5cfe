//! Nursing assessments, alarms and charted labs: the bulk of a flowsheet. The items are made up, a family of them per
//! subject, with the rates and shares of the subject's category in the open demo.

use super::Chart;
use crate::dictionary::items::{Item, Kind, Link};
use crate::random::Topic;
use crate::time::{DAY, MINUTE};

/// Items that are charted together: one per part.
pub(crate) struct Family {
    /// Identifier of the first part; the others follow.
    pub(crate) first: i64,
    /// Label before the part's name.
    pub(crate) stem: &'static str,
    pub(crate) parts: &'static [&'static str],
    pub(crate) category: &'static str,
    /// Times a day, in ninths (one moment in ten is left out or late); 0 means once, at admission.
    pub(crate) per_day: i64,
    /// Stays with this family, in thousandths.
    pub(crate) share: i64,
    pub(crate) values: Values,
}

/// What the items of a family hold.
pub(crate) enum Values {
    Words(&'static [&'static str]),
    /// Texts with points, as scores are charted.
    Points(&'static [(&'static str, i64)]),
    /// Whole numbers with a unit: centre, spread, decimals.
    Range(i64, i64, u32, &'static str),
    /// 1 mostly, else 0.
    Check,
}

impl Family {
    /// The items of this family.
    pub(crate) fn items(&self) -> impl Iterator<Item = (Item, &'static str)> {
        self.parts.iter().enumerate().map(|(number, part)| (self.item(number), *part))
    }

    fn item(&self, number: usize) -> Item {
        let (kind, unit) = match self.values {
            Values::Words(_) | Values::Points(_) => (Kind::Text, ""),
            Values::Range(.., unit) => (Kind::Numeric, unit),
            Values::Check => (Kind::Checkbox, ""),
        };
        Item {
            id: self.first + number as i64,
            label: self.stem,
            category: self.category,
            kind,
            unit,
            link: Link::Chart,
        }
    }
}

pub(super) fn write(chart: &mut Chart<'_>) {
    chart.topic(Topic::Assessment);
    for family in FAMILIES {
        if !chart.random.chance(family.share) {
            continue;
        }
        if family.per_day == 0 {
            let moment = chart.stay.begin + chart.random.between(5, 300) * MINUTE;
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
    let usual = chart.stay.id as u64;
    for number in 0..family.parts.len() {
        let bits = chart.random.bits();
        if bits.is_multiple_of(32) {
            continue;
        }
        let item = family.item(number);
        // Three in four entries repeat what is usual for this patient and item.
        let place = if bits & 0x60 == 0 { bits >> 8 } else { usual / 7 + number as u64 };
        match family.values {
            Values::Words(words) => chart.word(&item, words[(place % words.len() as u64) as usize], None),
            Values::Points(points) => {
                let (text, score) = points[(place % points.len() as u64) as usize];
                chart.word(&item, text, Some(score));
            }
            Values::Range(centre, spread, places, _) => {
                let value = centre + centre * (number as i64 % 5) / 10 + chart.random.bell(spread);
                if bits & 0x7f00 == 0 {
                    chart.missing(&item);
                } else {
                    chart.number(&item, value, places);
                }
            }
            Values::Check => chart.number(&item, i64::from(bits & 0xf00 != 0), 0),
        }
    }
}

const LIMBS: &[&str] = &["right arm", "left arm", "right leg", "left leg"];
const LOBES: &[&str] = &["right upper", "right lower", "left upper", "left lower", "bases"];
const PULSES: &[&str] =
    &["right wrist", "left wrist", "right foot", "left foot", "right ankle", "left ankle", "right groin", "left groin"];
const CARE: &[&str] = &["perfusion", "breathing", "infection", "fluid", "skin", "pain", "mind", "sleep"];
const FINDINGS: &[&str] = &["Normal", "WNL", "Abnormal", "Unable to assess", "Not applicable", "Other/Remarks"];
const DONE: &[&str] = &["Done", "Self", "With help of 1, steady", "With help of 2", "Refused", "Not applicable"];
const ORIENTATION: &[(&str, i64)] = &[("Yes", 1), ("No", 0), ("Unable to assess", 2)];

macro_rules! families {
    ($($first:literal $category:literal $stem:literal $parts:expr, per day $per_day:literal share $share:literal $values:expr;)*) => {
        /// All families.
        pub(crate) const FAMILIES: &[Family] = &[$(Family {
            first: $first, stem: $stem, parts: $parts, category: $category,
            per_day: $per_day, share: $share, values: $values,
        },)*];
    };
}

families! {
    233_000 "Restraint/Support Systems" "Safety in place" &["bed low", "call bell in reach", "alarms on"], per day 130 share 990
        Values::Words(&["Bed low", "Call bell in reach", "Alarms on", "Side rails, two up", "Family at \"bedside\""]);
    233_010 "Restraint/Support Systems" "Restraint check" &[
        "reason", "device", "place", "skin", "circulation", "position change", "range of motion", "food and fluid",
        "toilet", "comfort", "less restrictive way", "order", "talk with family", "evaluation",
    ], per day 80 share 450 Values::Words(DONE);
    233_030 "Restraint/Support Systems" "Teaching" &[
        "topic", "learner", "barrier", "method", "response", "readiness", "knowledge", "support at home",
    ], per day 31 share 950 Values::Words(&["Patient", "Family", "Verbal", "Verbalizes understanding", "Needs more, tomorrow", "None"]);
    233_040 "Restraint/Support Systems" "Fall risk" &["history", "other illness", "aid", "drip", "gait", "mind"],
        per day 24 share 980 Values::Points(&[("No", 0), ("Yes", 15), ("Weak", 10), ("Bed rest", 0)]);
    233_050 "Respiratory" "Ventilator limit" &[
        "volume low", "volume high", "pressure high", "rate high", "apnea", "tidal high", "flow trigger", "slope",
        "inspiratory time", "mean airway pressure", "peak pressure", "humidifier", "cuff pressure", "tube depth", "tube size",
    ], per day 65 share 480 Values::Range(22, 4, 0, "cmH2O");
    233_070 "Respiratory" "Airway" &[
        "tube place", "tube type", "suction", "secretions", "secretion colour", "secretion thickness", "cough", "humidity",
        "flow pattern", "known difficult", "breath sounds after", "circuit",
    ], per day 38 share 650 Values::Words(FINDINGS);
    233_090 "Neurological" "Pupil" &["right size", "left size", "right response", "left response"], per day 50 share 940
        Values::Words(&["3 mm", "2 mm", "4 mm", "Brisk", "Sluggish", "Nonreactive"]);
    233_100 "Neurological" "Strength" LIMBS, per day 41 share 870
        Values::Points(&[("Normal strength", 5), ("Lifts and holds", 4), ("Lifts, falls back", 3), ("Moves on bed", 2), ("Some flicker", 1), ("None", 0)]);
    233_110 "Neurological" "Oriented to" &["person", "place", "time", "event"], per day 36 share 830 Values::Points(ORIENTATION);
    233_120 "Neurological" "Brain check" &[
        "commands", "speech", "face", "gag", "cough reflex", "cornea", "seizure", "sensation", "neglect", "vision",
    ], per day 36 share 860 Values::Words(FINDINGS);
    233_140 "Care Plans" "Care plan, steps for" CARE, per day 64 share 640 Values::Words(DONE);
    233_150 "Care Plans" "Care plan, aims for" CARE, per day 62 share 640 Values::Words(&["Improving", "Unchanged", "Met", "Not met", "Changed, see note"]);
    233_160 "Treatments" "Activity" &["turn", "position", "head of bed", "activity", "tolerance", "help needed"],
        per day 95 share 990 Values::Words(DONE);
    233_170 "Treatments" "Prevention" &["bed", "heels", "compression", "compression state", "mouth care", "bath", "mobility"],
        per day 58 share 930 Values::Words(DONE);
    233_180 "Pain/Sedation" "Pain" &["present", "place", "kind", "cause", "method", "management", "response", "level wanted"],
        per day 58 share 970 Values::Words(&["No", "Yes", "Abdomen", "Sharp, on moving", "Surgery", "Numeric", "Medication", "3"]);
    233_190 "Pain/Sedation" "Sedation" &["depth", "goal", "agitation", "delirium", "wake up"], per day 55 share 960
        Values::Points(&[(" 0  Alert and calm", 0), ("-1 Awakens to voice", -1), ("-2 Light sedation", -2), ("-4 Deep sedation", -4), ("+1 Anxious", 1)]);
    233_200 "GI/GU" "Belly and bladder" &[
        "belly", "bowel sounds", "diet", "mouth", "nose right", "nose left", "urine source", "urine colour", "urine look",
        "catheter size", "feeding tube", "tube place", "tube state", "stool", "nausea", "flatus", "tolerates drugs",
    ], per day 41 share 970 Values::Words(FINDINGS);
    233_220 "Labs" "Charted lab" &[
        "sodium", "potassium", "chloride", "bicarbonate", "anion gap", "creatinine", "urea", "magnesium", "phosphate",
        "calcium", "hematocrit", "hemoglobin", "white cells", "platelets",
    ], per day 20 share 980 Values::Range(100, 12, 1, "mg/dL");
    233_240 "Labs" "Charted gas" &["pH", "pCO2", "pO2", "base excess", "total CO2", "ionized calcium", "lactate", "saturation"],
        per day 26 share 560 Values::Range(370, 40, 1, "mmHg");
    233_250 "Labs" "Charted clotting" &["INR", "prothrombin", "PTT", "fibrinogen", "bilirubin", "ALT", "AST"], per day 11 share 900
        Values::Range(210, 50, 1, "sec");
    233_260 "Alarms" "Alarm limit" &[
        "heart high", "heart low", "saturation high", "saturation low", "breath high", "breath low", "cuff high", "cuff low",
        "line high", "line low", "desaturation", "venous high",
    ], per day 27 share 985 Values::Range(80, 5, 0, "bpm");
    233_280 "Alarms" "Alarm check" &["alarms on", "parameters", "segment", "audible"], per day 50 share 970 Values::Check;
    233_290 "Pulmonary" "Lung sounds" LOBES, per day 62 share 980
        Values::Words(&["Clear", "Diminished", "Crackles", "Rhonchous", "Exp Wheeze", "Ins/Exp Wheeze", "Bronchial"]);
    233_300 "Pulmonary" "Cough and effort" &["cough", "effort", "pattern", "sputum", "chest wall"], per day 32 share 940 Values::Words(FINDINGS);
    233_310 "Skin - Assessment" "Pressure sore risk" &["sensation", "moisture", "activity", "mobility", "food", "friction"],
        per day 35 share 985
        Values::Points(&[("No Impairment", 4), ("Slightly Limited", 3), ("Very Limited", 2), ("Completely Limited", 1)]);
    233_320 "Skin - Assessment" "Skin" &["colour", "warmth", "condition", "integrity"], per day 40 share 985
        Values::Words(&["Normal for Ethnicity", "Warm", "Dry", "Intact", "Impaired", "Cool", "Pale"]);
    233_330 "Skin - Impairment" "Wound" &[
        "place", "type", "stage", "length", "width", "depth", "edges", "bed", "drainage", "odor", "dressing", "cleansing",
    ], per day 70 share 420 Values::Words(FINDINGS);
    233_350 "Cardiovascular" "Limb look" LIMBS, per day 36 share 960 Values::Words(&["Normal", "Pale", "Dusky", "Mottled", "Flushed"]);
    233_360 "Cardiovascular" "Limb warmth" LIMBS, per day 36 share 960 Values::Words(&["Warm", "Cool", "Cold", "Hot"]);
    233_370 "Cardiovascular (Pulses)" "Pulse" PULSES, per day 36 share 950
        Values::Words(&["Easily Palpable", "Weak Palpable", "Doppler", "Absent", "Not Assessed"]);
    233_380 "Access Lines - Invasive" "Invasive line" &[
        "site", "waveform", "dressing", "zeroed", "blood return", "position", "flush",
    ], per day 52 share 700 Values::Words(&["Clean and Dry", "Appropriate", "Transparent", "WNL", "Redness, slight"]);
    233_390 "Access Lines - Invasive" "Invasive line check" &["placed elsewhere", "occlusive", "need reviewed"], per day 38 share 700 Values::Check;
    233_400 "Access Lines - Peripheral" "Cannula check" &[
        "placed elsewhere", "placed in the field", "occlusive", "flushes", "second occlusive", "second flushes",
    ], per day 23 share 930 Values::Check;
    233_410 "Access Lines - Peripheral" "Cannula" &["phlebitis", "infiltration", "dressing"], per day 20 share 900 Values::Words(&["0", "1", "Transparent"]);
    233_420 "Skin - Incisions" "Incision" &["place", "look", "closure", "drainage", "dressing", "edema"], per day 36 share 780 Values::Words(FINDINGS);
    233_430 "Adm History/FHPA" "On admission" &[
        "allergies", "religion", "tobacco", "alcohol", "other drugs", "lives with", "glasses", "hearing aid", "dentures",
        "valuables", "home medicines", "falls at home", "advance directive", "proxy", "vaccination", "travel", "diet at home",
        "weight loss", "sleep", "bowel habit", "work", "pets", "interpreter", "last meal", "pacemaker",
    ], per day 0 share 860 Values::Words(&["No", "Yes", "Unable to assess", "None", "See note,\nnext page"]);
    233_460 "Adm History/FHPA" "Screen on admission" &[
        "self-care", "safety", "nutrition", "isolation", "spiritual", "travel risk", "infection risk", "pressure sore",
    ], per day 0 share 900 Values::Check;
    233_470 "Hemodynamics" "Central pressure" &["venous", "lung artery systolic", "lung artery diastolic", "output"], per day 110 share 270
        Values::Range(14, 4, 0, "mmHg");
    233_480 "Cardiovascular (Pacer Data)" "Pacemaker" &["mode", "rate", "threshold", "sensing"], per day 45 share 110 Values::Words(FINDINGS);
    233_490 "Toxicology" "Withdrawal scale" &["tremor", "sweat", "anxiety", "agitation", "sense", "headache"], per day 50 share 70
        Values::Points(&[("None", 0), ("Mild", 1), ("Moderate", 4), ("Severe", 7)]);
}
