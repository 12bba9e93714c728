//! What became of the effects: each report is for the page that is open, or for the model.

use std::path::PathBuf;

use super::App;
use crate::gui::effect::{Effect, FileDialog, ProfileCommand, WorldCommand};
use crate::gui::message::Message;
use crate::gui::model::LocalDevice;
use crate::gui::report::{FileContent, OpenedProfile, Report, StoredIdentity};
use crate::gui::route::Route;
use crate::gui::screen::Screen;
use crate::gui::screens::{
    add, compare, export, first_run, home, locked, pairing, phone, result, verify, what_code,
};
use crate::messages::{self, Notification};
use keyglance_profile::StoreReport;

impl App {
    pub(super) fn report(&mut self, report: Report) -> Vec<Effect> {
        let model = &self.model;
        match (report, &mut self.screen) {
            (Report::ProfileOpened(Ok(opened)), _) => return self.profile_opened(*opened),
            (Report::ProfileOpened(Err(notification)), screen) => {
                *screen = Screen::Unusable(notification);
            }
            (Report::Identity(Ok(device)), _) => return self.identity_changed(device),
            (Report::Identity(Err(notification)), _) => self.identity_failed(notification),
            (Report::ContactList(contacts), _) => self.model.contacts = contacts,
            (Report::Cameras(cameras), _) => self.model.cameras = cameras,
            (Report::ScreenAccess(access), _) => self.model.screen_access = Some(access),
            (Report::SystemMotion(reduced), _) => {
                self.model.system_motion_reduced = reduced;
                return vec![WorldCommand::Restyle.into()];
            }
            (Report::StartedAgain(request), _) => return self.started_again(request),
            (Report::PastedFiles(paths), _) => return self.handle(Message::Dropped(paths)),
            (Report::PastedText(text), screen) => {
                let to_pairing = matches!(screen, Screen::Pairing(_));
                return self.pasted_text(text, to_pairing);
            }
            (Report::Stored(Ok(())), _) => {}
            (Report::Stored(Err(notification)) | Report::Failed(notification), _) => {
                self.notification = Some(notification);
            }
            (Report::CardToShare(shared), Screen::Pairing(page)) => {
                return pairing::card_to_share(page, model, shared);
            }
            (Report::OwnCard(card), _) => self.model.own_card = Some(*card),
            (Report::PhonePage(view), screen) => {
                self.model.phone_page = Some(*view);
                match screen {
                    Screen::Phone(page) => {
                        page.pair.kept(
                            self.model.phone_page.as_ref().and_then(|it| it.address.as_ref()),
                        );
                    }
                    Screen::Settings(page) => page.phone_page.kept(),
                    _ => {}
                }
            }
            (Report::PhonePageSaved(result), screen) => {
                if let (Ok(_), Screen::Phone(page)) = (&result, screen) {
                    page.pair.saved();
                }
                self.notification = Some(match result {
                    Ok(folder) => messages::phone_page::saved(&folder),
                    Err(notification) => notification,
                });
            }
            (Report::FilesChosen(FileDialog::PageFolder, Some(paths)), Screen::Phone(page)) => {
                page.pair.choose_folder(paths);
            }
            (Report::CardRead(kind, result), Screen::Share(page)) => page.read(kind, result),
            (Report::FilesChosen(FileDialog::Open, paths), Screen::Share(page)) => {
                return page.choose_file(paths);
            }
            (Report::PairingStarted(pairing), Screen::Pairing(page)) => {
                return pairing::started(page, model, *pairing);
            }
            (Report::PairingStored(report), Screen::Pairing(page)) => {
                return pairing::stored(page, model, report);
            }
            (Report::PairingStored(report), _) => self.stored_after_closing(report),
            (Report::Scan(event), Screen::Pairing(page)) => {
                return pairing::scanned(page, model, event);
            }
            (Report::Scan(event), Screen::Verify(page)) => {
                return verify::scanned(page, model, event);
            }
            (Report::Scan(event), Screen::Add(page)) => return add::scanned(page, model, event),
            (Report::Scan(event), Screen::Settings(page)) => page.camera_test.scanned(event),
            (Report::Scan(event), Screen::FirstRun(page)) => page.camera_test.scanned(event),
            (Report::CodesRead(result), Screen::Pairing(page)) => {
                return pairing::codes_read(page, model, result);
            }
            (Report::CodesRead(result), Screen::Verify(page)) => {
                return verify::codes_read(page, model, result);
            }
            (Report::CodesRead(result), Screen::Add(page)) => {
                return add::pictures_read(page, model, result);
            }
            (Report::FilesChosen(FileDialog::Pictures, Some(paths)), _) => {
                return vec![WorldCommand::ReadPictures(paths).into()];
            }
            (Report::FilesChosen(FileDialog::Pictures, None), Screen::Pairing(page)) => {
                page.type_path();
            }
            (Report::FilesChosen(FileDialog::CodePicture, paths), Screen::Pairing(page)) => {
                return page.save_code(paths);
            }
            (Report::FilesChosen(FileDialog::Open, Some(paths)), Screen::Restore(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::FilesChosen(FileDialog::SaveAs, Some(paths)), Screen::Identity(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::FilesChosen(FileDialog::Open, Some(paths)), Screen::Seal(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::FilesChosen(FileDialog::Open, Some(paths)), _) if model.device.is_some() => {
                if let Some(path) = paths.into_iter().next() {
                    return self.handle(Message::Go(Route::Import(path)));
                }
            }
            (Report::FilesChosen(FileDialog::Folder, Some(paths)), _) => {
                return paths
                    .into_iter()
                    .next()
                    .map(|path| self.open_profile(path))
                    .unwrap_or_default();
            }
            (Report::CodesRead(result), Screen::WhatCode(page)) => return page.read(result),
            (Report::Inspected(codes), Screen::WhatCode(page)) => page.inspected(codes),
            (Report::Scan(event), Screen::WhatCode(page)) => return page.scanned(event),
            (Report::FileSeen(path, content), Screen::Import(page)) if page.path() == path => {
                return self.file_seen(path, content);
            }
            (Report::KeyImported(Ok(contact)), Screen::Import(_)) => {
                return self.go(Route::Contact(contact));
            }
            (Report::PaperSaved(outcome), Screen::Paper(page)) => page.saved(outcome),
            (Report::Scan(event), Screen::FromPaper(page)) => return page.scanned(event),
            (Report::CodesRead(result), Screen::FromPaper(page)) => page.pictures_read(result),
            (Report::PaperRestored(path), Screen::FromPaper(page)) => page.saved(path),
            (Report::PaperNotRestored(reader, problem), Screen::FromPaper(page)) => {
                page.failed(*reader, problem);
            }
            (Report::FilesChosen(FileDialog::SaveAs, Some(paths)), Screen::FromPaper(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::FilesChosen(FileDialog::SaveAs, Some(paths)), Screen::Paper(page)) => {
                paths.first().into_iter().for_each(|path| page.choose_file(path));
            }
            (Report::ChallengeOpened(opened), Screen::Challenge(page)) => {
                page.opened(opened, model.now);
            }
            (Report::Time(at), Screen::Challenge(page)) => page.told_time(at, model.now),
            (Report::KeyImported(Err(problem)), Screen::Import(page)) => page.failed(problem),
            (Report::Unsealed(result), Screen::Import(page)) => page.opened(result),
            (Report::Sealed(result), Screen::Seal(page)) => page.sealed(result),
            (Report::FilesChosen(FileDialog::ExportFile, Some(paths)), Screen::Export(page)) => {
                page.choose_file(paths);
            }
            (Report::FilesChosen(FileDialog::CodePicture, Some(paths)), Screen::Export(page)) => {
                page.choose_code_file(paths);
            }
            (Report::FilesChosen(FileDialog::CodePicture, Some(paths)), Screen::Phone(page)) => {
                page.choose_code_file(paths);
            }
            (Report::CodeSaved(result), _) => {
                self.notification = Some(match result {
                    Ok(path) => messages::window::secret_code::saved(&path),
                    Err(notification) => notification,
                });
            }
            (Report::CheckCodeEntered(Ok(entry)), Screen::Result(page)) => {
                return result::entered(page, entry);
            }
            (Report::CheckCodeEntered(Ok(entry)), Screen::Compare(page)) => {
                return compare::entered(page, entry);
            }
            (Report::CheckCodeEntered(Err(notification)), _) => {
                self.notification = Some(notification);
            }
            (Report::ContactAdded(result), Screen::Add(page)) => return add::added(page, result),
            (Report::IdentityBackedUp(result), Screen::Identity(page)) => {
                page.finish(result.map(|path| messages::window::identity::saved(&path)));
            }
            (Report::PassphraseMade(words), screen) => {
                if let Some(form) = screen.passphrase_form() {
                    form.fill(words);
                }
            }
            (Report::RestorationPlanned(result), Screen::Restore(page)) => page.planned(result),
            // Who this device is may have come with it.
            (Report::Restored(Ok(())), _) => return vec![ProfileCommand::Open.into()],
            (Report::Restored(Err(problem)), Screen::Restore(page)) => page.failed(problem),
            (Report::Exported(result), Screen::Phone(page)) => phone::exported(page, model, result),
            (Report::Exported(result), Screen::Export(page)) => {
                export::exported(page, model, result);
            }
            // The screen that waited for this is not open any more.
            (
                Report::PairingStarted(_)
                | Report::CardToShare(_)
                | Report::CardRead(..)
                | Report::Scan(_)
                | Report::CodesRead(_)
                | Report::Inspected(_)
                | Report::FilesChosen(..)
                | Report::CheckCodeEntered(Ok(_))
                | Report::ContactAdded(_)
                | Report::IdentityBackedUp(_)
                | Report::RestorationPlanned(_)
                | Report::Restored(Err(_))
                | Report::Exported(_)
                | Report::FileSeen(..)
                | Report::KeyImported(_)
                | Report::ChallengeOpened(_)
                | Report::PaperSaved(_)
                | Report::PaperRestored(_)
                | Report::PaperNotRestored(..)
                | Report::Time(_)
                | Report::Sealed(_)
                | Report::Unsealed(_),
                _,
            ) => {}
        }
        Vec::new()
    }

    fn stored_after_closing(&mut self, report: StoreReport) {
        let Some(mut pairing) = self.closed_pairing.take() else { return };
        let said = pairing.stored(report).iter().find_map(pairing::notification);
        self.notification = said.or(self.notification.take());
    }

    /// What a file is that was opened or dropped, and so which page it is for.
    fn file_seen(
        &mut self,
        path: PathBuf,
        content: Result<FileContent, Notification>,
    ) -> Vec<Effect> {
        match content {
            Ok(FileContent::Picture) => {
                let mut effects = self.go(Route::WhatCode);
                effects.push(WorldCommand::ReadPictures(vec![path]).into());
                effects
            }
            Ok(FileContent::Text(text)) => {
                let mut effects = self.go(Route::WhatCode);
                if let Screen::WhatCode(page) = &mut self.screen {
                    effects.extend(page.read(Ok(vec![text])));
                }
                effects
            }
            Ok(FileContent::Backup) => {
                let effects = self.go(Route::Restore);
                if let Screen::Restore(page) = &mut self.screen {
                    page.choose_file(&path);
                }
                effects
            }
            content => {
                if let Screen::Import(page) = &mut self.screen {
                    page.seen(content);
                }
                Vec::new()
            }
        }
    }

    fn profile_opened(&mut self, opened: OpenedProfile) -> Vec<Effect> {
        self.model.contacts = opened.contacts;
        self.model.home = opened.home;
        self.model.settings = opened.settings;
        self.model.unwritable = opened.unwritable;
        let note = opened.notes.first().map(|note| Notification::new(note.clone(), ""));
        if let Some(note) = self.model.unwritable.clone().or(note) {
            self.notification = Some(note);
        }
        self.screen = match opened.identity {
            StoredIdentity::Open(device) => {
                self.model.device = Some(device);
                Screen::Home(home::Page::default())
            }
            StoredIdentity::Sealed => Screen::Locked(locked::Page::default()),
            StoredIdentity::Missing => {
                Screen::FirstRun(first_run::Page::new(opened.suggested_name))
            }
        };
        let mut effects = vec![WorldCommand::Restyle.into()];
        effects.extend(self.open_waiting());
        effects
    }

    /// Pasted after all as what it says.
    fn pasted_text(&mut self, text: String, to_pairing: bool) -> Vec<Effect> {
        if to_pairing {
            return self.handle(Message::Pairing(pairing::Message::Pasted(text)));
        }
        let mut effects = Vec::new();
        if !matches!(self.screen, Screen::WhatCode(_)) {
            effects = self.handle(Message::Go(Route::WhatCode));
        }
        effects.extend(self.handle(Message::WhatCode(what_code::Message::Pasted(text))));
        effects
    }

    fn identity_changed(&mut self, device: LocalDevice) -> Vec<Effect> {
        let begins = self.model.device.is_none();
        match &mut self.screen {
            Screen::Settings(page) => page.identity_changed(&device),
            Screen::Identity(page) => {
                page.finish(Ok(messages::window::identity::is_now(device.name.as_str())));
            }
            screen => *screen = Screen::Home(home::Page::default()),
        }
        self.model.device = Some(device);
        // Created or unlocked: what waited for that opens.
        if begins { self.open_waiting() } else { Vec::new() }
    }

    fn identity_failed(&mut self, notification: Notification) {
        match &mut self.screen {
            Screen::Locked(page) => page.failed(notification),
            Screen::Settings(page) => page.failed(notification),
            Screen::Identity(page) => page.finish(Err(notification)),
            _ => self.notification = Some(notification),
        }
    }
}
