import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './run-command.ts';

export interface Step {
  readonly name: string;
  readonly command: Command;
  /** Once when it fails: what would mend it. */
  readonly remedy?: string;
}

/** What can be known without running anything. `node` is the Node that runs this: the others of a machine may be older. */
export function staticSteps(root: string, node: string): readonly Step[] {
  const tool = (file: string, ...args: string[]): Command => ({ file: node, args: [join(root, file), ...args] });
  const steps: Step[] = [
    { name: 'types', command: tool('node_modules/typescript/bin/tsc', '--noEmit') },
    {
      name: 'lint and format',
      command: tool('node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off'),
      remedy: 'npm run tidy mends what can be mended by itself',
    },
    {
      name: 'rooms',
      command: tool(
        'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        '.dependency-cruiser.mjs',
        '.',
      ),
      remedy: '.dependency-cruiser.mjs says what each room may import',
    },
  ];
  if (existsSync(join(root, 'scripts/lua-gen/main.ts'))) {
    steps.push({
      name: 'generated code',
      command: tool('scripts/lua-gen/main.ts', '--check'),
      remedy: 'npm run lua-gen makes it anew',
    });
  }
  if (existsSync(join(root, 'scripts/asyncapi/main.ts'))) {
    steps.push({
      name: 'published protocol',
      command: tool('scripts/asyncapi/main.ts', '--check'),
      remedy: 'npm run asyncapi -- --write makes it anew',
    });
  }
  return steps;
}
