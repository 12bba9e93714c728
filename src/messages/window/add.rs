//! Adding somebody one has not paired with.

pub const NO_CODE: &str = "Scan, paste or open their code or public key first.";
pub const ADD_SOMEBODY: &str = "Add somebody";
pub const ADD_CONTACT: &str = "Add contact";
pub const YOUR_PUBLIC_KEY: &str = "Your public key";
pub const THEY_SCAN_IT: &str = "They scan it on the same page of their Keyglance.";
pub const CHECK_A_CONTACT: &str = "Check a contact";
pub const TITLE: &str = "Add somebody you have not paired with";
pub const NAME: &str = "Name";
pub const THEIR_CODE_OR_KEY: &str = "Their verification code or public key";
pub const SCAN_IT: &str = "Scan it";
pub const OPEN_A_PICTURE: &str = "Open a picture…";
pub const YOURS_FOR_THEM: &str = "Yours, for them";
pub const SHOW_AS_CODE: &str = "Show as code";
pub const SCAN_THEIR_CODE: &str = "Scan their code";
pub const ON_THE_OTHER_DEVICE: &str =
    "On the other device: Check a contact, Add somebody, then Show as code.";
pub const ABOUT: &str = "Their code or public key is on this page of their own Keyglance. However it reaches you, \
     compare it when you meet or talk.";
