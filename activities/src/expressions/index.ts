/** Door of the expression language for everyone, the browser too: what parses and what it reads. Nothing here evaluates anything. */
export { parseCode } from './code-reads.ts';
export { expressionNames, limits } from './names.ts';
export type { ExpressionName } from './names.ts';
export { parseExpression } from './parse.ts';
export type { ExpressionFault, ParsedExpression } from './parse.ts';
export { parsePlainPath } from './plain-path.ts';
export { bareExpression } from './template.ts';
