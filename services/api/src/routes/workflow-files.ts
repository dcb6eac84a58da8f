/** Workflows as files: out without anything that is secret or only this team's, in with a list of what is to be connected. Nothing is run or called (05, rule 4). */
import { routes, type WorkflowFile } from '@hub/contract';
import { type Definition, findSecrets, settingsOf } from '@hub/dag';
import type { Sql } from '@hub/db';
import { readNamed, readVersion, readWorkflow } from '@hub/db/read';
import type { FastifyInstance } from 'fastify';
import { invalid, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { readDefinition, withTags } from '../workflows/definition.ts';
import { faultsOf } from '../workflows/faults.ts';
import { fromPortable, type Placeholder, type PlaceholderKind, referencesOf, toPortable } from '../workflows/portable.ts';
import { makeWorkflow } from '../workflows/make.ts';

/** A secret typed into a definition travels nowhere. */
function refuseSecrets(definition: Definition, verb: string): void {
  const secrets = findSecrets(definition);
  if (secrets.length > 0)
    throw invalid('definition.invalid', `The definition holds what looks like a secret, so it is not ${verb}. Move it into a credential.`, secrets);
}

const idsOf = (definition: Definition, kind: PlaceholderKind): string[] =>
  referencesOf(definition).flatMap((reference) => (reference.kind === kind ? [reference.value] : []));

/** What was given for the placeholders, all of the team and of the right kind. @throws UserError 422 with every fault */
async function checkConnected(sql: Sql, team: string, placeholders: readonly Placeholder[], connect: Record<string, string>): Promise<void> {
  const of = (kind: PlaceholderKind) =>
    placeholders.flatMap((one) => (one.kind === kind && Object.hasOwn(connect, one.placeholder) ? [connect[one.placeholder] ?? ''] : []));
  const known = await readNamed(sql, team, { credentials: of('credential'), workflows: of('workflow'), files: of('file') });
  const errors = Object.entries(connect).flatMap(([name, id]) => {
    const path = `/connect/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const wanted = placeholders.find(({ placeholder }) => placeholder === name);
    if (wanted === undefined) return [{ path, code: 'import.no-such-placeholder', message: 'is no placeholder of this file' }];
    const found = known.get(`${wanted.kind} ${id}`);
    if (found === undefined) return [{ path, code: `${wanted.kind}.not-found`, message: `is no ${wanted.kind} of this team` }];
    const { credentialKind } = wanted;
    if (credentialKind && found.credentialKind !== credentialKind)
      return [{ path, code: 'import.wrong-kind', message: `is a credential of kind ${found.credentialKind ?? ''}, not ${credentialKind}` }];
    return [];
  });
  if (errors.length > 0) throw invalid('import.bad-connection', `What is to be connected does not fit: ${errors[0]?.message ?? ''}.`, errors);
}

/** Registers them. */
export function workflowFileRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, audit } = context;
  handle(app, 'exportWorkflow', routes.exportWorkflow, async ({ params, query, team, request, reply }) => {
    const row = await readWorkflow(deps.sql, team.id, params.id);
    if (row === null) throw notFound('workflow');
    const version = query.version === undefined ? null : await readVersion(deps.sql, team.id, params.id, query.version);
    if (query.version !== undefined && version === null) throw notFound('version');
    const definition = readDefinition(version?.definition ?? row.definition);
    refuseSecrets(definition, 'exported');
    const names = await readNamed(deps.sql, team.id, {
      credentials: idsOf(definition, 'credential'),
      workflows: idsOf(definition, 'workflow'),
      files: idsOf(definition, 'file'),
    });
    const portable = toPortable(definition, (kind, id) => names.get(`${kind} ${id}`) ?? null);
    await audit(request, 'workflow.export', `workflow:${params.id}`, { version: query.version ?? null });
    reply.header('content-disposition', `attachment; filename="workflow-${params.id.slice(-8)}.json"`);
    return {
      format: 'hub-workflow' as const,
      formatVersion: 1 as const,
      name: row.name,
      description: row.description,
      tags: settingsOf(definition.settings).tags,
      definition: portable.definition as unknown as WorkflowFile['definition'],
      placeholders: portable.placeholders,
      exportedAt: new Date().toISOString(),
      version: version?.version ?? null,
    };
  });
  handle(app, 'importWorkflow', routes.importWorkflow, async ({ body, team, caller, request, reply }) => {
    const { file, connect = {} } = body;
    const given = readDefinition(file.definition);
    await checkConnected(deps.sql, team.id, file.placeholders, connect);
    const { definition: connected, open } = fromPortable(given, file.placeholders, connect);
    const definition = file.tags.length === 0 ? connected : withTags(connected, file.tags);
    refuseSecrets(definition, 'imported');
    const { name, description } = file;
    const workflow = await makeWorkflow(
      context,
      { team, caller, request, reply },
      { name: body.name ?? name, description, definition, how: 'import', details: { name } },
    );
    return { workflow, connect: open, ...(await faultsOf(deps.sql, team, definition)) };
  });
}
