import { Validator } from '@seriousme/openapi-schema-validator';
import Type, { type Static } from 'typebox';
import { beforeAll, describe, expect, it } from 'vitest';
import { useStore } from '../../test/fixtures/store.ts';
import { objectAt, shapedAt } from '../../test/fixtures/told.ts';

const store = useStore();
const Operation = Type.Object({
  operationId: Type.Optional(Type.String()),
  tags: Type.Optional(Type.Array(Type.String())),
  summary: Type.Optional(Type.String()),
  responses: Type.Record(
    Type.String(),
    Type.Object({ content: Type.Optional(Type.Record(Type.String(), Type.Unknown())) }),
  ),
});
type Operation = Static<typeof Operation>;
const Paths = Type.Record(Type.String(), Type.Record(Type.String(), Operation));
let operations: (readonly [string, Operation])[] = [];
let document: Readonly<Record<string, unknown>> = {};

beforeAll(async () => {
  const { body } = await store.call('GET', '/openapi.json');
  document = objectAt(body);
  const paths = shapedAt(Paths, body, 'paths');
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
});

describe('the OpenAPI document', () => {
  it('is one, says a validator that is not ours', async () => {
    const answer = await new Validator().validate(structuredClone(document));
    expect(answer.errors).toBeUndefined();
    expect(answer.valid).toBe(true);
    expect(document['openapi']).toBe('3.1.0');
  });

  it('names every operation once, and says what it is for and who may call it', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(ids.every((id) => typeof id === 'string' && /^[a-z][A-Za-z0-9]+$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    const incomplete = operations.filter(
      ([, operation]) =>
        (operation.tags ?? []).length === 0 || (operation.summary ?? '') === '' || !('x-access' in operation),
    );
    expect(incomplete.map(([route]) => route)).toEqual([]);
  });

  it('has one form for every refusal', () => {
    const shared = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
    const others = operations.flatMap(([route, { responses }]) =>
      Object.entries(responses)
        .filter(
          ([status, { content }]) => Number(status) >= 400 && route !== 'GET /ready' && !sameJson(content, shared),
        )
        .map(([status]) => `${route} ${status}`),
    );
    expect(others).toEqual([]);
  });

  it('is a page for people that needs nothing from elsewhere', async () => {
    const page = await store.call('GET', '/docs/');
    expect(page.status).toBe(200);
    const links = [...page.text.matchAll(/(?:src|href)="(?<link>[^"]+)"/g)].map(
      (match) => match.groups?.['link'] ?? '',
    );
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      expect(link).not.toMatch(/^(https?:)?\/\//);
      expect((await store.call('GET', `/docs/${link.replace(/^\.\/|^\/docs\//, '')}`)).status, link).toBe(200);
    }
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  });
});

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
