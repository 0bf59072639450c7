/** Many shoppers who wait, as cheaply as can be: what a generator spends is missing for the edges on the same cores. */
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { eachBounded } from '../../edge/generator/crowd.ts';
import { comeBack } from './come-back.ts';
import { createHeadWatch } from './head-watch.ts';
import type { Called, HeadSeen, Return, WaitingCrowd } from './notes.ts';
import { createWaiter, type Waiter } from './waiter.ts';

export interface WaitingRoomCrowd {
  /** Joins with everybody; resolves with their places, and when each was given. */
  enter(): Promise<{ readonly places: readonly number[]; readonly atMs: readonly number[] }>;
  /** Cuts so many sockets at once and comes back to these ports. */
  storm(count: number, ports: readonly number[]): Promise<Return & { readonly cutAtMs: number }>;
  /** From now on whoever is at this port will lose the socket and come back to the others; resolves with all of them back. */
  expectCrash(port: number, ports: readonly number[]): Promise<Return>;
  told(): {
    readonly heads: readonly HeadSeen[];
    readonly called: readonly Called[];
    readonly refused: Readonly<Record<string, number>>;
    readonly socketsLost: number;
    readonly joinRetries: number;
  };
}

/** Below the backlog of a listener. */
const AT_ONCE = 128;
/** Of all together: a client tries again, but an edge that is not there at all must not be waited for. */
const MOST_JOIN_RETRIES = 100;

interface Waiting {
  readonly waiter: Waiter;
  readonly place: number;
  readonly atMs: number;
}

export async function prepareCrowd(crowd: WaitingCrowd): Promise<WaitingRoomCrowd> {
  const tokens = await mintTokens(crowd);
  const watch = createHeadWatch(() => Date.now());
  const waiting: Waiting[] = [];
  const called: Called[] = [];
  const refused: Record<string, number> = {};
  const cutOff = new Map<Waiter, (code: number) => void>();
  let [socketsLost, joinRetries] = [0, 0];

  const events = {
    onCalled: (one: Called) => void called.push(one),
    onRefused(code: string) {
      refused[code] = (refused[code] ?? 0) + 1;
    },
    onClosed(waiter: Waiter, code: number) {
      const expected = cutOff.get(waiter);
      if (expected === undefined) socketsLost += 1;
      else expected(code);
    },
  };

  async function enterOne(at: number): Promise<void> {
    const waiter = createWaiter({ crowd, at, token: tokens[at] ?? '', watch, ...events });
    for (;;) {
      try {
        waiting.push({ waiter, place: await waiter.come(crowd.port), atMs: Date.now() });
        return;
      } catch (error) {
        joinRetries += 1;
        if (joinRetries > MOST_JOIN_RETRIES) throw error;
      }
    }
  }

  async function returnAfterCrash(shopper: Waiting, ports: readonly number[]): Promise<Return> {
    const closed = new Promise((resolve) => cutOff.set(shopper.waiter, resolve));
    await closed;
    cutOff.delete(shopper.waiter);
    return comeBack({ shoppers: [shopper], ports: rotated(ports, shopper.place) });
  }

  return {
    async enter() {
      await eachBounded(crowd.sockets, AT_ONCE, enterOne);
      return { places: waiting.map(({ place }) => place), atMs: waiting.map(({ atMs }) => atMs) };
    },
    async storm(count, ports) {
      const shoppers = waiting.slice(0, count);
      const cutAtMs = Date.now();
      for (const { waiter } of shoppers) waiter.cut();
      return { cutAtMs, ...(await comeBack({ shoppers, ports: rotated(ports, crowd.generator) })) };
    },
    async expectCrash(port, ports) {
      const shoppers = waiting.filter(({ waiter }) => waiter.port === port);
      return addUp(await Promise.all(shoppers.map((shopper) => returnAfterCrash(shopper, ports))));
    },
    told: () => ({ heads: watch.seen(), called, refused, socketsLost, joinRetries }),
  };
}

function rotated(ports: readonly number[], by: number): readonly number[] {
  const first = by % ports.length;
  return [...ports.slice(first), ...ports.slice(0, first)];
}

function addUp(returns: readonly Return[]): Return {
  const sum = (count: (one: Return) => number): number => returns.reduce((total, one) => total + count(one), 0);
  return {
    backAtMs: returns.flatMap(({ backAtMs }) => [...backAtMs]),
    placesKept: sum(({ placesKept }) => placesKept),
    placesLost: sum(({ placesLost }) => placesLost),
    missing: sum(({ missing }) => missing),
    retries: sum(({ retries }) => retries),
  };
}

/** Before anybody joins: making a token costs more than sending it. */
async function mintTokens({ secret, sockets }: WaitingCrowd): Promise<string[]> {
  const tokens = createAccessTokens({ secret, clock: systemClock });
  const nextId = createIdSource(systemClock);
  const minted: string[] = [];
  for (let at = 0; at < sockets; at += 1) {
    const { accessToken } = await tokens.issue({ userId: nextId(), kind: 'guest', role: 'shopper' });
    minted.push(accessToken);
  }
  return minted;
}
