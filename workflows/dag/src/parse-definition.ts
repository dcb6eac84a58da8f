/** What save refuses: only what is not of the format's shape, or could not be stored. Unfinished config is fine in a draft. */
import { definitionSchema, type Definition } from './definition.ts';
import type { Fault } from './faults.ts';
import { limits } from './limits.ts';
import { isRecord, own, pointer } from './pointer.ts';
import { shapeFaults } from './zod-faults.ts';

export type ParsedDefinition = { ok: true; definition: Definition } | { ok: false; faults: Fault[] };

/** Takes parsed JSON (never text). All faults at once; never throws, whatever it is given. */
export function parseDefinition(json: unknown): ParsedDefinition {
  if (!isRecord(json)) return refused('/', 'definition.shape', 'A definition is a JSON object with schemaVersion and nodes.');
  const unstorable = findUnstorable(json);
  if (unstorable) return { ok: false, faults: [unstorable] };
  const bytes = new TextEncoder().encode(JSON.stringify(json)).length;
  if (bytes > limits.bytes) {
    return refused(
      '/nodes',
      'definition.too-large',
      `The definition has ${bytes} bytes; at most ${limits.bytes} are allowed. Move large texts into files or variables.`,
    );
  }
  const version = own(json, 'schemaVersion');
  if (version !== undefined && version !== 1) {
    return refused(
      '/schemaVersion',
      'definition.version',
      `This hub reads schemaVersion 1, not ${JSON.stringify(version)}. Export the workflow again from a hub of this version.`,
    );
  }
  const parsed = definitionSchema.safeParse(json);
  if (!parsed.success) {
    const faults = shapeFaults(parsed.error, json).map(({ path, kind, message }): Fault => {
      const nodeId = nodeIdAt(json, path);
      return { path: path === '' ? '/' : path, code: `definition.${kind}`, message, ...(nodeId === undefined ? {} : { nodeId }) };
    });
    return { ok: false, faults };
  }
  return { ok: true, definition: json as unknown as Definition };
}

function refused(path: string, code: string, message: string): ParsedDefinition {
  return { ok: false, faults: [{ path, code, message }] };
}

function nodeIdAt(json: unknown, path: string): string | undefined {
  const match = /^\/nodes\/(\d+)/.exec(path);
  const nodes = own(json, 'nodes');
  const id = match && Array.isArray(nodes) ? own(nodes[Number(match[1])], 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
}

const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Too deep, not JSON, or text that Postgres cannot hold. Iterative: hostile depth must not reach the stack. */
function findUnstorable(json: unknown): Fault | null {
  const stack: { value: unknown; at: string; depth: number }[] = [{ value: json, at: '', depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { value, at, depth } = next;
    const path = at === '' ? '/' : at;
    if (depth > limits.depth)
      return { path, code: 'definition.too-deep', message: `Arrays and objects are nested more than ${limits.depth} deep here. Flatten them.` };
    if (typeof value === 'string' && !isStorable(value)) {
      return { path, code: 'definition.bad-text', message: 'This text has a NUL character or half a character (a lone surrogate). Remove it.' };
    }
    if (Array.isArray(value)) for (const [index, child] of value.entries()) stack.push({ value: child, at: at + pointer(index), depth: depth + 1 });
    else if (isRecord(value)) {
      for (const [key, child] of Object.entries(value)) {
        const childAt = at + pointer(key);
        if (refusedKeys.has(key) || !isStorable(key)) {
          return {
            path: isStorable(childAt) ? childAt : path,
            code: 'definition.bad-key',
            message: `The key ${JSON.stringify(key)} is not allowed anywhere in a definition. Rename it.`,
          };
        }
        stack.push({ value: child, at: childAt, depth: depth + 1 });
      }
    } else if (value !== null && !['string', 'boolean'].includes(typeof value) && !(typeof value === 'number' && Number.isFinite(value))) {
      return { path, code: 'definition.not-json', message: 'This value is not JSON.' };
    }
  }
  return null;
}

function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
