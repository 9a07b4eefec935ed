// A client of the crash tests: signed calls over a real socket, and for each call one of three outcomes.
// What a caller does not know after a cut connection is said as it is: unknown.
import { Agent, request as httpRequest } from 'node:http';
import { signedRequest } from '../../src/testing/sign.ts';

export type Parameters = Readonly<Record<string, string>>;

// oxlint-disable-next-line typescript/no-explicit-any -- parsed answers; the schemas are checked elsewhere
type Body = any;

export type Answer =
  | { outcome: 'ok'; body: Body }
  | { outcome: 'refused'; status: number; code: string; message: string }
  /** No answer came: the effect may be there or not. */
  | { outcome: 'unknown'; why: string };

export interface Fetched {
  status: number;
  bytes: Buffer;
}

const KINDRED = new Set([
  'StartVerification',
  'Fsck',
  'DescribeImageFamilies',
  'DescribeImageContent',
  'DescribeImageFailure',
  'CreateBucket',
  'CreateUpload',
  'CreateBackup',
  'DescribeBackup',
  'DescribeBackups',
  'CreateAccount',
  'CreateAccessKey',
]);
const TIMEOUT_MS = 20_000;

export class Api {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 16 });
  readonly #port: number;
  readonly #key: { accessKeyId: string; accessKeySecret: string };

  constructor(port: number, key: { accessKeyId: string; accessKeySecret: string }) {
    this.#port = port;
    this.#key = key;
  }

  async call(action: string, parameters: Parameters = {}): Promise<Answer> {
    const { target } = signedRequest(parameters, {
      ...this.#key,
      action,
      version: KINDRED.has(action) ? '2026-11-24' : '2014-05-26',
      nowMs: Date.now(),
    });
    let fetched: Fetched;
    try {
      fetched = await this.get(target);
    } catch (error) {
      return { outcome: 'unknown', why: (error as Error).message };
    }
    const body = JSON.parse(fetched.bytes.toString('utf8')) as Body;
    if (fetched.status === 200) return { outcome: 'ok', body };
    return { outcome: 'refused', status: fetched.status, code: body.Code, message: body.Message };
  }

  /** The answer of a call that nothing may go wrong with. */
  async must(action: string, parameters: Parameters = {}): Promise<Body> {
    const answer = await this.call(action, parameters);
    if (answer.outcome === 'ok') return answer.body;
    throw new Error(`${action} ${JSON.stringify(parameters)}: ${JSON.stringify(answer)}`);
  }

  /** Every row of a listing, page by page. */
  async all(
    action: string,
    parameters: Parameters,
    rowsOf: (body: Body) => Body[],
  ): Promise<Body[]> {
    const rows: Body[] = [];
    for (let page = 1; ; page++) {
      const paging = { PageNumber: String(page), PageSize: '100' };
      const body = await this.must(action, { ...parameters, ...paging });
      rows.push(...rowsOf(body));
      if (rowsOf(body).length < 100) return rows;
    }
  }

  get(path: string): Promise<Fetched> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        { host: '127.0.0.1', port: this.#port, path, agent: this.#agent, timeout: TIMEOUT_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            response.complete
              ? resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) })
              : reject(new Error('the answer was cut')),
          );
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.on('error', reject);
      sent.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
