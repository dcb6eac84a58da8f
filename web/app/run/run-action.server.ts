/** What a run page can ask for: a field put right, cancel, run again, continue, a note, pause, resume, answer a step that waits, send a signal. */
import type { Client, RetryRequest } from '@hub/contract';
import { redirect } from 'react-router';
import { isApiError, text } from '../api/hub.server.ts';
import { fixField } from './fix-field.server.ts';
import { inputFields, readInputForm } from './input-form.ts';
import type { RunAnswer } from './use-run-action.ts';

type Decision = 'approved' | 'rejected' | 'retry' | 'done' | 'fail';
const decisions: Decision[] = ['approved', 'rejected', 'retry', 'done', 'fail'];
const decided: Record<Decision, string> = {
  approved: 'Approved',
  rejected: 'Rejected',
  retry: 'The step runs again',
  done: 'Marked as done',
  fail: 'Marked as failed',
};

const faulty = (errors: { path: string; message: string }[]): RunAnswer => ({
  problem: { code: 'input.not-json', detail: 'Some fields cannot be read.', status: 422, requestId: null, retryAfterSeconds: null, errors },
});

/** `schema` as the approval gave it, for the types of its fields only: the API checks the values. */
function schemaOf(form: FormData): Record<string, unknown> | null {
  try {
    const schema: unknown = JSON.parse(text(form, 'schema'));
    return typeof schema === 'object' && schema !== null ? (schema as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function answer(client: Client, runId: string, form: FormData): Promise<RunAnswer> {
  const decision = decisions.find((each) => each === text(form, 'decision'));
  if (!decision) return faulty([{ path: '/decision', message: 'Choose an answer.' }]);
  const fields = inputFields(schemaOf(form));
  const parsed = readInputForm(form, fields);
  if ('errors' in parsed) return faulty(parsed.errors);
  const path = text(form, 'path');
  let output: unknown;
  if (decision === 'done') {
    try {
      output = JSON.parse(text(form, 'output') || 'null');
    } catch {
      return faulty([{ path: '/output', message: 'This is not JSON.' }]);
    }
  }
  await client.answerNode({
    params: { id: runId, nodeId: text(form, 'nodeId') },
    body: {
      decision,
      messageId: text(form, 'messageId') || crypto.randomUUID(),
      ...(path ? { path } : {}),
      ...(fields.length > 0 ? { form: parsed.input } : {}),
      ...(decision === 'done' ? { output } : {}),
    },
  });
  return { done: decided[decision], more: 'The run goes on.' };
}

async function signal(client: Client, runId: string, form: FormData): Promise<RunAnswer> {
  let payload: unknown;
  try {
    payload = JSON.parse(text(form, 'payload') || 'null');
  } catch {
    return faulty([{ path: '/payload', message: 'This is not JSON.' }]);
  }
  const path = text(form, 'path');
  await client.signalRun({
    params: { id: runId, name: text(form, 'name') },
    body: { payload, messageId: text(form, 'messageId') || crypto.randomUUID(), ...(path ? { path } : {}) },
  });
  return { done: 'Signal sent', more: 'The run goes on.' };
}

/** What a retry is asked with: from where, with which version, with which output set by hand. Null where that is not JSON. */
function retryOf(form: FormData): RetryRequest | null {
  const fromNode = text(form, 'fromNode');
  const version = (['published', 'draft'] as const).find((one) => one === text(form, 'version'));
  const nodeId = text(form, 'outputOf');
  const asked = { ...(fromNode ? { fromNode } : {}), ...(version ? { version } : {}) };
  if (!nodeId) return asked;
  try {
    return { ...asked, outputs: { [nodeId]: JSON.parse(text(form, 'output')) as unknown } };
  } catch {
    return null;
  }
}

/** Does what the form asks; a refusal of the API is the caller's to show. */
export async function actOnRun(client: Client, runId: string, form: FormData): Promise<RunAnswer | Response> {
  const params = { id: runId };
  switch (text(form, 'intent')) {
    case 'again': {
      const run = await client.getRun({ params });
      const started = await client.startRun({
        params: { id: run.workflowId },
        body: { input: run.input, ...(run.version ? { version: run.version } : { draft: true }) },
      });
      return redirect(`/runs/${started.id}`);
    }
    case 'plan':
    case 'retry': {
      const body = retryOf(form);
      if (body === null) return faulty([{ path: '/output', message: 'This is not JSON.' }]);
      if (text(form, 'intent') === 'plan') return { plan: await client.planRetry({ params, body }) };
      return redirect(`/runs/${(await client.retryRun({ params, body })).id}`);
    }
    case 'note': {
      const note = text(form, 'note').trim() || null;
      await client.noteRun({ params, body: { note } });
      return note === null
        ? { done: 'Note removed', more: 'The run is kept as long as the others.' }
        : { done: 'Note saved', more: 'The run is now kept for good.' };
    }
    case 'pause':
      await client.pauseRun({ params });
      return { done: 'Run paused', more: 'What is in flight ends; nothing new starts.' };
    case 'resume':
      await client.resumeRun({ params });
      return { done: 'Run goes on' };
    case 'answer':
      return answer(client, runId, form);
    case 'signal':
      return signal(client, runId, form);
    case 'fix':
      return fixField(client, runId, form);
    default:
      try {
        await client.cancelRun({ params });
      } catch (error) {
        // It ended in the meantime: what was wanted is so.
        if (!isApiError(error, 'run.settled')) throw error;
      }
      return { done: 'Run cancelled', more: 'Steps in flight get a moment to stop.' };
  }
}
