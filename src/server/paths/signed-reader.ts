// A reader who signs: GET or HEAD with an `ACS3-HMAC-…` Authorization over the path, as the official SDKs
// make it. Verified by the steps of the pipeline, in their order. Whatever is wrong with it, the request
// is then nobody's: no answer tells whether a key, a family or an image exists.
import type { FastifyRequest } from 'fastify';
import type { Signer } from '../../domain/address.ts';
import { principalArn } from '../../domain/principal.ts';
import { ApiError } from '../../errors.ts';
import { splitTarget } from '../../wire/params.ts';
import { checkNonce, checkSignature, checkWindow, findCredentials } from '../authenticate.ts';
import type { Exchange } from '../exchange.ts';
import type { House } from '../house.ts';
import { findEnvelope } from '../read-request.ts';

/** What users and roles must be allowed, on `imagefamily/<family>`, and on the image where one is named: it gives out bytes. */
const ACTION = 'kindred:DescribeImageContent';

/** Uses up the nonce of a signature that is right: to be asked once a request. */
export const signerOf = async (
  house: House,
  { raw, ip, protocol }: FastifyRequest,
): Promise<Signer | undefined> => {
  if (raw.headers.authorization?.startsWith('ACS3-') !== true) return undefined;
  const target = raw.url ?? '/';
  const exchange: Exchange = {
    request: {
      method: raw.method ?? '',
      target,
      signedPath: splitTarget(target).path,
      rawHeaders: raw.rawHeaders,
      body: new Uint8Array(),
      remoteAddress: ip,
      isSecure: protocol === 'https',
    },
    requestId: '',
    startMs: house.clocks.monotonicMs(),
    nowMs: house.clocks.wallMs(),
    hostId: '',
  };
  try {
    findEnvelope(exchange);
    await findCredentials(exchange, house);
    checkWindow(exchange, house);
    checkSignature(exchange, house);
    await checkNonce(exchange, house);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
  return makeSigner(exchange, house);
};

const makeSigner = ({ credentials, request, nowMs }: Exchange, house: House): Signer => {
  const { accountId, accessKeyId, isOperator, principal } = credentials!;
  const arn = principalArn(accountId, principal);
  const caller = { accountId, accessKeyId, isOperator, principal, arn };
  return {
    accountId,
    async mayRead(tx, { regionId, imageFamily, imageId }) {
      if (principal.kind === 'root') return true;
      const { denialFor } = await import('../policies.ts');
      const ask = {
        action: ACTION,
        things: [
          { resource: `imagefamily/${imageFamily}`, regionId },
          ...(imageId === undefined ? [] : [{ resource: `image/${imageId}`, regionId }]),
        ],
        makes: false,
        requestTags: new Map<string, string>(),
        sourceIp: request.remoteAddress,
        isSecure: request.isSecure === true,
      };
      return (await denialFor(tx, caller, ask, { ...house.settings, nowMs })) === undefined;
    },
  };
};
