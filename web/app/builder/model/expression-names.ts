/** The names an expression of a step may read (03, Expressions), with what they were in a sample. Pure. */
import type { Definition } from '@hub/dag';
import type { ExpressionName, NameGroup } from '../../ui/form/types.ts';
import { type Json, pathText } from '../../ui/json-path.ts';
import { loopsOf, nodeOf, upstream } from './graph.ts';
import { labelOf } from './words.ts';

const mostFields = 40;
const deepest = 3;

export function typeWord(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 1 ? 'list of 1' : `list of ${value.length}`;
  return typeof value === 'object' ? 'object' : typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'yes or no' : typeof value;
}

const nameOf = (id: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(id) ? id : `\`${id}\``);

/** A value and the fields in it, as paths; of a list its first item stands for all. */
export function pathsIn(base: string, value: Json | undefined, depth = 0): ExpressionName[] {
  const own: ExpressionName = { path: base, hint: value === undefined ? '' : typeWord(value), ...(value === undefined ? {} : { sample: value }) };
  if (value === undefined || value === null || typeof value !== 'object' || depth >= deepest) return [own];
  const inner = Array.isArray(value)
    ? value[0] !== undefined && value[0] !== null && typeof value[0] === 'object'
      ? pathsIn(`${base}[0]`, value[0], depth + 1)
      : []
    : Object.entries(value).flatMap(([key, child]) => pathsIn(`${base}.${pathText([key])}`, child, depth + 1));
  return [own, ...inner].slice(0, mostFields);
}

/** Fields of the run's input, from its schema; the sample gives values. */
function inputNames(definition: Definition, input: Json | undefined): ExpressionName[] {
  const properties = definition.inputs?.['properties'];
  const names = typeof properties === 'object' && properties !== null && !Array.isArray(properties) ? Object.keys(properties) : [];
  const given = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  const all = [...new Set([...names, ...Object.keys(given)])];
  return [{ path: 'input', hint: 'the whole input' }, ...all.flatMap((name) => pathsIn(`input.${pathText([name])}`, given[name], 1))];
}

/** What `item` is: the first one of the list that the loop goes over, where that list is a plain path into a known output. */
export function itemOf(items: unknown, outputs: Readonly<Record<string, Json>>, input: Json | undefined): Json | undefined {
  const path = typeof items === 'string' ? /^\{\{\s*(nodes\.(\w+)\.output|input)((?:\.\w+)*)\s*\}\}$/.exec(items) : null;
  if (!path) return undefined;
  let value: Json | undefined = path[2] === undefined ? input : outputs[path[2]];
  for (const part of (path[3] ?? '').split('.').filter(Boolean))
    value = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[part] : undefined;
  return Array.isArray(value) ? value[0] : value;
}

export function namesFor(
  definition: Definition,
  id: string,
  outputs: Readonly<Record<string, Json>>,
  input: Json | undefined,
): { names: NameGroup[]; itemNames: NameGroup[] } {
  const before = upstream(definition, id).map((node) => ({
    label: labelOf(node),
    names: pathsIn(`nodes.${nameOf(node.id)}.output`, outputs[node.id]),
  }));
  const loops = loopsOf(definition, id).map((loop, index) => ({
    label: `${labelOf(loop)}, this round`,
    names: [
      ...pathsIn(index === 0 ? 'item' : `loops.${loop.id}.item`, itemOf(loop.config['items'], outputs, input)),
      { path: index === 0 ? 'index' : `loops.${loop.id}.index`, hint: 'counts from 0' },
      ...(loop.config['mode'] === 'for_each' ? [] : [{ path: 'previous', hint: 'the result of the round before' }]),
    ],
  }));
  const always: NameGroup[] = [
    { label: 'Input of the run', names: inputNames(definition, input) },
    {
      label: 'The run',
      names: [
        { path: 'run.id' },
        { path: 'run.startedAt' },
        { path: 'workflow.name' },
        { path: 'trigger.type' },
        { path: 'vars', hint: 'variables of the team' },
      ],
    },
  ];
  const node = nodeOf(definition, id);
  const source = node?.config['forEach'] ?? node?.config['source'] ?? node?.config['items'];
  const itemNames = [{ label: 'Each item', names: [...pathsIn('item', itemOf(source, outputs, input)), { path: 'index', hint: 'counts from 0' }] }];
  const perItem = node?.config['forEach'] !== undefined ? itemNames : [];
  return { names: [...perItem, ...loops, ...before, ...always], itemNames };
}
