import { describe, expect, it } from 'vitest';

import { bindSoql } from './soql.ts';
import { parseSoql } from './testing/soql.ts';

const where = (condition: string): string => `SELECT Id FROM Contact WHERE ${condition}`;

describe('values in SOQL', () => {
  it('become literals of their type', () => {
    expect(bindSoql(where('A = :a AND B = :b AND C = :c AND D IN :d AND E = :e'), { a: 'x', b: 7, c: true, d: ['p', 2], e: null })).toBe(
      where("A = 'x' AND B = 7 AND C = TRUE AND D IN ('p', 2) AND E = null"),
    );
  });

  it('become times where the query says so', () => {
    expect(bindSoql(where('A > :t:datetime AND B = :t:date AND C IN :many:date'), { t: '2026-01-02T03:04:05+01:00', many: ['2026-03-04'] })).toBe(
      where('A > 2026-01-02T02:04:05.000Z AND B = 2026-01-02 AND C IN (2026-03-04)'),
    );
    expect(() => bindSoql(where('A > :t:datetime'), { t: "x' OR Id != '" })).toThrow('no time');
  });

  it('cannot end the text they stand in, whatever they hold', () => {
    const hostile = ["' OR Id != '", "\\' OR Id != '", '\\', "\\\\'", '"\n\r\t\b\f', ':b', 'a\\', "'", "\u0000' OR '", 'ünïcode 🙂'];
    for (const value of hostile) {
      const bound = bindSoql(where('LastName = :value AND Email = :email'), { value, email: 'e' });
      const parsed = parseSoql(bound.replaceAll('\u0000', ''));
      expect(parsed.named, value).toEqual(['LastName', 'Email']);
    }
  });

  it('are looked for outside of texts and behind LAST_N_DAYS only as numbers', () => {
    expect(bindSoql(where("A = 'it\\'s :x' AND B = :x"), { x: 'y' })).toBe(where("A = 'it\\'s :x' AND B = 'y'"));
    expect(bindSoql(where('CreatedDate = LAST_N_DAYS:n AND B > 2026-01-01T00:00:00Z'), { n: 30 })).toBe(
      where('CreatedDate = LAST_N_DAYS:30 AND B > 2026-01-01T00:00:00Z'),
    );
  });

  it('that are missing, spare, empty or of no type are refused by name', () => {
    expect(() => bindSoql(where('A = :a'), {})).toThrow('values has no a');
    expect(() => bindSoql(where('A = 1'), { a: 1 })).toThrow('no place for :a');
    expect(() => bindSoql(where('A IN :a'), { a: [] })).toThrow('empty');
    expect(() => bindSoql(where('A = :a'), { a: { b: 1 } })).toThrow('neither a text');
    expect(() => bindSoql(where('A = :constructor'), {})).toThrow('values has no constructor');
    expect(() => bindSoql(where('A = :a'), { a: 'x'.repeat(20_000) })).toThrow('longer');
  });
});
