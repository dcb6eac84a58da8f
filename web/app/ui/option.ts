/** One thing to choose. */
export interface Option {
  value: string;
  label: string;
  /** A second, muted part: what it means, or which one it is. */
  hint?: string | undefined;
  /** A heading over all options that carry the same. */
  group?: string | undefined;
  /** Why it cannot be chosen now. */
  why?: string | undefined;
}
