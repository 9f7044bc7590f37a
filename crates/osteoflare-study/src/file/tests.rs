//! Messages of faulty files.
