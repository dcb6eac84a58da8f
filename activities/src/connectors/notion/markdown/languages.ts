/** Languages of code blocks that Notion knows, of those people write; it refuses any other word. */
export const languages: readonly string[] = (
  'bash, c, c#, c++, clojure, css, dart, diff, docker, elixir, elm, erlang, f#, fortran, go, graphql, groovy, haskell, ' +
  'hcl, html, java, javascript, json, julia, kotlin, latex, less, lisp, lua, makefile, markdown, matlab, mermaid, nix, ' +
  'objective-c, ocaml, perl, php, plain text, powershell, prolog, protobuf, python, r, ruby, rust, sass, scala, scheme, ' +
  'scss, shell, solidity, sql, swift, toml, typescript, vb.net, verilog, vhdl, webassembly, xml, yaml'
).split(', ');
const others: Readonly<Record<string, string>> = {
  js: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  py: 'python',
  sh: 'shell',
  zsh: 'shell',
  yml: 'yaml',
  rb: 'ruby',
  rs: 'rust',
  md: 'markdown',
  cs: 'c#',
  cpp: 'c++',
  kt: 'kotlin',
  dockerfile: 'docker',
  make: 'makefile',
  tex: 'latex',
  jsonc: 'json',
  tf: 'hcl',
};
const plain = 'plain text';

/** Notion's name of the language behind a fence. */
export function languageOf(word: string): string {
  const name = word.split(/\s/)[0]?.toLowerCase() ?? '';
  if (Object.hasOwn(others, name)) return others[name] ?? plain;
  return languages.includes(name) ? name : plain;
}

/** What stands behind the fence for it. */
export function wordOf(language: string | undefined): string {
  return language === undefined || language === plain ? '' : language.replaceAll(' ', '-');
}
