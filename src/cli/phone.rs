//! `keyglance phone`: where the page is by which a phone pairs, and its files.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::PhoneArgs;
use super::failure::Failure;
use super::{Context, output};
use crate::messages::{phone_page as words, terminal};
use keyglance_profile::{PageAddress, PhonePage, PhonePageError, printable_path};
use keyglance_qr::{self as qr, Code};

/// What there is to say.
struct Answer {
    address: Option<PageAddress>,
    page: Result<PhonePage, PhonePageError>,
    /// What was written.
    files: Vec<PathBuf>,
}

pub fn run(context: &Context, args: PhoneArgs) -> Result<(), Failure> {
    if args.forget {
        return forget(context);
    }
    let given = args.url.map(|text| text.parse::<PageAddress>()).transpose()?;
    let page = installed();
    // Files first: an address is kept only if the rest was done.
    let files = match &args.out {
        Some(folder) => page.clone()?.write_to(folder)?,
        None => Vec::new(),
    };
    let address = match given {
        Some(address) => {
            if args.save {
                context.open_profile()?.set_phone_page(Some(address.clone()))?;
            }
            Some(address)
        }
        None => context.open_profile()?.phone_page()?,
    };
    let answer = Answer { address, page, files };
    if context.output.json {
        return context.output.result(String::new, &answer.json(args.out.as_deref()));
    }
    match &args.out {
        Some(folder) => context.output.text(&answer.written(folder)),
        None => answer.show(context),
    }
}

/// The page that came with this program.
fn installed() -> Result<PhonePage, PhonePageError> {
    let program = std::env::current_exe().map_err(|_| PhonePageError::NotInstalled)?;
    PhonePage::of_program(&program)
}

fn forget(context: &Context) -> Result<(), Failure> {
    let profile = context.open_profile()?;
    let was_kept = profile.phone_page()?.is_some();
    if was_kept {
        profile.set_phone_page(None)?;
    }
    context.output.result(
        || format!("{}\n", words::forgotten(was_kept)),
        &json!({ "url": null, "forgotten": was_kept }),
    )
}

impl Answer {
    fn json(&self, out: Option<&Path>) -> serde_json::Value {
        let page = self.page.as_ref().ok();
        let files: Vec<_> = self.files.iter().map(|path| output::json_path(path)).collect();
        json!({
            "url": self.address.as_ref().map(PageAddress::as_str),
            "sha256": page.map(PhonePage::sha256),
            "page": page.map(|page| output::json_path(page.folder())),
            "host": words::HOST_POWER,
            "out": out.map(output::json_path),
            "files": files,
        })
    }

    /// The hash, or why there is none.
    fn hash(&self) -> String {
        match &self.page {
            Ok(page) => format!("{}\n", words::sha256(page.sha256())),
            Err(error) => {
                let said = terminal::explain(error);
                format!("{}\n{}\n", said.what, said.advice)
            }
        }
    }

    fn written(&self, folder: &Path) -> String {
        format!("{}{}", words::written(&printable_path(folder)), self.hash())
    }

    fn show(&self, context: &Context) -> Result<(), Failure> {
        let Some(address) = &self.address else {
            let text = format!("{}\n{}\n{}\n", words::NO_ADDRESS, words::WAYS, words::HOST_POWER);
            return context.output.text(&format!("{text}\n{}", self.hash()));
        };
        // Above the code, so that one that is as high as the terminal stays whole.
        let mut text = format!("{}\n{}\n{}\n\n", words::HOST_POWER, words::NEW_DEVICE, self.hash());
        text.push_str(words::STEPS);
        text.push_str(&format!("   {}\n", words::HOLD_THE_PHONE));
        if address.is_local() {
            text.push_str(&format!("{}\n", words::ONLY_HERE));
        }
        text.push_str(&format!("{address}\n"));
        if !output::on_terminal() {
            return context.output.text(&text);
        }
        let code = Code::new(address.as_str())?;
        let style = output::code_style(output::wants_colours());
        if output::check_room(&code, style).is_err() {
            return context.output.text(&format!("{text}{}\n", words::NO_ROOM_FOR_THE_CODE));
        }
        context.output.text(&text)?;
        context.output.drawing(&qr::render_terminal(&code, style, 1))
    }
}
