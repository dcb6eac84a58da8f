/** Rate limits in Postgres, so that N instances share them (05, rule 35). Answers 429 with Retry-After and RateLimit headers. */
import type { Sql } from '@hub/db';
import { takeRate } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FastifyReply } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Rate } from '../../settings.ts';

/** Whom an address counts as: IPv6 by its /64, because one person owns so many; IPv4 as it is. */
export function addressKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return `${(address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}

/** Counts one request against `key`. @throws UserError 429 `request.rate-limited`; the reply carries Retry-After then. */
export async function takeOrRefuse(sql: Sql, key: string, rate: Rate, reply: FastifyReply, cost = 1): Promise<void> {
  const taken = await takeRate(sql, { key, limit: rate.limit, windowMs: rate.windowMs, cost });
  const resetSeconds = Math.max(1, Math.ceil(taken.resetMs / 1000));
  reply.header('ratelimit-limit', rate.limit).header('ratelimit-remaining', Math.max(0, taken.remaining)).header('ratelimit-reset', resetSeconds);
  if (taken.allowed) return;
  reply.header('retry-after', resetSeconds);
  throw new UserError(
    'request.rate-limited',
    `Too many requests: at most ${rate.limit} in ${rate.windowMs / 1000} s. Try again in ${resetSeconds} s.`,
    { status: 429 },
  );
}
