/** The line: the crowd between the smallest and the largest, which the costs were fitted to. */
import { straightThrough } from '../fit.ts';
import type { Reports } from '../reports.ts';
import type { Seeker } from '../seek.ts';
import { lineShares } from '../unit-costs.ts';
import { type CheckSpec, takenForTheSame } from './check.ts';

const MIB = 2 ** 20;
const FITTED = 'the smallest and the largest crowd';

/** The second of a curve of three or more. */
export function lineChecks(reports: Reports): CheckSpec[] {
  const sockets = reports.line?.curves['sockets']?.slice(1, -1).at(-1)?.['sockets'] ?? 10_000;
  const at = (seeker: Seeker, column: string): number =>
    seeker.seek('line', '', `curves.sockets[sockets=${sockets}].${column}`).value;
  const name = Number(sockets).toLocaleString('en-US');
  return [
    {
      point: `line: memory that the edges grew by with ${name} sockets`,
      madeFrom: `${FITTED}: so much an edge, so much a socket`,
      unit: 'MiB',
      predict(seeker) {
        const { bytes, bytesPerSocket } = lineShares(seeker);
        return {
          predicted: (bytes.value * at(seeker, 'edges') + bytesPerSocket.value * at(seeker, 'sockets')) / MIB,
          measured: (at(seeker, 'bytes/socket') * at(seeker, 'sockets')) / MIB,
        };
      },
    },
    {
      point: `line: cores of the edges while ${name} wait`,
      madeFrom: `${FITTED}: so much an edge, so much a socket`,
      unit: 'cores',
      predict(seeker) {
        const { idleCores, idleCoresPerSocket } = lineShares(seeker);
        return {
          predicted: idleCores.value * at(seeker, 'edges') + idleCoresPerSocket.value * at(seeker, 'sockets'),
          measured: at(seeker, 'idle cores'),
        };
      },
    },
    {
      point: `line: p99 of a head move with ${name} sockets`,
      madeFrom: `${FITTED}: so much at least, and so much a socket`,
      unit: 'ms',
      predict(seeker) {
        const end = (pick: string) => ({
          x: seeker.seek('line', '', `curves.sockets[${pick}].sockets`).value,
          y: seeker.seek('line', '', `curves.sockets[${pick}].head p99 ms`).value,
        });
        const { fixed, each } = straightThrough(end('first'), end('last'));
        return { predicted: fixed + each * at(seeker, 'sockets'), measured: at(seeker, 'head p99 ms') };
      },
    },
    takenForTheSame({
      point: `line: joins/s of ${name} sockets`,
      madeFrom: 'the largest crowd: a join costs the same in any',
      ...{ unit: 'joins/s', source: 'line', from: ['metrics.joinsPerSecond'] },
      at: [`curves.sockets[sockets=${sockets}].joins/s`],
    }),
  ];
}
