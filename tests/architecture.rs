//! Checks that the sources follow the layers and the first invariants of ARCHITECTURE.md.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Names by layer: 0 is the lowest.
type Layers = BTreeMap<String, usize>;

/// The lines of the block ```` ```name ```` of ARCHITECTURE.md.
fn layers(name: &str) -> Layers {
    let text = read(&root().join("ARCHITECTURE.md"));
    let block = text
        .split(&format!("```{name}\n"))
        .nth(1)
        .expect("the table exists")
        .split("```")
        .next();
    let mut layers = Layers::new();
    for (layer, line) in block.unwrap().lines().enumerate() {
        for name in line.split_whitespace() {
            assert!(layers.insert(name.into(), layer).is_none(), "{name} occurs twice");
        }
    }
    layers
}

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All Rust files below a folder except tests, with their code, without comments and test modules.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
                let code = code(&read(&path));
                found.push((path.strip_prefix(root()).unwrap().into(), code));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found.sort();
    found
}

fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The module of the core that a file belongs to: `cpu` for `src/cpu.rs` and `src/cpu/pass.rs`.
fn module_of(path: &Path) -> String {
    let name = path.iter().nth(1).unwrap().to_str().unwrap();
    name.trim_end_matches(".rs").into()
}

/// The modules of the core that code names with `crate::`, alone or in braces.
fn modules_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        match after.strip_prefix('{') {
            None => used.extend(first_name(after)),
            Some(list) => used.extend(items(list).filter_map(first_name)),
        }
    }
    used
}

fn first_name(path: &str) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let path = path.trim_start();
    let name = &path[..path.find(|c| !is_part(c)).unwrap_or(path.len())];
    (!name.is_empty()).then(|| name.into())
}

/// The parts between the commas of a list in braces, without its opening brace.
fn items(list: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut start, mut found) = (0_u32, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(&list[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.into_iter()
}

/// Every occurrence, as file and text, of one of `texts` in files for which `is_allowed` is false.
fn found_in(folders: &[&str], texts: &[&str], is_allowed: impl Fn(&Path) -> bool) -> Vec<String> {
    let files = folders.iter().flat_map(|folder| sources(folder));
    let files = files.filter(|(path, _)| !is_allowed(path));
    files
        .flat_map(|(path, code)| {
            let here = texts.iter().filter(|text| code.contains(**text));
            here.map(|text| format!("{}: {text}", path.display()))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Asserts that `texts` occur in files for which `is_allowed` is true and in no other, so that a renamed thing does not pass unnoticed.
fn assert_only_in(folders: &[&str], texts: &[&str], is_allowed: impl Fn(&Path) -> bool) {
    assert_eq!(found_in(folders, texts, &is_allowed), [""; 0]);
    let there = found_in(folders, texts, |path| !is_allowed(path));
    assert!(!there.is_empty(), "{texts:?} occur nowhere");
}

#[test]
fn a_module_of_the_core_uses_only_modules_in_lower_layers() {
    let layers = layers("modules");
    let mut seen = BTreeSet::new();
    for (path, code) in sources("src") {
        let module = module_of(&path);
        if module == "lib" {
            continue;
        }
        let layer = |name: &str| {
            let layer = layers.get(name);
            *layer.unwrap_or_else(|| panic!("{}: {name} is in no layer", path.display()))
        };
        for used in modules_used(&code).into_iter().filter(|used| *used != module) {
            assert!(
                layer(&used) < layer(&module),
                "{} uses {used}, which is not in a lower layer",
                path.display()
            );
        }
        layer(&module);
        seen.insert(module);
    }
    let listed: BTreeSet<String> = layers.into_keys().collect();
    assert_eq!(seen, listed);
}

#[test]
fn a_crate_depends_only_on_crates_in_lower_layers_and_xtask_on_none() {
    let layers = layers("crates");
    let mut seen = BTreeSet::new();
    let mut manifests = vec![root().join("Cargo.toml"), root().join("cli/Cargo.toml")];
    let crates = fs::read_dir(root().join("crates")).unwrap();
    manifests.extend(crates.map(|entry| entry.unwrap().path().join("Cargo.toml")));
    let mut count = 0;
    for manifest in manifests {
        let text = read(&manifest);
        let name = text
            .split("\nname = \"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        for used in local_dependencies(&text) {
            assert!(layers[used] < layers[name], "{name} depends on {used}");
            count += 1;
        }
        seen.insert(name.to_owned());
    }
    assert!(count >= seen.len() - 1, "{count} dependencies are found");
    assert_eq!(seen, layers.into_keys().collect());
    assert_eq!(
        local_dependencies(&read(&root().join("xtask/Cargo.toml"))).next(),
        None
    );
}

/// Names of the dependencies within this repository.
fn local_dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let lines = manifest.lines().filter(|line| line.contains("path = \""));
    lines.filter_map(|line| line.split_once(" = {").map(|(name, _)| name))
}

#[test]
fn the_core_does_no_input_or_output() {
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::time",
        "println!",
    ];
    assert_eq!(found_in(&["src"], &outside, |_| false), [""; 0]);
}

#[test]
fn only_the_burn_modules_name_burn() {
    let names = ["use burn", "burn::tensor", "burn_wgpu", "burn_ndarray"];
    let is_burn = |path: &Path| path.starts_with("src/burn") || path.ends_with("src/burn.rs");
    assert_only_in(&["src", "crates", "cli/src"], &names, is_burn);
}

#[test]
fn only_the_list_of_engines_creates_engines() {
    let names = ["CpuEngine::", "BurnEngine::"];
    let is_engine = |path: &Path| {
        let module = module_of(path);
        module == "engines" || module == "cpu" || module == "burn"
    };
    assert_only_in(&["src"], &names, is_engine);
}

#[test]
fn only_the_kernels_contain_simd_and_unsafe_code() {
    let names = ["std::arch", "core::arch", "unsafe {", "unsafe fn", "unsafe impl"];
    let is_kernels = |path: &Path| path.starts_with("crates/kernels");
    assert_only_in(&["src", "crates", "cli/src"], &names, is_kernels);
}

#[test]
fn only_the_boundary_crates_name_javascript() {
    let names = ["wasm_bindgen", "js_sys", "web_sys"];
    let is_boundary = |path: &Path| {
        let folder = path.iter().nth(1).unwrap().to_str().unwrap();
        path.starts_with("crates") && folder.starts_with("web") || path.ends_with("crates/media/src/web.rs")
    };
    assert_only_in(&["src", "crates", "cli/src"], &names, is_boundary);
}

#[test]
fn only_one_module_scales_pixels() {
    let names = ["/ 255.0", "* 255.0"];
    let is_pixels = |path: &Path| path.ends_with("src/pixels.rs");
    assert_only_in(&["src", "crates"], &names, is_pixels);
}

#[test]
fn imports_are_found_alone_in_braces_and_within_paths() {
    let code = "use crate::{\n    config::{Kind, ModelConfig},\n    text::list,\n};\nuse crate::error::Result;\n\
                fn f() { crate::latent::lerp() }\n";
    let used: Vec<String> = modules_used(code).into_iter().collect();
    assert_eq!(used, ["config", "error", "latent", "text"]);
}
