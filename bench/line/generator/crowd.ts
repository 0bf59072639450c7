/** Many shoppers who wait, as cheaply as can be: what a generator spends is missing for the edges on the same cores. */
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { eachBounded } from '../../edge/generator/crowd.ts';
import { addressOf, type LineSocket, openLineSocket } from '../../sockets/line-socket.ts';
import { numberIn, readMessage, textIn } from '../../sockets/read-message.ts';
import { createHeadWatch } from './head-watch.ts';
import type { Called, HeadSeen, WaitingCrowd } from './notes.ts';

export interface WaitingRoomCrowd {
  /** Joins with everybody; resolves with their places. */
  enter(): Promise<readonly number[]>;
  told(): {
    readonly heads: readonly HeadSeen[];
    readonly called: readonly Called[];
    readonly refused: Readonly<Record<string, number>>;
    readonly socketsLost: number;
    readonly frames: number;
  };
}

/** Below the backlog of a listener. */
const AT_ONCE = 128;
const PLACE_DEADLINE_MS = 60_000;

export async function prepareCrowd(crowd: WaitingCrowd): Promise<WaitingRoomCrowd> {
  const tokens = await mintTokens(crowd);
  const watch = createHeadWatch(() => Date.now());
  const places: number[] = [];
  const called: Called[] = [];
  const refused: Record<string, number> = {};
  const lines: LineSocket[] = [];
  let [socketsLost, frames] = [0, 0];

  async function enterOne(at: number): Promise<void> {
    const place = Promise.withResolvers<number>();
    let position = 0;
    let isCalled = false;
    const onText = (bytes: Buffer, from: number, to: number): void => {
      frames += 1;
      if (watch.saw(at, bytes, from, to)) return;
      const message = readMessage(bytes.toString('utf8', from, to));
      switch (message['t']) {
        case 'head':
          watch.note(at, message, bytes.subarray(from, to));
          break;
        case 'ticket':
          position = numberIn(message, 'position') ?? 0;
          place.resolve(position);
          break;
        case 'admitted':
          // A call may be told twice, and is one.
          if (!isCalled) called.push({ place: position, atMs: (numberIn(message, 'expiresAt') ?? 0) - crowd.passMs });
          isCalled = true;
          break;
        case 'refused': {
          const code = textIn(message, 'code');
          refused[code] = (refused[code] ?? 0) + 1;
          place.reject(new Error(`A shopper was refused: ${code}.`));
        }
      }
    };
    const onClosed = (code: number): void => {
      socketsLost += 1;
      place.reject(new Error(`A socket was closed with ${code}.`));
    };
    const localAddress = addressOf(crowd.generator, at);
    const path = `/v1/drops/${crowd.dropId}/line?region=${crowd.region}`;
    const line = await openLineSocket({ host: '127.0.0.1', port: crowd.port, path, localAddress, onText, onClosed });
    lines.push(line);
    const late = setTimeout(() => place.reject(new Error('No place in time.')), PLACE_DEADLINE_MS);
    line.send(JSON.stringify({ t: 'join', token: tokens[at], nonce: `n${at}` }));
    try {
      places.push(await place.promise);
    } finally {
      clearTimeout(late);
    }
  }

  return {
    async enter() {
      await eachBounded(crowd.sockets, AT_ONCE, enterOne);
      // Only needed to join: what they held would be measured as memory that waiting takes.
      tokens.length = 0;
      return places;
    },
    told: () => ({ heads: watch.seen(), called, refused, socketsLost, frames }),
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
