//! What a source file names.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// What a file names: paths with the line they stand on.
pub struct Named {
    pub paths: Vec<(Vec<String>, usize)>,
    /// Methods that are called, with their line.
    pub calls: Vec<(String, usize)>,
    /// Wildcard arms of a match over steps, screens or questions.
    pub wildcards: Vec<usize>,
}

impl Named {
    /// Reads a file.
    pub fn of(file: &syn::File) -> Self {
        let mut named = Self { paths: Vec::new(), calls: Vec::new(), wildcards: Vec::new() };
        named.visit_file(file);
        named
    }
}

impl Visit<'_> for Named {
    fn visit_item(&mut self, item: &syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            _ => &Vec::new(),
        };
        let test = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
        };
        if !attributes.iter().any(test) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_visibility(&mut self, _: &syn::Visibility) {}

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        let line = item.span().start().line;
        flatten(&item.tree, &mut Vec::new(), &mut |path| self.paths.push((path, line)));
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.push((names, path.span().start().line));
        syn::visit::visit_path(self, path);
    }

    fn visit_expr_match(&mut self, expr: &syn::ExprMatch) {
        let named = |pat: &syn::Pat| pat.to_token_stream().to_string();
        let closed = ["Intent ::", "StepKind ::", "Screen ::", "Question ::"];
        let over = expr.arms.iter().any(|arm| closed.iter().any(|name| named(&arm.pat).starts_with(name)));
        let rest = expr.arms.iter().find(|arm| {
            arm.guard.is_none() && matches!(&arm.pat, syn::Pat::Wild(_))
                || matches!(&arm.pat, syn::Pat::Ident(ident) if ident.subpat.is_none() && arm.guard.is_none())
        });
        if let (true, Some(rest)) = (over, rest) {
            self.wildcards.push(rest.span().start().line);
        }
        syn::visit::visit_expr_match(self, expr);
    }

    fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
        let of_session = matches!(&*call.receiver, syn::Expr::Path(path) if path.path.is_ident("session") || path.path.is_ident("self"));
        if !of_session {
            return syn::visit::visit_expr_method_call(self, call);
        }
        self.calls.push((call.method.to_string(), call.method.span().start().line));
        syn::visit::visit_expr_method_call(self, call);
    }
}

/// Hands out every path of a use tree.
pub fn flatten(tree: &syn::UseTree, prefix: &mut Vec<String>, found: &mut impl FnMut(Vec<String>)) {
    match tree {
        syn::UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, found);
            prefix.pop();
        }
        syn::UseTree::Group(group) => group.items.iter().for_each(|each| flatten(each, prefix, found)),
        syn::UseTree::Name(name) if name.ident == "self" => found(prefix.clone()),
        syn::UseTree::Name(name) => found([prefix.as_slice(), &[name.ident.to_string()]].concat()),
        syn::UseTree::Rename(name) => found([prefix.as_slice(), &[name.ident.to_string()]].concat()),
        syn::UseTree::Glob(_) => found(prefix.clone()),
    }
}
