/** The templates that come with the hub: one folder each under `activities/examples`, read once when first asked for. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TemplateDetail } from '@hub/contract';
import { type Definition, parseDefinition } from '@hub/dag';
import { BugError } from '@hub/kit/errors';
import { z } from 'zod';
import { mimeOf } from '../files/sniff.ts';

/** Where they are in this repository. */
export const templateFolder = join(import.meta.dirname, '../../../../activities/examples');

/** `template.json`; beside it `definition.json`, `notes.md` and the files that `{ "$sample": name }` names. */
const templateFile = z.strictObject({
  name: z.string().min(1).max(200),
  summary: z.string().min(1).max(500),
  category: z.string().min(1).max(50),
  tags: z.array(z.string().min(1).max(50)).max(20),
  needs: z.array(z.string()).max(20),
  expected: z.strictObject({ seconds: z.number().min(0), costUsd: z.number().min(0), note: z.string() }),
  sampleInput: z.record(z.string(), z.unknown()),
});

export interface LoadedTemplate {
  detail: TemplateDetail;
  definition: Definition;
  /** Absolute path of a sample file by its name. */
  paths: Map<string, string>;
}

/** The value with every `{ "$sample": name }` as `replace` gives it. */
export function replaceSamples(value: unknown, replace: (name: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceSamples(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  const { $sample } = value as { $sample?: unknown };
  if (typeof $sample === 'string') return replace($sample);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, replaceSamples(child, replace)]));
}

const broken = (id: string, what: string, cause?: unknown): BugError =>
  new BugError('template.broken', `The template ${id} is not whole: ${what}`, { cause });

async function samplesOf(id: string, folder: string, values: unknown[]): Promise<{ paths: Map<string, string>; files: TemplateDetail['files'] }> {
  const names = new Set<string>();
  for (const value of values) replaceSamples(value, (name) => void names.add(name));
  const files: TemplateDetail['files'] = [];
  const paths = new Map<string, string>();
  for (const name of names) {
    // Our own files; still, a name is a name and no way to another folder.
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(name)) throw broken(id, `"${name}" is no name of a file`);
    const path = join(folder, name);
    const [info, content] = await Promise.all([stat(path), readFile(path)]);
    paths.set(name, path);
    files.push({ name, mime: mimeOf(content.subarray(0, 65_536), name, info.size <= 65_536), bytes: info.size });
  }
  return { paths, files };
}

async function loadOne(id: string, folder: string): Promise<LoadedTemplate> {
  const [text, definitionText, notes] = await Promise.all(
    ['template.json', 'definition.json', 'notes.md'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const parsed = templateFile.safeParse(JSON.parse(text ?? ''));
  if (!parsed.success) throw broken(id, z.prettifyError(parsed.error));
  const definition = parseDefinition(JSON.parse(definitionText ?? ''));
  if (!definition.ok) throw broken(id, definition.faults[0]?.message ?? 'definition.json');
  const { paths, files } = await samplesOf(id, folder, [parsed.data.sampleInput, definition.definition]);
  const nodeTypes = [...new Set(definition.definition.nodes.map((node) => node.type))];
  return {
    detail: { id, ...parsed.data, nodeTypes, notes: notes ?? '', definition: definition.definition, files },
    definition: definition.definition,
    paths,
  };
}

/** All of a folder, by id, in order of name. A folder without `template.json` is none. @throws BugError `template.broken` */
export async function loadTemplates(folder: string): Promise<Map<string, LoadedTemplate>> {
  const loaded: [string, LoadedTemplate][] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const has = entry.isDirectory() && (await stat(join(path, 'template.json')).catch(() => null)) !== null;
    if (has)
      loaded.push([
        entry.name,
        await loadOne(entry.name, path).catch((cause: unknown) => {
          throw cause instanceof BugError ? cause : broken(entry.name, cause instanceof Error ? cause.message : 'it cannot be read', cause);
        }),
      ]);
  }
  return new Map(loaded.sort(([, a], [, b]) => a.detail.name.localeCompare(b.detail.name)));
}
