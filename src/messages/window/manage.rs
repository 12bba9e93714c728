//! What is asked before a contact or a key is changed.

pub const RENAME: &str = "Rename";
pub const DELETE_FOR_GOOD: &str = "Delete for good";
pub const NEW_NAME: &str = "New name";
pub const DELETE: &str = "Delete";
pub const LABEL_FOR: &str = "Label for";
pub const ABOUT_LABELS: &str = "A word for yourself. It changes nothing in the key.";
pub const WHAT_IT_IS_FOR: &str = "What it is for";
pub const STOP_USING: &str = "Stop using";
pub const KEEP_USING_IT: &str = "Keep using it";
pub const STOP_USING_IT: &str = "Stop using it";
pub const THE_OTHER_DEVICE_SAYS_NO: &str = "The other device says no";
pub const KEEP_THE_KEY: &str = "Keep the key";
pub const ITS_KEY_IS_DELETED_TOO: &str = "Its key is deleted too.";
pub const DELETE_THE_KEY_ONLY: &str = "Delete the key only";
pub const ABOUT_STOPPING: &str = "Nothing is exported or encrypted with it any more. It is kept, what is encrypted with it \
     still opens, and you can use it again at any time.";

pub fn keys_are_deleted(many: usize) -> String {
    format!("Its {many} keys are deleted too.")
}
