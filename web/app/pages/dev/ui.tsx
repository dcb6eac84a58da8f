/** Gallery: every component in every state. What is not here is not part of the design. */
import { connectorManifests } from '@hub/activities/catalogue';
import { nodeFields, nodeKinds, settingsFields, triggerTypes } from '@hub/dag/catalogue';
import { z } from 'zod';
import type { Route } from './+types/ui.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { fieldsOfSchema } from '../../ui/form/schema-fields.ts';
import type { JsonObject } from '../../ui/form/types.ts';
import { Buttons, Floating, States } from './gallery/basics.tsx';
import { Charts, Strips, Values } from './gallery/data.tsx';
import { Fields } from './gallery/fields.tsx';
import { Forms, type FormShown } from './gallery/forms.tsx';
import { PageStates } from './gallery/page-states.tsx';
import { Pickers } from './gallery/pickers.tsx';

export const meta = () => [{ title: 'Components' }];

/** Every form of the product, with the example of its kind as the value. */
export function loader(): { forms: FormShown[] } {
  const kinds = nodeKinds
    .filter(({ type }) => type !== 'data_source' && type !== 'action')
    .map(({ type, label, fields, example }) => ({ id: type, title: label, fields, value: example.config as JsonObject }));
  const actions = Object.values(connectorManifests).flatMap((manifest) =>
    Object.values(manifest.actions).map((action) => ({
      id: `${manifest.id}.${action.id}`,
      title: `${manifest.title}: ${action.title}`,
      fields: fieldsOfSchema(z.toJSONSchema(action.params, { io: 'input', unrepresentable: 'any' }), {
        expression: true,
        literal: action.literalParams,
      }),
      value: action.example.params as JsonObject,
    })),
  );
  const triggers = triggerTypes
    .filter(({ fields }) => fields.length > 0)
    .map(({ type, label, fields, example }) => ({
      id: `trigger-${type}`,
      title: label,
      fields,
      value: ((example as { config?: JsonObject }).config ?? {}) as JsonObject,
    }));
  return {
    forms: [
      ...kinds,
      ...actions,
      ...triggers,
      { id: 'node', title: 'How a node runs', fields: nodeFields, value: {} },
      { id: 'settings', title: 'Settings of a workflow', fields: settingsFields, value: {} },
    ],
  };
}

const parts = [
  ['states', 'States'],
  ['strips', 'Run strip'],
  ['buttons', 'Buttons'],
  ['fields', 'Fields'],
  ['floating', 'Floating'],
  ['values', 'Values'],
  ['charts', 'Charts'],
  ['page-states', 'Page states'],
  ['pickers', 'Pickers'],
  ['forms', 'Forms'],
] as const;

export default function Gallery({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Components' }]} />
      <nav
        aria-label="Parts"
        className="sticky top-[48px] z-10 flex h-[40px] shrink-0 items-center gap-16 overflow-x-auto border-b border-line bg-paper px-16 wide:px-24"
      >
        {parts.map(([id, label]) => (
          <a key={id} href={`#${id}`} className="rounded-control whitespace-nowrap text-muted hover:text-ink">
            {label}
          </a>
        ))}
      </nav>
      <div className="flex min-w-0 flex-col px-16 wide:px-24">
        <States />
        <Strips />
        <Buttons />
        <Fields />
        <Floating />
        <Values />
        <Charts />
        <PageStates />
        <Pickers />
        <Forms forms={loaderData.forms} />
      </div>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Components' }]} />
      <ErrorPage error={error} />
    </>
  );
}
