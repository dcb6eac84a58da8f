/** Door to webhook signatures: made for outgoing ones, checked for incoming ones. */
export { standardHeaders, standardKey, standardSignature } from './sign.ts';
export { toleranceSeconds, verifySignature } from './verify.ts';
export type { HmacAlgorithm, HmacEncoding, SignatureScheme, SignedRequest, Verified, VerifyRefusal } from './verify.ts';
