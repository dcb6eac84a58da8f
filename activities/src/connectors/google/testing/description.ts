/** Methods, parameters and body schemas of a Google API, read out of the generated code of its package (made by Google from the discovery document). */
import { readFileSync } from 'node:fs';

import { fieldsOf, packagePath, readDeclarations, unknownFields } from '../../testing/contract/declarations.ts';
import { refuse } from '../../testing/contract/stand-in.ts';
import type { Answered, Asked } from '../../testing/contract/stand-in.ts';

interface Method {
  /** `files.list`. */
  id: string;
  verb: string;
  path: RegExp;
  pathParams: string[];
  /** Name of the declaration of its parameters. */
  params: string;
  required: string[];
}

/** A request that the API knows: its method, path parameters, and everything else checked. */
export interface Known {
  id: string;
  at: Readonly<Record<string, string>>;
}

const always = new Set(['alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'uploadType']);

/** Answers what method a request is; refuses unknown paths, query parameters and body fields, and missing required parameters. */
export function describeGoogle(name: string, version: string): (asked: Asked) => Known {
  const code = readFileSync(packagePath(name, `build/${version}.js`), 'utf8');
  const declarations = readDeclarations(packagePath(name, `build/${version}.d.ts`));
  const methods = readMethods(code);
  return (asked) => {
    for (const method of methods) {
      const found = method.verb === asked.method ? method.path.exec(asked.path) : null;
      if (found === null) continue;
      const fields = fieldsOf(declarations, method.params);
      for (const name of asked.query.keys()) if (!always.has(name) && !fields.has(name)) refuse(400, `Invalid parameter "${name}" of ${method.id}`);
      const at = Object.fromEntries(method.pathParams.map((param, index) => [param, found[index + 1] ?? '']));
      for (const name of method.required) if (!(name in at) && !asked.query.has(name)) refuse(400, `Required parameter: ${name}`);
      const schema = /Schema\$\w+/.exec(fields.get('requestBody')?.type ?? '')?.[0];
      const json = asked.json ?? relatedJson(asked);
      if (json !== undefined) {
        if (schema === undefined) refuse(400, `${method.id} takes no body`);
        const odd = unknownFields(declarations, schema, json);
        if (odd.length > 0) refuse(400, `Invalid JSON payload received. Unknown name ${odd.join(', ')} at ${schema}`);
      }
      return { id: method.id, at };
    }
    return refuse(404, `no method ${asked.method} ${asked.path}`);
  };
}

function readMethods(code: string): Method[] {
  const methods: Method[] = [];
  let resource = '';
  let name = '';
  let open: Partial<Method> & { url?: string; media?: string } = {};
  for (const line of code.split('\n')) {
    resource = /^ {4}class Resource\$([\w$]+)/.exec(line)?.[1] ?? resource;
    const method = /^ {8}(\w+)\(paramsOrCallback/.exec(line)?.[1];
    if (method !== undefined) {
      name = method;
      open = {};
    }
    open.url = /\burl: \(rootUrl \+ '([^']+)'/.exec(line)?.[1] ?? open.url ?? '';
    open.media = /mediaUrl: \(rootUrl \+ '([^']+)'/.exec(line)?.[1] ?? open.media ?? '';
    open.verb = /^\s+method: '([A-Z]+)'/.exec(line)?.[1] ?? open.verb ?? '';
    open.required = list(/requiredParams: \[(.*)\]/.exec(line)?.[1]) ?? open.required ?? [];
    const pathParams = list(/pathParams: \[(.*)\]/.exec(line)?.[1]);
    if (pathParams === null || name === '') continue;
    const params = `Params$Resource$${resource}$${name.charAt(0).toUpperCase()}${name.slice(1).toLowerCase()}`;
    const id = `${resource.replaceAll('$', '.').toLowerCase()}.${name}`;
    for (const url of [open.url, open.media].filter((one) => one !== '')) {
      const order = [...url.matchAll(/\{(\w+)\}/g)].map(([, param = '']) => param);
      const path = new RegExp(`^${url.replaceAll(/[.+*?^$()|[\]\\]/g, '\\$&').replaceAll(/\{(\w+)\}/g, '([^/]+?)')}$`);
      methods.push({ id, verb: open.verb, path, pathParams: order, params, required: open.required });
    }
  }
  return methods;
}

function list(text: string | undefined): string[] | null {
  return text === undefined ? null : [...text.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
}

/** The first part of a multipart/related upload. */
function relatedJson(asked: Asked): unknown {
  const boundary = /multipart\/related;\s*boundary=(.+)$/.exec(asked.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return undefined;
  return JSON.parse(partsOf(asked.body, boundary)[0]?.toString('utf8') ?? 'null') as unknown;
}

/** Bodies of the parts of a multipart message. */
export function partsOf(body: Buffer, boundary: string): Buffer[] {
  const parts: Buffer[] = [];
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  while (at >= 0) {
    const next = body.indexOf(mark, at + mark.length);
    if (next < 0) return parts;
    const part = body.subarray(at + mark.length, next);
    parts.push(part.subarray(part.indexOf('\r\n\r\n') + 4, part.length - 2));
    at = next;
  }
  return parts;
}

/** The boundary of an upload. */
export const boundaryOf = (asked: Asked): string => /boundary=(.+)$/.exec(asked.headers['content-type'] ?? '')?.[1] ?? '';

/** Google's form of an error. */
export function googleError(status: number, message: string, fault?: string): Answered {
  const reason = fault === 'scope' ? 'insufficientPermissions' : fault === 'expired' ? 'authError' : status === 429 ? 'rateLimitExceeded' : 'invalid';
  return { status, body: { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } } };
}
