import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

function display(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const screen = { isTTY, columns: 40, write: (text: string) => written.push(text) };
  const progress = new Progress(screen, () => now);
  return {
    progress,
    text: () => written.join(''),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('Progress', () => {
  it('writes whole lines where there is no terminal: one for a step, one for what takes long', () => {
    const { progress, text, pass } = display(false);
    const redis = progress.begin('redis');
    const kafka = progress.begin('kafka', 'fetching its jars');
    pass(1_230);
    redis.passing('not worth a line');
    redis.done('127.0.0.1:16379');
    kafka.failed('no way to the registry');
    kafka.done('and nothing more after its end');
    expect(text()).toBe(
      [
        '  … kafka      fetching its jars',
        '  ✓ redis        1.2 s  127.0.0.1:16379',
        '  ✗ kafka        1.2 s  no way to the registry',
        '',
      ].join('\n'),
    );
  });

  it('draws the steps under way again below what stays, never wider than the terminal', () => {
    const { progress, text, pass } = display(true);
    progress.begin('kafka', 'x'.repeat(100));
    pass(500);
    progress.line('edge died');
    const [first, second] = ['  … kafka        0.0 s  xxxxxxxxxxxxxxx\n', '  … kafka        0.5 s  xxxxxxxxxxxxxxx\n'];
    expect(text()).toBe(`${first}\u001b[1A\u001b[2Kedge died\n${second}`);
    progress.close();
    expect(text().endsWith('\u001b[1A\u001b[2K')).toBe(true);
  });
});
