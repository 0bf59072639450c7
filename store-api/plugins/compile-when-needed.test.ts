import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { useStore } from '../../test/fixtures/store.ts';
import { EVERYBODY } from './access.ts';

const atStart = { overload: { eventLoopDelayMs: 600_000, heapBytes: 0 }, compileAtStart: true };

describe('schemas', () => {
  const store = useStore({ web: atStart });
  it('can be compiled, those of all routes', async () => {
    expect((await store.call('GET', '/health')).status).toBe(200);
  });
});

describe('a route whose schema is compiled with its first call', () => {
  const store = useStore({}, (app) => {
    const schema = {
      body: Type.Object({ size: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
      response: { 200: Type.Object({ size: Type.Integer() }) },
    };
    app.post('/sized', { config: { access: EVERYBODY }, schema }, async ({ body }) => ({ ...body, more: 'not shown' }));
  });
  it('refuses what does not fit, says where, and shows what its answer may have', async () => {
    for (const body of [{ size: 0 }, { size: 1, other: 2 }, {}]) {
      const refused = await store.call('POST', '/sized', { body });
      expect(refused.body).toMatchObject({ status: 400, code: 'INVALID', detail: expect.stringMatching(/^body/) });
    }
    expect((await store.call('POST', '/sized', { body: { size: 3 } })).body).toEqual({ size: 3 });
  });
});
