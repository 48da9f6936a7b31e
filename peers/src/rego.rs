//! Rego, as regorus runs it: each rule adds its name to one set. Interpreted, and compiled for its virtual machine.

use std::collections::BTreeSet;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};

use crate::rules::{self, Is, Rule, Situation, Test};

/// The rule that is asked for.
const FIRED: &str = "data.candor.fired";

/// The rules of one ask, ready to be asked often.
pub(crate) struct Rego {
    engine: Engine,
    machine: RegoVM,
}

impl Rego {
    /// Parses the rules and compiles them.
    pub(crate) fn of(rules: &[Rule]) -> Result<Self, String> {
        let mut engine = Engine::new();
        engine.add_policy("candor.rego".to_owned(), module(rules)).map_err(|error| format!("rego: {error:#}"))?;
        let compiled = engine.compile_with_entrypoint(&FIRED.into()).map_err(|error| format!("rego: {error:#}"))?;
        let program =
            Compiler::compile_from_policy(&compiled, &[FIRED]).map_err(|error| format!("rego: compiled: {error:#}"))?;
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_data(Value::new_object()).map_err(|error| format!("rego: compiled: {error:#}"))?;
        Ok(Self { engine, machine })
    }

    /// What the interpreter answers.
    pub(crate) fn interpret(&mut self, input: &Value) -> Result<Value, String> {
        self.engine.set_input(input.clone());
        self.engine.eval_rule(FIRED.to_owned()).map_err(|error| format!("rego: {error:#}"))
    }

    /// What the virtual machine answers.
    pub(crate) fn run(&mut self, input: &Value) -> Result<Value, String> {
        self.machine.set_input(input.clone());
        self.machine.execute().map_err(|error| format!("rego: compiled: {error:#}"))
    }
}

/// A situation as input.
pub(crate) fn input(situation: &Situation) -> Value {
    let value = |value: &rules::Value| match value {
        rules::Value::Truth(truth) => serde_json::Value::Bool(*truth),
        rules::Value::Word(word) => serde_json::Value::String(word.clone()),
    };
    let object: serde_json::Map<_, _> = situation.iter().map(|(name, one)| (name.clone(), value(one))).collect();
    Value::from(serde_json::Value::Object(object))
}

/// The names in a set that was answered.
pub(crate) fn names(value: &Value) -> Result<BTreeSet<String>, String> {
    let set = value.as_set().map_err(|error| format!("rego: {error:#}"))?;
    let name = |one: &Value| one.as_string().map(|name| name.to_string()).map_err(|error| format!("rego: {error:#}"));
    set.iter().map(name).collect()
}

/// The rules as one module: a body for each box, a rule of its own for each box of `unless`.
fn module(rules: &[Rule]) -> String {
    let mut text = "package candor\n\nimport rego.v1\n".to_owned();
    for (number, rule) in rules.iter().enumerate() {
        let parties: Vec<String> = rule.parties.iter().map(test).collect();
        let not: Option<String> = (!rule.unless.is_empty()).then(|| format!("not unless_{number}"));
        for one in &rule.when {
            let mut body = parties.clone();
            body.extend(one.iter().map(test));
            body.extend(not.clone());
            text.push_str(&head(&format!("fired contains {:?}", rule.id), &body));
        }
        for one in &rule.unless {
            text.push_str(&head(&format!("unless_{number}"), &one.iter().map(test).collect::<Vec<_>>()));
        }
    }
    text
}

fn head(head: &str, body: &[String]) -> String {
    let body = if body.is_empty() { "true".to_owned() } else { body.join("\n\t") };
    format!("\n{head} if {{\n\t{body}\n}}\n")
}

fn test(test: &Test) -> String {
    let fact = &test.fact;
    match &test.is {
        Is::True => format!("input.{fact}"),
        Is::False => format!("input.{fact} == false"),
        Is::OneOf(words) => match words.as_slice() {
            [one] => format!("input.{fact} == {one:?}"),
            several => format!("input.{fact} in {{{}}}", several.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>().join(", ")),
        },
        Is::NoneOf(words) if words.is_empty() => "true".to_owned(),
        Is::NoneOf(words) => words.iter().map(|word| format!("input.{fact} != {word:?}")).collect::<Vec<_>>().join("\n\t"),
    }
}
