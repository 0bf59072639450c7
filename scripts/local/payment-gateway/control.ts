import type { Book } from './book.ts';
import { booksByPayment } from './books.ts';
import type { Asked, Sent } from './exchange.ts';
import { type Faults, NO_FAULTS } from './faults.ts';
import { readForm } from './form.ts';
import type { Webhooks } from './webhooks.ts';

interface Controlled {
  readonly book: Book;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
}

/** For tests and campaigns: `/_control/faults` (GET, POST, DELETE), `/_control/books`, `/_control/webhooks`. */
export function control(asked: Asked, { book, faults, webhooks }: Controlled): Sent {
  const { method, path, query } = asked;
  if (path === '/_control/faults') return controlFaults(asked, faults);
  if (method !== 'GET') return json(405, { error: 'only GET' });
  if (path === '/_control/books')
    return json(200, { payments: booksByPayment(book, readForm(query).get('payment_id')) });
  if (path === '/_control/webhooks') return json(200, { waiting: webhooks.waiting, ...webhooks.counts });
  return json(404, { error: 'ask for /_control/faults, /_control/books or /_control/webhooks' });
}

function controlFaults({ method, contentType, body }: Asked, faults: Faults): Sent {
  if (method === 'DELETE') faults.set(NO_FAULTS);
  if (method === 'POST') {
    // A page in a browser cannot send this type to another origin unasked.
    if (!contentType.startsWith('application/json')) return json(415, { error: 'send application/json' });
    const asked = parse(body);
    const problem = asked === undefined ? 'not JSON' : faults.set(asked);
    if (problem !== undefined) return json(400, { error: problem });
  }
  return json(200, faults.settings);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(status: number, body: unknown): Sent {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}
