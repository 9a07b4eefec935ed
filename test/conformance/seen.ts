// One request and its answer, as the recorder keeps them: which operation, with which outcome, and
// which of the parameters the server says it did not read.
import { operations } from '../../src/operations/index.ts';
import { isOssRequest } from '../../src/server/oss/is-oss.ts';
import { matchOssOperation } from '../../src/server/oss/operations.ts';
import { MalformedOssRequest, readOssRequest } from '../../src/wire/oss-request.ts';
import type { HttpMessage } from './http-messages.ts';

export interface Seen {
  /**
   * As the registry calls it (`VpcCreateVpc`); an Action that is not served goes with its version. What went to
   * the object door is called as in the metrics: `oss:PutObject`.
   */
  operation: string;
  /** `OK`, or the error's code. */
  code: string;
  /** Parameters that nothing in the server read. */
  ignored: readonly string[];
}

const FORM = 'application/x-www-form-urlencoded';

/** Undefined when it was no call of the API (an upload, a page). */
export const exchangeOf = (request: HttpMessage, answer: HttpMessage): Seen | undefined => {
  const [method = '', target = ''] = request.start.split(' ');
  const rawHeaders = [...request.headers].flat();
  if (isOssRequest({ url: target, rawHeaders }))
    return {
      operation: ossOperation(method, target, rawHeaders),
      code: codeOf(answer),
      ignored: [],
    };
  const query = new URLSearchParams(/\?(.*)$/s.exec(target)?.[1] ?? '');
  const isForm = request.headers.get('content-type')?.startsWith(FORM) ?? false;
  const form = new URLSearchParams(isForm ? request.body.toString('utf8') : '');
  const read = (parameter: string, header: string): string | undefined =>
    request.headers.get(header) ?? query.get(parameter) ?? form.get(parameter) ?? undefined;
  const action = read('Action', 'x-acs-action');
  const version = read('Version', 'x-acs-version') ?? '';
  if (action === undefined) return undefined;
  const served = operations.find((entry) => entry.action === action && entry.version === version);
  return {
    operation: served?.name ?? `${action} (${version})`,
    code: codeOf(answer),
    ignored: answer.headers.get('x-kindred-ignored')?.split(', ') ?? [],
  };
};

const ossOperation = (method: string, target: string, rawHeaders: string[]): string => {
  try {
    return `oss:${matchOssOperation(readOssRequest(method, target, rawHeaders))?.name ?? 'unknown'}`;
  } catch (error) {
    if (error instanceof MalformedOssRequest) return 'oss:unknown';
    throw error;
  }
};

const codeOf = ({ start, headers, body }: HttpMessage): string => {
  const [, status = ''] = start.split(' ');
  if (/^2\d\d$/.test(status)) return 'OK';
  // An answer to HEAD has no body.
  const named = headers.get('x-oss-ec');
  if (named !== undefined) return named;
  const text = body.toString('utf8');
  const code = /"Code":\s*"([^"]*)"/.exec(text) ?? /<Code>([^<]*)<\/Code>/.exec(text);
  return code?.[1] ?? status;
};
