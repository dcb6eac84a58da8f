/** The builder's side of the fake: drafts that keep what is saved, the real catalogue, the real check, tests that run on made-up time. */
import { connectorManifests, modelCatalogue } from '@hub/activities/catalogue';
import type { OperationId } from '@hub/contract';
import { type Definition, diffDefinitions } from '@hub/dag';
import { z } from 'zod';
import { connectorPorts } from '../app/builder/model/check-connectors.ts';
import { checkWith } from '../app/builder/model/check.ts';
import type { FakeCall } from './answers.ts';
import { leads, reviews } from './definition.ts';
import { Refused } from './refused.ts';
import { runs, startTest, uuid, workflows } from './store.ts';

type Answer = (call: FakeCall) => unknown;
const iso = (ms: number): string => new Date(ms).toISOString();
const all = (items: unknown[]) => ({ items, nextCursor: null });
const bo = { id: uuid(903), name: 'Bo Diddley' };

/** 300 steps in 30 rows: to measure with. */
export const manyId = uuid(0x300);
function manySteps(): Definition {
  const id = (row: number, column: number): string => `s${row}_${column}`;
  const cells = Array.from({ length: 300 }, (_, n) => ({ row: Math.floor(n / 10), column: n % 10 }));
  return {
    schemaVersion: 1,
    triggers: [{ id: 'manual', type: 'manual' }],
    nodes: cells.map(({ row, column }) => ({
      id: id(row, column),
      type: 'transform',
      label: `Account ${row}, part ${column}`,
      config: { expression: column === 0 ? 'input' : `nodes.${id(row, column - 1)}.output` },
    })),
    edges: cells.filter(({ column }) => column > 0).map(({ row, column }) => ({ from: id(row, column - 1), to: id(row, column) })),
    ui: { nodes: Object.fromEntries(cells.map(({ row, column }) => [id(row, column), { x: column * 296, y: row * 112 }])) },
  };
}

/** A step per state of a picker: chosen, none chosen, a vendor that is away, no credential. */
export const connectedId = uuid(0x301);
const connected: Definition = {
  schemaVersion: 1,
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    {
      id: 'read',
      type: 'data_source',
      label: 'Read orders',
      config: {
        connector: 'postgres',
        action: 'read-table',
        credentialId: uuid(65),
        params: { table: 'orders', filters: [{ field: 'total', op: 'gt', value: 100 }] },
      },
    },
    {
      id: 'insert',
      type: 'action',
      label: 'Insert an order',
      config: {
        connector: 'postgres',
        action: 'insert-rows',
        credentialId: uuid(65),
        params: { table: 'orders', rows: { customer: '{{ input.customer }}', total: 12.5, colour: 'green' } },
      },
    },
    {
      id: 'append',
      type: 'action',
      label: 'Add to the sheet',
      config: { connector: 'google-sheets', action: 'append-rows', credentialId: uuid(64), params: { sheet: 'Orders' } },
    },
    {
      id: 'tell',
      type: 'action',
      label: 'Tell the team',
      config: { connector: 'slack', action: 'send-message', credentialId: uuid(66), params: { channel: 'C024BE91L', text: 'A new order' } },
    },
    { id: 'nobody', type: 'action', label: 'Without a credential', config: { connector: 'google-sheets', action: 'append-rows', params: {} } },
  ],
  edges: [
    { from: 'read', to: 'insert' },
    { from: 'insert', to: 'append' },
    { from: 'append', to: 'tell' },
    { from: 'tell', to: 'nobody' },
  ],
};

interface Draft {
  definition: Definition;
  revision: number;
}
const drafts = new Map<string, Draft>();
const pins = new Map<string, Record<string, unknown>>();

/** The draft as it was last saved. */
export function draftOf(id: string): Draft {
  const known = drafts.get(id);
  if (known) return known;
  const first =
    id === uuid(2)
      ? leads
      : id === uuid(3)
        ? { schemaVersion: 1, nodes: [], edges: [] }
        : id === manyId
          ? manySteps()
          : id === connectedId
            ? connected
            : reviews;
  const draft = { definition: first as unknown as Definition, revision: 3 };
  drafts.set(id, draft);
  return draft;
}

function workflowOf(id: string) {
  const found = workflows.find((each) => each.id === id);
  if (found) return found;
  const [first] = workflows;
  if (id === manyId && first) return { ...first, id: manyId, name: 'Migration of 300 accounts', publishedVersion: null, status: 'draft' as const };
  if (id === connectedId && first) return { ...first, id, name: 'Orders to warehouse and sheet', publishedVersion: null, status: 'draft' as const };
  throw new Refused(404, 'route.not-found', 'There is no such workflow.');
}

const whole = (id: string) => ({ ...workflowOf(id), ...draftOf(id), updatedAt: iso(Date.now()) });

function save(call: FakeCall): unknown {
  const id = call.params['id'] ?? '';
  const draft = draftOf(id);
  if (call.ifMatch !== null && call.ifMatch !== draft.revision)
    throw new Refused(412, 'request.stale', 'Somebody else saved in between.', undefined, {
      current: { revision: draft.revision, updatedAt: iso(Date.now()), updatedBy: bo },
    });
  if (call.body['definition']) drafts.set(id, { definition: call.body['definition'] as Definition, revision: draft.revision + 1 });
  return whole(id);
}

const version = (id: string) => ({
  id: uuid(300),
  workflowId: id,
  version: (workflowOf(id).publishedVersion ?? 0) + 1,
  hash: '4f1c',
  note: null,
  publishedAt: iso(Date.now()),
});

function diff(id: string): unknown {
  const before = (id === uuid(2) ? leads : reviews) as unknown as Definition;
  const { definition: after } = draftOf(id);
  const found = diffDefinitions(before, after);
  const named = (nodeId: string) => {
    const node = [...after.nodes, ...before.nodes].find((each) => each.id === nodeId);
    return { id: nodeId, type: node?.type ?? '', label: node?.label ?? nodeId };
  };
  const plain = { ...found, ui: false };
  const port = (edge: { from: string; fromPort?: string; to: string }) => ({ ...edge, fromPort: edge.fromPort ?? 'out' });
  return {
    before: workflowOf(id).publishedVersion,
    after: 'draft',
    same:
      Object.values(plain.nodes).every((list) => list.length === 0) && plain.edges.added.length + plain.edges.removed.length === 0 && !plain.inputs,
    nodes: {
      added: found.nodes.added.map(named),
      removed: found.nodes.removed.map(named),
      changed: found.nodes.changed.map(({ id: nodeId, fields }) => ({ ...named(nodeId), fields: fields.map((name) => ({ name })) })),
    },
    edges: { added: found.edges.added.map(port), removed: found.edges.removed.map(port) },
    triggers: { ...found.triggers, changed: found.triggers.changed.map((each) => ({ id: each, fields: [] })) },
    settings: found.settings.map((name) => ({ name })),
    inputs: found.inputs ? { name: 'inputs' } : null,
    ui: found.ui,
  };
}

/** Reads a plain path from the rows of a run: enough to see a preview. */
function previewed(call: FakeCall): unknown {
  const text = String(call.body['expression']).replace(/^\{\{\s*|\s*\}\}$/g, '');
  const path = /^nodes\.(\w+)\.output((?:\.\w+|\[\d+\])*)$/.exec(text);
  const run = runs.find((each) => each.run.id === call.body['runId']);
  const none = {
    value: null,
    type: 'nothing',
    bytes: 0,
    cut: null,
    warnings: [{ code: 'expression.missing', message: 'Nothing is there.' }],
    fault: null,
  };
  if (!path || !run) return none;
  let value: unknown = run.beats.find((beat) => beat.path === path[1])?.output;
  for (const part of (path[2] ?? '').match(/\w+/g) ?? []) value = (value as Record<string, unknown> | undefined)?.[part];
  if (value === undefined) return none;
  return {
    value,
    type: Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value,
    bytes: JSON.stringify(value).length,
    cut: null,
    warnings: [],
    fault: null,
  };
}

const connectors = Object.values(connectorManifests).map((manifest) => ({
  ...manifest,
  actions: Object.values(manifest.actions).map((action) => ({
    ...action,
    idempotent: action.idempotent === true,
    params: z.toJSONSchema(action.params, { io: 'input', unrepresentable: 'any' }),
  })),
}));

const template = (id: string, name: string, summary: string, nodeTypes: string[], seconds: number, costUsd: number) => ({
  id,
  name,
  summary,
  category: 'Support',
  tags: ['demo'],
  needs: [],
  expected: { seconds, costUsd, note: 'On the sample file.' },
  nodeTypes,
});

export const builderAnswers: Partial<Record<OperationId, Answer>> = {
  getWorkflow: (call) => whole(call.params['id'] ?? ''),
  updateWorkflow: save,
  getPins: (call) => pins.get(call.params['id'] ?? '') ?? {},
  setPins: (call) => {
    pins.set(call.params['id'] ?? '', call.body);
    return call.body;
  },
  validateWorkflow: (call) => {
    const { faults, warnings } = checkWith(draftOf(call.params['id'] ?? '').definition, connectorPorts);
    return { ok: faults.length === 0, errors: faults, warnings };
  },
  publishWorkflow: (call) => ({ ...version(call.params['id'] ?? ''), note: call.body['note'] ?? null, warnings: [] }),
  diffVersion: (call) => diff(call.params['id'] ?? ''),
  createWorkflow: () => whole(uuid(3)),
  previewExpression: previewed,
  listConnectors: () => all(connectors),
  listModels: () => all(modelCatalogue),
  listTemplates: () =>
    all([
      template(
        'product-reviews',
        'Sort product reviews',
        'Reads a file of reviews, classifies each with a model and counts what people complain about.',
        ['data_source', 'prompt', 'condition', 'transform', 'output'],
        12,
        0.004,
      ),
      template(
        'support-triage',
        'Triage support mail',
        'Sorts incoming mail by topic and urgency, drafts an answer and asks before sending.',
        ['data_source', 'prompt', 'switch', 'approval', 'notify'],
        20,
        0.011,
      ),
      template(
        'weekly-sales',
        'Weekly sales digest',
        'Groups the rows of the week, compares them with the week before and writes a paragraph.',
        ['data_source', 'transform', 'prompt', 'output'],
        6,
        0.002,
      ),
    ]),
  useTemplate: () => ({ workflow: whole(uuid(1)), sampleInput: {} }),
  startRun: (call) => {
    const input = call.body['input'] as Record<string, unknown> | undefined;
    if (input && !input['file'] && call.params['id'] === uuid(1))
      throw new Refused(422, 'input.invalid', "The input is not of the workflow's schema.", [
        { path: '/input/file', code: 'input.required', message: 'This is needed.' },
      ]);
    return call.body['draft'] === true
      ? { id: startTest(call.params['id'] ?? '', draftOf(call.params['id'] ?? '').definition), status: 'queued' }
      : { id: uuid(0xa001), status: 'queued' };
  },
};
