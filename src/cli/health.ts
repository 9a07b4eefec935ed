// `kindred health`: asks one question of one address and tells the answer by its exit code, for whoever has to
// know whether the server is up: a container, a supervisor, a script that has just started one. It needs no
// key, reads no data, and sends nothing that is secret.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from './command.ts';
import { settingsOf } from './connect.ts';
import { misused, readOnlyFlags, TEXT } from './own-flags.ts';

const TIMEOUT_MS = 3_000;
const PAUSE_MS = 50;
const MOST_WAIT_SECONDS = 3_600;
/** Of an answer; the real one has fifty bytes. */
const MAX_ANSWER_CHARS = 4_096;

const helpText = (): string => `kindred health: Ask whether the server is well; the exit code tells.

  --endpoint URL   the server to ask; without it that of ALIBABA_CLOUD_ENDPOINT or of the profile, or
                   the one that kindred serve starts here (KINDRED_LISTEN, ./kindred.json)
  --wait SECONDS   go on asking until it is well, for so long at most

The certificate of the server that is started here may have any name.

Exit codes: 0 it is well, 1 it is not or nothing answers, 2 wrong usage.
`;

export const health: Command = {
  summary: 'Ask whether the server is well; the exit code tells.',
  helpText,
  async run(argv, io) {
    const flags = readOnlyFlags('health', argv, { endpoint: TEXT, wait: TEXT });
    const { endpoint, endpointFrom } = settingsOf(flags, io);
    const isOwn = endpointFrom === 'the setting listen';
    const endMs = performance.now() + 1_000 * waitSeconds(flags.wait);
    let found = await ask(endpoint, isOwn);
    while (!found.isWell && performance.now() < endMs) {
      await pause(PAUSE_MS);
      found = await ask(endpoint, isOwn);
    }
    (found.isWell ? io.out : io.err)(`${found.text}\n`);
    return found.isWell ? 0 : 1;
  },
};

const waitSeconds = (given = '0'): number => {
  if (/^\d{1,4}$/.test(given) && Number(given) <= MOST_WAIT_SECONDS) return Number(given);
  throw misused('health', `--wait takes whole seconds up to ${MOST_WAIT_SECONDS}`);
};

interface Found {
  isWell: boolean;
  text: string;
}

/** @param isOwn a server of this machine by the same settings: its certificate names what clients call it by */
const ask = async (endpoint: string, isOwn: boolean): Promise<Found> => {
  try {
    const { status, body } = await get(new URL('/health', endpoint), isOwn);
    const { status: word, version } = readAnswer(body);
    if (word === undefined || version === undefined)
      return { isWell: false, text: `${endpoint} answers, but is no Kindred server` };
    return status === 200 && word === 'ok'
      ? { isWell: true, text: `the server at ${endpoint} is well, version ${version}` }
      : { isWell: false, text: `the server at ${endpoint} says ${word}` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { isWell: false, text: `nothing answers at ${endpoint}: ${code ?? message}` };
  }
};

const get = (url: URL, isOwn: boolean): Promise<{ status: number | undefined; body: string }> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const heard = (response: IncomingMessage): void => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
        if (body.length > MAX_ANSWER_CHARS) response.destroy(new Error('its answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode, body })).on('error', reject);
    };
    // Each question on a connection of its own: a server that has gone must not look like one that broke off.
    const options = { signal, agent: false as const, rejectUnauthorized: !isOwn };
    const sent =
      url.protocol === 'https:'
        ? httpsRequest(url, options, heard)
        : httpRequest(url, { signal, agent: false }, heard);
    sent.on('error', reject).end();
  });

const readAnswer = (body: string): { status?: string; version?: string } => {
  try {
    const { status, version } = JSON.parse(body) as Record<string, unknown>;
    return typeof status === 'string' && typeof version === 'string' ? { status, version } : {};
  } catch {
    return {};
  }
};
