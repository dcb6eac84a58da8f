/** What is chosen from a vendor, in each of its states: found, paged, nothing there, away, no credential, and the row form. */
import { useState } from 'react';
import { SchemaForm } from '../../../ui/form/schema-form.tsx';
import type { FormField, JsonObject, VendorSource } from '../../../ui/form/types.ts';
import { VendorFault } from '../../../ui/form/vendor-model.ts';
import { Part } from './part.tsx';

const all = Array.from({ length: 120 }, (_, n) => ({ value: `tbl${n}`, label: n === 0 ? 'Orders' : `Table ${n}`, help: `${n * 37} rows` }));
const size = 50;

const found: VendorSource = {
  why: null,
  key: 'gallery found',
  options: async ({ search, cursor }) => {
    const from = Number(cursor ?? 0);
    const fit = all.filter(({ label }) => label.toLowerCase().includes(search.toLowerCase()));
    return { items: fit.slice(from, from + size), nextCursor: from + size < fit.length ? String(from + size) : null };
  },
  fields: async () => ({
    type: 'object',
    properties: { customer: { type: 'string' }, total: { type: 'number' }, paid: { type: 'boolean' }, note: {} },
    required: ['customer'],
  }),
};
const away = async (): Promise<never> => {
  throw new VendorFault('PostgreSQL did not answer within 20 s. Check the host and the firewall.', { label: 'Open connections', to: '/connections' });
};
const states: { title: string; vendor: VendorSource; value: JsonObject }[] = [
  { title: 'Vendor: found', vendor: found, value: { table: 'tbl0', rows: { customer: 'Ada', colour: 'green' } } },
  {
    title: 'Vendor: nothing there',
    vendor: { ...found, key: 'gallery empty', options: async () => ({ items: [], nextCursor: null }), fields: async () => ({ type: 'object' }) },
    value: {},
  },
  {
    title: 'Vendor: away',
    vendor: { ...found, key: 'gallery away', options: away, fields: away },
    value: { table: 'orders', rows: { customer: 'Ada' } },
  },
  { title: 'Vendor: no credential', vendor: { ...found, key: 'gallery nobody', why: 'Choose a credential first.' }, value: {} },
];

const fields: readonly FormField[] = [
  { name: 'table', label: 'Table', kind: 'text', expression: true, required: true, options: 'tables', width: 'half', help: 'The table or view.' },
  { name: 'sortBy', label: 'In order of', kind: 'text', expression: true, options: 'columns', width: 'half' },
  { name: 'rows', label: 'Rows', kind: 'any', expression: true, required: true, fieldsOf: 'row', placeholder: '{{ nodes.read.output.rows }}' },
];

function One({ title, vendor, value: first }: (typeof states)[number]) {
  const [value, setValue] = useState(first);
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-12 rounded-panel border border-line p-16">
      <h3 className="font-semibold">{title}</h3>
      <SchemaForm fields={fields} value={value} onChange={setValue} sources={{ vendor }} />
    </section>
  );
}

export function Pickers() {
  return (
    <Part id="pickers" title="Chosen from a vendor">
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(440px,100%),1fr))] items-start gap-16">
        {states.map((state) => (
          <One key={state.title} {...state} />
        ))}
      </div>
    </Part>
  );
}
