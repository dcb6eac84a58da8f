import { useState } from 'react';
import { Combobox } from '../../../ui/combobox.tsx';
import { Field, Input, Textarea } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Select } from '../../../ui/select.tsx';
import { Checkbox, Radio, Switch } from '../../../ui/switch.tsx';
import { Part, Shown } from './part.tsx';

const roles = [
  { value: 'viewer', label: 'Viewer', hint: 'reads' },
  { value: 'editor', label: 'Editor', hint: 'builds and runs' },
  { value: 'owner', label: 'Owner', why: 'Only an owner can make owners' },
];
const zones = ['Europe/Berlin', 'Europe/London', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney'].map((zone) => ({ value: zone, label: zone }));

export function Fields() {
  const [role, setRole] = useState('editor');
  const [zone, setZone] = useState('');
  const [way, setWay] = useState('all');
  return (
    <Part id="fields" title="Fields">
      <div className="grid max-w-[720px] grid-cols-2 gap-16 max-wide:grid-cols-1">
        <Field label="Name" help="Who or what uses it.">
          <Input defaultValue="ci" />
        </Field>
        <Field label="E-mail" error="This is not an e-mail address." must>
          <Input defaultValue="ada@" />
        </Field>
        <Field label="Role" optional>
          <Select options={roles} value={role} onChange={setRole} />
        </Field>
        <Field label="Time zone">
          <Combobox options={zones} value={zone} onChange={setZone} placeholder="Choose a time zone" />
        </Field>
        <Field label="Cannot be changed">
          <Input defaultValue="0199a0c2" disabled />
        </Field>
        <Field label="Value">
          <Textarea code rows={3} defaultValue={'{ "region": "eu" }'} />
        </Field>
      </div>
      <div className="flex flex-wrap items-start gap-32">
        <Shown what="Select with its name in it, for filters">
          <Select
            label="Status"
            prefix="Status"
            className="w-[180px]"
            options={[
              { value: '', label: 'any' },
              { value: 'failed', label: 'failed' },
            ]}
            defaultValue=""
          />
        </Shown>
        <Shown what="Segmented">
          <Segmented
            label="Joined by"
            value={way}
            onChange={setWay}
            options={[
              { value: 'all', label: 'All of' },
              { value: 'any', label: 'Any of' },
              { value: 'not', label: 'Not' },
            ]}
          />
        </Shown>
        <Shown what="Switch">
          <span className="flex gap-12">
            <Switch aria-label="On" defaultChecked />
            <Switch aria-label="Off" />
            <Switch aria-label="Not to be changed" disabled />
          </span>
        </Shown>
        <Shown what="Checkbox, radio">
          <span className="flex flex-col">
            <Checkbox defaultChecked>Remember me</Checkbox>
            <Radio name="way" defaultChecked hint="202 and the id of the run">
              At once
            </Radio>
            <Radio name="way" hint="of the first Respond node">
              With the result
            </Radio>
          </span>
        </Shown>
      </div>
    </Part>
  );
}
