/** Starts a test run of the draft as it stands: saved first, then run with the stored pins; its states appear on the canvas. */
import { useCallback } from 'react';
import { inputFields } from '../run/input-form.ts';
import { showToast } from '../ui/toast.tsx';
import type { Json } from '../ui/json-path.ts';
import type { TestScope } from './actions.ts';
import { ApiFault } from './api.ts';
import type { Builder } from './context.tsx';
import type { BuilderState } from './model/store.ts';

const keyOf = (workflowId: string): string => `hub-input:${workflowId}`;

/** The input of the last test, kept in this browser; else the template's sample; null where neither is there. */
export function lastInput(workflowId: string, { definition }: Pick<BuilderState, 'definition'>): Record<string, Json> | null {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(workflowId)) ?? 'null') as Record<string, Json> | null;
    if (kept) return kept;
  } catch {
    // Not readable: as good as none.
  }
  const sample = definition.ui?.['sampleInput'];
  return typeof sample === 'object' && sample !== null && !Array.isArray(sample) ? sample : null;
}

export function keepInput(workflowId: string, input: Record<string, Json>): void {
  try {
    localStorage.setItem(keyOf(workflowId), JSON.stringify(input));
  } catch {
    // The next test asks again.
  }
}

/** Starts; answers the run's id, or what is wrong with it. */
export async function startTest(
  builder: Builder,
  scope: TestScope,
  input: Record<string, Json>,
): Promise<{ id: string } | { fault: ApiFault | null }> {
  const { saving, call, workflow, store } = builder;
  if (!(await saving.flush())) return { fault: null };
  const shown = store.getState().run?.id;
  try {
    const partial = scope.only !== undefined || scope.upTo !== undefined;
    const body = { draft: true, input, ...scope, ...(partial && shown !== undefined ? { pinnedFromRun: shown } : {}) };
    return await call<{ id: string }>('POST', `/workflows/${workflow.id}/runs`, { body, idempotencyKey: `test-${crypto.randomUUID()}` });
  } catch (error) {
    return { fault: error instanceof ApiFault ? error : null };
  }
}

/** True where the form must be filled in before anything can run. */
function mustAsk(state: BuilderState, input: Record<string, Json> | null): boolean {
  return inputFields((state.definition.inputs as Record<string, unknown> | undefined) ?? null).some(
    (field) => field.required && field.value === '' && input?.[field.name] === undefined,
  );
}

export function useStartTest(builder: Builder, showRun: (id: string) => void): (scope: TestScope) => void {
  return useCallback(
    (scope) => {
      const state = builder.store.getState();
      const input = lastInput(builder.workflow.id, state);
      if (mustAsk(state, input)) {
        state.set({ dialog: { kind: 'run', ...scope } });
        return;
      }
      void startTest(builder, scope, input ?? {}).then((answer) => {
        if ('id' in answer) showRun(answer.id);
        else tellNotStarted(builder, answer.fault, scope);
      });
    },
    [builder, showRun],
  );
}

/** A wrong input opens the form; faults of the draft open their list; the rest is told. */
export function tellNotStarted({ store }: Builder, fault: ApiFault | null, scope: TestScope): void {
  if (!fault) {
    showToast({ text: 'The test was not started', more: 'The draft could not be saved first.', tone: 'failed' });
    return;
  }
  const { problem } = fault;
  if (problem.code.startsWith('input.')) store.getState().set({ dialog: { kind: 'run', ...scope } });
  else if (problem.errors.length > 0) store.getState().set({ mending: true, picking: null });
  showToast({ text: 'The test was not started', more: problem.errors[0]?.message ?? problem.detail, tone: 'failed' });
}
