/** Pictures of reviews: taken in from their authors, shown to everybody who sees the review. */
import { createHash } from 'node:crypto';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { findReview } from '../../db/queries/reviews/find-review.ts';
import { beginImage, finishImage, giveUpImage, type ImageFacts, removeImage } from '../../db/queries/reviews/images.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { createGate } from '../search/gate.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { bytesOf, createPicturesInHand, streamOf } from './picture-body.ts';
import { keyOf } from './picture-keys.ts';
import { PICTURE_SIZES, PICTURE_TYPE, PICTURE_TYPES, type Picture, readPicture } from './read-picture.ts';
import { ById, Id, ImageAnswer, shownImage, tags } from './schemas.ts';
import { lockOwn } from './write-routes.ts';

export function addImageRoute(app: StoreApp, services: StoreServices): void {
  const begin = createPicturesInHand();
  const { imagesAtOnce: atOnce, imagesArriving: waiting } = LIMITS;
  const gate = createGate({ atOnce, waiting, detail: 'Many are sending pictures just now.' });
  app.register((scope: StoreApp, _options, done) => {
    // Not read here: who may not send one, or has sent enough, is told so before their eight megabytes are taken.
    scope.addContentTypeParser([...PICTURE_TYPES], (_request, payload, parsed) => parsed(null, payload));
    scope.post(
      '/reviews/:id/images',
      {
        // The same picture again is the same: it is known by its bytes.
        config: { access: SIGNED_IN, idempotency: 'none' },
        schema: {
          summary: 'Adds a picture to one’s review: the file itself as the body',
          description: `At most ${LIMITS.imagesPerReview} of a review, each of at most ${LIMITS.imageBytes / 1_048_576} MB and ${LIMITS.imagePixels / 1e6} million pixels. What is shown is encoded anew, without what the file says of place and camera.`,
          consumes: [...PICTURE_TYPES],
          ...{ tags, params: ById },
          response: {
            200: ImageAnswer,
            201: ImageAnswer,
            400: Problem,
            404: Problem,
            409: Problem,
            413: Problem,
            422: Problem,
          },
        },
      },
      async (request, reply) => {
        const body = streamOf(request.body);
        const { userId } = callerOf(request);
        const { id: reviewId } = request.params;
        try {
          const review = await findReview(services.database, reviewId);
          if (review === undefined || review.authorId !== userId) throw new Refusal('NOT_FOUND');
          const end = begin(userId);
          try {
            const bytes = await bytesOf(body);
            const picture = await gate.run(() => readPicture(bytes));
            const taken = await takePicture(services, { reviewId, userId, bytes, picture });
            return reply.code(taken.isNew ? 201 : 200).send(shownImage(taken));
          } finally {
            end();
          }
        } finally {
          // What was not read is of no use: the connection is not kept waiting for it.
          body.resume();
        }
      },
    );
    done();
  });
}

interface Sent {
  readonly reviewId: string;
  readonly userId: string;
  readonly bytes: Buffer;
  readonly picture: Picture;
}

/** The row first, then the bytes, then the row says ready: whatever dies in between, the row tells what to remove. */
async function takePicture(services: StoreServices, { reviewId, userId, bytes, picture }: Sent) {
  const { database, objects, nextId } = services;
  const digest = createHash('sha256').update(bytes).digest();
  const begun = await withTransaction(database, async (client) => {
    await lockOwn(client, reviewId, userId);
    const wanted = { id: nextId(), reviewId, digest, most: LIMITS.imagesPerReview };
    const found = await beginImage(client, wanted);
    if (found === undefined) throw new Refusal('TOO_MANY', { detail: `A review has at most ${wanted.most} pictures.` });
    return found;
  });
  const { id } = begun;
  const facts = factsOf(picture);
  if (begun.isReady) return { id, ...facts, isNew: false };
  try {
    for (const size of PICTURE_SIZES) {
      await objects.put(keyOf(id, size), picture.sizes[size], { contentType: PICTURE_TYPE });
    }
  } catch (error) {
    // Its place is free again at once; where this fails too, the worker finds the row by its age.
    await giveUpImage(database, id).catch(() => undefined);
    throw error;
  }
  const keys = PICTURE_SIZES.map((size) => keyOf(id, size));
  const isThere = await withTransaction(database, async (client) => {
    // Its review is changed by what follows, and others lock the review before its pictures.
    await client.query('select from reviews where id = $1::uuid for no key update', [reviewId]);
    return await finishImage(client, id, facts, keys);
  });
  if (!isThere) throw new Refusal('NOT_FOUND');
  return { id, ...facts, isNew: true };
}

const factsOf = ({ width, height, sizes }: Picture): ImageFacts => ({ width, height, bytes: sizes.large.length });

export function removeImageRoute(app: StoreApp, services: StoreServices): void {
  app.delete(
    '/reviews/:id/images/:imageId',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Takes a picture of one’s review away',
        ...{ tags, params: Type.Object({ id: Id(), imageId: Id() }), response: { 204: Type.Null(), 404: Problem } },
      },
    },
    async (request, reply) => {
      const { id, imageId } = request.params;
      await withTransaction(services.database, async (client) => {
        await lockOwn(client, id, callerOf(request).userId);
        if (!(await removeImage(client, id, imageId))) throw new Refusal('NOT_FOUND');
      });
      return reply.code(204).send(null);
    },
  );
}
