/** A refusal that says of each field what is wrong with it. */
import type { FastifyReply } from 'fastify';
import type { Refused } from '../../commerce/drops/check-change.ts';
import type { Problem, Warning } from '../../commerce/drops/finding.ts';
import { describeError } from '../../contracts/errors.ts';
import { Refusal } from '../plugins/problems.ts';

interface Named {
  readonly problems: readonly (Problem | Refused)[];
  readonly warnings?: readonly Warning[];
}

export class DropRefusal extends Refusal {
  readonly named: Named;

  constructor(code: 'DROP_IMPOSSIBLE' | 'DROP_FIXED', named: Named) {
    super(code, {
      detail: named.problems
        .map(({ message }) => message)
        .join(' ')
        .slice(0, 2_000),
    });
    this.name = 'DropRefusal';
    this.named = named;
  }
}

/** Problem documents have no room for lists; this one has. */
export async function tellingProblems(reply: FastifyReply, work: () => Promise<unknown>): Promise<FastifyReply> {
  try {
    await work();
    return reply;
  } catch (error) {
    if (!(error instanceof DropRefusal)) throw error;
    const { code, detail, named } = error;
    const { status, text } = describeError(code);
    const document = { type: `urn:dropgate:${code}`, title: text, status, code, detail };
    return reply
      .code(status)
      .type('application/problem+json')
      .send({ ...document, problems: named.problems, warnings: named.warnings ?? [] });
  }
}
