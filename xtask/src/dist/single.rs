//! The whole page as one file that needs no server: one script, and everything it would fetch, compressed, as text.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::{
    bundle,
    compress::gzip,
    publish::{ENTRIES, Sources, before_head_ends},
    references::How,
    sums::base64,
    tree::{Tree, extension, relative, text, write},
};
use crate::serve::mime;

/// The page that is packed.
const START: &str = "index.html";

/// Hands out the packed files; imported by every module that names one.
const UNPACKER: (&str, &str) = ("packed.js", include_str!("packed.js"));

/// The page's text. `scratch` is a folder for what the bundler reads and writes.
///
/// # Errors
/// When the bundler fails, or the page names something that cannot be packed.
pub(crate) fn page(sources: &Sources, files: &Tree, scratch: &Path) -> Result<String> {
    let mut inside = Tree::new();
    let modules = modules(sources, files, &mut inside)?;
    write(&modules, &scratch.join("modules"))?;
    for (path, bytes) in &mut inside {
        // The worker's script cannot import others from where it will be.
        if extension(path) == "js" && modules.contains_key(path) {
            *bytes = bundle(&scratch.join("modules").join(path), &scratch.join("worker.js"))?;
        }
    }
    let mut scripts = Vec::new();
    for script in sources.named(START, |how, to| how == How::Load && extension(to) == "js") {
        scripts.push(bundle(
            &scratch.join("modules").join(script),
            &scratch.join("page.js"),
        )?);
    }
    let page = sources.rewritten(START, |reference, to| {
        let Some(whole) = &reference.whole else {
            return Ok(None);
        };
        let address = || format!("data:{};base64,{}", mime(Path::new(to)), base64(&files[to]));
        Ok(match (reference.how, extension(to)) {
            // Other pages are not inside: their names stay as text that leads nowhere.
            (How::Link, "html") => Some((whole.clone(), String::new())),
            (How::Link, _) => Some((whole.clone(), format!("href=\"{}\" download", address()))),
            (How::Load, "js" | "css" | "webmanifest") => None,
            (How::Load, _) => Some((reference.range.clone(), address())),
            _ => None,
        })
    })?;
    let page = String::from_utf8(page)?;
    let mut head = String::new();
    for style in sources.named(START, |how, to| how == How::Load && extension(to) == "css") {
        head += &format!("<style>\n{}</style>\n", text(files, style)?);
    }
    let mut body = format!(
        "<script type=\"text/plain\" id=\"packed-files\">{}</script>\n",
        base64(&pack(&inside)?)
    );
    for script in scripts {
        body += &format!(
            "<script type=\"module\">\n{}</script>\n",
            String::from_utf8(script)?
        );
    }
    let page = without_outside(&page);
    let page = before_head_ends(&page, &head);
    let end = page.rfind("</body>").context("the page has no </body>")?;
    Ok(format!("{}{body}{}", &page[..end], &page[end..]))
}

/// All modules of the page, with addresses of packed files in place of those beside them; `inside` gets these files.
fn modules(sources: &Sources, files: &Tree, inside: &mut Tree) -> Result<Tree> {
    let mut modules = Tree::from([(UNPACKER.0.to_owned(), UNPACKER.1.as_bytes().to_vec())]);
    for path in sources.reached(START, &|how, _| how != How::Link) {
        // The wasm modules' glue is loaded as it is.
        if extension(&path) != "js" || path.starts_with("pkg/") {
            continue;
        }
        let mut uses = false;
        let mut module = sources.rewritten(&path, |reference, to| {
            // Pages, and the script for pages of others, are given away as addresses only; there are none of them here.
            let is_packed =
                reference.how == How::Address && extension(to) != "html" && !ENTRIES.contains(&to);
            let Some(whole) = reference.whole.clone().filter(|_| is_packed) else {
                return Ok(None);
            };
            uses = true;
            inside.insert(to.to_owned(), files[to].clone());
            Ok(Some((whole, format!("packed({to:?})"))))
        })?;
        if uses {
            let import = format!("import {{ packed }} from {:?};\n", relative(&path, UNPACKER.0));
            module.splice(0..0, import.into_bytes());
        }
        modules.insert(path, module);
    }
    Ok(modules)
}

/// A list of paths, types and lengths as JSON, after its own length in four bytes, and the files; all of it compressed.
fn pack(files: &Tree) -> Result<Vec<u8>> {
    let list: Vec<_> = files
        .iter()
        .map(|(path, bytes)| serde_json::json!([path, mime(Path::new(path)), bytes.len()]))
        .collect();
    let list = serde_json::to_vec(&list)?;
    let mut pack = u32::try_from(list.len())?.to_le_bytes().to_vec();
    pack.extend(list);
    files.values().for_each(|bytes| pack.extend(bytes));
    gzip(&pack)
}

/// Without the tags that load what is inside the page now, or what only a server can give.
fn without_outside(page: &str) -> String {
    let mut result = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |length| start + length + 1);
        let tag = &rest[start..end];
        let is_link = tag.starts_with("<link")
            && ["stylesheet", "manifest", "modulepreload"]
                .iter()
                .any(|rel| tag.contains(rel));
        let is_script = tag.starts_with("<script") && tag.contains("src=");
        result += &rest[..start];
        rest = &rest[end..];
        if is_script {
            rest = rest.strip_prefix("</script>").unwrap_or(rest);
        } else if !is_link {
            result += tag;
        }
    }
    result + rest
}

/// Makes a folder for the bundler, empty.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn scratch(folder: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_what_is_inside_go_and_all_others_stay() {
        let page = "<head><link rel=\"icon\" href=\"data:,\" /><link rel=\"stylesheet\" href=\"a.css\" />\
            <script type=\"module\" src=\"a.js\"></script></head><p>a <b>b</b>";
        assert_eq!(
            without_outside(page),
            "<head><link rel=\"icon\" href=\"data:,\" /></head><p>a <b>b</b>"
        );
    }
}
