/** What a reader has to know to read the figures of a sale right. */
import type { SaleGiven } from './sale-given.ts';

export function notesOf({ rounds, size }: Pick<SaleGiven, 'rounds' | 'size'>): string[] {
  const missed = rounds.filter(({ milestones }) => milestones.soldOutAtMs === undefined).length;
  const busy = rounds.reduce((sum, { storm }) => sum + storm.mix.busy + storm.probe.busy, 0);
  return [
    'burstFactor: shoppers who came to the drop in a second ÷ new shoppers of the shop in a second on the ordinary day; both were counted. Where the shop was too slow for all who were to come on the ordinary day, what was to come counts. Whoever the generator let come more than a second after the storm does not count.',
    'The shop: autocannon carries two thirds of the visits, an open loop the other third; only latencies of the open loop are told, from when each request was due. The same goes on during the storm.',
    'claims and joins count from when they were due, also while the generator is late (generatorLateP99Ms).',
    `One store process with its switches as they are (auto): under pressure it does without what is least missed. In the storms ${shedIn(rounds)}, and ${busy} requests were answered 503.`,
    'SOLD_OUT is held against the stock, looked at 100 times a second: it is a lie where something was left in every look from 1 s before it was asked until it was told. Units come back one by one and are gone at once.',
    'etaWithin: of people (not bots) who were told an interval once they had a place and were then called; who was not called had none of the stock before them. etaWithinLikely: of those who were told with it that something would more likely be left than not; the others are called only for what comes back. In the lobby nobody has a place, and what is told there is not counted.',
    'cpuMsPerOrder: of all processes but the generators, from the opening of the lobby until every order is paid or called off, everybody who went away with nothing and the shopping included.',
    ...(missed > 0
      ? [`The stock was NOT gone in ${missed} of ${rounds.length} storms: sold out in the middle was not reached.`]
      : []),
    `Holds last ${size.holdSeconds} s and passes ${size.passSeconds} s, so that some of them end while the storm lasts. The payment provider is a stand-in that answers after 30 ms.`,
    'Before the first round a storm of as many a second, 15 s long at the most, is run and audited, but not counted: V8 and the JVM compile what they have seen often.',
    'Every process of the product runs that a sale needs (settings.workers); mails, pushes, webhooks, the training of recommendations, forecasts and other work of the night do not.',
  ];
}

function shedIn(rounds: SaleGiven['rounds']): string {
  const sums = new Map<string, number>();
  for (const { storm } of rounds) {
    for (const [what, count] of Object.entries(storm.probe.shed)) sums.set(what, (sums.get(what) ?? 0) + count);
  }
  const all = rounds.reduce((sum, { storm }) => sum + storm.probe.requests, 0);
  if (sums.size === 0) return `nothing was left out of ${all} answers`;
  return [...sums].map(([what, count]) => `${what} was left out of ${count} of ${all} answers`).join(', ');
}
