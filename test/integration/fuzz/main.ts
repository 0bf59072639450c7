/** The long version, against an edge that is running: `npm start`, then `node test/integration/fuzz/main.ts`. */
import { parseArgs } from 'node:util';
import { type AttackReport, attack } from './attack.ts';
import { figuresOf } from './figures.ts';

const HELP = `node test/integration/fuzz/main.ts [options]

Throws hostile frames at a running edge and fails when one is not answered, refused or closed as it has to be.
  --frames N   1000000 unless given
  --seed N     the same seed throws the same frames; 1 unless given
  --sockets N  sockets at once; 64 unless given
  --edge URL   ws://127.0.0.1:8080 unless given
  --ops URL    its metrics; http://127.0.0.1:9464 unless given
  --drop ID    a drop whose line is open
  --tokens T   access tokens, comma-separated
  --store URL  where drop and tokens come from unless given; http://127.0.0.1:3000`;

const GUESTS = 50;
const MIB = 1_024 * 1_024;
/** The first fifth warms up. */
const WARM_SHARE = 0.2;
const MOST_GROWTH_MIB = 64;

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      frames: text,
      seed: text,
      sockets: text,
      edge: text,
      ops: text,
      drop: text,
      tokens: text,
      store: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    say(HELP);
    return 0;
  }
  const frames = Number(values.frames ?? 1_000_000);
  const edge = new URL(values.edge ?? 'ws://127.0.0.1:8080');
  const ops = values.ops ?? 'http://127.0.0.1:9464';
  const store = `${values.store ?? 'http://127.0.0.1:3000'}/api/v1`;
  const dropId = values.drop ?? (await firstDrop(store));
  const tokens = values.tokens?.split(',') ?? (await Promise.all(Array.from({ length: GUESTS }, () => guest(store))));

  const before = await figuresOf(ops);
  let warmBytes = before.residentBytes;
  const report = await attack({
    target: { host: edge.hostname, port: Number(edge.port), dropId },
    tokens,
    frames,
    seed: Number(values.seed ?? 1),
    socketsAtOnce: Number(values.sockets ?? 64),
    async onProgress(thrown) {
      const { residentBytes } = await figuresOf(ops);
      if (thrown <= frames * WARM_SHARE) warmBytes = residentBytes;
      say(`${String(thrown).padStart(9)} frames thrown, edge has ${Math.round(residentBytes / MIB)} MiB`);
    },
  });
  const after = await figuresOf(ops);
  const grownMiB = Math.round((after.residentBytes - warmBytes) / MIB);
  tell(report, { seen: after.frames - before.frames, refused: after.refusals - before.refusals, grownMiB });
  const isCounted = after.frames - before.frames >= report.countable[0];
  return report.wrong === 0 && isCounted && grownMiB < MOST_GROWTH_MIB ? 0 : 1;
}

function tell(report: AttackReport, edge: { seen: number; refused: number; grownMiB: number }): void {
  for (const [kind, count] of Object.entries(report.byKind).sort()) say(`  ${kind.padEnd(32)} ${count}`);
  for (const [code, count] of Object.entries(report.ends).sort()) say(`  ended with ${code.padEnd(21)} ${count}`);
  for (const example of report.examples) say(`  WRONG ${example}`);
  say(`${report.frames} frames on ${report.sockets} sockets: ${report.wrong} wrong`);
  say(
    `the edge counted ${edge.seen} of ${report.countable.join(' to ')} whole frames, ${edge.refused} refusals, and grew by ${edge.grownMiB} MiB`,
  );
}

async function firstDrop(store: string): Promise<string> {
  const found = /"id":"(?<id>[0-9a-f-]{36})"/.exec(await (await fetch(`${store}/drops`)).text())?.groups?.['id'];
  if (found === undefined) throw new Error(`${store}/drops has no drop: name one with --drop`);
  return found;
}

async function guest(store: string): Promise<string> {
  const text = await (await fetch(`${store}/auth/guest`, { method: 'POST' })).text();
  const token = /"accessToken":"(?<token>[^"]+)"/.exec(text)?.groups?.['token'];
  if (token === undefined) throw new Error(`${store} gives no guest a token: give some with --tokens`);
  return token;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main();
