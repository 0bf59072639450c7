/** Shoppers whose sockets are gone all come back in the same moment, as after a short cut of a network or an edge's death. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Return } from './notes.ts';
import type { Waiter } from './waiter.ts';

const MOST_TRIES = 20;
/** Whoever fails tries again at some moment within this time, so that not all come together once more. */
const RETRY_WITHIN_MS = 1_000;

export interface ComeBackOptions {
  readonly shoppers: readonly { readonly waiter: Waiter; readonly place: number }[];
  /** Where to: the next one for each try, as behind a balancer. */
  readonly ports: readonly number[];
}

export async function comeBack({ shoppers, ports }: ComeBackOptions): Promise<Return> {
  const backAtMs: number[] = [];
  let [placesKept, placesLost, missing, retries] = [0, 0, 0, 0];

  async function one(waiter: Waiter, place: number, first: number): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      try {
        const given = await waiter.come(ports[(first + tries) % ports.length] ?? 0);
        backAtMs.push(Date.now());
        if (given === place) placesKept += 1;
        else placesLost += 1;
        return;
      } catch {
        retries += 1;
        await delay(Math.random() * RETRY_WITHIN_MS);
      }
    }
    missing += 1;
  }

  await Promise.all(shoppers.map(({ waiter, place }, at) => one(waiter, place, at)));
  return { backAtMs, placesKept, placesLost, missing, retries };
}
