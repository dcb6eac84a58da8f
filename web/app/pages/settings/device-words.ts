/** A browser's user agent as a person says it: "Chrome on Windows". Only the common ones; anything else by its first word. Pure. */

const browsers: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bHeadlessChrome\//, 'Chrome without a window'],
  [/\bChrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
];
const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

const firstOf = (all: [RegExp, string][], agent: string): string | null => all.find(([form]) => form.test(agent))?.[1] ?? null;

export function deviceWords(agent: string | null): string {
  if (!agent) return 'A program that does not say';
  const browser = firstOf(browsers, agent);
  const system = firstOf(systems, agent);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? agent.split(/[\s/]/)[0]?.slice(0, 40) ?? 'A program';
}
