/**
 * F11: two teams, `--runs=200` runs each, interleaved in one worker. Every value of a run (inputs, outputs of steps and items, the run's output) carries
 * the mark of that run; 0 values may carry another's.
 */
import { randomUUID } from 'node:crypto';
import { asTeam, openDatabase, type Sql } from '@hub/db';
import { makeTeam, makeWorkflow } from '@hub/db/testing';
import { createRun } from '@hub/db/write';
import { setTimeout as delay } from 'node:timers/promises';
import { hubClient, inParallel } from './lib/hub.ts';
import type { Measured } from './lib/proof.ts';
import { startStack } from './lib/stack.ts';
import { demoTeam, publishedPlan } from './lib/team.ts';

/** Remembers what it can on the way: a global of the sandbox, a loop, a branch, texts and objects. */
const definition = {
  schemaVersion: 1,
  nodes: [
    { id: 'first', type: 'transform', config: { expression: '{"mark": input.mark, "list": [input.mark & ".0", input.mark & ".1"]}' } },
    {
      id: 'keep',
      type: 'code',
      config: { source: 'globalThis.seen = (globalThis.seen ?? "") + ctx.input.mark; Object.prototype.seen = undefined; return globalThis.seen' },
    },
    { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ nodes.first.output.list }}' } },
    { id: 'item', type: 'code', parent: 'each', config: { source: 'return { item: ctx.item, mark: ctx.nodes.first.output.mark }' } },
    { id: 'big', type: 'condition', config: { expression: '$contains(nodes.keep.output, input.mark)' } },
    { id: 'all', type: 'output', config: { name: 'all', value: 'run {{ input.mark }}: {{ nodes.each.output }} {{ nodes.keep.output }}' } },
  ],
  edges: [
    { from: 'first', to: 'keep' },
    { from: 'first', to: 'each' },
    { from: 'keep', to: 'big' },
    { from: 'big', fromPort: 'true', to: 'all' },
    { from: 'each', to: 'all' },
  ],
  settings: { maxConcurrentRuns: 100 },
};

interface Told {
  run: string;
  status: string;
  /** The run's input. */
  input: string;
  /** Where it did not complete. */
  why: string;
  /** Every text that was stored for it. */
  texts: string[];
}

export async function run(log: (line: string) => void = () => {}, args: string[] = []): Promise<Measured> {
  const runs = Number(args.find((arg) => arg.startsWith('--runs='))?.slice('--runs='.length) ?? 200);
  const stack = await startStack({ env: { HUB_RATE_PER_MINUTE: '1000000', HUB_LOG_LEVEL: 'warn' } });
  const open = (name: string) => openDatabase({ url: stack.env[name] ?? '', applicationName: 'proof-isolation', max: 4 });
  const [sql, authSql, ownerSql] = [open('DATABASE_URL'), open('DATABASE_AUTH_URL'), open('DATABASE_OWNER_URL')];
  try {
    const hub = hubClient(stack.url, stack.apiKey);
    const mine = await hub.publish('Isolation', definition);
    const home = await demoTeam(stack.env);
    const { team } = await makeTeam({ authSql, ownerSql }, { maxConcurrentRuns: 100 });
    const { workflowId } = await makeWorkflow({ sql }, team, {
      ...(await publishedPlan(ownerSql, home, mine)),
      maxConcurrentRuns: 100,
      name: 'Isolation',
    });
    const blobKey = Buffer.alloc(32, 1);
    const marks = Array.from({ length: runs * 2 }, (_, n) => `mark-${n % 2 === 0 ? 'a' : 'b'}-${randomUUID()}`);
    await inParallel(marks.length, 8, async (n) => {
      const mark = marks[n] ?? '';
      if (n % 2 === 0) await hub.start(mine, { mark });
      else {
        const given = { team, workflowId, triggeredBy: 'api' as const, triggerId: 'manual', trigger: { type: 'api', id: 'manual' } };
        await createRun(sql, { blobKey }, { ...given, inputText: JSON.stringify({ mark }) });
      }
    });
    const told = [...(await ended(ownerSql, home, mine, runs)), ...(await ended(ownerSql, team, workflowId, runs))];
    const completed = told.filter(({ status }) => status === 'completed').length;
    for (const one of told) if (one.status !== 'completed') log(`run ${one.run} ended as ${one.status}: ${one.why}`);
    let seen = 0;
    let foreign = 0;
    for (const one of told) {
      const own = /mark-[ab]-[0-9a-f-]{36}/.exec(one.input)?.[0];
      const found = one.texts.flatMap((text) => text.match(/mark-[ab]-[0-9a-f-]{36}/g) ?? []);
      seen += found.length;
      const others = found.filter((mark) => mark !== own).length;
      if (others > 0) log(`run ${one.run} holds ${others} marks of other runs`);
      foreign += others;
    }
    return {
      figure: `${foreign} foreign values among ${seen} in ${completed} completed runs of two teams in one worker`,
      want: `0 of them, ${runs * 2} completed`,
      ok: foreign === 0 && completed === runs * 2 && seen >= completed * 8,
    };
  } finally {
    await Promise.all([sql, authSql, ownerSql].map((one) => one.end()));
    await stack.close();
  }
}

/** Waits, at most five minutes, until all of the team's runs have ended. */
async function ended(ownerSql: Sql, team: string, workflow: string, runs: number): Promise<Told[]> {
  for (let tries = 0; tries < 600; tries += 1) {
    const rows = await asTeam(
      ownerSql,
      team,
      async (tx) => tx<Told[]>`
        select r.id as run, r.status, coalesce(r.error_code || ' at ' || r.error_path || ': ' || r.error_message, '') as why, coalesce(r.input_text, '') as input, array_agg(coalesce(n.input_text, '') || coalesce(n.output_text, '') || coalesce(n.output_data::text, '')) || coalesce(r.output_data::text, '') as texts
        from workflow_executions r left join node_executions n on n.team_id = r.team_id and n.workflow_execution_id = r.id
        where r.team_id = ${team} and r.workflow_id = ${workflow} and r.status in ('completed', 'failed', 'cancelled', 'timed_out') group by r.team_id, r.id`,
    );
    if (rows.length >= runs) return [...rows];
    await delay(500);
  }
  throw new Error('The runs did not end within five minutes.');
}
