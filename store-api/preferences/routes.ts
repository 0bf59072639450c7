import Type from 'typebox';
import { findPreferences, putPreferences } from '../../db/queries/preferences.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const fields = {
  language: Type.String({ pattern: '^[a-z]{2}(-[A-Z]{2})?$' }),
  currency: Type.Union([Type.String({ pattern: '^[A-Z]{3}$' }), Type.Null()]),
  orderMails: Type.Boolean({ description: 'About orders and payments.' }),
  reminderMails: Type.Boolean({ description: 'Before a drop, and about what was left in a cart. False unsubscribes.' }),
  orderPush: Type.Boolean({ description: 'The same about orders, in the browsers of POST /me/push-subscriptions.' }),
  reminderPush: Type.Boolean({ description: 'The same as reminders there.' }),
};
const Preferences = Type.Object(fields);
const Change = Type.Partial(Type.Object(fields), { additionalProperties: false, minProperties: 1 });
/** Of who has chosen nothing. */
const NONE_CHOSEN = {
  ...{ language: 'en', currency: null, orderMails: true, reminderMails: true },
  ...{ orderPush: true, reminderPush: true },
};
const config = { access: SIGNED_IN };
const tags = ['preferences'];

function getRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = { summary: 'Language, currency, mails', tags, response: { 200: Preferences, 401: Problem } };
  app.get('/me/preferences', { config, schema }, async (request) => {
    const found = await findPreferences(database, callerOf(request).userId);
    return found ?? NONE_CHOSEN;
  });
}

function changeRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'Changes what is given, and leaves the rest',
    tags,
    body: Change,
    response: { 200: Preferences, 400: Problem, 401: Problem, 404: Problem },
  };
  app.patch('/me/preferences', { config, schema }, async (request, reply) => {
    const saved = await putPreferences(database, callerOf(request).userId, request.body);
    return saved ?? refuse(reply, 'NOT_FOUND');
  });
}

export const preferencesRoutes = [getRoute, changeRoute];
