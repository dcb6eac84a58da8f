/** Google Drive: the API's own methods and schemas, and the part of its query language that is used. */
import { boundaryOf, describeGoogle, googleError, partsOf } from '../../google/testing/description.ts';
import { refuse, startStandIn } from '../../testing/contract/stand-in.ts';
import type { StandIn } from '../../testing/contract/stand-in.ts';
import { createChannels } from './channels.ts';
import type { Channels } from './channels.ts';

export interface Item {
  id: string;
  name: string;
  mimeType: string;
  createdTime: string;
  parents: string[];
  trashed: boolean;
  content: Buffer;
  appProperties: Record<string, string>;
}
export type Items = Map<string, Item>;

const describe = describeGoogle('@googleapis/drive', 'v3');
const shown = ({ id, name, mimeType, createdTime, parents, content }: Item) => ({
  id,
  name,
  mimeType,
  createdTime,
  modifiedTime: createdTime,
  parents,
  size: String(content.length),
  webViewLink: `https://drive.google.com/file/d/${id}/view`,
});

/** Channels: give those that a test looks into. */
export function startDrive(items: Items, channels: Channels = createChannels()): Promise<StandIn> {
  return startStandIn({
    hosts: ['www.googleapis.com'],
    error: googleError,
    handle(asked) {
      const { id, at } = describe(asked);
      const one = (): Item => items.get(at['fileId'] ?? '') ?? refuse(404, `File not found: ${at['fileId'] ?? ''}.`);
      switch (id) {
        case 'about.get':
          if (!asked.query.has('fields')) refuse(400, "The 'fields' parameter is required for this method.");
          return { body: { user: { emailAddress: 'hub@project.example', displayName: 'hub' } } };
        case 'files.list': {
          const size = Number(asked.query.get('pageSize') ?? 100);
          if (size < 1 || size > 1_000) refuse(400, 'Invalid value for pageSize');
          const holds = queryOf(asked.query.get('q') ?? '');
          const found = [...items.values()].filter(holds).toSorted((a, b) => (a.createdTime < b.createdTime ? 1 : -1));
          const from = Number(asked.query.get('pageToken') ?? 0);
          const next = from + size < found.length ? { nextPageToken: String(from + size) } : {};
          return { body: { ...next, files: found.slice(from, from + size).map(shown) } };
        }
        case 'files.get':
          return asked.query.get('alt') === 'media' ? { body: one().content } : { body: shown(one()) };
        case 'files.export':
          if (!one().mimeType.startsWith('application/vnd.google-apps.')) refuse(403, 'Export only supports Docs Editors files.');
          return { body: Buffer.from(`exported as ${asked.query.get('mimeType') ?? ''}`) };
        case 'files.create': {
          const [head, content] = asked.path.startsWith('/upload/')
            ? partsOf(asked.body, boundaryOf(asked))
            : [Buffer.from(JSON.stringify(asked.json)), Buffer.alloc(0)];
          const given = JSON.parse(head?.toString('utf8') ?? '{}') as Partial<Item>;
          const made: Item = {
            id: `file-${items.size + 1}`,
            name: 'Untitled',
            mimeType: 'text/csv',
            createdTime: '2026-12-01T00:00:00.000Z',
            parents: ['root'],
            trashed: false,
            appProperties: {},
            ...given,
            content: content ?? Buffer.alloc(0),
          };
          items.set(made.id, made);
          void channels.changed().catch(() => undefined);
          return { body: shown(made) };
        }
        case 'changes.getStartPageToken':
          return channels.startPageToken();
        case 'changes.watch':
          return channels.watch(asked);
        case 'channels.stop':
          return channels.stop(asked);
        case 'files.update':
          Object.assign(one(), asked.json);
          return { body: shown(one()) };
        default:
          return refuse(400, `not expected: ${id}`);
      }
    },
  });
}

const text = `'((?:[^'\\\\]|\\\\.)*)'`;
const plain = (quoted = ''): string => quoted.replaceAll(/\\(.)/g, '$1');
/** Conditions joined by "and"; any other is refused, as Google does. */
const conditions: [RegExp, (found: RegExpExecArray) => (item: Item) => boolean][] = [
  [/^trashed = false$/, () => (item) => !item.trashed],
  [
    new RegExp(`^${text} in parents$`),
    ([, id]) =>
      (item) =>
        item.parents.includes(plain(id)),
  ],
  [
    new RegExp(`^name contains ${text}$`),
    ([, part]) =>
      (item) =>
        item.name.toLowerCase().includes(plain(part).toLowerCase()),
  ],
  [
    new RegExp(`^name = ${text}$`),
    ([, name]) =>
      (item) =>
        item.name === plain(name),
  ],
  [
    new RegExp(`^fullText contains ${text}$`),
    ([, part]) =>
      (item) =>
        item.content.toString('utf8').includes(plain(part)),
  ],
  [
    new RegExp(`^mimeType (!?)= ${text}$`),
    ([, not, mime]) =>
      (item) =>
        (item.mimeType === plain(mime)) === (not === ''),
  ],
  [
    new RegExp(`^createdTime > ${text}$`),
    ([, time]) =>
      (item) =>
        item.createdTime > plain(time),
  ],
  [
    new RegExp(`^appProperties has \\{ key=${text} and value=${text} \\}$`),
    ([, key, value]) =>
      (item) =>
        item.appProperties[plain(key)] === plain(value),
  ],
];

function queryOf(query: string): (item: Item) => boolean {
  const parts = query.split(/ and (?![^{]*\})/);
  const all = parts.map((part) => {
    for (const [form, make] of conditions) {
      const found = form.exec(part.trim());
      if (found !== null) return make(found);
    }
    return refuse(400, `Invalid Value: q (${part})`);
  });
  return (item) => all.every((holds) => holds(item));
}
