/** Finds what looks like a secret in a definition. A definition is read by everybody who may see the workflow, so none belongs there. */
import type { Definition } from './definition.ts';
import type { Fault } from './faults.ts';
import { isRecord, own, pointer, textsIn } from './pointer.ts';
import { scanTemplate } from './scan-template.ts';

/** Shapes that are a secret wherever they stand. */
const shapes: readonly { what: string; pattern: RegExp }[] = [
  { what: 'an OpenAI, Anthropic or Stripe key', pattern: /\b(?:sk|rk)[-_](?:ant-|proj-|live_|test_|svcacct-)?[A-Za-z0-9_-]{16,}/ },
  { what: 'a Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{8,}/ },
  { what: 'a Slack webhook address', pattern: /hooks\.slack\.com\/services\/T[A-Za-z0-9]+\/B[A-Za-z0-9]+\/[A-Za-z0-9]{10,}/ },
  { what: 'an AWS key id', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/ },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{16,}/ },
  { what: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{30,}/ },
  { what: 'a SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/ },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{30,}/ },
  { what: 'a webhook secret', pattern: /\bwhsec_[A-Za-z0-9+/=]{16,}/ },
  { what: 'an API key of this hub', pattern: /\bhub_[A-Za-z0-9_-]{40,}/ },
  { what: 'a signed token (JWT)', pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: 'a bearer token', pattern: /\bbearer\s+(?=[A-Za-z0-9._~+/=-]*\d)[A-Za-z0-9._~+/=-]{16,}/i },
  { what: 'basic credentials', pattern: /\b[Bb]asic\s+(?=[A-Za-z0-9+/]*[A-Z0-9])[A-Za-z0-9+/]{12,}={0,2}/ },
  { what: 'a password in an address', pattern: /[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@{}]+:[^\s/@{}]{3,}@/i },
];

/** Ends of field names, without case and separators, under which a value is meant to be secret. */
const secretEndings = [
  'apikey',
  'secret',
  'secretkey',
  'password',
  'passwd',
  'passphrase',
  'privatekey',
  'accesskey',
  'token',
  'authorization',
  'credential',
  'credentials',
];

/** One fault per text that looks like a secret; the message never repeats it. */
export function findSecrets(definition: Definition): Fault[] {
  const faults: Fault[] = [];
  const nodes = definition.nodes.map((node, at) => ({ value: node as unknown, at: pointer('nodes', at), nodeId: node.id }));
  const rest = (['inputs', 'triggers', 'settings', 'ui'] as const).map((key) => ({
    value: definition[key] as unknown,
    at: pointer(key),
    nodeId: undefined,
  }));
  for (const { value, at, nodeId } of [...nodes, ...rest]) {
    for (const found of secretsIn(value, at)) faults.push(nodeId === undefined ? found : { ...found, nodeId });
  }
  return faults;
}

function* secretsIn(value: unknown, at: string): Generator<Fault> {
  const named = new Set(namedPairs(value, at));
  for (const { pointer: path, key, text } of textsIn(value, at)) {
    const literal = withoutExpressions(text);
    const shape = shapes.find(({ pattern }) => pattern.test(text));
    const keyed = !shape && isSecretKey(key, named.has(path)) && looksSecret(literal);
    if (shape ?? keyed) yield secretFault(path, shape?.what ?? `a secret under "${key}"`);
  }
}

function secretFault(path: string, what: string): Fault {
  const message = `This looks like ${what}. A definition can be read by everybody who sees the workflow: make a credential and name it with credentialId instead, or use a variable if it is no secret.`;
  return { path, code: 'definition.secret', message };
}

function isSecretKey(key: string, named: boolean): boolean {
  return named || isSecretName(key);
}

function isSecretName(key: string): boolean {
  if (key.length > 100) return false;
  const plain = key.toLowerCase().replace(/[^a-z0-9]/g, '');
  return secretEndings.some((ending) => plain.endsWith(ending));
}

/** `{ name: "Authorization", value: "…" }`: the value's pointer, where the name says that it is a secret. */
function* namedPairs(value: unknown, at: string): Generator<string> {
  if (Array.isArray(value)) for (const [index, child] of value.entries()) yield* namedPairs(child, at + pointer(index));
  else if (isRecord(value)) {
    const label = own(value, 'name') ?? own(value, 'key') ?? own(value, 'header');
    if (typeof label === 'string' && isSecretName(label) && typeof own(value, 'value') === 'string') yield `${at}/value`;
    for (const [key, child] of Object.entries(value)) yield* namedPairs(child, at + pointer(key));
  }
}

function withoutExpressions(text: string): string {
  const scanned = text.includes('{{') ? scanTemplate(text) : null;
  if (!scanned?.ok) return text;
  return scanned.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

/** Long enough, one word, and not plainly a word, path or placeholder: digits among letters, or much variety. */
function looksSecret(text: string): boolean {
  const value = text
    .trim()
    .replace(/^(?:bearer|basic|token)\s+/i, '')
    .slice(0, 100);
  if (value.length < 8 || /\s/.test(value)) return false;
  if (/^(?:[a-z]+[_-])*[a-z]+$/i.test(value) && !/[a-z][A-Z].*[a-z][A-Z].*[a-z][A-Z]/.test(value)) return false;
  if (/^(.)\1+$/.test(value) || /^[<[($]/.test(value)) return false;
  return /\d/.test(value) ? bitsPerChar(value) >= 2.5 : bitsPerChar(value) >= 3.5;
}

/** Shannon entropy of the characters. */
function bitsPerChar(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
