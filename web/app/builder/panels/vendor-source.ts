/** The service behind a connector step, as its form asks it: with the credential and the place that the step names. */
import { useMemo } from 'react';
import type { ConnectorOption } from '@hub/contract';
import type { DefinitionNode } from '@hub/dag';
import type { FormField, JsonObject, VendorSource } from '../../ui/form/types.ts';
import { placeParams, VendorFault } from '../../ui/form/vendor-model.ts';
import { ApiFault } from '../api.ts';
import { useBuilder } from '../context.tsx';
import type { ConnectorEntry } from '../model/catalogue.ts';

const connections = { label: 'Open connections', to: '/connections' };

/** A refusal as the form tells it. */
function faultOf(error: unknown): unknown {
  if (!(error instanceof ApiFault)) return error;
  const { code, detail, remedy } = error.problem;
  return new VendorFault(
    remedy === undefined ? detail : `${detail} ${remedy}`,
    /^credential\.|^connector\.(?:unauthorized|missing-scope|forbidden)/.test(code) ? connections : null,
  );
}

const asks = (fields: readonly FormField[]): boolean =>
  fields.some(({ options, fieldsOf, fields: inner }) => options !== undefined || fieldsOf !== undefined || (inner !== undefined && asks(inner)));

/** Undefined where none of the fields asks anything. */
export function useVendor(
  config: DefinitionNode['config'] | undefined,
  connectors: readonly ConnectorEntry[],
  fields: readonly FormField[],
): VendorSource | undefined {
  const { call } = useBuilder();
  const connector = String(config?.['connector'] ?? '');
  const action = String(config?.['action'] ?? '');
  const credentialId = typeof config?.['credentialId'] === 'string' ? config['credentialId'] : '';
  const spec = connectors.find(({ id }) => id === connector)?.actions.find(({ id }) => id === action);
  const inner = fields.find(({ name }) => name === 'params')?.fields ?? [];
  const wanted = spec !== undefined && asks(inner);
  const place = wanted ? JSON.stringify(placeParams(inner, config?.['params'])) : '';
  const needsCredential = (spec?.credentialKinds.length ?? 0) > 0;
  return useMemo(() => {
    if (!wanted) return undefined;
    const base = { action, params: JSON.parse(place) as JsonObject, ...(credentialId ? { credentialId } : {}) };
    const post = async <T>(what: string, body: object, signal: AbortSignal): Promise<T> => {
      try {
        return await call<T>('POST', `/connectors/${encodeURIComponent(connector)}/${what}`, { body: { ...base, ...body }, signal });
      } catch (error) {
        throw faultOf(error);
      }
    };
    return {
      why: needsCredential && credentialId === '' ? 'Choose a credential first.' : null,
      key: `${connector} ${credentialId} ${place}`,
      options: ({ resource, search, cursor, signal }) =>
        post<{ items: ConnectorOption[]; nextCursor: string | null }>(
          'options',
          { resource, ...(search === '' ? {} : { search }), ...(cursor === null ? {} : { cursor }) },
          signal,
        ),
      fields: async (field, signal) => (await post<{ schema: { [key: string]: unknown } }>('fields', { field }, signal)).schema,
    };
  }, [wanted, place, connector, action, credentialId, needsCredential, call]);
}
