/** What building needs besides the draft: pins, previews, differences, export and import, permissions, templates, bulk changes. */
import { z } from 'zod';
import { roles } from '../permissions.ts';
import { fault, id, instant, jsonObject, jsonValue, versionNumber } from './common.ts';
import { nodeIdText, runStatus } from './run.ts';
import { definitionInput, workflow, workflowName, workflowStatus, workflowSummary } from './workflow.ts';

/** Somebody as others see them; null where the person is gone. */
export const who = z.object({ id, name: z.string() });

/** One run in the strip of a workflow. */
export const recentRun = z
  .object({
    id,
    status: runStatus,
    createdAt: instant,
    startedAt: instant.nullable(),
    durationMs: z.number().nullable().meta({ description: 'From start to end; null while it is not over.' }),
  })
  .meta({ id: 'RecentRun' });
export type RecentRun = z.output<typeof recentRun>;

export const healthStates = ['none', 'healthy', 'unsteady', 'failing'] as const;
/** How the last 30 runs went. Test runs do not count. */
export const workflowHealth = z
  .object({
    state: z
      .enum(healthStates)
      .meta({ description: 'none: nothing has ended yet; healthy: at most 5% failed; unsteady: at most half; failing: more.' }),
    settled: z.number().int().meta({ description: 'Of the last 30 runs, those that ended.' }),
    failed: z.number().int().meta({ description: 'Of these, failed or timed out.' }),
    failedShare: z.number().nullable().meta({ description: '0 to 1; null while nothing has ended.' }),
  })
  .meta({ id: 'WorkflowHealth' });

/** A workflow as the list shows it. */
export const workflowListItem = workflowSummary
  .extend({
    owner: who.nullable(),
    triggerTypes: z.array(z.string()).meta({ description: 'Of the published version; of the draft while nothing is published.' }),
    recentRuns: z.array(recentRun).meta({ description: 'At most 30, newest first, without test runs.' }),
    health: workflowHealth,
    openRuns: z.number().int().meta({ description: 'Queued, running and waiting.' }),
    nextFireAt: instant.nullable().meta({ description: 'The next time a trigger fires by itself; null where none does.' }),
    costThisMonthUsd: z.number().meta({ description: 'Of runs made since the first of the month (UTC), test runs among them.' }),
  })
  .meta({ id: 'WorkflowListItem' });
export type WorkflowListItem = z.output<typeof workflowListItem>;
export const workflowSort = z.enum(['created', 'updated', 'name', 'last_run']);
export const tagCount = z.object({ tag: z.string(), workflows: z.number().int() }).meta({ id: 'TagCount' });

/** Node id -> output. */
export const pins = z.record(nodeIdText, jsonValue).meta({ id: 'Pins', description: 'Outputs by node id.' });
export type Pins = z.output<typeof pins>;

export const previewRequest = z.strictObject({
  expression: z
    .string()
    .max(20_000)
    .meta({ description: 'A bare expression (`nodes.a.output.x`), or a text with `{{ … }}`, filled as a field of a step is.' }),
  runId: id.optional().meta({ description: 'The run whose values are seen.' }),
  nodeId: nodeIdText.optional().meta({
    description:
      'The node that would read it: sees what is upstream of it. A node that the draft got after the run is found in the draft. Without it: everything of the run’s own graph.',
  }),
  iteration: z.number().int().min(0).max(2_147_483_647).optional().meta({ description: 'In a loop: which item, from 0; the first when absent.' }),
  path: z.string().max(500).optional().meta({ description: 'Instead of `iteration`, in nested loops: `outer[2].inner[0].node`.' }),
  workflowId: id.optional().meta({ description: 'Without a run: the draft whose pins are seen.' }),
  pinned: pins.optional().meta({ description: 'Without a run: outputs to see instead of the stored pins.' }),
  input: jsonValue.optional().meta({ description: 'Without a run: the input to see.' }),
  item: jsonValue.optional().meta({ description: 'Without a run: what `item` is.' }),
  strict: z.boolean().optional().meta({ description: 'A missing value is a fault, as with `strict` on a node.' }),
});
const evaluationFault = z.object({
  code: z.string(),
  message: z.string(),
  position: z.number().int().nullable().meta({ description: 'Characters from the beginning of `expression`; null where nobody knows.' }),
});
export const preview = z
  .object({
    value: jsonValue.meta({ description: 'Null where nothing is there, where there is a fault, or where it is cut.' }),
    type: z
      .enum(['nothing', 'null', 'boolean', 'number', 'string', 'array', 'object'])
      .nullable()
      .meta({ description: 'Null where there is a fault.' }),
    bytes: z.number().int().meta({ description: 'Of the value as JSON.' }),
    cut: z.string().nullable().meta({ description: 'Of a value over 256 KB: the beginning of its JSON text.' }),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
    fault: evaluationFault.nullable(),
  })
  .meta({ id: 'Preview' });
export type Preview = z.output<typeof preview>;

/** A version, or the draft. */
export const versionRef = z.union([z.coerce.number().int().min(1).max(2_147_483_647), z.literal('draft')]);
const changedField = z.object({
  name: z.string().meta({ description: 'Such as `label` or `config.model`.' }),
  before: jsonValue.optional(),
  after: jsonValue.optional(),
});
const namedNode = z.object({ id: z.string(), type: z.string(), label: z.string() });
const edge = z.object({ from: z.string(), fromPort: z.string(), to: z.string() });
const changed = z.object({ id: z.string(), fields: z.array(changedField) });
/** What differs, by node. */
export const versionDiff = z
  .object({
    before: z
      .union([z.number().int(), z.literal('draft')])
      .nullable()
      .meta({ description: 'Null: there was nothing before.' }),
    after: z.union([z.number().int(), z.literal('draft')]),
    same: z.boolean().meta({ description: 'No difference in meaning; layout may differ (`ui`).' }),
    nodes: z.object({
      added: z.array(namedNode),
      removed: z.array(namedNode),
      changed: z.array(namedNode.extend({ fields: z.array(changedField) })),
    }),
    edges: z.object({ added: z.array(edge), removed: z.array(edge) }),
    triggers: z.object({ added: z.array(z.string()), removed: z.array(z.string()), changed: z.array(changed) }),
    settings: z.array(changedField),
    inputs: changedField.nullable(),
    ui: z.boolean(),
  })
  .meta({ id: 'VersionDiff' });
export type VersionDiff = z.output<typeof versionDiff>;

/** A place where something must be connected before the workflow can be published. */
const connection = z.object({
  kind: z.enum(['credential', 'workflow', 'file']),
  placeholder: z.string().meta({ description: 'What stands in the definition.' }),
  name: z.string(),
  credentialKind: z.string().nullable(),
  at: z.array(z.object({ nodeId: z.string(), path: z.string().meta({ description: 'JSON pointer into the definition.' }) })),
});
const placeholder = z.strictObject({
  kind: z.enum(['credential', 'workflow', 'file']),
  placeholder: z.string().min(1).max(300),
  name: z.string().max(300),
  credentialKind: z.string().max(50).nullable().optional(),
});
/** A workflow as a file. Credentials are named placeholders; their values are never in it. */
export const workflowFile = z
  .strictObject({
    format: z.literal('hub-workflow').meta({ description: 'Says what this file is.' }),
    formatVersion: z.literal(1),
    name: workflowName,
    description: z.string().max(2_000).nullable(),
    tags: z.array(z.string().max(50)).max(50),
    definition: definitionInput,
    placeholders: z.array(placeholder).max(500),
    exportedAt: instant.optional(),
    version: versionNumber.nullable().optional().meta({ description: 'The version it was; null: the draft.' }),
  })
  .meta({ id: 'WorkflowFile' });
export type WorkflowFile = z.output<typeof workflowFile>;
export const workflowImport = z.strictObject({
  file: workflowFile,
  name: workflowName.optional().meta({ description: "Instead of the file's." }),
  connect: z
    .record(z.string().max(300), z.uuid())
    .optional()
    .meta({ description: 'Placeholder -> id of the credential, workflow or file of this team to put there.' }),
});
export const imported = z
  .object({
    workflow,
    connect: z.array(connection).meta({ description: 'What is still to be connected.' }),
    errors: z.array(fault).meta({ description: 'What publishing would refuse at the moment.' }),
    warnings: z.array(fault),
  })
  .meta({ id: 'ImportedWorkflow' });

export const workflowDuplicate = z.strictObject({ name: workflowName.optional().meta({ description: 'Default: "<name> copy".' }) });

export const bulkAction = z.enum(['activate', 'pause', 'archive', 'unarchive', 'delete']);
export const bulkRequest = z.strictObject({ ids: z.array(id).min(1).max(100), action: bulkAction });
export const bulkAnswer = z
  .object({
    items: z.array(
      z.object({
        id,
        ok: z.boolean(),
        status: workflowStatus.nullable().meta({ description: 'Afterwards; null where it is gone or was not changed.' }),
        error: z.object({ code: z.string(), detail: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'BulkAnswer' });

/** What a person may do with one workflow, beyond their role in the team. */
export const workflowPermission = z
  .object({ user: z.object({ id, name: z.string(), email: z.string() }), level: z.enum(roles).exclude(['owner']), grantedAt: instant })
  .meta({ id: 'WorkflowPermission' });
export const workflowPermissionsSet = z.strictObject({
  items: z.array(z.strictObject({ userId: id, level: z.enum(roles).exclude(['owner']) })).max(500),
});

const templateFields = {
  id: z.string().meta({ description: 'Its folder: lower-case words with hyphens.' }),
  name: z.string(),
  summary: z.string(),
  category: z.string(),
  tags: z.array(z.string()),
  needs: z.array(z.string()).meta({ description: 'Kinds of credentials it wants; empty: it runs as it is.' }),
  expected: z.object({ seconds: z.number(), costUsd: z.number(), note: z.string() }).meta({ description: 'Of a run on the sample input.' }),
  nodeTypes: z.array(z.string()),
};
export const template = z.object(templateFields).meta({ id: 'Template' });
export type Template = z.output<typeof template>;
export const templateDetail = z
  .object({
    ...templateFields,
    notes: z.string().meta({ description: 'Markdown.' }),
    definition: jsonValue,
    sampleInput: jsonObject.meta({ description: 'Files stand in it as `{ "$sample": "reviews.csv" }`.' }),
    files: z.array(z.object({ name: z.string(), mime: z.string(), bytes: z.number().int() })),
  })
  .meta({ id: 'TemplateDetail' });
export type TemplateDetail = z.output<typeof templateDetail>;
export const templateUse = z.strictObject({ name: workflowName.optional() });
export const templateUsed = z
  .object({ workflow, sampleInput: jsonObject.meta({ description: 'With the uploaded files; also kept as `definition.ui.sampleInput`.' }) })
  .meta({ id: 'TemplateUsed' });
