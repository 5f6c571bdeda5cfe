//! The 31 tables of MIMIC-IV 3.1 with their columns in file order, and the text of all of them.

use crate::text::Rows;

macro_rules! tables {
    ($($table:ident = $module:literal $name:literal $columns:literal,)*) => {
        /// A table of the release.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Table { $($table,)* }

        impl Table {
            /// Every table, in the order of the folder.
            pub(crate) const ALL: [Self; 31] = [$(Self::$table,)*];

            /// `hosp` or `icu`.
            pub(crate) const fn module(self) -> &'static str {
                match self { $(Self::$table => $module,)* }
            }

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$table => $name,)* }
            }

            /// The header line, without its end.
            pub(crate) const fn header(self) -> &'static str {
                match self { $(Self::$table => $columns,)* }
            }
        }
    };
}

tables! {
    Admissions = "hosp" "admissions" "subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,admit_provider_id,admission_location,discharge_location,insurance,language,marital_status,race,edregtime,edouttime,hospital_expire_flag",
    DHcpcs = "hosp" "d_hcpcs" "code,category,long_description,short_description",
    DIcdDiagnoses = "hosp" "d_icd_diagnoses" "icd_code,icd_version,long_title",
    DIcdProcedures = "hosp" "d_icd_procedures" "icd_code,icd_version,long_title",
    DLabitems = "hosp" "d_labitems" "itemid,label,fluid,category",
    DiagnosesIcd = "hosp" "diagnoses_icd" "subject_id,hadm_id,seq_num,icd_code,icd_version",
    Drgcodes = "hosp" "drgcodes" "subject_id,hadm_id,drg_type,drg_code,description,drg_severity,drg_mortality",
    Emar = "hosp" "emar" "subject_id,hadm_id,emar_id,emar_seq,poe_id,pharmacy_id,enter_provider_id,charttime,medication,event_txt,scheduletime,storetime",
    EmarDetail = "hosp" "emar_detail" "subject_id,emar_id,emar_seq,parent_field_ordinal,administration_type,pharmacy_id,barcode_type,reason_for_no_barcode,complete_dose_not_given,dose_due,dose_due_unit,dose_given,dose_given_unit,will_remainder_of_dose_be_given,product_amount_given,product_unit,product_code,product_description,product_description_other,prior_infusion_rate,infusion_rate,infusion_rate_adjustment,infusion_rate_adjustment_amount,infusion_rate_unit,route,infusion_complete,completion_interval,new_iv_bag_hung,continued_infusion_in_other_location,restart_interval,side,site,non_formulary_visual_verification",
    Hcpcsevents = "hosp" "hcpcsevents" "subject_id,hadm_id,chartdate,hcpcs_cd,seq_num,short_description",
    Labevents = "hosp" "labevents" "labevent_id,subject_id,hadm_id,specimen_id,itemid,order_provider_id,charttime,storetime,value,valuenum,valueuom,ref_range_lower,ref_range_upper,flag,priority,comments",
    Microbiologyevents = "hosp" "microbiologyevents" "microevent_id,subject_id,hadm_id,micro_specimen_id,order_provider_id,chartdate,charttime,spec_itemid,spec_type_desc,test_seq,storedate,storetime,test_itemid,test_name,org_itemid,org_name,isolate_num,quantity,ab_itemid,ab_name,dilution_text,dilution_comparison,dilution_value,interpretation,comments",
    Omr = "hosp" "omr" "subject_id,chartdate,seq_num,result_name,result_value",
    Patients = "hosp" "patients" "subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod",
    Pharmacy = "hosp" "pharmacy" "subject_id,hadm_id,pharmacy_id,poe_id,starttime,stoptime,medication,proc_type,status,entertime,verifiedtime,route,frequency,disp_sched,infusion_type,sliding_scale,lockout_interval,basal_rate,one_hr_max,doses_per_24_hrs,duration,duration_interval,expiration_value,expiration_unit,expirationdate,dispensation,fill_quantity",
    Poe = "hosp" "poe" "poe_id,poe_seq,subject_id,hadm_id,ordertime,order_type,order_subtype,transaction_type,discontinue_of_poe_id,discontinued_by_poe_id,order_provider_id,order_status",
    PoeDetail = "hosp" "poe_detail" "poe_id,poe_seq,subject_id,field_name,field_value",
    Prescriptions = "hosp" "prescriptions" "subject_id,hadm_id,pharmacy_id,poe_id,poe_seq,order_provider_id,starttime,stoptime,drug_type,drug,formulary_drug_cd,gsn,ndc,prod_strength,form_rx,dose_val_rx,dose_unit_rx,form_val_disp,form_unit_disp,doses_per_24_hrs,route",
    ProceduresIcd = "hosp" "procedures_icd" "subject_id,hadm_id,seq_num,chartdate,icd_code,icd_version",
    Provider = "hosp" "provider" "provider_id",
    Services = "hosp" "services" "subject_id,hadm_id,transfertime,prev_service,curr_service",
    Transfers = "hosp" "transfers" "subject_id,hadm_id,transfer_id,eventtype,careunit,intime,outtime",
    Caregiver = "icu" "caregiver" "caregiver_id",
    Chartevents = "icu" "chartevents" "subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valuenum,valueuom,warning",
    DItems = "icu" "d_items" "itemid,label,abbreviation,linksto,category,unitname,param_type,lownormalvalue,highnormalvalue",
    Datetimeevents = "icu" "datetimeevents" "subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valueuom,warning",
    Icustays = "icu" "icustays" "subject_id,hadm_id,stay_id,first_careunit,last_careunit,intime,outtime,los",
    Ingredientevents = "icu" "ingredientevents" "subject_id,hadm_id,stay_id,caregiver_id,starttime,endtime,storetime,itemid,amount,amountuom,rate,rateuom,orderid,linkorderid,statusdescription,originalamount,originalrate",
    Inputevents = "icu" "inputevents" "subject_id,hadm_id,stay_id,caregiver_id,starttime,endtime,storetime,itemid,amount,amountuom,rate,rateuom,orderid,linkorderid,ordercategoryname,secondaryordercategoryname,ordercomponenttypedescription,ordercategorydescription,patientweight,totalamount,totalamountuom,isopenbag,continueinnextdept,statusdescription,originalamount,originalrate",
    Outputevents = "icu" "outputevents" "subject_id,hadm_id,stay_id,caregiver_id,charttime,storetime,itemid,value,valueuom",
    Procedureevents = "icu" "procedureevents" "subject_id,hadm_id,stay_id,caregiver_id,starttime,endtime,storetime,itemid,value,valueuom,location,locationcategory,orderid,linkorderid,ordercategoryname,ordercategorydescription,patientweight,isopenbag,continueinnextdept,statusdescription,ORIGINALAMOUNT,ORIGINALRATE",
}

impl Table {
    /// The file's path in the release.
    pub(crate) fn file(self) -> String {
        format!("{}/{}.csv.gz", self.module(), self.name())
    }
}

/// Place of a table among the tables of its family.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place(pub(crate) usize);

impl From<Table> for Place {
    fn from(table: Table) -> Self {
        Self(table as usize)
    }
}

/// The text of every table of one family, without headers.
#[derive(Clone, Debug)]
pub(crate) struct Sheets {
    rows: Vec<Rows>,
}

impl Sheets {
    pub(crate) fn new(tables: usize) -> Self {
        Self { rows: vec![Rows::default(); tables] }
    }

    /// The rows of one table, to write into.
    pub(crate) fn of(&mut self, table: impl Into<Place>) -> &mut Rows {
        &mut self.rows[table.into().0]
    }

    /// The rows of all tables, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Place, &Rows)> {
        self.rows.iter().enumerate().map(|(at, rows)| (Place(at), rows))
    }

    /// Empties all tables but keeps their memory.
    pub(crate) fn clear(&mut self) {
        for rows in &mut self.rows {
            rows.bytes.clear();
            rows.count = 0;
        }
    }
}
