/** On a phone, where the editor is for looking only: the one field that is wrong, put right on the run page. */
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useMe } from '../shell/use-me.ts';
import type { RunData } from './load.server.ts';

const FixSheet = lazy(async () => ({ default: (await import('./fix-sheet.tsx')).FixSheet }));

/** Null where it cannot be: no field is known, what stands there is no short text, or the role may not publish. `onFixed`: its version is out. */
export function usePhoneFix({ run, nodes, mending }: RunData, onFixed: () => void): { show: () => void; sheet: ReactNode } | null {
  const { may } = useMe();
  const [open, setOpen] = useState(false);
  const node = nodes.find(({ id }) => id === run.error?.nodeId);
  const field = mending?.field;
  if (!node || !field || field.wrote === null || !may('workflow.write') || !may('workflow.publish')) return null;
  const close = (): void => setOpen(false);
  return {
    show: () => setOpen(true),
    sheet: open ? (
      <Suspense>
        <FixSheet
          runId={run.id}
          node={node}
          field={{ ...field, wrote: field.wrote }}
          onClose={close}
          onFixed={() => {
            close();
            onFixed();
          }}
        />
      </Suspense>
    ) : null,
  };
}
