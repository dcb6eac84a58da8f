/** A valid instance of any JSON Schema, filled from a text by rules: what the shipped prompts ask for, and something sensible elsewhere. Pure. */
import type { Json } from '@hub/dag/planner';

import type { JsonSchema } from '../types.ts';
import { feelingOf } from './sentiment.ts';
import type { Feeling } from './sentiment.ts';
import { clausesOf, keywordsOf, plain } from './text.ts';
import { knowsTopics, topicOf } from './topics.ts';

const maxDepth = 12;
const feelingWords: Record<Feeling['sentiment'], string[]> = {
  positive: ['positive', 'pos', 'good', 'happy', 'satisfied', 'praise', 'promoter'],
  neutral: ['neutral', 'mixed', 'ok', 'passive', 'none', 'other'],
  negative: ['negative', 'neg', 'bad', 'unhappy', 'dissatisfied', 'complaint', 'detractor'],
};

interface Reading {
  text: string;
  feeling: Feeling;
  root: JsonSchema;
}

/** An instance of `schema` that tells what `text` says, as far as the rules go. */
export function instanceOf(schema: JsonSchema, text: string): Json {
  return build(schema, '', { text, feeling: feelingOf(text), root: schema }, 0);
}

function build(given: Json | undefined, name: string, reading: Reading, depth: number): Json {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || depth > maxDepth) return null;
  const schema = resolve(given, reading.root);
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return choose(schema['enum'], name, reading);
  if (schema['default'] !== undefined) return schema['default'];
  for (const key of ['anyOf', 'oneOf'] as const) {
    const options = schema[key];
    if (Array.isArray(options)) return build(options.find((option) => !isNullType(option)) ?? options[0], name, reading, depth + 1);
  }
  if (Array.isArray(schema['allOf'])) return build(merge(schema), name, reading, depth + 1);
  switch (typeOf(schema)) {
    case 'object':
      return objectOf(schema, reading, depth);
    case 'array':
      return arrayOf(schema, name, reading, depth);
    case 'integer':
    case 'number':
      return numberFor(schema, name, reading);
    case 'boolean':
      return yesOrNo(name, reading);
    case 'string':
      return stringFor(schema, name, reading);
    default:
      return null;
  }
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at: Json | undefined = schema;
  for (let hops = 0; hops < maxDepth && isSchema(at) && typeof at['$ref'] === 'string' && at['$ref'].startsWith('#/'); hops += 1) {
    at = at['$ref']
      .slice(2)
      .split('/')
      .reduce<Json | undefined>((from, part) => (isSchema(from) ? from[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), root);
  }
  return isSchema(at) ? at : {};
}

function merge(schema: JsonSchema): JsonSchema {
  const { allOf, ...own } = schema;
  return (allOf as Json[]).filter(isSchema).reduce<JsonSchema>(
    (merged, part) => ({
      ...merged,
      ...part,
      properties: { ...(merged['properties'] as JsonSchema | undefined), ...(part['properties'] as JsonSchema | undefined) },
      required: [...((merged['required'] as Json[] | undefined) ?? []), ...((part['required'] as Json[] | undefined) ?? [])],
    }),
    own,
  );
}

function typeOf(schema: JsonSchema): string {
  const type = Array.isArray(schema['type']) ? schema['type'].find((one) => one !== 'null') : schema['type'];
  if (typeof type === 'string') return type;
  return schema['properties'] === undefined ? (schema['items'] === undefined ? 'string' : 'array') : 'object';
}

function objectOf(schema: JsonSchema, reading: Reading, depth: number): Json {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].filter((one) => typeof one === 'string') : [];
  const names = depth > maxDepth / 2 ? required : [...new Set([...Object.keys(properties), ...required])];
  return Object.fromEntries(names.map((name) => [name, build(properties[name] ?? {}, name, reading, depth + 1)]));
}

function arrayOf(schema: JsonSchema, name: string, reading: Reading, depth: number): Json {
  const least = numberIn(schema, 'minItems') ?? 0;
  const most = Math.min(numberIn(schema, 'maxItems') ?? 3, Math.max(least, 5));
  const items = isSchema(schema['items']) ? resolve(schema['items'], reading.root) : {};
  const freeText = typeOf(items) === 'string' && Object.keys(items).every((key) => key === 'type' || key === 'title' || key === 'description');
  if (freeText) {
    const words = keywordsOf(reading.text, most);
    while (words.length < least) words.push(`item ${words.length + 1}`);
    return words.slice(0, most);
  }
  const clauses = clausesOf(reading.text).slice(0, Math.max(most, least));
  const made = clauses.map((text) => build(items, name, { ...reading, text, feeling: feelingOf(text) }, depth + 1));
  while (made.length < least) made.push(build(items, name, reading, depth + 1));
  const kept = made.slice(0, most);
  return schema['uniqueItems'] === true || (least === 0 && Array.isArray(items['enum']))
    ? [...new Map(kept.map((one) => [JSON.stringify(one), one])).values()]
    : kept;
}

/** The option the text speaks for: by feeling, by topic, by its own words; else the one that means "other", else the last. */
function choose(options: Json[], name: string, { text, feeling }: Reading): Json {
  const texts = options.filter((option): option is string => typeof option === 'string');
  const byFeeling = texts.filter((option) => Object.values(feelingWords).some((words) => words.includes(plain(option))));
  if (byFeeling.length >= 2) {
    const found = texts.find((option) => feelingWords[feeling.sentiment].includes(plain(option)));
    if (found !== undefined) return found;
  }
  if (/urgen|priorit|severity/i.test(name) && texts.length >= 2) return texts[feeling.sentiment === 'negative' ? texts.length - 1 : 0] ?? null;
  const words = plain(text);
  if (knowsTopics(texts)) {
    const topic = topicOf(text, texts);
    if (topic !== null) return topic;
  } else {
    const named = texts.find((option) => words.includes(plain(option).replaceAll(/[-_]/g, ' ')));
    if (named !== undefined) return named;
  }
  return texts.find((option) => /^(other|general|none|unknown|misc)/i.test(option)) ?? options.at(-1) ?? null;
}

function numberFor(schema: JsonSchema, name: string, { text, feeling }: Reading): number {
  const low =
    numberIn(schema, 'minimum') ??
    (numberIn(schema, 'exclusiveMinimum') === undefined ? undefined : (numberIn(schema, 'exclusiveMinimum') as number) + 1);
  const high =
    numberIn(schema, 'maximum') ??
    (numberIn(schema, 'exclusiveMaximum') === undefined ? undefined : (numberIn(schema, 'exclusiveMaximum') as number) - 1);
  let value: number;
  if (/score|rating|stars|sentiment|satisfaction|confidence/i.test(name)) {
    const [from, to] = [low ?? (/confidence/i.test(name) ? 0 : 1), high ?? (/confidence/i.test(name) ? 1 : 5)];
    const share = /confidence/i.test(name) ? Math.min(1, 0.5 + Math.abs(feeling.score) / 12) : Math.min(1, Math.max(0, 0.5 + feeling.score / 12));
    value = from + share * (to - from);
  } else if (/count|length|words/i.test(name)) value = text.split(/\s+/).length;
  else value = Number(/-?\d+(\.\d+)?/.exec(text)?.[0] ?? 0);
  value = Math.min(high ?? Number.MAX_SAFE_INTEGER, Math.max(low ?? Number.MIN_SAFE_INTEGER, value));
  const step = numberIn(schema, 'multipleOf');
  if (step !== undefined && step > 0) value = Math.round(value / step) * step;
  return typeOf(schema) === 'integer' ? Math.round(value) : Math.round(value * 100) / 100;
}

function yesOrNo(name: string, { text, feeling }: Reading): boolean {
  if (/negative|complain|problem|issue|unhappy|urgent|refund|angry|churn/i.test(name)) return feeling.sentiment === 'negative';
  if (/positive|happy|recommend|satisf|praise/i.test(name)) return feeling.sentiment === 'positive';
  const word = plain(name)
    .replace(/^(is|has|mentions?|contains?|needs?)[_ -]?/, '')
    .replaceAll(/[_-]/g, ' ');
  return word !== '' && plain(text).includes(word);
}

function stringFor(schema: JsonSchema, name: string, { text, feeling }: Reading): string {
  const formats: Record<string, string> = {
    'date-time': '2026-01-01T00:00:00Z',
    date: '2026-01-01',
    time: '00:00:00Z',
    email: 'demo@example.com',
    uri: 'https://example.com/',
    uuid: '00000000-0000-4000-8000-000000000000',
    ipv4: '192.0.2.1',
    hostname: 'example.com',
    duration: 'P1D',
  };
  const format = typeof schema['format'] === 'string' ? schema['format'] : '';
  if (formats[format] !== undefined) return formats[format];
  let value = /keyword|tags?$/i.test(name)
    ? keywordsOf(text, 3).join(', ')
    : /lang/i.test(name)
      ? languageOf(text)
      : /title|headline|subject/i.test(name)
        ? (clausesOf(text)[0] ?? text)
        : feeling.evidence;
  value = value.slice(0, numberIn(schema, 'maxLength') ?? 300);
  return value.padEnd(numberIn(schema, 'minLength') ?? 0, '.');
}

const languages: [string, RegExp][] = [
  ['de', /\b(der|die|das|und|nicht|ist|sehr|für|zu)\b/gi],
  ['fr', /\b(le|la|les|et|est|une|très|pas|je)\b/gi],
  ['es', /\b(el|los|muy|una|con|que|por|nada)\b/gi],
  ['it', /\b(il|che|per|dopo|mi|fa|grazie|molto)\b/gi],
  ['nl', /\b(het|een|heel|mee|aan|niet|goed)\b/gi],
  ['en', /\b(the|and|is|it|of|to|my|was)\b/gi],
];

function languageOf(text: string): string {
  return languages
    .map(([language, words]) => [language, text.match(words)?.length ?? 0] as const)
    .reduce((best, next) => (next[1] > best[1] ? next : best), ['en', 0] as const)[0];
}

function numberIn(schema: JsonSchema, key: string): number | undefined {
  return typeof schema[key] === 'number' ? schema[key] : undefined;
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNullType(value: Json): boolean {
  return isSchema(value) && value['type'] === 'null';
}
