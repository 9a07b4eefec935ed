// A tour: one official client, the current Go SDK, goes through operations that no tool drives, each in
// the surroundings in which it has something to do. What it reads is what its own types hold.
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Call } from './clients.ts';
import { answerOf, startDriver } from './driver.ts';
import { prepareImage, type Prepared } from './prepare.ts';
import { findGoDriver, GO_CLIENTS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { conformance, type Conformance } from './target.ts';

export interface Tour {
  call: Call;
  server: Conformance;
  /** Of this run, for names. */
  name: string;
  /** An image in the family `<name>`. */
  source: Prepared;
}

const driver = findGoDriver();

/** `args` are further arguments of `serve`, for a server that is started here. */
export const tour = (
  name: string,
  go: (tour: Tour) => Promise<void>,
  args: readonly string[] = [],
): void => {
  const why = 'no driver of these sources: run test/conformance/setup-go.sh';
  const skip = driver === undefined && skipOrFail(name, why);
  if (skip !== false) recordSkip(GO_CLIENTS.tea, skip);
  test(name, { skip, timeout: 110_000 }, async (t) => {
    const server = await conformance(t, { args });
    const run = `tour-${randomBytes(3).toString('hex')}`;
    const source = await prepareImage(server, run, run);
    const seen = await recorded(t, server.target, GO_CLIENTS.tea);
    const call = answerOf(startDriver(t, driver ?? '', ['tea'], seen));
    await go({ call, server, name: run, source });
  });
};
