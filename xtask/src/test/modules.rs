//! The WebAssembly modules as shipped.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, bail};
use wasmparser::{ExternalKind, Operator, Payload, TypeRef, Validator, WasmFeatures};

use super::lint;
use crate::{
    process::{run, step},
    profile::Profile,
    tally::Tally,
    toolchain::Toolchain,
    wasm::{self, WEBGPU, Warnings},
};

/// Builds all modules, denying warnings, checks their instructions, and checks the page's types against theirs.
///
/// # Errors
/// When one does not compile or has forbidden instructions.
pub(super) fn modules(tally: &mut Tally) -> Result<()> {
    wasm::build(wasm::all(), Profile::Release, Warnings::Deny)?;
    let toolchain = Toolchain::find_or_get()?;
    if toolchain == Toolchain::Active {
        for module in &WEBGPU {
            let title = format!("Clippy, pkg/{}", module.name);
            step(&title, || run(lint::clippy_as_built(&toolchain, module)?))?;
            tally.pass();
        }
    }
    for module in wasm::all() {
        let file = wasm::file(module);
        step(&format!("Instructions of pkg/{}", module.name), || {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            check_instructions(&bytes, module.relaxed)?;
            check_calls(&bytes)
        })?;
        tally.pass();
    }
    step("Types of the page's JavaScript", || run(lint::types()?))?;
    tally.pass();
    Ok(())
}

/// The plain module must run without relaxed SIMD, and the relaxed one must really use it.
fn check_instructions(bytes: &[u8], relaxed: bool) -> Result<()> {
    let plain = WasmFeatures::default() - WasmFeatures::RELAXED_SIMD;
    Validator::new_with_features(WasmFeatures::default())
        .validate_all(bytes)
        .context("not a valid module")?;
    match (Validator::new_with_features(plain).validate_all(bytes), relaxed) {
        (Ok(_), false) | (Err(_), true) => Ok(()),
        (Err(error), false) => bail!("the plain module needs more than SIMD128: {error}"),
        (Ok(_), true) => bail!("the relaxed module has no relaxed SIMD instruction"),
    }
}

/// Nothing may run at the start of every call. The linker adds such calls to a module that does not run its constructors itself.
fn check_calls(bytes: &[u8]) -> Result<()> {
    let mut imported = 0;
    let mut exported = Vec::new();
    let mut first = Vec::new();
    for part in wasmparser::Parser::new(0).parse_all(bytes) {
        match part? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        exported.push(export.index as usize);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => first.push(body.get_operators_reader()?.read()?),
            _ => {}
        }
    }
    let mut callers = BTreeMap::<u32, usize>::new();
    for function in &exported {
        // An import may be exported again.
        let body = function.checked_sub(imported).and_then(|at| first.get(at));
        if let Some(Operator::Call { function_index }) = body {
            *callers.entry(*function_index).or_default() += 1;
        }
    }
    match callers.into_iter().find(|(_, count)| 2 * count > exported.len()) {
        Some((function, count)) => bail!(
            "{count} of {} exported functions call function {function} before anything else",
            exported.len()
        ),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module of three functions, the last two of which are exported and have these bodies.
    fn module(bodies: [&[u8]; 2]) -> Vec<u8> {
        let mut bytes =
            b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x04\x03\0\0\0\x07\x09\x02\x01a\0\x01\x01b\0\x02"
                .to_vec();
        let mut code = vec![3, 2, 0, 0x0b];
        for body in bodies {
            code.push(body.len() as u8);
            code.extend(body);
        }
        bytes.extend([0x0a, code.len() as u8]);
        bytes.extend(code);
        Validator::new().validate_all(&bytes).unwrap();
        bytes
    }

    #[test]
    fn a_call_at_the_start_of_exported_functions_is_found() {
        let calls = [0, 0x10, 0, 0x0b].as_slice();
        let does_nothing = [0, 0x0b].as_slice();
        let error = check_calls(&module([calls, calls])).unwrap_err().to_string();
        assert_eq!(
            error,
            "2 of 2 exported functions call function 0 before anything else"
        );
        check_calls(&module([calls, does_nothing])).unwrap();
        check_calls(&module([does_nothing, does_nothing])).unwrap();
    }
}
