import { SCENARIOS } from '../scenarios.ts';

export const USAGE = `npm run bench -- SCENARIO [--seconds S] [--runs N] [--quick] [--json FILE] [--html FILE] [--compare FILE]
npm run bench -- compare BEFORE.json AFTER.json [--json FILE] [--html FILE] [--fail-on-worse]
npm run bench -- goals [--from FOLDER] [--markdown]
npm run bench -- page REPORT.json [--html FILE] [--compare FILE]

Scenarios
${SCENARIOS.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join('\n')}

  --seconds S      how long each run is measured, 5 unless given (sale: its storm, 60, with --quick 15)
  --runs N         how often what is measured in rounds is measured, 3 unless given (1 with --quick)
  --quick          without the curves
  --json FILE      where the report goes; .dropgate/bench/SCENARIO.json unless given
  --html FILE      where its page goes, one file that needs no other; .dropgate/bench/SCENARIO.html unless given
  --compare FILE   says what got better or worse than in that report, by the noise of the rounds of both
  --fail-on-worse  exit code 3 when a figure of ours got worse, or none could be judged
  --sockets N      how many shoppers wait in line, 100,000 unless given (10,000 with --quick)
  --doctored       breaks the books of what is sold on purpose: the audit has to fail
  --slowed MS      a busy loop so long in the claim path of core and edge: --compare has to notice
  --help           this

Without a run
  compare          what got better or worse from one report to another of the same scenario
  goals            every goal with what the committed baselines (or the reports of a folder) have measured
  page             the page of a report that is there

Starts servers of its own and removes them. Exit code 1 when the audit fails (a unit oversold, lost or doubled),
2 when the words are wrong, 3 as --fail-on-worse says.
`;
