//! What the worker puts on paper.

use std::path::PathBuf;

use super::{ProfileWorker, not_open};
use crate::gui::effect::{PaperOf, PaperRequest, PaperRestoration};
use crate::gui::report::Report;
use crate::messages::window::explain;
use crate::messages::{Notification, paper};
use keyglance_profile::{FromPaper, Paper, Require, write_pages, write_restored};

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

    /// Restores what pages hold: a file, or who this device is.
    pub(super) fn restore_from_paper(&mut self, request: PaperRestoration) -> Report {
        self.what_pages_hold(&request)
            .unwrap_or_else(|problem| Report::PaperNotRestored(Box::new(request.reader), problem))
    }

    fn what_pages_hold(&mut self, request: &PaperRestoration) -> Result<Report, Notification> {
        let PaperRestoration { reader, kind, path, current } = request;
        let back = reader.restore(*kind, self.now()).map_err(|error| explain(&error))?;
        self.ensure_not_cancelled()?;
        match back {
            FromPaper::Device(identity) => {
                let device = self.become_device(*identity, current.as_ref())?;
                Ok(Report::Identity(Ok(device)))
            }
            FromPaper::File(_, bytes) => {
                write_restored(path, &bytes).map_err(|error| explain(&error))?;
                Ok(Report::PaperRestored(path.clone()))
            }
        }
    }
}
