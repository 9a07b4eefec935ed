import { KindredError } from './kindred-error.ts';

/** One signed call: a form to be posted to `/`. */
export interface CallRequest {
  readonly form: string;
}

export interface CallAnswer {
  readonly status: number;
  readonly body: string;
}

/** Carries a call to a server: over the network, or by a function call in the same process. */
export type Transport = (request: CallRequest) => Promise<CallAnswer>;

const TIMEOUT_MS = 60_000;
export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Posts to an endpoint, once: whoever wants to try again knows better whether he may. */
export const fetchTransport =
  (endpoint: string, timeoutMs = TIMEOUT_MS): Transport =>
  async ({ form }) => {
    try {
      const response = await fetch(new URL('/', endpoint), {
        method: 'POST',
        headers: { 'content-type': FORM_TYPE },
        body: form,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      throw new KindredError('EndpointUnreachable', `${endpoint} does not answer: ${why(error)}.`, {
        cause: error,
      });
    }
  };

/** The reason that `fetch` hides in a cause: `connect ECONNREFUSED 127.0.0.1:5260`. */
const why = (error: unknown): string => {
  const { cause } = error as { cause?: unknown };
  const root = cause instanceof Error ? cause : error;
  const { code, message } = root as { code?: unknown; message: string };
  return message || String(code);
};

/** Tells whether nobody listened: the call cannot have had an effect. */
export const wasRefused = (error: unknown): boolean => {
  if (!(error instanceof KindredError) || error.code !== 'EndpointUnreachable') return false;
  const { cause } = error.cause as { cause?: { code?: unknown } };
  return cause?.code === 'ECONNREFUSED';
};
