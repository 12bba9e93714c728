//! Links to meetings.

use crate::finding::{Finding, OTHER, Reading, check, form};
use crate::input::Input;
use crate::read::encoding::is_digits;
use crate::read::url::decoded;
use crate::verdict::Role;

/// A meeting, also on a host of an organisation's own below zoom.us. Form as published.
pub(crate) fn zoom(input: &Input<'_>) -> Reading {
    let link = input.page("zoom.us").or_else(|_| {
        let link = input.web()?;
        form(link.host.ends_with(".zoom.us") && link.port.is_none())?;
        Ok::<_, crate::finding::Miss>(link)
    })?;
    let segments = link.segments();
    let (["j" | "w" | "s", meeting] | ["wc", "join", meeting] | ["wc", meeting, "join" | "start"]) =
        segments.as_slice()
    else {
        return Err(OTHER);
    };
    let fits = is_digits(meeting) && (9..=11).contains(&meeting.len());
    check(fits, "the meeting's number does not have 9 to 11 digits")?;
    Ok(Finding::exact()
        .address("meeting", *meeting)
        .maybe(Role::Token, "passcode", link.param("pwd"))
        .maybe(Role::Token, "registration", link.param("tk")))
}

/// A meeting. Form as published.
pub(crate) fn teams(input: &Input<'_>) -> Reading {
    let link = input.page("teams.microsoft.com").or_else(|_| input.page("teams.live.com"))?;
    let segments = link.segments();
    let (["l", "meetup-join", meeting, ..] | ["meet", meeting, ..]) = segments.as_slice() else {
        return Err(OTHER);
    };
    Ok(Finding::exact().address("meeting", decoded(meeting)).maybe(
        Role::Token,
        "passcode",
        link.param("p"),
    ))
}

/// A meeting: who knows the room's name joins it. Form as published.
pub(crate) fn jitsi(input: &Input<'_>) -> Reading {
    let link = input.page("meet.jit.si")?;
    let segments = link.segments();
    let room = segments.last().ok_or(OTHER)?;
    let found = Finding::exact().address("room", decoded(room)).maybe(
        Role::Token,
        "token",
        link.param("jwt"),
    );
    Ok(match link.fragment() {
        Some(_) => found.note("What stands after # here are settings, no key."),
        None => found,
    })
}
