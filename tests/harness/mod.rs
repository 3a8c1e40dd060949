//! A study folder made for a test, and a run of the program on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder of logs that goes away with the test.
pub struct StudyFolder {
    dir: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl StudyFolder {
    pub fn new() -> Self {
        Self { dir: TempDir::new().unwrap() }
    }

    /// Adds a file (text is written as it is).
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs `staywell ARGS`; `STUDY` in an argument stands for this folder, also in what is printed.
    pub fn run(&self, args: &[&str]) -> Run {
        let folder = self.dir.path().display().to_string();
        let args: Vec<String> = args.iter().map(|arg| arg.replace("STUDY", &folder)).collect();
        let mut run = staywell(&args.iter().map(String::as_str).collect::<Vec<_>>());
        run.stdout = run.stdout.replace(&folder, "STUDY");
        run.stderr = run.stderr.replace(&folder, "STUDY");
        run
    }
}

/// Runs the program as in a pipe: no terminal, no colours.
pub fn staywell(args: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_staywell")).args(args).env_remove("NO_COLOR").output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The sample study of the repository.
pub fn sample_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data")
}
