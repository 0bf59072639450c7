/** `npm run recommend -- train | evaluate | status | measure`. */
import { availableParallelism, cpus } from 'node:os';
import { ConfigError } from '../../platform/config/load.ts';
import { createComputation } from '../../queue-workers/recommendations/computation.ts';
import { TRAINING, type TrainingSettings } from '../../queue-workers/recommendations/settings.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { type Measured, measureElsewhere, measureHere } from './measure.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { makePopulation } from './population.ts';
import { evaluationTable, gains, measuredTable } from './print.ts';
import { showStatus, trainOnce } from './real-model.ts';
import { MOVIELENS_100K, RETAILROCKET_TENTH, SHOP, type Shape } from './shapes.ts';
import { splitByDay, splitLast } from './split.ts';

const EXIT_BAD_USAGE = 64;
const EXIT_BAD_CONFIG = 78;
const MOST_THREADS = 8;
const SHOPPERS_ASKED = 3_000;
const LEARNED_SHARE = 0.8;
const SIZES = [10_000, 100_000];

const SPLITS: ReadonlyMap<Shape, { readonly name: string; readonly of: typeof splitByDay }> = new Map([
  [SHOP, { name: 'shop', of: splitByDay }],
  [MOVIELENS_100K, { name: 'MovieLens', of: splitLast }],
  [RETAILROCKET_TENTH, { name: 'RetailRocket', of: splitByDay }],
]);

async function evaluateAll({ seed, isQuick, asJson }: Options, settings: TrainingSettings): Promise<number> {
  const tell = asJson ? () => undefined : (line: string) => console.log(line);
  tell(
    `${machine()}; ${settings.threads} threads, ${settings.als.factors} factors, ${settings.iterations} iterations, seed ${seed}`,
  );
  tell('Made-up populations: they say whether one way is better than another, not what a real shop will see.\n');
  const evaluations = new Map<string, Evaluation>();
  for (const [shape, split] of SPLITS) {
    if (isQuick && shape !== SHOP) continue;
    const population = makePopulation(shape, seed);
    const { count } = population.interactions.columns();
    tell(
      `${split.name}: ${shape.name}, ${shape.users.toLocaleString('en')} x ${shape.products.toLocaleString('en')}, ${count.toLocaleString('en')} interactions`,
    );
    const computation = createComputation(settings.threads);
    const given = { population, computation, settings, most: SHOPPERS_ASKED };
    evaluations.set(split.name, await evaluate({ ...given, split: split.of(population, LEARNED_SHARE) }));
    await computation.close();
  }
  tell(`\n${evaluationTable(evaluations)}\n\n${gains(evaluations)}\n`);
  const measured: Measured[] = [];
  for (const users of isQuick ? [] : SIZES) measured.push(await measureElsewhere(users, settings.threads));
  if (measured.length > 0) tell(measuredTable(measured));
  if (asJson)
    console.log(JSON.stringify({ machine: machine(), seed, evaluations: Object.fromEntries(evaluations), measured }));
  return 0;
}

async function measure({ users, asJson }: Options, settings: TrainingSettings): Promise<number> {
  const measured = await measureHere(users, settings);
  console.log(
    asJson ? JSON.stringify(measured) : `${machine()}; ${settings.threads} threads\n${measuredTable([measured])}`,
  );
  return 0;
}

function machine(): string {
  return `${cpus().length} CPUs (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}`;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), (problem) => console.error(`${problem}\n\n${HELP}`));
  if (options === undefined) return EXIT_BAD_USAGE;
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  const threads = options.threads ?? Math.min(MOST_THREADS, availableParallelism());
  const settings = { ...TRAINING, threads };
  switch (options.command) {
    case 'train':
      return await trainOnce(threads);
    case 'status':
      return await showStatus(options.asJson);
    case 'evaluate':
      return await evaluateAll(options, settings);
    case 'measure':
      return await measure(options, settings);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(`${error.message}\nSet DATABASE_URL, or start the local servers with \`npm start\` first.`);
  process.exitCode = EXIT_BAD_CONFIG;
}
