import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { makeOtherPaths } from '../server/routes.ts';
import type { Harness } from './harness.ts';

/** Serves the paths beside `/` of a harness on a free port, until the test ends; gives its origin. */
export const servePaths = async (
  t: Pick<TestContext, 'after'>,
  { kindred }: Harness,
): Promise<string> => {
  const server = createServer(makeOtherPaths(kindred, () => false));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
