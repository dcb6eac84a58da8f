/** Asked only where data is lost for good: type the name to go on. Everything else has undo. */
import { useState } from 'react';
import { Button } from './button.tsx';
import { Field, Input } from './field.tsx';
import { Sheet } from './sheet.tsx';

export function ConfirmByName({
  what,
  name,
  verb = 'Delete',
  loss,
  onClose,
  onConfirm,
}: {
  what: string;
  name: string | null;
  verb?: string;
  loss: string;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const [typed, setTyped] = useState('');
  const close = (): void => {
    setTyped('');
    onClose();
  };
  const confirm = (): void => {
    setTyped('');
    onConfirm();
  };
  return (
    <Sheet
      open={name !== null}
      onClose={close}
      title={`${verb} the ${what}`}
      foot={
        <>
          <Button onClick={close}>Keep it</Button>
          <Button kind="danger" onClick={confirm} why={typed === name ? null : 'Type the name first'}>
            {verb} the {what}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-16"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === name) confirm();
        }}
      >
        <p>{loss}</p>
        <Field label={`Type ${name ?? ''} to go on`}>
          <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
        </Field>
      </form>
    </Sheet>
  );
}
