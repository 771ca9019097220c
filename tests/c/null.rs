//! Passes NULL for each pointer argument of each function, by a program that is generated from
//! `include/dockline.h`.
//!
//! A function that requires the argument must fail with the documented code and a message that
//! names it; a lookup function must return its documented result for NULL. New functions in the
//! header are covered automatically. An optional argument without one of the usual names needs an
//! entry in [`OPTIONAL`].

use std::fmt::Write;

use crate::c_program::{ALL_MODES, Mode, in_modes};
use crate::support::TempDir;
use crate::symbols::{code, declared};

/// Arguments that may be NULL in every function.
const ALWAYS_OPTIONAL: [&str; 6] =
    ["options", "user_data", "release", "token", "fallback", "total"];

/// Arguments of single functions that may be NULL.
const OPTIONAL: [(&str, &str); 18] = [
    ("dockline_container_archive", "stat"),
    ("dockline_container_attach", "input"),
    ("dockline_container_attach_websocket", "input"),
    ("dockline_context_on_result", "callback"),
    ("dockline_context_open", "host"),
    ("dockline_credentials_logout", "registry"),
    ("dockline_exec_start", "body"),
    ("dockline_exec_start", "input"),
    ("dockline_exec_start_detached", "body"),
    ("dockline_image_build", "tar"),
    ("dockline_image_commit", "config"),
    ("dockline_image_create", "tar"),
    ("dockline_plugin_pull", "granted"),
    ("dockline_plugin_upgrade", "granted"),
    ("dockline_raw_stream", "upload"),
    ("dockline_value_print", "length"),
    ("dockline_swarm_init", "body"),
    ("dockline_volume_create", "body"),
];

/// Functions that return "" for NULL, not NULL.
const EMPTY: [&str; 5] = [
    "dockline_context_endpoint",
    "dockline_context_endpoint_source",
    "dockline_context_endpoint_source_description",
    "dockline_error_operation",
    "dockline_error_message",
];

/// Objects that only an engine returns. NULL is passed for them, and the message may name them
/// instead of another argument.
const ENGINE_OBJECTS: [&str; 7] = [
    "dockline_response",
    "dockline_download",
    "dockline_input",
    "dockline_output",
    "dockline_result",
    "dockline_stream",
    "dockline_wait",
];

/// A parameter: its type and its name.
#[derive(Debug, PartialEq)]
struct Parameter {
    kind: String,
    name: String,
    /// The parameters of a function pointer, as written.
    callback: Option<String>,
}

impl Parameter {
    fn parse(text: &str) -> Parameter {
        if let Some((kind, rest)) = text.split_once("(*") {
            let (name, parameters) = rest.split_once(")(").expect("a function pointer");
            let parameters = parameters.strip_suffix(')').expect("parameters end");
            return Parameter {
                kind: kind.trim().to_owned(),
                name: name.to_owned(),
                callback: Some(parameters.to_owned()),
            };
        }
        let at = text.rfind(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).unwrap();
        let (kind, name) = text.split_at(at + 1);
        Parameter { kind: kind.trim().replace(" *", "*"), name: name.to_owned(), callback: None }
    }

    fn is_pointer(&self) -> bool {
        self.callback.is_some() || self.kind.ends_with('*')
    }

    /// Returns the library's type that it points to, if any.
    fn object(&self) -> Option<&str> {
        let object = self.kind.trim_start_matches("const ").strip_suffix('*')?;
        object.starts_with("dockline_").then_some(object)
    }

    fn is_engine_object(&self) -> bool {
        self.object().is_some_and(|it| ENGINE_OBJECTS.contains(&it))
    }

    /// Returns an argument that passes the checks, so that the others are checked.
    fn valid(&self, function: &str) -> String {
        let own = || format!("&out_{}", identifier(&self.kind));
        match &*self.kind {
            _ if self.callback.is_some() => format!("{function}_{}", self.name),
            "dockline_error**" => "&error".to_owned(),
            "const char*" if self.name == "host" => "NOWHERE".to_owned(),
            "const char*" => "\"a\"".to_owned(),
            "const void*" if self.name == "json" => "\"1\"".to_owned(),
            "const void*" => "\"a\"".to_owned(),
            "void*" | "char*" => "NULL".to_owned(),
            "dockline_frame*" => "&frame".to_owned(),
            "bool" => "false".to_owned(),
            "double" => "-1.0".to_owned(),
            "size_t" if self.name.ends_with("length") => "1".to_owned(),
            kind if kind.ends_with("**") => own(),
            "size_t*" | "int64_t*" | "uint64_t*" => own(),
            _ if !self.is_pointer() => "7".to_owned(),
            _ => match self.object() {
                Some(_) if self.is_engine_object() => "NULL".to_owned(),
                Some("dockline_error") => "NULL".to_owned(),
                Some("dockline_value") if ["names", "settings"].contains(&&*self.name) => {
                    "array".to_owned()
                }
                Some(object) => object.trim_start_matches("dockline_").to_owned(),
                None => panic!("{function}: no valid argument for {} {}", self.kind, self.name),
            },
        }
    }
}

/// A function declared in the header.
#[derive(Debug, PartialEq)]
struct Function {
    returns: String,
    name: String,
    parameters: Vec<Parameter>,
}

impl Function {
    fn parse(text: &str) -> Option<Function> {
        let (head, parameters) = text.split_once('(')?;
        let head = head.rsplit(['{', '}']).next().unwrap();
        let name = &head[head.find("dockline_").filter(|_| !head.contains("typedef"))?..];
        let name = name.rsplit([' ', '*']).next().unwrap();
        let returns = head.strip_suffix(name)?.trim().replace(" *", "*");
        let parameters = parameters.strip_suffix(')').expect("parameters end");
        let mut parts = vec![String::new()];
        let mut depth = 0;
        for it in parameters.chars().filter(|_| parameters != "void") {
            depth += i32::from(it == '(') - i32::from(it == ')');
            match it {
                ',' if depth == 0 => parts.push(String::new()),
                it => parts.last_mut().unwrap().push(it),
            }
        }
        let parts = parts.iter().map(|it| it.trim()).filter(|it| !it.is_empty());
        Some(Function {
            returns,
            name: name.to_owned(),
            parameters: parts.map(Parameter::parse).collect(),
        })
    }

    /// Returns whether it reports errors.
    fn fails(&self) -> bool {
        self.parameters.last().is_some_and(|it| it.kind == "dockline_error**")
    }

    fn is_optional(&self, parameter: &Parameter) -> bool {
        ALWAYS_OPTIONAL.contains(&&*parameter.name)
            || OPTIONAL.contains(&(&self.name, &parameter.name))
    }

    /// Returns a call with NULL for one argument, and also for the error if `alone`.
    fn call(&self, null: &str, alone: bool) -> String {
        let argument = |it: &Parameter| {
            let is_null = it.name == null || (alone && it.kind == "dockline_error**");
            if is_null { "NULL".to_owned() } else { it.valid(&self.name) }
        };
        let arguments: Vec<_> = self.parameters.iter().map(argument).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }

    /// Returns the result of a lookup function for NULL.
    fn null_result(&self) -> String {
        if let Some(fallback) = self.parameters.iter().find(|it| it.name == "fallback") {
            return fallback.valid(&self.name);
        }
        match &*self.returns {
            "bool" => "false".to_owned(),
            kind if kind.ends_with('*') => "NULL".to_owned(),
            _ => "0".to_owned(),
        }
    }

    /// Returns the checks of each pointer argument.
    fn checks(&self) -> String {
        let mut checks = String::new();
        for it in self.parameters.iter().filter(|it| it.is_pointer()) {
            let name = &it.name;
            if self.fails() {
                if it.kind == "dockline_error**" {
                    continue; // checked together with each of the others
                }
                let check = if self.is_optional(it) { "OPTIONAL" } else { "REQUIRED" };
                let (call, alone) = (self.call(name, false), self.call(name, true));
                let alternative =
                    self.parameters.iter().find(|it| it.name != *name && it.is_engine_object());
                let alternative = alternative.map_or(name, |it| &it.name);
                writeln!(checks, "    {check}(\"{name}\", \"{alternative}\", {call});").unwrap();
                if check == "REQUIRED" {
                    writeln!(checks, "    CHECK({alone} == DOCKLINE_INVALID_ARGUMENT);").unwrap();
                }
                continue;
            }
            let call = self.call(name, false);
            if self.returns == "void" {
                writeln!(checks, "    {call};").unwrap();
            } else if EMPTY.contains(&&*self.name) {
                writeln!(checks, "    CHECK_STRING({call}, \"\");").unwrap();
            } else if name == "fallback" {
                writeln!(checks, "    CHECK({call} == NULL);").unwrap();
            } else if self.null_result().starts_with('"') {
                writeln!(checks, "    CHECK_STRING({call}, {});", self.null_result()).unwrap();
            } else {
                writeln!(checks, "    CHECK({call} == {});", self.null_result()).unwrap();
            }
            if self.parameters.iter().any(|it| it.kind == "size_t*" && it.name != *name) {
                writeln!(checks, "    CHECK(out_size_t_p == 0);\n    out_size_t_p = 7;").unwrap();
            }
        }
        checks
    }
}

/// Returns a type as part of an identifier.
fn identifier(kind: &str) -> String {
    kind.replace('*', "_p").replace(' ', "_")
}

fn functions() -> Vec<Function> {
    let code = code();
    let lines = code.lines().filter(|it| !it.starts_with('#') && !it.starts_with("    ("));
    let text = lines.collect::<Vec<_>>().join(" ");
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").split(';').filter_map(|it| Function::parse(it.trim())).collect()
}

/// Generates the program.
fn program(functions: &[Function]) -> String {
    let mut outs = std::collections::BTreeSet::new();
    let mut callbacks = String::new();
    let mut checks = String::new();
    for function in functions {
        for it in &function.parameters {
            if let Some(parameters) = &it.callback {
                let unused: String = parameters
                    .split(", ")
                    .map(|it| Parameter::parse(it).name)
                    .map(|name| format!("    (void){name};\n"))
                    .collect();
                let end = match &*it.kind {
                    "void" => "",
                    "bool" => "    return false;\n",
                    _ => "    return 1;\n",
                };
                let (kind, function, name) = (&it.kind, &function.name, &it.name);
                write!(
                    callbacks,
                    "static {kind} {function}_{name}({parameters})\n{{\n{unused}{end}}}\n\n"
                )
                .unwrap();
            } else if it.valid(&function.name).starts_with("&out_") {
                outs.insert(&it.kind);
            }
        }
        checks += &function.checks();
    }
    let (mut statics, mut unchanged, mut free) = (String::new(), String::new(), String::new());
    for kind in outs {
        let (target, name) = (kind.strip_suffix('*').unwrap(), identifier(kind));
        let initial = if target.ends_with('*') { "NULL" } else { "7" };
        writeln!(statics, "static {target} out_{name} = {initial};").unwrap();
        writeln!(unchanged, "    CHECK_AT(out_{name} == {initial});").unwrap();
        let owned = target.strip_suffix('*').filter(|it| it.starts_with("dockline_"));
        if let Some(object) = owned {
            writeln!(free, "    {object}_free(out_{name});").unwrap();
        } else if target == "char*" {
            writeln!(free, "    dockline_string_free(out_{name});").unwrap();
        }
        writeln!(free, "    out_{name} = {initial};").unwrap();
    }
    include_str!("null.c.in")
        .replace("@OUTS@\n", &statics)
        .replace("@UNCHANGED@\n", &unchanged)
        .replace("@FREE@\n", &free)
        .replace("@CALLBACKS@\n", &callbacks)
        .replace("@CHECKS@\n", &checks)
}

fn run(ways: &'static [Mode]) {
    let dir = TempDir::new();
    let source = dir.write("null.c", program(&functions()));
    in_modes(ways, &source, |program| drop(program.run().success()));
}

#[test]
fn null_in_all_modes() {
    run(&ALL_MODES);
}

#[test]
fn null_with_static_library() {
    run(&[Mode::Static]);
}

#[test]
fn checks_every_pointer_of_every_function() {
    let functions = functions();
    let names: Vec<_> = functions.iter().map(|it| it.name.clone()).collect();
    assert_eq!(names.len(), declared().len());
    let program = program(&functions);
    for function in functions {
        assert!(declared().contains(&function.name), "{function:?}");
        let pointers = function.parameters.iter().filter(|it| it.is_pointer());
        let calls = program.matches(&format!("{}(", function.name)).count();
        assert!(calls >= pointers.count().saturating_sub(1), "{function:?}: {calls} calls");
    }
}

/// Outdated entries would hide later failures.
#[test]
fn exceptions_name_existing_functions() {
    let functions = functions();
    let parameters: Vec<_> = functions
        .iter()
        .flat_map(|it| it.parameters.iter().map(|p| (&*it.name, &*p.name)))
        .collect();
    for entry in OPTIONAL {
        assert!(parameters.contains(&entry), "{entry:?}");
        assert!(!ALWAYS_OPTIONAL.contains(&entry.1), "{entry:?}");
    }
    for name in ALWAYS_OPTIONAL {
        assert!(parameters.iter().any(|it| it.1 == name), "{name}");
    }
    for object in ENGINE_OBJECTS {
        let is_taken = |it: &Function| it.parameters.iter().any(|it| it.object() == Some(object));
        assert!(functions.iter().any(is_taken), "{object}");
    }
    for name in EMPTY {
        assert!(functions.iter().any(|it| it.name == name), "{name}");
    }
}

#[test]
fn parses_declarations() {
    for text in ["typedef struct { int stream", "} dockline_frame", "extern \"C\" {", "}"] {
        assert_eq!(Function::parse(text), None);
    }
    let text = "extern \"C\" { dockline_source *dockline_x(int (*read)(void *user_data, size_t *length), \
                const char **name, size_t n)";
    let function = Function::parse(text).unwrap();
    assert_eq!((&*function.name, &*function.returns), ("dockline_x", "dockline_source*"));
    let parameter = |kind: &str, name: &str, callback: Option<&str>| Parameter {
        kind: kind.to_owned(),
        name: name.to_owned(),
        callback: callback.map(str::to_owned),
    };
    assert_eq!(
        function.parameters,
        [
            parameter("int", "read", Some("void *user_data, size_t *length")),
            parameter("const char**", "name", None),
            parameter("size_t", "n", None),
        ]
    );
    assert_eq!(Function::parse("int dockline_y(void)").unwrap().parameters, []);
}
