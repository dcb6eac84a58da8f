/** `pnpm new node <kind>`: a node kind that computes (pure), in the style of `output` and `merge`. */
import { addEntry, addImport } from './edit.ts';
import { type Names, type Plan, Refusal } from './plan.ts';

const taken = new Set(['true', 'false', 'null', 'constructor', 'prototype', 'default', 'error', 'kind', 'index', 'later', 'connector']);

/** Fills the plan. */
export function newNode(plan: Plan, names: Names): void {
  if (taken.has(names.snake)) throw new Refusal(`"${names.snake}" has a meaning of its own: choose another name.`);
  plan.make(`workflows/dag/src/kinds/${names.kebab}.ts`, kind(names));
  plan.make(`activities/src/steps/${names.kebab}/evaluate.ts`, step(names));
  plan.make(`activities/src/steps/${names.kebab}/evaluate.test.ts`, test(names));
  plan.edit('workflows/dag/src/planner/types.ts', (text) => {
    if (text.includes(`'${names.snake}'`)) throw new Refusal(`There is a node kind "${names.snake}" already.`);
    return addEntry(text, 'export const nodeTypes = [', `'${names.snake}'`);
  });
  plan.edit('workflows/dag/src/kinds/index.ts', (text) =>
    addEntry(
      addImport(text, `import { ${names.camel}Kind } from './${names.kebab}.ts';`),
      'kinds: Record<NodeType, Kind> = {',
      `${names.snake}: ${names.camel}Kind`,
    ),
  );
  plan.make(`workflows/dag/src/forms/${names.kebab}.ts`, form(names));
  plan.edit('workflows/dag/src/forms/index.ts', (text) =>
    addEntry(
      addImport(text, `import { ${names.camel}Fields } from './${names.kebab}.ts';`),
      'kindFields: Readonly<Record<NodeType, readonly FormField[]>> = {',
      `${names.snake}: ${names.camel}Fields`,
    ),
  );
  plan.edit('activities/src/steps/pure-steps.ts', (text) =>
    addEntry(
      addImport(text, `import { ${names.camel}Step } from './${names.kebab}/evaluate.ts';`),
      'PureStep>> = {',
      `${names.snake}: ${names.camel}Step`,
    ),
  );
  plan.next.push(
    `Say what it is in workflows/dag/src/kinds/${names.kebab}.ts: label, help, example, schema, ports.`,
    `Say how it is asked for in workflows/dag/src/forms/${names.kebab}.ts: a field for each field of the schema.`,
    `Compute it in activities/src/steps/${names.kebab}/evaluate.ts. What reaches outside is an OutwardStep instead: see steps/code, and set work: 'step', reachesOut: true.`,
    'Its picture: web/app/run/node-icon.tsx. Its meaning: scripts/oracle, where it decides about edges. Its history: pnpm --filter @hub/scripts exec node record/main.ts',
    `pnpm vitest run --project unit activities/src/steps/${names.kebab} workflows/dag; then node scripts/docs/main.ts`,
  );
}

function kind(names: Names): string {
  return `import { z } from 'zod';
import { alwaysOut, expr, onlyOut, sitesBut, type Kind } from './kind.ts';

export const ${names.camel}Kind: Kind = {
  type: '${names.snake}',
  label: '${names.title}',
  help: 'Gives its value, filled in.',
  example: { id: 'example', type: '${names.snake}', config: { value: '{{ input.text }}' } },
  work: 'pure',
  reachesOut: false,
  mayRetry: true,
  timeoutMs: 60_000,
  inBody: true,
  runs: true,
  schema: () => z.strictObject({ value: expr }),
  ports: onlyOut,
  portOf: alwaysOut,
  sites: sitesBut(),
  describe: () => '${names.title.toLowerCase()}',
};
`;
}

function form(names: Names): string {
  return `/** Fields of ${names.snake}. */
import type { FormField } from './field.ts';
import { anyValue } from './parts.ts';

export const ${names.camel}Fields: readonly FormField[] = [anyValue('value', 'Value', { required: true, placeholder: '{{ input.text }}' })];
`;
}

function step(names: Names): string {
  return `/** ${names.snake}: gives its value, filled in. */
import { fill } from '../../expressions/template.ts';
import type { PureStep } from '../pure-step.ts';

export const ${names.camel}Step: PureStep = {
  evaluate: async ({ config, scope }) => {
    const value = await fill(config['value'] ?? null, scope);
    return { value, port: 'out', input: { value } };
  },
};
`;
}

function test(names: Names): string {
  return `import { nodeKinds } from '@hub/dag/catalogue';
import { expect, it } from 'vitest';

import { DataContext } from '../../expressions/context.ts';
import { Scope } from '../../expressions/scope.ts';
import { pureSteps } from '../pure-steps.ts';

const scopeOf = (input: unknown): Scope => new Scope(new DataContext({ values: { input: JSON.stringify(input) }, nodes: {} }), { strict: false });

it('gives its value, filled in', async () => {
  const outcome = await pureSteps.${names.snake}?.evaluate({ config: { value: 'Hello {{ input.name }}' }, scope: scopeOf({ name: 'Ada' }), sources: [] });
  expect(outcome).toMatchObject({ value: 'Hello Ada', port: 'out' });
});

it('is known to the catalogue, with help and an example', () => {
  expect(nodeKinds.find(({ type }) => type === '${names.snake}')).toMatchObject({ ports: ['out'], runs: true, example: { type: '${names.snake}' } });
});
`;
}
