/** S11: keys rotated and seals re-wrapped during 10,000 decrypts; ciphertext moved or changed is refused. */
import { randomBytes } from 'node:crypto';
import { credentialAad, type Keyset, keyIdOf, open, parseKeyset, rewrap, seal, tokenAad } from '@hub/kit/crypto';
import type { Measured } from './lib/proof.ts';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const refuses = (work: () => unknown): boolean => {
  try {
    work();
    return false;
  } catch {
    return true;
  }
};

/** 100 rows, 10,000 decrypts, a rotation every 2,000 of them by the recipe: add, promote, re-wrap, drop. */
async function rotate(): Promise<{ opened: number; rotations: number }> {
  let ids = 1;
  let keys = [key('k1')];
  let ring: Keyset = parseKeyset(keys.join(','));
  const rows = Array.from({ length: 100 }, (_, at) => ({ aad: credentialAad('team', `row-${at}`, 1), plain: `secret ${at}`, sealed: '' }));
  for (const row of rows) row.sealed = seal(ring, row.aad, row.plain);
  let opened = 0;
  let rotations = 0;
  const decrypt = async (): Promise<void> => {
    for (let at = 0; at < 10_000; at += 1) {
      const row = rows[at % rows.length];
      if (row === undefined) continue;
      if (open(ring, row.aad, row.sealed).toString() === row.plain) opened += 1;
      if (at % 50 === 0) await new Promise((go) => setImmediate(go));
    }
  };
  const turn = async (): Promise<void> => {
    for (; rotations < 5; rotations += 1) {
      ids += 1;
      keys = [...keys, key(`k${ids}`)];
      ring = parseKeyset(keys.join(','));
      await new Promise((go) => setImmediate(go));
      keys = [...keys.slice(-1), ...keys.slice(0, -1)];
      ring = parseKeyset(keys.join(','));
      for (const [at, row] of rows.entries()) {
        row.sealed = rewrap(ring, row.aad, row.sealed);
        if (at % 10 === 0) await new Promise((go) => setImmediate(go));
      }
      if (rows.some(({ sealed }) => keyIdOf(sealed) !== ring.primary)) throw new Error('a row was not re-wrapped');
      keys = keys.slice(0, 1);
      ring = parseKeyset(keys.join(','));
    }
  };
  await Promise.all([decrypt(), turn()]);
  return { opened, rotations };
}

export async function run(): Promise<Measured[]> {
  const { opened, rotations } = await rotate();
  const ring = parseKeyset(key('k1'));
  const places = [
    credentialAad('a', '1', 1),
    credentialAad('a', '2', 1),
    credentialAad('b', '1', 1),
    credentialAad('a', '1', 2),
    tokenAad('a', '1', 'access', 1),
    tokenAad('a', '1', 'refresh', 1),
  ];
  let moved = 0;
  let movedRefused = 0;
  for (const [from, place] of places.entries())
    for (const [to, other] of places.entries())
      if (from !== to) {
        moved += 1;
        if (refuses(() => open(ring, other, seal(ring, place, 'x')))) movedRefused += 1;
      }
  const place = credentialAad('a', '1', 1);
  const sealed = Buffer.from(seal(ring, place, 'a secret of some length, to be changed byte by byte'), 'utf8');
  let flippedRefused = 0;
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    if (refuses(() => open(ring, place, changed.toString('utf8')))) flippedRefused += 1;
  }
  return [
    {
      figure: `${opened} of 10000 decrypts right during ${rotations} rotations with re-wrap and the old key dropped`,
      want: '10000 of 10000',
      ok: opened === 10_000 && rotations === 5,
    },
    { figure: `${movedRefused} of ${moved} seals moved to another row, column, version or team refused`, want: 'all', ok: moved === movedRefused },
    { figure: `${flippedRefused} of ${sealed.length} with one byte changed refused`, want: 'all', ok: flippedRefused === sealed.length },
  ];
}
