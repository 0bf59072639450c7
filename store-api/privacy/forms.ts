import Type from 'typebox';
import type { PrivacyRequest } from '../../db/queries/privacy/requests.ts';

const time = Type.Union([Type.Integer(), Type.Null()]);

export const Asked = Type.Object({
  id: Type.String(),
  kind: Type.String({ description: 'export or erasure' }),
  state: Type.String({
    description: 'waiting, working, done, refused (see refusal), withdrawn, or failed (ask again)',
  }),
  askedAt: Type.Integer(),
  dueAt: Type.Union([Type.Integer(), Type.Null()], {
    description: 'When it is worked on. Until then an erasure can be called off.',
  }),
  doneAt: time,
  refusal: Type.Union([Type.String(), Type.Null()]),
  fileUntil: Type.Union([Type.Integer(), Type.Null()], { description: 'Until when the file of an export is kept.' }),
});
export const AskedPage = Type.Object({ items: Type.Array(Asked), nextCursor: Type.Null() });

export function askedOf(request: PrivacyRequest): Type.Static<typeof Asked> {
  const { id, kind, state, askedAt, dueAt, doneAt, refusal, expiresAt } = request;
  const fileUntil = kind === 'export' && state === 'done' ? (expiresAt?.getTime() ?? null) : null;
  return {
    ...{ id, kind, state, refusal, fileUntil },
    ...{ askedAt: askedAt.getTime(), dueAt: dueAt?.getTime() ?? null, doneAt: doneAt?.getTime() ?? null },
  };
}
