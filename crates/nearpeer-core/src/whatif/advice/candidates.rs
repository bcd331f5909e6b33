//! Changes that may add matches, those first of which prices promise the most.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::certificate::ProofNode;
use crate::matching::Match;
use crate::programme::{Feeder, GradeGap};
use crate::roster::{Code, Field, Grade, Role, Roster};
use crate::words::counted;

use super::super::question::{Question, had_by};
use super::change::{Change, Flag, MentorKind, lacking};

/// A change that may add matches.
pub(super) struct Candidate {
    pub(super) change: Change,
    /// The beginning of a sentence that ends with what it adds.
    pub(super) what: String,
    pub(super) units: usize,
    pub(super) people: Vec<String>,
}

/// Changes of one kind, the most promising first.
pub(super) struct Family {
    pub(super) candidates: Vec<Candidate>,
}

/// How many candidates of a kind are tried for each piece of advice that is asked for.
const TRIED: usize = 2;

pub(super) fn families(question: &Question, found: &Match, n: usize) -> Vec<Family> {
    let search = Search::new(question, found);
    let most = n.saturating_mul(TRIED);
    let families = [
        search.flags(),
        search.rules(),
        search.loads(),
        search.mentors(),
        search.feeders(),
        search.quotas(),
        search.rooms(),
        search.leaders(),
    ];
    let families = families.into_iter().map(|mut candidates| {
        candidates.truncate(most);
        Family { candidates }
    });
    families.collect()
}

/// What is known of a match.
struct Search<'a> {
    question: &'a Question<'a>,
    roster: &'a Roster,
    /// A mentor's shadow price; 0 for everybody where the proof has none.
    prices: Vec<i128>,
    has_prices: bool,
    /// Mentees without a mentor, by site.
    unmatched: BTreeMap<Option<Code>, usize>,
    /// Places that mentors have left, by site.
    spare: BTreeMap<Option<Code>, usize>,
}

fn plain(change: Change, what: String) -> Candidate {
    Candidate {
        change,
        what,
        units: 1,
        people: Vec::new(),
    }
}

impl<'a> Search<'a> {
    fn new(question: &'a Question<'a>, found: &Match) -> Self {
        let roster = question.roster;
        let mentors = roster.mentors().len();
        let leaves = found.certificate.nodes.iter();
        let mut leaves = leaves.filter_map(|node| match node {
            ProofNode::Leaf(prices) => Some(prices),
            _ => None,
        });
        let prices = leaves.next().map(|prices| prices.mentors.clone());
        let prices = prices.filter(|prices| prices.len() == mentors);
        let [has_mentor, has_mentee] = [Role::Mentee, Role::Mentor].map(|role| had_by(found, role));
        let mut unmatched = BTreeMap::new();
        for ix in 0..roster.mentees().len() {
            if !has_mentor.contains_key(roster.mentees().id(ix)) {
                *unmatched.entry(roster.mentees().site(ix)).or_default() += 1;
            }
        }
        let mut spare = BTreeMap::new();
        for ix in 0..mentors {
            let had = has_mentee.get(roster.mentors().id(ix)).map_or(0, Vec::len);
            let most = question.load_max(Role::Mentor, ix) as usize;
            if most > had && question.pairs.eligibility.is_able(Role::Mentor, ix) {
                *spare.entry(roster.mentors().site(ix)).or_default() += most - had;
            }
        }
        Self {
            question,
            roster,
            has_prices: prices.is_some(),
            prices: prices.unwrap_or_else(|| vec![0; mentors]),
            unmatched,
            spare,
        }
    }

    fn is_on(&self, code: &str) -> bool {
        self.question.pairs.eligibility.codes().any(|on| on == code)
    }

    /// What people could finish.
    fn flags(&self) -> Vec<Candidate> {
        let flags = [
            (Flag::Training, "training", "training"),
            (Flag::Screening, "screening", "screening"),
            (Flag::Consent, "consent", "consent"),
        ];
        let flags = flags.into_iter().filter(|(_, code, _)| self.is_on(code));
        let finish = |(flag, _, name): (Flag, &str, &str)| {
            let [mentees, mentors] = lacking(self.roster, flag);
            let ids = |role: Role, people: &[usize]| -> Vec<String> {
                let side = self.roster.side(role);
                people.iter().map(|ix| side.id(*ix).to_owned()).collect()
            };
            let people = [ids(Role::Mentee, &mentees), ids(Role::Mentor, &mentors)].concat();
            let counts = [(mentees.len(), "mentee"), (mentors.len(), "mentor")].into_iter();
            let counts: Vec<String> = counts
                .filter(|(count, _)| *count > 0)
                .map(|(count, who)| counted(count, who))
                .collect();
            let verb = match flag {
                Flag::Consent => "getting",
                _ => "finishing",
            };
            (!people.is_empty()).then(|| Candidate {
                change: Change::Finish(flag),
                what: format!("{verb} the {name} of {}", counts.join(" and ")),
                units: people.len(),
                people,
            })
        };
        flags.filter_map(finish).collect()
    }

    /// Rules relaxed by a step. Families' wishes and blocked pairs are not the programme's to relax.
    fn rules(&self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let rules = &self.question.settings.eligibility;
        if let GradeGap::Between { min, max } = rules.grade_gap
            && self.is_on("grade_gap")
        {
            let gap = Change::GradeGap(GradeGap::Between { min: min - 1, max });
            let what = format!("a grade gap of at least {} instead of {min}", min - 1);
            candidates.push(plain(gap, what));
            if let Some(most) = max {
                let max = Some(most + 1);
                let gap = Change::GradeGap(GradeGap::Between { min, max });
                let what = format!("a grade gap of at most {} instead of {most}", most + 1);
                candidates.push(plain(gap, what));
            }
        }
        for (code, what) in [
            (
                "site",
                "letting mentors serve any site (eligibility.site = false)",
            ),
            (
                "slot",
                "pairs without a slot in common (eligibility.slot = false)",
            ),
        ] {
            // A pair that gets a slot needs one in common.
            let is_needed =
                code == "slot" && self.question.settings.meetings.is_assigned(self.roster);
            if self.is_on(code) && !is_needed {
                let change = Change::WithoutRule(code.to_owned());
                candidates.push(plain(change, what.to_owned()));
            }
        }
        for rule in &rules.rules {
            let code = format!("custom:{}", rule.name);
            if self.is_on(&code) {
                let what = format!("leaving out the rule {:?}", rule.name);
                candidates.push(plain(Change::WithoutRule(code), what));
            }
        }
        candidates
    }

    /// Mentors who pass every rule on themselves, by kind, the greatest shadow price first; those of no price are left
    /// out, if there are prices.
    fn kinds(&self) -> Vec<Vec<usize>> {
        let mut kinds: BTreeMap<(Option<Code>, Option<Grade>), Vec<usize>> = BTreeMap::new();
        let mentors = self.roster.mentors();
        for ix in self.question.pairs.eligibility.able(Role::Mentor) {
            let ix = ix as usize;
            let kind = (mentors.site(ix), mentors.grade(ix));
            kinds.entry(kind).or_default().push(ix);
        }
        let mut kinds: Vec<Vec<usize>> = kinds.into_values().collect();
        for kind in &mut kinds {
            kind.sort_by_key(|ix| (Reverse(self.prices[*ix]), *ix));
        }
        let most = |kind: &Vec<usize>| self.prices[kind[0]];
        kinds.retain(|kind| !self.has_prices || most(kind) > 0);
        kinds.sort_by_key(|kind| Reverse((most(kind), self.waiting(kind[0]))));
        kinds
    }

    /// How many mentees at the mentor's own site have no mentor.
    fn waiting(&self, mentor: usize) -> usize {
        let site = self.roster.mentors().site(mentor);
        self.unmatched.get(&site).copied().unwrap_or(0)
    }

    /// One mentee more for the mentors of a kind, or for all.
    fn loads(&self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let own = |ix: &usize| self.roster.mentors().load_max(*ix).is_none();
        let usual = (0..self.roster.mentors().len()).filter(own).count();
        if usual > 0 {
            let max = self.question.settings.loads.mentor.max;
            let what = format!(
                "at most {} instead of {max} for every mentor without a load_max",
                counted(max as usize + 1, "mentee")
            );
            candidates.push(Candidate {
                units: usual,
                ..plain(Change::MentorLoads, what)
            });
        }
        for kind in self.kinds() {
            let of = MentorKind::of(self.roster, kind[0]);
            let alike = (0..self.roster.mentors().len()).filter(|ix| of.has(self.roster, *ix));
            let alike: Vec<usize> = alike.collect();
            let who = match alike.len() {
                1 => "the mentor".to_owned(),
                count => format!("each of the {}", counted(count, "mentor")),
            };
            let what = format!("one more mentee for {who}{}", of.words());
            let ids = alike
                .iter()
                .map(|ix| self.roster.mentors().id(*ix).to_owned());
            candidates.push(Candidate {
                what,
                units: alike.len(),
                people: ids.collect(),
                change: Change::Load(of),
            });
        }
        candidates
    }

    /// One mentor more of a kind, in one of the slots of those who are there.
    fn mentors(&self) -> Vec<Candidate> {
        let mentors = self.roster.mentors();
        let trained = if self.is_on("training") {
            "trained "
        } else {
            ""
        };
        let mut candidates = Vec::new();
        for kind in self.kinds() {
            let like = kind[0];
            let of = MentorKind::of(self.roster, like).words();
            let slots = mentors.slots(like).filter(|_| mentors.has(Field::Slots));
            let slots: Vec<Option<&str>> = match slots {
                None | Some([]) => vec![None],
                Some(slots) => {
                    let words = slots
                        .iter()
                        .map(|slot| Some(self.roster.slots().word(*slot)));
                    words.collect()
                }
            };
            for slot in slots {
                let on = slot.map_or_else(String::new, |slot| format!(" on {slot}"));
                let what = format!(
                    "one more {trained}mentor{of}{on}, like {},",
                    mentors.id(like)
                );
                let change = Change::Mentor {
                    like: mentors.id(like).to_owned(),
                    id: self.new_id(mentors.id(like)),
                    slot: slot.map(str::to_owned),
                };
                candidates.push(plain(change, what));
            }
        }
        candidates
    }

    /// An id that nobody has.
    fn new_id(&self, like: &str) -> String {
        let ids = (1..).map(|number| format!("{like} (new {number})"));
        let known = |id: &String| {
            [Role::Mentee, Role::Mentor]
                .iter()
                .any(|role| self.roster.side(*role).find(id).is_some())
                || self.roster.leaders().iter().any(|leader| leader.id == *id)
        };
        ids.into_iter()
            .find(|id| !known(id))
            .expect("people are fewer than numbers")
    }

    /// Routes from sites with places left to those where mentees wait.
    fn feeders(&self) -> Vec<Candidate> {
        if !self.is_on("site") {
            return Vec::new();
        }
        let mut routes: Vec<(usize, Code, Code)> = Vec::new();
        let declared = &self.question.settings.eligibility.feeders;
        let name = |site: Code| self.roster.sites().word(site);
        for (to, waiting) in &self.unmatched {
            for (from, spare) in &self.spare {
                let (Some(from), Some(to)) = (*from, *to) else {
                    continue;
                };
                let is_declared = declared
                    .iter()
                    .any(|feeder| feeder.from.trim() == name(from) && feeder.to.trim() == name(to));
                if from != to && !is_declared {
                    routes.push((*waiting.min(spare), from, to));
                }
            }
        }
        routes.sort_by_key(|(most, from, to)| (Reverse(*most), *from, *to));
        let routes = routes.into_iter().map(|(_, from, to)| {
            let (from, to) = (name(from).to_owned(), name(to).to_owned());
            let what = format!("a feeder from {from} to {to}");
            plain(Change::Feeder(Feeder { from, to }), what)
        });
        routes.collect()
    }

    fn quotas(&self) -> Vec<Candidate> {
        let quotas = self.question.settings.quotas.iter();
        let limits = quotas.filter_map(|quota| Some((&quota.name, quota.at_most?)));
        let quotas = limits.map(|(name, most)| {
            let what = format!(
                "a limit of {} instead of {most} for the quota {name:?}",
                u64::from(most) + 1
            );
            plain(Change::Quota(name.clone()), what)
        });
        quotas.collect()
    }

    /// Room for one pair more where mentees wait.
    fn rooms(&self) -> Vec<Candidate> {
        if !self.question.settings.meetings.is_assigned(self.roster) {
            return Vec::new();
        }
        let mut rooms: Vec<(usize, usize)> = Vec::new();
        for (ix, room) in self.roster.rooms().iter().enumerate() {
            rooms.push((self.waiting_at(room.site), ix));
        }
        rooms.sort_by_key(|(waiting, ix)| (Reverse(*waiting), *ix));
        let rooms = rooms.into_iter().map(|(_, ix)| {
            let room = self.roster.rooms()[ix];
            let site = self.roster.meeting_site_name(room.site).to_owned();
            let slot = self.roster.slots().word(room.slot).to_owned();
            let at = if site.is_empty() {
                String::new()
            } else {
                format!(" at {site}")
            };
            let what = format!("room for one more pair{at} on {slot}");
            plain(Change::Room { site, slot }, what)
        });
        rooms.collect()
    }

    /// How many mentees wait at a site of meetings.
    fn waiting_at(&self, site: Code) -> usize {
        if !self.roster.has_sites() {
            return self.unmatched.values().sum();
        }
        self.unmatched.get(&Some(site)).copied().unwrap_or(0)
    }

    /// One leader more, like one that there is.
    fn leaders(&self) -> Vec<Candidate> {
        if !self.question.settings.meetings.is_assigned(self.roster) {
            return Vec::new();
        }
        let leaders = self
            .roster
            .leaders()
            .iter()
            .filter(|leader| leader.can_lead());
        let mut leaders: Vec<_> = leaders
            .map(|leader| {
                let waiting = leader.sites.iter().map(|site| self.waiting_at(*site));
                (waiting.max().unwrap_or(0), leader)
            })
            .collect();
        leaders.sort_by_key(|(waiting, _)| Reverse(*waiting));
        let leaders = leaders.into_iter().map(|(_, leader)| {
            let change = Change::Leader {
                like: leader.id.clone(),
                id: self.new_id(&leader.id),
            };
            plain(change, format!("one more leader like {}", leader.id))
        });
        leaders.collect()
    }
}
