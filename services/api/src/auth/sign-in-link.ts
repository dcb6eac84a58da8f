/** One-time sign-in links as a better-auth plugin: 256-bit token, only its hash stored, 10 minutes, used up by the first visit (05, rule 23). */
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { randomToken, sha256Base64Url } from '@hub/kit/crypto';
import { UserError } from '@hub/kit/errors';
import { z } from 'zod';

const lifeMs = 10 * 60_000;
const identifier = (token: string) => `sign-in-link:${sha256Base64Url(token)}`;
const invalid = () =>
  new UserError('auth.link-used', 'This sign-in link was used already or is too old.', {
    status: 410,
    remedy: 'Ask for a fresh one: `npm start` prints it.',
  });

/** Endpoints for the server's own use; none is reachable by HTTP, because better-auth's own router is not mounted. */
export function signInLinks() {
  return {
    id: 'hub-sign-in-link',
    endpoints: {
      makeSignInLink: createAuthEndpoint('/hub/make-sign-in-link', { method: 'POST', body: z.object({ email: z.string() }) }, async (ctx) => {
        const found = await ctx.context.internalAdapter.findUserByEmail(ctx.body.email.toLowerCase());
        if (!found) throw new UserError('auth.no-such-person', 'There is no person with this address.', { status: 404 });
        const token = randomToken();
        await ctx.context.internalAdapter.createVerificationValue({
          identifier: identifier(token),
          value: found.user.id,
          expiresAt: new Date(Date.now() + lifeMs),
        });
        return ctx.json({ token });
      }),
      useSignInLink: createAuthEndpoint(
        '/hub/use-sign-in-link',
        { method: 'POST', body: z.object({ token: z.string().min(20).max(200) }), requireHeaders: true },
        async (ctx) => {
          // Consumed atomically: of two visits at once only one gets the row.
          const used = await ctx.context.internalAdapter.consumeVerificationValue(identifier(ctx.body.token));
          if (!used || used.expiresAt.getTime() < Date.now()) throw invalid();
          const user = await ctx.context.internalAdapter.findUserById(used.value);
          if (!user) throw invalid();
          const session = await ctx.context.internalAdapter.createSession(user.id);
          if (!session) throw invalid();
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ userId: user.id });
        },
      ),
    },
  };
}
