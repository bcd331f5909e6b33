//! What `nearpeer match --students` says of its answer.

use std::path::PathBuf;

use nearpeer::words::counted;
use nearpeer::{CoMatch, Status};
use serde_json::json;

use super::{print, summary};

/// Prints the summary, for people or as JSON; scores in JSON are in micropoints unless they say else.
pub(super) fn report(as_json: bool, found: &CoMatch, files: &[PathBuf]) {
    let certificate = &found.certificate;
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let (covered, triads) = (found.covered(), found.triads());
    let mean = (!found.groups.is_empty())
        .then(|| found.total_score().0 as f64 / 1e6 / (covered as f64 / 2.0));
    if as_json {
        print::json(&json!({
            "status": certificate.status.as_str(),
            "match_found": true,
            "students": found.students,
            "covered": covered,
            "groups": found.groups.len(),
            "triads": triads,
            "unmatched": found.unmatched.len(),
            "total_score": found.total_score(),
            "mean_score_points": mean,
            "level": certificate.level.to_string(),
            "objective": certificate.objective,
            "bound": certificate.bound,
            "gap": certificate.gap,
            "rules": found.rules,
            "notes": found.notes,
            "criteria": found.criteria,
            "files": files,
        }));
        return;
    }
    let share = 100.0 * covered as f64 / found.students.max(1) as f64;
    print::line(&format!(
        "coverage: {covered} of {} ({share:.1} %)",
        counted(found.students, "student")
    ));
    print::line(&format!(
        "pairs: {}; triads: {triads}",
        found.groups.len() - triads
    ));
    if let Some(mean) = mean {
        print::line(&format!("mean score: {mean:.6}"));
    }
    print::line(&match certificate.status {
        Status::Optimal => "gap: 0, proven optimal".to_owned(),
        status => format!(
            "gap: {} in {} ({}): the match has {}, and no match more than {}",
            summary::amount(certificate.level, certificate.gap),
            certificate.level,
            status.as_str(),
            summary::amount(certificate.level, certificate.objective),
            summary::amount(certificate.level, certificate.bound)
        ),
    });
    for line in summary::rules_off(&found.rules)
        .into_iter()
        .chain(summary::notes(&found.notes))
    {
        print::line(&line);
    }
    print::line(&format!("files: {}", files.join(", ")));
}
