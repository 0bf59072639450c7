import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { countTranslations, deleteTranslation, writeTranslation } from '../../db/queries/write-product.ts';
import { sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerWritten } from './answer.ts';
import { changeOwnProduct } from './own.ts';
import { Language, ProductAnswer, TranslationBody, Uuid } from './schemas.ts';

const config = { access: sellers('catalog') };
const params = Type.Object({ id: Uuid(), language: Language() });
const response = { 200: ProductAnswer, 400: Problem, 404: Problem, 409: Problem, 412: Problem };

export function translationRoutes(app: StoreApp, services: StoreServices): void {
  app.put(
    '/products/:id/translations/:language',
    {
      config,
      schema: {
        summary: 'Title and description in one more language',
        tags: ['products'],
        params,
        body: TranslationBody,
        response,
      },
    },
    async (request, reply) => {
      const { id: productId, language } = request.params;
      await changeOwnProduct(services, request, { productId, action: 'translation.write' }, async ({ change }) => {
        await writeTranslation(change.client, productId, { language, ...request.body });
        const isMore = (await countTranslations(change.client, productId)) > LIMITS.translationsPerProduct;
        if (isMore) throw new Refusal('TOO_MANY');
      });
      return await answerWritten(services, reply, productId);
    },
  );

  app.delete(
    '/products/:id/translations/:language',
    { config, schema: { summary: 'Takes a translation away', tags: ['products'], params, response } },
    async (request, reply) => {
      const { id: productId, language } = request.params;
      await changeOwnProduct(services, request, { productId, action: 'translation.remove' }, async ({ change }) => {
        if (!(await deleteTranslation(change.client, productId, language))) throw new Refusal('NOT_FOUND');
      });
      return await answerWritten(services, reply, productId);
    },
  );
}
