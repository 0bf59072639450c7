import { generateOrders } from '../../commerce/fraud/generated.ts';
import { readModel } from '../../commerce/fraud/model.ts';
import type { Sample } from '../../commerce/fraud/train.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findActiveModel, insertModel, listModels } from '../../db/queries/fraud/models.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import { readHistory } from './history.ts';
import { printMeasured, printModel, type Say } from './print.ts';
import { heldOutOf, isBetter, isUseful, measure, train } from './training.ts';

export interface Options {
  readonly database: Database;
  readonly nowMs: number;
  /** Orders that are made up beside those of the shop. */
  readonly generated: number;
  readonly seed: number;
  readonly force: boolean;
  readonly say: Say;
  /** Why nothing was done. */
  readonly fail: Say;
}

const LISTED = 10;

async function samplesOf({ database, nowMs, generated, seed, say }: Options): Promise<Sample[]> {
  const history = await readHistory(database, nowMs);
  const made = generated === 0 ? [] : generateOrders({ orders: generated, seed, untilMs: nowMs });
  const all = [...history, ...made];
  const frauds = (samples: readonly Sample[]) => samples.filter(({ isFraud }) => isFraud).length;
  say(`of the shop: ${history.length} orders of which it is known what they were, ${frauds(history)} of them fraud`);
  if (generated > 0) say(`MADE UP: ${made.length} orders, ${frauds(made)} of them fraud (seed ${seed})`);
  return all;
}

function enough(samples: readonly Sample[], fail: Say): boolean {
  const frauds = samples.filter(({ isFraud }) => isFraud).length;
  if (frauds >= LIMITS.fraudTrainingFrauds) return true;
  fail(
    `${frauds} frauds are too few to learn from, ${LIMITS.fraudTrainingFrauds} are needed: the rules judge alone. For development: --generated`,
  );
  return false;
}

export async function runTrain(options: Options): Promise<number> {
  const { database, generated, seed, force, say } = options;
  const samples = await samplesOf(options);
  if (!enough(samples, options.fail)) return 1;
  const { model, trained, heldOut, rulesAuc } = train(samples);
  say(`trained on the earlier ${trained.orders} orders, ${trained.frauds} of them fraud`);
  printMeasured(options.say, 'measured on the later ones', heldOut);
  say(`the points of the rules alone rank them with AUC ${rulesAuc.toFixed(4)}`);
  printModel(say, model);
  const active = readModel(await findActiveModel(database));
  const before = active === undefined ? undefined : measure(active.model, heldOutOf(samples));
  if (before !== undefined) {
    say(
      `version ${active?.version}, active now, on the same orders: AUC ${before.auc.toFixed(4)}, log loss ${before.logLoss.toFixed(4)}`,
    );
  }
  const isActive = force || (isUseful(heldOut) && (before === undefined || isBetter(heldOut, before)));
  const source = generated > 0 ? `history and ${generated} generated orders (seed ${seed})` : 'history';
  const report = { source, trained, heldOut, rulesAuc };
  const version = await withTransaction(database, (client) => insertModel(client, { model, report, isActive }));
  say(
    isActive
      ? `version ${version} is active; stores and workers have it within half a minute`
      : `version ${version} is kept but not active: it is not better (--force activates it)`,
  );
  return 0;
}

export async function runEvaluate(options: Options): Promise<number> {
  const active = readModel(await findActiveModel(options.database));
  if (active === undefined) {
    options.fail('There is no active model: npm run fraud -- train');
    return 1;
  }
  const samples = heldOutOf(await samplesOf(options));
  if (!enough(samples, options.fail)) return 1;
  printMeasured(options.say, `version ${active.version} on the latest orders`, measure(active.model, samples));
  return 0;
}

export async function runStatus({ database, say }: Pick<Options, 'database' | 'say'>): Promise<number> {
  const models = await listModels(database, LISTED);
  if (models.length === 0) say('no model yet: the rules judge alone');
  for (const { version, trainedAt, isActive, report } of models) {
    say(`${isActive ? '*' : ' '} ${version}  ${trainedAt.toISOString()}  ${told(report)}`);
  }
  const { rows } = await database.query<{ flag: string; shoppers: number }>(
    `select flag, count(*)::int as shoppers from risk_flags
     where expires_at is null or expires_at > now() group by flag order by flag`,
  );
  for (const { flag, shoppers } of rows) say(`${shoppers} shoppers are flagged as ${flag}`);
  return 0;
}

function told(report: unknown): string {
  if (typeof report !== 'object' || report === null) return '';
  const [source, heldOut] = [Reflect.get(report, 'source'), Reflect.get(report, 'heldOut')];
  const auc = typeof heldOut === 'object' && heldOut !== null ? Reflect.get(heldOut, 'auc') : undefined;
  return `AUC ${typeof auc === 'number' ? auc.toFixed(4) : '–'}, from ${String(source)}`;
}
