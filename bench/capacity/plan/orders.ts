/** From the outbox to rows: relays, Kafka, workers that write orders, PostgreSQL. None of it is waited for by a shopper. */
import type { Loads } from '../loads.ts';
import type { UnitCosts } from '../unit-costs.ts';
import { type PlanRow, type Remark, rowOf, shown } from './row.ts';

const US_PER_SECOND = 1_000_000;
const BYTES_PER_GIB = 2 ** 30;

/** What has to become durable in a second so that all of the peak is, `drainSeconds` after it. */
function durablePerSecond({ ordersPerSecond, peakSeconds, drainSeconds }: Loads): number {
  return (ordersPerSecond * peakSeconds) / (peakSeconds + drainSeconds);
}

export function planOrders(loads: Loads, { orders }: UnitCosts): PlanRow[] {
  const { utilisation, coresPerMachine, kafkaCopies, replicas } = loads;
  const rate = durablePerSecond(loads);
  const coresFor = (us: number): number => (rate * us) / US_PER_SECOND / utilisation;
  const writers = rowOf('orders workers', [{ what: 'CPU', count: coresFor(orders.writerUs.value) }], {
    perMachine: coresPerMachine,
    costs: [orders.writerUs],
  });
  const postgres = rowOf(
    'PostgreSQL nodes',
    [
      {
        what: 'no node faster than one was seen to be here',
        count: rate / (utilisation * orders.mostPerPostgres.value),
      },
      { what: 'CPU, if all its cores could be used', count: coresFor(orders.postgresUs.value) / coresPerMachine },
    ],
    { perMachine: 1, costs: [orders.mostPerPostgres, orders.postgresUs] },
  );
  return [
    rowOf('relays', [{ what: 'CPU', count: coresFor(orders.relayUs.value) }], {
      perMachine: coresPerMachine,
      costs: [orders.relayUs],
    }),
    rowOf(
      'Kafka brokers',
      // A copy is fetched and written as the first one was: as dear, at most.
      [{ what: 'CPU of all copies', count: coresFor(orders.kafkaUs.value * kafkaCopies) / coresPerMachine }],
      { perMachine: 1, least: kafkaCopies, costs: [orders.kafkaUs] },
    ),
    {
      ...rowOf(
        'Kafka partitions of claims.won',
        [
          { what: 'orders through one partition', count: rate / (utilisation * orders.perPartition.value) },
          { what: 'one for each worker', count: writers.count },
        ],
        { perMachine: 1, costs: [orders.perPartition] },
      ),
      machines: 0,
    },
    writers,
    { ...postgres, machines: postgres.count * (1 + replicas) },
  ];
}

/** A drop lives in one deployment with one PostgreSQL: its claims may win faster than its orders are written. */
export function remarkOnTheHotDrop(loads: Loads, { orders, redis }: UnitCosts): Remark {
  const perNode = orders.mostPerPostgres.value;
  const sold = loads.hotUpdatesPerSecond * loads.peakSeconds;
  const behind = Math.max(0, sold - perNode * loads.peakSeconds);
  const about = 'the hot drop';
  if (behind === 0) return { about, text: 'Its orders are written as fast as they are won, on one PostgreSQL.' };
  const gib = (behind * redis.bytesPerClaim.value) / BYTES_PER_GIB;
  return {
    about,
    text: `${shown(loads.hotUpdatesPerSecond)} claims a second for ${shown(loads.peakSeconds)} s are more than one PostgreSQL was seen to write (${shown(perNode)}/s). ${shown(behind)} orders are then still in the outbox (at most ${shown(gib)} GiB of its shards), and durable ${shown(behind / perNode)} s later. No shopper waits for that: a claim is durable in Redis when it is answered.`,
  };
}
