// Signed requests that were answered once, changed at random and sent again: none is authentic any more,
// whatever the change was, since its nonce is used. So every answer must be a refusal, and nothing may
// change. Runs as a process of its own, which gets its options as a message and answers with the result, and
// has a lower priority than the server and whoever measures it: attackers have machines of their own.
import { connect, type Socket } from 'node:net';
import { getPriority, setPriority } from 'node:os';
import { below, nastyText, pick, seeded, type Random } from '../wire/seeded.ts';

export interface MutationOptions {
  host: string;
  port: number;
  count: number;
  connections: number;
  seed: number;
  /** Whole requests, as latin-1 text. */
  originals: readonly string[];
}

export interface MutationResult {
  /** Answers by status; 0: the connection was closed, or nothing came, since no whole request was sent. */
  statuses: Record<number, number>;
  /** A request that was not refused. */
  wrong: string | undefined;
}

/** A request that never ends gets no answer; the next one goes on a connection of its own. */
const SILENCE_MS = 100;

type Mutation = (text: string, random: Random) => string;

const at = (text: string, random: Random, piece: string, removed = 0): string => {
  const from = below(random, text.length);
  return text.slice(0, from) + piece + text.slice(from + removed);
};
const latin1 = (random: Random): string =>
  encodeURIComponent(nastyText(random).toWellFormed()).slice(0, 200);
const inTarget = (text: string, change: (target: string) => string): string =>
  text.replace(
    /^(\S+) (\S+)/,
    (_all, method: string, target: string) => `${method} ${change(target)}`,
  );
/** Of a request that was cut off, what there is. */
const headEnd = (text: string): number => {
  const end = text.indexOf('\r\n\r\n');
  return end < 0 ? text.length : end;
};
const headers = (text: string): string[] => text.slice(0, headEnd(text)).split('\r\n');
const withHead = (text: string, lines: readonly string[]): string =>
  lines.join('\r\n') + text.slice(headEnd(text));

const MUTATIONS: readonly Mutation[] = [
  // Bytes: changed, put in, cut out, cut off.
  (text, random) => at(text, random, String.fromCharCode(below(random, 256)), 1),
  (text, random) => at(text, random, String.fromCharCode(below(random, 256))),
  (text, random) => at(text, random, '', 1 + below(random, 20)),
  (text, random) => text.slice(0, below(random, text.length)),
  // Parameters: twice, renumbered, hostile, endless, many.
  (text) => inTarget(text, (target) => `${target}&${target.split(/[?&]/)[1] ?? 'Action=x'}`),
  (text, random) =>
    inTarget(
      text,
      (target) => `${target}&Tag.${pick(random, ['0', '-1', '1e3', '01', '999999999', '1'])}.Key=x`,
    ),
  (text, random) => inTarget(text, (target) => `${target}&${latin1(random)}=${latin1(random)}`),
  (text, random) =>
    inTarget(text, (target) => target.replace(/=[^&]*/, () => `=${latin1(random)}`)),
  (text, random) => inTarget(text, (target) => `${target}&A=${'x'.repeat(below(random, 20_000))}`),
  (text, random) => inTarget(text, (target) => target + '&a=b'.repeat(below(random, 1_500))),
  (text, random) =>
    inTarget(text, (target) =>
      at(target, random, pick(random, ['%', '%zz', '%00', '%c0%af', '+', '%2520'])),
    ),
  // Headers: gone, twice, strange, endless.
  (text, random) => {
    const lines = headers(text);
    return withHead(text, lines.toSpliced(1 + below(random, lines.length - 1), 1));
  },
  (text, random) => {
    const lines = headers(text);
    return withHead(text, [...lines, pick(random, lines)]);
  },
  (text, random) =>
    withHead(text, [
      ...headers(text),
      `${pick(random, ['x-acs-action', 'authorization', '__proto__', 'content-encoding', 'x-acs-content-sha256'])}: ${latin1(random)}`,
    ]),
  (text, random) =>
    withHead(text, [...headers(text), `x-long: ${'y'.repeat(below(random, 20_000))}`]),
  // The signature and what says how it was made.
  (text, random) =>
    text.replace(/(Signature=)([^&\s]{6})/, (_all, name: string) => `${name}${latin1(random)}`),
  (text, random) =>
    text.replace(/HMAC-SHA(1|256)/, () =>
      pick(random, ['NONE', 'HMAC-SM3', 'hmac-sha1', 'RSA-SHA256', '']),
    ),
  (text, random) =>
    text.replace(/^(GET|POST)/, () =>
      pick(random, ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'TRACE']),
    ),
  (text) => text,
];

const mutateRequests = async (options: MutationOptions): Promise<MutationResult> => {
  const random = seeded(options.seed);
  const result: MutationResult = { statuses: {}, wrong: undefined };
  let left = options.count;
  const next = (): string | undefined => {
    if (left-- <= 0) return undefined;
    let text = pick(random, options.originals);
    for (let changes = 1 + below(random, 3); changes > 0; changes--)
      text = pick(random, MUTATIONS)(text, random) || 'x';
    return text;
  };
  const drive = async (): Promise<void> => {
    let socket: Socket | undefined;
    for (let text = next(); text !== undefined; text = next()) {
      socket ??= connect(options.port, options.host).on('error', () => undefined);
      const { status, isOpen } = await exchange(socket, text);
      result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      if (status !== 0 && (status < 400 || status >= 500)) result.wrong ??= `${status}: ${text}`;
      if (isOpen) continue;
      socket.destroy();
      socket = undefined;
    }
    socket?.destroy();
  };
  await Promise.all(Array.from({ length: options.connections }, drive));
  return result;
};

/** The first answer. What is left of a request that was two would be taken for the next one: it is closed. */
const exchange = (socket: Socket, text: string): Promise<{ status: number; isOpen: boolean }> =>
  new Promise((resolve) => {
    let answer = '';
    const end = (isOpen: boolean): void => {
      clearTimeout(timer);
      socket.removeAllListeners('data').removeAllListeners('close');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0), isOpen });
    };
    const timer = setTimeout(() => end(false), SILENCE_MS);
    socket.on('close', () => end(false));
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      const head = answer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1] ?? 0);
      if (answer.length < head + 4 + length) return;
      end(answer.length === head + 4 + length && !/\r\nconnection: close/i.test(answer));
    });
    socket.write(Buffer.from(text, 'latin1'));
  });

const LOWEST_PRIORITY = 19;
const STEPS_LOWER = 10;

process.once('message', async (options: MutationOptions) => {
  setPriority(Math.min(LOWEST_PRIORITY, getPriority() + STEPS_LOWER));
  process.send!(await mutateRequests(options));
});
