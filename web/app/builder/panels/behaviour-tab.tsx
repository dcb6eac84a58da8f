/** How a step runs: when it starts, tries again, gives up, what happens then; and notes for people. */
import { kindOf, type Operation } from '@hub/dag';
import { nodeFields } from '@hub/dag/forms';
import { useMemo } from 'react';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import type { FieldChange, FormField, JsonObject } from '../../ui/form/types.ts';
import { useBuilder, usePick } from '../context.tsx';
import { nodeOf } from '../model/graph.ts';
import { useNodeFaults } from './parameters-tab.tsx';
import { useSeek } from './use-seek.ts';

const notes: FormField = {
  name: 'notes',
  label: 'Notes',
  kind: 'text',
  multiline: true,
  placeholder: 'Why it is as it is',
  help: 'For people; never read by a run.',
};
const shown = ['join', 'retry', 'timeoutMs', 'onError', 'strict', 'cache', 'disabled', 'notes'] as const;

export function BehaviourTab({ id }: { id: string }) {
  const { store } = useBuilder();
  const node = usePick((state) => nodeOf(state.definition, id));
  const entered = usePick((state) => (state.definition.edges ?? []).filter((edge) => edge.to === id).length);
  const readOnly = usePick((state) => state.readOnly);
  const faults = useNodeFaults(id, '');
  const fields = useMemo(() => {
    const kind = node ? kindOf(node.type) : null;
    const fits = (field: FormField): boolean => (field.name !== 'retry' || kind?.mayRetry === true) && (field.name !== 'join' || entered > 1);
    return [...nodeFields.filter(fits), notes];
  }, [node, entered]);
  useSeek(id, node !== undefined);
  if (!node) return null;
  const value = Object.fromEntries(shown.flatMap((key) => (node[key] === undefined ? [] : [[key, node[key]]]))) as JsonObject;
  const onChange = (next: JsonObject, { pointer, typing }: FieldChange): void => {
    const patch = Object.fromEntries(shown.flatMap((key) => (next[key] === value[key] ? [] : [[key, next[key] ?? null]])));
    const operation = { op: 'patch-node', id, patch } as Operation;
    store.getState().edit(operation, typing ? { merge: `${id}!${pointer}` } : {});
  };
  return (
    <div className="p-16">
      <SchemaForm fields={fields} value={value} onChange={onChange} faults={faults} readOnly={readOnly} />
    </div>
  );
}
