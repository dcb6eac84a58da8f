/** Which field of a step's config a failure is about, and what stands there. Pure. */
import { wordsOfId } from './definition.ts';

export interface FieldFault {
  /** JSON pointer below the step's config: `/params/name`. */
  pointer: string;
  label: string;
  /** What stands in the field, where it is short enough to show. */
  wrote: string | null;
  /** `a text`, `a number`: what the field takes, where that is what is wrong. */
  wants: string | null;
  /** Its expression found nothing. */
  empty: boolean;
}

export interface StepFailure {
  code: string;
  message: string;
  details?: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const longest = 120;

/** The value at a JSON pointer; undefined where there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined), value);
}

/** Every text of a config that holds an expression, with its place. */
function expressionsOf(value: unknown, pointer = ''): { pointer: string; inner: string }[] {
  if (typeof value === 'string') return [...value.matchAll(/\{\{\s*([\s\S]*?)\s*\}\}/g)].flatMap(([, inner]) => (inner ? [{ pointer, inner }] : []));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inside]) => expressionsOf(inside, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

/** Where the code alone says which field it is. */
const fieldOfCode: [when: RegExp, pointers: string[]][] = [
  [/^http\.status-(404|405)|^http\.(blocked|invalid-url|not-found|host)/, ['/params/url']],
  [/^http\.status-(400|413|415|422)/, ['/params/body', '/params/url']],
  [/^model\.bad-output/, ['/output', '/outputSchema', '/messages']],
  [/^model\.unknown|^model\.not-/, ['/model']],
  [/^code\./, ['/code', '/source']],
];

function pointerOf(config: unknown, { code, message, details }: StepFailure, warnings: readonly string[]): string | null {
  const told = Array.isArray(details) ? (details as unknown[]).find((one) => isObject(one) && typeof one['path'] === 'string') : undefined;
  if (isObject(told)) return `${code === 'step.invalid-params' ? '/params' : ''}${String(told['path'])}` || null;
  const said = [message, ...warnings].join('\n');
  const named = expressionsOf(config).find(({ inner }) => inner.length > 2 && said.includes(inner.slice(0, 40)));
  if (named) return named.pointer;
  const [, pointers = []] = fieldOfCode.find(([when]) => when.test(code)) ?? [];
  return pointers.find((pointer) => valueAt(config, pointer) !== undefined) ?? null;
}

/** Null where nothing says which field it is. `warnings`: what the step noted while its expressions were filled in. */
export function fieldFaultOf(config: unknown, failure: StepFailure, warnings: readonly string[]): FieldFault | null {
  const pointer = pointerOf(config, failure, warnings);
  if (pointer === null || pointer === '') return null;
  const value = valueAt(config, pointer);
  const wrote = typeof value === 'string' && value.length <= longest ? value : null;
  const told = Array.isArray(failure.details) ? (failure.details as unknown[]).find(isObject) : undefined;
  const want = typeof told?.['message'] === 'string' ? /^wants (.+)$/.exec(told['message'])?.[1] : undefined;
  const names = pointer.split('/').filter((part) => part !== '' && !/^\d+$/.test(part));
  return {
    pointer,
    label: wordsOfId(names.at(-1) ?? 'field'),
    wrote,
    wants: want ?? null,
    empty: expressionsOf(value).some(({ inner }) => warnings.some((warning) => warning.includes(inner.slice(0, 40)))),
  };
}
