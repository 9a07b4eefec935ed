// A typed client for every operation, for programs and for the console: it knows the generated data
// and nothing of the server, and runs in Node.js and in browsers. It signs each call, sends it once and
// gives back the answer or a KindredError.
import { operations } from './data.ts';
import { encodeInput } from './encode-input.ts';
import { KindredError } from './kindred-error.ts';
import { encodeForm, signCall, type KeyPair } from './sign.ts';
import { fetchTransport, type Transport } from './transport.ts';
import type { Operations } from './types.ts';
import { valueText } from './value-text.ts';

/** Names an operation: its Action, with the product before it when several products have it. */
export type OperationName = keyof Operations;
export type Input<N extends OperationName> = Operations[N]['input'];
export type Output<N extends OperationName> = Operations[N]['output'];

export interface ClientOptions extends KeyPair {
  /** `http://127.0.0.1:5260` */
  endpoint: string;
  /** Carries the calls instead of `fetch` to the endpoint. */
  transport?: Transport;
  /** Wall clock for the signatures, milliseconds. */
  nowMs?: () => number;
}

/** The input may be left out when no parameter is required. */
type Arguments<N extends OperationName> =
  object extends Input<N> ? [input?: Input<N>] : [input: Input<N>];

type Methods = {
  [N in OperationName as Uncapitalize<N>]: (...input: Arguments<N>) => Promise<Output<N>>;
};

/** `client.describeImages({RegionId})`, or `client.call('DescribeImages', {RegionId})`. */
export interface Client extends Methods {
  /** @throws KindredError */
  call<N extends OperationName>(name: N, ...input: Arguments<N>): Promise<Output<N>>;
}

export const createClient = (options: ClientOptions): Client => {
  const call = (name: string, input: object = {}): Promise<object> =>
    sendCall(options, name, input);
  const methods = Object.keys(operations).map((name) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    (input?: object) => call(name, input),
  ]);
  // The generator writes data and types from the same operations.
  return { ...Object.fromEntries(methods), call } as unknown as Client;
};

/** One call by name, untyped: for callers that read the generated data. @throws KindredError */
export const sendCall = async (
  options: ClientOptions,
  name: string,
  input: object,
): Promise<Record<string, unknown>> => {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) throw new TypeError(`there is no operation ${name}`);
  const parameters = await signCall(
    { ...encodeInput(operation, input), Action: operation.action, Version: operation.version },
    options,
    (options.nowMs ?? Date.now)(),
  );
  const transport = options.transport ?? fetchTransport(options.endpoint);
  const { status, body } = await transport({ form: encodeForm(parameters) });
  const answer = parseAnswer(body);
  if (status === 200 && answer !== undefined) return answer;
  if (typeof answer?.Code !== 'string')
    throw new KindredError(
      'UnreadableAnswer',
      `${options.endpoint} answered HTTP ${status} and not in the form of this API.`,
      { status },
    );
  throw new KindredError(answer.Code, valueText(answer.Message), {
    status,
    requestId: valueText(answer.RequestId),
  });
};

const parseAnswer = (body: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
};
