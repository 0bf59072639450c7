/** Pause, go on, end. Shoppers notice within a second: queue-workers/drops tells the regions. */
import type { StoredDrop } from '../../db/drop-rows.ts';
import { setDropState } from '../../db/queries/drops/write-drop.ts';
import { suspendedOf } from '../../db/queries/merchants/suspended.ts';
import { sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { WholeDropAnswer } from './answers.ts';
import { ById } from './forms.ts';
import { changeOwnDrop } from './own.ts';

type State = StoredDrop['state'];

interface Step {
  readonly name: 'pause' | 'resume' | 'end';
  readonly summary: string;
  readonly from: readonly State[];
  readonly to: State;
}

const STEPS: readonly Step[] = [
  {
    name: 'pause',
    summary: 'Nobody is admitted and nothing can be claimed until it goes on; everybody keeps their place',
    from: ['scheduled'],
    to: 'paused',
  },
  { name: 'resume', summary: 'Goes on with a drop that was paused', from: ['paused'], to: 'scheduled' },
  {
    name: 'end',
    summary: 'Ends a drop now. What is not sold goes back to the shelves once the last payment is decided',
    from: ['scheduled', 'paused'],
    to: 'ended',
  },
];

export function dropStepRoutes(app: StoreApp, services: StoreServices): void {
  for (const { name, summary, from, to } of STEPS) {
    app.post(
      `/seller/drops/:id/${name}`,
      {
        config: { access: sellers('drops'), idempotency: 'own' },
        schema: {
          summary,
          tags: ['seller drops'],
          params: ById,
          response: { 200: WholeDropAnswer, 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const act = { dropId: request.params.id, action: `drop.${name}` };
        return await changeOwnDrop(services, request, reply, act, async ({ client, own: { drop } }) => {
          if (!from.includes(drop.state) || services.clock.now() >= drop.endsAt) throw wrongState(name, drop, services);
          const isOfSuspended = (await suspendedOf(client, [drop.merchantId])).size > 0;
          if (name === 'resume' && isOfSuspended) {
            throw new Refusal('DROP_STATE', { detail: 'Its merchant is suspended: it stays paused, or is ended.' });
          }
          await setDropState(client, drop.id, to);
          return null;
        });
      },
    );
  }
}

function wrongState(name: string, { state, endsAt }: StoredDrop, { clock }: StoreServices): Refusal {
  const now = state !== 'draft' && clock.now() >= endsAt ? 'ended' : state;
  const instead = state === 'draft' && name === 'end' ? ' A draft is deleted.' : '';
  return new Refusal('DROP_STATE', { detail: `The drop is ${now}: ${name} does not apply.${instead}` });
}
