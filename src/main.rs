//! `staywell`: see the library for the pipeline; the command line is in `cli`.

fn main() -> std::process::ExitCode {
    staywell::cli::run()
}
