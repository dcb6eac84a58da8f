/** Forms: pages anyone (or any member) fills in to start a run. The page itself is the web's, at /forms/:token. */
import { z } from 'zod';
import { route } from '../route.ts';
import * as shape from '../shapes/forms.ts';
import { tokenParams } from '../shapes/hooks.ts';

const token = 'frm_3q2Vb9mHq5rN8wJtY4uE7iOpLkJhGfDsAzXcVbNmQwE';
const submission = 'frs_0199c0de7a117000800000000000aa.c2lnbmF0dXJl';

export const formRoutes = {
  getForm: route({
    method: 'GET',
    path: '/api/v1/forms/:token',
    access: 'public',
    tag: 'Forms',
    summary: 'Read a form',
    help: 'What the page shows: title, fields. A form that is not public wants a signed-in member of its team (401, 404). 410 when it was removed, 409 while its workflow is paused.',
    params: tokenParams,
    status: 200,
    answer: shape.form,
    example: {
      params: { token },
      answer: {
        title: 'New order',
        description: null,
        public: true,
        schema: { type: 'object', properties: { email: { type: 'string', format: 'email' } }, required: ['email'] },
        test: false,
      },
    },
  }),
  submitForm: route({
    method: 'POST',
    path: '/api/v1/forms/:token',
    access: 'public',
    tag: 'Forms',
    summary: 'Submit a form',
    help: 'JSON `{ values }`, or multipart/form-data with a part `values` (that object as JSON) and one part per file, named by its field. Checked like any input: 422 with `errors[].path` (`/values/email`). Send `Idempotency-Key` so that a double click starts one run.',
    params: tokenParams,
    bodyType: 'raw',
    status: 202,
    answer: shape.formSubmitted,
    answerType: 'bytes',
    example: { params: { token }, body: { values: { email: 'ann@example.com' } }, answer: { submission } },
  }),
  getSubmission: route({
    method: 'GET',
    path: '/api/v1/forms/:token/submissions/:submission',
    access: 'public',
    tag: 'Forms',
    summary: 'Follow a submitted form',
    help: 'Progress and, at the end, the answer. `wait=25` holds the answer until there is one, at most that many seconds. Of the run nothing else is told. A form that is not public wants a signed-in member of its team.',
    params: shape.submissionParams,
    query: z.strictObject({ wait: z.coerce.number().int().min(0).max(30).optional() }),
    status: 200,
    answer: shape.formResult,
    example: {
      params: { token, submission },
      answer: {
        status: 'done',
        progress: { done: 3, total: 3 },
        answer: { contentType: 'application/json', body: { order: 17 } },
        message: 'Done.',
      },
    },
  }),
};
