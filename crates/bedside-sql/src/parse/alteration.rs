//! DROP and ALTER.

use super::Parser;
use crate::error::{Result, SqlError};
use crate::syntax::{AlterOptions, AlterTable, Alteration, Drop, DropKind, Name, Statement};
use bedside_types::Position;

impl Parser {
    pub(super) fn drop_object(&mut self) -> Result<Statement> {
        let position = self.position();
        self.expect("DROP")?;
        let kind = if self.accept_words(&["TABLE", "FUNCTION"]) {
            DropKind::TableFunction
        } else if self.accept("PROCEDURE") {
            DropKind::Procedure
        } else if self.accept("TABLE") || self.accept_words(&["SNAPSHOT", "TABLE"]) {
            DropKind::Table
        } else if self.accept("VIEW") || self.accept_words(&["MATERIALIZED", "VIEW"]) {
            DropKind::View
        } else if self.accept("SCHEMA") {
            DropKind::Schema
        } else if self.accept("FUNCTION") {
            DropKind::Function
        } else {
            return self.other_object("DROP", position);
        };
        let if_exists = self.accept_words(&["IF", "EXISTS"]);
        let name = self.object_path()?;
        let cascade = kind == DropKind::Schema && !self.accept("RESTRICT") && self.accept("CASCADE");
        Ok(Statement::Drop(Drop { kind, name, if_exists, cascade }))
    }

    pub(super) fn alter(&mut self) -> Result<Statement> {
        let position = self.position();
        self.expect("ALTER")?;
        let view = self.accept("VIEW") || self.accept_words(&["MATERIALIZED", "VIEW"]);
        if view || self.accept("SCHEMA") {
            return self.alter_options(if view { DropKind::View } else { DropKind::Schema }, position);
        }
        if !self.accept("TABLE") {
            return self.other_object("ALTER", position);
        }
        let if_exists = self.accept_words(&["IF", "EXISTS"]);
        let table = self.object_path()?;
        let mut actions = vec![self.alteration()?];
        while self.accept_symbol(",") {
            actions.push(self.alteration()?);
        }
        Ok(Statement::AlterTable(AlterTable { table, if_exists, actions }))
    }

    fn alter_options(&mut self, kind: DropKind, position: Position) -> Result<Statement> {
        let if_exists = self.accept_words(&["IF", "EXISTS"]);
        let name = self.object_path()?;
        let word = if kind == DropKind::View { "VIEW" } else { "SCHEMA" };
        for other in [["SET", "DEFAULT"], ["ADD", "REPLICA"], ["DROP", "REPLICA"], ["ALTER", "COLUMN"]] {
            if self.is_word(other[0]) && self.is_word_at(1, other[1]) {
                return Err(SqlError::unsupported(format!("ALTER {word} … {}", other.join(" ")), position));
            }
        }
        self.expect("SET")?;
        if !self.is_word("OPTIONS") {
            return Err(self.expected("keyword OPTIONS"));
        }
        let options = self.options()?;
        Ok(Statement::AlterOptions(AlterOptions { kind, name, if_exists, options }))
    }

    fn alteration(&mut self) -> Result<Alteration> {
        let position = self.position();
        if self.accept_words(&["ADD", "COLUMN"]) {
            let if_not_exists = self.accept_words(&["IF", "NOT", "EXISTS"]);
            return Ok(Alteration::AddColumn { column: self.column_definition()?, if_not_exists });
        }
        if self.accept_words(&["DROP", "COLUMN"]) {
            let if_exists = self.accept_words(&["IF", "EXISTS"]);
            return Ok(Alteration::DropColumn { name: self.identifier()?, if_exists });
        }
        if self.accept_words(&["RENAME", "COLUMN"]) {
            let if_exists = self.accept_words(&["IF", "EXISTS"]);
            let name = self.identifier()?;
            self.expect("TO")?;
            return Ok(Alteration::RenameColumn { name, to: self.identifier()?, if_exists });
        }
        if self.accept_words(&["RENAME", "TO"]) {
            return Ok(Alteration::RenameTo(self.object_path()?));
        }
        if self.accept_words(&["SET", "OPTIONS"]) {
            self.at -= 1;
            return Ok(Alteration::SetOptions(self.options()?));
        }
        if self.accept_words(&["ALTER", "COLUMN"]) {
            return self.column_alteration();
        }
        for words in
            [["ADD", "PRIMARY"], ["ADD", "FOREIGN"], ["ADD", "CONSTRAINT"], ["DROP", "PRIMARY"], ["SET", "DEFAULT"]]
        {
            if self.is_word(words[0]) && self.is_word_at(1, words[1]) {
                return Err(SqlError::unsupported(format!("ALTER TABLE {}", words.join(" ")), position));
            }
        }
        Err(self.unexpected())
    }

    fn column_alteration(&mut self) -> Result<Alteration> {
        let if_exists = self.accept_words(&["IF", "EXISTS"]);
        let name: Name = self.identifier()?;
        if self.accept_words(&["DROP", "NOT", "NULL"]) {
            return Ok(Alteration::DropNotNull { name, if_exists });
        }
        if self.accept_words(&["SET", "DEFAULT"]) {
            let default = Some(self.with_source(Self::expression)?);
            return Ok(Alteration::SetDefault { name, default, if_exists });
        }
        if self.accept_words(&["DROP", "DEFAULT"]) {
            return Ok(Alteration::SetDefault { name, default: None, if_exists });
        }
        if self.accept_words(&["SET", "OPTIONS"]) {
            self.at -= 1;
            return Ok(Alteration::SetColumnOptions { name, options: self.options()?, if_exists });
        }
        if self.is_word("SET") && self.is_word_at(1, "DATA") {
            self.at += 2;
            self.expect("TYPE")?;
            return Ok(Alteration::SetDataType { name, declared: self.declared_type()?, if_exists });
        }
        Err(self.unexpected())
    }
}
