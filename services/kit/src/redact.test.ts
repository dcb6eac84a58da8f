import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createRedactor } from './redact.ts';

describe('createRedactor', () => {
  it('masks a secret in every spelling, at any place', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 60, unit: fc.constantFrom(...'abcXYZ0189+/=&"\\ é-_.'.split('')) }),
        fc.string({ maxLength: 9 }),
        fc.string({ maxLength: 9 }),
        (secret, before, after) => {
          const redact = createRedactor([secret]);
          const whole = Buffer.from(`${before}${secret}${after}`, 'utf8');
          const spellings = [
            whole.toString(),
            encodeURIComponent(whole.toString()),
            JSON.stringify(whole.toString()),
            JSON.stringify(JSON.stringify(whole.toString())),
            JSON.stringify(JSON.stringify({ said: JSON.stringify(whole.toString()) })),
            encodeURIComponent(encodeURIComponent(whole.toString())),
            encodeURIComponent(JSON.stringify(whole.toString())),
            JSON.stringify(whole.toString()).replaceAll('/', '\\/'),
            whole.toString('hex'),
            Buffer.from(secret).toString('base64'),
            Buffer.from(secret).toString('base64url'),
          ];
          for (const text of spellings) expect(redact(text)).toContain('[redacted]');
          // Inside longer base64 all but the at most two characters shared with neighbours is gone.
          expect(redact(whole.toString('base64'))).toContain('[redacted]');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves other text and too short secrets alone', () => {
    expect(createRedactor(['sk-secret-value', 'a'])('a plain text')).toBe('a plain text');
    expect(createRedactor([])('x')).toBe('x');
  });
});
