//! Files no random change would make.
