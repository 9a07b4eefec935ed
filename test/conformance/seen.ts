// One request and its answer, as the recorder keeps them: which operation, with which outcome, and
// which of the parameters the server says it did not read.
import { operations } from '../../src/operations/index.ts';
import type { HttpMessage } from './http-messages.ts';

export interface Seen {
  /** As the registry calls it (`VpcCreateVpc`); an Action that is not served goes with its version. */
  operation: string;
  /** `OK`, or the error's code. */
  code: string;
  /** Parameters that nothing in the server read. */
  ignored: readonly string[];
}

const FORM = 'application/x-www-form-urlencoded';

/** Undefined when it was no call of the API (an upload, a page). */
export const exchangeOf = (request: HttpMessage, answer: HttpMessage): Seen | undefined => {
  const [, target = ''] = request.start.split(' ');
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

const codeOf = ({ start, body }: HttpMessage): string => {
  const [, status = ''] = start.split(' ');
  if (status === '200') return 'OK';
  const text = body.toString('utf8');
  const code = /"Code":\s*"([^"]*)"/.exec(text) ?? /<Code>([^<]*)<\/Code>/.exec(text);
  return code?.[1] ?? status;
};
