/** `pnpm new route <plural-noun> [--access <permission>]`: a group of routes with one list, in the style of `variables`. */
import { permissions, rolePermissions, type Permission, type Role } from '@hub/contract';
import { addEntry, addImport } from './edit.ts';
import { type Names, type Plan, Refusal } from './plan.ts';

/** Fills the plan. */
export function newRoute(plan: Plan, names: Names, options: { access?: string | undefined }): void {
  const access = options.access ?? 'team.read';
  if (!Object.hasOwn(permissions, access)) throw new Refusal(`There is no permission "${access}". Known: ${Object.keys(permissions).join(' ')}`);
  plan.make(`services/contract/src/routes/${names.kebab}.ts`, contract(names, access));
  plan.make(`services/api/src/routes/${names.kebab}.ts`, api(names));
  plan.make(`services/api/src/routes/${names.kebab}.int.test.ts`, test(names));
  plan.edit('services/contract/src/routes/index.ts', (text) =>
    addEntry(addImport(text, `import { ${names.camel}Routes } from './${names.kebab}.ts';`), 'export const routes = {', `...${names.camel}Routes`),
  );
  plan.edit('services/api/src/routes/index.ts', (text) =>
    addEntry(addImport(text, `import { ${names.camel}Routes } from './${names.kebab}.ts';`), 'const groups = [', `${names.camel}Routes`),
  );
  plan.edit('services/api/authz-table.md', (text) => `${text.trimEnd()}\n${authorisation(names, access as Permission)}\n`);
  plan.next.push(
    `services/api/authz-table.md: read the new line. Is that who you meant? It follows from the permission ${access} (services/contract/src/permissions.ts).`,
    `Give it its shape and help in services/contract/src/routes/${names.kebab}.ts, and its rows: a query in db/read/${names.kebab}.ts, called in services/api/src/routes/${names.kebab}.ts.`,
    `pnpm vitest run --project int services/api/src/routes/${names.kebab}.int.test.ts; then node scripts/docs/main.ts`,
  );
}

function authorisation(names: Names, access: Permission): string {
  const may = (role: Role): string => (rolePermissions[role].has(access) ? 'yes' : 'no');
  const cells = [
    `list${names.pascal}`,
    `GET /api/v1/${names.kebab}`,
    'no',
    may('viewer'),
    may('runner'),
    may('editor'),
    may('admin'),
    may('owner'),
    'by scope',
  ];
  return `| ${cells.join(' | ')} |`;
}

function contract(names: Names, access: string): string {
  return `/** ${names.title}. */
import { z } from 'zod';
import { route } from '../route.ts';
import { id, instant, listOf, pageQuery } from '../shapes/common.ts';
import { exampleId, exampleTime } from './examples.ts';

const shape = z.object({ id, name: z.string(), createdAt: instant });

export const ${names.camel}Routes = {
  list${names.pascal}: route({
    method: 'GET',
    path: '/api/v1/${names.kebab}',
    access: '${access}',
    tag: '${names.title}',
    summary: 'List ${names.title.toLowerCase()}',
    help: 'Those of the team, newest first.',
    query: pageQuery,
    status: 200,
    answer: listOf(shape),
    example: { answer: { items: [{ id: exampleId, name: 'First', createdAt: exampleTime }], nextCursor: null } },
  }),
};
`;
}

function api(names: Names): string {
  return `/** ${names.title}. */
import { routes } from '@hub/contract';
import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';

/** Registers them. */
export function ${names.camel}Routes(app: FastifyInstance, _context: RouteContext): void {
  handle(app, 'list${names.pascal}', routes.list${names.pascal}, async () => ({ items: [], nextCursor: null }));
}
`;
}

function test(names: Names): string {
  return `import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApi, type TestTeam, startTestApi } from '../testing/harness.ts';

let api: TestApi;
let team: TestTeam;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
});
afterAll(async () => api.close());

it('lists those of the team', async () => {
  const answer = await api.ask('/api/v1/${names.kebab}', { key: team.keys.admin });
  expect(answer.statusCode, answer.body).toBe(200);
  expect(answer.json()).toEqual({ items: [], nextCursor: null });
});

it('asks who is there', async () => {
  const answer = await api.ask('/api/v1/${names.kebab}');
  expect(answer.statusCode).toBe(401);
  expect(answer.json()).toMatchObject({ code: 'auth.required' });
});
`;
}
