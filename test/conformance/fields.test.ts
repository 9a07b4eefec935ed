// The 23 fields of DescribeImageFromFamily's answer as every official client reads them, of one image in
// which each field says something. Field for field and type for type: what the client's own model made of
// the answer is what the inputs demand.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'node:test';
import { CLIENTS, type Call, type Target } from './clients.ts';
import { answerOf, startDriver } from './driver.ts';
import { makeFullImage, removeFullImage } from './full-image.ts';
import { findGoDriver, findPython, GO_CLIENTS, PYTHON_CLIENTS, skipOrFail } from './programs.ts';
import { recorded, recordSkip, type ClientId } from './record.ts';
import { byKey } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const FIELDS = 23;

interface Reader {
  name: string;
  /** Absent for what is no client of theirs. */
  id?: ClientId;
  /** Why it cannot read. */
  skip?: string;
  connect(t: TestContext, target: Target): Call;
}

const byDriver = (
  id: ClientId,
  program: string | undefined,
  args: readonly string[],
  setup: string,
): Reader => {
  const name = `the 23 fields by ${id.client}`;
  const connect = (t: TestContext, target: Target): Call =>
    answerOf(startDriver(t, program ?? '', args, target));
  if (program !== undefined) return { name, id, connect };
  const skip = skipOrFail(name, `not installed: run test/conformance/${setup}`);
  recordSkip(id, skip);
  return { name, id, connect, skip };
};

const DRIVER = fileURLToPath(new URL('driver.py', import.meta.url));
const python = findPython();
const go = findGoDriver();
const READERS: readonly Reader[] = [
  ...CLIENTS.map(({ name, id, connect }) => ({
    name,
    ...(id && { id }),
    connect: (_t: TestContext, target: Target) => connect(target),
  })),
  byDriver(PYTHON_CLIENTS.tea, python, [DRIVER, 'tea'], 'setup-python.sh'),
  byDriver(PYTHON_CLIENTS.legacy, python, [DRIVER, 'legacy'], 'setup-python.sh'),
  byDriver(GO_CLIENTS.tea, go, ['tea'], 'setup-go.sh'),
  byDriver(GO_CLIENTS.legacy, go, ['legacy'], 'setup-go.sh'),
];

test('one image, read by every client', { timeout: 110_000, concurrency: 4 }, async (t) => {
  const server = await conformance(t);
  const image = await makeFullImage(server, randomBytes(3).toString('hex'));
  assert.equal(Object.keys(image.expected).length, FIELDS);
  const reads = READERS.map(({ name, id, skip = false, connect }) =>
    t.test(name, { skip }, async (t) => {
      const { target } = server;
      const call = connect(t, id === undefined ? target : await recorded(t, target, id));
      const wanted = { RegionId: REGION, ImageFamily: image.family };
      const { Image } = await call('DescribeImageFromFamily', wanted);
      assert.deepEqual(byKey(Image), image.expected);
    }),
  );
  await Promise.all(reads);
  // A server of the test's own goes with all that it holds.
  if (server.server === undefined) await removeFullImage(image);
});
