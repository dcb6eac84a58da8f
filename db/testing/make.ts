/** Ready-made rows for tests. */
import { randomBytes } from 'node:crypto';
import type { Json, Plan } from '@hub/dag/planner';
import type { Sql } from '../database.ts';
import { createWorkflow, publishWorkflow } from '../write/workflows.ts';

/** The smallest definition that runs: one transform, one output. */
export const trivialDefinition: Json = {
  schemaVersion: 1,
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    { id: 'double', type: 'transform', config: { expression: 'input.n * 2' } },
    { id: 'result', type: 'output', config: { name: 'result', value: '{{ nodes.double.output }}' } },
  ],
  edges: [{ from: 'double', to: 'result' }],
};

/** Its plan, as far as the database looks into plans. */
export const trivialPlan: Plan = {
  engine: 1,
  definitionHash: 'trivial',
  workflowName: 'Trivial',
  nodes: [],
  edges: [{ from: 'double', fromPort: 'out', to: 'result' }],
  triggers: [{ id: 'manual', type: 'manual' }],
  groups: [],
  outputs: [{ name: 'result', nodeId: 'result' }],
  settings: { timeoutMs: 3_600_000, onFailure: 'stop', maxParallel: 20, compensate: 'never' },
};

/** A team with one person, its owner. */
export async function makeTeam(
  db: { authSql: Sql; ownerSql: Sql },
  { plan = 'enterprise', maxConcurrentRuns = 200 }: { plan?: 'free' | 'teams' | 'enterprise'; maxConcurrentRuns?: number } = {},
): Promise<{ team: string; userId: string }> {
  const mark = randomBytes(5).toString('hex');
  const [user] = await db.authSql<
    { id: string }[]
  >`insert into users (name, email, email_verified) values (${`Person ${mark}`}, ${`${mark}@example.test`}, true) returning id`;
  const [team] = await db.authSql<{ id: string }[]>`insert into teams (name, slug) values (${`Team ${mark}`}, ${mark}) returning id`;
  await db.authSql`insert into members (team_id, user_id, role) values (${team!.id}, ${user!.id}, 'owner')`;
  await db.ownerSql.begin(async (tx) => {
    await tx`select set_config('app.team', ${team!.id}, true)`;
    await tx`update teams set plan = ${plan}, max_concurrent_runs = ${maxConcurrentRuns} where id = ${team!.id}`;
  });
  return { team: team!.id, userId: user!.id };
}

/** A published, active workflow. */
export async function makeWorkflow(
  db: { sql: Sql },
  team: string,
  {
    definition = trivialDefinition,
    plan = trivialPlan as unknown as Json,
    maxConcurrentRuns = 100,
    name = 'Trivial',
  }: { definition?: Json; plan?: Json; maxConcurrentRuns?: number; name?: string } = {},
): Promise<{ workflowId: string; versionId: string }> {
  const hash = randomBytes(8).toString('hex');
  const { id } = await createWorkflow(db.sql, { team, userId: null, name, definition, hash, nodes: [] });
  const settings = { maxConcurrentRuns, timeoutMs: 3_600_000, overlap: 'queue' as const, priority: 3 };
  const published = await publishWorkflow(db.sql, {
    team,
    id,
    userId: null,
    note: '',
    definition,
    hash,
    plan,
    warnings: [],
    triggers: [{ triggerId: 'manual', type: 'manual', config: {} }],
    settings,
  });
  if (published.outcome !== 'ok') throw new Error(`the workflow was not published: ${published.outcome}`);
  return { workflowId: id, versionId: published.versionId };
}
