/** What is written in the preview's field: a template or a bare expression, where it is wrong, and what it reads. Pure; evaluates nothing. */
import { expressionNames, parseExpression } from '@hub/activities/expressions';
import { scanTemplate } from '@hub/dag';

export interface PreviewText {
  kind: 'template' | 'bare';
  /** Its expressions, with their place in the whole text. */
  parts: { text: string; position: number }[];
  /** Names read from the top. */
  names: ReadonlySet<string>;
  /** Ids in `nodes.<id>`; null: any. */
  nodes: ReadonlySet<string> | null;
}
export interface PreviewFault {
  code: string;
  message: string;
  position: number | null;
}

/** A text with `{{` is a template, as in the fields of a step. */
export function parsePreview(text: string): { ok: true; text: PreviewText } | { ok: false; fault: PreviewFault } {
  const kind = text.includes('{{') ? 'template' : 'bare';
  const scanned = kind === 'bare' ? { ok: true as const, parts: [{ kind: 'expression' as const, text, position: 0 }] } : scanTemplate(text);
  if (!scanned.ok) return { ok: false, fault: { code: 'expression.unclosed', message: scanned.message, position: scanned.position } };
  const parts = scanned.parts.flatMap((part) => (part.kind === 'expression' ? [{ text: part.text, position: part.position }] : []));
  const names = new Set<string>();
  const nodes = new Set<string>();
  let dynamic = false;
  for (const part of parts) {
    const parsed = parseExpression(part.text);
    if (!parsed.ok) return { ok: false, fault: { code: parsed.code, message: parsed.message, position: part.position + parsed.position } };
    dynamic ||= parsed.dynamic;
    for (const name of parsed.names) names.add(name);
    for (const id of parsed.reads) nodes.add(id);
  }
  return { ok: true, text: { kind, parts, names: dynamic ? new Set(expressionNames) : names, nodes: dynamic ? null : nodes } };
}

/** Where an evaluation failed: JSONata says `(at 12)` of its own text, which is known where there is one expression only. */
export function positionOf(message: string, { parts }: PreviewText): number | null {
  const [only] = parts;
  const at = /\(at (\d+)\)/.exec(message)?.[1];
  return parts.length === 1 && only !== undefined && at !== undefined ? only.position + Number(at) : null;
}
