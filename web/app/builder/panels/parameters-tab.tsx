/** How a step is set: the form of its kind, or of its connector's action. */
import { kindFields } from '@hub/dag/forms';
import type { DefinitionNode } from '@hub/dag';
import { Info } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { errorWords } from '../../run/error-words.ts';
import { loadCodeEditor } from '../../ui/code-field.tsx';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import type { FieldChange, FormField, FormFault, JsonObject } from '../../ui/form/types.ts';
import { useBuilder, usePick } from '../context.tsx';
import { nodeOf } from '../model/graph.ts';
import { kindOf } from '@hub/dag';
import { ActionChoice, afterChoice, connectorFields } from './connector-form.tsx';
import { ExpressionPreview } from './expression-preview.tsx';
import { useNames, useSources } from './form-kit.tsx';
import { useSeek } from './use-seek.ts';
import { useVendor } from './vendor-source.ts';

const isConnector = (node: DefinitionNode): boolean => node.type === 'data_source' || node.type === 'action';
const fieldsFor = (type: string): readonly FormField[] => (Object.hasOwn(kindFields, type) ? kindFields[type as keyof typeof kindFields] : []);

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

/** A run that cannot be read holds up no form. */
const mostWaitMs = 3000;

/** The address names a run that is not read yet: what it says stands over the form, which is drawn with it and not moved by it. */
function useRunAwaited(): boolean {
  const [search] = useSearchParams();
  const isHere = usePick((state) => state.run !== null);
  const [waits, setWaits] = useState(() => search.has('run') && !isHere);
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => setWaits(false), mostWaitMs);
    return () => clearTimeout(timer);
  }, [waits]);
  return waits && !isHere;
}

export function ParametersTab({ id }: { id: string }) {
  const { store, library } = useBuilder();
  const node = usePick((state) => nodeOf(state.definition, id));
  const readOnly = usePick((state) => state.readOnly);
  const faults = useNodeFaults(id, '/config');
  const { names, itemNames } = useNames(id);
  const lists = useSources();
  const fields = useMemo(
    () => (node ? (isConnector(node) ? connectorFields(fieldsFor(node.type), node.config, library.connectors) : fieldsFor(node.type)) : []),
    [node, library.connectors],
  );
  // Here before a field of code is opened, so that none changes under the hand.
  useEffect(() => void loadCodeEditor().catch(() => undefined), []);
  const vendor = useVendor(node?.config, library.connectors, fields);
  const sources = useMemo(() => (vendor ? { ...lists, vendor } : lists), [lists, vendor]);
  const awaited = useRunAwaited();
  useSeek(id, node !== undefined && !awaited && !(library.loading && isConnector(node)));
  const failed = usePick((state) => (state.run?.error?.nodeId === id ? errorWords(state.run.error.message) : null));
  if (!node) return null;
  const onChange = (next: JsonObject, { pointer, typing }: FieldChange): void =>
    void store.getState().edit({ op: 'set-config', id, config: next }, typing ? { merge: `${id}${pointer}` } : {});
  if (awaited) return <span aria-hidden className="skeleton after-blink m-16 h-[160px]" />;
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
          config={node.config}
          wants={node.type === 'data_source' ? 'read' : 'write'}
          connectors={library.connectors}
          readOnly={readOnly}
          onChoose={(connector, action) => void store.getState().edit({ op: 'set-config', id, config: afterChoice(node.config, connector, action) })}
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
