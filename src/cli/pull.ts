// `kindred pull`: brings the current image of a family, or one image, to a file: over several connections,
// going on where an earlier run stopped, and with its sum compared before the file gets its name.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KindredError } from '../client/kindred-error.ts';
import { readSettings, SettingsError } from '../client/settings.ts';
import type { Command } from './command.ts';
import { failureText } from './failure.ts';
import type { Io } from './io.ts';
import { makeProgress } from './pull-progress.ts';
import { dropPart, finishPart, openPart, partPath, readPart } from './pull-part.ts';
import { fetchMissing } from './pull-ranges.ts';
import { findSource, type Found, type Wanted } from './pull-source.ts';
import { UsageError } from './usage-error.ts';

const DEFAULT_CONNECTIONS = 4;
const MAX_CONNECTIONS = 16;

const HELP = `kindred pull: Bring the current image of a family, or one image, to a file.

  kindred pull FAMILY|IMAGE [-o FILE]

  --output FILE      where to; -o for short (the name that the image has on the server)
  --region ID        the region (ALIBABA_CLOUD_REGION_ID, or the profile's)
  --account ID       id or alias of the account whose family it is; reads by address.
                     acs:ACCOUNT:FAMILY says the same
  --token TOKEN      a read token of the family (KINDRED_READ_TOKEN); without one and without
                     an AccessKey the family must be public
  --connections N    at once, 1 to ${MAX_CONNECTIONS} (${DEFAULT_CONNECTIONS})
  --force            replace FILE if other bytes are there
  --json             the result as JSON
  --url URL          the server; --endpoint says the same
  --profile NAME     a profile of ~/.aliyun/config.json
  --data DIR         a data directory whose root key signs

The bytes grow in FILE.part, and FILE.part.json notes which are there: after Ctrl-C, a crash or a
lost connection the same command goes on, with the image that it began with even when the family
names another one by then. Zeros become holes. FILE appears when its SHA-256 is right.

Exit codes: 0 the file is there, 2 wrong usage, 130 interrupted, 1 anything else.
`;

const text = { type: 'string' } as const;
const OPTIONS = {
  output: { type: 'string', short: 'o' },
  region: text,
  account: text,
  token: text,
  connections: text,
  force: { type: 'boolean' },
  json: { type: 'boolean' },
  url: text,
  endpoint: text,
  profile: text,
  data: text,
} as const;

export const pull: Command = {
  summary: 'Bring the current image of a family, or one image, to a file.',
  helpText: () => HELP,
  async run(argv, io) {
    const request = readRequest(argv, io);
    try {
      const result = await bring(request, io);
      io.out(request.json ? `${JSON.stringify(result)}\n` : sentence(result));
      return 0;
    } catch (error) {
      if (!(error instanceof KindredError)) throw error;
      io.err(`kindred: ${failureText(error, request.wanted.settings, 'pull')}`);
      return 1;
    }
  },
};

interface Request {
  wanted: Wanted;
  output: string | undefined;
  connections: number;
  force: boolean;
  json: boolean;
}

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${message}; see kindred pull --help.`);
  }
};

const readRequest = (argv: readonly string[], io: Io): Request => {
  const { values, positionals } = parse(argv);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0)
    throw new UsageError('kindred pull takes one family or image; see kindred pull --help.');
  const connections = Number(values.connections ?? DEFAULT_CONNECTIONS);
  if (!Number.isInteger(connections) || connections < 1 || connections > MAX_CONNECTIONS)
    throw new UsageError(`--connections takes a number from 1 to ${MAX_CONNECTIONS}.`);
  const endpoint = values.url ?? values.endpoint;
  const flags = {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(values.profile === undefined ? {} : { profile: values.profile }),
    ...(values.data === undefined ? {} : { data: values.data }),
  };
  const settings = settingsOf(flags, io);
  const regionId = values.region ?? settings.regionId;
  if (regionId === undefined)
    throw new UsageError('kindred pull needs --region, or ALIBABA_CLOUD_REGION_ID.');
  const token = values.token ?? io.environment.KINDRED_READ_TOKEN;
  const wanted: Wanted = {
    target,
    regionId,
    settings,
    ...(values.account === undefined ? {} : { account: values.account }),
    ...(token ? { token } : {}),
  };
  const { output, force = false, json = false } = values;
  return { wanted, output, connections, force, json };
};

const settingsOf = (flags: Parameters<typeof readSettings>[0], io: Io) => {
  try {
    return readSettings(flags, io.environment, io.homeDir);
  } catch (error) {
    throw error instanceof SettingsError ? new UsageError(`${error.message}.`) : error;
  }
};

interface Result {
  file: string;
  imageId: string;
  sha256: string;
  size: number;
  /** Bytes that this run fetched. */
  fetched: number;
}

const sentence = ({ file, imageId, size, sha256, fetched }: Result): string =>
  `${file}: ${imageId}, ${size} bytes, sha256 ${sha256}${fetched === 0 ? ' (was there)' : ''}\n`;

const bring = async (request: Request, io: Io): Promise<Result> => {
  const { output } = request;
  const begun = output === undefined ? undefined : readPart(output)?.header;
  const found = await findSource(request.wanted, begun);
  const file = output ?? found.fileName;
  const { imageId, sha256, sizeBytes } = found;
  const result = { file, imageId, sha256, size: sizeBytes };
  if (existsSync(file) && (await sumOf(file)) === sha256) return { ...result, fetched: 0 };
  if (existsSync(file) && !request.force)
    throw new Error(`${file} is there with other bytes; --force replaces it.`);
  const first = await fetchAndCheck(file, found, request, io);
  if (first.isRight) return { ...result, fetched: first.fetched };
  // What an earlier run left was not what it had noted, as after a power cut: once more, from nothing.
  if (!first.isResumed) throw new Error(WRONG_BYTES);
  io.err('kindred: what was left of an earlier run is damaged; beginning anew\n');
  const second = await fetchAndCheck(file, found, request, io);
  if (!second.isRight) throw new Error(WRONG_BYTES);
  return { ...result, fetched: first.fetched + second.fetched };
};

const WRONG_BYTES =
  'The bytes that came do not have the sum that the server names; they were dropped.';

const fetchAndCheck = async (file: string, found: Found, request: Request, io: Io) => {
  const { source, imageId, sha256, sizeBytes } = found;
  const part = openPart(file, { imageId, sha256, sizeBytes });
  const missing = part.missing.reduce((sum, { start, end }) => sum + end - start, 0);
  const progress = makeProgress(io, file, sizeBytes, sizeBytes - missing);
  const interrupted = (): never => {
    progress.end();
    io.err(`kindred: interrupted; the same command goes on from here\n`);
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  let fetched = 0;
  try {
    await fetchMissing(source, part, request.connections, (count) => {
      fetched += count;
      progress.add(count);
    });
    part.sync();
  } finally {
    process.removeListener('SIGINT', interrupted);
    part.close();
    progress.end();
  }
  const isRight = (await sumOf(partPath(file))) === sha256;
  if (isRight) finishPart(file);
  else dropPart(file);
  return { isRight, isResumed: missing < sizeBytes, fetched };
};

const sumOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
};
