/** Settings of the workflow: limits, queue, what happens on failure. */
import { settingsFields } from '@hub/dag/forms';
import { useMemo } from 'react';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import type { JsonObject } from '../../ui/form/types.ts';
import { Sheet } from '../../ui/sheet.tsx';
import { useBuilder, usePick } from '../context.tsx';
import { Looked } from './only-looking.tsx';

export function SettingsSheet({ onClose }: { onClose: () => void }) {
  const { store } = useBuilder();
  const settings = usePick((state) => state.definition.settings);
  const readOnly = usePick((state) => state.readOnly);
  const all = usePick((state) => state.faults);
  const faults = useMemo(
    () => all.flatMap(({ path, message }) => (path.startsWith('/settings') ? [{ path: path.slice('/settings'.length), message }] : [])),
    [all],
  );
  return (
    <Sheet open onClose={onClose} title="Settings of the workflow">
      <Looked label="Settings">
        <SchemaForm
          plain
          fields={settingsFields}
          value={settings ?? {}}
          faults={faults}
          readOnly={readOnly}
          onChange={(next: JsonObject, { pointer, typing }) =>
            void store.getState().edit({ op: 'set-settings', settings: next }, typing ? { merge: `settings${pointer}` } : {})
          }
        />
      </Looked>
    </Sheet>
  );
}
