/** One shopper on one socket: joins the line honestly, and then claims one unit after the other. */
import { addressOf, type LineSocket, openLineSocket } from '../../sockets/line-socket.ts';
import { type Message, numberIn, readMessage, textIn } from '../../sockets/read-message.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { Crowd } from './notes.ts';

export type { Answer } from './answer.ts';

export interface ShopperEvents {
  answered(answer: Answer): void;
  lost(): void;
}

export interface Shopper {
  claim(key: string): void;
  close(): void;
}

const ADMISSION_DEADLINE_MS = 30_000;

export async function admitShopper(
  crowd: Crowd,
  asked: { readonly at: number; readonly token: string; readonly sku: string },
  events: ShopperEvents,
): Promise<Shopper> {
  const { port, dropId, region, generator } = crowd;
  const admission = Promise.withResolvers<void>();
  const line: LineSocket = await openLineSocket({
    host: '127.0.0.1',
    port,
    path: `/v1/drops/${dropId}/line?region=${region}`,
    localAddress: addressOf(generator, asked.at),
    onText(bytes, from, to) {
      const seen = readAnswer(bytes, from, to);
      if (seen !== undefined) {
        events.answered(seen);
        return;
      }
      const message = readMessage(bytes.toString('utf8', from, to));
      if (message['t'] === 'admitted') admission.resolve();
      else if (message['t'] === 'claimed' || message['t'] === 'refused') {
        const answer = answerOf(message);
        if (answer.key !== '') events.answered(answer);
        else admission.reject(new Error(`A shopper was refused: ${answer.code}.`));
      }
    },
    onClosed(code) {
      admission.reject(new Error(`A shopper's socket was closed with ${code} before their turn.`));
      events.lost();
    },
  });
  const late = setTimeout(
    () => admission.reject(new Error(`Not admitted within ${ADMISSION_DEADLINE_MS} ms.`)),
    ADMISSION_DEADLINE_MS,
  );
  line.send(JSON.stringify({ t: 'join', token: asked.token, nonce: `n${asked.at}` }));
  try {
    await admission.promise;
  } catch (error) {
    line.close();
    throw error;
  } finally {
    clearTimeout(late);
  }
  const before = '{"t":"claim","key":"';
  const after = `","sku":"${asked.sku}","qty":1}`;
  return {
    claim: (key) => line.send(before + key + after),
    close: () => line.close(),
  };
}

function answerOf(message: Message): Answer {
  const [key, claimId, code] = [textIn(message, 'key'), textIn(message, 'claimId'), textIn(message, 'code')];
  return { key, claimId, code, retryAfterMs: numberIn(message, 'retryAfterMs') };
}
