/** Takes a run's live secrets out of text (05, rule 19): as they are and in the spellings in which they come back from others. */

const mask = '[redacted]';
/** Shorter ones would mask ordinary words. */
const minSecretLength = 4;

/** A function that masks `secrets` in any text: plain, base64 (three alignments), base64url, URL-encoded, hex, JSON-escaped, and escaped again by whoever quotes it. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  for (const given of secrets) {
    const secret = given.toWellFormed();
    if (secret.length < minSecretLength) continue;
    forms.add(secret);
    for (const form of escapedForms(secret)) forms.add(form);
    forms.add(new URLSearchParams({ s: secret }).toString().slice(2));
    const bytes = Buffer.from(secret, 'utf8');
    forms.add(bytes.toString('hex'));
    forms.add(bytes.toString('hex').toUpperCase());
    for (const form of base64Forms(bytes))
      if (form.length >= minSecretLength + 2)
        for (const one of [form, encodeURIComponent(form), encodeURIComponent(encodeURIComponent(form))]) forms.add(one);
  }
  // Longest first, so that no form hides the rest of a longer one.
  const ordered = [...forms].filter((form) => form.length >= minSecretLength).sort((a, b) => b.length - a.length);
  const shortest = ordered.at(-1)?.length ?? 0;
  // Most texts of most tables are shorter than any secret.
  return (text) => (text.length < shortest ? text : ordered.reduce((kept, form) => kept.replaceAll(form, mask), text));
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** In a URL, in JSON (with `/` as some write it), and one in the other up to three deep: an error that quotes an error that quotes us. */
function escapedForms(secret: string): Set<string> {
  let level = new Set([secret]);
  const all = new Set(level);
  for (let depth = 0; depth < 3; depth += 1) {
    level = new Set([...level].flatMap((text) => [encodeURIComponent(text), inJson(text), inJson(text).replaceAll('/', String.raw`\/`)]));
    for (const text of level) all.add(text);
  }
  return all;
}

/** The secret's own part of base64 text at each of the three byte alignments in which it may stand in something longer. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((lead) => {
    const whole = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = lead === 0 ? 0 : lead + 1;
    const cut = (lead + bytes.length) % 3 === 0 ? whole.length : whole.length - 1;
    const inner = whole.slice(from, cut);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
