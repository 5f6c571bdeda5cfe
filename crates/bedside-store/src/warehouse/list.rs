//! Code lists: texts that people give and that derived tables of several releases are made of.

use super::Warehouse;
use crate::disk;
use crate::error::Result;
use crate::place;

impl Warehouse {
    /// The text of the code list of that name, `None` where nobody has given it.
    ///
    /// # Errors
    /// [`crate::Error::AccessDenied`], [`crate::Error::Io`].
    pub fn code_list(&self, name: &str) -> Result<Option<Vec<u8>>> {
        disk::read(&self.path(&place::code_list(name)))
    }

    /// Keeps a code list (a private file in the home), in place of an earlier one of that name.
    ///
    /// # Errors
    /// [`crate::Error::Unsupported`] for a name that no file can have, [`crate::Error::DiskFull`],
    /// [`crate::Error::AccessDenied`], [`crate::Error::Io`].
    pub fn put_code_list(&self, name: &str, text: &[u8]) -> Result<()> {
        place::check_name(name, "code list")?;
        disk::create_folder(&self.path(place::CODE_LISTS))?;
        disk::replace(self.home(), &place::code_list(name), text)
    }

    /// Where a code list is kept, relative to the home.
    pub fn code_list_place(name: &str) -> String {
        place::code_list(name)
    }
}
