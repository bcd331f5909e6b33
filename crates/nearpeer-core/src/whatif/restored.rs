//! A match from what was written down of it.

use crate::certificate::{Certificate, Status};
use crate::error::{Error, ErrorKind};
use crate::interrupt::Interrupt;
use crate::matching::{Match, Meeting, Options};
use crate::optimum::Compiled;
use crate::pool::in_pool;
use crate::program::Chosen;
use crate::programme::Program;
use crate::roster::Roster;
use crate::verify::{ClaimedPair, VerifyOptions, verify_with};

use super::question::Question;

impl Match {
    /// The match of these pairs, which the certificate proves: what is not written down of a match is worked out again.
    /// Of `options` the threads and the stop flag count.
    ///
    /// # Errors
    /// [`ErrorKind::Verification`] where the certificate does not prove the pairs; else as
    /// [`verify`](crate::verify()).
    pub fn restore(
        roster: &Roster,
        program: &Program,
        pairs: &[ClaimedPair],
        certificate: Certificate,
        options: &Options,
    ) -> Result<Self, Error> {
        let how = VerifyOptions {
            threads: options.threads,
            stop: options.stop.clone(),
            ..VerifyOptions::default()
        };
        let verified = verify_with(roster, program, pairs, &certificate, &how)?;
        if verified.status == Status::Infeasible {
            let message = "the certificate proves that there is no match";
            return Err(Error::new(ErrorKind::Verification, message));
        }
        let interrupt = Interrupt::new(options).without_limits();
        in_pool(options.threads, || {
            let question = Question::new(roster, program)?;
            let integer = question.program()?;
            let mut found: Vec<(Chosen, Option<Meeting>)> = pairs
                .iter()
                .filter_map(|pair| {
                    let mentee = roster.mentees().find(&pair.mentee)? as u32;
                    let mentor = roster.mentors().find(&pair.mentor)? as u32;
                    let chosen = Chosen {
                        mentee,
                        mentor,
                        score: pair.score.0,
                    };
                    let meeting = pair.meeting.as_ref().map(|meeting| Meeting {
                        site: meeting.site.clone(),
                        slot: meeting.slot.clone(),
                        leader: meeting.leader.clone(),
                    });
                    Some((chosen, meeting))
                })
                .collect();
            found.sort_by_key(|(chosen, _)| *chosen);
            let (chosen, meetings): (Vec<Chosen>, Vec<Option<Meeting>>) = found.into_iter().unzip();
            let compiled = Compiled {
                settings: program,
                roster,
                pairs: &question.pairs,
                program: &integer,
            };
            let meetings = meetings.into_iter().collect::<Option<Vec<_>>>();
            let meetings = meetings.filter(|_| program.meetings.is_assigned(roster));
            compiled.described(&chosen, meetings, certificate, &interrupt)
        })
    }
}
