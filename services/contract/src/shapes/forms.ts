/** Forms that start a run: what the page shows, takes, and tells afterwards. Nothing of the run itself but its answer. */
import { z } from 'zod';
import { token } from './hooks.ts';
import { jsonObject, jsonValue } from './common.ts';

export const form = z
  .object({
    title: z.string(),
    description: z.string().nullable(),
    public: z.boolean(),
    schema: jsonObject.meta({
      description: 'JSON Schema of the fields: the `inputs` of the workflow. Turn it into fields with fieldsOfSchema(schema).',
    }),
    test: z.boolean().meta({ description: 'True for a link of the editor: it starts a test run of the draft.' }),
  })
  .meta({ id: 'Form' });
export type Form = z.output<typeof form>;

export const formSubmit = z.strictObject({
  values: jsonObject.meta({ description: 'Field name to value. Files go as parts of a multipart form instead.' }),
});
export const formSubmitted = z
  .object({ submission: z.string().meta({ description: 'Follow it with GET .../submissions/:submission.' }) })
  .meta({ id: 'FormSubmitted' });
export const submissionParams = z.strictObject({ token, submission: token });
export const formResult = z
  .object({
    status: z.enum(['working', 'waiting', 'done', 'failed']),
    progress: z.object({ done: z.number().int(), total: z.number().int() }),
    answer: z.object({ contentType: z.string(), body: jsonValue }).nullable().meta({
      description:
        "What the run's respond step gave; without one the run's output where the form is for members, null where it is public. Show text as text, never as HTML.",
    }),
    message: z.string().meta({ description: 'One sentence for the person who filled it in.' }),
  })
  .meta({ id: 'FormResult' });
export type FormResult = z.output<typeof formResult>;
