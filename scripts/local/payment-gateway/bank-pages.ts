import type { Api } from './api.ts';
import { renderBankPage, whereToGo } from './bank-page.ts';
import type { Book } from './book.ts';
import type { Asked, Sent } from './exchange.ts';

const NO_PAGE: Sent = { status: 404, type: 'text/plain; charset=utf-8', body: 'There is no such payment.\n' };

/** `GET /_bank/ID` is the page; its two buttons POST to `/_bank/ID/complete` and `/_bank/ID/fail`. */
export async function bankPages({ method, path }: Asked, api: Api, book: Book): Promise<Sent> {
  const { id = '', answer } = /^\/_bank\/(?<id>pi_\w+)(?:\/(?<answer>complete|fail))?$/.exec(path)?.groups ?? {};
  if (answer === undefined) {
    const intent = book.intent(id);
    if (intent === undefined) return NO_PAGE;
    return { status: 200, type: 'text/html; charset=utf-8', body: renderBankPage(intent) };
  }
  if (method !== 'POST') return { ...NO_PAGE, status: 405, body: 'POST it.\n' };
  const intent = await api.finish(id, answer === 'complete');
  if (intent === undefined) return NO_PAGE;
  const location = whereToGo(intent, intent.phase.status === 'succeeded' ? 'succeeded' : 'failed');
  return { status: 303, type: 'text/plain; charset=utf-8', body: '', headers: { location } };
}
