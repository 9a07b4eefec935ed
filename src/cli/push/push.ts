// `kindred push`: upload, import, wait, compare, publish. Each step leaves on disk what the next needs and
// can be done again, so that a push which dies anywhere is finished by the same command, and never makes
// two images. The family is set last: nobody is shown an image that was not compared.
import { setTimeout as sleep } from 'node:timers/promises';
import { KindredError } from '../../client/kindred-error.ts';
import { valueText } from '../../client/value-text.ts';
import type { Command } from '../command.ts';
import { connect, type Connection } from '../connect.ts';
import { failureText } from '../failure.ts';
import { formatNamed, inspectFile } from '../inspect-file.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';
import { taskProgress, WorkFailed } from '../wait.ts';
import { helpText, readFlags, SUMMARY, type PushFlags } from './flags.ts';
import { objectName } from './object-name.ts';
import { PatienceEnded, PushFailed } from './push-failed.ts';
import { patiently, type Patience } from './retry.ts';
import { UploadGone } from './send-bytes.ts';
import { isUrl, openSource, type Source } from './source.ts';
import { readSignature } from './signatures.ts';
import { openState, type PushState, type StateFile } from './state.ts';
import { readSums, sumIn } from './sums.ts';
import { uploadSource } from './upload.ts';

const POLL_MS = 500;
const CLEAR_LINE = '\r\u001b[K';

type Answer = Record<string, unknown>;

export const push: Command = {
  summary: SUMMARY,
  helpText,
  async run(argv, io) {
    const flags = readFlags(argv);
    const connection = await connect(flags.settings, io, { needsServer: true });
    const interrupted = (): void => {
      io.err('\nInterrupted. The same command goes on from here.\n');
      process.exit(1);
    };
    process.once('SIGINT', interrupted);
    let source: Source | undefined;
    try {
      source = await openSource(flags.source);
      if (!isUrl(flags.source)) assertAcceptable(flags);
      const imageId = await new Push(flags, connection, source, io).run();
      io.out(`${imageId}\n`);
      return 0;
    } catch (error) {
      return failed(error, connection, io);
    } finally {
      process.off('SIGINT', interrupted);
      await source?.close();
      await connection.close();
    }
  },
};

/** The server inspects what arrives in any case: this spares the way there to what it would refuse. */
const assertAcceptable = ({ source, format }: PushFlags): void => {
  const verdict = inspectFile(source, format === undefined ? format : formatNamed(format));
  if (typeof verdict === 'string') throw new PushFailed(verdict);
  if (verdict.verdict === 'refused')
    throw new PushFailed(`nothing was sent. ${source}: ${verdict.reason}: ${verdict.message}`);
};

const failed = (error: unknown, connection: Connection, io: Io): number => {
  if (error instanceof KindredError)
    io.err(`kindred: ${failureText(error, connection.settings, 'push')}`);
  else if (error instanceof PushFailed || error instanceof WorkFailed)
    io.err(`kindred: ${error.message.replace(/\.$/, '')}.\n`);
  else throw error;
  return 1;
};

class Push {
  readonly #flags: PushFlags;
  readonly #connection: Connection;
  readonly #source: Source;
  readonly #io: Io;
  readonly #patience: Patience;
  readonly #region: string;

  constructor(flags: PushFlags, connection: Connection, source: Source, io: Io) {
    this.#flags = flags;
    this.#connection = connection;
    this.#source = source;
    this.#io = io;
    this.#patience = { giveUpMs: flags.giveUpMs, say: (text) => io.err(text) };
    const region = flags.region ?? connection.settings.regionId;
    if (region === undefined)
      throw new UsageError('kindred push needs --region (or ALIBABA_CLOUD_REGION_ID).');
    this.#region = region;
  }

  async run(): Promise<string> {
    const { sums, family, image, format, wait } = this.#flags;
    const signatures = this.#flags.signatures.map(readSignature);
    const expected = sums && sumIn(await readSums(sums), this.#source.fileName, sums);
    // The first call is made once: a wrong address or key is told at once.
    const caller = await this.#connection.send('GetCallerIdentity', {});
    const account = valueText(caller.AccountId);
    const { endpoint } = this.#connection.settings;
    const bucket = this.#flags.bucket ?? `kindred-push-${account}`;
    const subject = [endpoint, account, this.#source.identity, bucket, expected ?? ''];
    const wish = JSON.stringify([this.#region, family, image, format]);
    const file = openState(this.#io, subject, wish);
    if (file.state.imageId === undefined) {
      await this.#upload(file, bucket, expected);
      await this.#import(file);
    }
    const { imageId = '' } = file.state;
    if (!wait) return imageId;
    await this.#await(file);
    await this.#compare(imageId, expected ?? file.state.sha256 ?? '');
    for (const SignatureContent of signatures)
      await this.#call('PutImageSignature', {
        RegionId: this.#region,
        ImageId: imageId,
        SignatureContent,
      });
    if (family !== undefined)
      await this.#call('ModifyImageAttribute', {
        RegionId: this.#region,
        ImageId: imageId,
        ImageFamily: family,
      });
    await this.#clean(file);
    return imageId;
  }

  #call(name: string, input: object): Promise<Answer> {
    return patiently(this.#patience, () => this.#connection.send(name, input));
  }

  async #upload(file: StateFile, bucket: string, expected: string | undefined): Promise<void> {
    const { state } = file;
    const isKept = state.upload !== undefined;
    state.upload ??= await this.#createUpload(state, bucket, expected);
    file.save();
    const { endpoint } = this.#connection.settings;
    try {
      const sha256 = await uploadSource({
        url: new URL(state.upload.url, endpoint),
        source: this.#source,
        needsHash: expected === undefined && state.sha256 === undefined,
        patience: this.#patience,
        io: this.#io,
      });
      if (sha256 !== '') state.sha256 = sha256;
      file.save();
    } catch (error) {
      // What was refused for good, or changed on the way, is begun anew the next time.
      if (!(error instanceof UploadGone)) {
        const goesOn = error instanceof PatienceEnded || !(error instanceof PushFailed);
        if (!goesOn) file.remove();
        throw error;
      }
      if (!isKept) throw new PushFailed('the upload is gone; push again', { cause: error });
      delete state.upload;
      delete state.sha256;
      await this.#upload(file, bucket, expected);
    }
  }

  async #createUpload(
    { clientToken }: PushState,
    bucket: string,
    expected: string | undefined,
  ): Promise<NonNullable<PushState['upload']>> {
    const object = `${clientToken.slice(0, 8)}-${await objectName(this.#source)}`;
    const input = {
      Bucket: bucket,
      Object: object,
      SizeBytes: this.#source.sizeBytes,
      ...(expected && { Sha256: expected }),
    };
    const create = (): Promise<Answer> => this.#call('CreateUpload', input);
    const made = await create().catch(async (error: unknown) => {
      const isMissing = error instanceof KindredError && error.code === 'InvalidOSSBucket.NotFound';
      if (!isMissing || this.#flags.bucket !== undefined) throw error;
      await this.#call('CreateBucket', { Bucket: bucket });
      return create();
    });
    return { id: valueText(made.UploadId), url: valueText(made.Url), bucket, object };
  }

  /** One image, however often it is asked for: the token is kept. */
  async #import(file: StateFile): Promise<void> {
    const { state } = file;
    const { format, image } = this.#flags;
    const { bucket = '', object = '' } = state.upload ?? {};
    const disk = { OSSBucket: bucket, OSSObject: object, ...(format && { Format: format }) };
    const made = await this.#call('ImportImage', {
      RegionId: this.#region,
      ...image,
      DiskDeviceMapping: [disk],
      ClientToken: state.clientToken,
    });
    state.imageId = valueText(made.ImageId);
    state.taskId = valueText(made.TaskId);
    file.save();
  }

  async #await({ state, remove }: StateFile): Promise<void> {
    const { imageId = '', taskId = '' } = state;
    const sender = { send: (name: string, input: object) => this.#call(name, input) };
    for (;;) {
      const { status, progress, ended, why } = await taskProgress(sender, this.#region, taskId);
      const text = ended === undefined ? `import of ${imageId}: ${status} ${progress}` : '';
      if (this.#io.isErrTerminal) this.#io.err(`${CLEAR_LINE}${text}`);
      if (ended === 'well') return;
      if (ended === 'badly') {
        remove();
        throw new PushFailed(`the import of ${imageId} ended ${status}${why ? `: ${why}` : ''}`);
      }
      await sleep(POLL_MS);
    }
  }

  async #compare(ImageId: string, sha256: string): Promise<void> {
    const content = await this.#call('DescribeImageContent', { RegionId: this.#region, ImageId });
    const { Disk = [] } = (content.Disks ?? {}) as { Disk?: Answer[] };
    const digest = valueText(Disk[0]?.Digest);
    if (digest !== `sha256:${sha256}`)
      throw new PushFailed(
        `${ImageId} holds ${digest}, the source is sha256:${sha256}: it was not put into a family`,
      );
  }

  /** The image has its own copy: the object was only the way to it. */
  async #clean({ state, remove }: StateFile): Promise<void> {
    if (!this.#flags.keepObject && state.upload !== undefined)
      try {
        await this.#call('DeleteUpload', { UploadId: state.upload.id, WithObject: true });
      } catch (error) {
        // Done before the last interruption.
        if (!(error instanceof KindredError && error.code === 'EntityNotExist.Upload')) throw error;
      }
    remove();
  }
}
