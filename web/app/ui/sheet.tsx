/** A panel over the page: from the right on a desk, from below on a phone. For short errands; pages have URLs. Its code loads with the first opening. */
import { lazy, type ReactNode, Suspense, useState } from 'react';

export interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at the foot; the main one last. */
  foot?: ReactNode;
  wide?: boolean;
  /** On a phone as high as it gets from the first: more of it comes while it is open. */
  tall?: boolean;
}

const SheetPanel = lazy(async () => ({ default: (await import('./sheet-panel.tsx')).SheetPanel }));

export function Sheet(props: SheetProps) {
  const [asked, setAsked] = useState(props.open);
  if (props.open && !asked) setAsked(true);
  return asked ? (
    <Suspense>
      <SheetPanel {...props} />
    </Suspense>
  ) : null;
}
