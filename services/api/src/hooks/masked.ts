/** What of a request's headers and query is told to expressions and kept: secrets and signatures masked (03, 05 rule 19). */
import type { IncomingHttpHeaders } from 'node:http';

const mask = '•••';
/** Names under which secrets travel. */
const secretName = /(auth|cookie|secret|signature|token|password|passwd|api[-_]?key|apikey|session|credential|csrf|^sig$|^key$|^code$)/i;
/** Of the transport, not of the caller. */
const dropped = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive', 'upgrade', 'te', 'trailer']);
const maxNames = 60;
const maxChars = 1_000;

/** Headers in lower case, each one text; `also` names further ones to mask (the header of an HMAC). */
export function maskedHeaders(headers: IncomingHttpHeaders, also: readonly string[] = []): Record<string, string> {
  const masked = new Set(also.map((name) => name.toLowerCase()));
  const shown: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || dropped.has(name) || shown.length === maxNames || !/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) continue;
    const text = (Array.isArray(value) ? value.join(', ') : value).slice(0, maxChars);
    shown.push([name, masked.has(name) || secretName.test(name) ? mask : text]);
  }
  return Object.fromEntries(shown);
}

/** The query, repeated names as lists. */
export function maskedQuery(query: unknown): Record<string, string | string[]> {
  const shown: [string, string | string[]][] = [];
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (shown.length === maxNames || name.length > 100 || name === '__proto__') continue;
    const texts = [value].flat().map((one) => String(one).slice(0, maxChars));
    const safe = secretName.test(name) ? texts.map(() => mask) : texts;
    shown.push([name, Array.isArray(value) ? safe : (safe[0] ?? '')]);
  }
  return Object.fromEntries(shown);
}
