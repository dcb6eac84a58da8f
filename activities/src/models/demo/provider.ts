/** The offline demo provider: rules instead of a model, so that the first run needs no key. It says everywhere that it is a demo. */
import { estimateTokenCount } from 'tokenx';

import type { ModelAnswer, ModelContext, ModelProvider, ModelRequest } from '../types.ts';
import { directiveOf, failsNow, obey } from './directives.ts';
import { instanceOf } from './instance.ts';
import { feelingOf } from './sentiment.ts';
import { askedText, clausesOf, keywordsOf, lastUserText, subjectOf, textOf } from './text.ts';

/** A made-up price per million tokens, so that totals show something; every call is marked `demo`. */
export const demoPrice = { inputUsdPerMTok: 0.1, outputUsdPerMTok: 0.4 } as const;
const charsPerDelta = 24;

export const demoProvider: ModelProvider = {
  id: 'demo',
  demo: true,
  credentialKind: null,
  defaultBaseUrl: null,
  reads: () => false,
  complete,
};

async function complete(request: ModelRequest, context: ModelContext): Promise<ModelAnswer> {
  let text = '';
  for await (const delta of streamDemo(request, context)) {
    text += delta;
    context.onDelta?.(delta);
  }
  const inputTokens =
    request.messages.reduce((sum, message) => sum + estimateTokenCount(textOf(message)) + 4, 0) +
    (request.schema === undefined ? 0 : estimateTokenCount(JSON.stringify(request.schema)));
  const outputTokens = estimateTokenCount(text);
  const directive = directiveOf(request.model, lastUserText(request.messages));
  const refused = directive?.failure === 'refusal' && failsNow(directive, context.attempt);
  return {
    text,
    usage: { inputTokens, outputTokens, cachedTokens: 0 },
    costUsd: (inputTokens * demoPrice.inputUsdPerMTok + outputTokens * demoPrice.outputUsdPerMTok) / 1_000_000,
    finishReason: refused ? 'refusal' : request.maxTokens !== undefined && outputTokens > request.maxTokens ? 'length' : 'stop',
    providerRequestId: null,
  };
}

/** The answer piece by piece. @throws what the directives ask for, and the signal's reason. */
export async function* streamDemo(request: ModelRequest, context: Pick<ModelContext, 'attempt' | 'signal'>): AsyncGenerator<string, void, undefined> {
  const said = lastUserText(request.messages);
  const directive = directiveOf(request.model, said);
  if (directive !== null) await obey(directive, context.attempt, context.signal);
  const failing = directive !== null && failsNow(directive, context.attempt) ? directive.failure : null;
  const answer =
    failing === 'refusal'
      ? 'Demo: told to refuse.'
      : failing === 'bad-json'
        ? '{"demo": "told to give bad JSON", '
        : answerTo(request, askedText(request.messages));
  for (let at = 0; at < answer.length; at += charsPerDelta) {
    context.signal.throwIfAborted();
    yield answer.slice(at, at + charsPerDelta);
  }
}

function answerTo(request: ModelRequest, said: string): string {
  const subject = subjectOf(said);
  if (request.schema !== undefined) return JSON.stringify(instanceOf(request.schema, subject));
  if (request.model === 'echo') return said;
  const feeling = feelingOf(subject);
  const first = clausesOf(subject).slice(0, 2).join(' ').slice(0, 400);
  return `[demo answer by rules, no model was asked] ${first} (feeling: ${feeling.sentiment}; keywords: ${keywordsOf(subject, 5).join(', ') || 'none'})`;
}
