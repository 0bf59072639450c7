import { expect, it } from 'vitest';
import { messageOf, renderFindings } from './finding.ts';

it('shows each finding in a row, how to mend it below, and the verdict last', () => {
  const text = renderFindings([
    { name: 'node', status: 'ok', detail: '22.1.0' },
    { name: 'kafka', status: 'note', detail: 'does not run' },
    { name: 'ports', status: 'missing', detail: 'one\ntwo', mend: 'end them' },
  ]);
  expect(text).toBe(
    [
      '  ✓ node   ok       22.1.0',
      '  · kafka  note     does not run',
      '  ✗ ports  missing  one',
      '                    two',
      '                    → end them',
      '',
      '1 of 3 checks found something to mend.',
      '',
    ].join('\n'),
  );
});

it('names the causes of a failure that has no message of its own', () => {
  expect(messageOf(new AggregateError([new Error('refused on ::1'), new Error('refused on 127.0.0.1')]))).toBe(
    'refused on ::1; refused on 127.0.0.1',
  );
});
