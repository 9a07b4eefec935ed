// `kindred pull`: the bytes of an image, or of the image that a family names now, as a file. Several
// ranges at a time; what came survives Ctrl-C and `kill -9`; the file gets its name only when its
// SHA-256 is the one that the server keeps.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KindredError } from '../../client/kindred-error.ts';
import type { Command } from '../command.ts';
import { connect, settingsOf as clientSettings } from '../connect.ts';
import { failureText } from '../failure.ts';
import type { Io } from '../io.ts';
import { definitions } from '../layout.ts';
import { COMMON_FLAGS } from '../operation-flags.ts';
import { EXIT_CODES } from '../operation-help.ts';
import { readOwnFlags } from '../own-flags.ts';
import { bytesText, makeProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { download, PullFailed } from './download.ts';
import { openPartFile } from './part-file.ts';
import { addressedSource, isImageId, signedSource, type PullSource } from './pull-source.ts';

const DEFAULT_CONNECTIONS = 4;
const MAX_CONNECTIONS = 32;

const FLAGS = {
  out: {
    value: 'FILE',
    help: 'Where the bytes go; a file of that name is replaced when all is there. -o for short.',
  },
  region: {
    value: 'ID',
    help: 'The region; else ALIBABA_CLOUD_REGION_ID, the profile, cn-hangzhou.',
  },
  device: {
    value: 'NAME',
    help: 'A data disk, for example /dev/xvdb; without it the system disk.',
  },
  account: {
    value: 'ID|ALIAS',
    help: 'Read the family of that account by its address: with --token, with a key of that account, or a family for everybody.',
  },
  token: { value: 'TOKEN', help: 'A read token of the family; else KINDRED_READ_TOKEN.' },
  connections: {
    value: 'N',
    help: `Ranges at a time, 1 to ${MAX_CONNECTIONS} (${DEFAULT_CONNECTIONS}).`,
  },
  json: { help: 'Print what was pulled as JSON.' },
  endpoint: COMMON_FLAGS.endpoint!,
  profile: COMMON_FLAGS.profile!,
  data: { value: 'DIR', help: 'A data directory of this machine: its root key (./kindred-data).' },
  help: COMMON_FLAGS.help!,
} as const;

const SUMMARY = 'Fetch the bytes of a family or an image, with resume and verification.';

export const pull: Command = {
  summary: SUMMARY,
  helpText: (columns) => `kindred pull FAMILY|IMAGE -o FILE: ${SUMMARY}

FAMILY is resolved once, at the beginning: a head that moves meanwhile changes nothing. After Ctrl-C, or
when the connection was lost for long, the same command goes on where it was.

${definitions(
  Object.entries(FLAGS).map(
    ([name, flag]) => [`  --${name}${'value' in flag ? ` ${flag.value}` : ''}`, flag.help] as const,
  ),
  columns,
)}

Examples:
  kindred pull web-base -o web-base.qcow2
  kindred pull m-bp146shijn7hujku9exp -o disk.img --region cn-beijing
  kindred pull web-base --account golden --token "$TOKEN" --endpoint https://images.example -o web.qcow2

${EXIT_CODES}
`,
  async run(argv, io) {
    const request = readRequest(argv);
    try {
      return await fetchInto(request, await openSource(request, io), io);
    } catch (error) {
      if (error instanceof PullFailed) io.err(`kindred: ${error.message}.\n`);
      else if (error instanceof KindredError)
        io.err(`kindred: ${failureText(error, settingsOf(request, io), 'pull')}`);
      else if (isFileError(error))
        io.err(`kindred: ${request.path} cannot be written (${error.code}).\n`);
      else throw error;
      return 1;
    }
  },
};

/** The disk is full, the folder is missing or not ours. */
const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'path' in error;

interface PullRequest {
  wanted: string;
  path: string;
  connections: number;
  isJson: boolean;
  flags: { [K in keyof typeof FLAGS]?: string | boolean };
}

const readRequest = (argv: readonly string[]): PullRequest => {
  const options = Object.fromEntries(
    Object.entries(FLAGS).map(([name, flag]) => [
      name,
      {
        type: 'value' in flag ? ('string' as const) : ('boolean' as const),
        ...(name === 'out' && { short: 'o' }),
      },
    ]),
  );
  const parsed = readOwnFlags('pull', argv, options);
  const flags = parsed.values as PullRequest['flags'];
  const [wanted, ...more] = parsed.positionals;
  if (wanted === undefined || more.length > 0 || typeof flags.out !== 'string')
    throw new UsageError(
      'kindred pull needs one family or image, and a file: kindred pull FAMILY|IMAGE -o FILE.',
    );
  const connections = Number(flags.connections ?? DEFAULT_CONNECTIONS);
  if (!Number.isInteger(connections) || connections < 1 || connections > MAX_CONNECTIONS)
    throw new UsageError(`--connections is a number from 1 to ${MAX_CONNECTIONS}.`);
  if (flags.account !== undefined && isImageId(wanted))
    throw new UsageError('--account reads a family by its address, not an image by its id.');
  return { wanted, path: resolve(flags.out), connections, isJson: flags.json === true, flags };
};

const textOf = (flag: string | boolean | undefined): string | undefined =>
  typeof flag === 'string' ? flag : undefined;

const settingsFlags = ({ flags }: PullRequest) => {
  const [endpoint, profile, data] = [flags.endpoint, flags.profile, flags.data].map(textOf);
  return { ...(endpoint && { endpoint }), ...(profile && { profile }), ...(data && { data }) };
};

const settingsOf = (request: PullRequest, io: Io) => clientSettings(settingsFlags(request), io);

const openSource = async (request: PullRequest, io: Io): Promise<PullSource> => {
  const { wanted, flags } = request;
  const { endpoint, regionId: usualRegion, key } = settingsOf(request, io);
  const regionId = textOf(flags.region) ?? usualRegion ?? 'cn-hangzhou';
  const device = textOf(flags.device);
  const account = textOf(flags.account);
  if (account === undefined) {
    // Bytes come from a server: the directory of one that does not run has none to give.
    const connection = await connect(settingsFlags(request), io, { needsServer: true });
    return signedSource(connection, regionId, wanted, device);
  }
  const token = textOf(flags.token) ?? io.environment.KINDRED_READ_TOKEN;
  return addressedSource(
    { endpoint, account, regionId, family: wanted, ...(token ? { token } : key && { key }) },
    device,
  );
};

const fetchInto = async (request: PullRequest, source: PullSource, io: Io): Promise<number> => {
  const { path } = request;
  const { sha256, sizeBytes } = source;
  const isThere = (await stat(path).catch(() => undefined))?.size === sizeBytes;
  if (isThere && (await sha256Of(path, sizeBytes, io)) === sha256)
    return told(request, source, io, 'is there already');
  // A file that a power cut has holed is found by its sum, and fetched once more.
  for (const attempt of ['first', 'anew'] as const) {
    const part = await openPartFile(path, sha256, sizeBytes);
    const progress = makeProgress(io, `pull ${request.wanted}`, sizeBytes, part.doneBytes);
    try {
      await download(source, part, {
        connections: request.connections,
        onProgress: (doneBytes) => progress.at(doneBytes),
      });
    } catch (error) {
      await part.close();
      throw error;
    } finally {
      progress.end();
    }
    if ((await sha256Of(`${path}.part`, sizeBytes, io)) === sha256) {
      await part.finish();
      return told(request, source, io, 'pulled');
    }
    await part.drop();
    if (attempt === 'first')
      io.err('kindred: the bytes that were there were damaged; once more.\n');
  }
  throw new PullFailed('the bytes that came do not have the SHA-256 that the server has told of');
};

const sha256Of = async (path: string, sizeBytes: number, io: Io): Promise<string> => {
  const progress = makeProgress(io, 'verify', sizeBytes);
  const hash = createHash('sha256');
  let doneBytes = 0;
  for await (const bytes of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    hash.update(bytes as Uint8Array); // a stream without an encoding gives bytes
    doneBytes += (bytes as Uint8Array).length;
    progress.at(doneBytes);
  }
  progress.end();
  return hash.digest('hex');
};

const told = (request: PullRequest, source: PullSource, io: Io, what: string): number => {
  const { imageId, device, format, sha256, sizeBytes } = source;
  const { path, isJson } = request;
  if (isJson)
    io.out(`${JSON.stringify({ imageId, device, format, sha256, size: sizeBytes, path })}\n`);
  else
    io.out(`${imageId} ${what}: ${path}, ${format}, ${bytesText(sizeBytes)}\nsha256 ${sha256}\n`);
  return 0;
};
