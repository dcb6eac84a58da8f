/** Start: what starts a run, and what it is given. */
import { triggerKinds, type DefinitionTrigger } from '@hub/dag';
import { triggerFields } from '@hub/dag/forms';
import { Plus, Trash2, X, Zap } from 'lucide-react';
import { useMemo } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import type { FormFault, FormField, JsonObject, NameGroup } from '../../ui/form/types.ts';
import { Select } from '../../ui/select.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useBuilder, usePick } from '../context.tsx';
import { freeId, idsOf } from '../model/names.ts';
import { triggerWords } from '../model/trigger-words.ts';
import { ActionChoice, afterChoice, connectorFields } from './connector-form.tsx';
import { useSources } from './form-kit.tsx';
import { Looked } from './only-looking.tsx';
import { ScheduleLook } from './schedule-look.tsx';
import { useVendor } from './vendor-source.ts';

const fieldsFor = (type: string): readonly FormField[] => (triggerFields as Readonly<Record<string, readonly FormField[]>>)[type] ?? [];
const inputField: FormField = {
  name: 'inputs',
  label: 'Inputs',
  kind: 'schema',
  help: 'The fields a run is started with. Steps read them as {{ input.name }}.',
};

function faultsUnder(faults: readonly { path: string; message: string }[], prefix: string): FormFault[] {
  return faults.flatMap(({ path, message }) => (path.startsWith(prefix) ? [{ path: path.slice(prefix.length), message }] : []));
}

/** What a poll's params may read. */
const pollNames: NameGroup[] = [{ label: 'Of the poll', names: [{ path: 'cursor', hint: 'the last value that was seen' }] }];

function Trigger({ trigger, at }: { trigger: DefinitionTrigger; at: number }) {
  const { store, library } = useBuilder();
  const readOnly = usePick((state) => state.readOnly);
  const all = usePick((state) => state.faults);
  const faults = useMemo(() => faultsUnder(all, `/triggers/${at}/config`), [all, at]);
  const own = all.filter(({ path }) => path === `/triggers/${at}/type` || path === `/triggers/${at}`);
  const lists = useSources();
  const kind = triggerKinds.get(trigger.type);
  const polls = trigger.type === 'poll';
  const config = useMemo(() => trigger.config ?? {}, [trigger.config]);
  const fields = useMemo(
    () => (polls ? connectorFields(fieldsFor('poll'), config, library.connectors) : fieldsFor(trigger.type)),
    [polls, config, library.connectors, trigger.type],
  );
  const push = polls ? library.connectors.find(({ id }) => id === config['connector'])?.push : undefined;
  const vendor = useVendor(polls ? config : undefined, library.connectors, fields);
  const sources = useMemo(() => (vendor ? { ...lists, vendor } : lists), [lists, vendor]);
  const setConfig = (next: JsonObject, merge?: string): void =>
    void store.getState().edit({ op: 'set-trigger', id: trigger.id, config: next }, merge === undefined ? {} : { merge });
  return (
    <li className="flex flex-col gap-12 border-b border-line px-16 py-12">
      <div className="flex items-center gap-8">
        <span className="min-w-0 flex-1">
          <span className="block font-medium">{triggerWords(trigger.type)}</span>
          <span className="block text-12 text-muted">
            {kind?.help} <span className="font-mono">{trigger.id}</span>
          </span>
        </span>
        {!readOnly && (
          <IconButton
            label={`Remove the trigger ${triggerWords(trigger.type)}`}
            onClick={() => store.getState().edit({ op: 'remove-trigger', id: trigger.id })}
          >
            <Trash2 size={14} aria-hidden />
          </IconButton>
        )}
      </div>
      {polls && (
        <ActionChoice
          config={config}
          wants="read"
          connectors={library.connectors}
          readOnly={readOnly}
          onChoose={(connector, action) => setConfig(afterChoice(config, connector, action) as JsonObject)}
        />
      )}
      {push?.actions.includes(String(config['action'])) && <p className="text-12 text-muted">{push.help}</p>}
      {fields.length > 0 && (
        <SchemaForm
          fields={fields}
          value={config}
          faults={faults}
          sources={sources}
          names={polls ? pollNames : []}
          readOnly={readOnly}
          plain={!polls}
          onChange={(next: JsonObject, { pointer, typing }) => setConfig(next, typing ? `${trigger.id}${pointer}` : undefined)}
        />
      )}
      {trigger.type === 'schedule' && <ScheduleLook config={config} readOnly={readOnly} onConfig={(next) => setConfig(next)} />}
      {[...own, ...faults.filter(({ path }) => path === '')].map(({ message }) => (
        <p key={message} role="alert" className="text-failed-text">
          {message}
        </p>
      ))}
    </li>
  );
}

function AddTrigger() {
  const { store } = useBuilder();
  const add = (type: string): void => {
    const kind = triggerKinds.get(type);
    if (!kind) return;
    const { definition, edit } = store.getState();
    const id = freeId(kind.example.id, idsOf(definition));
    const why = edit({ op: 'add-trigger', trigger: { id, type, ...(kind.example.config ? { config: kind.example.config } : {}) } });
    if (why !== null) showToast({ text: 'The trigger was not added', more: why });
  };
  return (
    <div className="px-16 py-12">
      <Select
        label="Add a trigger"
        value=""
        placeholder="Add a trigger"
        onChange={add}
        options={[...triggerKinds.values()].map(({ type, label, help }) => ({ value: type, label, hint: help }))}
      />
    </div>
  );
}

export function StartPanel() {
  const { store } = useBuilder();
  const triggers = usePick((state) => state.definition.triggers);
  const inputs = usePick((state) => state.definition.inputs);
  const readOnly = usePick((state) => state.readOnly);
  const all = usePick((state) => state.faults);
  const faults = useMemo(() => all.filter(({ path }) => path.startsWith('/inputs')).map(({ path, message }) => ({ path, message })), [all]);
  return (
    <>
      <header className="flex h-bar shrink-0 items-center gap-8 border-b border-line pr-8 pl-16">
        <span className="flex size-[28px] shrink-0 items-center justify-center rounded-round bg-ink text-paper">
          <Zap size={14} aria-hidden />
        </span>
        <span className="min-w-0 flex-1">
          <h2 className="text-15 font-semibold">Start</h2>
        </span>
        <IconButton label="Close" onClick={() => store.getState().select([])}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <div data-tab-body className="min-h-0 flex-1 overflow-y-auto">
        <Looked label="Start">
          <section aria-label="Triggers">
            <h3 className="px-16 pt-16 font-semibold">Triggers</h3>
            {(triggers ?? []).length === 0 && <p className="px-16 pt-4 text-muted">Without a trigger it is started by hand and over the API.</p>}
            <ul>
              {(triggers ?? []).map((trigger, at) => (
                <Trigger key={trigger.id} trigger={trigger} at={at} />
              ))}
            </ul>
            {!readOnly && <AddTrigger />}
          </section>
          <section aria-label="Inputs" className="border-t border-line p-16">
            {inputs === undefined && !readOnly ? (
              <div className="flex flex-col items-start gap-8">
                <h3 className="font-semibold">Inputs</h3>
                <p className="text-muted">The fields a run is started with, such as a file or a text. They make the form to start it by hand.</p>
                <Button
                  onClick={() => {
                    const inputs = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
                    store.getState().edit({ op: 'set-inputs', inputs });
                    // The button is gone: on to the name, which most will change.
                    requestAnimationFrame(() => {
                      const name = document.querySelector<HTMLInputElement>('[data-inspector] [data-field="/inputs"] input[aria-label="Field"]');
                      name?.focus();
                      name?.select();
                    });
                  }}
                >
                  <Plus size={14} aria-hidden />
                  Add an input
                </Button>
              </div>
            ) : (
              <SchemaForm
                fields={[inputField]}
                value={(inputs === undefined ? {} : { inputs }) as JsonObject}
                faults={faults}
                readOnly={readOnly}
                plain
                onChange={(next, { pointer, typing }) => {
                  const schema = next['inputs'];
                  const object = typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema : null;
                  store.getState().edit({ op: 'set-inputs', inputs: object }, typing ? { merge: `inputs${pointer}` } : {});
                }}
              />
            )}
          </section>
        </Looked>
      </div>
    </>
  );
}
