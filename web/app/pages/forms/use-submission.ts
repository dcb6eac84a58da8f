/** Sends a form from the browser and follows what comes of it, each question held by the server for at most 25 s. */
import type { FormResult } from '@hub/contract';
import { useEffect, useState } from 'react';
import { isProblem, type Problem } from '../../api/problem.ts';

export interface Submission {
  id: string;
  result: FormResult | null;
}

const pauseMs = 2000;
const broken: Problem = {
  code: 'network.broken',
  detail: 'The connection broke. Nothing was sent twice: try again.',
  status: 0,
  requestId: null,
  retryAfterSeconds: null,
  errors: [],
};

const isOver = (result: FormResult | null): boolean => result?.status === 'done' || result?.status === 'failed';

/** `sent`: one that was sent already, without scripts. */
export function useSubmission(token: string, sent: Submission | null = null) {
  const base = `/api/v1/forms/${encodeURIComponent(token)}`;
  const [submission, setSubmission] = useState<Submission | null>(sent);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  // One key until it was taken: a double click, or a try after a broken connection, is one run.
  const [key, setKey] = useState('');
  const id = submission && !isOver(submission.result) ? submission.id : undefined;
  useEffect(() => {
    if (!id) return;
    const gone = new AbortController();
    const follow = async (): Promise<void> => {
      while (!gone.signal.aborted) {
        try {
          const answer = await fetch(`${base}/submissions/${encodeURIComponent(id)}?wait=25`, { signal: gone.signal });
          const result = answer.ok ? ((await answer.json()) as FormResult) : null;
          if (result) setSubmission({ id, result });
          if (isOver(result) || answer.status === 404) return;
        } catch {
          if (gone.signal.aborted) return;
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    void follow();
    return () => gone.abort();
  }, [id, base]);
  const submit = async (values: Record<string, unknown>): Promise<void> => {
    const own = key || crypto.randomUUID();
    setKey(own);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await fetch(base, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': own },
        body: JSON.stringify({ values }),
      });
      const told: unknown = await answer.json().catch(() => null);
      if (answer.ok && typeof told === 'object' && told !== null && 'submission' in told) {
        setSubmission({ id: String(told.submission), result: null });
        setKey('');
      } else setProblem(isProblem(told) ? { ...told, errors: told.errors ?? [] } : broken);
    } catch {
      setProblem(broken);
    } finally {
      setBusy(false);
    }
  };
  const clear = (): void => setSubmission(null);
  return { submission, problem, busy, submit, clear };
}
