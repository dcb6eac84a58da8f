/** The control of a field by its kind. One line a kind; a kind without one does not compile. */
import { type ComponentType, lazy, Suspense } from 'react';
import { AnyControl, CodeControl, JsonControl } from './code-controls.tsx';
import { type ControlProps, useForm } from './context.ts';
import { GroupControl, KeyValueControl, ListControl, TableControl } from './list-controls.tsx';
import { CredentialControl, FileControl, ModelControl, PeopleControl, WorkflowControl } from './reference-controls.tsx';
import {
  ChoiceControl,
  ChoicesControl,
  DateControl,
  DurationControl,
  NumberControl,
  SwitchControl,
  TextControl,
  ZoneControl,
} from './scalar-controls.tsx';
import { isObject } from './values.ts';
import { VariantControl } from './variant-control.tsx';
import { VendorControl } from './vendor-control.tsx';
import { isPicked } from './vendor-model.ts';

/** Large, and in few forms: each comes with the first form that has it. */
const RowsControl = lazy(async () => ({ default: (await import('./rows-control.tsx')).RowsControl }));
const ConditionsControl = lazy(async () => ({ default: (await import('./conditions-control.tsx')).ConditionsControl }));
const MessagesControl = lazy(async () => ({ default: (await import('./messages-control.tsx')).MessagesControl }));
const SchemaControl = lazy(async () => ({ default: (await import('./schema-control.tsx')).SchemaControl }));

const bones = <span aria-hidden className="skeleton after-blink block h-[120px]" />;

function Later({ of: Lazy, ...props }: ControlProps & { of: ComponentType<ControlProps> }) {
  return (
    <Suspense fallback={bones}>
      <Lazy {...props} />
    </Suspense>
  );
}

export function Control(props: ControlProps) {
  const { field, value, at, set } = props;
  const { sources } = useForm();
  if (sources.vendor && isPicked(field)) return <VendorControl {...props} vendor={sources.vendor} />;
  if (sources.vendor && field.fieldsOf !== undefined)
    return (
      <Suspense fallback={bones}>
        <RowsControl {...props} vendor={sources.vendor} />
      </Suspense>
    );
  switch (field.kind) {
    case 'text':
    case 'cron':
      return <TextControl {...props} />;
    case 'number':
      return <NumberControl {...props} />;
    case 'switch':
      return <SwitchControl {...props} />;
    case 'choice':
      return <ChoiceControl {...props} />;
    case 'choices':
      return <ChoicesControl {...props} />;
    case 'duration':
    case 'milliseconds':
      return <DurationControl {...props} />;
    case 'date-time':
      return <DateControl {...props} />;
    case 'zone':
      return <ZoneControl {...props} />;
    case 'list':
      return <ListControl {...props} />;
    case 'table':
      return <TableControl {...props} />;
    case 'group':
      return <GroupControl {...props} />;
    case 'variant':
      return (
        <VariantControl
          field={{ ...field, label: '' }}
          value={isObject(value) ? value : {}}
          at={at}
          onChange={(next, _pointer, typing) => set(next, typing)}
        />
      );
    case 'key-value':
      return <KeyValueControl {...props} />;
    case 'conditions':
      return <Later of={ConditionsControl} {...props} />;
    case 'messages':
      return <Later of={MessagesControl} {...props} />;
    case 'code':
      return <CodeControl {...props} />;
    case 'schema':
      return <Later of={SchemaControl} {...props} />;
    case 'credential':
      return <CredentialControl {...props} />;
    case 'file':
      return <FileControl {...props} />;
    case 'model':
      return <ModelControl {...props} />;
    case 'workflow':
      return <WorkflowControl {...props} />;
    case 'people':
      return <PeopleControl {...props} />;
    case 'any':
      return <AnyControl {...props} />;
    case 'json':
      return <JsonControl {...props} />;
  }
}
