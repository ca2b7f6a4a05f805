use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprCall, ExprLit, ExprMethodCall, Lit, LitStr, Macro, Token};

use super::holes;
use super::prose::{is_label, is_prose};
use super::written::Written;

/// The folders whose texts reach a screen.
const FOLDERS: [&str; 10] = [
    "crates/actions/src",
    "src/cli",
    "crates/database/src",
    "crates/engine/src",
    "crates/health/src",
    "crates/heroku/src",
    "crates/journal/src",
    "crates/runbook/src",
    "crates/terminal/src",
    "crates/survey/src",
];

/// Files and folders whose texts are read elsewhere than on a screen, are the option texts of clap, or tell the author of a
/// runbook what is wrong with its lines: those stay English, like the keys that they are about.
const LEFT_OUT: [&str; 24] = [
    "src/cli/arguments.rs",
    "src/cli/completion/",
    "src/cli/environment.rs",
    "src/cli/flags.rs",
    "src/cli/help.rs",
    "src/cli/heroku_plugin.rs",
    "src/cli/verbs/completions.rs",
    "src/cli/verbs/man.rs",
    "src/cli/verbs/schema.rs",
    "crates/database/src/inventory/definition.rs",
    "crates/heroku/src/testing.rs",
    "crates/runbook/src/describe.rs",
    "crates/runbook/src/duration.rs",
    "crates/runbook/src/expand.rs",
    "crates/runbook/src/fragments.rs",
    "crates/runbook/src/lint/",
    "crates/runbook/src/nearest.rs",
    "crates/runbook/src/output_path.rs",
    "crates/runbook/src/parse.rs",
    "crates/runbook/src/reader.rs",
    "crates/runbook/src/schema.rs",
    "crates/runbook/src/source.rs",
    "crates/runbook/src/standalone.rs",
    "crates/runbook/src/template.rs",
];

/// The texts of every source file, in the order of the files and of the texts in them.
pub(super) fn texts(root: &Path) -> Vec<(String, Vec<Written>)> {
    let mut files = Vec::new();
    FOLDERS.iter().for_each(|folder| collect(&root.join(folder), &mut files));
    let read = |path: PathBuf| {
        let shown = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        (!LEFT_OUT.iter().any(|left_out| shown.starts_with(left_out))).then(|| {
            let text = fs::read_to_string(&path).expect("a source file");
            (shown, of_source(&text))
        })
    };
    files.into_iter().filter_map(read).collect()
}

/// The files below a folder that are not test code, sorted.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let tests = modules_for_tests(folder);
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder of the source").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if tests.contains(&name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The modules that a folder's `lib.rs` or `mod.rs`, or the file of the folder's name beside it, declares for tests only.
fn modules_for_tests(folder: &Path) -> Vec<String> {
    let beside = folder.with_extension("rs");
    let texts = [folder.join("lib.rs"), folder.join("mod.rs"), beside]
        .into_iter()
        .filter_map(|path| fs::read_to_string(path).ok());
    let of_one = |text: String| {
        let file = syn::parse_file(&text).expect("a source that parses");
        let modules = file.items.into_iter().filter_map(|item| match item {
            syn::Item::Mod(module) if is_for_tests(&module.attrs) => Some(module.ident.to_string()),
            _ => None,
        });
        modules.collect::<Vec<_>>()
    };
    texts.flat_map(of_one).collect()
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// The texts for people in one source file.
pub(super) fn of_source(text: &str) -> Vec<Written> {
    let mut reader = Reader::default();
    reader.visit_file(&syn::parse_file(text).expect("a source that parses"));
    reader.found
}

/// Functions whose arguments are shown, even when they are single words.
const SHOWS: [&str; 13] = [
    "tell",
    "told",
    "say",
    "labelled",
    "label",
    "row",
    "cell",
    "header",
    "section",
    "heading",
    "line",
    "with_prompt",
    "words",
];

/// Methods whose arguments are matched, looked up or traced, and never shown.
const NOT_SHOWN: [&str; 22] = [
    "batch_execute",
    "contains",
    "ends_with",
    "execute",
    "expect",
    "field",
    "find",
    "get",
    "header",
    "prepare",
    "query",
    "query_one",
    "query_opt",
    "replace",
    "rsplit_once",
    "simple_query",
    "split",
    "split_once",
    "starts_with",
    "strftime",
    "strip_prefix",
    "strip_suffix",
];

const FORMATS: [&str; 8] = ["anyhow", "bail", "eprintln", "format", "format_args", "println", "write", "writeln"];

const SILENT_MACROS: [&str; 24] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "cfg",
    "concat",
    "debug",
    "debug_assert",
    "debug_assert_eq",
    "debug_span",
    "env",
    "error",
    "event",
    "html",
    "include_bytes",
    "include_dir",
    "include_str",
    "info",
    "info_span",
    "panic",
    "span",
    "todo",
    "trace",
    "unreachable",
    "warn",
];

#[derive(Default)]
struct Reader {
    found: Vec<Written>,
    /// How deep we are in code whose single words are shown.
    labels: usize,
}

impl Reader {
    fn keep(&mut self, text: Written) {
        if is_prose(&text) || (self.labels > 0 && is_label(&text)) {
            self.found.push(text);
        }
    }

    fn shown(&mut self, read: impl FnOnce(&mut Self)) {
        self.labels += 1;
        read(self);
        self.labels -= 1;
    }

    fn of_format(&mut self, tokens: &TokenStream) {
        let Some(arguments) = expressions(tokens) else { return };
        let template = arguments.iter().take(2).position(|argument| literal(argument).is_some());
        let Some(at) = template else { return arguments.iter().for_each(|argument| self.visit_expr(argument)) };
        let text = literal(&arguments[at]).map(LitStr::value).unwrap_or_default();
        self.keep(holes::of_format(&text, &arguments[at + 1..]));
        arguments[at + 1..].iter().for_each(|argument| self.visit_expr(argument));
    }

    /// Values of a document, and macros inside them; never its keys.
    fn of_tokens(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            match (tree, &trees[at + 1..]) {
                (TokenTree::Ident(name), [TokenTree::Punct(mark), TokenTree::Group(group), ..])
                    if mark.as_char() == '!' =>
                {
                    self.of_macro(&name.to_string(), &group.stream());
                }
                (TokenTree::Group(group), _) if !follows_a_macro(&trees[..at]) => self.of_tokens(group.stream()),
                (TokenTree::Literal(_), [TokenTree::Punct(mark), ..]) if mark.as_char() == ':' => {}
                (TokenTree::Literal(text), _) => {
                    if let Ok(Lit::Str(text)) = syn::parse_str::<Lit>(&text.to_string()) {
                        self.keep(Written::literal(&text.value()));
                    }
                }
                _ => {}
            }
        }
    }

    fn of_macro(&mut self, name: &str, tokens: &TokenStream) {
        if FORMATS.contains(&name) {
            self.of_format(tokens);
        } else if name == "matches" {
            let value = expressions_before_a_pattern(tokens);
            value.iter().for_each(|value| self.visit_expr(value));
        } else if !SILENT_MACROS.contains(&name) {
            match expressions(tokens) {
                Some(arguments) if name != "json" => arguments.iter().for_each(|argument| self.visit_expr(argument)),
                _ => self.of_tokens(tokens.clone()),
            }
        }
    }

    /// `1 commit`, `2 commits`: both forms of what is counted.
    fn of_counted(&mut self, call: &ExprCall) {
        let Some(thing) = call.args.last().and_then(literal).map(LitStr::value) else {
            return visit::visit_expr_call(self, call);
        };
        call.args.iter().take(call.args.len() - 1).for_each(|count| self.visit_expr(count));
        let plural = if thing.ends_with('x') { "es" } else { "s" };
        for text in [format!("{{count}} {thing}"), format!("{{count}} {thing}{plural}")] {
            self.found.push(holes::of_format(&text, &[]));
        }
    }
}

fn follows_a_macro(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Ident(_), TokenTree::Punct(mark)] if mark.as_char() == '!')
}

fn expressions(tokens: &TokenStream) -> Option<Vec<Expr>> {
    use syn::parse::Parser;
    let list = Punctuated::<Expr, Token![,]>::parse_terminated;
    Some(list.parse2(tokens.clone()).ok()?.into_iter().collect())
}

/// The first argument of `matches!`: the others are patterns.
fn expressions_before_a_pattern(tokens: &TokenStream) -> Option<Expr> {
    let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',');
    syn::parse2(tokens.clone().into_iter().take_while(|tree| !is_comma(tree)).collect()).ok()
}

fn literal(of: &Expr) -> Option<&LitStr> {
    match of {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        Expr::Reference(reference) => literal(&reference.expr),
        _ => None,
    }
}

/// The word that a block consists of.
fn only_word(block: &syn::Block) -> Option<&LitStr> {
    match block.stmts.as_slice() {
        [syn::Stmt::Expr(word, None)] => word_of(word),
        _ => None,
    }
}

fn word_of(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Block(block) => only_word(&block.block),
        other => literal(other).filter(|text| is_spoken(&text.value())),
    }
}

/// Words that are chosen between, but are endings, names or code.
const UNSPOKEN: [&str; 7] = ["es", "essential", "heroku", "max", "min", "null", "standard"];

fn is_spoken(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_lowercase()) && !UNSPOKEN.contains(&word)
}

fn called(function: &Expr) -> String {
    match function {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if is_for_tests(&function.attrs) {
            return;
        }
        if says_words(&function.sig) {
            return self.shown(|reader| visit::visit_item_fn(reader, function));
        }
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if is_for_tests(&function.attrs) {
            return;
        }
        if says_words(&function.sig) {
            return self.shown(|reader| visit::visit_impl_item_fn(reader, function));
        }
        visit::visit_impl_item_fn(self, function);
    }

    /// What an action is for is told by the schema of runbooks.
    fn visit_impl_item_const(&mut self, constant: &'ast syn::ImplItemConst) {
        if constant.ident != "SUMMARY" {
            visit::visit_impl_item_const(self, constant);
        }
    }

    /// The title of a document is looked for under its own name.
    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        match &field.member {
            syn::Member::Named(name) if name == "source" => {}
            syn::Member::Named(name) if name == "unit" => self.shown(|reader| visit::visit_field_value(reader, field)),
            _ => visit::visit_field_value(self, field),
        }
    }

    /// A choice between two words is made for a sentence that one of them is put into.
    fn visit_expr_if(&mut self, choice: &'ast syn::ExprIf) {
        let words = [only_word(&choice.then_branch), choice.else_branch.as_ref().and_then(|(_, other)| word_of(other))];
        if let [Some(one), Some(other)] = words {
            self.visit_expr(&choice.cond);
            return self
                .shown(|reader| [one, other].iter().for_each(|word| reader.keep(Written::literal(&word.value()))));
        }
        visit::visit_expr_if(self, choice);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("error")
            && let syn::Meta::List(list) = &attribute.meta
        {
            self.of_format(&list.tokens);
        }
    }

    fn visit_expr_lit(&mut self, lit: &'ast ExprLit) {
        if let Lit::Str(text) = &lit.lit {
            self.keep(Written::literal(&text.value()));
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let name = called(&call.func);
        if name == "counted" {
            return self.of_counted(call);
        }
        if SHOWS.contains(&name.as_str()) {
            return self.shown(|reader| visit::visit_expr_call(reader, call));
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let name = call.method.to_string();
        if NOT_SHOWN.contains(&name.as_str()) {
            return self.visit_expr(&call.receiver);
        }
        if SHOWS.contains(&name.as_str()) {
            self.visit_expr(&call.receiver);
            return self.shown(|reader| call.args.iter().for_each(|argument| reader.visit_expr(argument)));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, used: &'ast Macro) {
        let name = used.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        self.of_macro(&name, &used.tokens);
    }

    /// What is matched is not shown.
    fn visit_pat(&mut self, _pattern: &'ast syn::Pat) {}
}

/// Whether a function only puts values into words: `choice_words`, `word`, `label`.
fn says_words(function: &syn::Signature) -> bool {
    let name = function.ident.to_string();
    let named =
        ["word", "words", "label", "labels"].iter().any(|end| name == *end || name.ends_with(&format!("_{end}")));
    named && matches!(function.output, syn::ReturnType::Type(..))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FOLDERS, LEFT_OUT, of_source};

    /// The crates whose texts are not gathered: reports and notices, which stay English, the simulator, and what has no
    /// texts of its own for a screen.
    const NOT_GATHERED: [&str; 9] =
        ["i18n", "model", "notify", "programs", "report", "secrets", "simulator", "testing", "text"];

    #[test]
    fn each_crate_is_gathered_or_named_as_not_and_each_name_is_there() {
        let root = hcops_testing::root();
        let crates = fs::read_dir(root.join("crates")).expect("the crates").map(|entry| entry.expect("an entry"));
        for name in crates.map(|entry| entry.file_name().to_string_lossy().into_owned()) {
            let gathered = FOLDERS.contains(&format!("crates/{name}/src").as_str());
            assert!(gathered != NOT_GATHERED.contains(&name.as_str()), "crates/{name}: name it in exactly one list");
        }
        for path in FOLDERS.iter().chain(&LEFT_OUT) {
            assert!(root.join(path).exists(), "{path} is not there any more");
        }
    }

    fn skeletons(text: &str) -> Vec<String> {
        of_source(text).iter().map(|written| written.skeleton().replace('\0', "_")).collect()
    }

    #[test]
    fn sentences_are_found_wherever_they_are_written() {
        let text = r#"
            const WHY: &str = "It must be silent.";
            #[derive(Error)]
            #[error("no answer within {0:?}")]
            struct Late(u64);
            fn f(app: &str) -> Vec<String> {
                let more = counted(2, "commit");
                let value = json!({ "a key here": "it is a value", "x": format!("of {} to come", app.len()) });
                vec![format!("{app} is {}, not {{x}}", state(app)), "the end of it".to_owned()]
            }
            fn grade_word(g: Grade) -> &'static str { match g { Grade::Ok => "ok", _ => "broken" } }
            fn verb(one: bool) -> &'static str { if one { "was" } else { "were" } }
            fn part() -> Part { Part { unit: "signs".to_owned(), name: "no-label".to_owned() } }
        "#;
        assert_eq!(
            skeletons(text),
            [
                "It must be silent.",
                "no answer within _",
                "_ commit",
                "_ commits",
                "it is a value",
                "of _ to come",
                "_ is _, not {x}",
                "the end of it",
                "ok",
                "broken",
                "was",
                "were",
                "signs"
            ]
        );
    }

    #[test]
    fn tests_traces_and_what_is_matched_are_no_texts() {
        let text = r#"
            /// A sentence of the documentation.
            fn f(text: &str) {
                tracing::debug!("the request was sent");
                let found = text.starts_with("this is matched") || matches!(text, "a matched text");
                found.expect("it is always there");
                match text { "a pattern here" => {}, _ => {} }
            }
            #[cfg(test)]
            mod tests { fn g() { say("only in a test"); } }
        "#;
        assert_eq!(skeletons(text), Vec::<String>::new());
    }
}
