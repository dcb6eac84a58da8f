/** What a step gave in the last run, and the output that is pinned for tests: written by hand, or kept from a run. */
import { Pin, PinOff, Play } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { ValueView } from '../../ui/code-view.tsx';
import { Field, Textarea } from '../../ui/field.tsx';
import type { Json } from '../../ui/json-path.ts';
import { StateLabel } from '../../ui/state.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';
import { nodeOf } from '../model/graph.ts';
import { putPins } from './pins.ts';
import { useSample } from './sample.ts';

function PinEditor({ value, onSave, onClose }: { value: Json | undefined; onSave: (value: Json) => Promise<string | null>; onClose: () => void }) {
  const [text, setText] = useState(() => JSON.stringify(value ?? {}, null, 2));
  const [why, setWhy] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    let next: Json;
    try {
      next = JSON.parse(text) as Json;
    } catch (error) {
      setWhy(`This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`);
      return;
    }
    const refused = await onSave(next);
    setWhy(refused);
    if (refused === null) onClose();
  };
  return (
    <div className="flex flex-col gap-8">
      <Field label="Pinned output" help="JSON. Tests take it instead of running the step; published runs never see it." error={why}>
        <Textarea code rows={12} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <div className="flex gap-8">
        <Button kind="main" onClick={() => void save()}>
          Pin this output
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

export function OutputTab({ id }: { id: string }) {
  const builder = useBuilder();
  const node = usePick((state) => nodeOf(state.definition, id));
  const view = usePick((state) => state.run?.views.get(id) ?? null);
  const pins = usePick((state) => state.pins);
  const readOnly = usePick((state) => state.readOnly);
  const { test } = useActions();
  const sample = useSample();
  const [writing, setWriting] = useState(false);
  if (!node) return null;
  const pinned = pins[id];
  const output = sample.outputs[id];
  const pin = async (value: Json): Promise<string | null> => {
    const why = await putPins(builder, { ...pins, [id]: value });
    if (why === null)
      showToast({ text: 'Output pinned', more: 'Tests take it instead of running the step.', undo: () => void putPins(builder, pins) });
    return why;
  };
  const keep = async (value: Json): Promise<void> => {
    const why = await pin(value);
    if (why !== null) showToast({ text: 'This cannot be pinned', more: why, tone: 'failed' });
  };
  const unpin = async (): Promise<void> => {
    const { [id]: _gone, ...others } = pins;
    const why = await putPins(builder, others);
    showToast(
      why === null ? { text: 'Pin removed', undo: () => void putPins(builder, pins) } : { text: 'The pin is still there', more: why, tone: 'failed' },
    );
  };
  const shown = pinned ?? output;
  return (
    <div className="flex flex-col gap-12 p-16">
      {writing ? (
        <PinEditor value={shown} onSave={pin} onClose={() => setWriting(false)} />
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-8">
            {pinned !== undefined ? (
              <span className="flex items-center gap-8 font-medium">
                <Pin size={14} aria-hidden />
                Pinned for tests
              </span>
            ) : view && !view.idle ? (
              <StateLabel state={view.state} />
            ) : (
              <span className="text-muted">{output === undefined ? 'It has not run yet' : 'In the sample run'}</span>
            )}
            {!readOnly && (
              <span className="ml-auto flex gap-8">
                {pinned !== undefined ? (
                  <Button onClick={() => void unpin()}>
                    <PinOff size={13} aria-hidden />
                    Unpin
                  </Button>
                ) : (
                  output !== undefined && (
                    <Button onClick={() => void keep(output)}>
                      <Pin size={13} aria-hidden />
                      Pin
                    </Button>
                  )
                )}
                <Button onClick={() => setWriting(true)}>{shown === undefined ? 'Write it by hand' : 'Edit'}</Button>
              </span>
            )}
          </div>
          {sample.errors[id] !== undefined && pinned === undefined && (
            <p role="alert" className="rounded-panel border border-line bg-failed-soft p-12 text-failed-text">
              {sample.errors[id]}
            </p>
          )}
          {shown !== undefined ? (
            <ValueView key={`${sample.runId} ${pinned === undefined}`} label={`Output of ${node.label ?? id}`} value={shown} />
          ) : (
            <div className="flex flex-col items-start gap-12 text-muted">
              <p>
                What this step gives stands here after a test. Or write an output by hand: the steps after it can then be tested without running it.
              </p>
              {builder.may.run && !readOnly && (
                <Button onClick={() => test({ upTo: id })}>
                  <Play size={13} aria-hidden />
                  Test up to here
                </Button>
              )}
            </div>
          )}
        </>
      )}
    </div>
  );
}
