import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..');
const exact = { additionalProperties: false } as const;
const Rules = Type.Object(
  {
    groups: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          rules: Type.Array(
            Type.Object(
              {
                alert: Type.String({ pattern: '^Dropgate[A-Za-z]+$' }),
                expr: Type.String(),
                for: Type.Optional(Type.String({ pattern: '^\\d+m$' })),
                labels: Type.Object({ severity: Type.Union([Type.Literal('page'), Type.Literal('ticket')]) }, exact),
                annotations: Type.Object({ summary: Type.String(), runbook: Type.String() }, exact),
              },
              exact,
            ),
          ),
        },
        exact,
      ),
    ),
  },
  exact,
);

const text = readFileSync(join(ROOT, 'ops/alerts/dropgate.rules.yml'), 'utf8');
const rules = Value.Parse(Rules, parse(text)).groups.flatMap((group) => group.rules);

/** The figures of our own that some process makes, by their name in the code. */
const made = new Set(
  globSync('{edge,queue-workers,store-api,platform}/**/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts'] }).flatMap(
    (file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/name: '(dropgate_[a-z_]+)'/g)].map(([, name = '']) => name),
  ),
);

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

describe('the alerts', () => {
  it('have names of their own', () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it.each(rules)('$alert is about figures that there are', ({ expr }) => {
    const named = [...expr.matchAll(/dropgate_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, ''));
    expect(named.filter((name) => !made.has(name))).toEqual([]);
    expect(named.length + (expr.match(/\bup\b|nodejs_/g)?.length ?? 0)).toBeGreaterThan(0);
  });

  it.each(rules)('$alert says where it is written what to do', ({ annotations }) => {
    const [file = '', anchor] = annotations.runbook.split('#');
    const headings = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.+)$/gm)].map(
      ([, heading = '']) => heading,
    );
    expect(headings.map(anchorOf)).toContain(anchor);
  });
});
