/** The scorers that look at one value. Each gives 1 or 0, and in words what is wrong. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import { RE2JS } from 're2js';

import { schemaFaults } from '../../models/structured.ts';
import { isObject, own } from '../../values/json.ts';

export interface Verdict {
  /** 0 to 1. */
  score: number;
  /** Null where nothing is wrong. */
  reason: string | null;
}

const good: Verdict = { score: 1, reason: null };
const bad = (reason: string): Verdict => ({ score: 0, reason: reason.slice(0, 300) });

/** Judges `value` by a schema, regex or length scorer. Throws UserError for a scorer that cannot be used. */
export function judge(scorer: Json, value: Json): Verdict {
  switch (own(scorer, 'type')) {
    case 'schema':
      return schema(scorer, value);
    case 'regex':
      return regex(scorer, value);
    case 'length':
      return length(scorer, value);
    default:
      throw new UserError('step.invalid-config', 'A scorer is of type rule, schema, regex or length');
  }
}

function schema(scorer: Json, value: Json): Verdict {
  const wanted = own(scorer, 'schema');
  if (!isObject(wanted)) throw new UserError('step.invalid-config', 'A schema scorer needs a JSON Schema');
  const faults = schemaFaults(wanted, value);
  return faults.length === 0 ? good : bad(faults.join('; '));
}

/** Text as it is; anything else as its JSON. */
const asText = (value: Json): string => (typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value));

function regex(scorer: Json, value: Json): Verdict {
  let pattern: ReturnType<typeof RE2JS.compile>;
  try {
    pattern = RE2JS.compile(String(own(scorer, 'pattern')));
  } catch (cause) {
    throw new UserError('expression.bad-regex', 'A regex scorer takes an RE2 pattern: no look-around, no back-references.', { cause });
  }
  const found = pattern.matcher(asText(value)).find();
  const absent = own(scorer, 'absent') === true;
  if (found !== absent) return good;
  return bad(absent ? 'The pattern is found, and must not be' : 'The pattern is not found');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

function countOf(value: Json, of: string): number {
  if (of === 'items') return Array.isArray(value) ? value.length : value === null ? 0 : 1;
  const text = asText(value);
  if (of === 'characters') return Array.from(text).length;
  let words = 0;
  for (const part of segmenter.segment(text)) if (part.isWordLike === true) words += 1;
  return words;
}

function length(scorer: Json, value: Json): Verdict {
  const of = String(own(scorer, 'of') ?? (Array.isArray(value) ? 'items' : 'characters'));
  const count = countOf(value, of);
  const [min, max] = [own(scorer, 'min'), own(scorer, 'max')];
  if (typeof min === 'number' && count < min) return bad(`${count} ${of}, at least ${min} are wanted`);
  if (typeof max === 'number' && count > max) return bad(`${count} ${of}, at most ${max} are wanted`);
  return good;
}
