import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { errorCode } from '../errors.ts';
import { keyIdOf, open, parseKeyset, rewrap, seal } from './envelope.ts';
import { hmacBase64Url, hmacMatches, randomToken, safeEqual } from './tokens.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const old = parseKeyset(`k0:${key(1)}`);
const both = parseKeyset(`k1:${key(2)},k0:${key(1)}`);
const fresh = parseKeyset(`k1:${key(2)}`);
const place = ['team-a', 'credentials', 'row-1', 'secret', '1'];

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return 'no error';
  } catch (error) {
    return errorCode(error);
  }
}

describe('envelope encryption', () => {
  it('gives back what was sealed, for any bytes and places', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.uuid(), (bytes, row) => {
        const at = ['team', 'credentials', row, 'secret', '1'];
        expect(Buffer.compare(open(both, at, seal(both, at, bytes)), Buffer.from(bytes))).toBe(0);
      }),
    );
  });

  it('gives another text each time and never shows the plaintext', () => {
    const first = seal(both, place, 'sk-secret');
    expect(first).not.toBe(seal(both, place, 'sk-secret'));
    expect(Buffer.from(first, 'utf8').includes('sk-secret')).toBe(false);
  });

  it('refuses every single flipped bit and every cut', () => {
    const sealed = seal(both, place, 'a secret of some length');
    let refused = 0;
    let tried = 0;
    const parts = sealed.split('.');
    for (const index of [2, 3]) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url');
      for (let at = 0; at < bytes.length; at += 1) {
        for (let bit = 0; bit < 8; bit += 1) {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] ?? 0) ^ (1 << bit);
          const text = parts.map((part, i) => (i === index ? changed.toString('base64url') : part)).join('.');
          tried += 1;
          if (codeOf(() => open(both, place, text)) === 'crypto.does-not-open') refused += 1;
        }
      }
    }
    for (let length = 0; length < sealed.length; length += 1) {
      tried += 1;
      if (codeOf(() => open(both, place, sealed.slice(0, length))) !== 'no error') refused += 1;
    }
    expect(refused).toBe(tried);
  });

  it('refuses a text moved to another tenant, table, row, column or version', () => {
    const sealed = seal(both, place, 'x');
    for (let at = 0; at < place.length; at += 1) {
      const moved = place.map((part, i) => (i === at ? `${part}9` : part));
      expect(codeOf(() => open(both, moved, sealed))).toBe('crypto.does-not-open');
    }
    expect(codeOf(() => open(both, ['team-a|credentials', 'row-1'], sealed))).toBe('crypto.bad-place');
  });

  it('refuses halves swapped between two records of one place', () => {
    const [a, b] = [seal(both, place, 'a').split('.'), seal(both, place, 'b').split('.')];
    expect(codeOf(() => open(both, place, [a[0], a[1], a[2], b[3]].join('.')))).toBe('crypto.does-not-open');
  });

  it('rotates: old texts open while the old key is there, rewrapped ones without it', () => {
    const sealed = seal(old, place, 'kept');
    expect(open(both, place, sealed).toString()).toBe('kept');
    const moved = rewrap(both, place, sealed);
    expect(keyIdOf(moved)).toBe('k1');
    expect(open(fresh, place, moved).toString()).toBe('kept');
    expect(rewrap(both, place, moved)).toBe(moved);
    expect(codeOf(() => open(fresh, place, sealed))).toBe('crypto.unknown-key');
  });

  it('refuses bad keysets without quoting them', () => {
    for (const bad of ['', 'k1', `k1:${Buffer.alloc(31, 1).toString('base64')}`, `k1:${key(1)},k1:${key(2)}`, `K 1:${key(1)}`, `k1:${key(1)},`]) {
      try {
        parseKeyset(bad);
        expect.unreachable(bad);
      } catch (error) {
        expect(errorCode(error)).toBe('crypto.bad-keyset');
        expect(String(error)).not.toContain(key(1));
      }
    }
  });
});

describe('tokens', () => {
  it('compares texts of any length', () => {
    expect(safeEqual('abc', 'abc')).toBe(true);
    expect(safeEqual('abc', 'abd')).toBe(false);
    expect(safeEqual('abc', 'abcd')).toBe(false);
    expect(safeEqual('', '')).toBe(true);
  });

  it('knows an HMAC under any of the keys and no other', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    expect(hmacMatches([b, a], 'x', hmacBase64Url(a, 'x'))).toBe(true);
    expect(hmacMatches([b], 'x', hmacBase64Url(a, 'x'))).toBe(false);
    expect(hmacMatches([], 'x', '')).toBe(false);
  });

  it('makes random tokens of 256 bits', () => {
    expect(randomToken()).toMatch(/^[\w-]{43}$/);
    expect(new Set(Array.from({ length: 100 }, () => randomToken())).size).toBe(100);
  });
});
