/** Roles in words, with what each may do; the highest first. */
export const roleWords = [
  { value: 'owner', label: 'Owner', hint: 'everything, also the team itself' },
  { value: 'admin', label: 'Admin', hint: 'also people, keys and credentials' },
  { value: 'editor', label: 'Editor', hint: 'also changes and publishes workflows' },
  { value: 'runner', label: 'Runner', hint: 'also starts and cancels runs' },
  { value: 'viewer', label: 'Viewer', hint: 'reads everything' },
] as const;

/** `editor` -> `Editor`. */
export const roleWord = (role: string): string => roleWords.find(({ value }) => value === role)?.label ?? role;
