//! The command from outside: run as a program on tiny data, judged by its files, its output and its exit code. One program for
//! all, because linking takes longer than running.

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
