//! Drugs of the pharmacy: name as prescribed, route, dose, product. The names hold every fragment that concepts look for
//! (antibiotics, ACE inhibitors, angiotensin blockers, NSAIDs). Formulary codes, products and numbers are made up.

/// When a drug is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// For anyone in hospital.
    Common,
    /// At home for lasting illness, so in hospital too.
    Home,
    /// In the ICU.
    Intensive,
    /// Fluids and carriers.
    Fluid,
    /// Against infection: a usual choice.
    Infection,
    /// Against infection: seldom.
    RareInfection,
    /// Local or other use that the antibiotic concept leaves out.
    LeftOut,
    /// ACE inhibitors, angiotensin blockers and NSAIDs.
    Pressure,
    Painkiller,
}

/// One drug of the pharmacy.
#[derive(Debug)]
pub(crate) struct Drug {
    pub(crate) purpose: Use,
    pub(crate) weight: u32,
    pub(crate) name: &'static str,
    pub(crate) route: &'static str,
    pub(crate) dose: &'static str,
    pub(crate) unit: &'static str,
    /// Unit of the product: tablet, vial, bag.
    pub(crate) form: &'static str,
    /// Doses in 24 hours; 0 as needed, -1 once.
    pub(crate) daily: i64,
}

macro_rules! drugs {
    ($($purpose:ident $weight:literal $name:literal $route:literal $dose:literal $unit:literal $form:literal $daily:literal;)*) => {
        /// All drugs.
        pub(crate) const DRUGS: &[Drug] = &[$(Drug {
            purpose: Use::$purpose, weight: $weight, name: $name, route: $route, dose: $dose, unit: $unit, form: $form,
            daily: $daily,
        },)*];
    };
}

drugs! {
    Common 90 "Insulin" "SC" "0" "UNIT" "mL" 4;
    Common 60 "Sodium Chloride 0.9%  Flush" "IV" "3-10" "mL" "SYR" 3;
    Common 60 "Potassium Chloride" "PO" "40" "mEq" "PKT" -1;
    Common 40 "Magnesium Sulfate" "IV" "2" "gm" "BAG" -1;
    Common 50 "Heparin" "SC" "5000" "UNIT" "mL" 3;
    Common 55 "Acetaminophen" "PO/NG" "650" "mg" "TAB" 0;
    Common 40 "Docusate Sodium" "PO" "100" "mg" "CAP" 2;
    Common 40 "Senna" "PO/NG" "8.6" "mg" "TAB" 2;
    Common 30 "Bisacodyl" "PR" "10" "mg" "SUPP" 0;
    Common 35 "Ondansetron" "IV" "4" "mg" "VIAL" 0;
    Common 30 "OxyCODONE (Immediate Release) " "PO/NG" "5-10" "mg" "TAB" 0;
    Common 35 "HYDROmorphone (Dilaudid)" "IV" "0.5" "mg" "SYR" 0;
    Common 25 "Morphine Sulfate" "IV" "2-4" "mg" "SYR" 0;
    Common 25 "Pantoprazole" "PO" "40" "mg" "TAB" 1;
    Common 20 "Famotidine" "PO/NG" "20" "mg" "TAB" 2;
    Common 18 "Polyethylene Glycol" "PO/NG" "17" "g" "PKT" 1;
    Common 16 "LORazepam" "IV" "0.5-1" "mg" "VIAL" 0;
    Common 16 "Dextrose 50%" "IV" "12.5" "gm" "SYR" 0;
    Common 14 "Glucagon" "IM" "1" "mg" "VIAL" 0;
    Common 12 "Influenza Vaccine Quadrivalent" "IM" "0.5" "mL" "SYR" -1;
    Common 12 "Lidocaine 5% Patch" "TD" "1" "PTCH" "PTCH" 1;
    Common 14 "Furosemide" "IV" "40" "mg" "VIAL" -1;
    Common 10 "Milk of Magnesia" "PO" "30" "mL" "UDCUP" 0;
    Home 40 "Metoprolol Tartrate" "PO/NG" "25" "mg" "TAB" 2;
    Home 40 "Atorvastatin" "PO" "40" "mg" "TAB" 1;
    Home 30 "Furosemide" "PO/NG" "40" "mg" "TAB" 1;
    Home 25 "Levothyroxine Sodium" "PO/NG" "50" "mcg" "TAB" 1;
    Home 25 "Gabapentin" "PO/NG" "300" "mg" "CAP" 3;
    Home 20 "Warfarin" "PO" "2.5" "mg" "TAB" 1;
    Home 20 "Amlodipine" "PO" "5" "mg" "TAB" 1;
    Home 18 "Sertraline" "PO" "50" "mg" "TAB" 1;
    Home 18 "Tamsulosin" "PO" "0.4" "mg" "CAP" 1;
    Home 18 "Albuterol 0.083% Neb Soln" "IH" "1" "NEB" "VIAL" 4;
    Home 15 "Multivitamins" "PO" "1" "TAB" "TAB" 1;
    Home 15 "FoLIC Acid" "PO" "1" "mg" "TAB" 1;
    Home 15 "Amiodarone" "PO/NG" "200" "mg" "TAB" 1;
    Home 12 "Tiotropium Bromide" "IH" "1" "CAP" "CAP" 1;
    Home 12 "PredniSONE" "PO" "10" "mg" "TAB" 1;
    Home 10 "Lactulose" "PO/NG" "30" "mL" "UDCUP" 3;
    Home 10 "LevETIRAcetam" "PO" "500" "mg" "TAB" 2;
    Home 10 "Clopidogrel" "PO" "75" "mg" "TAB" 1;
    Home 10 "TraZODone" "PO" "50" "mg" "TAB" 1;
    Intensive 50 "Propofol" "IV DRIP" "5-50" "mcg/kg/min" "BTL" 0;
    Intensive 45 "Fentanyl Citrate" "IV DRIP" "25-200" "mcg/hr" "BAG" 0;
    Intensive 40 "NORepinephrine" "IV DRIP" "0.03-0.5" "mcg/kg/min" "BAG" 0;
    Intensive 35 "PHENYLEPHrine" "IV DRIP" "0.5-5" "mcg/kg/min" "SYR" 0;
    Intensive 30 "Midazolam" "IV DRIP" "1-5" "mg/hr" "BAG" 0;
    Intensive 25 "Dexmedetomidine" "IV DRIP" "0.2-1.4" "mcg/kg/hr" "BTL" 0;
    Intensive 25 "Chlorhexidine Gluconate 0.12% Oral Rinse" "ORAL" "15" "mL" "UDCUP" 2;
    Intensive 35 "Calcium Gluconate" "IV" "2" "gm" "BAG" -1;
    Intensive 30 "Potassium Chloride Replacement (Critical Care and Oncology) " "IV" "40" "mEq" "BAG" -1;
    Intensive 20 "Insulin Regular" "IV DRIP" "1-10" "UNIT/HR" "BAG" 0;
    Intensive 20 "Heparin Sodium" "IV" "25,000" "UNIT" "BAG" 1;
    Intensive 15 "Vasopressin" "IV DRIP" "2.4" "UNIT/HR" "VIAL" 0;
    Intensive 12 "Albumin 25% (12.5g / 50mL)" "IV" "25" "g" "BAG" -1;
    Fluid 60 "0.9% Sodium Chloride" "IV" "1000" "mL" "BAG" -1;
    Fluid 40 "Lactated Ringers" "IV" "1000" "mL" "BAG" -1;
    Fluid 30 "5% Dextrose" "IV DRIP" "250" "mL" "BAG" 0;
    Fluid 15 "D5 1/2NS" "IV" "1000" "mL" "BAG" -1;
    Infection 200 "Vancomycin" "IV" "1000" "mg" "VIAL" 2;
    Infection 110 "Piperacillin-Tazobactam" "IV" "4.5" "g" "BAG" 3;
    Infection 110 "CefePIME" "IV" "2" "g" "VIAL" 2;
    Infection 100 "CeftriaXONE" "IV" "1" "gm" "BAG" 1;
    Infection 90 "CefazoLIN" "IV" "2" "g" "BAG" 3;
    Infection 70 "MetRONIDAZOLE (FLagyl)" "IV" "500" "mg" "BAG" 3;
    Infection 60 "Meropenem" "IV" "500" "mg" "VIAL" 4;
    Infection 50 "Ciprofloxacin HCl" "PO/NG" "500" "mg" "TAB" 2;
    Infection 50 "Levofloxacin" "IV" "750" "mg" "BAG" 1;
    Infection 45 "Azithromycin " "PO/NG" "250" "mg" "TAB" 1;
    Infection 40 "Sulfameth/Trimethoprim DS" "PO" "1" "TAB" "TAB" 2;
    Infection 35 "Ampicillin-Sulbactam" "IV" "3" "g" "VIAL" 4;
    Infection 30 "Vancomycin Oral Liquid" "PO" "125" "mg" "SYR" 4;
    Infection 25 "Linezolid" "IV" "600" "mg" "BAG" 2;
    Infection 25 "Tobramycin" "IV" "400" "mg" "VIAL" 1;
    Infection 20 "Gentamicin" "IV" "120" "mg" "VIAL" 1;
    Infection 20 "Clindamycin" "IV" "600" "mg" "BAG" 3;
    Infection 20 "Doxycycline Hyclate" "PO" "100" "mg" "CAP" 2;
    Infection 15 "Nafcillin" "IV" "2" "g" "BAG" 6;
    Infection 15 "Amoxicillin-Clavulanic Acid" "PO" "875" "mg" "TAB" 2;
    // Names without a fragment of the list.
    Infection 25 "Micafungin" "IV" "100" "mg" "VIAL" 1;
    Infection 20 "Fluconazole" "PO" "200" "mg" "TAB" 1;
    Infection 15 "Daptomycin" "IV" "500" "mg" "VIAL" 1;
    Infection 10 "Ertapenem Sodium" "IV" "1" "g" "VIAL" 1;
    LeftOut 30 "Mupirocin Ointment 2%" "NU" "1" "Appl" "TUBE" 2;
    LeftOut 20 "Erythromycin 0.5% Ophth Oint" "BOTH EYES" "0.5" "in" "TUBE" 4;
    LeftOut 20 "Ciprofloxacin 0.3% Ophth Soln" "LEFT EYE" "1" "DROP" "BTL" 4;
    LeftOut 12 "Ofloxacin 0.3%" "RIGHT EAR" "5" "DROP" "BTL" 2;
    LeftOut 12 "Tobramycin 0.3%" "OU" "1" "DROP" "BTL" 4;
    LeftOut 6 "Tobramycin 0.3%" "OS" "1" "DROP" "BTL" 4;
    LeftOut 6 "Gentamicin 0.3%" "OD" "1" "DROP" "BTL" 4;
    LeftOut 6 "Ofloxacin Otic" "AU" "5" "DROP" "BTL" 2;
    LeftOut 4 "Ofloxacin Otic" "AS" "5" "DROP" "BTL" 2;
    LeftOut 4 "Ofloxacin Otic" "AD" "5" "DROP" "BTL" 2;
    LeftOut 10 "Clindamycin 1% Solution" "TP" "1" "Appl" "BTL" 2;
    LeftOut 10 "MetroNIDAZOLE Topical 1 % Gel" "VG" "1" "Appl" "TUBE" 1;
    LeftOut 8 "Gentamicin 0.1% Cream" "NU" "1" "Appl" "TUBE" 3;
    LeftOut 6 "Penicillin G Desensitization" "IV" "1" "mL" "SYR" -1;
    Pressure 60 "Lisinopril" "PO/NG" "10" "mg" "TAB" 1;
    Pressure 14 "Captopril" "PO/NG" "12.5" "mg" "TAB" 3;
    Pressure 12 "Enalapril Maleate" "PO" "5" "mg" "TAB" 2;
    Pressure 6 "Enalaprilat" "IV" "1.25" "mg" "VIAL" 4;
    Pressure 5 "Ramipril" "PO" "5" "mg" "CAP" 1;
    Pressure 4 "Benazepril" "PO" "10" "mg" "TAB" 1;
    Pressure 3 "Quinapril" "PO" "10" "mg" "TAB" 1;
    Pressure 3 "Fosinopril" "PO" "10" "mg" "TAB" 1;
    Pressure 2 "Moexipril" "PO" "7.5" "mg" "TAB" 1;
    Pressure 2 "Perindopril Erbumine" "PO" "4" "mg" "TAB" 1;
    Pressure 2 "Trandolapril" "PO" "2" "mg" "TAB" 1;
    Pressure 30 "Losartan Potassium" "PO/NG" "50" "mg" "TAB" 1;
    Pressure 14 "Valsartan" "PO" "80" "mg" "TAB" 1;
    Pressure 6 "Irbesartan" "PO" "150" "mg" "TAB" 1;
    Pressure 5 "Sacubitril-Valsartan (24mg-26mg)" "PO" "1" "TAB" "TAB" 2;
    Pressure 3 "Candesartan Cilexetil" "PO" "16" "mg" "TAB" 1;
    Pressure 3 "Olmesartan" "PO" "20" "mg" "TAB" 1;
    Pressure 3 "Telmisartan" "PO" "40" "mg" "TAB" 1;
    Pressure 1 "Azilsartan" "PO" "40" "mg" "TAB" 1;
    Pressure 1 "Edarbi" "PO" "40" "mg" "TAB" 1;
    Pressure 1 "Atacand" "PO" "16" "mg" "TAB" 1;
    Pressure 1 "Avapro" "PO" "150" "mg" "TAB" 1;
    Pressure 1 "Cozaar" "PO" "50" "mg" "TAB" 1;
    Pressure 1 "Benicar" "PO" "20" "mg" "TAB" 1;
    Pressure 1 "Micardis" "PO" "40" "mg" "TAB" 1;
    Pressure 1 "Diovan" "PO" "80" "mg" "TAB" 1;
    Pressure 2 "Entresto" "PO" "1" "TAB" "TAB" 2;
    Painkiller 90 "Aspirin" "PO/NG" "81" "mg" "TAB" 1;
    Painkiller 15 "Aspirin EC" "PO" "325" "mg" "TAB" 1;
    Painkiller 20 "Ibuprofen" "PO" "600" "mg" "TAB" 0;
    Painkiller 8 "Naproxen" "PO" "500" "mg" "TAB" 2;
    Painkiller 6 "Indomethacin" "PO" "25" "mg" "CAP" 3;
    Painkiller 5 "Celecoxib" "PO" "200" "mg" "CAP" 1;
    Painkiller 5 "Meloxicam" "PO" "7.5" "mg" "TAB" 1;
    Painkiller 4 "Diclofenac Sodium" "PO" "50" "mg" "TAB" 2;
    Painkiller 12 "Ketorolac" "IV" "15" "mg" "VIAL" 0;
    Painkiller 2 "Bromfenac" "OU" "1" "DROP" "BTL" 1;
    Painkiller 1 "Diflunisal" "PO" "500" "mg" "TAB" 2;
    Painkiller 2 "Etodolac" "PO" "400" "mg" "TAB" 2;
    Painkiller 1 "Fenoprofen" "PO" "200" "mg" "CAP" 3;
    Painkiller 1 "Flurbiprofen" "PO" "100" "mg" "TAB" 2;
    Painkiller 2 "Ketoprofen" "PO" "50" "mg" "CAP" 3;
    Painkiller 1 "Mefenamic Acid" "PO" "250" "mg" "CAP" 4;
    Painkiller 2 "Nabumetone" "PO" "500" "mg" "TAB" 2;
    Painkiller 1 "Nepafenac" "OS" "1" "DROP" "BTL" 3;
    Painkiller 1 "Oxaprozin" "PO" "600" "mg" "TAB" 1;
    Painkiller 1 "Piroxicam" "PO" "20" "mg" "CAP" 1;
    Painkiller 1 "Sulindac" "PO" "150" "mg" "TAB" 2;
    Painkiller 1 "Tolmetin" "PO" "400" "mg" "TAB" 3;
}

/// Antibiotics that are seldom ordered: the remaining fragments of the list, each in a name of its own.
pub(crate) const RARE_ANTIBIOTICS: &[&str] = &[
    "Adoxa",
    "Ala-Tet",
    "Alodox",
    "Amikacin",
    "Amikin",
    "Amoxicillin",
    "Amphotericin B Lipo. (Ambisome)",
    "Ampicillin Sodium",
    "Ancef",
    "Anidulafungin",
    "Augmentin",
    "Avelox",
    "Avidoxy",
    "Cefuroxime Axetil",
    "Azactam",
    "Aztreonam",
    "Bactocill",
    "Bactrim DS",
    "Bactroban",
    "Bethkis",
    "Biaxin",
    "Bicillin L-A",
    "Cayston",
    "Cedax",
    "Cefaclor",
    "Cefadroxil",
    "Cefdinir",
    "Cefditoren",
    "Cefotan",
    "Cefotaxime",
    "CefoTEtan",
    "CefOXitin",
    "Cefpirome",
    "Cefpodoxime Proxetil",
    "Cefprozil",
    "Ceftaroline",
    "CefTAZidime",
    "Ceftibuten",
    "Ceftin",
    "Cephalexin",
    "Cephalothin",
    "Cephapririn",
    "Chloramphenicol",
    "Cipro",
    "Claforan",
    "Clarithromycin",
    "Clavulanate",
    "Cleocin",
    "Cubicin",
    "DiCLOXacillin",
    "Dirithromycin",
    "Doryx",
    "Duricef",
    "Dynacin",
    "Ery-Tab",
    "Eryc",
    "EryPed",
    "Erythrocin",
    "Erythromycin",
    "Factive",
    "Fortaz",
    "Furadantin",
    "Garamycin",
    "Kanamycin",
    "Keflex",
    "Kefzol",
    "Ketek",
    "Levaquin",
    "Lincocin",
    "Macrobid",
    "Macrodantin",
    "Maxipime",
    "Mefoxin",
    "Methicillin",
    "Minocin",
    "Minocycline",
    "Monodox",
    "Monurol",
    "Morgidox",
    "Moxatag",
    "Moxifloxacin",
    "Mupirocin Nasal Ointment 2%",
    "Myrac",
    "Neomycin Sulfate",
    "Nicazel Doxy 30",
    "Nitrofurantoin Monohyd (MacroBID)",
    "Norfloxacin",
    "Noroxin",
    "Ocudox",
    "Ofloxacin",
    "Omnicef",
    "Oracea",
    "Oraxyl",
    "Oxacillin",
    "Panixine",
    "PC Pen VK",
    "PCE Dispertab",
    "Pediazole",
    "Penicillin G Potassium",
    "Periostat",
    "Pfizerpen",
    "Primsol",
    "Proquin",
    "Raniclor",
    "Rifadin",
    "RifAMPin",
    "Rocephin",
    "Septra",
    "Septra DS",
    "SMZ-TMP",
    "Solodyn",
    "Spectracef",
    "Streptomycin",
    "SulfaDIAzine",
    "Sulfamethoxazole",
    "Sulfatrim",
    "Sulfisoxazole",
    "Suprax",
    "Synercid",
    "Tazicef",
    "Tetracycline",
    "Timentin",
    "Trimethoprim",
    "Unasyn",
    "Vancocin",
    "Vantin",
    "Vibativ",
    "Vibra-Tabs",
    "Vibramycin",
    "Zinacef",
    "Zithromax",
    "Zosyn",
    "Zyvox",
];

#[cfg(test)]
mod tests {
    use super::{DRUGS, RARE_ANTIBIOTICS};
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_per_route_and_doses_are_known() {
        let mut seen = HashSet::new();
        for drug in DRUGS {
            assert!(seen.insert((drug.name, drug.route)), "{}", drug.name);
            assert!((-1..=6).contains(&drug.daily) && drug.weight > 0, "{}", drug.name);
        }
        assert_eq!(RARE_ANTIBIOTICS.iter().collect::<HashSet<_>>().len(), RARE_ANTIBIOTICS.len());
    }

    /// The lists of fragments lie in the specifications, beside the workspace.
    #[test]
    fn every_fragment_that_concepts_look_for_is_in_a_name() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/spec/mimiciv/medication.md");
        let Ok(text) = std::fs::read_to_string(path) else {
            println!("skipped: {path} is not there");
            return;
        };
        let names: Vec<String> =
            DRUGS.iter().map(|drug| drug.name).chain(RARE_ANTIBIOTICS.iter().copied()).map(str::to_lowercase).collect();
        let mut fragments = Vec::new();
        for line in text.lines() {
            if line.starts_with("| ") && line.matches("\"; \"").count() > 1 {
                fragments.extend(line.split('"').skip(1).step_by(2).map(str::to_lowercase));
            } else if let Some(list) = line.strip_prefix("1. Fragments: ") {
                let list = list.trim_end_matches('.').replace(" (one space)", "");
                fragments.extend(list.split(", ").map(str::to_lowercase));
            }
        }
        assert!(fragments.len() > 180, "{}", fragments.len());
        for fragment in fragments {
            assert!(names.iter().any(|name| name.contains(&fragment)), "{fragment}");
        }
    }
}
