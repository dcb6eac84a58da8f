/** What a step or a trigger that calls a connector is asked: which action, and the fields of it. */
import type { DefinitionNode } from '@hub/dag';
import { Combobox } from '../../ui/combobox.tsx';
import { Field } from '../../ui/field.tsx';
import { fieldsOfSchema } from '../../ui/form/schema-fields.ts';
import type { FormField } from '../../ui/form/types.ts';
import { type ConnectorEntry, lower } from '../model/catalogue.ts';

type Config = DefinitionNode['config'];

/** Fields of the chosen action in place of `params`; a credential only where the action takes one. */
export function connectorFields(fields: readonly FormField[], config: Config, connectors: readonly ConnectorEntry[]): FormField[] {
  const action = connectors.find(({ id }) => id === config['connector'])?.actions.find(({ id }) => id === config['action']);
  const credential = fields.find(({ name }) => name === 'credentialId');
  return fields.flatMap((field): FormField[] => {
    if (field.name === 'connector' || field.name === 'action' || field === credential) return [];
    if (field.name !== 'params') return [field];
    if (!action) return [{ ...field, kind: 'json' }];
    const params = { ...field, fields: fieldsOfSchema(action.params, { expression: true, literal: action.literalParams ?? [] }) };
    // Before the params: pickers ask with it.
    return credential && action.credentialKinds.length > 0 ? [{ ...credential, credentialKinds: action.credentialKinds }, params] : [params];
  });
}

/** The config after another action was chosen: its params begin anew, the credential stays with its connector. */
export function afterChoice(config: Config, connector: string, action: string): Config {
  const { credentialId: _other, ...rest } = config;
  return { ...(connector === config['connector'] ? config : rest), connector, action, params: {} };
}

export function ActionChoice({
  config,
  wants,
  connectors,
  onChoose,
  readOnly,
}: {
  config: Config;
  wants: 'read' | 'write';
  connectors: readonly ConnectorEntry[];
  onChoose: (connector: string, action: string) => void;
  readOnly: boolean;
}) {
  const options = connectors.flatMap((connector) =>
    connector.actions
      .filter(({ kind }) => kind === wants || kind === 'either')
      .map((action) => ({ value: `${connector.id} ${action.id}`, label: `${connector.title}: ${lower(action.title)}`, hint: action.help })),
  );
  const value = `${String(config['connector'] ?? '')} ${String(config['action'] ?? '')}`;
  return (
    <Field label="Action">
      <Combobox
        options={options}
        value={value}
        disabled={readOnly}
        onChange={(next) => {
          const [connector, action] = next.split(' ');
          if (connector && action && next !== value) onChoose(connector, action);
        }}
      />
    </Field>
  );
}
