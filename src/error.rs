//! One error for the whole crate.

use std::fmt;

/// The kind of an error, for callers who act on it. The message is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A `ModelConfig` outside the supported range, or invalid JSON.
    Config,
    /// Tensors that do not fit their config.
    Weights,
    /// Bytes that are not a Latent Lab model file.
    ModelFile,
    /// A data set file or picture that cannot be read.
    Data,
    /// An argument whose length or range is wrong.
    Argument,
    /// A value that is NaN or infinite.
    NotFinite,
    /// An engine that is missing or has failed.
    Engine,
}

/// An [`ErrorKind`] with a lower-case message that says what was expected and what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind` with this message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// The kind, for callers who act on it.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

/// An error of kind [`ErrorKind::ModelFile`].
pub(crate) fn invalid_file(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::ModelFile, message)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
