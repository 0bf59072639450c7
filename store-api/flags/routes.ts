import Type from 'typebox';
import { FLAG_NAMES, FLAG_STATES, FLAGS, type FlagName, type FlagState } from '../../contracts/flags.ts';
import { switchFlag } from '../../db/queries/flags/flags.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import { LOAD_LEVELS, type LoadLevel } from '../pressure/load.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actPrivileged } from '../users/privileged.ts';

const config = { access: onlyFor('admin'), priority: 'critical' } as const;
const tags = ['running'];

const Name = Type.Unsafe<FlagName>(Type.Union(FLAG_NAMES.map((name) => Type.Literal(name))));
const State = Type.Unsafe<FlagState>(Type.Union(FLAG_STATES.map((state) => Type.Literal(state))));
const Level = Type.Unsafe<LoadLevel>(Type.Union(LOAD_LEVELS.map((level) => Type.Literal(level))));

const Flag = Type.Object({
  ...{ name: Name, about: Type.String(), state: State },
  isOn: Type.Boolean({ description: 'Whether it has its effect now, in the process that answers.' }),
  updatedAt: Type.Union([Type.Integer(), Type.Null()]),
});
const Load = Type.Object(
  {
    level: Level,
    eventLoopDelayMs: Type.Number(),
    requestsInFlight: Type.Integer(),
    databaseWaiting: Type.Integer(),
  },
  { description: 'Of the process that answers.' },
);
const Answer = Type.Object({ items: Type.Array(Flag), load: Load });
const refusals = { 400: Problem, 401: Problem, 403: Problem };

export function flagRoutes(app: StoreApp, services: StoreServices): void {
  const { flags, load } = services;
  const answer = () => ({
    items: flags.list().map((flag) => ({ ...flag, about: FLAGS[flag.name] })),
    load: { level: load.level, ...load.sample },
  });

  app.get(
    '/admin/flags',
    {
      config,
      schema: {
        ...{ summary: 'What the store can do without, how it is switched, and how loaded it is', tags },
        response: { 200: Answer, ...refusals },
      },
    },
    async () => answer(),
  );

  app.put(
    '/admin/flags/:name',
    {
      config,
      schema: {
        summary: 'Switches something on or off, or leaves it to the store',
        description: 'Every process of the store knows within a second.',
        tags,
        params: Type.Object({ name: Name }),
        body: Type.Object({ state: State }, { additionalProperties: false }),
        response: { 200: Answer, ...refusals },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const [{ name }, { state }] = [request.params, request.body];
      const act = { action: 'flag.switched', subjectKind: 'flag', subjectId: name, detail: { state } };
      await actPrivileged(services, caller, act, (client) => switchFlag(client, name, state, caller.userId));
      await flags.refresh();
      return answer();
    },
  );
}

export const FLAG_ROUTES = [flagRoutes] as const;
