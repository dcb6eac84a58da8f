/** HubSpot's API as its SDK has it: the SDK is generated from HubSpot's OpenAPI, and its code says every path, query parameter, body, field, type and enumeration. */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { packagePath } from '../../testing/contract/declarations.ts';
import { refuse } from '../../testing/contract/stand-in.ts';
import type { Asked } from '../../testing/contract/stand-in.ts';

interface Model {
  getAttributeTypeMap(): { baseName: string; type: string }[];
}

/** The part of the API that one of the SDK's folders is about. */
interface Part {
  models: Readonly<Record<string, unknown>>;
  folder: string;
}

interface Method {
  /** `objects.BasicApi.getById`. */
  id: string;
  verb: string;
  path: RegExp;
  names: string[];
  query: Set<string>;
  /** Type of the body, and whether there must be one. */
  body: string | null;
  part: Part;
}

/** A request that the API knows. */
export interface Known {
  id: string;
  at: Readonly<Record<string, string>>;
}

/** Answers what a request is; refuses unknown paths and query parameters, and bodies that are not of the described type. */
export function describeHubSpot(...folders: string[]): (asked: Asked) => Known {
  const methods = folders.flatMap((folder) => methodsOf(folder)).sort((a, b) => a.names.length - b.names.length);
  return (asked) => {
    for (const method of methods) {
      const found = method.verb === asked.method ? method.path.exec(asked.path) : null;
      if (found === null) continue;
      for (const name of asked.query.keys()) if (!method.query.has(name)) refuse(400, `${method.id} does not know the parameter ${name}`);
      const faults = method.body === null ? (asked.body.length === 0 ? [] : ['takes no body']) : faultsOf(method.part, method.body, asked.json, '');
      if (faults.length > 0) refuse(400, `Invalid input JSON for ${method.id}: ${faults.join('; ')}`);
      return { id: method.id, at: Object.fromEntries(method.names.map((name, index) => [name, found[index + 1] ?? ''])) };
    }
    return refuse(404, `no method ${asked.method} ${asked.path}`);
  };
}

function methodsOf(folder: string): Method[] {
  const place = packagePath('@hubspot/api-client', `lib/codegen/${folder}`);
  const part: Part = { folder: place, models: createRequire(import.meta.url)(join(place, 'models/all.js')) as Record<string, unknown> };
  return readdirSync(join(place, 'apis'))
    .filter((name) => /^[A-Z]\w+Api\.js$/.test(name))
    .flatMap((name) => {
      const code = readFileSync(join(place, 'apis', name), 'utf8').split(/^class \w+ResponseProcessor/m)[0] ?? '';
      return code
        .split(/^ {4}(?=\w+\([^)]*\) \{$)/m)
        .slice(1)
        .map((text) => methodOf(`${folder.split('/').slice(1).join('.') || folder}.${name.replace('.js', '')}`, text, part));
    });
}

function methodOf(api: string, code: string, part: Part): Method {
  const name = /^\w+/.exec(code)?.[0] ?? '';
  const path = /localVarPath = '([^']+)'/.exec(code)?.[1] ?? '';
  return {
    id: `${api}.${name}`,
    verb: /HttpMethod\.(\w+)\)/.exec(code)?.[1] ?? '',
    path: new RegExp(`^${path.replaceAll(/[.+*?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '([^/]+)')}$`),
    names: [...path.matchAll(/\{(\w+)\}/g)].map(([, param = '']) => param),
    query: new Set([...code.matchAll(/(?:set|append)QueryParam\("(\w+)"/g)].map(([, param = '']) => param)),
    body: /stringify\(\w+\.ObjectSerializer\.serialize\(\w+, "(.+?)", ""\)/.exec(code)?.[1] ?? null,
    part,
  };
}

/** What of `value` is not of the described type. */
function faultsOf(part: Part, type: string, value: unknown, place: string): string[] {
  const here = place === '' ? 'the body' : place;
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined)
    return Array.isArray(value) ? value.flatMap((item, at) => faultsOf(part, list, item, `${place}/${at}`)) : [`${here} is no list`];
  const map = /^\{ \[key: string\]: (.+?)(?: \| null)?; \}$/.exec(type)?.[1];
  if (map !== undefined || part.models[type] !== undefined) {
    if (typeof part.models[type] !== 'function' && map === undefined) return faultsOfEnum(part.models[type], value, here);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${here} is no object`];
    if (map !== undefined) return Object.entries(value).flatMap(([name, inner]) => faultsOf(part, map, inner, `${place}/${name}`));
    return faultsOfModel(part, type, value as Record<string, unknown>, place);
  }
  return typeof value === type || type === 'any' ? [] : [`${here} is no ${type}`];
}

function faultsOfEnum(known: unknown, value: unknown, here: string): string[] {
  return Object.values(known as Record<string, string>).includes(value as string) ? [] : [`${here} is none of the known values`];
}

function faultsOfModel(part: Part, type: string, value: Record<string, unknown>, place: string): string[] {
  const fields = new Map((part.models[type] as Model).getAttributeTypeMap().map((one) => [one.baseName, one.type]));
  const declared = readFileSync(join(part.folder, 'models', `${type}.d.ts`), 'utf8');
  const missing = [...declared.matchAll(/^ {4}'(\w+)': /gm)].map(([, name = '']) => name).filter((name) => !Object.hasOwn(value, name));
  return [
    ...missing.map((name) => `${place}/${name} is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const inside = fields.get(name);
      return inside === undefined ? [`${place}/${name} is not known`] : faultsOf(part, inside, inner, `${place}/${name}`);
    }),
  ];
}
