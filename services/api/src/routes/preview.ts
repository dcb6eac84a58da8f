/** Previews of expressions, with the engine and the data that runs have. */
import { type Preview, routes } from '@hub/contract';
import type { Json } from '@hub/dag/planner';
import { isHubError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { createLazyPool } from '../expressions/lazy-pool.ts';
import { parsePreview, positionOf } from '../expressions/parse-preview.ts';
import { dataOfDraft, dataOfRun } from '../expressions/preview-data.ts';
import { invalid } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';

/** A longer value is cut: nobody reads it in a preview. */
const shownBytes = 256_000;

function typeOf(value: Json): Preview['type'] {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'boolean' | 'number' | 'string' | 'object';
}

const faulty = (fault: NonNullable<Preview['fault']>): Preview => ({ value: null, type: null, bytes: 0, cut: null, warnings: [], fault });

function shown(text: string, warnings: Preview['warnings'], isWhole: boolean): Preview {
  const bytes = Buffer.byteLength(text);
  const value = JSON.parse(text) as Json;
  // Nothing and null differ only in the warning; a text with holes is a text.
  const nothing = value === null && isWhole && warnings.some(({ code }) => code === 'expression.missing');
  const type = nothing ? 'nothing' : typeOf(value);
  return bytes > shownBytes
    ? { value: null, type, bytes, cut: text.slice(0, 10_000), warnings, fault: null }
    : { value, type, bytes, cut: null, warnings, fault: null };
}

/** Registers it. */
export function previewRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  const pool = createLazyPool();
  app.addHook('onClose', () => pool.close());
  handle(app, 'previewExpression', routes.previewExpression, async ({ body, team }) => {
    const { expression, runId, strict = false, ...place } = body;
    const parsed = parsePreview(expression);
    const misplaced = runId === undefined ? (['nodeId', 'iteration', 'path'] as const) : (['workflowId', 'pinned', 'input', 'item'] as const);
    const wrong = misplaced.filter((name) => place[name] !== undefined);
    if (wrong.length > 0)
      throw invalid(
        'preview.bad-place',
        runId === undefined
          ? 'nodeId, iteration and path are places in a run: send runId.'
          : 'workflowId, pinned, input and item are for previews without a run.',
        wrong.map((name) => ({
          path: `/${name}`,
          code: 'preview.bad-place',
          message: runId === undefined ? 'needs runId' : 'does not go with runId',
        })),
      );
    const nothing = { kind: 'bare' as const, parts: [], names: new Set<string>(), nodes: new Set<string>() };
    // The place is looked up even where the text is wrong: a wrong place is the caller's mistake, a wrong text is what a preview is for.
    const reads = parsed.ok ? parsed.text : nothing;
    const data =
      runId === undefined ? await dataOfDraft(deps.sql, team.id, place, reads) : await dataOfRun(deps.sql, team.id, { ...place, runId }, reads);
    if (!parsed.ok) return faulty(parsed.fault);
    try {
      const { text } = parsed;
      const answer =
        text.kind === 'bare'
          ? await pool.run({ kind: 'expression', data, strict, text: expression })
          : await pool.run({ kind: 'resolve', data, strict, valueText: JSON.stringify(expression), literal: [] });
      return shown(answer.valueText, answer.warnings, text.kind === 'bare' || (text.parts.length === 1 && /^\{\{.*\}\}$/s.test(expression)));
    } catch (error) {
      if (!isHubError(error) || error.kind !== 'user') throw error;
      return faulty({ code: error.code, message: error.message, position: positionOf(error.message, parsed.text) });
    }
  });
}
