/** Door of the one outbound HTTP client. Anything else that reaches out fails lint (05, rules 13 to 16). */
export { isPublicHttps, parseAllowList } from './addresses.ts';
export type { AllowList } from './addresses.ts';
export type { ConnectOptions } from './connect.ts';
export { createOutbound } from './create-outbound.ts';
export { defaultLimits } from './outbound.ts';
export type { Outbound, OutboundBody, OutboundCredential, OutboundLimits, OutboundOptions, OutboundRequest, OutboundResponse } from './outbound.ts';
export { checkUrl, hostIsIn, shownUrl } from './url-policy.ts';
