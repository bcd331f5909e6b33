//! What rules and criteria read of a person: people of whom they read the same are alike to them.

use crate::programme::{Kind, Overlap, Program};
use crate::roster::{Cell, Code, People};

/// What a rule reads of a person.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Trait<'r> {
    Nothing,
    Flag(Option<bool>),
    Code(Option<Code>),
    Grade(Option<i32>),
    Codes(Option<&'r [Code]>),
    Number(u64),
    Text(&'r str),
    /// Whether a list is given, and whether anything stands in it.
    Given(bool, bool),
}

/// All that the rule of this code reads of a person.
pub(super) fn read_by_rule<'r>(
    people: &'r People,
    ix: usize,
    code: &str,
    settings: &Program,
) -> [Trait<'r>; 2] {
    let one = match code {
        "screening" => Trait::Flag(people.screened(ix)),
        "training" => Trait::Flag(people.trained(ix)),
        "consent" => Trait::Flag(people.consent(ix)),
        "grade_gap" => Trait::Grade(people.grade(ix).map(|grade| grade.number())),
        "site" => Trait::Code(people.site(ix)),
        "slot" => Trait::Codes(people.slots(ix)),
        "language" => {
            let required = Trait::Code(people.requires_language(ix));
            return [Trait::Codes(people.languages(ix)), required];
        }
        "gender" => {
            let required = Trait::Flag(Some(people.requires_same_gender(ix)));
            return [Trait::Code(people.gender(ix)), required];
        }
        _ => {
            let mut own = settings.eligibility.rules.iter();
            let rule = own.find(|rule| code.strip_prefix("custom:") == Some(&*rule.name));
            rule.map_or(Trait::Nothing, |rule| {
                of_cell(cell(people, ix, &rule.column))
            })
        }
    };
    [one, Trait::Nothing]
}

/// All that tells whether a criterion lacks data of a person.
pub(super) fn read_by_criterion<'r>(people: &'r People, ix: usize, kind: &Kind) -> [Trait<'r>; 2] {
    let list = |codes: Option<&[Code]>| {
        Trait::Given(
            codes.is_some(),
            codes.is_some_and(|codes| !codes.is_empty()),
        )
    };
    let one = match kind {
        Kind::Interests(Overlap::Cosine) => Trait::Flag(Some(people.embedding(ix).is_some())),
        Kind::Interests(_) => list(people.interests(ix)),
        Kind::GradeGap { .. } => Trait::Flag(Some(people.grade(ix).is_some())),
        Kind::Goals => return [list(people.goals(ix)), list(people.strengths(ix))],
        Kind::Slots => list(people.slots(ix)),
        Kind::Languages => list(people.languages(ix)),
        Kind::Preferences(_) => list(people.preferences(ix)),
        Kind::Same(column) | Kind::Different(column) | Kind::Closeness { column, .. } => {
            Trait::Flag(Some(*cell(people, ix, column) != Cell::Missing))
        }
        Kind::Previous | Kind::PairScores => Trait::Nothing,
    };
    [one, Trait::Nothing]
}

fn cell<'r>(people: &'r People, ix: usize, column: &str) -> &'r Cell {
    let column = people.extra(column);
    column.map_or(&Cell::Missing, |column| column.cell(ix))
}

fn of_cell(cell: &Cell) -> Trait<'_> {
    match cell {
        Cell::Missing => Trait::Nothing,
        Cell::Number(number) => Trait::Number(number.to_bits()),
        Cell::Text(text) => Trait::Text(text),
    }
}
