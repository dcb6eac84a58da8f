/** How a step is set: the form of its kind, or of its connector's action. */
import { kindFields } from '@hub/dag/forms';
import type { DefinitionNode } from '@hub/dag';
import { Info } from 'lucide-react';
import { useMemo } from 'react';
import { fieldsOfSchema } from '../../ui/form/schema-fields.ts';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import type { FieldChange, FormField, FormFault, JsonObject } from '../../ui/form/types.ts';
import { Select } from '../../ui/select.tsx';
import { useBuilder, usePick } from '../context.tsx';
import type { ConnectorEntry } from '../model/catalogue.ts';
import { nodeOf } from '../model/graph.ts';
import { kindOf } from '@hub/dag';
import { ExpressionPreview } from './expression-preview.tsx';
import { useNames, useSources } from './form-kit.tsx';
import { useSeek } from './use-seek.ts';

const isConnector = (node: DefinitionNode): boolean => node.type === 'data_source' || node.type === 'action';
const fieldsFor = (type: string): readonly FormField[] => (Object.hasOwn(kindFields, type) ? kindFields[type as keyof typeof kindFields] : []);

/** Fields of a connector step: those of the chosen action in place of `params`; a credential only where the action takes one. */
function connectorFields(node: DefinitionNode, connectors: readonly ConnectorEntry[]): FormField[] {
  const action = connectors.find(({ id }) => id === node.config['connector'])?.actions.find(({ id }) => id === node.config['action']);
  return fieldsFor(node.type).flatMap((field): FormField[] => {
    if (field.name === 'connector' || field.name === 'action') return [];
    if (field.name === 'credentialId')
      return action && action.credentialKinds.length > 0 ? [{ ...field, credentialKinds: action.credentialKinds }] : [];
    if (field.name === 'params')
      return action
        ? [{ ...field, fields: fieldsOfSchema(action.params, { expression: true, literal: action.literalParams ?? [] }) }]
        : [{ ...field, kind: 'json' }];
    return [field];
  });
}

function ActionChoice({
  node,
  connectors,
  onChoose,
  readOnly,
}: {
  node: DefinitionNode;
  connectors: readonly ConnectorEntry[];
  onChoose: (connector: string, action: string) => void;
  readOnly: boolean;
}) {
  const wants = node.type === 'data_source' ? 'read' : 'write';
  const options = connectors.flatMap((connector) =>
    connector.actions
      .filter(({ kind }) => kind === wants || kind === 'either')
      .map((action) => ({ value: `${connector.id} ${action.id}`, label: action.title, group: connector.title })),
  );
  const value = `${String(node.config['connector'] ?? '')} ${String(node.config['action'] ?? '')}`;
  return (
    <div className="flex flex-col gap-4">
      <span className="font-medium">Action</span>
      <Select
        label="Action"
        options={options}
        value={value}
        disabled={readOnly}
        onChange={(next) => {
          const [connector, action] = next.split(' ');
          if (connector && action && next !== value) onChoose(connector, action);
        }}
      />
    </div>
  );
}

/** Faults of a step as its form wants them: pointers below the config. */
export function useNodeFaults(id: string, under: string): FormFault[] {
  const faults = usePick((state) => state.faults);
  const warnings = usePick((state) => state.warnings);
  return useMemo(() => {
    const mine = (list: typeof faults, tone: 'fault' | 'warning'): FormFault[] =>
      list.flatMap(({ nodeId, path, message }) => {
        const rest = path.replace(/^\/nodes\/\d+/, '');
        return nodeId === id && rest.startsWith(under) ? [{ path: rest.slice(under.length), message, tone }] : [];
      });
    return [...mine(faults, 'fault'), ...mine(warnings, 'warning')];
  }, [faults, warnings, id, under]);
}

export function ParametersTab({ id }: { id: string }) {
  const { store, library } = useBuilder();
  const node = usePick((state) => nodeOf(state.definition, id));
  const readOnly = usePick((state) => state.readOnly);
  const faults = useNodeFaults(id, '/config');
  const { names, itemNames } = useNames(id);
  const sources = useSources();
  const fields = useMemo(
    () => (node ? (isConnector(node) ? connectorFields(node, library.connectors) : fieldsFor(node.type)) : []),
    [node, library.connectors],
  );
  useSeek(id, node !== undefined && !(library.loading && isConnector(node)));
  const failed = usePick((state) => (state.run?.error?.nodeId === id ? state.run.error.message : null));
  if (!node) return null;
  const onChange = (next: JsonObject, { pointer, typing }: FieldChange): void =>
    void store.getState().edit({ op: 'set-config', id, config: next }, typing ? { merge: `${id}${pointer}` } : {});
  const placed = faults.filter(({ path }) => path === '');
  const kind = kindOf(node.type);
  return (
    <div className="flex flex-col gap-16 p-16">
      {kind && !kind.runs && (
        <p className="flex gap-8 rounded-panel border border-line bg-sunk p-12 text-12 text-muted">
          <Info size={14} aria-hidden className="mt-px shrink-0" />
          This step can be drawn and saved; this version of the hub cannot publish it yet.
        </p>
      )}
      {failed !== null && (
        <p role="note" className="rounded-panel border border-line bg-failed-soft p-12 break-words text-failed-text">
          In the run shown: {failed}
        </p>
      )}
      {isConnector(node) && (
        <ActionChoice
          node={node}
          connectors={library.connectors}
          readOnly={readOnly}
          onChoose={(connector, action) => {
            const { credentialId: _other, ...rest } = node.config;
            const same = connector === node.config['connector'];
            store.getState().edit({ op: 'set-config', id, config: { ...(same ? node.config : rest), connector, action, params: {} } });
          }}
        />
      )}
      {library.loading && isConnector(node) ? (
        <span aria-hidden className="skeleton after-blink h-[160px]" />
      ) : (
        <SchemaForm
          fields={fields}
          value={node.config}
          onChange={onChange}
          faults={faults}
          names={names}
          itemNames={itemNames}
          sources={sources}
          readOnly={readOnly}
          preview={({ text, pointer, field }) => <ExpressionPreview id={id} text={text} whole={field.language === 'jsonata'} key={pointer} />}
        />
      )}
      {placed.map(({ message }) => (
        <p key={message} role="alert" className="text-failed-text">
          {message}
        </p>
      ))}
    </div>
  );
}
