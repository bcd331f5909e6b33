//! Who may be paired: hard rules, compiled to flags, bitsets and integer comparisons before any pair is
//! looked at.

mod custom;

use std::collections::HashSet;

use crate::error::Error;
use serde::Serialize;

use crate::pairs::Reads;
use crate::programme::{EligibilityRules, GradeGap, Program, Requirement};
use crate::roster::{Code, Field, People, Role, Roster};
use crate::sets::Sets;
use custom::PairRule;
pub(crate) use custom::{missing_column, missing_column_or, not_a_field, only_numbers};

/// Whether an eligibility rule took part, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleState {
    /// The stable reason code: `screening`, `grade_gap`, `custom:same bus`, ...
    pub code: String,
    /// Whether the rule was applied.
    pub on: bool,
    /// Why it was not, if it was not.
    pub why_off: Option<String>,
}

/// A rule that is on: its reason code and its test of one pair.
#[derive(Debug)]
struct Rule<'r> {
    code: String,
    test: Test<'r>,
}

/// What a rule asks. Tests of one person are answers worked out beforehand.
#[derive(Debug)]
enum Test<'r> {
    Mentee(Vec<bool>),
    Mentor(Vec<bool>),
    Both(Vec<bool>, Vec<bool>),
    GradeGap { min: i32, max: i32 },
    Site,
    Slot(Sets, Sets),
    Language(Sets, Sets),
    Gender,
    Blocked,
    Pair(PairRule<'r>),
}

/// The compiled rules of one programme for one roster.
#[derive(Debug)]
pub(crate) struct Eligibility<'r> {
    roster: &'r Roster,
    /// The rules that are on, in the order of the documentation.
    rules: Vec<Rule<'r>>,
    states: Vec<RuleState>,
    /// Of the mentees and of the mentors, who passes every rule on persons alone.
    able: [Vec<bool>; 2],
    /// Declared routes (from a mentor's site, to a mentee's).
    feeders: HashSet<(Code, Code)>,
    /// By the mentee's site the mentors' sites that serve it, itself first; `None` where the rule is off.
    serving: Option<Vec<Vec<Code>>>,
}

impl<'r> Eligibility<'r> {
    /// # Errors
    /// [`ErrorKind::Program`](crate::ErrorKind::Program) where a rule needs a column that only one table has.
    pub(crate) fn compile(roster: &'r Roster, program: &Program) -> Result<Self, Error> {
        let mut compiler = Compiler {
            roster,
            rules: Vec::new(),
            states: Vec::new(),
        };
        compiler.all(&program.eligibility)?;
        let Compiler { rules, states, .. } = compiler;
        let passes = |role: Role| -> Vec<bool> {
            (0..roster.side(role).len())
                .map(|ix| rules.iter().all(|rule| rule.passes_alone(role, ix)))
                .collect()
        };
        let feeders = feeders(roster, &program.eligibility);
        let by_site = rules.iter().any(|rule| matches!(rule.test, Test::Site));
        let serving = by_site.then(|| {
            let sites = 0..roster.sites().len() as Code;
            let mut serving: Vec<Vec<Code>> = sites.map(|site| vec![site]).collect();
            for &(from, to) in feeders.iter().filter(|(from, to)| from != to) {
                serving[to as usize].push(from);
            }
            for sites in &mut serving {
                sites[1..].sort_unstable();
            }
            serving
        });
        Ok(Self {
            roster,
            able: [passes(Role::Mentee), passes(Role::Mentor)],
            rules,
            states,
            feeders,
            serving,
        })
    }

    /// Every rule, and whether it is on.
    pub(crate) fn states(&self) -> &[RuleState] {
        &self.states
    }

    /// The codes of the rules that are on, in the order of [`fails`](Self::fails).
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.code.as_str())
    }

    /// What each rule that is on looks at.
    pub(crate) fn reads(&self) -> impl Iterator<Item = Reads<'r>> {
        self.rules.iter().map(|rule| match &rule.test {
            Test::Mentee(_) | Test::Mentor(_) | Test::Both(..) => Reads::Person,
            Test::GradeGap { .. } => Reads::Grade,
            Test::Site => Reads::Site,
            Test::Gender => Reads::Gender,
            Test::Pair(rule) => rule.reads(),
            Test::Slot(..) | Test::Language(..) | Test::Blocked => Reads::Pair,
        })
    }

    /// Whether the person passes every rule on persons alone.
    #[inline]
    pub(crate) fn is_able(&self, role: Role, ix: usize) -> bool {
        self.able[role as usize][ix]
    }

    /// The people, ascending, who pass every rule on persons alone.
    pub(crate) fn able(&self, role: Role) -> impl Iterator<Item = u32> {
        let able = (0u32..).zip(&self.able[role as usize]);
        able.filter_map(|(ix, able)| able.then_some(ix))
    }

    /// The sites whose mentors may serve the mentee's, or `None` where sites do not matter.
    pub(crate) fn sites_serving(&self, mentee: usize) -> Option<&[Code]> {
        let serving = self.serving.as_ref()?;
        let site = self.roster.mentees().site(mentee);
        Some(site.map_or(&[], |site| &serving[site as usize]))
    }

    /// Whether the pair passes these rules, given as positions in [`reads`](Self::reads).
    #[inline]
    pub(crate) fn passes_all(&self, rules: &[usize], mentee: usize, mentor: usize) -> bool {
        rules
            .iter()
            .all(|&rule| self.passes(&self.rules[rule], mentee, mentor))
    }

    /// Which rules the pair fails, as positions in [`codes`](Self::codes).
    pub(crate) fn fails(&self, mentee: usize, mentor: usize) -> impl Iterator<Item = usize> {
        (0..self.rules.len()).filter(move |&rule| !self.passes(&self.rules[rule], mentee, mentor))
    }

    fn passes(&self, rule: &Rule, mentee: usize, mentor: usize) -> bool {
        let (mentees, mentors) = (self.roster.mentees(), self.roster.mentors());
        match &rule.test {
            Test::Mentee(ok) => ok[mentee],
            Test::Mentor(ok) => ok[mentor],
            Test::Both(mentee_ok, mentor_ok) => mentee_ok[mentee] && mentor_ok[mentor],
            Test::GradeGap { min, max } => match (mentees.grade(mentee), mentors.grade(mentor)) {
                (Some(young), Some(old)) => {
                    (*min..=*max).contains(&(old.number() - young.number()))
                }
                _ => false,
            },
            Test::Site => match (mentees.site(mentee), mentors.site(mentor)) {
                (Some(to), Some(from)) => to == from || self.feeders.contains(&(from, to)),
                _ => false,
            },
            Test::Slot(mentee_slots, mentor_slots) => {
                mentee_slots.meets(mentee, mentor_slots, mentor)
            }
            Test::Language(mentee_speaks, mentor_speaks) => {
                let speaks = |needed: Option<Code>, speakers: &Sets, ix: usize| {
                    needed.is_none_or(|code| speakers.has(ix, code))
                };
                speaks(mentees.requires_language(mentee), mentor_speaks, mentor)
                    && speaks(mentors.requires_language(mentor), mentee_speaks, mentee)
            }
            Test::Gender => {
                let required =
                    mentees.requires_same_gender(mentee) || mentors.requires_same_gender(mentor);
                let (a, b) = (mentees.gender(mentee), mentors.gender(mentor));
                !required || (a.is_some() && a == b)
            }
            Test::Blocked => !Roster::lists(
                self.roster.blocked(),
                crate::MenteeIx(mentee as u32),
                crate::MentorIx(mentor as u32),
            ),
            Test::Pair(rule) => rule.passes(mentee, mentor),
        }
    }
}

impl Rule<'_> {
    /// Whether the rule lets this person be paired at all.
    fn passes_alone(&self, role: Role, ix: usize) -> bool {
        match (&self.test, role) {
            (Test::Mentee(ok) | Test::Both(ok, _), Role::Mentee)
            | (Test::Mentor(ok) | Test::Both(_, ok), Role::Mentor) => ok[ix],
            _ => true,
        }
    }
}

/// The declared routes between sites that occur.
fn feeders(roster: &Roster, rules: &EligibilityRules) -> HashSet<(Code, Code)> {
    let code = |name: &str| roster.sites().code(name.trim());
    let routes = rules.feeders.iter();
    routes
        .filter_map(|route| Some((code(&route.from)?, code(&route.to)?)))
        .collect()
}

struct Compiler<'r> {
    roster: &'r Roster,
    rules: Vec<Rule<'r>>,
    states: Vec<RuleState>,
}

impl<'r> Compiler<'r> {
    fn all(&mut self, rules: &EligibilityRules) -> Result<(), Error> {
        self.on_mentors(
            rules.screening,
            "screening",
            Field::Screened,
            |mentors, ix| mentors.screened(ix),
        );
        self.on_mentors(rules.training, "training", Field::Trained, |mentors, ix| {
            mentors.trained(ix)
        });
        self.consent(rules.consent);
        let gap = match rules.grade_gap {
            GradeGap::Off => None,
            GradeGap::Between { min, max } => Some(Test::GradeGap {
                min,
                max: max.unwrap_or(i32::MAX),
            }),
        };
        self.on_both("grade_gap", Field::Grade, gap)?;
        self.on_both("site", Field::Site, rules.site.then_some(Test::Site))?;
        let sets = |field: fn(&People, usize) -> Option<&[Code]>, vocabulary: usize| {
            let side =
                |people: &'r People| Sets::new(people.len(), vocabulary, |ix| field(people, ix));
            (side(self.roster.mentees()), side(self.roster.mentors()))
        };
        let slots = sets(People::slots, self.roster.slots().len());
        let languages = sets(People::languages, self.roster.languages().len());
        self.on_both(
            "slot",
            Field::Slots,
            rules.slot.then_some(Test::Slot(slots.0, slots.1)),
        )?;
        let language = rules
            .language
            .then_some(Test::Language(languages.0, languages.1));
        self.on_demand(
            "language",
            Field::RequiresLanguage,
            Field::Languages,
            language,
        )?;
        let gender = rules.gender.then_some(Test::Gender);
        self.on_demand("gender", Field::RequiresSameGender, Field::Gender, gender)?;
        if self.roster.blocked().is_empty() {
            self.off("blocked", "no pair is blocked".to_owned());
        } else {
            self.on("blocked", Test::Blocked);
        }
        for (number, rule) in (1..).zip(&rules.rules) {
            let code = format!("custom:{}", rule.name);
            let column = &rule.column;
            custom::not_a_field(column, &format!("eligibility.rules[{number}].column"))?;
            match custom::test(self.roster, rule, number)? {
                Some(test) => self.on(&code, test),
                None => self.off(&code, format!("no table has a column `{column}`")),
            }
        }
        Ok(())
    }

    fn on(&mut self, code: &str, test: Test<'r>) {
        self.rules.push(Rule {
            code: code.to_owned(),
            test,
        });
        self.states.push(RuleState {
            code: code.to_owned(),
            on: true,
            why_off: None,
        });
    }

    fn off(&mut self, code: &str, why: String) {
        self.states.push(RuleState {
            code: code.to_owned(),
            on: false,
            why_off: Some(why),
        });
    }

    fn switched_off(&mut self, code: &str) {
        self.off(code, "the programme switches it off".to_owned());
    }

    fn on_mentors(
        &mut self,
        wanted: bool,
        code: &str,
        field: Field,
        done: impl Fn(&People, usize) -> Option<bool>,
    ) {
        let mentors = self.roster.mentors();
        if !wanted {
            self.switched_off(code);
        } else if !mentors.has(field) {
            self.off(
                code,
                format!("the {} have no column `{}`", mentors.table(), field.name()),
            );
        } else {
            let ok = (0..mentors.len()).map(|ix| done(mentors, ix) == Some(true));
            let ok: Vec<bool> = ok.collect();
            // Of two equals, each is the other's mentor.
            let test = match self.roster.students() {
                Some(_) => Test::Both(ok.clone(), ok),
                None => Test::Mentor(ok),
            };
            self.on(code, test);
        }
    }

    /// Consent binds the sides whose tables have the column.
    fn consent(&mut self, wanted: bool) {
        let given = |people: &People| -> Option<Vec<bool>> {
            people.has(Field::Consent).then(|| {
                (0..people.len())
                    .map(|ix| people.consent(ix) == Some(true))
                    .collect()
            })
        };
        let sides = (given(self.roster.mentees()), given(self.roster.mentors()));
        match (wanted, sides) {
            (false, _) => self.switched_off("consent"),
            (true, (None, None)) => {
                self.off("consent", "no table has a column `consent`".to_owned())
            }
            (true, (Some(mentees), None)) => self.on("consent", Test::Mentee(mentees)),
            (true, (None, Some(mentors))) => self.on("consent", Test::Mentor(mentors)),
            (true, (Some(mentees), Some(mentors))) => {
                self.on("consent", Test::Both(mentees, mentors));
            }
        }
    }

    /// A rule that compares one column of both tables.
    fn on_both(&mut self, code: &str, field: Field, test: Option<Test<'r>>) -> Result<(), Error> {
        let has = [Role::Mentee, Role::Mentor].map(|role| self.roster.side(role).has(field));
        match (test, has) {
            (None, _) => self.switched_off(code),
            (Some(_), [false, false]) => {
                self.off(code, format!("no table has a column `{}`", field.name()));
            }
            (Some(test), [true, true]) => self.on(code, test),
            (Some(_), [mentees, _]) => {
                let lacking = if mentees { Role::Mentor } else { Role::Mentee };
                return Err(one_sided(code, field, lacking));
            }
        }
        Ok(())
    }

    /// A rule that one side's `demand` puts on a column of the other.
    fn on_demand(
        &mut self,
        code: &str,
        demand: Field,
        column: Field,
        test: Option<Test<'r>>,
    ) -> Result<(), Error> {
        let (mentees, mentors) = (self.roster.mentees(), self.roster.mentors());
        let Some(test) = test else {
            self.switched_off(code);
            return Ok(());
        };
        if !mentees.has(demand) && !mentors.has(demand) {
            self.off(code, format!("no table has a column `{}`", demand.name()));
            return Ok(());
        }
        for (asking, asked) in [(mentees, mentors), (mentors, mentees)] {
            if asking.has(demand) && !asked.has(column) {
                return Err(one_sided(code, column, asked.role()));
            }
        }
        self.on(code, test);
        Ok(())
    }
}

fn one_sided(code: &str, field: Field, lacking: Role) -> Error {
    Error::program(
        format!("eligibility.{code}"),
        format!(
            "the rule compares the column `{}`, which the table {} does not have; add it, or switch \
             the rule off with `{code} = false`",
            field.name(),
            lacking.table()
        ),
    )
}

/// Whether a custom requirement binds one person or a pair.
fn is_of_pair(requirement: &Requirement) -> bool {
    matches!(
        requirement,
        Requirement::Same | Requirement::Different | Requirement::Within(_)
    )
}
