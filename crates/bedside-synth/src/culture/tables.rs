//! Specimens, tests, organisms and antibiotics of the microbiology laboratory. The identifiers that concepts name are
//! 90856 (negative) and 90760 (cancelled); the others are made up within the same ranges.

/// A kind of specimen with its tests: identifier, name, whether organisms are looked for.
pub(crate) struct Specimen {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    pub(crate) tests: &'static [(i64, &'static str, bool)],
}

/// A microbe, the antibiotics that it is tested against, whether it resists many.
pub(crate) struct Organism {
    pub(crate) id: i64,
    pub(crate) name: &'static str,
    pub(crate) panel: &'static [usize],
    pub(crate) resistant: bool,
}

pub(crate) const SPECIMENS: [Specimen; 14] = [
    Specimen { id: 70_501, name: "BLOOD CULTURE", tests: &[(90_501, "Blood Culture, Routine", true)] },
    Specimen { id: 70_502, name: "URINE", tests: &[(90_502, "URINE CULTURE", true)] },
    Specimen { id: 70_503, name: "MRSA SCREEN", tests: &[(90_503, "MRSA SCREEN", true)] },
    Specimen {
        id: 70_504,
        name: "SPUTUM",
        tests: &[(90_504, "GRAM STAIN", false), (90_505, "RESPIRATORY CULTURE", true)],
    },
    Specimen {
        id: 70_505,
        name: "STOOL",
        tests: &[(90_506, "C. difficile PCR", true), (90_507, "FECAL CULTURE", true)],
    },
    Specimen { id: 70_506, name: "SEROLOGY/BLOOD", tests: &[(90_508, "RAPID PLASMA REAGIN TEST", false)] },
    Specimen {
        id: 70_507,
        name: "BRONCHOALVEOLAR LAVAGE",
        tests: &[
            (90_504, "GRAM STAIN", false),
            (90_505, "RESPIRATORY CULTURE", true),
            (90_509, "FUNGAL CULTURE", true),
        ],
    },
    Specimen {
        id: 70_508,
        name: "PERITONEAL FLUID",
        tests: &[(90_504, "GRAM STAIN", false), (90_510, "FLUID CULTURE", true), (90_511, "ANAEROBIC CULTURE", true)],
    },
    Specimen {
        id: 70_509,
        name: "CSF;SPINAL FLUID",
        tests: &[(90_504, "GRAM STAIN", false), (90_510, "FLUID CULTURE", true)],
    },
    Specimen { id: 70_510, name: "SWAB", tests: &[(90_512, "WOUND CULTURE", true), (90_504, "GRAM STAIN", false)] },
    Specimen { id: 70_511, name: "Mini-BAL", tests: &[(90_505, "RESPIRATORY CULTURE", true)] },
    Specimen { id: 70_512, name: "CATHETER TIP-IV", tests: &[(90_512, "WOUND CULTURE", true)] },
    Specimen {
        id: 70_513,
        name: "PLEURAL FLUID",
        tests: &[(90_504, "GRAM STAIN", false), (90_510, "FLUID CULTURE", true)],
    },
    Specimen { id: 70_514, name: "TISSUE", tests: &[(90_504, "GRAM STAIN", false), (90_513, "TISSUE", true)] },
];

/// Specimens taken for other reasons, by weight: index into [`SPECIMENS`].
pub(crate) const BY_CHANCE: &[(u32, usize)] = &[
    (300, 0),
    (220, 1),
    (90, 4),
    (80, 5),
    (70, 3),
    (50, 9),
    (35, 7),
    (25, 11),
    (20, 12),
    (20, 8),
    (20, 13),
    (20, 6),
    (20, 2),
];

pub(crate) const ANTIBIOTICS: [(i64, &str); 20] = [
    (90_601, "GENTAMICIN"),
    (90_602, "TRIMETHOPRIM/SULFA"),
    (90_603, "MEROPENEM"),
    (90_604, "CEFEPIME"),
    (90_605, "CIPROFLOXACIN"),
    (90_606, "CEFTAZIDIME"),
    (90_607, "TOBRAMYCIN"),
    (90_608, "PIPERACILLIN/TAZO"),
    (90_609, "CEFTRIAXONE"),
    (90_610, "AMPICILLIN"),
    (90_611, "AMPICILLIN/SULBACTAM"),
    (90_612, "VANCOMYCIN"),
    (90_613, "NITROFURANTOIN"),
    (90_614, "CEFAZOLIN"),
    (90_615, "ERYTHROMYCIN"),
    (90_616, "TETRACYCLINE"),
    (90_617, "CLINDAMYCIN"),
    (90_618, "LEVOFLOXACIN"),
    (90_619, "OXACILLIN"),
    (90_620, "RIFAMPIN"),
];

/// What stands in an organism's place: nothing was looked for, nothing was found.
pub(crate) const NEGATIVE: [(i64, &str); 2] = [(90_760, "CANCELLED"), (90_856, "NEGATIVE")];

const GUT: &[usize] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13];
const PSEUDOMONAS: &[usize] = &[0, 2, 3, 4, 5, 6, 7];
const COCCI: &[usize] = &[0, 1, 11, 14, 15, 16, 17, 18, 19];
const ENTEROCOCCI: &[usize] = &[9, 11, 12, 15];

macro_rules! organisms {
    ($($weight:literal $id:literal $name:literal $panel:expr, $resistant:literal;)*) => {
        &[$(($weight, Organism { id: $id, name: $name, panel: $panel, resistant: $resistant }),)*]
    };
}

pub(crate) const ORGANISMS: &[(u32, Organism)] = organisms! {
    240 80_501 "ESCHERICHIA COLI" GUT, false;
    170 80_502 "STAPH AUREUS COAG +" COCCI, true;
    120 80_503 "KLEBSIELLA PNEUMONIAE" GUT, true;
    100 80_504 "PSEUDOMONAS AERUGINOSA" PSEUDOMONAS, true;
    90 80_505 "ENTEROCOCCUS SP." ENTEROCOCCI, true;
    80 80_506 "YEAST" &[], false;
    40 80_507 "PROTEUS MIRABILIS" GUT, false;
    40 80_508 "ENTEROBACTER CLOACAE COMPLEX" GUT, true;
    30 80_509 "VIRIDANS STREPTOCOCCI" &[], false;
    30 80_510 "CLOSTRIDIUM DIFFICILE" &[], false;
    20 80_511 "ACINETOBACTER BAUMANNII COMPLEX" PSEUDOMONAS, true;
    20 80_512 "SERRATIA MARCESCENS" GUT, false;
    20 80_513 "BACTEROIDES FRAGILIS GROUP" &[], false;
};

pub(crate) const CONTAMINANTS: &[(u32, Organism)] = organisms! {
    60 80_514 "STAPHYLOCOCCUS, COAGULASE NEGATIVE" &[], false;
    30 80_515 "MIXED BACTERIAL FLORA" &[], false;
    10 80_516 "CORYNEBACTERIUM SPECIES (DIPHTHEROIDS)" &[], false;
};

/// What stands where nothing grew. Blanks at the end are as in the files.
pub(crate) const COMMENTS: &[(u32, &str)] = &[
    (520, "NO GROWTH.  "),
    (140, "___"),
    (90, "No resistant strain isolated.  "),
    (60, "Mixed flora, three or more kinds, \"probably\" contamination.  "),
    (60, "NO MICROORGANISMS SEEN.  "),
    (50, "Negative.\nReference range: negative.  "),
    (80, ""),
];
