/** better-auth: passwords, sessions, teams, invitations. Works as role hub_auth; its own HTTP router is not mounted, our routes call it. */
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { organization } from 'better-auth/plugins';
import type { AccessControl } from 'better-auth/plugins/access';
import { adminAc, defaultAc, memberAc, ownerAc } from 'better-auth/plugins/organization/access';
import { listTeamsOfUser } from '@hub/db/read';
import { authSchema } from '@hub/db/schema';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from '@hub/db';
import type { Mailer } from './mailer.ts';
import { signInLinks } from './sign-in-link.ts';

export interface AuthOptions {
  authSql: Sql;
  url: string;
  sessionKey: Buffer;
  mailer: Mailer;
}

const daySeconds = 86_400;

/** Cookie of the session: `__Host-` wherever the origin is https (05, rule 24). */
export function sessionCookieName(url: string): string {
  return url.startsWith('https:') ? '__Host-hub_session' : 'hub_session';
}

function cookieSettings(url: string) {
  const secure = url.startsWith('https:');
  return {
    cookiePrefix: 'hub',
    // better-auth would add `__Secure-`; the name below carries the stricter prefix itself.
    useSecureCookies: false,
    defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure },
    cookies: { session_token: { name: sessionCookieName(url), attributes: { httpOnly: true, sameSite: 'lax' as const, path: '/', secure } } },
    database: { generateId: 'uuid' as const },
    disableOriginCheck: false,
  };
}

/** Makes the instance. `auth.api.*` are called by our routes; nothing of it answers HTTP by itself. */
export function createAuth(options: AuthOptions) {
  const { mailer, url } = options;
  return betterAuth({
    appName: 'Workflow Hub',
    baseURL: url,
    basePath: '/api/v1/auth',
    secret: options.sessionKey.toString('base64'),
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    // Reset tokens are looked up by their hash: who reads the table can use none (05, rule 23).
    verification: { storeIdentifier: 'hashed' },
    logger: { disabled: true },
    database: drizzleAdapter(drizzle(options.authSql), { provider: 'pg', schema: authSchema }),
    advanced: cookieSettings(url),
    session: { expiresIn: 7 * daySeconds, updateAge: daySeconds },
    emailAndPassword: {
      enabled: true,
      autoSignIn: false,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 3_600,
      sendResetPassword: async ({ user, token }) => {
        await mailer.send({
          to: user.email,
          subject: 'Set a new password',
          text: `Set a new password within one hour:\n${url}/reset?token=${encodeURIComponent(token)}\n\nYou did not ask for it? Then do nothing.`,
        });
      },
      onExistingUserSignUp: async ({ user }) => {
        await mailer.send({
          to: user.email,
          subject: 'You already have an account',
          text: `Somebody tried to sign up with this address, which has an account already.\nSign in at ${url}/sign-in`,
        });
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      expiresIn: daySeconds,
      sendVerificationEmail: async ({ user, token }) => {
        await mailer.send({
          to: user.email,
          subject: 'Confirm your address',
          text: `Confirm this address:\n${url}/api/v1/auth/verify-email?token=${encodeURIComponent(token)}`,
        });
      },
    },
    databaseHooks: {
      session: {
        create: {
          // A fresh session acts in the person's first team until they switch.
          before: async (session) => {
            const teams = await listTeamsOfUser(options.authSql, session.userId);
            return { data: { ...session, activeOrganizationId: teams[0]?.id ?? null } };
          },
        },
      },
    },
    plugins: [
      organization({
        ac: defaultAc as unknown as AccessControl,
        roles: { owner: ownerAc, admin: adminAc, editor: memberAc, runner: memberAc, viewer: memberAc },
        requireEmailVerificationOnInvitation: true,
        invitationExpiresIn: 7 * daySeconds,
        cancelPendingInvitationsOnReInvite: true,
        organizationLimit: 20,
        membershipLimit: 500,
        sendInvitationEmail: async ({ id, email, organization: team, inviter }) => {
          await mailer.send({
            to: email,
            subject: `${inviter.user.name} invites you to ${team.name}`,
            text: `Join the team ${team.name}:\n${url}/invitations/${id}\n\nThe invitation is for ${email} and lasts seven days.`,
          });
        },
      }),
      signInLinks(),
    ],
  });
}
export type Auth = ReturnType<typeof createAuth>;
