// `/families/<account id or alias>/<region>/<family>/…`: addresses that always name the current image.
// `latest` leads to an immutable address; `latest.json` says what it is; SHA256SUMS names the current
// image as `latest` and every member by its own name; SHA256SUMS.gpg and .sig lead to the signatures of
// the image's own SHA256SUMS. A reader that fetches two of them one after the other may see the head move
// in between: every answer names its image, and docs/decisions tells what each of them promises then.
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  accountOfAddress,
  FORMER_HEAD_MS,
  imageFiles,
  imagePath,
  mayRead,
  SIGNATURE_FILES,
  SIGNATURE_TYPES,
  sumsLine,
  systemFile,
  type Reader,
  type SignatureType,
} from '../../domain/address.ts';
import type { FamilyScope } from '../../domain/address-tx.ts';
import { resolveFamily } from '../../domain/family.ts';
import type { Digest, RegionId } from '../../domain/ids.ts';
import type { Image } from '../../domain/image.ts';
import type { ReadTx } from '../../domain/tx.ts';
import { latestJson, type Latest } from './latest-json.ts';
import type { PathContext } from './path.ts';
import { hasToken, noteUse, readerOf } from './reader.ts';
import { signerOf } from './signed-reader.ts';
import { denied, notFound, sendText } from './send-text.ts';

interface FamilyRoute {
  Params: { account: string; region: string; family: string; file: string };
}

/** Former heads that `latest.sha256` still names: it is fetched beside `latest`, not after it. */
const BESIDE_MS = 10_000;
/** While a head moves, `latest.sha256` waits for the request of `latest` that goes beside it. */
const MOVING_WAIT_MS = 250;
const MAX_FORMER_HEADS = 256;
/** Members that SHA256SUMS names, newest first; more than a family has by default. */
const MAX_MEMBERS = 100;

export const familiesPath = (app: FastifyInstance, context: PathContext): void => {
  app.route<FamilyRoute>({
    method: ['GET', 'HEAD'],
    exposeHeadRoute: false,
    url: '/families/:account/:region/:family/:file',
    handler: (request, reply) => serve(context, request, reply),
  });
};

/** What the path answers, found in one snapshot; `head` is the family's image of then. */
type Found = { head?: Image } & (
  | { kind: 'denied' }
  | { kind: 'none' }
  | { kind: 'moved'; to: string }
  | { kind: 'json'; latest: Latest }
  | { kind: 'sums'; text: string; isMoving: boolean }
  | { kind: 'unsigned' }
  | { kind: 'unknown' }
);

const serve = async (
  { kindred: { house } }: PathContext,
  request: FastifyRequest<FamilyRoute>,
  reply: FastifyReply,
) => {
  const signer = await signerOf(house, request);
  const look = () =>
    house.store.read(async (tx) => {
      const nowMs = house.clocks.wallMs();
      const reader = await readerOf(tx, request, signer, nowMs);
      const isRegion = house.settings.regions.has(request.params.region);
      const family = isRegion ? await familyOf(tx, reader, request.params) : undefined;
      const found: Found =
        family === undefined
          ? { kind: 'denied' }
          : await findIn(tx, family, request.params.file, nowMs);
      return { reader, found };
    });
  let { reader, found } = await look();
  if (found.kind === 'sums' && found.isMoving) {
    await delay(MOVING_WAIT_MS);
    ({ reader, found } = await look());
  }
  noteUse(house, reader);
  return answer(request, reply, found, reader);
};

const answer = (
  request: FastifyRequest,
  reply: FastifyReply,
  found: Found,
  reader: Reader,
): FastifyReply => {
  // Two answers with one id are of one moment, as far as the head goes.
  if (found.head !== undefined) reply.header('x-kindred-image-id', found.head.imageId);
  switch (found.kind) {
    case 'denied':
      return denied(reply, { hasToken: hasToken(reader) });
    case 'none':
      return notFound(reply, 'The family has no available image.');
    case 'unknown':
      return notFound(
        reply,
        'A family has latest, latest.json, latest.sha256, SHA256SUMS, SHA256SUMS.gpg and SHA256SUMS.sig.',
      );
    case 'unsigned':
      return notFound(reply, 'The current image of the family has no such signature.');
    case 'moved':
      reply.header('cache-control', 'no-cache').header('location', found.to);
      return reply.code(302).header('content-length', 0).send();
    case 'json':
      return sendText(request, reply, {
        body: latestJson(found.latest, originOf(request)),
        type: 'application/json; charset=utf-8',
        cacheControl: 'no-cache',
      });
    case 'sums':
      return sendText(request, reply, {
        body: found.text,
        type: 'text/plain; charset=utf-8',
        cacheControl: 'no-cache',
      });
  }
};

/** As the client called the server; only the one who asked sees it again. */
const originOf = (request: FastifyRequest): string =>
  /^[A-Za-z0-9._:[\]-]{1,255}$/.test(request.host) ? `${request.protocol}://${request.host}` : '';

/** The family, if it is one that the reader may see. */
const familyOf = async (
  tx: ReadTx,
  reader: Reader,
  { account, region, family: imageFamily }: FamilyRoute['Params'],
): Promise<FamilyScope | undefined> => {
  const accountId = await accountOfAddress(tx, account);
  if (accountId === undefined) return undefined;
  const family = { accountId, regionId: region as RegionId, imageFamily };
  return (await mayRead(tx, reader, family)) ? family : undefined;
};

const findIn = async (
  tx: ReadTx,
  family: FamilyScope,
  file: string,
  nowMs: number,
): Promise<Found> => {
  const { imageFamily } = family;
  const candidates = await tx.availableInFamily(family, imageFamily, 1);
  const { image } = resolveFamily(imageFamily, candidates);
  const found = await fileOf(tx, family, image, file, nowMs);
  return image === undefined ? found : { ...found, head: image };
};

const fileOf = async (
  tx: ReadTx,
  family: FamilyScope,
  image: Image | undefined,
  file: string,
  nowMs: number,
): Promise<Found> => {
  if (file === 'SHA256SUMS')
    return { kind: 'sums', text: await familySums(tx, family, image, nowMs), isMoving: false };
  if (file === 'latest.sha256') return latestSums(tx, family, image, nowMs);
  const signed = SIGNATURE_TYPES.find((type) => SIGNATURE_FILES[type] === file);
  if (signed !== undefined) return signatureOf(tx, image, signed);
  if (file !== 'latest' && file !== 'latest.json') return { kind: 'unknown' };
  const files = image === undefined ? [] : await imageFiles(tx, image);
  const system = systemFile(files);
  if (image === undefined || system === undefined) return { kind: 'none' };
  if (file === 'latest') return { kind: 'moved', to: imagePath(image.imageId, system.fileName) };
  const signatures = await tx.imageSignatures(image.imageId);
  return { kind: 'json', latest: { image, system, files, signatures } };
};

/** Never the signature itself: it is of the image's own SHA256SUMS, which lies beside it and stays. */
const signatureOf = async (
  tx: ReadTx,
  image: Image | undefined,
  type: SignatureType,
): Promise<Found> => {
  if (image === undefined) return { kind: 'none' };
  const signatures = await tx.imageSignatures(image.imageId);
  if (!signatures.some(({ signatureType }) => signatureType === type)) return { kind: 'unsigned' };
  return { kind: 'moved', to: imagePath(image.imageId, SIGNATURE_FILES[type]) };
};

/** The system disk alone: data disks are named beside the image. */
const systemOf = async (tx: ReadTx, image: Image) => {
  const disks = image.disks.filter(({ diskType }) => diskType === 'system');
  return systemFile(await imageFiles(tx, { ...image, disks }));
};

/** One line `latest`, then each member and former head by its own name, newest first. */
const familySums = async (
  tx: ReadTx,
  family: FamilyScope,
  head: Image | undefined,
  nowMs: number,
): Promise<string> => {
  const current = head && (await systemOf(tx, head));
  const lines = current === undefined ? [] : [sumsLine(current.blob.digest, 'latest')];
  const named = new Map<string, Digest>();
  const { rows } = await tx.images(
    family,
    { imageFamily: family.imageFamily, statuses: ['Available', 'Deprecated'] },
    { limit: MAX_MEMBERS, offset: 0 },
  );
  for (const member of rows) {
    const file = await systemOf(tx, member);
    // Two images of one name, after the first was renamed: the newer one has it here.
    if (file !== undefined && !named.has(file.fileName)) named.set(file.fileName, file.blob.digest);
  }
  const sinceMs = nowMs - FORMER_HEAD_MS;
  for (const { fileName, digest } of await tx.formerHeads(family, sinceMs, MAX_FORMER_HEADS))
    if (!named.has(fileName)) named.set(fileName, digest);
  for (const [fileName, digest] of named) lines.push(sumsLine(digest, fileName));
  return lines.join('');
};

/** `latest` with the sum of the head, and of those that were it seconds ago. */
const latestSums = async (
  tx: ReadTx,
  family: FamilyScope,
  head: Image | undefined,
  nowMs: number,
): Promise<Found> => {
  const current = head && (await systemOf(tx, head));
  const former = await tx.formerHeads(family, nowMs - BESIDE_MS, MAX_FORMER_HEADS);
  const digests = new Set([
    ...(current === undefined ? [] : [current.blob.digest]),
    ...former.map(({ digest }) => digest),
  ]);
  if (digests.size === 0) return { kind: 'none' };
  const text = [...digests].map((digest) => sumsLine(digest, 'latest')).join('');
  return { kind: 'sums', text, isMoving: former.length > 0 };
};
