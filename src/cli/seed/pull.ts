// `kindred seed pull`: the custom images of an account of the cloud as a seed. It only ever describes: the
// type of `Describe` names all calls that there are. A key is taken from where the user put one for the
// cloud, never the root key of a Kindred that happens to lie around.
import { sendCall } from '../../client/client.ts';
import { KindredError } from '../../client/kindred-error.ts';
import { isRecord } from '../../lib/check-json.ts';
import { settingsOf } from '../connect.ts';
import type { Io } from '../io.ts';
import { readOnlyFlags, SWITCH, TEXT } from '../own-flags.ts';
import { UsageError } from '../usage-error.ts';
import { anonymise } from './anonymise.ts';
import { seedImageOf, type PulledImage } from './pulled-image.ts';
import type { Verb } from '../verb.ts';

const PAGE = 100;
/** Images of one seed. */
const MAX_IMAGES = 10_000;
/** The cloud bounds calls a second; a refused one is tried again after these pauses. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 16_000];
const STATUSES = 'Available,Deprecated,UnAvailable,CreateFailed';
const CLEAR_LINE = '\r\u001b[K';
const LIST = { type: 'string', multiple: true } as const;

type Answer = Record<string, unknown>;
/** Every call that this command can make. */
type Describe = (
  action: 'DescribeImages' | 'DescribeImageSharePermission',
  input: Readonly<Record<string, string | number>>,
) => Promise<Answer>;

export const pull: Verb = async (argv, io) => {
  const values = readOnlyFlags('seed', argv, {
    region: LIST,
    family: LIST,
    shares: SWITCH,
    anonymise: SWITCH,
    'anonymise-names': SWITCH,
    endpoint: TEXT,
    profile: TEXT,
  });
  const { endpoint, profile } = values;
  const settings = settingsOf(
    { ...(endpoint !== undefined && { endpoint }), ...(profile !== undefined && { profile }) },
    io,
  );
  const isOfCloud = /^(the profile |ALIBABA_CLOUD_)/.test(settings.keyFrom);
  const { key } = settings;
  if (key === undefined || !isOfCloud)
    throw new UsageError(
      'kindred seed pull needs a key of the account: name a profile with --profile, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET; one with AliyunECSReadOnlyAccess is enough.',
    );
  const regions = values.region ?? [settings.regionId].filter((id) => id !== undefined);
  if (regions.length === 0)
    throw new UsageError('Name a region with --region, for example cn-hangzhou.');
  for (const region of regions)
    if (!/^[a-z][a-z0-9-]{1,62}$/.test(region)) throw new UsageError(`${region} is no region.`);
  const images: PulledImage[] = [];
  for (const region of regions) {
    const url = endpoint === undefined ? `https://ecs.${region}.aliyuncs.com` : settings.endpoint;
    const describe: Describe = (action, input) =>
      patiently(() => sendCall({ endpoint: url, ...key }, action, { RegionId: region, ...input }));
    const found = await imagesOf(describe, region, values.family ?? [''], io);
    if (values.shares === true) for (const image of found) await addShares(describe, image);
    images.push(...found);
    if (images.length > MAX_IMAGES) throw tooMany(images.length);
  }
  const anonymity = values['anonymise-names'] === true ? 'names' : 'ids';
  const isAnonymous = values.anonymise === true || anonymity === 'names';
  const seed = seedOf(images);
  const text = JSON.stringify(isAnonymous ? anonymise(seed, anonymity) : seed, null, 2);
  io.out(`${text}\n`);
  return 0;
};

const tooMany = (count: number): UsageError =>
  new UsageError(
    `${count} images are more than a seed may have (${MAX_IMAGES}); choose some with --family.`,
  );

const imagesOf = async (
  describe: Describe,
  region: string,
  families: readonly string[],
  io: Io,
): Promise<PulledImage[]> => {
  const byId = new Map<string, PulledImage>();
  for (const family of families)
    for (let page = 1, total = 1; (page - 1) * PAGE < total; page++) {
      const answer = await describe('DescribeImages', {
        ImageOwnerAlias: 'self',
        Status: STATUSES,
        ...(family !== '' && { ImageFamily: family }),
        PageNumber: page,
        PageSize: PAGE,
      });
      total = Number(answer.TotalCount);
      if (!(total <= MAX_IMAGES)) throw tooMany(total);
      const list = isRecord(answer.Images) ? answer.Images.Image : undefined;
      if (!Array.isArray(list)) throw unread();
      for (const image of list) {
        if (!isRecord(image) || typeof image.ImageId !== 'string') throw unread();
        // What is made meanwhile moves the pages, so that an image can stand on two.
        if (!byId.has(image.ImageId)) byId.set(image.ImageId, seedImageOf(image, region));
      }
      if (io.isErrTerminal) io.err(`${CLEAR_LINE}${region}: ${byId.size} of ${total} images`);
    }
  if (io.isErrTerminal) io.err(CLEAR_LINE);
  else io.err(`${region}: ${byId.size} images\n`);
  // They are listed with the newest first; of the same second the first is the newest.
  return [...byId.values()].toReversed();
};

const unread = (): KindredError =>
  new KindredError(
    'UnreadableAnswer',
    'the answer of DescribeImages is not in the form of the API.',
  );

const addShares = async (describe: Describe, image: PulledImage): Promise<void> => {
  if (image.seed.IsPublic === true || image.seed.Status === 'CreateFailed') return;
  const ids: string[] = [];
  for (let page = 1, total = 1; (page - 1) * PAGE < total; page++) {
    const answer = await describe('DescribeImageSharePermission', {
      ImageId: image.imageId,
      PageNumber: page,
      PageSize: PAGE,
    });
    total = Number(answer.TotalCount);
    const list = isRecord(answer.Accounts) ? answer.Accounts.Account : undefined;
    if (!Array.isArray(list) || !(total <= MAX_IMAGES)) throw unread();
    for (const account of list)
      if (isRecord(account) && typeof account.AliyunId === 'string') ids.push(account.AliyunId);
  }
  image.sharedWith = ids.filter((id) => /^[1-9]\d{15}$/.test(id));
};

/** @throws KindredError */
const patiently = async (call: () => Promise<Answer>): Promise<Answer> => {
  for (const pauseMs of PAUSES_MS)
    try {
      return await call();
    } catch (error) {
      const isPassing =
        error instanceof KindredError &&
        (error.code.startsWith('Throttling') || error.code === 'ServiceUnavailable');
      if (!isPassing) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  return call();
};

/** Accounts of the cloud have numbers only: they are named after them. */
const nameOf = (accountId: string): string => `account-${accountId}`;

const seedOf = (images: readonly PulledImage[]): Answer => {
  const accounts = new Set(images.flatMap(({ sharedWith }) => sharedWith));
  return {
    kindredSeed: 1,
    Accounts: [...accounts]
      .toSorted()
      .map((AccountId) => ({ AccountName: nameOf(AccountId), AccountId })),
    Images: images.map(({ seed, sharedWith }) => ({
      ...seed,
      ...(sharedWith.length > 0 && { Accounts: sharedWith.map(nameOf).toSorted() }),
    })),
  };
};
