/** respond: answers the request that started the run. The answer is a row; whoever waits is woken by the step's own event. */
import { UserError } from '@hub/kit/errors';
import type { Json } from '@hub/dag/planner';

import type { Warning } from '../../ports.ts';
import { isObject, own } from '../../values/json.ts';
import type { OutwardStep } from '../outward-step.ts';

const maxBodyBytes = 1_000_000;
const maxHeaders = 20;
const maxHeaderChars = 2_000;
/** What an author may set. A list of what may, not of what may not: the transport and the browser's trust are not theirs. */
const allowedHeaders = new Set([
  'content-type',
  'content-language',
  'cache-control',
  'etag',
  'last-modified',
  'location',
  'retry-after',
  'link',
  'vary',
]);
const ownHeader = /^x-(?!hub-)[a-z0-9-]{1,80}$/;
/** Never a type that a browser shows as a page of this site (05, rule 25). */
const shownTypes = /^(application\/([a-z0-9.-]+\+)?(json|xml)|text\/(plain|csv|xml)|application\/x-www-form-urlencoded)(; ?charset="?utf-8"?)?$/i;

const outcomes: Record<string, Warning> = {
  'answered-before': { code: 'respond.second', message: 'Another respond step had answered already; this answer went nowhere' },
  'too-late': { code: 'respond.too-late', message: 'The request had waited 30 s and was told to look later; this answer went nowhere' },
  'no-request': { code: 'respond.no-request', message: 'No request waits for an answer of this run; this answer went nowhere' },
};

export const respond: OutwardStep = {
  toFill: (config) => ({
    value: { status: config['status'] ?? 200, headers: config['headers'] ?? {}, body: config['body'] ?? null },
    literal: [],
  }),
  isIdempotent: () => true,
  run: async ({ filled, facts, path, deps }) => {
    const warnings: Warning[] = [];
    const status = statusOf(own(filled, 'status') ?? 200);
    const headers = headersOf(own(filled, 'headers'), warnings);
    const bodyText = JSON.stringify(own(filled, 'body') ?? null);
    if (Buffer.byteLength(bodyText) > maxBodyBytes) {
      throw new UserError('respond.too-large', 'An answer has at most 1 MB.', { remedy: 'Answer with a file: its handle as the body.' });
    }
    if (deps.answers === undefined) throw new UserError('respond.not-here', 'This worker has no way to answer requests.');
    const outcome = await deps.answers.give({ team: facts.team, run: facts.run, path, answer: { status, headers, bodyText } });
    const warning = outcomes[outcome];
    if (warning !== undefined) warnings.push(warning);
    return { outputText: JSON.stringify({ answered: outcome === 'given', status }), port: 'out', warnings };
  },
};

function statusOf(value: Json): number {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw new UserError('step.invalid-params', 'status is not a number from 200 to 599');
}

function headersOf(given: Json | undefined, warnings: Warning[]): Record<string, string> {
  const headers: Record<string, string> = {};
  if (given === undefined || given === null) return headers;
  if (!isObject(given)) throw new UserError('step.invalid-params', 'headers is not an object of names and values');
  for (const [name, value] of Object.entries(given).slice(0, maxHeaders)) {
    const key = name.toLowerCase();
    if (value === null) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (!allowedHeaders.has(key) && !ownHeader.test(key)) {
      warnings.push({ code: 'respond.header-refused', message: `The header ${key.slice(0, 80)} is not one an answer may set` });
    } else if (!/^[\x20-\x7e]*$/.test(text) || text.length > maxHeaderChars) {
      warnings.push({ code: 'respond.header-refused', message: `The header ${key.slice(0, 80)} has a value that no header can carry` });
    } else if (key === 'content-type' && !shownTypes.test(text)) {
      warnings.push({ code: 'respond.as-text', message: `Answers are JSON, XML, CSV or text; ${text.slice(0, 80)} is sent as text/plain` });
      headers[key] = 'text/plain; charset=utf-8';
    } else headers[key] = text;
  }
  return headers;
}
