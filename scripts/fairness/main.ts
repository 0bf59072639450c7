import { parseArgs } from 'node:util';
import { ENTRANT_ID_PATTERN } from '../../contracts/draw/entrant.ts';
import { isUuidV7 } from '../../contracts/ids.ts';
import { checkEntrant, checkSample } from './proofs.ts';
import { readList, readReport } from './public-data.ts';
import { type Finding, recompute } from './recompute.ts';

const HELP = `npm run fairness -- --drop ID [option]

Recomputes the draw of a lottery drop from what everybody can read: the commit, the seed that was revealed, and the list of
entrants. Prints what was checked; exit 1 with what differs. docs/FAIRNESS.md tells what is computed.

  --drop ID       the drop
  --url URL       the store, http://127.0.0.1:3000 unless given
  --entrant HEX   also show the place of this entrant, and check the proof that the store gives them
  --sample N      also check the store's proofs of N entrants, by chance; 20 unless given
  --file FILE     the list of entrants from a file (what the store answers under …/fairness/entrants)
  --commit HEX    the commit as you wrote it down before the draw
  --root HEX      the root as you wrote it down when it was told
  --help          this text

A million entrants take about 20 s and 400 MB.`;

const EXIT_BAD_USAGE = 64;
const HASH = /^[0-9a-f]{64}$/;
const MOST_PROOFS = 100_000;

interface Options {
  readonly dropId: string;
  readonly url: string;
  readonly entrant: string | undefined;
  readonly sample: number;
  readonly file: string | undefined;
  readonly noted: { readonly commit: string | undefined; readonly root: string | undefined };
}

function readOptions(): Options | 'help' | undefined {
  try {
    const { values } = parseArgs({
      options: {
        drop: { type: 'string' },
        url: { type: 'string', default: 'http://127.0.0.1:3000' },
        entrant: { type: 'string' },
        sample: { type: 'string', default: '20' },
        file: { type: 'string' },
        commit: { type: 'string' },
        root: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const { drop: dropId, entrant, commit, root, file } = values;
    const sample = Number(values.sample);
    const mustBe = (holds: boolean, text: string): void => {
      if (!holds) throw new Error(text);
    };
    if (dropId === undefined || !isUuidV7(dropId)) throw new Error('--drop needs the id of a drop.');
    mustBe(URL.canParse(values.url), '--url needs an address such as http://127.0.0.1:3000.');
    mustBe(entrant === undefined || new RegExp(ENTRANT_ID_PATTERN).test(entrant), '--entrant needs 32 hex characters.');
    mustBe(Number.isInteger(sample) && sample >= 0 && sample <= MOST_PROOFS, `--sample needs 0 to ${MOST_PROOFS}.`);
    mustBe(commit === undefined || HASH.test(commit), '--commit needs 64 hex characters.');
    mustBe(root === undefined || HASH.test(root), '--root needs 64 hex characters.');
    return { dropId, url: values.url.replace(/\/+$/, ''), entrant, sample, file, noted: { commit, root } };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return undefined;
  }
}

async function check(options: Options): Promise<boolean> {
  const { dropId, url, entrant, sample, file, noted } = options;
  const report = await readReport(url, dropId);
  if (report.state !== 'drawn') {
    console.log(`The draw is not done yet (${report.state}). Write down what is told so far:`);
    console.log(`  commit  ${report.commit}\n  root    ${report.root ?? 'told when the lobby is over'}`);
    return false;
  }
  const published = await readList({ url, dropId, ...(file === undefined ? {} : { file }) }, report.entrants ?? 0);
  const recomputed = recompute(report, published, noted);
  const findings = [...recomputed.findings];
  const proofs = { url, report, published, recomputed };
  if (sample > 0) findings.push(await checkSample(proofs, sample));
  if (entrant !== undefined) findings.push(await checkEntrant(proofs, entrant));
  show(findings);
  return findings.every(({ ok }) => ok);
}

function show(findings: readonly Finding[]): void {
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const { what, ok, shown } of findings) {
    console.log(`${ok ? 'ok     ' : 'DIFFERS'}  ${what.padEnd(width)}  ${shown}`);
  }
  const wrong = findings.filter(({ ok }) => !ok).length;
  console.log(wrong === 0 ? 'The draw is what it says.' : `${wrong} of ${findings.length} checks differ.`);
}

const options = readOptions();
if (options === 'help') console.log(HELP);
else if (options === undefined) process.exitCode = EXIT_BAD_USAGE;
else {
  try {
    process.exitCode = (await check(options)) ? 0 : 1;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    console.error(`${error instanceof Error ? error.message : String(error)}${cause}`);
    process.exitCode = 1;
  }
}
