/** Tells of what happened, signed as Stripe signs, again and again until it is taken. Lost when the process ends: hints. */
import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { backoffMs } from '../../../platform/backoff.ts';
import type { Logger } from '../../../platform/logging/logger.ts';
import { BOUNDS } from './bounds.ts';
import type { Faults } from './faults.ts';
import { newId } from './ids.ts';
import type { EventType } from './intents.ts';

export interface WebhookOptions {
  /** Nobody is told when it is empty. */
  readonly url: string;
  readonly secret: string;
  readonly faults: Faults;
  readonly log: Logger;
}

/** What an event is of, as it was then. */
export interface Happening {
  readonly type: EventType;
  /** Of the payment, for its fate by the seed. */
  readonly id: string;
  readonly atMs: number;
  readonly object: () => object;
}

interface Queued {
  readonly eventId: string;
  readonly happening: Happening;
  readonly tries: number;
}

const BETWEEN_TRIES = { minMs: 200, maxMs: 60_000 };
const SHUFFLE_MS = 2_000;

export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #agent: HttpAgent;
  /** Those whose time has come; those that wait for theirs are timers. */
  readonly #queue = new Set<Queued>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #underWay = 0;
  #isStopped = false;
  readonly counts = { delivered: 0, lost: 0, duplicated: 0, failedTries: 0, givenUp: 0, refused: 0 };

  constructor(options: WebhookOptions) {
    this.#options = options;
    const Agent = options.url.startsWith('https:') ? HttpsAgent : HttpAgent;
    this.#agent = new Agent({ keepAlive: true, maxSockets: BOUNDS.webhooksAtOnce });
  }

  get waiting(): number {
    return this.#queue.size + this.#timers.size + this.#underWay;
  }

  tell(happening: Happening): void {
    const { url, faults } = this.#options;
    if (url === '') return;
    const { settings } = faults;
    const fate = `${happening.type} ${happening.id}`;
    if (faults.roll('lost', fate) < settings.webhookLostRate) {
      this.counts.lost += 1;
      return;
    }
    const queued: Queued = { eventId: newId('evt'), happening, tries: 0 };
    const shuffleMs = settings.webhookShuffle ? faults.roll('shuffle', fate) * SHUFFLE_MS : 0;
    this.#later(queued, settings.webhookDelayMs + shuffleMs);
    if (faults.roll('duplicate', fate) >= settings.webhookDuplicateRate) return;
    this.counts.duplicated += 1;
    this.#later({ ...queued }, settings.webhookDelayMs + faults.roll('again', fate) * SHUFFLE_MS);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#queue.clear();
    this.#agent.destroy();
  }

  #later(queued: Queued, delayMs: number): void {
    if (this.#isStopped) return;
    if (this.waiting >= BOUNDS.webhookQueue) {
      this.counts.refused += 1;
      return;
    }
    if (delayMs <= 0) {
      this.#queue.add(queued);
      this.#work();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queue.add(queued);
      this.#work();
    }, delayMs);
    this.#timers.add(timer);
  }

  #work(): void {
    while (this.#underWay < BOUNDS.webhooksAtOnce) {
      const [next] = this.#queue;
      if (next === undefined) return;
      this.#queue.delete(next);
      this.#underWay += 1;
      this.#deliver(next).then(
        (taken) => this.#ended(next, taken),
        () => this.#ended(next, false),
      );
    }
  }

  #ended(queued: Queued, taken: boolean): void {
    this.#underWay -= 1;
    if (taken) this.counts.delivered += 1;
    else this.#again(queued);
    this.#work();
  }

  #again(queued: Queued): void {
    this.counts.failedTries += 1;
    const tries = queued.tries + 1;
    if (tries < BOUNDS.webhookTries) {
      this.#later({ ...queued, tries }, backoffMs(tries, BETWEEN_TRIES));
      return;
    }
    this.counts.givenUp += 1;
    this.#options.log.warn({ type: queued.happening.type, tries }, 'a webhook was not taken and is given up');
  }

  /** Whether it was taken. */
  #deliver({ eventId, happening }: Queued): Promise<boolean> {
    const { url, secret } = this.#options;
    const body = renderEvent(eventId, happening);
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const sending = request(
        url,
        {
          method: 'POST',
          agent: this.#agent,
          timeout: BOUNDS.webhookTimeoutMs,
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'content-length': Buffer.byteLength(body),
            'stripe-signature': signatureOf(body, secret, Math.floor(Date.now() / 1_000)),
            'user-agent': 'Stripe/1.0 (+dropgate local gateway)',
          },
        },
        (response) => {
          response.resume();
          response.on('error', reject);
          response.on('end', () => resolve((response.statusCode ?? 500) < 300));
        },
      );
      sending.on('timeout', () => sending.destroy(new Error('timeout')));
      sending.on('error', reject);
      sending.end(body);
    });
  }
}

/** `t=…,v1=…`: of the time and the very bytes of the body, so that neither can be changed. */
export function signatureOf(body: string, secret: string, atSeconds: number): string {
  return `t=${atSeconds},v1=${createHmac('sha256', secret).update(`${atSeconds}.${body}`).digest('hex')}`;
}

function renderEvent(eventId: string, { type, atMs, object }: Happening): string {
  return JSON.stringify({
    id: eventId,
    object: 'event',
    api_version: null,
    created: Math.floor(atMs / 1_000),
    data: { object: object() },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  });
}
