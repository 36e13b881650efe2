//! Who is asking: PINs, tokens, and limits on guessing.

pub mod attempts;
pub mod badges;
pub mod jwt;
pub mod keys;
pub mod passwords;
pub mod pins;
