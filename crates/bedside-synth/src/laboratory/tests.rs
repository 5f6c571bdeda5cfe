//! Laboratory tests by panel: a table of facts. Centres, spreads and ranges are in units of the last decimal place.
//! Tests from 53200 on are made up.

use crate::course::Organ;
use crate::course::Organ::{Blood, Brain, Circulation, Heart, Inflammation, Kidney, Liver, Lung, None as Steady};

/// One test of d_labitems and how its results fall.
#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) id: i64,
    pub(crate) label: &'static str,
    pub(crate) unit: &'static str,
    /// Decimal places of the numbers below.
    pub(crate) places: u32,
    /// Reference range.
    pub(crate) range: Option<(i64, i64)>,
    pub(crate) centre: i64,
    pub(crate) spread: i64,
    pub(crate) organ: Organ,
    /// Change at level 1000 of the organ.
    pub(crate) slope: i64,
    /// Whether the change grows with the square of the level.
    pub(crate) steep: bool,
    /// Share of the panel's specimens with this test, in thousandths.
    pub(crate) share: i64,
    /// A remark of every result; the value's text is then removed, as in the published files.
    pub(crate) remark: &'static str,
}

/// Tests that are run on one specimen.
#[derive(Debug)]
pub(crate) struct Panel {
    pub(crate) fluid: &'static str,
    pub(crate) category: &'static str,
    pub(crate) tests: &'static [Test],
}

macro_rules! panel {
    ($name:ident $fluid:literal $category:literal; $($id:literal $label:literal $unit:literal $places:literal $range:expr,
       $centre:literal +- $spread:literal, $organ:expr, $slope:literal $steep:literal $share:literal $remark:literal;)*) => {
        pub(crate) const $name: Panel = Panel {
            fluid: $fluid,
            category: $category,
            tests: &[$(Test {
                id: $id, label: $label, unit: $unit, places: $places, range: $range, centre: $centre, spread: $spread,
                organ: $organ, slope: $slope, steep: $steep, share: $share, remark: $remark,
            },)*],
        };
    };
}

#[expect(clippy::unnecessary_wraps, reason = "stands beside None in the table")]
const fn range(low: i64, high: i64) -> Option<(i64, i64)> {
    Some((low, high))
}

panel! { CHEMISTRY "Blood" "Chemistry";
    50983 "Sodium" "mEq/L" 0 range(133, 145), 139 +- 4, Liver, -11 false 985 "";
    50971 "Potassium" "mEq/L" 1 range(33, 51), 40 +- 4, Kidney, 14 true 990 "";
    50902 "Chloride" "mEq/L" 0 range(96, 108), 102 +- 4, Kidney, 2 false 980 "";
    50882 "Bicarbonate" "mEq/L" 0 range(22, 32), 26 +- 3, Circulation, -10 true 950 "";
    50868 "Anion Gap" "mEq/L" 0 range(8, 20), 13 +- 2, Circulation, 9 true 945 "";
    51006 "Urea Nitrogen" "mg/dL" 0 range(6, 20), 15 +- 5, Kidney, 85 true 985 "";
    50912 "Creatinine" "mg/dL" 1 range(4, 12), 9 +- 2, Kidney, 60 true 985 "";
    50931 "Glucose" "mg/dL" 0 range(70, 100), 108 +- 24, Inflammation, 45 false 900 "If fasting, 70 to 100 is normal; above 125 suggests diabetes.";
    53201 "Magnesium content" "mg/dL" 1 range(16, 26), 20 +- 3, Kidney, 6 false 820 "";
    50893 "Calcium, Total" "mg/dL" 1 range(84, 103), 88 +- 6, Inflammation, -8 false 790 "";
    53202 "Phosphorus content" "mg/dL" 1 range(27, 45), 33 +- 8, Kidney, 40 true 780 "";
    53203 "Serum index, haemolysis" "" 0 range(0, 40), 12 +- 9, Steady, 0 false 430 "";
    53204 "Serum index, jaundice" "" 0 range(0, 10), 1 +- 1, Liver, 6 true 430 "";
    53205 "Serum index, fat" "" 0 range(0, 60), 13 +- 8, Steady, 0 false 430 "";
    53206 "Filtration estimate" "mL/min" 0 None, 75 +- 15, Kidney, -60 false 240 "By formula, \"not\" for changing values.";
}

panel! { COUNT "Blood" "Hematology";
    51221 "Hematocrit" "%" 1 range(360, 480), 345 +- 35, Blood, -110 false 990 "";
    51222 "Hemoglobin" "g/dL" 1 range(120, 160), 115 +- 12, Blood, -37 false 950 "";
    51301 "White Blood Cells" "K/uL" 1 range(40, 110), 85 +- 22, Inflammation, 110 true 945 "";
    51265 "Platelet Count" "K/uL" 0 range(150, 440), 240 +- 60, Blood, -215 false 970 "";
    51279 "Red Blood Cells" "m/uL" 2 range(420, 540), 380 +- 40, Blood, -120 false 945 "";
    51277 "RDW" "%" 1 range(105, 155), 145 +- 12, Blood, 40 false 945 "";
    51250 "MCV" "fL" 0 range(82, 98), 91 +- 5, Steady, 0 false 945 "";
    51249 "MCHC" "%" 1 range(310, 350), 328 +- 10, Steady, 0 false 945 "";
    51248 "MCH" "pg" 1 range(270, 320), 299 +- 18, Steady, 0 false 945 "";
    52172 "RDW-SD" "fL" 1 range(351, 463), 480 +- 50, Blood, 100 false 530 "";
    // Platelet Aggregation in the dictionary; a derived table reads it as RDW-SD.
    52159 "Platelet Aggregation" "%" 0 None, 62 +- 14, Steady, 0 false 6 "";
}

panel! { DIFFERENTIAL "Blood" "Hematology";
    51256 "Neutrophils" "%" 1 range(340, 710), 660 +- 90, Inflammation, 150 false 1000 "";
    51244 "Lymphocytes" "%" 1 range(190, 530), 210 +- 60, Inflammation, -120 false 985 "";
    51254 "Monocytes" "%" 1 range(50, 130), 75 +- 25, Steady, 0 false 990 "";
    51200 "Eosinophils" "%" 1 range(10, 70), 20 +- 14, Inflammation, -14 false 990 "";
    51146 "Basophils" "%" 1 range(0, 10), 4 +- 3, Steady, 0 false 990 "";
    52075 "Absolute Neutrophil Count" "K/uL" 2 range(160, 610), 600 +- 200, Inflammation, 900 true 600 "";
    51133 "Absolute Lymphocyte Count" "K/uL" 2 range(120, 370), 150 +- 50, Inflammation, -70 false 600 "";
    52074 "Absolute Monocyte Count" "K/uL" 2 range(20, 80), 62 +- 22, Inflammation, 40 false 600 "";
    52073 "Absolute Eosinophil Count" "K/uL" 2 range(4, 54), 14 +- 9, Steady, 0 false 600 "";
    52069 "Absolute Basophil Count" "K/uL" 2 range(1, 8), 3 +- 2, Steady, 0 false 600 "";
    51144 "Bands" "%" 0 range(0, 5), 1 +- 2, Inflammation, 16 true 400 "";
    51143 "Atypical Lymphocytes" "%" 0 range(0, 0), 0 +- 1, Steady, 0 false 400 "";
    51251 "Metamyelocytes" "%" 0 range(0, 0), 0 +- 1, Inflammation, 4 true 400 "";
    51257 "Nucleated Red Cells" "%" 0 range(0, 0), 0 +- 1, Circulation, 6 true 150 "";
    52135 "Immature Granulocytes" "%" 1 range(0, 6), 5 +- 3, Inflammation, 12 true 240 "Counts myelocytes, \"metas\" and promyelocytes.";
    51245 "Lymphocytes, Percent" "%" 0 range(18, 42), 22 +- 8, Inflammation, -10 false 20 "";
    51199 "Eosinophil Count" "#/uL" 0 range(40, 400), 140 +- 80, Steady, 0 false 20 "";
    52769 "Absolute Lymphocyte Count" "#/uL" 0 range(1200, 3700), 1500 +- 450, Inflammation, -600 false 20 "";
    51253 "Monocyte Count" "#/uL" 0 range(200, 800), 620 +- 220, Steady, 0 false 20 "";
    51218 "Granulocyte Count" "#/uL" 0 range(1500, 7000), 6100 +- 2000, Inflammation, 6000 true 25 "";
    51300 "WBC Count" "K/uL" 1 range(40, 110), 85 +- 25, Inflammation, 100 true 15 "";
    51755 "White Blood Cells" "K/uL" 1 range(40, 110), 85 +- 25, Inflammation, 100 true 15 "";
    53210 "Red cell shape, uneven" "N/A" 0 None, 1 +- 1, Steady, 0 false 440 "NORMAL.";
    53211 "Red cell size, uneven" "N/A" 0 None, 1 +- 1, Steady, 0 false 440 "1+.";
    53212 "Red cell colour, pale" "N/A" 0 None, 1 +- 1, Steady, 0 false 440 "NORMAL.";
    53213 "Red cells, large" "N/A" 0 None, 1 +- 1, Steady, 0 false 440 "NORMAL.";
    53214 "Red cells, small" "N/A" 0 None, 1 +- 1, Steady, 0 false 440 "1+.";
    53215 "Platelet look" "N/A" 0 None, 1 +- 1, Blood, 0 false 460 "LOW.";
}

panel! { CLOTTING "Blood" "Hematology";
    51274 "PT" "sec" 1 range(94, 125), 130 +- 12, Liver, 190 true 990 "";
    51237 "INR(PT)" "" 1 range(9, 11), 12 +- 1, Liver, 19 true 990 "";
    51275 "PTT" "sec" 1 range(250, 365), 320 +- 60, Liver, 260 true 990 "";
    51214 "Fibrinogen, Functional" "mg/dL" 0 range(180, 400), 330 +- 90, Liver, -180 false 120 "";
    51196 "D-Dimer" "ng/mL FEU" 0 range(0, 500), 900 +- 500, Inflammation, 6000 true 30 "";
    51297 "Thrombin" "sec" 1 range(160, 210), 190 +- 25, Liver, 60 true 35 "";
}

panel! { LIVER "Blood" "Chemistry";
    50861 "Alanine Aminotransferase (ALT)" "IU/L" 0 range(0, 40), 26 +- 10, Liver, 1300 true 985 "";
    50878 "Asparate Aminotransferase (AST)" "IU/L" 0 range(0, 40), 31 +- 12, Liver, 1900 true 985 "";
    50863 "Alkaline Phosphatase" "IU/L" 0 range(35, 130), 88 +- 28, Liver, 240 true 960 "";
    50885 "Bilirubin, Total" "mg/dL" 1 range(0, 15), 7 +- 3, Liver, 190 true 985 "";
    50954 "Lactate Dehydrogenase (LD)" "IU/L" 0 range(94, 250), 230 +- 50, Liver, 1900 true 500 "";
    50862 "Albumin" "g/dL" 1 range(35, 52), 36 +- 5, Inflammation, -14 false 520 "";
    50883 "Bilirubin, Direct" "mg/dL" 1 range(0, 3), 2 +- 1, Liver, 120 true 70 "";
    50884 "Bilirubin, Indirect" "mg/dL" 1 range(0, 10), 5 +- 2, Liver, 60 true 60 "";
    50867 "Amylase" "IU/L" 0 range(0, 100), 62 +- 25, Inflammation, 160 true 60 "";
    50927 "Gamma Glutamyltransferase" "IU/L" 0 range(5, 36), 40 +- 18, Liver, 280 true 40 "";
    50976 "Protein, Total" "g/dL" 1 range(64, 83), 66 +- 7, Inflammation, -12 false 150 "";
    50930 "Globulin" "g/dL" 1 range(20, 40), 28 +- 6, Steady, 0 false 140 "";
    53220 "Lipase content" "IU/L" 0 range(0, 60), 34 +- 14, Inflammation, 120 true 110 "";
}

panel! { CARDIAC "Blood" "Chemistry";
    51003 "Troponin T" "ng/mL" 2 range(0, 1), 1 +- 1, Heart, 420 true 900 "Above 0.10 ng/mL suggests infarction.";
    50911 "Creatine Kinase, MB Isoenzyme" "ng/mL" 0 range(0, 10), 4 +- 2, Heart, 110 true 620 "";
    50910 "Creatine Kinase (CK)" "IU/L" 0 range(29, 201), 120 +- 50, Heart, 2400 true 660 "";
    50963 "NTproBNP" "pg/mL" 0 range(0, 353), 600 +- 350, Heart, 16000 true 160 "";
    51002 "Troponin I" "ng/mL" 2 range(0, 4), 2 +- 1, Heart, 900 true 15 "";
    52598 "Troponin I" "ng/mL" 2 range(0, 8), 3 +- 2, Heart, 700 true 10 "";
}

panel! { GAS "Blood" "Blood Gas";
    50820 "pH" "units" 2 range(735, 745), 740 +- 4, Circulation, -22 true 995 "";
    50821 "pO2" "mm Hg" 0 range(85, 105), 150 +- 45, Lung, -90 false 960 "";
    50818 "pCO2" "mm Hg" 0 range(35, 45), 39 +- 5, Lung, 9 false 960 "";
    50804 "Calculated Total CO2" "mEq/L" 0 range(21, 30), 25 +- 3, Circulation, -9 true 960 "";
    50802 "Base Excess" "mEq/L" 0 None, 0 +- 3, Circulation, -13 true 960 "";
    50813 "Lactate" "mmol/L" 1 range(5, 20), 13 +- 4, Circulation, 85 true 740 "";
    50808 "Free Calcium" "mmol/L" 2 range(112, 132), 114 +- 6, Circulation, -8 false 500 "";
    50822 "Potassium, Whole Blood" "mEq/L" 1 range(33, 51), 41 +- 4, Kidney, 14 true 300 "";
    50809 "Glucose" "mg/dL" 0 range(70, 105), 130 +- 28, Inflammation, 40 false 260 "";
    50817 "Oxygen Saturation" "%" 0 None, 97 +- 2, Lung, -12 true 220 "";
    50825 "Temperature" "" 1 None, 370 +- 5, Inflammation, 9 false 200 "";
    50811 "Hemoglobin" "g/dL" 1 range(120, 160), 108 +- 14, Blood, -35 false 140 "";
    50810 "Hematocrit, Calculated" "%" 0 None, 33 +- 4, Blood, -11 false 140 "";
    50824 "Sodium, Whole Blood" "mEq/L" 0 range(133, 145), 137 +- 4, Liver, -6 false 140 "";
    50816 "Oxygen" "%" 2 None, 4500 +- 900, Lung, 4500 false 150 "";
    50819 "PEEP" "" 0 None, 6 +- 2, Lung, 6 false 130 "";
    50806 "Chloride, Whole Blood" "mEq/L" 0 range(96, 108), 104 +- 4, Kidney, 2 false 100 "";
    50801 "Alveolar-arterial Gradient" "mm Hg" 0 None, 180 +- 60, Lung, 330 false 90 "";
    50823 "Required O2" "%" 0 None, 50 +- 10, Lung, 40 false 90 "";
    50815 "O2 Flow" "" 0 None, 8 +- 4, Lung, 6 false 40 "";
    50803 "Calculated Bicarbonate, Whole Blood" "mEq/L" 0 range(21, 28), 23 +- 3, Circulation, -8 true 40 "";
    50805 "Carboxyhemoglobin" "%" 0 range(0, 2), 1 +- 1, Steady, 0 false 35 "";
    50814 "Methemoglobin" "%" 0 range(0, 2), 1 +- 1, Steady, 0 false 35 "";
    52390 "Chloride, Whole Blood" "mEq/L" 0 range(96, 108), 104 +- 4, Kidney, 2 false 8 "";
    52408 "Potassium, Whole Blood" "mEq/L" 1 range(33, 51), 41 +- 4, Kidney, 14 true 8 "";
    52411 "Sodium, Whole Blood" "mEq/L" 0 range(133, 145), 137 +- 4, Liver, -6 false 8 "";
}

panel! { SPECIAL "Blood" "Chemistry";
    50889 "C-Reactive Protein" "mg/L" 1 range(0, 50), 60 +- 40, Inflammation, 1900 true 350 "";
    51652 "High-Sensitivity CRP" "mg/L" 1 range(0, 30), 30 +- 20, Inflammation, 200 true 30 "";
    53230 "Thyroid stimulating hormone, serum" "uIU/mL" 2 range(27, 420), 190 +- 90, Steady, 0 false 250 "";
    53231 "Glycated haemoglobin" "%" 1 range(48, 60), 62 +- 9, Steady, 0 false 250 "Goal: below 7%, for most.";
    53232 "Iron stores" "ng/mL" 0 range(30, 400), 260 +- 120, Inflammation, 700 true 180 "";
    53233 "Uric acid content" "mg/dL" 1 range(34, 70), 62 +- 18, Kidney, 40 false 300 "";
    53234 "Glycopeptide level" "ug/mL" 1 range(100, 200), 170 +- 50, Kidney, 60 false 350 "";
    53235 "Fats in blood" "mg/dL" 0 range(0, 149), 130 +- 40, Brain, 30 false 200 "";
    52456 "Anion Gap, point of care" "mEq/L" 0 range(8, 20), 14 +- 3, Circulation, 8 true 8 "";
    52502 "Creatinine, point of care" "mg/dL" 1 range(4, 12), 10 +- 3, Kidney, 55 true 8 "";
    52525 "Glucose, point of care" "mg/dL" 0 range(70, 100), 120 +- 25, Inflammation, 40 false 8 "";
    52566 "Potassium, point of care" "mEq/L" 1 range(33, 51), 41 +- 4, Kidney, 12 true 8 "";
    52579 "Sodium, point of care" "mEq/L" 0 range(133, 145), 138 +- 3, Liver, -6 false 8 "";
    52603 "Urea Nitrogen, point of care" "mg/dL" 0 range(6, 20), 17 +- 6, Kidney, 80 true 8 "";
}

panel! { URINE "Urine" "Hematology";
    53250 "Urine gravity" " " 3 range(1001, 1035), 1015 +- 7, Kidney, -4 false 990 "";
    53251 "Urine acidity" "units" 1 range(50, 80), 62 +- 7, Steady, 0 false 990 "";
    53252 "Urine protein" "mg/dL" 0 range(0, 0), 25 +- 40, Kidney, 120 true 480 "";
    53253 "Urine leukocytes" "#/hpf" 0 range(0, 5), 4 +- 4, Inflammation, 40 true 700 "";
    53254 "Urine red cells" "#/hpf" 0 range(0, 2), 3 +- 4, Inflammation, 20 true 700 "";
    53255 "Urine cells, lining" "#/hpf" 0 None, 1 +- 1, Steady, 0 false 700 "";
    53256 "Urine sodium" "mEq/L" 0 None, 55 +- 25, Kidney, -20 false 300 "";
    53257 "Urine creatinine" "mg/dL" 0 None, 85 +- 35, Kidney, -30 false 300 "";
}

/// Every panel, for d_labitems.
pub(crate) const PANELS: [&Panel; 9] =
    [&CHEMISTRY, &COUNT, &DIFFERENTIAL, &CLOTTING, &LIVER, &CARDIAC, &GAS, &SPECIAL, &URINE];

/// Tests whose result is a text: identifier, label, fluid, category, unit, results by weight.
pub(crate) struct Statement {
    pub(crate) id: i64,
    pub(crate) label: &'static str,
    pub(crate) fluid: &'static str,
    pub(crate) category: &'static str,
    pub(crate) unit: &'static str,
    /// Result text; an empty one stands in the remark only.
    pub(crate) results: &'static [(u32, &'static str)],
    pub(crate) remark: &'static str,
}

macro_rules! statements {
    ($($name:ident = $id:literal $label:literal $fluid:literal $category:literal $unit:literal $remark:literal $results:expr;)*) => {
        $(pub(crate) const $name: Statement = Statement {
            id: $id, label: $label, fluid: $fluid, category: $category, unit: $unit, results: $results, remark: $remark,
        };)*
        /// Every text result, for d_labitems.
        pub(crate) const STATEMENTS: &[&Statement] = &[$(&$name,)*];
    };
}

statements! {
    SPECIMEN_TYPE = 52033 "Specimen Type" "Blood" "Blood Gas" "" "___"
        &[(720, "ART."), (220, "VEN."), (35, "MIX."), (25, "CENTRAL VENOUS.")];
    GAS_COMMENTS = 50807 "Comments" "Blood" "Blood Gas" "" "" &[(1, "GREEN TOP"), (1, "VENTED, SEE NOTE"), (1, "___")];
    INTUBATED = 53260 "Tube in place" "Blood" "Blood Gas" "" "___" &[(3, "INTUBATED."), (1, "NOT INTUBATED.")];
    HOLD = 53261 "Tube on hold" "Blood" "Chemistry" "" "" &[(1, "HOLD. DISCARD AFTER 4 HOURS."), (1, "___")];
    URINE_COLOUR = 53262 "Urine colour" "Urine" "Hematology" "N/A" "Yellow." &[(9, ""), (1, "Straw")];
    URINE_LOOK = 53263 "Urine look" "Urine" "Hematology" "N/A" "Clear." &[(7, ""), (3, "Hazy")];
    URINE_NITRITE = 53264 "Urine nitrite" "Urine" "Hematology" "N/A" "NEG." &[(9, ""), (1, "POS")];
    URINE_SUGAR = 53265 "Urine sugar" "Urine" "Hematology" "mg/dL" "NEG." &[(8, ""), (2, "NEG")];
    URINE_KETONE = 53266 "Urine ketone" "Urine" "Hematology" "mg/dL" "NEG." &[(9, ""), (1, "TR")];
    URINE_BLOOD = 53267 "Urine blood" "Urine" "Hematology" "N/A" "NEG." &[(6, ""), (2, "SM"), (2, "LG")];
    URINE_BACTERIA = 53268 "Urine bacteria" "Urine" "Hematology" "/hpf" "NONE." &[(6, ""), (3, "FEW"), (1, "MANY")];
    URINE_YEAST = 53269 "Urine yeast" "Urine" "Hematology" "/hpf" "" &[(9, "NONE"), (1, "RARE")];
    URINE_LENGTH = 53270 "Urine collected for" "Urine" "Chemistry" "" "RANDOM." &[(1, "")];
}

pub(crate) const URINE_STATEMENTS: [&Statement; 8] = [
    &URINE_COLOUR,
    &URINE_LOOK,
    &URINE_NITRITE,
    &URINE_SUGAR,
    &URINE_KETONE,
    &URINE_BLOOD,
    &URINE_BACTERIA,
    &URINE_YEAST,
];
