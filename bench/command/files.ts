/** Where reports are written. What is wrong with a path is said before anything is measured, not ten minutes later. */
import { constants } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AskedFiles } from '../arguments.ts';
import { compareReports } from '../report/comparison.ts';
import { goalsOf } from '../report/goal-verdict.ts';
import { renderPage } from '../report/page/page.ts';
import type { Report } from '../report/report.ts';

/** Git-ignored, like everything else that is made here. */
const FOLDER = join(import.meta.dirname, '..', '..', '.dropgate', 'bench');

export interface ReportFiles {
  readonly json: string;
  readonly html: string;
}

export type PreparedFiles =
  | { readonly kind: 'ready'; readonly files: ReportFiles }
  | { readonly kind: 'unusable'; readonly problem: string };

export async function prepareFiles(name: string, asked: AskedFiles): Promise<PreparedFiles> {
  if (asked.jsonFile === undefined || asked.htmlFile === undefined) await mkdir(FOLDER, { recursive: true });
  const files = {
    json: resolve(asked.jsonFile ?? join(FOLDER, `${name}.json`)),
    html: resolve(asked.htmlFile ?? join(FOLDER, `${name}.html`)),
  };
  const problem =
    files.json === files.html
      ? `${files.json} cannot be both, JSON and a page.`
      : await whyUnwritable(files.json, files.html);
  return problem === undefined ? { kind: 'ready', files } : { kind: 'unusable', problem };
}

export async function writeReport(files: ReportFiles, report: Report, baseline?: Report): Promise<void> {
  const comparison = baseline === undefined ? {} : { comparison: compareReports(baseline, report) };
  const whole = { ...report, goals: goalsOf(report), ...comparison };
  await writeFile(files.json, `${JSON.stringify(whole, null, 2)}\n`);
  await writeFile(files.html, renderPage(report, baseline));
}

/** Of the first of them that cannot be written. */
export async function whyUnwritable(...files: readonly (string | undefined)[]): Promise<string | undefined> {
  for (const file of files) {
    const problem = file === undefined ? undefined : await problemOf(resolve(file));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function problemOf(file: string): Promise<string | undefined> {
  const folder = dirname(file);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return `${file} cannot be written: there is no folder ${folder}.`;
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) return `${file} cannot be written: it is a folder.`;
  return access(found === undefined ? folder : file, constants.W_OK).then(
    () => undefined,
    () => `${file} cannot be written: not allowed.`,
  );
}
