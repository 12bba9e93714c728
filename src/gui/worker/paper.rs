//! What the worker puts on paper.

use std::path::PathBuf;

use super::{ProfileWorker, not_open};
use crate::gui::effect::{PaperOf, PaperRequest};
use crate::messages::window::explain;
use crate::messages::{Notification, paper};
use keyglance_profile::{Paper, Require, write_pages};

impl ProfileWorker {
    pub(super) fn paper(&mut self, request: PaperRequest) -> Result<PathBuf, Notification> {
        let now = self.now();
        let PaperRequest { of, plan, path, current } = request;
        let Some(profile) = &self.profile else { return Err(not_open()) };
        let rng = &mut self.environment.rng;
        let (paper, whose, danger) = match of {
            PaperOf::Device => {
                let identity =
                    profile.unlock_identity(current.as_ref()).map_err(|error| explain(&error))?;
                let paper = Paper::of_device(&identity, plan, rng);
                (paper, None, paper::DEVICE_DANGER.to_owned())
            }
            PaperOf::Export { key, program, purpose, options } => {
                let key =
                    profile.usable_key(key, Require::Usable).map_err(|error| explain(&error))?;
                let contact = profile.contact_of(&key).map_err(|error| explain(&error))?;
                let export = profile
                    .prepare_export(key, program.target, purpose, &options)
                    .map_err(|error| explain(&error))?
                    .told_for(program);
                let paper = export.on_paper(plan, rng, now);
                (paper, Some(contact.name), program.target.danger_on_paper())
            }
        };
        let paper = paper.map_err(|error| explain(&error))?;
        let pages = paper::pages(&paper, whose.as_deref(), &danger, now);
        write_pages(&path, paper::TITLE, &pages).map_err(|error| explain(&error))?;
        Ok(path)
    }
}
