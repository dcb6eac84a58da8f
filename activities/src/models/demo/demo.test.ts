import { readFileSync } from 'node:fs';

import type { Json } from '@hub/dag/planner';
import { errorCode } from '@hub/kit/errors';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { contextFor, memoryFiles } from '../../connectors/testing/context.ts';
import { runReadRows } from '../../connectors/file/actions/read-rows/run.ts';
import { readRowsSpec } from '../../connectors/file/actions/read-rows/spec.ts';
import type { ModelCall } from '../../ports.ts';
import { runPrompt } from '../run-prompt.ts';
import type { PromptDeps } from '../run-prompt.ts';
import { schemaFaults } from '../structured.ts';
import type { JsonSchema } from '../types.ts';
import { instanceOf } from './instance.ts';
import { subjectOf } from './text.ts';

const example = new URL('../../../examples/product-reviews/', import.meta.url);
const http = createOutbound({ allow: parseAllowList('') });
const deps = (more: Partial<PromptDeps> = {}): PromptDeps => ({
  http,
  files: memoryFiles(),
  team: 't',
  credential: null,
  keys: {},
  signal: new AbortController().signal,
  timeoutMs: 5_000,
  attempt: 1,
  ...more,
});
const messages = (content: string) => [{ role: 'user', content }];
async function ends(model: string, content: string, attempt = 1, output?: JsonSchema): Promise<string> {
  try {
    const result = await runPrompt({ model, messages: messages(content), ...(output === undefined ? {} : { output }) } as never, deps({ attempt }));
    return JSON.stringify(result.output);
  } catch (error) {
    return errorCode(error) ?? String(error);
  }
}

describe('the shipped example', () => {
  async function read(name: string): Promise<Record<string, string>[]> {
    const files = memoryFiles();
    const { output } = await runReadRows(contextFor(readRowsSpec, { file: { $file: files.put(readFileSync(new URL(name, example))) } }, { files }));
    return (output as { rows: Record<string, string>[] }).rows;
  }

  it('agrees with at least 90% of the labels, by the shipped prompt itself', async () => {
    const [reviews, labels] = [await read('reviews.csv'), await read('labels.csv')];
    const definition = JSON.parse(readFileSync(new URL('definition.json', example), 'utf8')) as {
      nodes: { id: string; config: Record<string, Json> }[];
    };
    const prompt = definition.nodes.find(({ id }) => id === 'classify')?.config ?? {};
    const wanted = new Map(labels.map((label) => [label['id'], label]));
    let [sentiment, topic] = [0, 0];
    for (const review of reviews) {
      const filled = JSON.parse(
        JSON.stringify(prompt['messages'])
          .replace('{{ item.product }}', JSON.stringify(review['product']).slice(1, -1))
          .replace('{{ item.text }}', () => JSON.stringify(review['text']).slice(1, -1)),
      ) as Json;
      const { output, tokens, costUsd } = await runPrompt({ model: 'demo/rules', messages: filled, output: prompt['output'] ?? null }, deps());
      const said = output as Record<string, string>;
      if (said['sentiment'] === wanted.get(review['id'])?.['sentiment']) sentiment += 1;
      if (said['topic'] === wanted.get(review['id'])?.['topic']) topic += 1;
      expect(tokens).toBeGreaterThan(100);
      expect(costUsd).toBeGreaterThan(0);
    }
    expect([reviews.length, labels.length]).toEqual([200, 200]);
    expect(sentiment).toBeGreaterThanOrEqual(180);
    expect(topic).toBeGreaterThanOrEqual(180);
  });

  it('has 200 different reviews, labels for each, and no rule that knows one', async () => {
    const reviews = await read('reviews.csv');
    expect(new Set(reviews.map(({ text }) => text)).size).toBe(200);
    const rules = ['lexicon', 'sentiment', 'topics', 'instance', 'text']
      .map((name) => readFileSync(new URL(`${name}.ts`, import.meta.url), 'utf8'))
      .join('\n');
    expect(rules).not.toMatch(/R\d{3}|labels|SonicBuds|Brewster|TrailLite|DeskMate|PureAir|Nimbus|Glowbe|PupCam/);
  });
});

describe('the demo provider', () => {
  it('streams, counts tokens and says that it is a demo', async () => {
    const deltas: string[] = [];
    const calls: ModelCall[] = [];
    const result = await runPrompt(
      { model: 'demo/rules', messages: messages('Summarise: The lamp is great. It is bright and cheap.') },
      deps({ onDelta: (delta) => deltas.push(delta), onCall: (call) => calls.push(call) }),
    );
    const { text } = result.output as { text: string };
    expect(deltas.length).toBeGreaterThan(3);
    expect(deltas.join('')).toBe(text);
    expect(text).toContain('demo');
    expect(calls).toMatchObject([{ provider: 'demo', demo: true, status: 'ok' }]);
  });

  it("fails as the model's name says", async () => {
    expect(await ends('demo/echo', 'hello')).toBe('{"text":"hello"}');
    expect(await ends('demo/fail-429', 'x')).toBe('model.rate-limited');
    expect([await ends('demo/fail-429-2', 'x', 1), await ends('demo/fail-429-2', 'x', 2)]).toEqual(['model.rate-limited', 'model.rate-limited']);
    expect(await ends('demo/fail-429-2', 'x', 3)).toContain('demo');
    expect(await ends('demo/overload', 'x')).toBe('model.overloaded');
    expect(await ends('demo/refusal', 'x')).toBe('model.refusal');
    expect(await ends('demo/bad-json', 'x', 1, { type: 'object' })).toBe('model.bad-output');
  });

  it('fails as a word in the message says; bad JSON there is repaired by the second call', async () => {
    expect(await ends('demo/rules', '[demo:fail-429 1] x', 1)).toBe('model.rate-limited');
    expect(await ends('demo/rules', '[demo:fail-429 1] x', 2)).toContain('demo');
    expect(await ends('demo/rules', '[demo:refusal] x')).toBe('model.refusal');
    expect(
      await ends('demo/rules', '<t>[demo:bad-json] I love it</t>', 1, {
        type: 'object',
        properties: { mood: { enum: ['positive', 'negative'] } },
        required: ['mood'],
      }),
    ).toBe('{"mood":"positive"}');
  });

  it('is slow when told, and stops at once when cancelled', async () => {
    const startedAt = performance.now();
    await expect(runPrompt({ model: 'demo/slow-60000', messages: messages('x') }, deps({ signal: AbortSignal.timeout(30) }))).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(50_000);
    expect(await ends('demo/slow-1', 'x')).toContain('demo');
  });

  it('looks at the data, not at the words of the instruction', () => {
    expect(subjectOf('Is it positive?\n<review>Broken.</review>')).toBe('Broken.');
    expect(subjectOf('Classify.\nReview: all fine: yes')).toBe('all fine: yes');
    expect(subjectOf('Look:\n"""\nabc\n"""\nthanks')).toBe('abc');
    expect(subjectOf('plain words')).toBe('plain words');
  });
});

describe('instances of schemas', () => {
  const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
    fc.record({ type: fc.constant('string'), minLength: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ type: fc.constant('string'), maxLength: fc.integer({ min: 0, max: 20 }) }),
    fc.constantFrom<JsonSchema>(
      { type: 'boolean' },
      { type: 'null' },
      { type: 'integer' },
      { type: 'number' },
      { const: 7 },
      { type: 'string', format: 'date' },
      { type: 'string', format: 'email' },
      { type: ['string', 'null'] },
      { type: 'integer', multipleOf: 5 },
    ),
    fc.record({ type: fc.constant('integer'), minimum: fc.integer({ min: -50, max: 0 }), maximum: fc.integer({ min: 1, max: 50 }) }),
    fc
      .uniqueArray(fc.constantFrom('positive', 'negative', 'neutral', 'price', 'delivery', 'other', 'red', 'blue'), { minLength: 1, maxLength: 5 })
      .map((all) => ({ type: 'string', enum: all })),
  );
  const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.uniqueArray(fc.constantFrom('score', 'summary', 'tags', 'rating', 'isUrgent', 'name', 'language'), { maxLength: 4 }).chain((names) =>
        fc.tuple(...names.map(() => tie('schema'))).map(
          (schemas) =>
            ({
              type: 'object',
              properties: Object.fromEntries(names.map((name, at) => [name, schemas[at] ?? {}])),
              required: names,
              additionalProperties: false,
            }) as JsonSchema,
        ),
      ),
      fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.integer({ min: 0, max: 3 }) }),
      fc.tuple(tie('schema'), tie('schema')).map((anyOf) => ({ anyOf }) as JsonSchema),
    ),
  }));

  it('fit any schema of the usual keywords, whatever the text', () => {
    fc.assert(
      fc.property(schema, fc.oneof(fc.string(), fc.constantFrom('I love the price, but 3 of 10 were late!', '')), (given, text) => {
        expect(schemaFaults(given, instanceOf(given, text))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('say what the text says', () => {
    expect(
      instanceOf(
        {
          type: 'object',
          properties: {
            rating: { type: 'integer', minimum: 1, maximum: 5 },
            recommend: { type: 'boolean' },
            colour: { enum: ['red', 'blue'] },
            language: { type: 'string' },
          },
        },
        'I love this blue chair, it is the best and very comfortable',
      ),
    ).toEqual({ rating: 5, recommend: true, colour: 'blue', language: 'en' });
  });
});
