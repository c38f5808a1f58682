//! The command as a program, run on tiny datasets and tested by its files, output and exit codes. All tests are one program, because
//! linking takes longer than running.

mod data;
mod experiment;
mod lesson;
mod models;
mod objective;
mod outputs;
mod pictures;
mod prior;
mod results;
mod resume;
mod sharpen;
mod sheets;
mod train;
mod workshop;
