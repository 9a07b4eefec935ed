// `/images/<image id>/<file>`: the files of an image under names that never change, for the readers of
// its family; `/images/<digest>/<file>?Expires=…&Signature=…`: bytes on a path that a signed call gave
// out. A digest alone opens nothing.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  FORMER_HEAD_MS,
  imageFiles,
  mayRead,
  SIGNATURE_FILES,
  sumsLine,
  sumsText,
  type Reader,
} from '../../domain/address.ts';
import type { Digest } from '../../domain/ids.ts';
import { isUsable, type Image } from '../../domain/image.ts';
import type { ReadTx } from '../../domain/tx.ts';
import { openContentPath } from '../content-path.ts';
import type { Kindred } from '../compose.ts';
import type { PathContext } from './path.ts';
import { hasToken, noteUse, readerOf } from './reader.ts';
import { sendBytes, type Content, type Sources } from './send-bytes.ts';
import { signerOf } from './signed-reader.ts';
import { denied, notFound, sendText, type Text } from './send-text.ts';

interface ImageRoute {
  Params: { id: string; fileName: string };
  Querystring: Record<string, string>;
}

export const imagesPath = (app: FastifyInstance, context: PathContext): void => {
  app.route<ImageRoute>({
    method: ['GET', 'HEAD'],
    exposeHeadRoute: false,
    url: '/images/:id/:fileName',
    handler: (request, reply) =>
      /^[0-9a-f]{64}$/.test(request.params.id)
        ? sendSigned(context, request, reply)
        : sendFile(context, request, reply),
  });
};

const sendSigned = async (
  { kindred: { house, stores } }: PathContext,
  request: FastifyRequest<ImageRoute>,
  reply: FastifyReply,
) => {
  const { id: hex, fileName } = request.params;
  const { Expires: expires = '', Signature: signature = '' } = request.query;
  const path = { hex, fileName, expires, signature };
  const digest = openContentPath(house.secrets, path, house.clocks.wallMs());
  if (digest === undefined) return notFound(reply, 'The address is none, or has ended.');
  // Names that a signed call gives out begin with the image.
  const imageId = /^(m-[0-9a-z]+)-/.exec(fileName)?.[1];
  const image =
    imageId === undefined ? undefined : await house.store.read((tx) => tx.imageOfAnyone(imageId));
  const sources = sourcesOf({ house, stores }, 'signed-address');
  const content = { digest, fileName: asciiOf(fileName), ...(image && { image }) };
  return sendBytes(sources, request, reply, content);
};

const sourcesOf = (
  { house, stores }: Pick<Kindred, 'house' | 'stores'>,
  principal: string,
): Sources => ({ store: house.store, stores, uses: house.trail.uses, principal });

/** The signature covers the name, but a header takes less than a signed call may name. */
const asciiOf = (fileName: string): string => fileName.replaceAll(/[^A-Za-z0-9._-]/gu, '_');

const sendFile = async (
  { kindred: { house, stores } }: PathContext,
  request: FastifyRequest<ImageRoute>,
  reply: FastifyReply,
) => {
  const nowMs = house.clocks.wallMs();
  const { id, fileName } = request.params;
  const signer = await signerOf(house, request);
  const { reader, found } = await house.store.read(async (tx) => {
    const reader = await readerOf(tx, request, signer, nowMs);
    return { reader, found: await findFile(tx, reader, id, fileName, nowMs) };
  });
  noteUse(house, reader);
  if (found === 'denied') return denied(reply, { hasToken: hasToken(reader) });
  if (found === undefined) return notFound(reply, 'The image has no such file; see SHA256SUMS.');
  return 'digest' in found
    ? sendBytes(sourcesOf({ house, stores }, readerName(reader)), request, reply, found)
    : sendText(request, reply, found);
};

/** Under which name a reader is counted: of whoever signs, the account. */
const readerName = (reader: Reader): string => {
  if (reader === undefined) return 'anonymous';
  return 'token' in reader
    ? `token/${reader.token.tokenId}`
    : `acs:ram::${reader.signer.accountId}:*`;
};

const PLAIN = 'text/plain; charset=utf-8';

/** What the name stands for, for a reader who may see it. */
const findFile = async (
  tx: ReadTx,
  reader: Reader,
  imageId: string,
  fileName: string,
  nowMs: number,
): Promise<Content | Text | undefined | 'denied'> => {
  const image = await tx.imageOfAnyone(imageId);
  const access = image && (await accessTo(tx, reader, image));
  if (image === undefined || access === undefined)
    return formerFile(tx, reader, imageId, fileName, nowMs);
  const cacheControl = `${access}, max-age=31536000, immutable`;
  const files = await imageFiles(tx, image);
  if (fileName === 'SHA256SUMS') return { body: sumsText(files), type: PLAIN, cacheControl };
  for (const { signatureType, signature } of await tx.imageSignatures(image.imageId))
    if (fileName === SIGNATURE_FILES[signatureType])
      return {
        body: Buffer.from(signature, 'base64'),
        type: `application/${signatureType === 'openpgp' ? 'pgp-signature' : 'octet-stream'}`,
        cacheControl: 'no-cache',
      };
  for (const file of files) {
    const { digest } = file.blob;
    if (fileName === file.fileName)
      return { digest, fileName, modifiedMs: image.creationMs, cacheControl, image };
    if (fileName === `${file.fileName}.sha256`)
      return { body: sumsLine(digest, file.fileName), type: PLAIN, cacheControl };
  }
  return undefined;
};

/** How shared caches may treat what the reader sees; undefined when he may not see it. */
const accessTo = async (
  tx: ReadTx,
  reader: Reader,
  image: Image,
): Promise<'public' | 'private' | undefined> => {
  const { accountId, regionId, imageFamily } = image;
  if (imageFamily === null || !isUsable(image.status)) return undefined;
  const family = { accountId, regionId, imageFamily, imageId: image.imageId };
  if (await tx.isPublicFamily(family)) return 'public';
  return (await mayRead(tx, reader, family)) ? 'private' : undefined;
};

/** What `latest` led to until a moment ago, for those who were on their way to it. */
const formerFile = async (
  tx: ReadTx,
  reader: Reader,
  imageId: string,
  fileName: string,
  nowMs: number,
): Promise<Content | Text | 'denied'> => {
  for (const former of await tx.formerHeadsOfImage(imageId, nowMs - FORMER_HEAD_MS)) {
    if (!(await mayRead(tx, reader, former))) continue;
    const digest: Digest = former.digest;
    if (fileName === former.fileName)
      return {
        digest,
        fileName,
        modifiedMs: former.creationMs,
        cacheControl: 'no-store',
        image: { imageId, accountId: former.accountId },
      };
    if (fileName === 'SHA256SUMS' || fileName === `${former.fileName}.sha256`)
      return { body: sumsLine(digest, former.fileName), type: PLAIN, cacheControl: 'no-store' };
  }
  return 'denied';
};
