/** One of a crowd: joins, waits, and does with the pass what real ones do. Comes back when an edge dies. */
import { openLineClient } from '../../../contracts/client/line-client.ts';
import type { SeenPass } from './seen.ts';

export const WAYS = ['buys', 'leaves', 'lets it run out', 'vanishes with a pass', 'vanishes in the line'] as const;
export type Way = (typeof WAYS)[number];

export interface ShopperOptions {
  readonly id: string;
  readonly token: string;
  readonly dropId: string;
  readonly sku: string;
  readonly urls: readonly string[];
  readonly way: Way;
  onPass(pass: SeenPass): void;
}

export interface Outcome {
  /** What became of it; of a claim that did not win, how it was answered. */
  readonly ended: string;
  /** How often the connection was lost. */
  readonly losses: number;
}

/** Quick to come back, so that a test of a killed edge is a short one; patient, since the line is long. */
const PATIENCE = { backoff: { minMs: 20, maxMs: 400 }, failures: 1_000, claimMs: 60_000 };

export function shop(options: ShopperOptions): Promise<Outcome> {
  const { id, token, dropId, sku, urls, way, onPass } = options;
  const client = openLineClient({ urls, dropId, region: 'eu', token: async () => token, patience: PATIENCE });
  const outcome = Promise.withResolvers<Outcome>();
  let pass: SeenPass | undefined;
  let losses = 0;

  function end(ended: Outcome['ended']): void {
    outcome.resolve({ ended, losses });
    client.close();
  }

  /** From here on the pass may be void at any time. */
  function letGo(): void {
    if (pass !== undefined) pass.endedMs ??= Date.now();
  }

  function buy(): void {
    letGo();
    client.claim({ key: 'once', sku, qty: 1 }).then(
      (answer) => {
        // On a busy machine a short pass may be over before the claim arrives: the next turn comes.
        if (answer.t !== 'refused' || answer.code !== 'PASS_EXPIRED')
          end(answer.t === 'refused' ? answer.code : answer.t);
      },
      (error: unknown) => end(String(error)),
    );
  }

  function admitted(expiresAtMs: number): void {
    // After a lost connection the same pass is told again.
    if (pass?.expiresAtMs !== expiresAtMs) {
      pass = { shopper: id, fromMs: Date.now(), expiresAtMs };
      onPass(pass);
    }
    if (way === 'buys') buy();
    else if (way === 'vanishes with a pass') end('vanished');
    else if (way === 'leaves') {
      letGo();
      client.leave();
    }
  }

  client.on('state', (state) => {
    switch (state.at) {
      case 'admitted':
        admitted(state.expiresAt);
        break;
      case 'passed':
        if (way === 'lets it run out') end('ran out');
        else client.rejoin();
        break;
      case 'waiting':
        if (way === 'vanishes in the line') end('vanished');
        break;
      case 'away':
        losses += 1;
        break;
      case 'left':
      case 'closed':
        end(state.at);
        break;
    }
  });
  return outcome.promise;
}
