import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDefinition } from './check.ts';
import { compile } from './compile.ts';
import type { Definition } from './definition.ts';
import { describeNode } from './describe.ts';
import { diffDefinitions } from './diff.ts';
import { errorCodes } from './error-codes.ts';
import { kinds } from './kinds/index.ts';
import { applyOperation } from './operations.ts';
import { parseDefinition } from './parse-definition.ts';
import { startRun } from './planner/index.ts';
import { scanTemplate } from './scan-template.ts';
import { checkPorts } from './testing/check-ports.ts';

const examples = Object.values(kinds).map((kind) => kind.example);
const base: Definition = {
  schemaVersion: 1,
  inputs: { type: 'object' },
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    ...examples.map((example) => structuredClone(example)),
    { id: 'body', type: 'code', parent: 'each', config: { source: 'return 1' }, retry: { maxAttempts: 2 }, onError: { mode: 'continue' } },
  ],
  edges: [
    { from: 'manual', to: 'reviews' },
    { from: 'reviews', to: 'score' },
    { from: 'good', fromPort: 'true', to: 'result' },
  ],
  settings: { maxParallel: 3 },
  ui: { nodes: { score: { x: 1, y: 2 } } },
};

/** Every place in the definition, as a list of keys. */
function placesIn(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...at, Array.isArray(value) ? Number(key) : key]))];
}
const places = placesIn(base).filter((place) => place.length > 0);

function put(definition: Definition, place: (string | number)[], value: unknown): unknown {
  const copy = structuredClone(definition) as unknown as Record<string, unknown>;
  let at: Record<string | number, unknown> = copy;
  for (const key of place.slice(0, -1)) {
    const next = at[key];
    if (typeof next !== 'object' || next === null) return copy;
    at = next as Record<string | number, unknown>;
  }
  const last = place.at(-1);
  if (last !== undefined) at[last] = value;
  return copy;
}

const hostile = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('{{ nodes.score.output }}', '{{', '__proto__', 'constructor', '', 'manual', 'body', 'each', -1, 1e308, [], {}, null),
  fc.constantFrom(...examples.map((example) => example.config)),
);

test('whatever stands anywhere in a definition, checking it never throws, and every fault has a place, a known code and a way out', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...places), hostile), { minLength: 1, maxLength: 4 }), (changes) => {
      const json = changes.reduce<unknown>((now, [place, value]) => put(now as Definition, place, value), base);
      const parsed = parseDefinition(json);
      const { faults, warnings } = parsed.ok ? checkDefinition(parsed.definition, checkPorts) : { faults: parsed.faults, warnings: [] };
      for (const fault of [...faults, ...warnings]) {
        expect(fault.path).toMatch(/^\/./);
        expect(errorCodes).toHaveProperty([fault.code]);
        expect(fault.message.length).toBeGreaterThan(5);
      }
      if (!parsed.ok) return;
      for (const node of parsed.definition.nodes) describeNode(node);
      diffDefinitions(base, parsed.definition);
      applyOperation(parsed.definition, { op: 'rename-node', id: 'reviews', to: 'other' });
      applyOperation(parsed.definition, { op: 'remove-nodes', ids: ['each'] });
    }),
    { numRuns: 1_000 },
  );
});

test('what passes the check compiles and starts', () => {
  const runnable = examples.filter((example) => kinds[example.type].runs);
  const nodes = runnable.map((example) =>
    example.config['connector'] === undefined
      ? example
      : { ...example, config: { connector: 'demo', action: example.type === 'action' ? 'write' : 'read' } },
  );
  const good: Definition = { schemaVersion: 1, nodes: [...nodes, { id: 'body', type: 'code', parent: 'each', config: { source: 'return 1' } }] };
  let passed = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(undefined, 'true', 'false', 'default')), { maxLength: 10 }), (pairs) => {
      const edges = pairs.map(([a, b, fromPort]) => ({
        from: nodes[a % nodes.length]?.id ?? '',
        to: nodes[b % nodes.length]?.id ?? '',
        ...(fromPort === undefined ? {} : { fromPort }),
      }));
      const definition = { ...good, edges };
      if (checkDefinition(definition, checkPorts).faults.length > 0) return;
      passed += 1;
      const plan = compile(definition, checkPorts, { workflowName: 'w', definitionHash: 'h' });
      expect(compile(definition, checkPorts, { workflowName: 'w', definitionHash: 'h' })).toEqual(plan);
      expect(startRun(plan, { trigger: null }).commands.length).toBeGreaterThan(0);
    }),
    { numRuns: 1_000 },
  );
  expect(passed).toBeGreaterThan(50);
});

test('a template’s parts put together again are the text', () => {
  const piece = fc.oneof(fc.constantFrom('{{', '}}', '\\{{', '"', "'", '`', '/*', '*/', '(', ')', '{', '}', ' a ', '\\'), fc.string());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const scanned = scanTemplate(text);
      if (!scanned.ok) {
        expect(text.slice(scanned.position, scanned.position + 2)).toBe('{{');
        return;
      }
      for (const part of scanned.parts)
        if (part.kind === 'expression') expect(text.slice(part.position, part.position + part.text.length)).toBe(part.text);
      const literal = scanned.parts.every((part) => part.kind === 'text');
      if (literal) expect(scanned.parts.map((part) => part.text).join('')).toBe(text.replaceAll('\\{{', '{{'));
    }),
    { numRuns: 1_000 },
  );
});
