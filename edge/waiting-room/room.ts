/**
 * The line of one drop as this edge sees it: who of its own sockets waits at which place, where the head is, what is
 * left. Nothing here is asked per shopper: one admit call moves the head, one frame tells everybody.
 */
import { type DropDefinition, phaseOf, regionsOf } from '../../contracts/drop.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { encodeMessage } from '../../contracts/line/codec.ts';
import type { EdgeMessageOf, LineState } from '../../contracts/line/messages.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { LineAdmitReply } from '../../reservation-core/generated/line-admit.ts';
import type { Line } from '../../reservation-core/line.ts';
import type { Stock } from '../../reservation-core/stock.ts';
import { etaOf } from './estimate.ts';
import { createFlowMeter } from './flow.ts';
import { createLeftovers } from './leftovers.ts';
import { nextBroadcastMs } from './next-broadcast.ts';
import { oddsOf, type Sale, wantedPasses } from './pace.ts';
import { createSeats, type Seat, type Seats } from './seats.ts';

export interface Room {
  readonly drop: DropDefinition;
  readonly topic: string;
  state(): LineState;
  isSelling(): boolean;
  isGone(sku: string, region: string): boolean;
  wasGoneEverywhere(sku: string): boolean;
  noteTaken(sku: string, region: string, units: number): void;
  noteGone(sku: string, region: string): void;
  noteReturn(sku: string, region: string): void;
  view(ahead: number, most: number): LineView;
  sit(seat: Seat): void;
  stand(seat: Seat): void;
  /** A socket of this shopper is here; whoever comes has to go. */
  arrive(shopperId: string): void;
  /** Whether it was their last one at this edge. */
  depart(shopperId: string): boolean;
  isHere(shopperId: string): boolean;
  /** Somebody waits without a socket: the line has to move for them as well. */
  expect(untilMs: number): void;
  /** Moves the line on; called every INTERVALS.admitEveryMs. */
  tick(): Promise<void>;
}

export type LineView = Omit<EdgeMessageOf<'line'>, 't'>;

export interface RoomOptions {
  readonly clock: Clock;
  readonly line: Line;
  readonly drops: Drops;
  readonly stock: Stock;
  publish(topic: string, text: string): void;
  onMoved(dropId: string, line: LineAdmitReply): void;
  onUnreadable(region: string, error: unknown): void;
}

const NOT_ASKED_YET: LineAdmitReply = {
  ...{ reply: 'LINE', called: 0, skipped: 0, active: 0, waiting: 0, draw: '', drawRoot: '', entrants: 0 },
  ...{ lanes: [], heads: [], waits: [], totals: [] },
};

export async function createRoom(first: DropDefinition, options: RoomOptions): Promise<Room> {
  const { clock, line, drops, publish } = options;
  const dropId = first.id;
  const topic = `head/${dropId}`;
  const seats: Seats = createSeats();
  const socketsOf = new Map<string, number>();
  const meter = createFlowMeter(first.passSeconds * 1_000);
  const leftovers = createLeftovers({ stock: options.stock, clock, onUnreadable: options.onUnreadable });
  let drop = first;
  await leftovers.refresh(drop);
  const refreshed = { dropMs: clock.now(), stockMs: clock.now() };
  let now = NOT_ASKED_YET;
  let expectedUntilMs = 0;
  let told = { text: '', moved: '', atMs: 0, movedAtMs: 0 };
  /** By sku and region, where this was told. */
  const toldGone = new Set<string>();

  async function refresh(): Promise<void> {
    const nowMs = clock.now();
    if (nowMs - refreshed.dropMs >= INTERVALS.dropRefreshMs) {
      refreshed.dropMs = nowMs;
      drop = (await drops.find(dropId)) ?? drop;
    }
    if (nowMs - refreshed.stockMs >= INTERVALS.stockRefreshMs) {
      refreshed.stockMs = nowMs;
      // Not waited for: a region that is slow to answer must not hold up the line. What fails is told by onUnreadable.
      void leftovers.refresh(drop);
    }
  }

  function sale(): Sale {
    return {
      available: leftovers.available(),
      held: leftovers.held(),
      sold: leftovers.sold(),
      released: leftovers.released(),
      called: now.totals[0] ?? 0,
      active: now.active,
      perShopperLimit: drop.perShopperLimit,
    };
  }

  /** Also while nobody may be called yet: it tells the others that this edge is there. */
  async function moveHead(): Promise<void> {
    if (seats.size === 0 && clock.now() >= expectedUntilMs) return;
    now = await line.admit(dropId, wantedPasses(sale()));
    options.onMoved(dropId, now);
    const [called = 0, skipped = 0] = now.totals;
    if (isLive()) meter.record({ atMs: clock.now(), called, skipped, active: now.active });
    now.lanes.forEach((lane, at) => {
      for (const seat of seats.upTo(lane, now.heads[at] ?? 0)) seat.called();
    });
    // A few at a time: their questions share the queue with those who join.
    if (now.draw === 'done') for (const seat of seats.fromLobby(LIMITS.joinQueue / 16)) seat.called();
  }

  function isLive(): boolean {
    return phaseOf(drop, clock.now()) === 'live' && !isDrawing();
  }

  function isDrawing(): boolean {
    return drop.mode === 'lottery' && now.draw !== 'done' && clock.now() >= drop.startsAt;
  }

  function tellHead(): void {
    const { lanes, heads, waits, entrants, drawRoot } = now;
    const text = encodeMessage({
      t: 'head',
      state: room.state(),
      lanes: Object.fromEntries(lanes.map((lane, at) => [lane, { head: heads[at] ?? 0, waiting: waits[at] ?? 0 }])),
      perSecond: Math.round((meter.perSecond() ?? 0) * 10) / 10,
      stock: leftovers.available(),
      ...(drop.mode === 'lottery' ? { entrants } : {}),
      ...(drawRoot === '' ? {} : { drawRoot }),
    });
    // While a crowd comes, telling how many wait four times a second cost more than the joins.
    const moved = JSON.stringify([room.state(), heads, drawRoot]);
    const [nowMs, hasMoved] = [clock.now(), moved !== told.moved];
    if (text === told.text || nowMs < nextBroadcastMs(told, socketsOf.size, hasMoved)) return;
    told = { text, moved, atMs: nowMs, movedAtMs: hasMoved ? nowMs : told.movedAtMs };
    publish(topic, text);
  }

  /** Nobody is left to wait for what is gone: everybody hears of it in the same moment. */
  function tellGone(): void {
    for (const { sku } of drop.skus) {
      for (const region of regionsOf(drop)) {
        const name = `${sku}@${region}`;
        if (!leftovers.wasGone(sku, region)) toldGone.delete(name);
        else if (!toldGone.has(name)) {
          toldGone.add(name);
          publish(topic, encodeMessage({ t: 'sold-out', sku, region, anywhere: leftovers.wasGoneEverywhere(sku) }));
        }
      }
    }
  }

  const room: Room = {
    get drop() {
      return drop;
    },
    topic,
    state() {
      const phase = phaseOf(drop, clock.now());
      if (phase === 'before') return 'lobby';
      if (phase !== 'live') return phase;
      if (isDrawing()) return 'drawing';
      return drop.skus.every(({ sku }) => leftovers.wasGoneEverywhere(sku)) ? 'sold-out' : phase;
    },
    isSelling: isLive,
    isGone: leftovers.isGone,
    wasGoneEverywhere: leftovers.wasGoneEverywhere,
    noteTaken: leftovers.noteTaken,
    noteGone: leftovers.noteGone,
    noteReturn: leftovers.noteReturn,
    view(ahead, most) {
      const nowMs = clock.now();
      const etaMs = etaOf({
        ahead,
        most,
        perSecondCap: drop.admission.perSecond,
        maxActive: drop.admission.maxActive,
        passMs: drop.passSeconds * 1_000,
        active: now.active,
        wanted: wantedPasses(sale()),
        flow: meter.flow(),
        untilStartMs: drop.startsAt - nowMs,
        untilEndMs: drop.endsAt - nowMs,
      });
      return { state: room.state(), ahead, etaMs, odds: oddsOf(sale(), ahead), stock: leftovers.available() };
    },
    sit(seat) {
      seats.add(seat);
      // Another edge may have called this place between the join and its answer.
      const at = now.lanes.indexOf(seat.lane);
      if (seat.place !== undefined && seat.place <= (now.heads[at] ?? 0)) {
        seats.remove(seat);
        seat.called();
      }
    },
    stand: (seat) => seats.remove(seat),
    arrive: (shopperId) => void socketsOf.set(shopperId, (socketsOf.get(shopperId) ?? 0) + 1),
    depart(shopperId) {
      const left = (socketsOf.get(shopperId) ?? 0) - 1;
      if (left > 0) socketsOf.set(shopperId, left);
      else socketsOf.delete(shopperId);
      return left <= 0;
    },
    isHere: (shopperId) => socketsOf.has(shopperId),
    expect(untilMs) {
      expectedUntilMs = Math.max(expectedUntilMs, untilMs);
    },
    async tick() {
      await refresh();
      await moveHead();
      tellHead();
      tellGone();
    },
  };
  return room;
}
