/** Shoppers who each have a socket of the line, and claim over it one unit after the other. */
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import type { Crowd } from '../../edge/generator/notes.ts';
import { type Answer, admitShopper } from '../../edge/generator/shopper.ts';
import type { Decision, Desk, Desks } from './desk.ts';
import type { Counter } from './notes.ts';

export async function openSocketDesks({ port, sku, line }: Counter, count: number): Promise<Desks> {
  if (line === null) throw new Error('There is no line to stand in.');
  const { dropId, region, secret } = line;
  const crowd: Crowd = {
    port,
    dropId,
    region,
    secret,
    generator: 0,
    sockets: count,
    winsEach: Number.MAX_SAFE_INTEGER,
  };
  const tokens = createAccessTokens({ secret, clock: systemClock });
  const nextId = createIdSource(systemClock);
  const shoppers = await Promise.all(
    Array.from({ length: count }, () => tokens.issue({ userId: nextId(), kind: 'guest', role: 'shopper' })),
  );
  const open = (at: number, there: Crowd): Promise<Desk> =>
    openDesk(there, { at, token: shoppers[at]?.accessToken ?? '', sku });
  return {
    all: await Promise.all(shoppers.map((_, at) => open(at, crowd))),
    reopen: (at, elsewhere) => open(at, { ...crowd, port: elsewhere }),
  };
}

async function openDesk(crowd: Crowd, asker: { at: number; token: string; sku: string }): Promise<Desk> {
  let waiting: { readonly key: string; readonly tell: (decision: Decision | undefined) => void } | undefined;
  let isOpen = true;
  const settle = (decision: Decision | undefined): void => {
    const { tell } = waiting ?? {};
    waiting = undefined;
    tell?.(decision);
  };
  const shopper = await admitShopper(crowd, asker, {
    answered({ key, claimId, code }: Answer) {
      if (key === waiting?.key) settle({ claimId, code });
    },
    lost() {
      isOpen = false;
      settle(undefined);
    },
  });
  return {
    claim: (_number, key) =>
      new Promise((resolve) => {
        if (!isOpen) {
          resolve(undefined);
          return;
        }
        waiting = { key, tell: resolve };
        shopper.claim(key);
      }),
    close: () => shopper.close(),
  };
}
