/** Files, variables, credentials. */
import { z } from 'zod';
import { route } from '../route.ts';
import { idParams, listOf, pageQuery } from '../shapes/common.ts';
import * as shape from '../shapes/resources.ts';
import { exampleId, exampleTime } from './examples.ts';

const params = { id: exampleId };
const handle = { $file: exampleId, name: 'reviews.csv', mime: 'text/csv', bytes: 20_480, sha256: '9b74…' };
const exampleVariable = { name: 'REGION', value: 'eu', revision: 1, updatedAt: exampleTime };

export const fileRoutes = {
  uploadFile: route({
    method: 'POST',
    path: '/api/v1/files',
    access: 'file.write',
    tag: 'Files',
    summary: 'Upload a file',
    help: "multipart/form-data with one part named `file`, at most 50 MB, streamed. The type is decided by content. The answer is the handle to put into a definition or a run's input.",
    bodyType: 'form',
    status: 201,
    answer: shape.fileHandle,
    rate: 'upload',
    example: { body: 'file=@reviews.csv', answer: handle },
  }),
  listFiles: route({
    method: 'GET',
    path: '/api/v1/files',
    access: 'file.read',
    tag: 'Files',
    summary: 'List files',
    help: 'Newest first.',
    query: pageQuery,
    status: 200,
    answer: listOf(shape.fileInfo),
    example: { answer: { items: [{ ...handle, createdAt: exampleTime }], nextCursor: null } },
  }),
  getFile: route({
    method: 'GET',
    path: '/api/v1/files/:id',
    access: 'file.read',
    tag: 'Files',
    summary: 'Download a file',
    help: 'Always as an attachment with `nosniff`, so a browser never shows it as a page of this site.',
    params: idParams,
    status: 200,
    answer: null,
    answerType: 'bytes',
    example: { params },
  }),
  deleteFile: route({
    method: 'DELETE',
    path: '/api/v1/files/:id',
    access: 'file.write',
    tag: 'Files',
    summary: 'Delete a file',
    help: 'Runs that still read it fail with `file.not-found`.',
    params: idParams,
    status: 204,
    answer: null,
    example: { params },
  }),
};

export const variableRoutes = {
  listVariables: route({
    method: 'GET',
    path: '/api/v1/variables',
    access: 'variable.read',
    tag: 'Variables',
    summary: 'List team variables',
    help: 'Newest first. A run sees them as `vars`, as at its start.',
    query: pageQuery,
    status: 200,
    answer: listOf(shape.variable),
    example: { answer: { items: [exampleVariable], nextCursor: null } },
  }),
  setVariable: route({
    method: 'PUT',
    path: '/api/v1/variables/:name',
    access: 'variable.write',
    tag: 'Variables',
    summary: 'Set a variable',
    help: 'Makes it or replaces its value. With `If-Match` only over the revision last read (`"0"`: only where there is none yet), else 412. Not for secrets: values are shown to everyone who may read. Runs under way keep the value they started with.',
    params: shape.variableParams,
    body: shape.variableSet,
    ifMatch: 'optional',
    status: 200,
    answer: shape.variable,
    example: { params: { name: 'REGION' }, body: { value: 'eu' }, answer: exampleVariable },
  }),
  deleteVariable: route({
    method: 'DELETE',
    path: '/api/v1/variables/:name',
    access: 'variable.write',
    tag: 'Variables',
    summary: 'Delete a variable',
    help: 'Runs under way keep the value they started with.',
    params: shape.variableParams,
    status: 204,
    answer: null,
    example: { params: { name: 'REGION' } },
  }),
};

const entry = { items: [{ id: 'demo/echo', title: 'Demo: echo' }], nextCursor: null };
function catalogueRoute<const P extends 'models' | 'connectors' | 'node-kinds' | 'trigger-types' | 'error-codes'>(
  path: P,
  summary: string,
  help: string,
) {
  return route({
    method: 'GET',
    path: `/api/v1/${path}`,
    access: 'catalogue.read',
    tag: 'Catalogue',
    summary,
    help,
    status: 200,
    answer: shape.catalogue,
    example: { answer: entry },
  });
}
export const catalogueRoutes = {
  listModels: catalogueRoute(
    'models',
    'List models',
    'Every model a prompt may name, with its provider; `demo` ones are offline and say so. `key` says whether it can be used: not-needed, operator (this installation has one), credential (the team has stored one: name it in the step), missing.',
  ),
  listConnectors: catalogueRoute('connectors', 'List connectors', 'Connectors and their actions with the schema of their params.'),
  listNodeKinds: catalogueRoute('node-kinds', 'List node kinds', 'Kinds of nodes with ports, help, an example and the fields of their config.'),
  listTriggerTypes: catalogueRoute('trigger-types', 'List trigger types', 'Types of triggers with help, an example and the fields of their config.'),
  listErrorCodes: catalogueRoute('error-codes', 'List error codes', 'Every stable error code with its remedy.'),
};

const exampleNotice = {
  id: exampleId,
  kind: 'run.failed',
  title: 'Run failed',
  body: 'Shout: step.timeout',
  link: '/runs/…',
  readAt: null,
  createdAt: exampleTime,
};
export const noticeRoutes = {
  listNotices: route({
    method: 'GET',
    path: '/api/v1/notices',
    access: 'notice.read',
    tag: 'Notices',
    summary: 'List my notices',
    help: 'Newest first, with the number unread. Notices belong to a person: an API key has none.',
    query: pageQuery,
    personOnly: true,
    status: 200,
    answer: shape.noticeList,
    example: { answer: { items: [exampleNotice], nextCursor: null, unread: 1 } },
  }),
  readNotice: route({
    method: 'POST',
    path: '/api/v1/notices/:id/read',
    access: 'notice.read',
    tag: 'Notices',
    summary: 'Mark a notice read',
    help: 'Repeating does no harm.',
    params: idParams,
    personOnly: true,
    status: 204,
    answer: null,
    example: { params },
  }),
  readAllNotices: route({
    method: 'POST',
    path: '/api/v1/notices/read-all',
    access: 'notice.read',
    tag: 'Notices',
    summary: 'Mark all my notices read',
    help: 'Only those of this team.',
    personOnly: true,
    status: 200,
    answer: z.object({ read: z.number().int() }),
    example: { answer: { read: 3 } },
  }),
};
