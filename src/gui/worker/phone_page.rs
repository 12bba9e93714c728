//! The page for phones: where it is, and its files.

use std::path::{Path, PathBuf};

use super::{ProfileWorker, not_open};
use crate::gui::model::PhonePageView;
use crate::gui::report::Report;
use crate::messages::Notification;
use crate::messages::window::explain;
use keyglance_profile::{PageAddress, PhonePage, PhonePageError, Profile};

impl ProfileWorker {
    pub(super) fn phone_page(&self) -> Report {
        match self.with_profile(Profile::phone_page) {
            Ok(address) => {
                let page = self.installed_page().map(|page| page.sha256().to_owned());
                let page = page.map_err(|error| explain(&error));
                Report::PhonePage(Box::new(PhonePageView { address, page }))
            }
            Err(notification) => Report::Failed(notification),
        }
    }

    pub(super) fn set_phone_page(&self, address: Option<PageAddress>) -> Report {
        match self.with_profile(|profile| profile.set_phone_page(address)) {
            Ok(()) => self.phone_page(),
            Err(notification) => Report::Failed(notification),
        }
    }

    pub(super) fn save_phone_page(&self, folder: &Path) -> Result<PathBuf, Notification> {
        if self.profile.is_none() {
            return Err(not_open());
        }
        let page = self.installed_page().map_err(|error| explain(&error))?;
        page.write_to(folder).map_err(|error| explain(&error))?;
        Ok(folder.to_owned())
    }

    fn installed_page(&self) -> Result<PhonePage, PhonePageError> {
        let program = self.environment.program.as_deref().ok_or(PhonePageError::NotInstalled)?;
        PhonePage::of_program(program)
    }
}
