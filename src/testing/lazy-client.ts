import type { Client, ClientOptions } from '../client/client.ts';

/** The typed client, whose data of every operation are loaded with its first call. */
export const lazyClient = (options: ClientOptions): Client => {
  let loading: Promise<Client> | undefined;
  const load = (): Promise<Client> =>
    (loading ??= import('../client/client.ts').then(({ createClient }) => createClient(options)));
  return new Proxy({} as Client, {
    get(_, name) {
      // Whoever awaits a client asks whether it is a promise.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return async (...input: unknown[]) => {
        const client = (await load()) as unknown as Record<string, unknown>;
        const method = client[name];
        if (typeof method !== 'function') throw new TypeError(`there is no operation ${name}`);
        return (method as (...given: unknown[]) => Promise<unknown>)(...input);
      };
    },
  });
};
