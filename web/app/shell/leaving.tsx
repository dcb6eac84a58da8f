/** The question before unsaved work is left; loaded when it is first asked. */
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { Leaving } from './use-unsaved.ts';

export function LeavingDialog({ leaving }: { leaving: Leaving }) {
  const [saving, setSaving] = useState(false);
  const { saveAndLeave } = leaving;
  const save = async (): Promise<void> => {
    setSaving(true);
    await saveAndLeave?.();
    setSaving(false);
  };
  return (
    <Dialog
      open
      onClose={leaving.stay}
      title="Leave without saving?"
      foot={
        <>
          <Button onClick={leaving.stay}>Stay here</Button>
          <Button kind="danger" onClick={leaving.leave}>
            Leave without saving
          </Button>
          {saveAndLeave && (
            <Button kind="main" why={saving ? 'It is being saved' : null} onClick={() => void save()}>
              Save and leave
            </Button>
          )}
        </>
      }
    >
      You would lose {leaving.what}.
    </Dialog>
  );
}
