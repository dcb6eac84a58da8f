/** The one field that a run failed at, put right from a phone: what stands there, what it should be, publish, and on to continuing the run. */
import { useState } from 'react';
import { useFetcher } from 'react-router';
import { isProblem } from '../api/problem.ts';
import { useMe } from '../shell/use-me.ts';
import { Button } from '../ui/button.tsx';
import { Field, Textarea } from '../ui/field.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import type { FieldFault } from './fault.ts';
import type { RunAnswer } from './use-run-action.ts';

export function FixSheet({
  runId,
  node,
  field,
  onClose,
  onFixed,
}: {
  runId: string;
  node: { id: string; label: string };
  field: FieldFault & { wrote: string };
  onClose: () => void;
  /** The version is out. */
  onFixed: () => void;
}) {
  const { me } = useMe();
  const fetcher = useFetcher<RunAnswer>();
  const [value, setValue] = useState(field.wrote);
  useAnswer(fetcher, ({ done }) => {
    // What comes next names the version; a toast would lie over it.
    if (done) onFixed();
  });
  const problem = isProblem(fetcher.data?.problem) ? fetcher.data.problem : null;
  const why =
    fetcher.state !== 'idle' ? 'Publishing' : value === field.wrote ? 'Nothing is changed yet' : value.trim() === '' ? 'The field is empty' : null;
  const send = (): void =>
    void fetcher.submit(
      { intent: 'fix', nodeId: node.id, field: field.pointer, value, _csrf: me.csrfToken ?? '' },
      { method: 'post', action: `/runs/${runId}` },
    );
  return (
    <Sheet
      open
      onClose={onClose}
      title={`Fix ${node.label}`}
      foot={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" onClick={send} why={why}>
            Publish it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-16">
        <p className="text-muted">
          {field.empty ? 'What stands there gives nothing.' : 'What stands there gives something else.'} It is published as a new version; then this
          run goes on with it, and what is done stays done.
        </p>
        <Field
          label={field.label}
          help={`${field.wants ? `Takes ${field.wants}. ` : ''}An expression stands in {{ }}.`}
          error={problem ? problem.detail : null}
        >
          <Textarea code rows={3} value={value} onChange={(event) => setValue(event.currentTarget.value)} spellCheck={false} autoCapitalize="off" />
        </Field>
      </div>
    </Sheet>
  );
}
