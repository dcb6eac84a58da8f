import { createOutbound, parseAllowList } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';
import { errorCode } from '@hub/kit/errors';
import { calcPrice, findProvider } from '@pydantic/genai-prices';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { memoryFiles } from '../connectors/testing/context.ts';
import type { LiveCredential, ModelCall } from '../ports.ts';
import { modelCatalogue } from './catalogue.ts';
import { runPrompt } from './run-prompt.ts';
import type { PromptDeps } from './run-prompt.ts';
import { findJson, isStrict, schemaFaults } from './structured.ts';

interface Body {
  messages?: unknown;
  response_format?: { json_schema: unknown };
  output_config?: { format: unknown };
}
type Sent = { path: string; headers: Record<string, unknown>; body: Body };
let stub: FastifyInstance;
let http: Outbound;
let base = '';
let sent: Sent[] = [];
/** What the stub answers next, in order; the last one stays. */
let script: ((reply: FastifyReply) => unknown)[] = [];
let calls: ModelCall[] = [];

const openaiSays =
  (content: string, more: Record<string, unknown> = {}) =>
  (reply: FastifyReply) =>
    reply.header('x-request-id', 'req-1').send({
      id: 'c1',
      object: 'chat.completion',
      model: 'gpt-5-mini',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content, refusal: null }, ...more }],
      usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100, prompt_tokens_details: { cached_tokens: 400 } },
    });
const anthropicSays =
  (text: string, more: Record<string, unknown> = {}) =>
  (reply: FastifyReply) =>
    reply.header('request-id', 'req-2').send({
      id: 'm1',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 600, output_tokens: 100, cache_read_input_tokens: 400, cache_creation_input_tokens: 0 },
      ...more,
    });
const fails =
  (status: number, error: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  (reply: FastifyReply) =>
    reply
      .code(status)
      .headers(headers)
      .send({ type: 'error', error: { message: 'because', ...error } });

beforeAll(async () => {
  stub = fastify({ forceCloseConnections: true });
  stub.post('/*', (request, reply) => {
    sent.push({ path: request.url, headers: request.headers, body: request.body as Sent['body'] });
    const next = script.length > 1 ? script.shift() : script[0];
    return next?.(reply);
  });
  base = await stub.listen({ port: 0, host: '127.0.0.1' });
  http = createOutbound({ allow: parseAllowList(base.slice(7)) });
});
afterAll(async () => {
  await http.close();
  await stub.close();
});
beforeEach(() => {
  sent = [];
  calls = [];
});

const credential = (kind: 'openai' | 'anthropic', more: Partial<LiveCredential> = {}): LiveCredential => ({
  id: 'c',
  kind,
  values: { apiKey: 'sk-test-key', baseUrl: kind === 'openai' ? `${base}/v1` : base },
  allowedHosts: [base.slice(7)],
  ...more,
});
const deps = (more: Partial<PromptDeps> = {}): PromptDeps => ({
  http,
  files: memoryFiles(),
  team: 'team',
  credential: null,
  keys: {},
  signal: new AbortController().signal,
  timeoutMs: 5_000,
  attempt: 1,
  onCall: (call) => calls.push(call),
  ...more,
});
const messages = [{ role: 'user', content: '<review>The lamp broke after a week, terrible quality.</review>' }];
const schema = {
  type: 'object',
  properties: { sentiment: { type: 'string', enum: ['positive', 'neutral', 'negative'] } },
  required: ['sentiment'],
  additionalProperties: false,
};

async function fault(config: Parameters<typeof runPrompt>[0], more: Partial<PromptDeps> = {}) {
  try {
    await runPrompt(config, deps(more));
    return { code: 'no error' };
  } catch (error) {
    return { ...(error as object), code: errorCode(error), message: (error as Error).message };
  }
}

describe.each([
  ['openai', 'openai/gpt-5-mini', openaiSays, 'req-1'],
  ['anthropic', 'anthropic/claude-haiku-4-5', anthropicSays, 'req-2'],
] as const)('%s', (kind, model, says, requestId) => {
  const ask = (config: Record<string, unknown> = {}, more: Partial<PromptDeps> = {}) =>
    runPrompt({ model, messages, ...config } as never, deps({ credential: credential(kind), ...more }));
  const asked = () => fault({ model, messages } as never, { credential: credential(kind) });

  it("answers text, with usage, price and the provider's id", async () => {
    script = [says('hello')];
    const result = await ask({ maxTokens: 50 });
    expect(result.output).toEqual({ text: 'hello' });
    const usage = { input_tokens: 1000, output_tokens: 100, cache_read_tokens: 400 };
    const price = calcPrice(usage, model.split('/')[1] ?? '', { providerId: kind })?.total_price;
    // The tenant's own endpoint: its price is not the provider's.
    expect(calls).toEqual([
      {
        provider: kind,
        model: model.split('/')[1],
        inputTokens: 1000,
        outputTokens: 100,
        cachedTokens: 400,
        costUsd: null,
        durationMs: expect.any(Number),
        status: 'ok',
        errorCode: null,
        providerRequestId: requestId,
        demo: false,
      },
    ]);
    expect(price).toBeGreaterThan(0);
    expect(result).toMatchObject({ tokens: 1100, costUsd: null, model, warnings: [] });
    expect(sent[0]?.headers['authorization']).toBe('Bearer sk-test-key');
  });

  it('gives the object of the schema, and asks the provider to hold to it', async () => {
    script = [says('{"sentiment":"negative"}')];
    expect((await ask({ output: schema })).output).toEqual({ sentiment: 'negative' });
    const body: Body = sent[0]?.body ?? {};
    expect(kind === 'openai' ? body.response_format?.json_schema : body.output_config?.format).toMatchObject({ schema });
    expect(JSON.stringify(body)).toContain('Answer with JSON only');
  });

  it('repairs once, and both calls count', async () => {
    script = [says('```json\n{"sentiment":"angry"}\n```'), says('{"sentiment":"negative"}')];
    const result = await ask({ output: schema });
    expect(result.output).toEqual({ sentiment: 'negative' });
    expect(calls).toHaveLength(2);
    expect(result.tokens).toBe(2200);
    expect(JSON.stringify(sent[1]?.body.messages)).toContain('must be equal to one of the allowed values');
    script = [says('no'), says('still no'), says('never asked')];
    sent = [];
    expect(await fault({ model, messages, output: schema } as never, { credential: credential(kind) })).toMatchObject({
      code: 'model.bad-output',
      kind: 'transient',
    });
    expect(sent).toHaveLength(2);
  });

  it.each([
    [429, {}, { 'retry-after': '3' }, { code: 'model.rate-limited', kind: 'transient', retryAfterMs: 3_000, didNothing: true }],
    [529, {}, {}, { code: 'model.overloaded', kind: 'transient' }],
    [503, {}, {}, { code: 'model.overloaded', kind: 'transient' }],
    [500, {}, {}, { code: 'model.server-error', kind: 'transient' }],
    [400, {}, {}, { code: 'model.bad-request', kind: 'user' }],
    [401, {}, {}, { code: 'model.bad-key', kind: 'user' }],
    [403, {}, {}, { code: 'model.not-allowed', kind: 'user' }],
    [404, {}, {}, { code: 'model.not-found', kind: 'user' }],
    [429, { code: 'insufficient_quota', type: 'insufficient_quota' }, {}, { code: 'model.quota-exhausted', kind: 'user' }],
    [400, { message: 'prompt is too long: 300000 tokens' }, {}, { code: 'model.too-long', kind: 'user' }],
  ])('translates %i', async (status, error, headers, want) => {
    script = [fails(status, error, headers)];
    expect(await asked()).toMatchObject(want);
    expect(sent).toHaveLength(1);
    expect(calls).toMatchObject([{ status: 'error', errorCode: want.code, costUsd: null }]);
  });

  it('translates answers that are no answers, and stops with its signal', async () => {
    script = [(reply) => reply.hijack().raw.destroy()];
    expect(await asked()).toMatchObject({ code: 'http.connection-lost', kind: 'transient' });
    const control = new AbortController();
    script = [
      () => {
        control.abort(new Error('cancelled'));
        return new Promise(() => undefined);
      },
    ];
    await expect(ask({}, { signal: control.signal })).rejects.toThrow('cancelled');
    expect(calls.at(-1)).toMatchObject({ status: 'error' });
  });

  it('says when the endpoint speaks something else', async () => {
    for (const answer of [{ ok: true }, 'text', []]) {
      script = [(reply) => reply.send(answer)];
      expect(await asked()).toMatchObject({ code: 'model.bad-answer', kind: 'user' });
    }
    script = [(reply) => reply.type('application/json').send('{"choices": [')];
    expect(await asked()).toMatchObject({ code: 'model.no-answer', kind: 'transient' });
  });

  it('reads images and text files, and refuses others', async () => {
    const files = memoryFiles();
    const put = async (name: string, mime: string) => ({
      ...(await files.create(
        'team',
        { name, mime, run: 'r' },
        (async function* () {
          yield Buffer.from('bytes');
        })(),
      )),
    });
    script = [says('seen')];
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'file', file: await put('a.png', 'image/png') },
      { type: 'file', file: await put('a.pdf', 'application/pdf') },
      { type: 'file', file: await put('a.csv', 'text/csv') },
    ];
    await ask({ messages: [{ role: 'user', content }] }, { files });
    const body = JSON.stringify(sent[0]?.body);
    expect(body).toContain(Buffer.from('bytes').toString('base64'));
    expect(body).toContain('<file name=');
    expect(
      await fault({ model, messages: [{ role: 'user', content: [{ type: 'file', file: await put('a.mp4', 'video/mp4') }] }] } as never, {
        files,
        credential: credential(kind),
      }),
    ).toMatchObject({ code: 'model.unsupported-file' });
  });

  it('sends its key nowhere it may not go', async () => {
    expect(await fault({ model, messages } as never, {})).toMatchObject({ code: 'model.no-key', kind: 'user' });
    expect(await fault({ model, messages } as never, { credential: credential(kind, { allowedHosts: ['api.example.com'] }) })).toMatchObject({
      code: 'http.host-not-allowed',
    });
    expect(
      await fault({ model, messages } as never, {
        credential: credential(kind, { values: { apiKey: 'k', baseUrl: 'https://169.254.169.254/v1' }, allowedHosts: ['169.254.169.254'] }),
      }),
    ).toMatchObject({ code: 'http.blocked-address' });
    expect(await fault({ model, messages } as never, { credential: credential(kind === 'openai' ? 'anthropic' : 'openai') })).toMatchObject({
      code: 'model.wrong-credential',
    });
    expect(sent).toEqual([]);
  });
});

describe('refusals and cuts', () => {
  it('are told apart from answers', async () => {
    script = [openaiSays('', { message: { role: 'assistant', content: null, refusal: 'I cannot.' } })];
    expect(await fault({ model: 'openai/gpt-5-mini', messages } as never, { credential: credential('openai') })).toMatchObject({
      code: 'model.refusal',
      kind: 'user',
    });
    script = [anthropicSays('', { stop_reason: 'refusal' })];
    expect(await fault({ model: 'anthropic/claude-haiku-4-5', messages } as never, { credential: credential('anthropic') })).toMatchObject({
      code: 'model.refusal',
    });
    script = [anthropicSays('{"sentiment":', { stop_reason: 'max_tokens' })];
    expect(
      await fault({ model: 'anthropic/claude-haiku-4-5', messages, output: schema } as never, { credential: credential('anthropic') }),
    ).toMatchObject({ code: 'model.truncated' });
    script = [anthropicSays('Half a tex', { stop_reason: 'max_tokens' })];
    const cut = await runPrompt(
      { model: 'anthropic/claude-haiku-4-5', messages, temperature: 0.2 } as never,
      deps({ credential: credential('anthropic') }),
    );
    expect(cut.warnings.map(({ code }) => code)).toEqual(['model.temperature-ignored', 'model.truncated']);
  });
});

describe('structured output', () => {
  it('finds JSON in talk and validates it with linear patterns', () => {
    expect(findJson('Sure! {"a": [1, "}"]} Anything else?')).toEqual({ a: [1, '}'] });
    expect(findJson('nothing here')).toBeUndefined();
    expect(schemaFaults({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(40)}!`)).toHaveLength(1);
    expect(schemaFaults({ type: 'array', items: { type: 'string', format: 'email' } }, ['a@b.de', 'x'])).toEqual(['/1 must match format "email"']);
  });

  it('refuses schemas that cannot be used', () => {
    for (const bad of [
      { type: 'strng' },
      { $ref: 'https://example.com/x.json' },
      { type: 'string', pattern: '(' },
      { type: 'string', pattern: '(?=a)' },
      { $ref: '#' },
      { enum: 'x' },
    ]) {
      expect(() => schemaFaults(bad as never, 'x')).toThrow(/output schema/);
    }
  });

  it('knows what providers enforce', () => {
    expect(isStrict(schema)).toBe(true);
    expect(isStrict({ ...schema, additionalProperties: true })).toBe(false);
    expect(isStrict({ ...schema, required: [] })).toBe(false);
    expect(isStrict({ type: 'object', properties: { a: { type: 'string', minLength: 3 } }, required: ['a'], additionalProperties: false })).toBe(
      false,
    );
  });
});

describe('configs', () => {
  it.each([
    [{ messages }, 'prompt.no-model'],
    [{ model: 'gpt-5-mini', messages }, 'model.unknown'],
    [{ model: 'acme/x', messages }, 'model.unknown'],
    [{ model: 'demo/', messages }, 'model.unknown'],
    [{ model: 'demo/rules', messages: [] }, 'prompt.bad-messages'],
    [{ model: 'demo/rules', messages: 'hi' }, 'prompt.bad-messages'],
    [{ model: 'demo/rules', messages: [{ role: 'robot', content: 'x' }] }, 'prompt.bad-messages'],
    [{ model: 'demo/rules', messages, promptRef: { name: 'x' } }, 'prompt.not-available'],
    [{ model: 'demo/rules', messages, tools: [{}] }, 'prompt.not-available'],
    [{ routerId: 'r', messages }, 'prompt.not-available'],
    [{ model: 'demo/rules', messages, maxTokens: -1 }, 'step.invalid-params'],
    [{ model: 'demo/rules', messages, output: { type: 'strng' } }, 'prompt.bad-schema'],
  ])('%o is refused with %s', async (config, code) => {
    expect(await fault(config as never)).toMatchObject({ code, kind: 'user' });
  });
});

describe('the catalogue of models', () => {
  it('agrees with genai-prices', () => {
    for (const entry of modelCatalogue.filter(({ demo }) => !demo)) {
      const known = findProvider({ providerId: entry.provider })?.models.find(({ id }) => `${entry.provider}/${id}` === entry.id);
      expect([entry.id, known?.context_window]).toEqual([entry.id, entry.contextTokens]);
      const price = (usage: Record<string, number>) => calcPrice(usage, entry.id.split('/')[1] ?? '', { providerId: entry.provider })?.total_price;
      expect(price({ input_tokens: 1_000, output_tokens: 0 })).toBeCloseTo((entry.inputUsdPerMTok ?? 0) / 1_000, 9);
      expect(price({ input_tokens: 0, output_tokens: 1_000 })).toBeCloseTo((entry.outputUsdPerMTok ?? 0) / 1_000, 9);
    }
  });
});
