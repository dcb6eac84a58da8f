/** Secrets that no other text looks like, and a search that knows them in every spelling in which they could come back. */
import { randomBytes } from 'node:crypto';

/** Where a secret could come out. */
export const surfaces = ['database', 'Temporal', 'logs', 'WebSocket', 'API answers', 'notices and mails', 'messages to others'] as const;
export type Surface = (typeof surfaces)[number];

export interface Canary {
  name: string;
  value: string;
  /** What is looked for: the part that no escaping changes. */
  core: string;
  /** Where it is meant to be: the link in the mail that it was made for. */
  meant: readonly Surface[];
}

export interface Aviary {
  all: () => Canary[];
  /** A secret with characters that JSON, URLs and regular expressions write otherwise; `plain`: letters and digits only. */
  make: (name: string, form?: 'odd' | 'plain') => string;
  /** A secret that the hub, or somebody else, made. */
  note: (name: string, value: string, meant?: readonly Surface[]) => string;
}

export function createAviary(): Aviary {
  const canaries: Canary[] = [];
  const note = (name: string, value: string, core: string, meant: readonly Surface[] = []): string => {
    canaries.push({ name, value, core, meant });
    return value;
  };
  return {
    all: () => canaries,
    make: (name, form = 'odd') => {
      const core = `cnry${canaries.length}z${randomBytes(10).toString('hex')}`;
      return note(name, form === 'odd' ? `k-"q/\\+&=%.${core}~$` : core, core);
    },
    note: (name, value, meant) => note(name, value, value, meant),
  };
}

/** As it stands (and so in URLs and JSON, which change only what is around), in hex, and in base64 at each of the three places where it can begin. */
function spellings(core: string): [string, string][] {
  const base64 = [0, 1, 2].flatMap((lead): [string, string][] => {
    const whole = Buffer.from(' '.repeat(lead) + core).toString('base64');
    const inner = whole.slice(lead === 0 ? 0 : 4, -4);
    return [
      ['base64', inner],
      ['base64url', inner.replaceAll('+', '-').replaceAll('/', '_')],
    ];
  });
  const hex = Buffer.from(core).toString('hex');
  const escaped = encodeURIComponent(core);
  return [['plain', core], ['hex', hex], ['hex', hex.toUpperCase()], ...base64, ...(escaped === core ? [] : [['URL', escaped] as [string, string]])];
}

export interface Hit {
  surface: Surface;
  canary: Canary;
  spelling: string;
  where: string;
}

/** Looks for every canary in each text it is given. */
export function createSearch(canaries: () => Canary[]) {
  const hits: Hit[] = [];
  const bytes = Object.fromEntries(surfaces.map((surface) => [surface, 0])) as Record<Surface, number>;
  return {
    hits,
    bytes,
    look(surface: Surface, where: string, text: string): void {
      bytes[surface] += text.length;
      for (const canary of canaries()) {
        if (canary.meant.includes(surface)) continue;
        for (const [spelling, form] of spellings(canary.core)) {
          const at = text.indexOf(form);
          if (at >= 0)
            hits.push({ surface, canary, spelling, where: `${where}: …${text.slice(Math.max(0, at - 60), at + 30).replaceAll(/\s+/g, ' ')}…` });
        }
      }
    },
  };
}
export type Search = ReturnType<typeof createSearch>;

/** Text in every spelling, for far ends that echo and for planted leaks. */
export const spelled = (value: string): Record<string, string> => ({
  plain: value,
  base64: Buffer.from(value).toString('base64'),
  url: encodeURIComponent(value),
  hex: Buffer.from(value).toString('hex'),
  json: JSON.stringify(value),
});
