/** Sheets and dialogs over the builder, each loaded when it first opens. */
import { lazy, Suspense } from 'react';
import { useBuilder, usePick } from '../context.tsx';

const PublishSheet = lazy(async () => ({ default: (await import('./publish-sheet.tsx')).PublishSheet }));
const RunSheet = lazy(async () => ({ default: (await import('./run-sheet.tsx')).RunSheet }));
const SettingsSheet = lazy(async () => ({ default: (await import('./settings-sheet.tsx')).SettingsSheet }));
const TheirsSheet = lazy(async () => ({ default: (await import('./theirs-sheet.tsx')).TheirsSheet }));
const FindBox = lazy(async () => ({ default: (await import('./find-box.tsx')).FindBox }));
const ConnectBox = lazy(async () => ({ default: (await import('./connect-box.tsx')).ConnectBox }));

export function Dialogs({ onRun }: { onRun: (id: string) => void }) {
  const { store } = useBuilder();
  const dialog = usePick((state) => state.dialog);
  const close = (): void => store.getState().set({ dialog: null });
  if (!dialog) return null;
  return (
    <Suspense>
      {dialog.kind === 'publish' && <PublishSheet onClose={close} />}
      {dialog.kind === 'run' && <RunSheet dialog={dialog} onClose={close} onRun={onRun} />}
      {dialog.kind === 'settings' && <SettingsSheet onClose={close} />}
      {dialog.kind === 'theirs' && <TheirsSheet onClose={close} />}
      {dialog.kind === 'find' && <FindBox onClose={close} />}
      {dialog.kind === 'connect' && <ConnectBox id={dialog.id} onClose={close} />}
    </Suspense>
  );
}
