/** Door for the proofs in scripts/: a whole API on a throw-away database, and what is tried against it. Never imported by the product. */
export { tableGaps, tryForeignIds, tryMatrix } from './authz.ts';
export { tryBadInput } from './bad-input.ts';
export { foreignOrigins, tryCsrf } from './csrf.ts';
export { tryForgeries } from './forgeries.ts';
export { floodRates, held, tryFloods } from './floods.ts';
export { type TestApi, type TestTeam, startTestApi } from './harness.ts';
export {
  anotherVault,
  connectedCredential,
  expire,
  type OAuthWorld,
  startOAuthWorld,
  statusOf,
  tryForgedConsents,
  tryOneRefresher,
} from './oauth-tries.ts';
export { formFile } from './forms.ts';
