/** Requests between services, signed: pure parts. The caller's side is `./client`, the memory of nonces `./replay`. */
export { AcceptedKeys, makeServiceSecret, ServiceKeyId, ServiceKeySecret, ServiceScope } from './keys.ts';
export type { AcceptedKey, ServiceKey } from './keys.ts';
export { bodyDigestOf, CLOCK_SKEW_SECONDS, sign, verify, type Refusal, type SignedRequest, type Verified } from './signature.ts';
export { isAllowed } from './scopes.ts';
