/** What checking and compiling need to know from outside; the API and the browser fill it in. Every method is pure and quick. */
import type { Json } from './planner/types.ts';

export interface ParsedReads {
  ok: true;
  /** Node ids in `nodes.<id>`. */
  reads: string[];
  /** First names read, also ones that do not exist. */
  names: string[];
  /** True where `nodes` is reached by a way that cannot be told beforehand. */
  dynamic: boolean;
}

export interface NotParsed {
  ok: false;
  /** A stable code such as `expression.syntax`; `expression.syntax` where left out. */
  code?: string;
  message: string;
  /** Index into the text, from 0. */
  position?: number;
}

export interface ActionFacts {
  /** `either`: data_source and action may both use it. */
  kind: 'read' | 'write' | 'either';
  /** May a call with these params be repeated without harm, as far as their unfilled templates tell? The filled ones decide in the end. */
  idempotent(params: Json): boolean;
  /** Top-level params that are never filled as templates (SQL). */
  literalParams: readonly string[];
  /** Faults of params whose templates are not filled yet; `path` is a pointer below `params`. */
  paramsFaults(params: Json): { path: string; message: string }[];
}

export interface CheckPorts {
  /** Parses one bare JSONata expression; must never throw. */
  parseExpression(text: string): ParsedReads | NotParsed;
  /** Parses the body of a code node. Where absent, code is taken to read all of its ancestors. */
  parseCode?(source: string): Omit<ParsedReads, 'names'> | NotParsed;
  /** `version` absent: the newest. */
  action(connector: string, action: string, version?: number): ActionFacts | undefined;
  connectors(): string[];
  /** What is wrong with a JSON Schema (`inputs`, `output`); null: nothing. Where absent, schemas are not looked at. */
  schemaFault?(schema: Json): string | null;
  /** What to warn of in the name of a model; null: nothing. Where absent, names are judged when a call is made. */
  modelWarning?(name: string): { code: string; message: string } | null;
  /** What is wrong with an RE2 pattern (`matches`, a regex scorer); null: nothing. Where absent, patterns are judged when they run. */
  patternFault?(pattern: string): string | null;
}
