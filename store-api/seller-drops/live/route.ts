import type { PassThrough } from 'node:stream';
import Type from 'typebox';
import { LIMITS } from '../../../contracts/limits.ts';
import { findSellerDrop } from '../../../db/queries/drops/seller-drops.ts';
import { callerOf } from '../../plugins/access.ts';
import { Problem, refuse } from '../../plugins/problems.ts';
import { MERCHANTS, merchantOf } from '../../products/own.ts';
import type { StoreApp, StoreServices } from '../../services.ts';
import { ById } from '../forms.ts';
import { createStream, END_ID, type LiveStream } from './stream.ts';
import { createWatches } from './watches.ts';

export function liveDropRoute(app: StoreApp, services: StoreServices): void {
  const { sale } = services;
  const watches = sale === undefined ? undefined : createWatches({ ...services, sale });
  const streams = new Map<LiveStream, string>();
  // A stop waits for answers under way; these would never end by themselves.
  app.addHook('preClose', async () => {
    for (const stream of streams.keys()) stream.end();
    watches?.close();
  });

  app.get(
    '/seller/drops/:id/live',
    {
      config: { access: MERCHANTS },
      schema: {
        summary: 'A sale as it goes on, once a second, as server-sent events',
        description:
          'Events: `sale`, its data as docs/DROPS.md says; `trouble` when it could not be read; `end`, the last. A stream ends after 15 minutes: come again, with Last-Event-ID.',
        tags: ['seller drops'],
        params: ById,
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 40 })) }),
        response: {
          200: Type.Unsafe<PassThrough>(Type.String({ description: 'text/event-stream' })),
          204: Type.Null({ description: 'To who has seen the end: do not come again.' }),
          ...{ 404: Problem, 409: Problem, 503: Problem },
        },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const lastSeen = request.headers['last-event-id'];
      const own = await findSellerDrop(services.database, request.params.id, merchantOf(callerOf(request)));
      if (own === undefined) return refuse(reply, 'DROP_NOT_FOUND');
      if (own.drop.state === 'draft')
        return refuse(reply, 'DROP_STATE', 'A draft is not sold: there is nothing to see.');
      if (lastSeen === END_ID) return reply.code(204).send(null);
      if (watches === undefined) return refuse(reply, 'UNAVAILABLE');
      const theirs = [...streams.values()].filter((who) => who === userId).length;
      if (streams.size >= LIMITS.liveStreams || theirs >= LIMITS.liveStreamsPerPerson) return refuse(reply, 'BUSY');

      const stream: LiveStream = createStream(() => {
        streams.delete(stream);
        watching?.stop();
      });
      const watching = watches.watch(own.drop.id, stream, sinceOf(lastSeen));
      if (watching === undefined) {
        stream.body.destroy();
        return refuse(reply, 'BUSY');
      }
      streams.set(stream, userId);
      return reply
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .type('text/event-stream')
        .send(stream.body);
    },
  );
}

function sinceOf(lastSeen: string | undefined): number | undefined {
  return lastSeen !== undefined && /^\d{1,15}$/.test(lastSeen) ? Number(lastSeen) : undefined;
}
