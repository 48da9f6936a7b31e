//! Cedar: each rule a policy that permits, so that every one that is satisfied is among the reasons of the decision.
//!
//! As policies that forbid some would hide others. Conditions test the context; principal, action and resource are open,
//! which costs Cedar least.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request, Response, RestrictedExpression,
};

use crate::rules::{Is, Rule, Situation, Test, Value};

/// The rules of one ask, ready to be asked often.
pub(crate) struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    principal: EntityUid,
    action: EntityUid,
    resource: EntityUid,
}

impl Cedar {
    /// Parses the rules as policies.
    pub(crate) fn of(rules: &[Rule]) -> Result<Self, String> {
        let mut policies = PolicySet::new();
        for rule in rules {
            let id = PolicyId::new(&rule.id);
            let policy = Policy::parse(Some(id), policy(rule)).map_err(|error| format!("cedar: {}: {error}", rule.id))?;
            policies.add(policy).map_err(|error| format!("cedar: {}: {error}", rule.id))?;
        }
        let uid = |text: &str| EntityUid::from_str(text).map_err(|error| format!("cedar: {text}: {error}"));
        Ok(Self {
            authorizer: Authorizer::new(),
            policies,
            entities: Entities::empty(),
            principal: uid("Office::\"office\"")?,
            action: uid("Action::\"ask\"")?,
            resource: uid("Request::\"paper\"")?,
        })
    }

    /// A request from values.
    pub(crate) fn request(&self, situation: &Situation) -> Result<Request, String> {
        let value = |value: &Value| match value {
            Value::Truth(truth) => RestrictedExpression::new_bool(*truth),
            Value::Word(word) => RestrictedExpression::new_string(word.clone()),
        };
        let context = Context::from_pairs(situation.iter().map(|(name, one)| (name.clone(), value(one))));
        let context = context.map_err(|error| format!("cedar: {error}"))?;
        Request::new(self.principal.clone(), self.action.clone(), self.resource.clone(), context, None)
            .map_err(|error| format!("cedar: {error}"))
    }

    /// The decision, with the policies that determined it.
    pub(crate) fn decide(&self, request: &Request) -> Response {
        self.authorizer.is_authorized(request, &self.policies, &self.entities)
    }

    /// The rules that fire.
    pub(crate) fn fired(&self, situation: &Situation) -> Result<BTreeSet<String>, String> {
        let response = self.decide(&self.request(situation)?);
        // A policy that errs is skipped: then nothing is proved.
        match response.diagnostics().errors().next() {
            Some(error) => Err(format!("cedar: {error}")),
            None => Ok(response.diagnostics().reason().map(ToString::to_string).collect()),
        }
    }
}

/// A rule as a policy.
fn policy(rule: &Rule) -> String {
    let any = |boxes: &[Vec<Test>]| boxes.iter().map(|one| format!("({})", all(one))).collect::<Vec<_>>().join(" || ");
    let mut text = format!("@id({:?})\npermit (principal, action, resource)", rule.id);
    if !rule.parties.is_empty() {
        text.push_str(&format!("\nwhen {{ {} }}", all(&rule.parties)));
    }
    text.push_str(&format!("\nwhen {{ {} }}", any(&rule.when)));
    if !rule.unless.is_empty() {
        text.push_str(&format!("\nunless {{ {} }}", any(&rule.unless)));
    }
    text + ";\n"
}

fn all(tests: &[Test]) -> String {
    if tests.is_empty() { "true".to_owned() } else { tests.iter().map(test).collect::<Vec<_>>().join(" && ") }
}

/// A chain of comparisons is quicker than a set, which Cedar makes anew each time.
fn test(test: &Test) -> String {
    let fact = &test.fact;
    let each = |sign: &str, words: &[String], between: &str| {
        let compared: Vec<String> = words.iter().map(|word| format!("context.{fact} {sign} {word:?}")).collect();
        format!("({})", compared.join(between))
    };
    match &test.is {
        Is::True => format!("context.{fact}"),
        Is::False => format!("!context.{fact}"),
        Is::OneOf(words) => each("==", words, " || "),
        Is::NoneOf(words) if words.is_empty() => "true".to_owned(),
        Is::NoneOf(words) => each("!=", words, " && "),
    }
}
