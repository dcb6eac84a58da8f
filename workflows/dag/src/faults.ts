/** What is wrong with a definition: where, which rule, and what to do. */
export interface Fault {
  /** Non-empty JSON pointer into the definition. */
  path: string;
  /** Stable, dotted; listed with help in `errorCodes` (catalogue). */
  code: string;
  /** One or two sentences with the way out. */
  message: string;
  nodeId?: string;
}

/** Thrown where a caller skipped the check: a definition that cannot be compiled. `code` is stable. */
export class DefinitionError extends Error {
  readonly kind = 'user';
  readonly code: string;
  readonly faults: Fault[];

  constructor(code: string, message: string, faults: Fault[] = []) {
    super(message);
    this.name = 'DefinitionError';
    this.code = code;
    this.faults = faults;
  }
}
