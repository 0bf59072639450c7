/**
 * Bodies are taken as they are: "1" is no number and null is no empty text. The server's own validation turns one into the
 * other, which is right for paths and queries, where everything is text. In JSON it hides mistakes, and worse: null for
 * "none" would be stored as nothing, or as zero. So what has another type than its form says is refused before that.
 */
import type { FastifyRequest } from 'fastify';
import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { StoreApp } from '../store-app.ts';
import { Refusal } from './problems.ts';

export function refuseOtherTypes(app: StoreApp): void {
  // Four hundred nines in a query become Infinity, and the bounds of a number are not held against that (Ajv takes it for
  // no number at all then): one such request kept a store busy for ever.
  app.addHook('preHandler', async ({ query, params }) => {
    if (hasInfinity(query) || hasInfinity(params)) throw new Refusal('INVALID', { detail: 'A number is too large.' });
  });
  app.addHook('onRoute', (route) => {
    const schema = route.schema?.body;
    if (!isSchema(schema)) return;
    const form = Compile(schema);
    const refuse = async ({ body }: FastifyRequest): Promise<void> => {
      if (form.Check(body)) return;
      // Whatever else is wrong, the validation itself tells.
      const wrong = form.Errors(body).find(({ keyword }) => keyword === 'type');
      if (wrong !== undefined) throw new Refusal('INVALID', { detail: `body${wrong.instancePath} ${wrong.message}` });
    };
    // After what the route itself looks at: a number of a card, for one, has an answer of its own.
    route.preValidation = [...[route.preValidation ?? []].flat(), refuse];
  });
}

function hasInfinity(values: unknown): boolean {
  return typeof values === 'object' && values !== null && Object.values(values).flat().some(isInfinite);
}

const isInfinite = (value: unknown) => typeof value === 'number' && !Number.isFinite(value);

function isSchema(body: unknown): body is Type.TSchema {
  return typeof body === 'object' && body !== null;
}
