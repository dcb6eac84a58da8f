/** Hostile values: for path segments, query parameters, fields of a body, and whole bodies. */

/** Already encoded, as a path segment. */
export const hostileWords = [
  'x',
  '0',
  '-1',
  '018f0000-0000-7000-8000-000000000000',
  '00000000-0000-0000-0000-000000000000',
  '%00',
  'a%00b',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '%c0%ae',
  '%ff',
  '%ED%A0%80',
  '%F0%9F%98%80',
  "'%20or%201=1--",
  '%0d%0aset-cookie:%20a=b',
  '__proto__',
  'constructor',
  'a'.repeat(3_000),
  '1e309',
  'NaN',
  'null',
  '{}',
  '*',
];

const queryValues = [
  '',
  '0',
  '-1',
  '1.5',
  '1e309',
  'NaN',
  '9007199254740993',
  '99999999999999999999',
  '%00',
  '%ff',
  '%ED%A0%80',
  "'",
  '%27%20or%201=1--',
  'null',
  '[]',
  '{}',
  'true',
  '../..',
  'a'.repeat(3_000),
  '%E2%80%AE',
  '2026-13-45',
  '2026-01-01T00:00:00Z',
  '-infinity',
  '0001-01-01',
  '275761-01-01',
  '%25%25',
  '%5C',
  'eyJhIjoxfQ',
  'W10',
  '018f0000-0000-7000-8000-000000000000',
];

export function hostileQueries(name: string): string[] {
  return [...queryValues.map((value) => `${name}=${value}`), `${name}=1&${name}=2`, `${name}[]=1`, `${name}[a]=1`, `${name}.__proto__=1`];
}

const fieldValues: unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 3,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u200b\ufeff',
  "'; drop table runs; --",
  '../../etc/passwd',
  'a\r\nset-cookie: x=y',
  '<script>alert(1)</script>',
  'x'.repeat(20_000),
  [],
  {},
  [[]],
  [null],
  { a: { b: { c: {} } } },
  deepValue(200),
  Array.from({ length: 5_000 }, (_, at) => at),
  '018f0000-0000-7000-8000-000000000000',
  '99999999-9999-9999-9999-999999999999',
  '275761-01-01T00:00:00Z',
];

function deepValue(depth: number): unknown {
  let value: unknown = 1;
  for (let n = 0; n < depth; n += 1) value = { a: value };
  return value;
}

/** The body with one field, to the depth of two, made hostile; or with a field too many. */
export function hostileFields(body: unknown): { what: string; value: unknown }[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const fields = Object.entries(body);
  return [
    ...fields.flatMap(([name, inner]) => [
      ...fieldValues.map((value) => ({ what: `${name}: ${shown(value)}`, value: { ...body, [name]: value } })),
      ...(typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.keys(inner).flatMap((deep) =>
            fieldValues.map((value) => ({ what: `${name}.${deep}: ${shown(value)}`, value: { ...body, [name]: { ...inner, [deep]: value } } })),
          )
        : []),
    ]),
    { what: 'without a field', value: Object.fromEntries(fields.slice(1)) },
    { what: 'one field more', value: { ...body, id: '018f0000-0000-7000-8000-000000000000', tenantId: 'x', role: 'owner' } },
  ];
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 30);
const deepJson = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

export const hostileBodies: { what: string; body: string | Buffer; type?: string }[] = [
  { what: 'no body', body: '' },
  { what: 'half a body', body: '{"a":' },
  { what: 'a text', body: '"x"' },
  { what: 'null', body: 'null' },
  { what: 'a list', body: '[]' },
  { what: 'a number', body: '1e999' },
  { what: '10,000 deep', body: deepJson(10_000) },
  { what: 'arrays 100,000 deep', body: '['.repeat(100_000) },
  { what: '__proto__', body: '{"__proto__":{"admin":true}}' },
  { what: 'constructor', body: '{"constructor":{"prototype":{"admin":true}}}' },
  { what: 'one name twice', body: '{"name":"a","name":"b"}' },
  { what: 'bytes that are no UTF-8', body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) },
  { what: 'a byte order mark', body: Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]) },
  { what: 'UTF-16', body: Buffer.from('{}', 'utf16le'), type: 'application/json; charset=utf-16' },
  { what: '1.2 MB', body: JSON.stringify({ name: 'x'.repeat(1_200_000) }) },
  { what: '50,000 names', body: JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at]))) },
  { what: 'a form', body: 'a=1&b=2', type: 'application/x-www-form-urlencoded' },
  { what: 'multipart without boundary', body: '--x', type: 'multipart/form-data' },
  {
    what: 'multipart cut short',
    body: '--b\r\ncontent-disposition: form-data; name="file"; filename="../../x"\r\n\r\nabc',
    type: 'multipart/form-data; boundary=b',
  },
  { what: 'a type with a tab', body: '{}', type: 'application/json\t; x' },
  { what: 'a type that is none', body: '{}', type: 'x' },
  { what: 'xml', body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', type: 'application/xml' },
];
