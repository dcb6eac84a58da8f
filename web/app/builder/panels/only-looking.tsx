/** Says once, over a form that can only be looked at, why that is so; its fields are a group that is described by it. */
import { type ReactNode, useId } from 'react';
import { useMe } from '../../shell/use-me.ts';
import { usePick } from '../context.tsx';

/** The words alone, for a frame that is described by them itself. */
export function OnlyLooking({ id }: { id: string }) {
  const { may } = useMe();
  return (
    <p id={id} className="shrink-0 border-b border-line px-16 py-8 text-12 text-muted">
      {may('workflow.write') ? 'For looking only at this width: a wider screen can change it.' : 'Your role may look at this, not change it.'}
    </p>
  );
}

/** Fields, and where they are for looking only, why. */
export function Looked({ label, children }: { label: string; children: ReactNode }) {
  const readOnly = usePick((state) => state.readOnly);
  const id = useId();
  if (!readOnly) return children;
  return (
    <>
      <OnlyLooking id={id} />
      <div role="group" aria-label={label} aria-describedby={id}>
        {children}
      </div>
    </>
  );
}
