/** Google Sheets: the API's own methods and schemas, a grid in memory. */
import type { Json } from '@hub/dag/planner';

import { describeGoogle, googleError } from '../../google/testing/description.ts';
import { refuse, startStandIn } from '../../testing/contract/stand-in.ts';
import type { StandIn } from '../../testing/contract/stand-in.ts';

export interface Book {
  title: string;
  tabs: Map<string, Json[][]>;
}
export type Books = Map<string, Book>;

const describe = describeGoogle('@googleapis/sheets', 'v4');
const describeDrive = describeGoogle('@googleapis/drive', 'v3');
const inputOptions = new Set(['RAW', 'USER_ENTERED']);

export function startSheets(books: Books): Promise<StandIn> {
  return startStandIn({
    hosts: ['sheets.googleapis.com', 'www.googleapis.com'],
    error: googleError,
    handle(asked) {
      if (asked.host === 'www.googleapis.com') {
        const { id } = describeDrive(asked);
        if (id === 'about.get') return { body: { user: { emailAddress: 'hub@project.example', displayName: 'hub' } } };
        if (id !== 'files.list') return refuse(400, `not expected: ${id}`);
        return { body: { files: [...books].map(([one, { title }]) => ({ id: one, name: title, modifiedTime: '2026-01-02T00:00:00Z' })) } };
      }
      const { id, at } = describe(asked);
      if (id === 'spreadsheets.create') {
        const given = asked.json as {
          properties: { title: string };
          sheets: { properties: { title: string }; data?: { rowData: { values: { userEnteredValue: { stringValue: string } }[] }[] }[] }[];
        };
        const key = `new-spreadsheet-${books.size + 1}`;
        const tabs = given.sheets.map(({ properties, data }): [string, Json[][]] => [
          properties.title,
          (data?.[0]?.rowData ?? []).map(({ values }) => values.map((one) => one.userEnteredValue.stringValue)),
        ]);
        books.set(key, { title: given.properties.title, tabs: new Map(tabs) });
        return { body: { spreadsheetId: key, spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${key}/edit` } };
      }
      const book = books.get(at['spreadsheetId'] ?? '') ?? refuse(404, 'Requested entity was not found.');
      switch (id) {
        case 'spreadsheets.get':
          return {
            body: {
              properties: { title: book.title },
              sheets: [...book.tabs].map(([title, rows]) => ({ properties: { title, gridProperties: { rowCount: Math.max(rows.length, 1) } } })),
            },
          };
        case 'spreadsheets.values.get': {
          const { rows, box } = locate(book, at['range'] ?? '');
          const picked = rows.slice(box.top, box.bottom + 1).map((row) => row.slice(box.left, box.right + 1));
          const trimmed = asked.query.get('majorDimension') === 'COLUMNS' ? [picked.map(([cell]) => cell ?? '')] : picked;
          return { body: { range: at['range'] ?? '', majorDimension: asked.query.get('majorDimension') ?? 'ROWS', values: trimmed as Json } };
        }
        case 'spreadsheets.values.append': {
          if (!inputOptions.has(asked.query.get('valueInputOption') ?? '')) refuse(400, 'valueInputOption is required but not specified');
          const { rows } = locate(book, at['range'] ?? '');
          rows.push(...((asked.json as { values: Json[][] }).values ?? []));
          return { body: { spreadsheetId: at['spreadsheetId'] ?? '', updates: {} } };
        }
        case 'spreadsheets.values.batchUpdate': {
          const given = asked.json as { valueInputOption?: string; data?: { range: string; values: Json[][] }[] };
          if (!inputOptions.has(given.valueInputOption ?? '')) refuse(400, 'valueInputOption is required but not specified');
          for (const { range, values } of given.data ?? []) {
            const { rows, box } = locate(book, range);
            for (const [down, cells] of values.entries())
              for (const [across, cell] of cells.entries()) (rows[box.top + down] ??= [])[box.left + across] = cell;
          }
          return { body: { spreadsheetId: at['spreadsheetId'] ?? '', totalUpdatedCells: 1 } };
        }
        default:
          return refuse(400, `not expected: ${id}`);
      }
    },
  });
}

interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** A range in A1 notation. */
function locate(book: Book, range: string): { rows: Json[][]; box: Box } {
  const [, title = '', cells = ''] = /^'((?:[^']|'')+)'(?:!(.+))?$/.exec(range) ?? refuse(400, `Unable to parse range: ${range}`);
  const rows = book.tabs.get(title.replaceAll("''", "'")) ?? refuse(400, `Unable to parse range: ${range}`);
  const [, c1 = '', r1 = '', c2 = '', r2 = ''] = /^([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?$/.exec(cells) ?? refuse(400, `Unable to parse range: ${range}`);
  const open = cells.includes(':');
  const top = r1 === '' ? 0 : Number(r1) - 1;
  const left = c1 === '' ? 0 : columnOf(c1);
  return {
    rows,
    box: {
      top,
      bottom: r2 !== '' ? Number(r2) - 1 : open || r1 === '' ? 1_000_000 : top,
      left,
      right: c2 !== '' ? columnOf(c2) : open || c1 === '' ? 10_000 : left,
    },
  };
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
