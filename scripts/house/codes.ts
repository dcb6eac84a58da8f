/** Finds the error codes that the sources give, so that each can be held against the catalogues. */

/** Dotted literals that look like codes and are none: [what it is, how it is told]. */
const notCodes: [what: string, test: RegExp][] = [
  ['a file', /\.(ts|tsx|js|mjs|cjs|json|csv|jsonl|md|sql|css|html|log|txt)$/],
  ['a host', /\.(com|org|net|io|dev|test|invalid)$/],
  ['a setting of a transaction', /^app\./],
  ['a name in an expression or an answer', /^(nodes|input|vars|ctx|item|x|meta|data)\./],
];

/** Comments out, texts and line numbers kept. Good for our sources, not for any JavaScript: a `//` in a text is taken for a comment only after a space. */
export function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' ')).replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

export interface FoundCode {
  code: string;
  file: string;
}

/**
 * Every code in `sources`: whole dotted literals, and what `notFound('x')` makes of its argument.
 * @param known dotted names that are something else: permissions, events
 */
export function findCodes(sources: { file: string; text: string }[], known: ReadonlySet<string>): FoundCode[] {
  const found: FoundCode[] = [];
  for (const { file, text } of sources) {
    const source = withoutComments(text);
    // Actions of the audit log are dotted too.
    const audited = new Set([...source.matchAll(/\baudit\(\s*[\w.]+,\s*'([^']+)'/g)].map((match) => match[1]));
    for (const [, , code = ''] of source.matchAll(/(['"`])([a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*)+)\1/g)) {
      if (known.has(code) || audited.has(code) || notCodes.some(([, test]) => test.test(code))) continue;
      found.push({ code, file });
    }
    for (const [, what = ''] of source.matchAll(/\bnotFound\(\s*'([a-z-]+)'\s*\)/g)) found.push({ code: `${what}.not-found`, file });
  }
  return found;
}

/** Codes made from parts (`x.${reason}`) whose catalogue neither lists them one by one nor has `x.<…>`. */
export function unenumerated(sources: { file: string; text: string }[], catalogue: ReadonlySet<string>): string[] {
  return sources.flatMap(({ file, text }) =>
    [...withoutComments(text).matchAll(/(?:\bcode\b[^\n`]{0,80}|Error\(\s*)`([a-z-]+\.[a-z-]*)\$\{/g)]
      .map(([, prefix = '']) => prefix)
      .filter((prefix) => [...catalogue].filter((code) => code.startsWith(prefix) && code !== prefix).length < 2 && !catalogue.has(`${prefix}<…>`))
      .filter((prefix) => ![...catalogue].some((code) => code.startsWith(`${prefix}<`)))
      .map((prefix) => `${file}: ${prefix}…`),
  );
}
