//! What an item of d_items is.

/// The event table that uses an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Chart,
    Dates,
    Ingredient,
    Input,
    Output,
    Procedure,
}

impl Link {
    /// As in d_items.linksto.
    pub(crate) const fn table(self) -> &'static str {
        match self {
            Self::Chart => "chartevents",
            Self::Dates => "datetimeevents",
            Self::Ingredient => "ingredientevents",
            Self::Input => "inputevents",
            Self::Output => "outputevents",
            Self::Procedure => "procedureevents",
        }
    }
}

/// As in d_items.param_type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Checkbox,
    Date,
    Ingredient,
    Numeric,
    Process,
    Solution,
    Text,
}

impl Kind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Checkbox => "Checkbox",
            Self::Date => "Date and time",
            Self::Ingredient => "Ingredient",
            Self::Numeric => "Numeric",
            Self::Process => "Processes",
            Self::Solution => "Solution",
            Self::Text => "Text",
        }
    }
}

/// One row of d_items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) label: &'static str,
    pub(crate) category: &'static str,
    pub(crate) kind: Kind,
    pub(crate) unit: &'static str,
    pub(crate) link: Link,
}

/// Names each item and lists them all.
macro_rules! items {
    (
        $(#[$doc:meta])* $all:ident: $link:expr;
        $($name:ident = $id:literal, $label:literal, $category:literal, $kind:expr, $unit:literal;)*
    ) => {
        $(pub(crate) const $name: Item =
            Item { id: $id, label: $label, category: $category, kind: $kind, unit: $unit, link: $link };)*
        $(#[$doc])*
        pub(crate) const $all: &[Item] = &[$($name,)*];
    };
}
pub(crate) use items;
