/** docs/reference.md: tables made from what each thing says of itself. */
import { connectorManifests, errorCodes as activityCodes, modelCatalogue } from '@hub/activities/catalogue';
import { errorCodes as apiCodes, permissions, rolePermissions, roles, routes, type RouteSpec } from '@hub/contract';
import { errorCodes as dagCodes, nodeKinds, triggerTypes } from '@hub/dag/catalogue';
import { errorCodes as databaseCodes } from '@hub/db/error-codes';
import { errorCodes as kitCodes } from '@hub/kit/error-codes';
import { z } from 'zod';
import { variables } from './environment.ts';

/** The catalogues of error codes, by package. A new one is one line here. */
export const errorCatalogues: Record<string, Record<string, { help: string; example: string }>> = {
  dag: dagCodes,
  activities: activityCodes,
  api: apiCodes,
  kit: kitCodes,
  db: databaseCodes,
};

const maxExampleChars = 220;

/** One line of Markdown: no pipes, no line breaks, and outside of code no tags but the line break. */
function cell(text: string): string {
  const line = text
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim();
  const parts = line.split('`').map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/<(?!br>)/g, '&lt;')));
  return parts.join('`');
}

function code(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text === undefined || text === '') return '';
  const short = text.length > maxExampleChars ? `${text.slice(0, maxExampleChars)}…` : text;
  return `\`${short.replaceAll('`', "'")}\``;
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function environment(): string {
  const rows = variables().map(({ name, help, example, readers, required, fallback }) => [
    code(name),
    `${help}`,
    code(example),
    readers.join(', '),
    required ? 'required' : fallback === null ? 'optional' : code(fallback),
  ]);
  return `## Environment\n\n\`npm start\` sets all of them. Read once at the start of each process; all faults are printed together, values never.\n\n${table(['variable', 'meaning', 'example', 'read by', 'default'], rows)}`;
}

function kinds(): string {
  const rows = nodeKinds.map((kind) => [
    code(kind.type),
    `**${kind.label}.** ${kind.help}${kind.runs ? '' : ' *Can be drawn and saved; not run by this version yet.*'}`,
    kind.ports.map(code).join(' '),
    `${kind.defaultAttempts} × ${kind.defaultTimeoutMs === 0 ? 'no limit' : `${kind.defaultTimeoutMs / 1000} s`}`,
    code(kind.example.config),
  ]);
  const triggers = triggerTypes.map(({ type, label, help, example }) => [code(type), `**${label}.** ${help}`, code(example)]);
  return `## Node kinds\n\n${table(['type', 'what it does', 'ports', 'attempts × limit', 'example of its config'], rows)}\n\n## Triggers\n\n${table(['type', 'what it does', 'example'], triggers)}`;
}

function connectors(): string {
  const parts = Object.values(connectorManifests).map((manifest) => {
    const rows = Object.values(manifest.actions).flatMap((action) => {
      const schema = z.toJSONSchema(action.params, { io: 'input', unrepresentable: 'any' }) as {
        properties?: Record<string, { description?: string }>;
        required?: string[];
      };
      const params = Object.entries(schema.properties ?? {}).map(([name, { description }]) => {
        const must = schema.required?.includes(name) ? ' (required)' : '';
        return `${code(name)}${must}${description ? `: ${description}` : ''}`;
      });
      return [
        [
          code(`${manifest.id}.${action.id}`),
          `**${action.title}.** ${action.help} Gives: ${action.output.help}`,
          action.kind,
          params.join('<br>'),
          action.credentialKinds.map(code).join(' ') || 'none',
          code(action.example.params),
        ],
      ];
    });
    return `### ${manifest.title}\n\n${manifest.help}\n\n${table(['action', 'what it does', 'reads or writes', 'params', 'credential', 'example of params'], rows)}`;
  });
  return `## Connectors\n\n${parts.join('\n\n')}`;
}

function models(): string {
  const known = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-US'));
  const rows = modelCatalogue.map((model) => [
    code(model.id),
    `**${model.title}.** ${model.help}`,
    known(model.contextTokens),
    known(model.inputUsdPerMTok),
    known(model.outputUsdPerMTok),
    code(model.example.messages[0]?.content ?? ''),
  ]);
  return `## Models\n\nAny other name of these providers works as well; its cost is counted where its price is known.\n\n${table(
    ['model', 'what it is', 'context, tokens', 'USD per million in', 'USD per million out', 'example of a prompt'],
    rows,
  )}`;
}

function codes(): string {
  const all = Object.values(errorCatalogues).flatMap((codes) => Object.entries(codes));
  const once = [...new Map(all).entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `## Error codes\n\nStable: programs compare them, never the texts beside them.\n\n${table(
    ['code', 'what it means and what to do', 'example'],
    once.map(([name, { help, example }]) => [code(name), help, example]),
  )}`;
}

function routeTable(): string {
  const specs: [string, RouteSpec][] = Object.entries(routes);
  const groups = Map.groupBy(specs, ([, spec]) => spec.tag);
  const parts = [...groups].map(([tag, list]) => {
    const rows = list.map(([id, spec]) => [
      code(`${spec.method} ${spec.path}`),
      `**${spec.summary}** (${code(id)}). ${spec.help}`,
      code(spec.access),
      String(spec.status),
      code(spec.example.body ?? spec.example.query ?? spec.example.params ?? ''),
    ]);
    return `### ${tag}\n\n${table(['route', 'what it does', 'needs', 'answers', 'example of what is sent'], rows)}`;
  });
  const rights = Object.entries(permissions).map(([name, help]) => [
    code(name),
    help,
    roles.filter((role) => rolePermissions[role].has(name as keyof typeof permissions)).join(', '),
  ]);
  return `## Routes\n\nShapes: \`/api/openapi.json\` and the page \`/docs\` of a running hub. Errors are problem+json with one of the codes above.\n\n${parts.join('\n\n')}\n\n## Permissions\n\n${table(['permission', 'allows', 'roles'], rights)}`;
}

/** The whole file. */
export function reference(): string {
  const head = `# Reference\n\nMade from the code by \`node scripts/docs/main.ts\`: every entry is written where the thing itself is. Do not edit this file; the house test compares it.\n\n[Environment](#environment) · [Node kinds](#node-kinds) · [Triggers](#triggers) · [Connectors](#connectors) · [Models](#models) · [Error codes](#error-codes) · [Routes](#routes) · [Permissions](#permissions)`;
  return `${[head, environment(), kinds(), connectors(), models(), codes(), routeTable()].join('\n\n')}\n`;
}
