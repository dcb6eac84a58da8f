/** The mark: a small run strip. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden className="shrink-0">
      <rect x="1" y="3" width="7" height="4" rx="1" className="fill-ink" />
      <rect x="9" y="3" width="10" height="4" rx="1" className="fill-ink" opacity="0.55" />
      <rect x="1" y="8" width="12" height="4" rx="1" className="fill-ink" opacity="0.55" />
      <rect x="14" y="8" width="5" height="4" rx="1" className="fill-ink" />
      <rect x="1" y="13" width="4" height="4" rx="1" className="fill-ink" opacity="0.55" />
      <rect x="6" y="13" width="13" height="4" rx="1" className="fill-ink" />
    </svg>
  );
}
