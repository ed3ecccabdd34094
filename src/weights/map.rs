//! A file mapped into memory, for who promises that nobody touches it.

use std::fs::File;
use std::io;

use memmap2::Mmap;

use super::options::LoadOptions;

impl LoadOptions {
    /// Maps files into memory instead of reading them.
    ///
    /// # Safety
    ///
    /// As long as a load with these options runs, nobody may change or shorten the
    /// file, no other process either: its bytes are read as plain memory, and a
    /// page that is gone kills the process.
    ///
    /// ```no_run
    /// use typenet::prelude::*;
    /// use typenet::weights::LoadOptions;
    ///
    /// network! { struct Net: [4] -> [2] { fc: Linear<4, 2> } }
    /// // SAFETY: the file belongs to this program, and nothing writes to it.
    /// let options = unsafe { LoadOptions::new().mapped() };
    /// let (net, _) = Net::load_with("net.safetensors", &options)?;
    /// # Ok::<(), typenet::weights::LoadError>(())
    /// ```
    #[must_use]
    pub unsafe fn mapped(mut self) -> Self {
        self.mapped = true;
        self
    }
}

/// Maps `file`; reached by `LoadOptions::mapped` alone.
pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: whoever called the unsafe `LoadOptions::mapped` has promised that
    // nobody changes or shortens the file while the load runs, and the map does
    // not outlive the load.
    unsafe { Mmap::map(file) }
}
