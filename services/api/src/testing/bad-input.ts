/** Judges every bad case: a clear 4xx with code, words and a place; never 5xx; nothing half-saved; and the next right request is answered. */
import type { Problem } from '@hub/contract';
import { type BadCase, badCases, wrongDrafts } from './bad-input-cases.ts';
import type { TestApi } from './harness.ts';
import { must, publishedWorkflow, snapshot } from './resources.ts';

export interface BadInputFigures {
  tried: number;
  clear: number;
  serverErrors: number;
  groups: Record<string, number>;
  wrong: string[];
}

async function judge(api: TestApi, one: BadCase): Promise<string | null> {
  const answer = await api.ask(one.url, one.ask);
  const shown = `${one.group}, ${one.name}: ${answer.statusCode} ${answer.body.slice(0, 300)}`;
  if (answer.statusCode < 400 || answer.statusCode >= 500) return shown;
  if (!String(answer.headers['content-type']).startsWith('application/problem+json')) return `${shown} (no problem document)`;
  const problem = answer.json() as Problem;
  const place = problem.errors?.[0]?.path;
  if (!problem.code || !problem.detail || problem.status !== answer.statusCode) return `${shown} (not clear)`;
  return place === undefined || place === '' ? `${shown} (names no place)` : null;
}

/** Runs all cases one after another against a team of their own. */
export async function tryBadInput(api: TestApi, log: (line: string) => void = () => undefined): Promise<BadInputFigures> {
  const team = await api.makeTeam();
  const workflowId = await publishedWorkflow(api, team);
  const run = await must(api, `/api/v1/workflows/${workflowId}/runs`, { key: team.keys.runner, body: { input: { text: 'a' } } });
  const drafts: string[] = [];
  for (const definition of wrongDrafts)
    drafts.push(String((await must(api, '/api/v1/workflows', { key: team.keys.editor, body: { name: 'Draft', definition } }))['id']));
  const cases = badCases(team, { workflowId, runId: String(run['id']), drafts });
  // The keys' own time of use is written at most once a minute: use them before looking.
  for (const key of Object.values(team.keys)) await api.ask('/api/v1/me', { key });
  const before = await snapshot(api, team.id);
  const figures: BadInputFigures = { tried: cases.length, clear: 0, serverErrors: 0, groups: {}, wrong: [] };
  for (const one of cases) {
    const fault = await judge(api, one);
    figures.groups[one.group] = (figures.groups[one.group] ?? 0) + 1;
    if (fault === null) figures.clear += 1;
    else {
      figures.wrong.push(fault);
      if (/: 5\d\d /.test(fault)) figures.serverErrors += 1;
      log(fault);
    }
  }
  const after = await snapshot(api, team.id);
  // Refused uploads leave blobs behind that the sweep takes (02, "Blobs"); nothing names them.
  for (const [table, digest] of before)
    if (!table.startsWith('blob') && after.get(table) !== digest) figures.wrong.push(`something was half-saved in ${table}`);
  const well = await api.ask(`/api/v1/workflows/${workflowId}/runs`, { key: team.keys.runner, body: { input: { text: 'still there' } } });
  if (well.statusCode !== 202) figures.wrong.push(`the next right request was answered ${well.statusCode}`);
  return figures;
}
