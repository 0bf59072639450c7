import type { Readable } from 'node:stream';
import Type from 'typebox';
import { findImage } from '../../db/queries/reviews/images.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { keyOf } from './picture-keys.ts';
import { PICTURE_SIZES, PICTURE_TYPE, type PictureSize } from './read-picture.ts';
import { Id } from './schemas.ts';
import { maySeeUnpublished, viewerOf } from './viewer.ts';

const Params = Type.Object({
  id: Id(),
  size: Type.Unsafe<PictureSize>(Type.Union(PICTURE_SIZES.map((size) => Type.Literal(size)))),
});

const Shown = {
  description: 'The picture',
  content: { [PICTURE_TYPE]: { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) } },
};

/** What has this address never changes. A week, not a year: what a moderator takes away is gone everywhere after it. */
const FOR_A_WEEK = 'public, max-age=604800, immutable';
const FOR_NOBODY_ELSE = 'private, no-store';

export function showImageRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/images/:id/:size',
    {
      config: { access: EVERYBODY, priority: 'low' },
      schema: {
        summary: 'A picture of a review, as WebP',
        description:
          'Kept by browsers and caches for a week. Of a review that is not published, only for its author and moderators.',
        tags: ['reviews'],
        params: Params,
        response: { 200: Shown, 304: Type.Null(), 400: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { id, size } = request.params;
      const image = await findImage(services.database, id);
      if (image === undefined) throw new Refusal('NOT_FOUND');
      const isPublic = image.reviewStatus === 'PUBLISHED';
      if (!isPublic && !maySeeUnpublished(await viewerOf(services, request), image.authorId)) {
        throw new Refusal('NOT_FOUND');
      }
      const etag = `"${id}.${size}"`;
      reply.header('cache-control', isPublic ? FOR_A_WEEK : FOR_NOBODY_ELSE).header('etag', etag);
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null);
      const object = await services.objects.get(keyOf(id, size));
      if (object === undefined) throw new Refusal('NOT_FOUND');
      // Were a browser to open it as a page after all, nothing in it would run.
      return reply
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('content-length', object.bytes)
        .type(PICTURE_TYPE)
        .send(object.body);
    },
  );
}
