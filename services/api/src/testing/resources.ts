/** One of everything in a team, and a fingerprint of all a team has. For the authorisation proof. */
import { asTeam } from '@hub/db';
import { addNotice } from '@hub/db/write';
import type { TestApi, TestTeam } from './harness.ts';
import { formFile } from './forms.ts';

export interface Resources {
  teamId: string;
  workflowId: string;
  runId: string;
  fileId: string;
  credentialId: string;
  apiKeyId: string;
  memberId: string;
  invitationId: string;
  noticeId: string;
  sessionId: string;
  approvalId: string;
  /** A workflow of the other team, to name things of this one in. */
  foreignWorkflowId: string;
}

export const smallDefinition = {
  schemaVersion: 1,
  inputs: { type: 'object', properties: { text: { type: 'string' }, times: { type: 'integer', default: 2 } }, required: ['text'] },
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    { id: 'upper', type: 'transform', config: { expression: '$uppercase(input.text)' } },
    { id: 'result', type: 'output', config: { name: 'text', value: '{{ nodes.upper.output }}' } },
  ],
  edges: [{ from: 'upper', to: 'result' }],
};

type Ask = Parameters<TestApi['ask']>[1];

/** Asks and gives the JSON of a good answer; throws what the server said otherwise. */
export async function must(api: TestApi, url: string, ask: Ask): Promise<Record<string, unknown>> {
  const answer = await api.ask(url, ask);
  if (answer.statusCode >= 400) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
  return answer.body === '' ? {} : (answer.json() as Record<string, unknown>);
}

/** A published, active workflow. */
export async function publishedWorkflow(api: TestApi, team: TestTeam, definition: unknown = smallDefinition): Promise<string> {
  const made = await must(api, '/api/v1/workflows', { key: team.keys.editor, body: { name: 'Shout', definition } });
  await must(api, `/api/v1/workflows/${String(made['id'])}/publish`, { key: team.keys.editor, body: {} });
  return String(made['id']);
}

/** Makes one of everything in team `a`. */
export async function makeResources(api: TestApi, a: TestTeam, b: TestTeam): Promise<Resources> {
  const owner = await api.person(a.id, 'owner');
  const workflowId = await publishedWorkflow(api, a);
  const run = await must(api, `/api/v1/workflows/${workflowId}/runs`, { key: a.keys.runner, body: { input: { text: 'a' } } });
  const file = await must(api, '/api/v1/files', { method: 'POST', key: a.keys.runner, ...formFile('a,b\n1,2\n') });
  const credential = await must(api, '/api/v1/credentials', {
    key: a.keys.admin,
    body: { name: 'C', kind: 'bearer', values: { token: 'tttttttt' }, allowedHosts: ['example.com'] },
  });
  const key = await must(api, '/api/v1/api-keys', { key: a.keys.admin, body: { name: 'k', scopes: ['viewer'] } });
  const invitation = await must(api, '/api/v1/invitations', { session: owner, body: { email: 'new@example.test', role: 'viewer' } });
  await must(api, '/api/v1/variables/REGION', { method: 'PUT', key: a.keys.editor, body: { value: 'eu' } });
  const members = await must(api, '/api/v1/members', { key: a.keys.viewer });
  await addNotice(api.db.sql, { team: a.id, userId: owner.userId, kind: 'test', title: 'Hello' });
  const notices = await must(api, '/api/v1/notices', { session: owner });
  const first = (list: Record<string, unknown>) => String((list['items'] as { id: string }[])[0]?.id);
  return {
    teamId: a.id,
    workflowId,
    runId: String(run['id']),
    fileId: String(file['$file']),
    credentialId: String(credential['id']),
    apiKeyId: String(key['id']),
    memberId: first(members),
    invitationId: String(invitation['id']),
    noticeId: first(notices),
    sessionId: first(await must(api, '/api/v1/sessions', { session: owner })),
    approvalId: await askedApproval(api, a.id, String(run['id'])),
    foreignWorkflowId: await publishedWorkflow(api, b),
  };
}

async function askedApproval(api: TestApi, team: string, run: string): Promise<string> {
  const [row] = await asTeam(
    api.db.sql,
    team,
    (tx) =>
      tx<
        { id: string }[]
      >`insert into approvals (team_id, run_id, node_id, path, attempt, title) values (${team}, ${run}, 'ok', 'ok', 1, 'Publish?') returning id`,
  );
  return row?.id ?? '';
}

/** A digest per table of all rows of a team. */
export async function snapshot(api: TestApi, team: string): Promise<Map<string, string>> {
  const tables = await api.db.ownerSql<{ name: string; column: string }[]>`
    select c.relname as name, case when c.relname = 'teams' then 'id' else 'team_id' end as column from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and (c.relname = 'teams' or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'team_id' and not a.attisdropped))
    order by 1`;
  const digests = new Map<string, string>();
  await asTeam(api.db.ownerSql, team, async (tx) => {
    for (const { name, column } of tables) {
      const [row] = await tx.unsafe<{ digest: string }[]>(
        `select coalesce(md5(string_agg(t::text, '|' order by t::text)), 'empty') as digest from ${name} t where ${column} = '${team}'`,
      );
      digests.set(name, row?.digest ?? '');
    }
  });
  return digests;
}
