// Who asks. The same keys as the RPC door's, and its order: key known, key active, time, signature.
import type { Caller } from '../../domain/account.ts';
import { principalArn } from '../../domain/principal.ts';
import { TEMPORARY_KEY } from '../../domain/session.ts';
import { ApiError } from '../../errors.ts';
import { sameText } from '../../wire/compare.ts';
import { readOssCredentials, type OssCredentials } from '../../wire/oss-credentials.ts';
import type { OssRequest } from '../../wire/oss-request.ts';
import type { House } from '../house.ts';
import { OssError } from './error.ts';

/** How far clocks may be apart. */
const WINDOW_MS = 15 * 60_000;
/** What an unknown key is verified with, so that it costs the same time as a known one. */
const DECOY_SECRET = 'decoy-secret-of-thirty-letters';

/** @throws OssError, MalformedOssRequest */
export const authenticateOss = async (request: OssRequest, house: House): Promise<Caller> => {
  const claim = readOssCredentials(request);
  if (claim === undefined) throw new OssError('AccessDenied', 'The request is not signed.');
  const { accessKeyId, signature } = claim;
  const token = tokenOf(request);
  const session = accessKeyId.startsWith(TEMPORARY_KEY)
    ? await sessionOf(accessKeyId, token, house)
    : undefined;
  // A token belongs to a temporary key and to no other.
  if (session === undefined && token !== undefined) throw new OssError('InvalidSecurityToken');
  const found =
    session?.credentials ??
    (accessKeyId === '' ? undefined : await house.store.read((tx) => tx.credentials(accessKeyId)));
  if (found === undefined) {
    claim.expectedSignature(DECOY_SECRET);
    throw new OssError('InvalidAccessKeyId', undefined, { OSSAccessKeyId: accessKeyId });
  }
  const nowMs = house.clocks.wallMs();
  if (found.status !== 'Active' || (found.endMs !== undefined && found.endMs <= nowMs))
    throw new OssError('InvalidAccessKeyId', 'The Access Key Id is inactive.');
  const { signedMs = nowMs } = claim;
  checkTime(claim, house.signatureClock.nowMs(signedMs));
  const secret = session?.secret ?? house.secrets.unseal(found.sealedSecret);
  if (secret === '' || signature === '' || !sameText(claim.expectedSignature(secret), signature))
    throw new OssError('SignatureDoesNotMatch', undefined, { OSSAccessKeyId: accessKeyId });
  const payload = request.headers.get('x-oss-content-sha256');
  if (payload !== undefined && payload !== 'UNSIGNED-PAYLOAD')
    throw new OssError('InvalidArgument', 'Only UNSIGNED-PAYLOAD is served; use Content-MD5.');
  const { accountId, isOperator, principal } = found;
  const arn = principalArn(accountId, principal);
  return { accountId, principal, arn, accessKeyId, isOperator };
};

/** In a header, or in the address: under the name of either version. All three are signed. */
const tokenOf = ({ headers, query }: OssRequest): string | undefined =>
  headers.get('x-oss-security-token') ??
  query.get('x-oss-security-token') ??
  query.get('security-token');

const sessionOf = async (accessKeyId: string, token: string | undefined, house: House) => {
  const { findSession } = await import('../session-credentials.ts');
  try {
    return await findSession(accessKeyId, token, house.clocks.wallMs(), house);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isExpired = error.code === 'InvalidSecurityToken.Expired';
    throw new OssError(isExpired ? 'SecurityTokenExpired' : 'InvalidSecurityToken');
  }
};

const checkTime = ({ signedMs, expiresMs }: OssCredentials, nowMs: number): void => {
  if (signedMs !== undefined) {
    if (Number.isNaN(signedMs))
      throw new OssError('AccessDenied', 'OSS authentication requires a valid Date.');
    if (Math.abs(signedMs - nowMs) > WINDOW_MS) throw new OssError('RequestTimeTooSkewed');
  } else if (expiresMs === undefined || Number.isNaN(expiresMs)) {
    throw new OssError('AccessDenied', 'The expiry of the address is not valid.');
  } else if (expiresMs < nowMs) throw new OssError('AccessDenied', 'Request has expired.');
};
