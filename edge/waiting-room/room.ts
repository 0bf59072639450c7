/**
 * The line of one drop as this edge sees it: who of its own sockets waits at which place, where the head is, what is
 * left. Nothing here is asked per shopper: one admit call moves the head, one frame tells everybody.
 */
import { type DropDefinition, phaseOf, regionsOf } from '../../contracts/drop.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { encodeMessage } from '../../contracts/line/codec.ts';
import type { LineState } from '../../contracts/line/messages.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { Line } from '../../reservation-core/line.ts';
import type { Stock } from '../../reservation-core/stock.ts';
import { createOutflow, etaOf, type LineFacts, oddsOf } from './estimate.ts';
import { createSeats, type Seat, type Seats } from './seats.ts';

export interface Room {
  readonly drop: DropDefinition;
  readonly topic: string;
  state(): LineState;
  /** Units that are left in all regions, as of the last refresh. */
  stock(): number;
  /** Whether a region other than this one has units of the sku. */
  elsewhere(sku: string, region: string): boolean;
  view(ahead: number): { state: LineState; ahead: number; etaMs: [number, number]; odds: number; stock: number };
  sit(seat: Seat): void;
  stand(seat: Seat): void;
  /** Moves the line on; called every INTERVALS.admitEveryMs. */
  tick(): Promise<void>;
}

export interface RoomOptions {
  readonly clock: Clock;
  readonly line: Line;
  readonly drops: Drops;
  readonly stock: Stock;
  publish(topic: string, text: string): void;
  onAdmitted(count: number): void;
}

const OUTFLOW_WINDOW_MS = 30_000;
const OUTFLOW_SAMPLES = 300;

type StockLeft = ReadonlyMap<string, ReadonlyMap<string, number>>;

export async function createRoom(first: DropDefinition, options: RoomOptions): Promise<Room> {
  const { clock, line, drops, publish, onAdmitted } = options;
  const dropId = first.id;
  const topic = `head/${dropId}`;
  const seats: Seats = createSeats();
  const outflow = createOutflow(OUTFLOW_WINDOW_MS, OUTFLOW_SAMPLES);
  let drop = first;
  let left = await readLeft(first, options.stock);
  let refreshedAtMs = clock.now();
  let head = 0;
  let waiting = 0;
  let told = { text: '', atMs: 0 };

  async function refresh(): Promise<void> {
    if (clock.now() - refreshedAtMs < INTERVALS.dropRefreshMs) return;
    drop = (await drops.find(dropId)) ?? drop;
    left = await readLeft(drop, options.stock);
    refreshedAtMs = clock.now();
  }

  async function moveHead(): Promise<void> {
    if (seats.size === 0 || phaseOf(drop, clock.now()) !== 'live') return;
    const reply = await line.admit(dropId);
    if (reply.reply === 'MOVED') onAdmitted(reply.admitted);
    ({ head, waiting } = reply);
    outflow.record(clock.now(), head);
    for (const seat of seats.upTo(head)) seat.called();
  }

  function tellHead(): void {
    const perSecond = outflow.perSecond() ?? 0;
    const text = encodeMessage({ t: 'head', state: room.state(), head, waiting, perSecond, stock: room.stock() });
    if (text === told.text || clock.now() - told.atMs < INTERVALS.headBroadcastMs) return;
    told = { text, atMs: clock.now() };
    publish(topic, text);
  }

  function factsFor(ahead: number): LineFacts {
    const nowMs = clock.now();
    return {
      ahead,
      stock: room.stock(),
      perSecondCap: drop.admission.perSecond,
      maxActive: drop.admission.maxActive,
      passMs: drop.passSeconds * 1_000,
      outflowPerSecond: outflow.perSecond(),
      perShopperLimit: drop.perShopperLimit,
      untilStartMs: drop.startsAt - nowMs,
      untilEndMs: drop.endsAt - nowMs,
    };
  }

  const room: Room = {
    get drop() {
      return drop;
    },
    topic,
    state() {
      const phase = phaseOf(drop, clock.now());
      if (phase === 'before') return 'lobby';
      return phase === 'live' && room.stock() === 0 ? 'sold-out' : phase;
    },
    stock() {
      let units = 0;
      for (const bySku of left.values()) for (const available of bySku.values()) units += available;
      return units;
    },
    elsewhere: (sku, region) => [...left].some(([other, bySku]) => other !== region && (bySku.get(sku) ?? 0) > 0),
    view(ahead) {
      const facts = factsFor(ahead);
      return { state: room.state(), ahead, etaMs: etaOf(facts), odds: oddsOf(facts), stock: facts.stock };
    },
    sit(seat) {
      seats.add(seat);
      // Another edge may have called this place between the join and its answer.
      if (seat.place <= head) seat.called();
    },
    stand: (seat) => seats.remove(seat),
    async tick() {
      await refresh();
      await moveHead();
      tellHead();
    },
  };
  return room;
}

async function readLeft(drop: DropDefinition, stock: Stock): Promise<StockLeft> {
  const regions = regionsOf(drop);
  const ledgers = await Promise.all(regions.map((region) => stock.ledger(drop.id, region)));
  return new Map(
    regions.map((region, at) => {
      const bySku = [...(ledgers[at] ?? [])].map(([sku, { available }]) => [sku, available] as const);
      return [region, new Map(bySku)];
    }),
  );
}
