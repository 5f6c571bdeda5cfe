//! BigQuery's REST and Storage Read protocols, translated to the gate and back.
