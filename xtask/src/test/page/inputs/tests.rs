use std::process::Command;

use super::*;
use crate::{tally::Tally, test::Rerun};

/// A separate workspace with one test file, `map`, which reads a script, looks for a missing one, and lists a folder.
struct Workspace {
    root: PathBuf,
    test: PathBuf,
}

impl Workspace {
    fn new(name: &str) -> Self {
        let root = crate::workspace::target().join("xtask-tests/inputs").join(name);
        let _ = fs::remove_dir_all(&root);
        let test = root.join("tests/page/map.test.mjs");
        let new = Self { root, test };
        new.write("tests/page/map.test.mjs", "test();");
        new.write("www/lens.js", "export {};");
        new.write("www/texts/de.json", "{}");
        new
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.root.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn records(&self, environment: &str) -> Records {
        let target = self.root.join("target");
        Records::open(
            self.root.clone(),
            target.clone(),
            &target.join("page-tests"),
            environment.into(),
        )
        .unwrap()
    }

    /// Waits until the clock of the file system, which moves in steps, has advanced.
    fn tick(&self) {
        let time = || {
            self.write("target/clock", "");
            let file = fs::metadata(self.root.join("target/clock")).unwrap();
            file.modified().unwrap()
        };
        let now = time();
        while time() <= now {}
    }

    /// Starts a run, and lists its inputs.
    fn trace(&self, records: &Records, read: &[&str]) -> Trace {
        self.tick();
        let trace = records.trace(&self.test).unwrap();
        let lines = read
            .iter()
            .map(|path| format!("{{\"read\":{:?}}}\n", self.root.join(path)));
        let list = format!("{{\"tracing\":true}}\n{}", lines.collect::<String>());
        let file = records.file(&self.test, &format!("{}.list", process::id()));
        fs::write(file, list).unwrap();
        trace
    }

    /// Records a passing run of two tests.
    fn pass(&self, records: &Records) {
        let trace = self.trace(records, &["www/lens.js", "www/missing.js", "www/texts"]);
        records.passed(&self.test, &trace, 2).unwrap();
    }

    fn is_unchanged(&self, records: &Records) -> bool {
        let sorted = records.sort(vec![self.test.clone()]);
        assert_eq!(sorted.tests, 2 * sorted.unchanged.len() as u32);
        assert_eq!(sorted.changed.len() + sorted.unchanged.len(), 1);
        sorted.unchanged.len() == 1
    }
}

#[test]
fn a_file_is_unchanged_after_a_passing_run_and_changed_before() {
    let workspace = Workspace::new("unchanged");
    let records = workspace.records("one");
    assert!(!workspace.is_unchanged(&records));
    workspace.pass(&records);
    assert!(workspace.is_unchanged(&records));
    // The same holds for another process, and after changes to files that the test has not read.
    workspace.write("www/other.js", "export {};");
    workspace.write("www/lens.js", "export {};");
    assert!(workspace.is_unchanged(&workspace.records("one")));
}

#[test]
fn unchanged_files_are_skipped_and_their_tests_counted_separately() {
    let workspace = Workspace::new("choice");
    let records = workspace.records("one");
    workspace.pass(&records);
    let files = || {
        vec![
            workspace.test.clone(),
            workspace.root.join("tests/page/new.test.mjs"),
        ]
    };
    let mut tally = Tally::default();
    assert_eq!(Rerun::Changed.choose(&mut tally, &records, files()), files()[1..]);
    let unchanged = Tally {
        unchanged: 2,
        ..Tally::default()
    };
    assert_eq!(tally, unchanged);
    assert_eq!(Rerun::All.choose(&mut tally, &records, files()), files());
    assert_eq!(tally, unchanged, "no file is skipped");
}

#[test]
fn a_change_of_any_kind_of_input_is_noticed() {
    type Change = fn(&Workspace);
    let changes: [(&str, Change); 6] = [
        ("the test itself", |it| {
            it.write("tests/page/map.test.mjs", "test(2);")
        }),
        ("a file", |it| it.write("www/lens.js", "export { };")),
        ("a missing file", |it| it.write("www/missing.js", "")),
        ("a missing file, now a folder", |it| {
            it.write("www/missing.js/a", "")
        }),
        ("a removed file", |it| {
            fs::remove_file(it.root.join("www/lens.js")).unwrap()
        }),
        ("a folder", |it| it.write("www/texts/fr.json", "{}")),
    ];
    for (what, change) in changes {
        let workspace = Workspace::new("kinds");
        let records = workspace.records("one");
        workspace.pass(&records);
        change(&workspace);
        assert!(!workspace.is_unchanged(&records), "{what}");
    }
}

#[test]
fn all_files_run_again_in_another_environment() {
    let workspace = Workspace::new("environment");
    workspace.pass(&workspace.records("one"));
    assert!(!workspace.is_unchanged(&workspace.records("two")));
    assert!(workspace.is_unchanged(&workspace.records("one")));
}

#[test]
fn a_file_whose_record_is_damaged_runs_again() {
    let workspace = Workspace::new("damaged");
    let records = workspace.records("one");
    workspace.pass(&records);
    let file = records.file(&workspace.test, "json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    assert!(!workspace.is_unchanged(&records));
    fs::write(&file, text).unwrap();
    assert!(workspace.is_unchanged(&records));
}

#[test]
fn the_record_of_a_failed_file_is_deleted() {
    let workspace = Workspace::new("failed");
    let records = workspace.records("one");
    workspace.pass(&records);
    records.forget(&workspace.test);
    assert!(!workspace.is_unchanged(&records));
}

#[test]
fn an_input_that_changes_during_the_run_is_not_recorded() {
    let workspace = Workspace::new("meanwhile");
    let records = workspace.records("one");
    let changes = [
        ("www/lens.js", "www/lens.js"),
        ("www/missing.js", "www/missing.js"),
        ("www/texts", "www/texts/fr.json"),
    ];
    for (input, changed) in changes {
        let trace = workspace.trace(&records, &[input]);
        workspace.write(changed, "changed");
        let error = records.passed(&workspace.test, &trace, 2).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("read {input}, which changed meanwhile")
        );
        assert!(!workspace.is_unchanged(&records));
    }
}

#[test]
fn an_older_modification_time_does_not_hide_a_change_during_the_run() {
    let workspace = Workspace::new("older");
    let records = workspace.records("one");
    let trace = workspace.trace(&records, &["www/lens.js"]);
    workspace.write("www/lens.js", "changed");
    let file = fs::File::options()
        .write(true)
        .open(workspace.root.join("www/lens.js"))
        .unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    let result = records.passed(&workspace.test, &trace, 2);
    assert_eq!(result.is_err(), cfg!(unix));
}

#[test]
fn a_run_that_cannot_be_traced_is_not_recorded() {
    let workspace = Workspace::new("untraceable");
    let records = workspace.records("one");
    workspace.pass(&records);
    let trace = workspace.trace(&records, &["target/debug/latent-lab"]);
    assert!(records.passed(&workspace.test, &trace, 2).is_err());
    assert!(!workspace.is_unchanged(&records), "the earlier record is deleted");
}

#[test]
fn reading_a_release_counts_as_reading_all_files_of_the_repository() {
    let workspace = Workspace::new("release");
    let git = Command::new("git")
        .args(["init", "--quiet"])
        .arg(&workspace.root)
        .status();
    assert!(git.unwrap().success());
    workspace.write(".gitignore", "/target\n/pkg/cpu/\n/runs\n");
    workspace.write("pkg/cpu/module.wasm", "1");
    let release = ["target/page-tests/one/site/index.html"];
    let pass = || {
        workspace.tick();
        let records = workspace.records("one");
        let trace = workspace.trace(&records, &release);
        records.passed(&workspace.test, &trace, 2).unwrap();
        assert!(workspace.is_unchanged(&records));
        records
    };
    let records = pass();
    workspace.write("runs/log", "ignored");
    assert!(workspace.is_unchanged(&records));
    for (path, text) in [
        ("www/lens.js", "changed"),
        ("pkg/cpu/module.wasm", "2"),
        ("README.md", "new"),
    ] {
        pass();
        workspace.write(path, text);
        assert!(!workspace.is_unchanged(&records), "{path}");
    }
    // The last change was made after the release was built, but before the test started.
    let trace = workspace.trace(&records, &release);
    let error = records.passed(&workspace.test, &trace, 2).unwrap_err();
    assert_eq!(error.to_string(), "read (all files), which changed meanwhile");
}
