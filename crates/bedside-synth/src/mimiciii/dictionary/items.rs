//! What an item of d_items is in MIMIC-III.

/// One row of d_items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) label: &'static str,
    pub(crate) category: &'static str,
    pub(crate) unit: &'static str,
    /// Kind of value, known for MetaVision only.
    pub(crate) kind: &'static str,
}

/// The items of one table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Items {
    /// The event table that uses them.
    pub(crate) table: &'static str,
    /// In ascending order of their identifiers.
    pub(crate) list: &'static [Item],
}

impl Items {
    /// The usual unit of an item; empty for an item that is not listed.
    pub(crate) fn unit(&self, id: i64) -> &'static str {
        self.list.binary_search_by_key(&id, |item| item.id).map_or("", |at| self.list[at].unit)
    }
}

/// Lists the items of a table.
macro_rules! items {
    (
        $(#[$doc:meta])* $all:ident: $table:literal;
        $($id:literal $label:literal $category:literal $unit:literal $kind:literal;)*
    ) => {
        $(#[$doc])*
        pub(crate) const $all: Items = Items {
            table: $table,
            list: &[$(Item { id: $id, label: $label, category: $category, unit: $unit, kind: $kind },)*],
        };
    };
}
pub(crate) use items;
