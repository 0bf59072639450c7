/** The everyday shopping of one phase, by both generators together. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Crew } from '../crew/crew.ts';
import { isMessage, textIn } from '../sockets/read-message.ts';
import { STEPS_PER_SESSION } from './shopping/mix.ts';
import type { Shop, Shopped } from './shopping/notes.ts';
import type { SaleStage } from './stage.ts';

export type Shops = Crew<Shop, Shopped>;

export interface Phase {
  /** New shoppers in a second, from the requests that were answered. */
  readonly arrivalsPerSecond: number;
  readonly seconds: number;
  readonly mix: Shopped;
  /** Its latencies are those that count. */
  readonly probe: Shopped;
}

/** First the one that carries most of it, then the one that measures. */
export const SHOPS = ['mix', 'probe'] as const;
const PROBE_SHARE = 0.35;
const QUERIES = join(import.meta.dirname, '../../scripts/search-quality/queries.json');

/** Words that people search for, as the search's quality is measured by. */
export async function readQueries(): Promise<string[]> {
  const known: unknown = JSON.parse(await readFile(QUERIES, 'utf8'));
  const texts = (Array.isArray(known) ? known : []).flatMap((query) => (isMessage(query) ? [textIn(query, 'q')] : []));
  if (texts.length === 0) throw new Error(`${QUERIES} has no queries.`);
  return texts;
}

export async function shop(
  shops: Shops,
  stage: Pick<SaleStage, 'storeUrl' | 'productIds' | 'buyers'>,
  asked: {
    readonly seconds: number;
    readonly perSecond: number;
    readonly queries: readonly string[];
    readonly seed: number;
  },
): Promise<Phase> {
  const { seconds, perSecond, queries, seed } = asked;
  const buyers = await stage.buyers();
  const half = Math.floor(buyers.length / 2);
  const done = shops.reports('shopped');
  shops.order((at) => {
    const how = SHOPS[at] ?? 'probe';
    const share = how === 'probe' ? PROBE_SHARE : 1 - PROBE_SHARE;
    // Nobody comes twice: each phase begins elsewhere in its own half.
    const own = how === 'probe' ? buyers.slice(0, half) : buyers.slice(half);
    const from = (seed * Math.ceil(perSecond * seconds)) % own.length;
    return {
      ...{
        t: 'shop',
        how,
        url: stage.storeUrl,
        seconds,
        sessionsPerSecond: perSecond * share,
        queries,
        seed: seed + at,
      },
      ...{ buyers: [...own.slice(from), ...own.slice(0, from)], productIds: stage.productIds },
    };
  });
  const [mix, probe] = await done;
  if (mix === undefined || probe === undefined) throw new Error('No generator, no shopping.');
  const arrivalsPerSecond = (mix.requests + probe.requests) / STEPS_PER_SESSION / seconds;
  return { arrivalsPerSecond, seconds, mix, probe };
}
