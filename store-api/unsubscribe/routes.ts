/**
 * The link in reminder mails (RFC 8058): one click of a mail program, or of a person on the page. What is signed in it is
 * whose mails of which kind; nothing else can be done with it, and nobody has to sign in.
 */
import Type from 'typebox';
import { findPreferences, unsubscribe } from '../../db/queries/preferences.ts';
import type { Unsubscription } from '../../platform/outgoing/outgoing.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { askPage, donePage } from './pages.ts';

const querystring = Type.Object({ token: Type.String({ maxLength: 100 }) }, { additionalProperties: false });
const tags = ['notices'];
const page = { 200: { content: { 'text/html': { schema: Type.String() } } }, 400: Problem, 404: Problem };
const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data'] as const;

function readToken({ outgoing }: StoreServices, token: string): Unsubscription {
  const read = outgoing.keys?.readUnsubscribeToken(token);
  if (read === undefined) throw new Refusal('NOT_FOUND', { detail: 'This link is not one of ours, or was cut short.' });
  return read;
}

export function unsubscribeRoutes(app: StoreApp, services: StoreServices): void {
  // A scope of its own: nothing else of the store takes forms.
  void app.register((scope: StoreApp, _options, done) => {
    // What a mail program sends says only that it is one click.
    scope.addContentTypeParser([...FORMS], (_request, payload, parsed) => {
      payload.resume();
      payload.on('end', () => parsed(null, {}));
      payload.on('error', parsed);
    });
    addRoutes(scope, services);
    done();
  });
}

function addRoutes(app: StoreApp, services: StoreServices): void {
  const { database } = services;
  const languageOf = async (userId: string) => (await findPreferences(database, userId))?.language ?? 'en';

  app.get(
    '/unsubscribe',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'The page that asks whether to send no more reminders',
        description: 'Changes nothing: programs that look at the links of a mail come here too.',
        ...{ tags, querystring, response: page },
      },
    },
    async (request, reply) => {
      const { token } = request.query;
      const { userId } = readToken(services, token);
      const html = askPage(await languageOf(userId), token);
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
    },
  );

  app.post(
    '/unsubscribe',
    {
      config: { access: EVERYBODY, idempotency: 'none' },
      schema: {
        summary: 'No more reminders by mail',
        description: 'As mail programs call it (List-Unsubscribe-Post), and the page of GET.',
        ...{ tags, querystring, response: page },
      },
    },
    async (request, reply) => {
      const { userId } = readToken(services, request.query.token);
      await unsubscribe(database, userId);
      const html = donePage(await languageOf(userId));
      return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
    },
  );
}
