//! From the page as it is written to the site as it is hosted: every file that a page loads gets its content's hash into
//! its name, so that it may be cached for ever and one version of a page can never load a file of another.
//!
//! Pages, documents, pictures and the scripts that others include keep their names.

use std::{collections::BTreeSet, ops::Range};

use anyhow::{Context, Result, bail};

use super::{
    references::{How, Reference, references, replaced},
    sums::{hex, sha256},
    tree::{Tree, extension, relative, resolve, text},
};

/// Scripts that stand in other people's pages: they keep their names and import the hashed ones.
pub(crate) const ENTRIES: [&str; 2] = ["latent-lab.js", "element.js"];

/// Where hashed files are.
pub(crate) const ASSETS: &str = "assets/";

/// Letters of the hash in a name: 64 bits.
const HASH_LETTERS: usize = 16;

/// The page's files, and what each names.
pub(crate) struct Sources<'a> {
    files: &'a Tree,
    /// Folders, ending with `/`, that this copy does without.
    absent: &'a [&'a str],
    named: std::collections::BTreeMap<&'a str, Vec<(Reference, Option<String>)>>,
}

impl<'a> Sources<'a> {
    /// Reads what every file names.
    ///
    /// # Errors
    /// When a file names one that is not there; the message says both.
    pub(crate) fn read(files: &'a Tree, absent: &'a [&'a str]) -> Result<Self> {
        let mut sources = Self {
            files,
            absent,
            named: Default::default(),
        };
        for path in files.keys() {
            if !["js", "html", "css", "webmanifest"].contains(&extension(path)) {
                continue;
            }
            let all = references(path, text(files, path)?);
            let resolved = all
                .into_iter()
                .map(|reference| Ok((reference.clone(), sources.resolve(path, &reference)?)))
                .collect::<Result<_>>()?;
            sources.named.insert(path, resolved);
        }
        Ok(sources)
    }

    /// The file that is meant; `None` for what lies elsewhere or is left out of this copy.
    fn resolve(&self, from: &str, reference: &Reference) -> Result<Option<String>> {
        let Reference { target, how, .. } = reference;
        if matches!(how, How::Import | How::LaterImport) && !target.starts_with('.') {
            bail!("{from} imports {target:?}, which no browser finds");
        }
        let Some(mut path) = resolve(from, target) else {
            return Ok(None);
        };
        if path.is_empty() || path.ends_with('/') {
            if *how == How::Address {
                return Ok(None);
            }
            path += "index.html";
        }
        if self.absent.iter().any(|folder| path.starts_with(folder)) {
            return Ok(None);
        }
        if !self.files.contains_key(&path) {
            bail!("{from} names {target:?}, but there is no {path}");
        }
        Ok(Some(path))
    }

    /// What a file names, as paths, by those ways that `wanted` says.
    pub(crate) fn named(&self, path: &str, wanted: impl Fn(How, &str) -> bool) -> impl Iterator<Item = &str> {
        let all = self.named.get(path).map_or(&[][..], Vec::as_slice);
        all.iter()
            .filter_map(|(reference, to)| Some((reference.how, to.as_deref()?)))
            .filter(move |(how, to)| wanted(*how, to))
            .map(|(_, to)| to)
    }

    /// A file and everything that is reached from it, in the order in which modules are run: what is imported comes first.
    pub(crate) fn reached(&self, path: &str, wanted: &impl Fn(How, &str) -> bool) -> Vec<String> {
        let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
        self.reach(path, wanted, &mut seen, &mut order);
        order
    }

    fn reach(
        &self,
        path: &str,
        wanted: &impl Fn(How, &str) -> bool,
        seen: &mut BTreeSet<String>,
        order: &mut Vec<String>,
    ) {
        if !seen.insert(path.to_owned()) {
            return;
        }
        for next in self.named(path, wanted) {
            self.reach(next, wanted, seen, order);
        }
        order.push(path.to_owned());
    }

    /// Whether a file's name changes with its content. Data that nothing loads is a document.
    fn is_hashed(&self, path: &str) -> bool {
        match extension(path) {
            "js" | "css" | "wasm" | "safetensors" => path != super::offline::WORKER,
            "json" => self.files.keys().any(|from| {
                self.named(from, |how, to| how != How::Link && to == path)
                    .next()
                    .is_some()
            }),
            _ => false,
        }
    }

    /// The name under which pages and modules load a file.
    ///
    /// The hash is that of everything the file reaches: since that decides what is written into the file, it decides the
    /// file, also where two files name each other.
    pub(crate) fn published(&self, path: &str) -> Result<String> {
        if !self.is_hashed(path) {
            return Ok(path.to_owned());
        }
        let mut reached = self.reached(path, &|_, to| self.is_hashed(to));
        reached.sort();
        let mut all = path.as_bytes().to_vec();
        for each in &reached {
            let bytes = self
                .files
                .get(each)
                .with_context(|| format!("{each} is missing"))?;
            all.extend(each.as_bytes());
            all.extend(sha256(bytes));
        }
        // What is left out changes what is written.
        all.extend(self.absent.concat().as_bytes());
        let hash = &hex(&sha256(&all))[..HASH_LETTERS];
        let (stem, extension) = path.rsplit_once('.').context("a hashed file has an extension")?;
        Ok(format!("{ASSETS}{stem}.{hash}.{extension}"))
    }

    /// A file with other names in it: `change` says, for a reference and the file that is meant, what replaces which part.
    /// The address of what is left out becomes `null`.
    ///
    /// # Errors
    /// When `change` has one, or the file is no text.
    pub(crate) fn rewritten(
        &self,
        path: &str,
        mut change: impl FnMut(&Reference, &str) -> Result<Option<(Range<usize>, String)>>,
    ) -> Result<Vec<u8>> {
        let Some(named) = self.named.get(path) else {
            return Ok(self.files[path].clone());
        };
        let source = text(self.files, path)?;
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        for (reference, to) in named {
            match (to, &reference.whole) {
                (Some(to), _) => changes.extend(change(reference, to)?),
                (None, Some(whole))
                    if reference.how == How::Address && self.leaves_out(path, &reference.target) =>
                {
                    changes.push((whole.clone(), "null".to_owned()));
                }
                _ => {}
            }
        }
        Ok(replaced(source, &changes).into_bytes())
    }

    /// A file as it stands at `at` in the site.
    fn hosted(&self, path: &str, at: &str) -> Result<Vec<u8>> {
        self.rewritten(path, |reference, to| {
            // An address that code gives away must be one that lasts.
            let is_public = reference.how == How::Address && ENTRIES.contains(&to);
            let name = if is_public {
                to.to_owned()
            } else {
                self.published(to)?
            };
            let rest = reference
                .target
                .find(['?', '#'])
                .unwrap_or(reference.target.len());
            let written = relative(at, &name) + &reference.target[rest..];
            Ok(Some((reference.range.clone(), written)))
        })
    }

    fn leaves_out(&self, from: &str, target: &str) -> bool {
        resolve(from, target).is_some_and(|path| self.absent.iter().any(|folder| path.starts_with(folder)))
    }

    /// All files as they are hosted.
    ///
    /// # Errors
    /// When a file cannot be read as text, or nothing names one whose name changes.
    pub(crate) fn publish(&self) -> Result<Tree> {
        self.check_all_are_named()?;
        let mut site = Tree::new();
        for path in self.files.keys() {
            let name = self.published(path)?;
            let mut bytes = self.hosted(path, &name)?;
            if extension(path) == "html" {
                bytes = self.with_preloads(path, bytes)?;
            }
            site.insert(name, bytes);
            if ENTRIES.contains(&&path[..]) {
                site.insert(path.clone(), self.entry(path)?);
            }
        }
        Ok(site)
    }

    /// A file that is asked for by an address which code puts together could not be found under its new name.
    fn check_all_are_named(&self) -> Result<()> {
        let named: BTreeSet<&str> = self
            .files
            .keys()
            .flat_map(|path| self.named(path, |_, _| true))
            .collect();
        let known =
            |path: &str| named.contains(path) || ENTRIES.contains(&path) || path == super::offline::REGISTER;
        match self
            .files
            .keys()
            .find(|path| self.is_hashed(path) && !known(path))
        {
            Some(path) => bail!(
                "no file names {path}; name it by an import, a tag or new URL('./…', import.meta.url), so that it can be followed"
            ),
            None => Ok(()),
        }
    }

    /// The script that others include: it passes on what the hashed one exports. It names all modules that this one needs,
    /// so that a browser asks for them at once and not one after the other.
    fn entry(&self, path: &str) -> Result<Vec<u8>> {
        let mut lines = Vec::new();
        let mut reached = self.reached(path, &|how, _| how == How::Import);
        reached.pop();
        for each in &reached {
            lines.push(format!("import {:?};\n", relative(path, &self.published(each)?)));
        }
        lines.push(format!(
            "export * from {:?};\n",
            relative(path, &self.published(path)?)
        ));
        Ok(lines.concat().into_bytes())
    }

    /// A page that also names, in its head, the modules that its own import: the browser asks for all at once.
    fn with_preloads(&self, path: &str, page: Vec<u8>) -> Result<Vec<u8>> {
        let page = String::from_utf8(page)?;
        let mut needed = BTreeSet::new();
        for script in self.named(path, |how, _| how == How::Load) {
            if extension(script) == "js" {
                needed.extend(self.reached(script, &|how, _| how == How::Import));
            }
        }
        let links = needed
            .iter()
            .map(|module| {
                let address = relative(path, &self.published(module)?);
                Ok(format!("<link rel=\"modulepreload\" href=\"{address}\" />\n"))
            })
            .collect::<Result<Vec<_>>>()?
            .concat();
        Ok(before_head_ends(&page, &links).into_bytes())
    }
}

/// A page with more at the end of its head.
pub(crate) fn before_head_ends(page: &str, more: &str) -> String {
    match page.find("</head>") {
        Some(end) => format!("{}{more}{}", &page[..end], &page[end..]),
        None => page.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    fn published(files: &[(&str, &str)]) -> Tree {
        Sources::read(&tree(files), &["pkg/webgpu/"])
            .unwrap()
            .publish()
            .unwrap()
    }

    fn only<'a>(site: &'a Tree, start: &str) -> (&'a str, &'a str) {
        let mut found = site.iter().filter(|(path, _)| path.starts_with(start));
        let (path, bytes) = found
            .next()
            .unwrap_or_else(|| panic!("{start} is among {:?}", site.keys()));
        assert!(found.next().is_none(), "one file starts with {start}");
        (path, std::str::from_utf8(bytes).unwrap())
    }

    const PAGE: [(&str, &str); 6] = [
        (
            "index.html",
            "<head><script type='module' src='latent-lab.js'></script></head><a href='a.md'>a</a>",
        ),
        ("a.md", "a card"),
        ("latent-lab.js", "import { E } from './element.js'; export { E };"),
        (
            "element.js",
            "export const E = new URL('./worker.js', import.meta.url); import('./later.js');",
        ),
        (
            "worker.js",
            "const gpu = new URL('./pkg/webgpu/g.js', import.meta.url);",
        ),
        (
            "later.js",
            "import './element.js'; const mine = new URL('./latent-lab.js', import.meta.url);",
        ),
    ];

    fn changed(path: &str, text: &'static str) -> Tree {
        published(&PAGE.map(|(name, old)| (name, if name == path { text } else { old })))
    }

    #[test]
    fn what_a_page_loads_is_named_by_its_content_and_what_others_name_keeps_its_name() {
        let site = published(&PAGE);
        let (element, source) = only(&site, "assets/element.");
        assert_eq!(
            element.len(),
            "assets/element.".len() + HASH_LETTERS + ".js".len()
        );
        let worker = only(&site, "assets/worker.").0.trim_start_matches("assets/");
        assert!(
            source.contains(&format!("new URL('./{worker}', import.meta.url)")),
            "{source}"
        );
        let page = only(&site, "index.html").1;
        assert!(
            page.contains(&format!("src='./{}'", only(&site, "assets/latent-lab.").0)),
            "{page}"
        );
        assert!(
            page.contains(&format!("<link rel=\"modulepreload\" href=\"./{element}\" />")),
            "{page}"
        );
        assert!(page.contains("href='./a.md'"), "{page}");
        let entry = only(&site, "latent-lab.js").1;
        let expected = format!(
            "import \"./{element}\";\nexport * from \"./{}\";\n",
            only(&site, "assets/latent-lab.").0
        );
        assert_eq!(entry, expected);
        assert!(
            only(&site, "assets/later.")
                .1
                .contains("new URL('../latent-lab.js', import.meta.url)")
        );
    }

    #[test]
    fn what_is_left_out_has_no_address() {
        assert_eq!(only(&published(&PAGE), "assets/worker.").1, "const gpu = null;");
    }

    #[test]
    fn a_change_renames_what_reaches_it_and_nothing_else() {
        let before = published(&PAGE);
        let same = |site: &Tree, start: &str| only(site, start).0 == only(&before, start).0;
        let site = changed("worker.js", "another();");
        assert!(
            !same(&site, "assets/worker.")
                && !same(&site, "assets/element.")
                && !same(&site, "assets/latent-lab.")
        );
        let site = changed("a.md", "another card");
        assert!(same(&site, "assets/worker.") && same(&site, "assets/latent-lab."));
        // These two name each other.
        let site = changed("later.js", "import './element.js';");
        assert!(
            !same(&site, "assets/later.") && !same(&site, "assets/element.") && same(&site, "assets/worker.")
        );
    }

    #[test]
    fn a_name_that_leads_nowhere_is_an_error_that_says_where_it_stands() {
        let cases = [
            (
                "<a href='gone.html'>",
                "index.html names \"gone.html\", but there is no gone.html",
            ),
            ("<a href='lessons/'>", "there is no lessons/index.html"),
            ("<script>import 'uplot';</script>", "index.html imports \"uplot\""),
            ("<p>", "no file names lonely.js"),
        ];
        for (page, part) in cases {
            let files = tree(&[("index.html", page), ("lonely.js", "")]);
            let message = Sources::read(&files, &[])
                .and_then(|sources| sources.publish())
                .unwrap_err()
                .to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
