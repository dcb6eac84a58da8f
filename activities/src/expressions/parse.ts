/** Parses an expression without ever evaluating it (05, rule 4): does it parse, what does it read. Pure: the API and the browser use it as well. */
import jsonata from 'jsonata';

import { limits } from './names.ts';
import { parsePlainPath } from './plain-path.ts';
import { astFacts } from './reads.ts';
import type { AstNode } from './reads.ts';

export interface ParsedExpression {
  ok: true;
  /** Ids in `nodes.<id>`, sorted. */
  reads: string[];
  /** First names read from the top, sorted; also ones that are not ours. */
  names: string[];
  /** True where `nodes` or the whole data is reached by a way that cannot be told beforehand: then all ancestors are read. */
  dynamic: boolean;
}
export interface ExpressionFault {
  ok: false;
  code:
    | 'expression.syntax'
    | 'expression.too-long'
    | 'expression.bracket-string'
    | 'expression.eval'
    | 'expression.too-deep'
    | 'code.syntax'
    | 'code.too-long';
  message: string;
  /** Index into the text, from 0. */
  position: number;
}

/** Parses one bare JSONata expression (no `{{ }}`). Never throws. */
export function parseExpression(text: string): ParsedExpression | ExpressionFault {
  if (new TextEncoder().encode(text).length > limits.expressionBytes)
    return fault('expression.too-long', `An expression is at most ${limits.expressionBytes} bytes of text`, 0);
  const path = parsePlainPath(text);
  if (path !== null) {
    const [head, id] = path;
    const reads = head === 'nodes' && typeof id === 'string' ? [id] : [];
    return { ok: true, reads, names: [String(head)], dynamic: head === 'nodes' && typeof id !== 'string' };
  }
  try {
    const facts = astFacts(jsonata(text).ast() as AstNode);
    if (facts.fault !== null) return { ok: false, ...facts.fault } as ExpressionFault;
    return { ok: true, reads: [...facts.nodes].sort(), names: [...facts.names].sort(), dynamic: facts.dynamic };
  } catch (error) {
    return syntaxFault(error);
  }
}

/** JSONata throws plain objects; a stack that ran out is a RangeError. */
function syntaxFault(error: unknown): ExpressionFault {
  if (error instanceof RangeError) return fault('expression.too-deep', 'The expression is nested too deeply', 0);
  const { message, position } = error as { message?: unknown; position?: unknown };
  return fault(
    'expression.syntax',
    typeof message === 'string' ? message : 'The expression does not parse',
    typeof position === 'number' ? position : 0,
  );
}

function fault(code: ExpressionFault['code'], message: string, position: number): ExpressionFault {
  return { ok: false, code, message, position };
}
