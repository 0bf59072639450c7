/** Experiments with recommendations: made, started, stopped, and what they have shown. */
import Type from 'typebox';
import { readArms } from '../../commerce/experiments/arms.ts';
import { reportOn } from '../../commerce/experiments/report.ts';
import { LIMITS } from '../../contracts/limits.ts';
import {
  findExperiment,
  insertExperiment,
  listExperiments,
  type StoredExperiment,
  stepExperiment,
} from '../../db/queries/experiments/experiments.ts';
import { findArmRevenue, findArmSums, findOutcomeDays } from '../../db/queries/experiments/find-outcomes.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actPrivileged } from '../users/privileged.ts';
import { ExperimentBody, ExperimentShown, Name, problemOf, ReportAnswer } from './forms.ts';

const config = { access: onlyFor('admin') } as const;
const tags = ['recommendations'];
const refusals = { 400: Problem, 401: Problem, 403: Problem };
const params = Type.Object({ name: Name() });
const DAYS_SHOWN = 200;

export function experimentRoutes(app: StoreApp, services: StoreServices): void {
  const { database } = services;
  const act = (action: string, name: string) => ({
    action: `experiment.${action}`,
    ...{ subjectKind: 'experiment', subjectId: name },
  });

  app.get(
    '/admin/experiments',
    {
      config,
      schema: {
        ...{ summary: 'Experiments with recommendations', tags },
        querystring: Type.Object(
          { cursor: Type.Optional(Name()), limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            items: Type.Array(ExperimentShown),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
          ...refusals,
        },
      },
    },
    async ({ query: { cursor = null, limit } }) => {
      const found = await listExperiments(database, { after: cursor, limit: limit + 1 });
      const page = found.slice(0, limit);
      return { items: page.map(shown), nextCursor: found.length > limit ? (page.at(-1)?.name ?? null) : null };
    },
  );

  app.post(
    '/admin/experiments',
    {
      config,
      schema: {
        summary: 'Makes an experiment, which then waits to be started',
        ...{ tags, body: ExperimentBody },
        response: { 201: ExperimentShown, ...refusals, 409: Problem },
      },
    },
    async (request, reply) => {
      const { name, arms, note } = request.body;
      const problem = problemOf(arms);
      if (problem !== undefined) return refuse(reply, 'INVALID', problem);
      const caller = callerOf(request);
      const made = await actPrivileged(services, caller, act('made', name), async (client) => {
        const given = { name, arms, note, createdBy: caller.userId, most: LIMITS.experiments };
        const answer = await insertExperiment(client, given);
        if (answer !== 'made') throw new Refusal(answer === 'taken' ? 'NAME_TAKEN' : 'TOO_MANY');
        return await findExperiment(client, name);
      });
      if (made === undefined) return refuse(reply, 'INTERNAL');
      return await reply.code(201).send(shown(made));
    },
  );

  app.get(
    '/admin/experiments/:name',
    {
      config,
      schema: {
        summary: 'What an experiment has shown so far',
        description:
          'Shoppers are compared, as each sees one arm. Look once, when there are as many as it takes: who looks every day finds a difference where there is none.',
        ...{ tags, params },
        response: { 200: ReportAnswer, ...refusals, 404: Problem },
      },
    },
    async ({ params: { name } }, reply) => {
      const found = await findExperiment(database, name);
      if (found === undefined) return refuse(reply, 'NOT_FOUND');
      const [sums, revenue, days] = await Promise.all([
        findArmSums(database, name),
        findArmRevenue(database, name),
        findOutcomeDays(database, name, DAYS_SHOWN),
      ]);
      const experiment = shown(found);
      return { ...experiment, report: reportOn(experiment.arms, sums), revenue, days };
    },
  );

  for (const [word, to, summary] of [
    ['start', 'running', 'Starts an experiment; every store knows within seconds'],
    ['stop', 'stopped', 'Stops an experiment for good: who saw its arms would not be new to them'],
  ] as const) {
    app.post(
      `/admin/experiments/:name/${word}`,
      {
        config,
        schema: {
          ...{ summary, tags, params },
          response: { 200: ExperimentShown, ...refusals, 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { name } = request.params;
        const stepped = await actPrivileged(services, callerOf(request), act(to, name), async (client) => {
          const step = await stepExperiment(client, name, to);
          if (step === 'not-there') throw new Refusal('NOT_FOUND');
          if (step === 'another-runs') throw new Refusal('EXPERIMENT_RUNNING');
          if (step === 'not-now') throw new Refusal('STEP_REFUSED', { detail: REFUSED[word] });
          return await findExperiment(client, name);
        });
        return stepped === undefined ? refuse(reply, 'NOT_FOUND') : shown(stepped);
      },
    );
  }
}

const REFUSED = {
  start: 'It was stopped. Make another one.',
  stop: 'It has not been started.',
} as const;

function shown({ arms, ...experiment }: StoredExperiment) {
  return { ...experiment, arms: [...(readArms(arms) ?? [])] };
}
