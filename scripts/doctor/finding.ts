/** What one check found. */
export interface Finding {
  readonly name: string;
  /** `missing` keeps something from working; `note` is worth knowing and keeps nothing from working. */
  readonly status: 'ok' | 'note' | 'missing';
  readonly detail: string;
  /** What to do about it. */
  readonly mend?: string;
}

const MARKS = { ok: '✓', note: '·', missing: '✗' } as const;

export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length), 4);
  const rows = findings.map(({ name, status, detail, mend }) => {
    const indent = ' '.repeat(width + 15);
    const shown = detail.replaceAll('\n', `\n${indent}`);
    const row = `  ${MARKS[status]} ${name.padEnd(width)}  ${status.padEnd(7)}  ${shown}`.trimEnd();
    return mend === undefined ? row : `${row}\n${indent}→ ${mend.replaceAll('\n', `\n${indent}  `)}`;
  });
  const missing = findings.filter(({ status }) => status === 'missing').length;
  const verdict =
    missing === 0 ? 'Nothing is missing.' : `${missing} of ${findings.length} checks found something to mend.`;
  return `${rows.join('\n')}\n\n${verdict}\n`;
}

export function messageOf(error: unknown): string {
  // A refused connection to a name with several addresses is an error with no message but many causes.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
