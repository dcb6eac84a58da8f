/** Workflows, versions. */
import { z } from 'zod';
import { fault, id, instant, jsonObject, jsonValue } from './common.ts';
import { madeAddress } from './hooks.ts';

export const workflowStatus = z.enum(['draft', 'active', 'paused', 'archived']);

const workflowFields = {
  id,
  name: z.string(),
  description: z.string().nullable(),
  status: workflowStatus,
  publishedVersion: z.number().int().nullable(),
  revision: z.number().int().meta({ description: 'Counts changes; send it back as `If-Match: "<revision>"`.' }),
  tags: z.array(z.string()),
  createdAt: instant,
  updatedAt: instant,
};
export const workflowSummary = z.object(workflowFields).meta({ id: 'WorkflowSummary' });
export const workflow = z
  .object({
    ...workflowFields,
    definition: jsonValue.meta({ description: 'The draft, definition format 1.' }),
    owner: z.object({ id, name: z.string() }).nullable().optional().meta({ description: 'Who made it.' }),
    updatedBy: z.object({ id, name: z.string() }).nullable().optional().meta({ description: 'Who saved the draft last.' }),
    draftChanged: z.boolean().optional().meta({ description: 'The draft differs in meaning from the published version; false for layout alone.' }),
    permissions: z.array(z.string()).optional().meta({ description: 'What the caller may do with this workflow.' }),
  })
  .meta({ id: 'Workflow' });
export type WorkflowSummary = z.output<typeof workflowSummary>;
export type Workflow = z.output<typeof workflow>;

export const definitionInput = jsonObject.meta({ description: 'Definition format 1: schemaVersion, nodes, edges, inputs, triggers, settings, ui.' });
export const workflowName = z.string().trim().min(1).max(200);
const name = workflowName;
const description = z.string().max(2_000).nullable();
export const workflowCreate = z.strictObject({ name, description: description.optional(), definition: definitionInput });
const tags = z.array(z.string().trim().min(1).max(50)).max(20).meta({ description: "Written into the draft's settings." });
export const workflowPatch = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  definition: definitionInput.optional(),
  tags: tags.optional(),
});

const versionFields = {
  id,
  workflowId: id,
  version: z.number().int(),
  hash: z.string().meta({ description: 'SHA-256 of the definition without `ui`.' }),
  note: z.string().nullable(),
  publishedAt: instant,
  publishedBy: z.object({ id, name: z.string() }).nullable().optional().meta({ description: 'Null: by a key whose maker is gone.' }),
};
export const version = z.object(versionFields).meta({ id: 'Version' });
export const versionDetail = z.object({ ...versionFields, definition: jsonValue }).meta({ id: 'VersionDetail' });
export const published = z
  .object({
    ...versionFields,
    warnings: z.array(fault),
    urls: z.array(madeAddress).optional().meta({ description: "URLs of webhooks and forms that this publish made; a webhook's is shown only here." }),
  })
  .meta({ id: 'PublishedVersion' });
export type Version = z.output<typeof version>;
export type VersionDetail = z.output<typeof versionDetail>;

export const checked = z.object({ ok: z.boolean(), errors: z.array(fault), warnings: z.array(fault) }).meta({ id: 'CheckedDefinition' });
