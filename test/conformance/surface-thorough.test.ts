// Everything that is served of ECS, driven by the current official SDK of each language.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'node:test';
import { getSigned, NEWEST_V3, type Call, type Target } from './clients.ts';
import { answerOf, startDriver } from './driver.ts';
import { createAccount, createResourceGroup } from './prepare.ts';
import { findGoDriver, findPython, GO_CLIENTS, PYTHON_CLIENTS, skipOrFail } from './programs.ts';
import { recorded, recordSkip, type ClientId } from './record.ts';
import { tellDisks, tellInstances, tellTheEnd } from './surface-machines.ts';
import { tellAddresses, tellBuilder, tellKeyPairs, tellTypes } from './surface-more.ts';
import { tellImages, tellNetwork, tellTags, type Teller } from './surface-story.ts';
import { conformance } from './target.ts';

const tell = async (teller: Teller): Promise<void> => {
  const { imageId } = await tellImages(teller);
  await tellTags(teller, imageId);
  await tellTypes(teller, imageId);
  await tellBuilder(teller, imageId);
  const { VpcId, ...place } = await tellNetwork(teller);
  const { instanceId, madeImageId } = await tellInstances(teller, imageId, place);
  await tellDisks(teller, instanceId);
  await tellKeyPairs(teller, instanceId);
  await tellAddresses(teller, instanceId);
  const imageIds = [madeImageId, imageId];
  await tellTheEnd(teller, { ...place, VpcId, instanceId, imageIds });
};

interface Speaker {
  id: ClientId;
  program: string | undefined;
  /** Absent for what npm brings. */
  setup?: string;
  connect(t: TestContext, target: Target): Call;
}

const byDriver = (
  id: ClientId,
  program: string | undefined,
  args: readonly string[],
  setup: string,
): Speaker => ({
  id,
  program,
  setup,
  connect: (t, target) => answerOf(startDriver(t, program ?? '', args, target)),
});

const DRIVER = fileURLToPath(new URL('driver.py', import.meta.url));
const SPEAKERS: readonly Speaker[] = [
  { id: NEWEST_V3.id!, program: 'node', connect: (_t, target) => NEWEST_V3.connect(target) },
  byDriver(PYTHON_CLIENTS.tea, findPython(), [DRIVER, 'tea'], 'setup-python.sh'),
  byDriver(GO_CLIENTS.tea, findGoDriver(), ['tea'], 'setup-go.sh'),
];

const skipOf = ({ id, program, setup }: Speaker, name: string): string | false => {
  if (program !== undefined) return false;
  const why = skipOrFail(name, `not installed: run test/conformance/${setup}`);
  recordSkip(id, why);
  return why;
};

test('the whole surface', { timeout: 110_000, concurrency: SPEAKERS.length }, async (t) => {
  const server = await conformance(t);
  const run = randomBytes(3).toString('hex');
  const accountId = await createAccount(server.target, `surface-${run}`);
  const resourceGroupId = await createResourceGroup(server.target, `surface-${run}`);
  const told = SPEAKERS.map((speaker, i) => {
    const name = `the whole surface by ${speaker.id.client}`;
    return t.test(name, { skip: skipOf(speaker, name) }, async (t) => {
      const call = speaker.connect(t, await recorded(t, server.target, speaker.id));
      const raw: Call = async (action, input) => {
        const response = await getSigned(server.target, action, input, 'JSON');
        const answer = await response.json();
        assert.equal(response.status, 200, `${action}: ${JSON.stringify(answer)}`);
        return answer;
      };
      await tell({ call, raw, server, run: `${run}-${i}`, accountId, resourceGroupId });
    });
  });
  await Promise.all(told);
});
