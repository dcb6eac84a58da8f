/** Who is calling. Decided once per request, in the hook of access.ts, from the session cookie or the bearer key and nothing else (05, rule 11). */
import type { Access, Permission, Role, RouteSpec } from '@hub/contract';

export interface TeamAccess {
  id: string;
  /** Whose access it is; for an API key the person who made it. */
  userId: string | null;
  /** Null for an API key without a person behind it. */
  role: Role | null;
  plan: string;
  permissions: ReadonlySet<Permission>;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
}

export interface Caller {
  kind: 'nobody' | 'person' | 'key' | 'launcher';
  /** The person of the session; for a key the person who made it, by id only. */
  userId: string | null;
  person: Person | null;
  keyId: string | null;
  /** Present for a person. */
  session: { id: string; token: string; activeTeam: string | null } | null;
  team: TeamAccess | null;
}

export const nobody: Caller = { kind: 'nobody', userId: null, person: null, keyId: null, session: null, team: null };

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    /** SHA-256 of the raw body, for idempotency. */
    bodyHash: Buffer | null;
  }
  interface FastifyContextConfig {
    access?: Access;
    spec?: RouteSpec;
    operationId?: string;
  }
}
