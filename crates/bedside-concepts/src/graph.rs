//! Which concept reads which, read from their SQL.

use crate::definition::Definitions;
use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The concepts with their parents, and what stands against building some of them.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: BTreeMap<String, Node>,
    faults: BTreeMap<String, Arc<Error>>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    parents: BTreeSet<String>,
    /// `None` for a concept that cannot be built, itself or above it.
    level: Option<usize>,
}

impl Graph {
    /// The graph of these definitions. Faulty ones stay in it, without parents.
    pub fn new(definitions: &Definitions) -> Self {
        let mut faults: BTreeMap<String, Arc<Error>> =
            definitions.faults().map(|(name, fault)| (name.to_owned(), Arc::clone(fault))).collect();
        let mut nodes: BTreeMap<String, Node> =
            definitions.names().map(|name| (name.to_owned(), Node::default())).collect();
        for definition in definitions.iter() {
            for (parent, place) in definition.parents() {
                if nodes.contains_key(parent) {
                    if let Some(node) = nodes.get_mut(&definition.name) {
                        node.parents.insert(parent.to_owned());
                    }
                    continue;
                }
                let nearest = bedside_types::nearest(parent, definitions.names());
                let fault = Error::UnknownTable {
                    file: definition.file.clone(),
                    position: place.position,
                    message: format!("no concept is called {parent}"),
                    nearest: nearest.map(|nearest| format!("{}.{nearest}", definitions.family().dataset())),
                };
                faults.entry(definition.name.clone()).or_insert_with(|| Arc::new(fault));
            }
        }
        let mut graph = Self { nodes, faults };
        graph.find_cycles(definitions);
        graph.set_levels();
        graph
    }

    /// The names in an order in which parents come first, as far as they can be built; then the others.
    pub fn order(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.nodes.iter().collect();
        names.sort_by_key(|(name, node)| (node.level.unwrap_or(usize::MAX), name.as_str()));
        names.into_iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The concepts that one reads.
    pub fn parents(&self, name: &str) -> impl Iterator<Item = &str> {
        self.nodes.get(name).into_iter().flat_map(|node| &node.parents).map(String::as_str)
    }

    /// The concepts that read one.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.nodes.iter().filter(move |(_, node)| node.parents.contains(name)).map(|(name, _)| name.as_str())
    }

    /// 0 for a concept that reads no other, else one more than the highest among its parents; `None` where it, or one above
    /// it, cannot be built.
    pub fn level(&self, name: &str) -> Option<usize> {
        self.nodes.get(name)?.level
    }

    /// What stands against building a concept itself, whatever the release.
    pub fn fault(&self, name: &str) -> Option<&Arc<Error>> {
        self.faults.get(name)
    }

    /// These and all that they need.
    pub fn with_ancestors<'a>(&'a self, names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut wanted = BTreeSet::new();
        let mut open: Vec<&str> = names.into_iter().collect();
        while let Some(name) = open.pop() {
            if wanted.insert(name) {
                open.extend(self.parents(name));
            }
        }
        wanted
    }

    fn find_cycles(&mut self, definitions: &Definitions) {
        let names: Vec<String> = self.nodes.keys().cloned().collect();
        for name in names {
            let Some(cycle) = self.cycle_through(&name) else { continue };
            let file = definitions.get(&name).map(|definition| definition.file.clone()).unwrap_or_default();
            self.faults.entry(name).or_insert_with(|| Arc::new(Error::Cycle { file, cycle }));
        }
    }

    /// The shortest way from a concept through its parents back to itself.
    fn cycle_through(&self, start: &str) -> Option<Vec<String>> {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut frontier = vec![start];
        while !frontier.is_empty() {
            let mut next = Vec::new();
            for name in frontier {
                for parent in self.parents(name) {
                    if parent == start {
                        let mut cycle = vec![name.to_owned()];
                        let mut at = name;
                        while let Some(before) = came_from.get(at) {
                            at = before;
                            cycle.push(at.to_owned());
                        }
                        cycle.reverse();
                        return Some(cycle);
                    }
                    if !came_from.contains_key(parent) {
                        came_from.insert(parent, name);
                        next.push(parent);
                    }
                }
            }
            frontier = next;
        }
        None
    }

    fn set_levels(&mut self) {
        loop {
            let next: Vec<(String, usize)> = self
                .nodes
                .iter()
                .filter(|(name, node)| node.level.is_none() && !self.faults.contains_key(*name))
                .filter_map(|(name, node)| {
                    let levels = node.parents.iter().map(|parent| self.level(parent));
                    let levels: Vec<usize> = levels.collect::<Option<_>>()?;
                    Some((name.clone(), levels.into_iter().max().map_or(0, |highest| highest + 1)))
                })
                .collect();
            if next.is_empty() {
                return;
            }
            for (name, level) in next {
                if let Some(node) = self.nodes.get_mut(&name) {
                    node.level = Some(level);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use crate::{Definitions, Family};

    #[test]
    fn the_levels_are_those_of_the_specification() {
        for (family, expected) in [(Family::MimicIv, [37, 17, 10, 1, 0]), (Family::MimicIii, [54, 13, 11, 5, 2])] {
            let definitions = Definitions::embedded(family);
            let graph = Graph::new(&definitions);
            let at = |level| definitions.names().filter(|name| graph.level(name) == Some(level)).count();
            assert_eq!([at(0), at(1), at(2), at(3), at(4)], expected, "{family:?}");
        }
        let definitions = Definitions::embedded(Family::MimicIv);
        let graph = Graph::new(&definitions);
        assert_eq!(graph.parents("sepsis3").collect::<Vec<_>>(), ["sofa", "suspicion_of_infection"]);
        assert_eq!(graph.children("age").collect::<Vec<_>>(), ["charlson", "creatinine_baseline", "oasis", "sapsii"]);
        assert_eq!(graph.with_ancestors(["sofa"]).len(), 19);
        let order = graph.order();
        let place = |name: &str| order.iter().position(|other| *other == name);
        for name in &order {
            assert!(graph.parents(name).all(|parent| place(parent) < place(name)), "{name}");
        }
    }
}
