import { useState } from 'react';
import { SchemaForm } from '../../../ui/form/schema-form.tsx';
import type { FormField, FormSources, JsonObject, NameGroup } from '../../../ui/form/types.ts';
import { Part } from './part.tsx';

export interface FormShown {
  id: string;
  title: string;
  fields: readonly FormField[];
  value: JsonObject;
}

const names: NameGroup[] = [
  {
    label: 'Read reviews',
    names: [
      { path: 'nodes.reviews.output.rows', hint: 'list of 200', sample: [{ id: 1, text: 'Great' }] },
      { path: 'nodes.reviews.output.rows[0].text', hint: 'text', sample: 'Great, but late' },
      { path: 'nodes.reviews.output.count', hint: 'number', sample: 200 },
    ],
  },
  {
    label: 'Input',
    names: [
      { path: 'input.text', hint: 'text' },
      { path: 'input.score', hint: 'number', sample: 4 },
      { path: 'vars.REGION', hint: 'variable', sample: 'eu' },
    ],
  },
];
const itemNames: NameGroup[] = [
  {
    label: 'Item',
    names: [
      { path: 'item', hint: 'the item' },
      { path: 'index', hint: 'its place' },
    ],
  },
];

const sources: FormSources = {
  credentials: [
    { id: 'c1', name: 'CRM key', kind: 'bearer' },
    { id: 'c2', name: 'Slack alerts', kind: 'slack-webhook' },
  ],
  onNewCredential: () => undefined,
  files: [
    { id: 'f1', name: 'reviews.csv', bytes: 18_400 },
    { id: 'f2', name: 'customers of the whole of last year, cleaned.csv', bytes: 9_418_400 },
  ],
  onUpload: async (file) => ({ $file: 'f3', name: file.name }),
  models: [
    { id: 'demo/echo', title: 'Demo: echo', hint: 'offline, free' },
    { id: 'openai/gpt-mini', title: 'GPT mini', hint: '$0.25 in, $2 out' },
  ],
  workflows: [{ id: 'w1', name: 'Support triage' }],
  people: [
    { id: 'ada@example.com', name: 'Ada Lovelace' },
    { id: 'role:owner', name: 'All owners' },
  ],
};

function One({ shown }: { shown: FormShown }) {
  const [value, setValue] = useState(shown.value);
  return (
    <section aria-label={shown.title} className="flex min-w-0 flex-col gap-12 rounded-panel border border-line p-16">
      <h3 className="font-semibold">{shown.title}</h3>
      <SchemaForm
        fields={shown.fields}
        value={value}
        onChange={setValue}
        names={names}
        itemNames={itemNames}
        sources={sources}
        faults={shown.id === 'switch' ? [{ path: '/cases/1/port', message: 'Two cases have the port "urgent". Give each its own.' }] : []}
        preview={({ text }) => <p className="truncate pt-4 font-mono text-12 text-muted">{text.length > 20 ? '"Great, but late"' : '200'}</p>}
      />
    </section>
  );
}

export function Forms({ forms }: { forms: readonly FormShown[] }) {
  return (
    <Part id="forms" title="Forms of nodes, actions and triggers">
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(440px,100%),1fr))] items-start gap-16">
        {forms.map((shown) => (
          <One key={shown.id} shown={shown} />
        ))}
      </div>
    </Part>
  );
}
