// A seed for a world, and a world as a seed: by the same two operations that `kindred seed` calls, signed by
// the root key, without a port. They are no calls of the test: neither faults nor its memory of calls see them.
import type { KeyPair } from '../first-account.ts';
import type { WireRequest, WireResponse } from '../../wire/request.ts';

export interface SeededWorld {
  key: KeyPair;
  nowMs(): number;
  /** Answers one request by the world's own pipeline. */
  handle(request: WireRequest): Promise<WireResponse>;
}

/** @throws KindredError that names the place in the seed */
export const seedWorld = async (world: SeededWorld, seed: unknown) => {
  const [{ applySeed }, { ApplySeed }, client] = await Promise.all([
    import('../../client/seed.ts'),
    import('../../operations/kindred/ApplySeed.ts'),
    clientOf(world),
  ]);
  return applySeed((input) => client(ApplySeed.action, input), seed);
};

/** Without what is being worked on; nothing in it is secret. */
export const exportWorld = async (world: SeededWorld): Promise<Record<string, unknown>> => {
  const [{ exportSeed }, { ExportSeed }, client] = await Promise.all([
    import('../../client/seed.ts'),
    import('../../operations/kindred/ExportSeed.ts'),
    clientOf(world),
  ]);
  return (await exportSeed((input) => client(ExportSeed.action, input))).seed;
};

const clientOf = async ({ key, nowMs, handle }: SeededWorld) => {
  const { sendCall } = await import('../../client/client.ts');
  const { FORM_TYPE } = await import('../../client/transport.ts');
  const transport = async ({ form }: { form: string }) => {
    const { status, body } = await handle({
      method: 'POST',
      target: '/',
      rawHeaders: ['Host', 'world', 'Content-Type', FORM_TYPE],
      body: Buffer.from(form),
      remoteAddress: '127.0.0.1',
    });
    return { status, body: Buffer.from(body).toString() };
  };
  return (name: string, input: object) =>
    sendCall({ ...key, endpoint: 'http://world', nowMs, transport }, name, input);
};
