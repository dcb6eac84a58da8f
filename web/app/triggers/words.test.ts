import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { curlOf, sampleBody, verifyOf, verifyWords } from './curl.ts';
import { formatFire, formatLeft, pushWords, whenWords } from './words.ts';

describe('a trigger in words', () => {
  it('takes the words of a schedule, and says the pause of one without end', () => {
    expect(whenWords({ type: 'schedule', words: 'At 07:00, UTC', config: {} })).toBe('At 07:00, UTC');
    expect(whenWords({ type: 'continuous', words: null, config: { pauseMs: 60_000 } })).toBe('Starts again 1 min 00 s after each run.');
    expect(whenWords({ type: 'continuous', words: null, config: { pauseMs: 0 } })).toBe('Starts again at once after each run.');
  });

  it('writes the next time in the zone of the reader, over a change of clocks too', () => {
    expect(formatFire('2026-11-23T06:00:00.000Z', 'Europe/Berlin')).toBe('Mon 23 Nov, 07:00');
    expect(formatFire('2026-10-24T22:30:00.000Z', 'Europe/Berlin')).toBe('Sun 25 Oct, 00:30');
    expect(formatFire('2026-10-25T05:00:00.000Z', 'Europe/Berlin')).toBe('Sun 25 Oct, 06:00');
  });

  it('counts down in minutes and seconds and stops at nothing', () => {
    expect([120_000, 119_001, 9_000, 0, -5].map(formatLeft)).toEqual(['2:00', '2:00', '0:09', '0:00', '0:00']);
  });
});

describe('the sample request', () => {
  it('fills the inputs with values that fit', () => {
    const inputs = {
      properties: { n: { type: 'integer', minimum: 3 }, kind: { enum: ['a', 'b'] }, on: { type: 'boolean' }, name: { type: 'string' } },
    };
    expect(JSON.parse(sampleBody(inputs))).toEqual({ n: 3, kind: 'a', on: true, name: 'text' });
    expect(sampleBody(null)).toBe('{"text":"hello"}');
  });

  it('keeps a quote in the body whole in the shell', () => {
    const line = curlOf('https://hub.example.com/hooks/x', `{"text":"it's"}`, verifyOf({}));
    const said = execFileSync('sh', ['-c', `curl() { for each in "$@"; do printf '%s\\n' "$each"; done; }\n${line}`], { encoding: 'utf8' });
    expect(said.trim().split('\n').at(-1)).toBe(`{"text":"it's"}`);
  });

  it.each(['hex', 'base64', 'base64url'] as const)('signs as the trigger checks: %s', (encoding) => {
    const verify = verifyOf({ verify: { scheme: 'hmac', header: 'X-Sign', encoding, prefix: 'v1=' } });
    const line = curlOf('https://hub.example.com/hooks/x', '{"a":1}', verify);
    const said = execFileSync('sh', ['-c', `curl() { for each in "$@"; do printf '%s\\n' "$each"; done; }\n${line}`], { encoding: 'utf8' });
    expect(said).toContain(`X-Sign: v1=${createHmac('sha256', 'the secret').update('{"a":1}').digest(encoding)}\n`);
  });

  it('says what is signed when the time goes along', () => {
    const verify = verifyOf({ verify: { scheme: 'hmac', header: 'X-Sign', timestampHeader: 'X-Time' } });
    expect(verifyWords(verify)).toContain('X-Time and may be off by 5 minutes');
    expect(curlOf('https://hub.example.com/hooks/x', '{}', verify)).toContain('"$TIME.$BODY"');
  });
});

describe('how a poll hears of changes', () => {
  it('says that it comes at once, why it does not, and nothing where there is nothing to say', () => {
    const of = (push: { until: string | null; problem: string | null } | null, enabled = true) => pushWords({ push, enabled });
    expect(of(null)).toBeNull();
    expect(of({ until: '2026-11-24T07:00:00.000Z', problem: null })).toBe('Also at once, when the service tells of a change.');
    expect(of({ until: null, problem: null })).toBe('Asks the service to tell of changes.');
    expect(of({ until: null, problem: null }, false)).toBeNull();
    expect(of({ until: null, problem: 'The hub has no https address.' })).toBe('By its interval only. The hub has no https address.');
  });
});
