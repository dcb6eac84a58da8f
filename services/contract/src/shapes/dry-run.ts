/** Dry run: what a run would do, by the planner alone. */
import { z } from 'zod';
import { pins } from './authoring.ts';
import { jsonObject, jsonValue, versionNumber } from './common.ts';

export const dryRunRequest = z.strictObject({
  input: jsonValue.optional().meta({ description: 'Checked against `inputs`, with their defaults.' }),
  trigger: z.string().max(63).optional().meta({ description: 'Id of the trigger that the start counts as.' }),
  version: versionNumber.optional().meta({ description: 'A published version; the draft when absent.' }),
  samples: pins.optional().meta({ description: 'Outputs that stand in for nodes, by node id. Of the draft its pins stand in too.' }),
});
export type DryRunRequest = z.output<typeof dryRunRequest>;

const calls = { min: z.number().int(), max: z.number().int() };

export const dryRun = z
  .object({
    status: z.enum(['completed', 'failed', 'depends']).meta({ description: 'depends: on outputs that nobody knows before the run.' }),
    complete: z
      .boolean()
      .meta({ description: 'False where the limits of a dry run (64 ways, 2,000 evaluations, 8 s) ended it before every way was looked at.' }),
    ways: z.number().int().meta({ description: 'Ways through the workflow that were looked at.' }),
    nodes: z.array(
      z.object({
        nodeId: z.string(),
        label: z.string(),
        type: z.string(),
        state: z
          .enum(['runs', 'maybe', 'skipped', 'passes', 'sample'])
          .meta({ description: 'runs: on every way looked at; maybe: on some; passes: disabled; sample: a given output stands in for it.' }),
        calls: z.object(calls).meta({ description: 'Calls to the outside, without retries.' }),
        items: z.number().int().nullable().meta({ description: 'Of a loop, where they are known.' }),
        perItem: z.boolean().meta({ description: 'In a loop whose items are not known: counted as for one item.' }),
        ways: z
          .array(z.object({ port: z.string(), known: z.boolean() }))
          .meta({ description: 'Ports it takes; known: its expressions were evaluated.' }),
        output: jsonValue.optional().meta({ description: 'What it gives, where that is known and short.' }),
        error: z.object({ code: z.string(), message: z.string() }).nullable().meta({ description: 'It would fail.' }),
      }),
    ),
    asks: z
      .array(
        z.object({
          nodeId: z.string(),
          label: z.string(),
          kind: z.enum(['approval', 'signal']),
          what: z.string().nullable().meta({ description: 'Title or name of the signal; null where it is not known.' }),
          maybe: z.boolean(),
        }),
      )
      .meta({ description: 'What people or other systems would be asked.' }),
    calls: z.object({ ...calls, perItem: z.boolean() }),
    output: jsonObject.nullable().meta({ description: 'Null where a part of it is not known.' }),
  })
  .meta({ id: 'DryRun' });
export type DryRunView = z.output<typeof dryRun>;
