/** The control of a field by its kind. One line a kind; a kind without one does not compile. */
import { AnyControl, CodeControl, JsonControl } from './code-controls.tsx';
import { ConditionsControl } from './conditions-control.tsx';
import type { ControlProps } from './context.ts';
import { GroupControl, KeyValueControl, ListControl, TableControl } from './list-controls.tsx';
import { MessagesControl } from './messages-control.tsx';
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
import { SchemaControl } from './schema-control.tsx';
import { isObject } from './values.ts';
import { VariantControl } from './variant-control.tsx';

export function Control(props: ControlProps) {
  const { field, value, at, set } = props;
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
      return <ConditionsControl {...props} />;
    case 'messages':
      return <MessagesControl {...props} />;
    case 'code':
      return <CodeControl {...props} />;
    case 'schema':
      return <SchemaControl {...props} />;
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
