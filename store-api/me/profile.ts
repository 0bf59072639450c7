import Type from 'typebox';
import { findUser, type StoredUser } from '../../db/queries/find-user.ts';
import { updateUser } from '../../db/queries/write-user.ts';
import { PersonName } from '../auth/forms.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

export const Person = Type.Object({
  id: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  name: Type.String(),
  role: Type.String(),
  status: Type.String(),
  createdAt: Type.Integer(),
});

export function personOf({ id, email, name, role, status, createdAt }: StoredUser): Type.Static<typeof Person> {
  return { id, email, name, role, status, createdAt: createdAt.getTime() };
}

export function getMeRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/me',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Who is signed in',
        tags: ['identity'],
        response: { 200: Person, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const user = await findUser(database, callerOf(request).userId);
      return user === undefined ? refuse(reply, 'NOT_FOUND') : personOf(user);
    },
  );
}

export function changeMeRoute(app: StoreApp, { database }: StoreServices): void {
  app.patch(
    '/me',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Changes one’s own name',
        tags: ['identity'],
        body: Type.Object({ name: PersonName }, { additionalProperties: false }),
        response: { 200: Person, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const user = await updateUser(database, callerOf(request).userId, { name: request.body.name });
      return user === undefined ? refuse(reply, 'NOT_FOUND') : personOf(user);
    },
  );
}
