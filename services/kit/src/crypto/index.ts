/** Door to the hub's cryptography: envelope encryption, HMAC, constant-time comparison, random tokens. Node's own primitives only. */
export { credentialAad, tokenAad, verifierAad } from './credential-aad.ts';
export { createKeyRing } from './key-ring.ts';
export type { KeyRing } from './key-ring.ts';
export { keyIdOf, open, parseKeyset, rewrap, seal } from './envelope.ts';
export type { Keyset } from './envelope.ts';
export { hmacBase64Url, hmacMatches, randomToken, safeEqual, sha256Base64Url, sha256Hex } from './tokens.ts';
export { resumeToken, signalKey } from './waits.ts';
