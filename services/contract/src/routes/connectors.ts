/** Asking a vendor on behalf of a form. Each call uses a credential and goes out, so each needs the permission to use one. */
import { route } from '../route.ts';
import * as shape from '../shapes/connectors.ts';
import { exampleId } from './examples.ts';

const params = { id: 'postgres' };

export const connectorRoutes = {
  connectorOptions: route({
    method: 'POST',
    path: '/api/v1/connectors/:id/options',
    access: 'credential.use',
    tag: 'Connectors',
    summary: 'Choices of a field, as the vendor has them',
    help: 'Tables, columns, spreadsheets, channels: whatever a field’s `ui.options` names. Changes nothing at the vendor. Pages of up to 100, found by part of the name. A vendor that refuses is told as it is (`connector.*`), with what to do.',
    params: shape.connectorParams,
    body: shape.optionsAsk,
    status: 200,
    answer: shape.optionPage,
    example: {
      params,
      body: { action: 'read-table', resource: 'tables', params: { schema: 'public' }, credentialId: exampleId, search: 'order' },
      answer: { items: [{ value: 'orders', label: 'orders', help: 'about 1,200 rows' }], nextCursor: null },
    },
  }),
  connectorFields: route({
    method: 'POST',
    path: '/api/v1/connectors/:id/fields',
    access: 'credential.use',
    tag: 'Connectors',
    summary: 'Fields of a row or record, as the vendor has them',
    help: 'The JSON Schema of one row of the table, sheet or database that the params name, so that a form can show a field per column. Changes nothing at the vendor.',
    params: shape.connectorParams,
    body: shape.fieldsAsk,
    status: 200,
    answer: shape.fieldsAnswer,
    example: {
      params,
      body: { action: 'insert-rows', field: 'rows', params: { schema: 'public', table: 'orders' }, credentialId: exampleId },
      answer: { schema: { type: 'object', properties: { id: { type: 'integer' }, total: { type: 'number' } }, required: ['id'] } },
    },
  }),
  testConnection: route({
    method: 'POST',
    path: '/api/v1/connectors/:id/test',
    access: 'credential.use',
    tag: 'Connectors',
    summary: 'Try a connection',
    help: 'Signs in at the vendor with the credential and says who it is, which scopes it has and which are missing. A refusal of the vendor is an answer (`ok: false`), not an error. Changes nothing at the vendor.',
    params: shape.connectorParams,
    body: shape.connectionAsk,
    status: 200,
    answer: shape.connectionAnswer,
    example: {
      params,
      body: { credentialId: exampleId },
      answer: { ok: true, message: 'Connected to PostgreSQL 18.4.', account: 'reader@shop', scopes: null, missing: [], code: null },
    },
  }),
};
