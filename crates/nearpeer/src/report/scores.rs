//! How good the pairs are.

use nearpeer_core::{Micropoints, Role};

use super::Outcome;
use super::coverage::site_name;
use super::page::{Block, Cell, Chart, Section, Table, number, text};
use super::redact::FEW;
use super::who::Who;
use super::words::{count, mean, points, spaced};

/// How many pairs of the lowest scores are shown.
const LOWEST: usize = 10;

/// The bars of the distribution.
const BINS: usize = 10;

pub(super) fn section(outcome: &Outcome<'_>, who: &Who<'_>, redacted: bool) -> Section {
    let scores: Vec<i64> = outcome.pairs.iter().map(|pair| pair.score.0).collect();
    let mean = mean(outcome.total_score(), scores.len());
    let mut blocks = distribution_of(&scores, mean, redacted);
    let is_shown = blocks.len() > 1;
    if is_shown && !outcome.criteria.is_empty() {
        blocks.push(Block::Table(criteria(outcome)));
    }
    if is_shown && !redacted {
        blocks.push(Block::Table(lowest(outcome, who)));
    }
    Section::new("scores", "How good the pairs are", blocks)
}

/// The distribution of scores, as a sentence, a chart and a table; a sentence alone where there are too few.
pub(super) fn distribution_of(scores: &[i64], mean: Micropoints, redacted: bool) -> Vec<Block> {
    if scores.is_empty() || (redacted && (scores.len() as u64) < FEW) {
        let none = if redacted {
            "There are too few pairs to say how good they are without saying how good single ones are."
        } else {
            "There are no pairs."
        };
        return vec![Block::Text(none.to_owned())];
    }
    let bins = bins(scores, redacted);
    vec![
        Block::Text(format!(
            "A pair's score is between 0 and 1: 1 would be a perfect pair by everything that the programme looks at. \
             The mean of all pairs is {}.",
            points(mean)
        )),
        Block::Chart(chart(&bins, redacted)),
        Block::Table(distribution(&bins, scores.len(), redacted)),
    ]
}

/// The pairs that score from `from` to below `to`, in tenths of a point.
struct Bin {
    from: usize,
    to: usize,
    pairs: u64,
}

impl Bin {
    fn name(&self) -> String {
        let tenths = |number: usize| format!("{}.{}", number / 10, number % 10);
        format!("{}–{}", tenths(self.from), tenths(self.to))
    }
}

/// The distribution; if it is redacted, with neighbours taken together until no bin has few pairs.
fn bins(scores: &[i64], redacted: bool) -> Vec<Bin> {
    let mut counts = [0u64; BINS];
    for score in scores {
        let tenth = score * BINS as i64 / Micropoints::ONE.0;
        counts[tenth.clamp(0, BINS as i64 - 1) as usize] += 1;
    }
    let bins = counts.into_iter().enumerate().map(|(bin, pairs)| Bin {
        from: bin,
        to: bin + 1,
        pairs,
    });
    if !redacted {
        return bins.collect();
    }
    let mut joined: Vec<Bin> = Vec::new();
    for bin in bins {
        match joined.last_mut() {
            Some(last) if last.pairs < FEW => {
                last.to = bin.to;
                last.pairs += bin.pairs;
            }
            _ => joined.push(bin),
        }
    }
    if joined.len() > 1
        && let Some(rest) = joined.pop_if(|last| last.pairs < FEW)
        && let Some(last) = joined.last_mut()
    {
        last.to = rest.to;
        last.pairs += rest.pairs;
    }
    joined
}

/// A whole number of percent says nothing of single pairs, unlike their number.
fn percent(pairs: u64, of: usize) -> String {
    format!("{} %", (200 * pairs / of as u64).div_ceil(2))
}

fn chart(bins: &[Bin], redacted: bool) -> Chart {
    let most = bins.iter().map(|bin| bin.pairs).max().unwrap_or(0).max(1);
    let all: u64 = bins.iter().map(|bin| bin.pairs).sum();
    let mode = bins.iter().max_by_key(|bin| bin.pairs);
    let description = format!(
        "A bar for each range of scores; its length is the number of pairs. Most are in the range {}. The table below \
         has the numbers.",
        mode.map_or_else(String::new, Bin::name)
    );
    let mut chart = Chart::new("chart-scores", "Pairs by score", description);
    for bin in bins {
        let value = match redacted {
            true => percent(bin.pairs, all as usize),
            false => count(bin.pairs),
        };
        chart.push(bin.name(), value, [bin.pairs * 1000 / most, 0]);
    }
    chart
}

fn distribution(bins: &[Bin], pairs: usize, redacted: bool) -> Table {
    let rows = bins.iter().map(|bin| {
        let mut cells: Vec<Cell> = vec![bin.name().into()];
        if !redacted {
            cells.push(count(bin.pairs).into());
        }
        cells.push(percent(bin.pairs, pairs).into());
        cells
    });
    let mut columns = vec![text("Score")];
    if !redacted {
        columns.push(number("Pairs"));
    }
    columns.push(number("Share"));
    Table {
        id: "by-score".to_owned(),
        caption: "Pairs by score".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

fn criteria(outcome: &Outcome<'_>) -> Table {
    let weights: f64 = outcome.program.criteria.iter().map(|one| one.weight).sum();
    let rows = outcome.criteria.iter().enumerate().map(|(ix, name)| {
        let values = outcome.pairs.iter();
        let values = values.filter_map(|pair| pair.by_criterion.get(ix));
        let mean = mean(values.map(|score| score.0).sum(), outcome.pairs.len());
        let criteria = outcome.program.criteria.iter();
        let weight = criteria.clone().find(|one| one.name == *name);
        let weight = weight.map_or(0.0, |one| {
            100.0 * one.weight / weights.max(f64::MIN_POSITIVE)
        });
        vec![
            spaced(name).into(),
            format!("{weight:.0} %").into(),
            points(mean).into(),
        ]
    });
    Table {
        id: "by-criterion".to_owned(),
        caption: "What the scores are made of".to_owned(),
        columns: vec![text("Criterion"), number("Weight"), number("Mean, 0 to 1")],
        rows: rows.collect(),
    }
}

fn lowest(outcome: &Outcome<'_>, who: &Who<'_>) -> Table {
    let mut order: Vec<usize> = (0..outcome.pairs.len()).collect();
    order.sort_by_key(|ix| outcome.pairs[*ix].score);
    let rows = order.into_iter().take(LOWEST).map(|ix| {
        let pair = &outcome.pairs[ix];
        let weakest = (0..outcome.criteria.len()).min_by_key(|ix| pair.by_criterion.get(*ix));
        let weakest = weakest.map_or_else(String::new, |ix| {
            let score = pair.by_criterion.get(ix).copied().unwrap_or_default();
            format!("{} ({})", spaced(&outcome.criteria[ix]), points(score))
        });
        vec![
            who.name(Role::Mentee, pair.mentee).into(),
            who.name(Role::Mentor, pair.mentor).into(),
            site_name(outcome.site(pair)).into(),
            points(pair.score).into(),
            weakest.into(),
        ]
    });
    Table {
        id: "lowest".to_owned(),
        caption: "The pairs with the lowest scores".to_owned(),
        columns: vec![
            text(Who::heading(Role::Mentee)),
            text(Who::heading(Role::Mentor)),
            text("School"),
            number("Score"),
            text("Weakest in"),
        ],
        rows: rows.collect(),
    }
}
