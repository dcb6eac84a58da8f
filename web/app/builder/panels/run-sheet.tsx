/** Run with an input of one's choice: a form made from the inputs of the workflow. */
import { lazy, Suspense, useMemo, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { fieldsOfSchema } from '../../ui/form/schema-fields.ts';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import type { FormFault, JsonObject } from '../../ui/form/types.ts';
import type { Json } from '../../ui/json-path.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { type Builder, useBuilder, usePick } from '../context.tsx';
import type { Looked } from '../model/dry-run.ts';
import { labelOfId } from '../model/words.ts';
import type { Dialog } from '../model/store.ts';
import { keepInput, lastInput, startTest } from '../start-test.ts';
import { useSources } from './form-kit.tsx';

/** The planner and the expressions come when somebody looks ahead. */
const DryRunView = lazy(async () => ({ default: (await import('./dry-run-view.tsx')).DryRunView }));

interface RunSheetProps {
  dialog: Extract<Dialog, { kind: 'run' }>;
  onClose: () => void;
  onRun: (id: string) => void;
}

/** Null where they cannot be read: what reads them is then not evaluated. */
async function teamVariables({ call }: Builder): Promise<Record<string, Json> | null> {
  try {
    const { items } = await call<{ items: { name: string; value: Json }[] }>('GET', '/variables?limit=200');
    return Object.fromEntries(items.map(({ name, value }) => [name, value]));
  } catch {
    return null;
  }
}

export function RunSheet({ dialog, onClose, onRun }: RunSheetProps) {
  const builder = useBuilder();
  const { workflow, store } = builder;
  const definition = usePick((state) => state.definition);
  const sources = useSources();
  const fields = useMemo(() => fieldsOfSchema(definition.inputs), [definition.inputs]);
  const [value, setValue] = useState<JsonObject>(() => lastInput(workflow.id, store.getState()) ?? {});
  const [faults, setFaults] = useState<FormFault[]>([]);
  const [why, setWhy] = useState<string | null>(null);
  const [unfinished, setUnfinished] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [looking, setLooking] = useState(false);
  const target = dialog.only ?? dialog.upTo;
  const title = target === undefined ? 'Test the workflow' : `${dialog.only === undefined ? 'Test up to' : 'Test'} ${labelOfId(definition, target)}`;
  const start = async (): Promise<void> => {
    setBusy(true);
    keepInput(workflow.id, value as Record<string, Json>);
    const scope = { ...(dialog.only === undefined ? {} : { only: dialog.only }), ...(dialog.upTo === undefined ? {} : { upTo: dialog.upTo }) };
    const answer = await startTest(builder, scope, value as Record<string, Json>);
    setBusy(false);
    if ('id' in answer) {
      onClose();
      onRun(answer.id);
      return;
    }
    const problem = answer.fault?.problem;
    setWhy(problem?.detail ?? 'The draft could not be saved first, or the server could not be reached.');
    setFaults((problem?.errors ?? []).map(({ path, message }) => ({ path: path.replace(/^\/input/, ''), message })));
  };
  const lookAhead = async (): Promise<void> => {
    setLooking(true);
    const { definition: draft, pins } = store.getState();
    try {
      const [model, vars] = await Promise.all([import('../model/dry-run.ts'), teamVariables(builder)]);
      setLooked(await model.lookAhead({ definition: draft, workflowName: workflow.name, input: value as Record<string, Json>, pins, vars }));
    } catch {
      setWhy('It could not be reckoned in this browser.');
    }
    setLooking(false);
  };
  return (
    <Sheet
      open
      onClose={onClose}
      title={title}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {target === undefined && (
            <Button why={looking ? 'Reckoning' : unfinished} onClick={() => void lookAhead()}>
              Dry run
            </Button>
          )}
          <Button kind="main" why={busy ? 'Starting' : unfinished} onClick={() => void start()}>
            Start the test
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        {why !== null && (
          <p role="alert" className="text-failed-text">
            {why}
          </p>
        )}
        {fields.length > 0 ? (
          <SchemaForm
            plain
            fields={fields}
            value={value}
            faults={faults}
            sources={sources}
            onUnfinished={(_, reason) => setUnfinished(reason)}
            onChange={(next) => {
              setValue(next);
              setFaults([]);
              setWhy(null);
              setLooked(null);
            }}
          />
        ) : (
          <p className="text-muted">This workflow takes no input. Add inputs at Start.</p>
        )}
        <p className="text-12 text-muted">
          A test runs the draft as it stands. Pinned steps do not run; it counts for no statistics.
          {target === undefined && ' A dry run executes nothing: it shows what would run.'}
        </p>
        {looked !== null && (
          <Suspense>
            <DryRunView looked={looked} />
          </Suspense>
        )}
      </form>
    </Sheet>
  );
}
