/** Being reminded of a drop before its lobby opens: by mail and in subscribed browsers, as the preferences say. */
import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { addReminder, countReminders, findReminder, removeReminder } from '../../db/queries/drop-reminders.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const params = Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) });
const config = { access: SIGNED_IN };
const Reminder = Type.Object({
  dropId: Type.String(),
  isWanted: Type.Boolean(),
  toldAt: Type.Union([Type.Integer(), Type.Null()], { description: 'When the shopper was reminded.' }),
});
const response = { 200: Reminder, 400: Problem, 401: Problem, 404: Problem, 409: Problem };

export function reminderRoutes(app: StoreApp, { database, clock }: StoreServices): void {
  const schema = { tags: ['drops'], params, response };
  const reminderOf = async (dropId: string, userId: string) => {
    const found = await findReminder(database, dropId, userId);
    return { dropId, isWanted: found !== undefined, toldAt: found?.toldAt ?? null };
  };

  app.get(
    '/drops/:id/reminder',
    { config, schema: { ...schema, summary: 'Whether one wants to be reminded of a drop' } },
    (request) => reminderOf(request.params.id, callerOf(request).userId),
  );

  app.post(
    '/drops/:id/reminder',
    { config, schema: { ...schema, summary: 'Asks to be reminded of a drop before it begins' } },
    async (request) => {
      const { id } = request.params;
      const { userId } = callerOf(request);
      const drop = await findDrop(database, id);
      if (drop === undefined || drop.state === 'draft') throw new Refusal('DROP_NOT_FOUND');
      const isOver = drop.state === 'ended' || drop.startsAt <= clock.now();
      if (isOver) throw new Refusal('DROP_STATE', { detail: 'It has begun: there is nothing to be reminded of.' });
      if ((await countReminders(database, userId, LIMITS.remindersPerUser)) >= LIMITS.remindersPerUser) {
        throw new Refusal('TOO_MANY');
      }
      await addReminder(database, id, userId);
      return await reminderOf(id, userId);
    },
  );

  app.delete(
    '/drops/:id/reminder',
    { config, schema: { ...schema, summary: 'Does not want to be reminded any more' } },
    async (request) => {
      await removeReminder(database, request.params.id, callerOf(request).userId);
      return await reminderOf(request.params.id, callerOf(request).userId);
    },
  );
}
