//! The graph as text: a tree, Graphviz's language, JSON.

use crate::definition::Definitions;
use crate::graph::Graph;
use std::collections::BTreeSet;
use std::fmt::Write;

impl Graph {
    /// A tree from these concepts down to what they read; from those that no other reads where none are given. A concept
    /// that was shown before has `…` instead of what it reads.
    pub fn tree(&self, roots: &[String], definitions: &Definitions) -> String {
        let mut out = String::new();
        let mut shown = BTreeSet::new();
        let top: Vec<&str> = match roots {
            [] => self.order().into_iter().filter(|name| self.children(name).next().is_none()).collect(),
            roots => roots.iter().map(String::as_str).collect(),
        };
        for root in top {
            let _ = writeln!(out, "{root}");
            self.branch(&mut out, root, "", definitions, &mut shown);
        }
        out
    }

    fn branch<'a>(
        &'a self,
        out: &mut String,
        name: &'a str,
        indent: &str,
        definitions: &Definitions,
        shown: &mut BTreeSet<&'a str>,
    ) {
        shown.insert(name);
        let raw = definitions.get(name).map(|definition| definition.raw_inputs()).unwrap_or_default();
        let parents: Vec<&str> = self.parents(name).collect();
        let all = parents.len() + raw.len();
        let bend = |at: usize| if at + 1 == all { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        for (at, parent) in parents.into_iter().enumerate() {
            let (corner, below) = bend(at);
            let known = shown.contains(parent);
            let _ = writeln!(out, "{indent}{corner}{parent}{}", if known { " …" } else { "" });
            if !known {
                self.branch(out, parent, &format!("{indent}{below}"), definitions, shown);
            }
        }
        for (at, table) in raw.iter().enumerate() {
            let (corner, _) = bend(all - raw.len() + at);
            let _ = writeln!(out, "{indent}{corner}{table}");
        }
    }

    /// For Graphviz: an arrow from each table to those that read it.
    pub fn dot(&self, names: &BTreeSet<&str>, definitions: &Definitions) -> String {
        let mut out = String::from("digraph concepts {\n  rankdir=LR;\n  node [shape=box];\n");
        let mut raw = BTreeSet::new();
        for name in names {
            let _ = writeln!(out, "  \"{name}\";");
            for parent in self.parents(name) {
                let _ = writeln!(out, "  \"{parent}\" -> \"{name}\";");
            }
            for table in definitions.get(name).map(|definition| definition.raw_inputs()).unwrap_or_default() {
                let _ = writeln!(out, "  \"{table}\" -> \"{name}\";");
                raw.insert(table);
            }
        }
        for table in raw {
            let _ = writeln!(out, "  \"{table}\" [style=filled];");
        }
        out.push_str("}\n");
        out
    }

    /// A list of objects: dataset, name, group, level, concepts and other tables that it reads.
    pub fn json(&self, names: &BTreeSet<&str>, definitions: &Definitions) -> String {
        let object = |name: &&str| {
            let definition = definitions.get(name);
            serde_json::json!({
                "dataset": definitions.family().dataset(),
                "name": name,
                "group": definition.map(|definition| definition.group.as_str()),
                "level": self.level(name),
                "concepts": self.parents(name).collect::<Vec<_>>(),
                "tables": definition.map(|definition| definition.raw_inputs()).unwrap_or_default(),
            })
        };
        let list: Vec<_> = self.order().iter().filter(|name| names.contains(**name)).map(object).collect();
        let mut text = serde_json::Value::Array(list).to_string();
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use crate::{Definitions, Family, Graph};

    #[test]
    fn a_tree_shows_each_concept_s_inputs_once() {
        let definitions = Definitions::embedded(Family::MimicIv);
        let graph = Graph::new(&definitions);
        let tree = graph.tree(&["first_day_weight".to_owned()], &definitions);
        assert_eq!(
            tree,
            "first_day_weight\n├─ weight_durations\n│  ├─ mimiciv_icu.chartevents\n│  └─ mimiciv_icu.icustays\n└─ \
             mimiciv_icu.icustays\n"
        );
        let all = graph.tree(&[], &definitions);
        assert!(all.contains("sepsis3\n├─ sofa\n"), "{all}");
        for name in definitions.names() {
            assert!(all.lines().any(|line| line.ends_with(name)), "{name}");
        }
    }

    #[test]
    fn dot_and_json_have_every_arrow() {
        let definitions = Definitions::embedded(Family::MimicIv);
        let graph = Graph::new(&definitions);
        let names = graph.with_ancestors(["meld"]);
        assert!(graph.dot(&names, &definitions).contains("  \"first_day_rrt\" -> \"meld\";\n"));
        let list: serde_json::Value = serde_json::from_str(&graph.json(&names, &definitions)).unwrap();
        let meld = list.as_array().unwrap().iter().find(|object| object["name"] == "meld").unwrap();
        assert_eq!(meld["concepts"], serde_json::json!(["first_day_lab", "first_day_rrt"]));
        assert_eq!((&meld["level"], &meld["group"]), (&2.into(), &"organfailure".into()));
    }
}
